//! Identification on opening.

use super::super::testing::*;
use crate::model::{Edit, FieldPath, Target};

#[test]
fn what_is_unmistakable_is_joined() {
    let mut design = design(
        "n Namespace {metadata: {name: edge}}
         p WasmPlugin {metadata: {namespace: edge}, spec: {url: a, pluginConfig: {y: 2, x: 1.0}}}
         f WASMFilter {wasmFilter: a, config: '{\"x\": 1, \"y\": 2}'}",
    );
    let found = open(&mut design);
    assert_eq!(found.trace.relationships_added.len(), 2);
    assert!(found.trace.components_updated.is_empty());
    expect(
        &design,
        "n {metadata:{name:edge}}
         p {metadata:{namespace:edge},spec:{url:a,pluginConfig:{y:2,x:1.0}}}
         f {wasmFilter:a,config:{\\x\\: 1, \\y\\: 2}}
         p -> n
         f -> p {billfold:{wrote:[{path:[configuration,spec,url],value:a},{path:[configuration,spec,pluginConfig],value:{x:1,y:2}}]}}",
    );
    let evaluated = show(&design);
    assert_eq!(codes(&open(&mut design)), Vec::<&str>::new());
    assert_eq!(show(&design), evaluated);
    // Taken out it is empty, so that reopening does not join it again.
    let edits = vec![part(&design, "f", "p"), part(&design, "p", "n")];
    gesture(&mut design, edits);
    assert!(show(&design).contains("p {metadata:{},spec:{}}"), "{}", show(&design));
    open(&mut design);
    assert_eq!(design.relationships().len(), 0);
}

#[test]
fn present_on_one_side_only_is_no_match() {
    for (plugin, filter) in [
        ("{spec: {url: a}}", "{wasmFilter: a, config: '{}'}"),
        ("{spec: {url: a, sha256: ab}}", "{wasmFilter: a}"),
        ("{spec: {url: a, pluginName: r}}", "{wasmFilter: a, pluginName: s}"),
        ("{spec: {}}", "{}"),
        ("{spec: {url: ' '}}", "{wasmFilter: ''}"),
        ("{spec: {url: a, pluginConfig: 'not: [closed'}}", "{wasmFilter: a, config: 'not: [closed'}"),
    ] {
        let mut design = design(&format!("p WasmPlugin {plugin}\nf WASMFilter {filter}"));
        open(&mut design);
        assert_eq!(design.relationships().len(), 0, "{plugin} {filter}");
    }
}

#[test]
fn what_fits_twice_is_joined_nowhere_and_said_once() {
    for text in [
        "p WasmPlugin {spec: {url: a}}\nq WasmPlugin {spec: {url: a}}\nf WASMFilter {wasmFilter: a}",
        "p WasmPlugin {spec: {url: a}}\nf WASMFilter {wasmFilter: a}\ng WASMFilter {wasmFilter: a}",
    ] {
        let mut design = design(text);
        let found = open(&mut design);
        assert_eq!(design.relationships().len(), 0);
        assert_eq!(codes(&found), ["DS014"]);
    }
    let mut design = design(
        "n Namespace {metadata: {name: x}}\nm Namespace {metadata: {name: x}}\np WasmPlugin {metadata: {namespace: x}}\nq WasmPlugin {metadata: {namespace: x}}",
    );
    let found = open(&mut design);
    assert_eq!(design.relationships().len(), 0);
    assert_eq!(codes(&found), ["DS014"]);
    assert_eq!(
        found.diagnostics[0].message,
        "2 Namespaces are called x: what names it lies in none of their frames"
    );
}

#[test]
fn a_plugin_with_filters_takes_no_more() {
    let mut design = design(
        "p WasmPlugin {spec: {url: a}}\nf WASMFilter {wasmFilter: a}\ng WASMFilter {wasmFilter: a}\nf -> p",
    );
    open(&mut design);
    assert_eq!(design.relationships().len(), 1);
}

#[test]
fn the_samples_are_evaluated_as_they_stand() {
    for sample in [
        include_str!("../../../designs/edge-security.yaml"),
        include_str!("../../../designs/frontpage-envoyfilter.yaml"),
        include_str!("../../../designs/hierarchical-parent-wallet.yaml"),
        include_str!("../../../designs/http-call-on-back-golang.yaml"),
    ] {
        let mut design = crate::model::Design::from_tree(value(sample));
        let before = design.clone();
        let found = open(&mut design);
        assert_eq!(design.name(), before.name());
        assert_eq!(found.trace.components_updated, [], "{}", design.name());
        assert!(found.trace.is_empty(), "{}: {:?}", design.name(), found.trace);
        assert_eq!(design, before, "{}", design.name());
        assert!(found.diagnostics.is_empty(), "{:?}", found.diagnostics);
        assert_eq!(found.passes, 1);
    }
}

#[test]
fn what_is_taken_out_and_found_again_goes_on_with_its_record() {
    let mut design = design(
        "n Namespace {metadata: {name: edge}}
         p WasmPlugin {metadata: {namespace: own}}",
    );
    let edits = vec![join(&design, "p", "n")];
    gesture(&mut design, edits);
    let joined =
        "p -> n {billfold:{wrote:[{path:[configuration,metadata,namespace],value:edge,before:own}]}}";
    assert!(show(&design).contains(joined), "{}", show(&design));
    let relationship = design.relationships().next().unwrap();
    let kind = FieldPath::from_pointer("/selectors/0/allow/from/0/kind", relationship.tree());
    let target = Target::Relationship(relationship.id());
    let wrong = Edit::SetField { target, path: kind, value: Some("Service".into()), place: None };
    design.apply(wrong).unwrap();
    let found = open(&mut design);
    assert_eq!(codes(&found), ["DS007"]);
    assert!(show(&design).contains(joined), "{}", show(&design));
}
