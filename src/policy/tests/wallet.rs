//! The wallet and the namespace frame, gesture by gesture.

use super::super::testing::*;
use super::super::{Scope, evaluate, relationship};
use crate::model::{Design, Edit, FieldPath, Target, Transaction};
use crate::registry::Registry;

const OWN: &str = "
    p WasmPlugin {spec: {phase: AUTHN, url: own, sha256: ab}}
    f WASMFilter {wasmFilter: 'oci://a', config: '{\"x\": 1}'}
    g WASMFilter {wasmFilter: 'oci://b', pluginName: root}
";

#[test]
fn a_filter_put_into_a_plugin_brings_its_whole_group_and_takes_it_away() {
    let mut design = design(OWN);
    let start = show(&design);
    let join_f = join(&design, "f", "p");
    gesture(&mut design, vec![join_f]);
    expect(
        &design,
        "p {spec:{phase:AUTHN,url:oci://a,pluginConfig:{x:1}}}
         f {wasmFilter:oci://a,config:{\\x\\: 1}}
         g {wasmFilter:oci://b,pluginName:root}
         f -> p {billfold:{wrote:[{path:[configuration,spec,url],value:oci://a,before:own},{path:[configuration,spec,pluginConfig],value:{x:1}},{path:[configuration,spec,sha256],before:ab}]}}",
    );
    let part_f = part(&design, "f", "p");
    gesture(&mut design, vec![part_f]);
    assert_eq!(show(&design), start);
}

#[test]
fn the_first_filter_owns_the_group_and_a_reorder_moves_it_as_a_whole() {
    let mut design = design(OWN);
    let start = show(&design);
    let join_f = join(&design, "f", "p");
    gesture(&mut design, vec![join_f]);
    let with_f = show(&design);
    let join_g = join(&design, "g", "p");
    gesture(&mut design, vec![join_g]);
    let g = joined(&design, "g", "p");
    gesture(&mut design, vec![Edit::MoveRelationship { id: g, index: 0 }]);
    expect(
        &design,
        "p {spec:{phase:AUTHN,url:oci://b,pluginName:root}}
         f {wasmFilter:oci://a,config:{\\x\\: 1}}
         g {wasmFilter:oci://b,pluginName:root}
         g -> p {billfold:{wrote:[{path:[configuration,spec,url],value:oci://b,before:own},{path:[configuration,spec,sha256],before:ab},{path:[configuration,spec,pluginName],value:root}]}}
         f -> p",
    );
    let part_g = part(&design, "g", "p");
    gesture(&mut design, vec![part_g]);
    assert_eq!(show(&design), with_f);
    let part_f = part(&design, "f", "p");
    gesture(&mut design, vec![part_f]);
    assert_eq!(show(&design), start);
}

#[test]
fn the_second_filter_takes_over_when_the_first_cannot_be_used() {
    let mut design = design(OWN);
    let start = show(&design);
    let joins = vec![join(&design, "f", "p"), join(&design, "g", "p")];
    gesture(&mut design, joins);
    let found = gesture(&mut design, vec![set("f", "config", "'not: [closed'")]);
    assert_eq!(codes(&found), ["DS004"]);
    assert!(
        show(&design).contains("p {spec:{phase:AUTHN,url:oci://b,pluginName:root}}"),
        "{}",
        show(&design)
    );
    let found = gesture(&mut design, vec![set("f", "wasmFilter", ""), set("g", "wasmFilter", "' '")]);
    assert_eq!(codes(&found), ["DS003", "DS004", "DS003"]);
    assert!(show(&design).starts_with("p {spec:{phase:AUTHN,url:own,sha256:ab}}"), "{}", show(&design));
    assert!(!show(&design).contains("billfold"), "nothing is written, so nothing is recorded");
    gesture(&mut design, vec![set("f", "wasmFilter", "'oci://a'"), set("f", "config", "'{\"x\": 1}'")]);
    gesture(&mut design, vec![set("g", "wasmFilter", "'oci://b'")]);
    let parts = vec![part(&design, "g", "p"), part(&design, "f", "p")];
    gesture(&mut design, parts);
    assert_eq!(codes(&found).len(), 3);
    assert_eq!(
        show(&design),
        start
            .replace("{wasmFilter:oci://a,config", "{config")
            .replace("{config:{\\x\\: 1}}", "{config:{\\x\\: 1},wasmFilter:oci://a}")
    );
}

#[test]
fn what_the_patch_made_on_the_way_goes_with_it() {
    let mut design =
        design("p WasmPlugin {metadata: {name: p}}\nf WASMFilter {wasmFilter: a, config: {x: 1}}");
    let start = show(&design);
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    assert!(show(&design).contains("value:a,made:1}"), "{}", show(&design));
    let edit = part(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    assert_eq!(show(&design), start);
}

#[test]
fn a_field_that_the_user_changed_since_stays() {
    let mut design = design("p WasmPlugin {spec: {url: own}}\nf WASMFilter {wasmFilter: a}\nf -> p");
    open(&mut design);
    let registry = Registry::builtin();
    // Changed and taken out within one step: no evaluation in between takes the change back.
    let edits = vec![set("p", "spec.url", "changed"), part(&design, "f", "p")];
    let mut tx = Transaction::new(&mut design);
    for edit in edits {
        tx.apply(edit).unwrap();
    }
    evaluate(&mut tx, &registry, Scope::Touched);
    tx.commit("test");
    expect(&design, "p {spec:{url:changed}}\nf {wasmFilter:a}");
}

#[test]
fn deleting_the_filter_gives_the_values_back() {
    let mut design = design(OWN);
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    let edits = vec![part(&design, "f", "p"), Edit::RemoveComponent { id: id("f") }];
    gesture(&mut design, edits);
    assert!(show(&design).starts_with("p {spec:{phase:AUTHN,url:own,sha256:ab}}\ng "), "{}", show(&design));
}

#[test]
fn a_component_removed_alone_leaves_no_relationship_that_dangles() {
    let mut design = design(OWN);
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    let found = gesture(&mut design, vec![Edit::RemoveComponent { id: id("f") }]);
    assert_eq!(codes(&found), ["DS007"]);
    assert_eq!(found.trace.relationships_removed.len(), 1);
    assert!(show(&design).starts_with("p {spec:{phase:AUTHN,url:own,sha256:ab}}\ng "), "{}", show(&design));
    assert_eq!(design.relationships().len(), 0);
}

/// Meshery wrote these: values, but no record.
#[test]
fn a_relationship_without_a_record_counts_as_the_writer_of_what_it_gives() {
    let text = "
        p WasmPlugin {spec: {url: a, pluginConfig: '{\"x\": 1}', phase: AUTHN}}
        f WASMFilter {wasm-filter: a, config: 'x: 1'}
        f -> p";
    let mut from_file = design(text);
    let start = show(&from_file);
    open(&mut from_file);
    assert_eq!(show(&from_file), start, "equal already: nothing is written, not even a record");

    let mut design = from_file.clone();
    let edit = part(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    assert!(show(&design).starts_with("p {spec:{phase:AUTHN}}\n"), "{}", show(&design));

    let mut design = from_file.clone();
    gesture(&mut design, vec![set("f", "wasm-filter", "b")]);
    assert!(
        show(&design).starts_with("p {spec:{url:b,pluginConfig:{\\x\\: 1},phase:AUTHN}}\n"),
        "{}",
        show(&design)
    );
    let edit = part(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    assert!(show(&design).starts_with("p {spec:{phase:AUTHN}}\n"), "{}", show(&design));
}

#[test]
fn a_filter_with_the_plugins_own_values_can_be_taken_out_again() {
    let mut design = design("p WasmPlugin {spec: {url: a}}\nf WASMFilter {wasmFilter: a}");
    let start = show(&design);
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    let edit = part(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    assert_eq!(show(&design), start);
}

#[test]
fn what_was_changed_outside_is_said_and_can_be_taken_over() {
    let mut design = design(OWN);
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    design.apply(set("p", "spec.pluginConfig", "{x: 2}")).unwrap();
    design.apply(set("p", "spec.sha256", "cd")).unwrap();
    let found = open(&mut design);
    assert_eq!(codes(&found), ["DS013", "DS013"]);
    assert!(
        show(&design).starts_with("p {spec:{phase:AUTHN,url:oci://a,pluginConfig:{x:1}}}"),
        "{}",
        show(&design)
    );
    assert_eq!(
        found.diagnostics[0].message,
        "pluginConfig of plugin p was changed outside: its filter f says otherwise, and wins"
    );
    let fix = found.diagnostics[0].fix.clone().unwrap();
    assert_eq!(fix.label, "Take the plugin's value into f");
    gesture(&mut design, fix.edits);
    assert!(
        show(&design).contains(
            "p {spec:{phase:AUTHN,url:oci://a,pluginConfig:{x:2}}}\nf {wasmFilter:oci://a,config:{\\x\\:2}}"
        ),
        "{}",
        show(&design)
    );
    assert_eq!(codes(&open(&mut design)), Vec::<&str>::new());
}

#[test]
fn a_frame_writes_its_name_and_gives_back_what_stood_there() {
    let mut design = design(
        "n Namespace {metadata: {name: edge}}\nm Namespace\np WasmPlugin {metadata: {namespace: mine}}",
    );
    let start = show(&design);
    let edit = join(&design, "p", "n");
    gesture(&mut design, vec![edit]);
    assert!(show(&design).contains("p {metadata:{namespace:edge}}"), "{}", show(&design));
    // Into another frame in one step: the record moves, with what stood there before all frames.
    let edits = vec![part(&design, "p", "n"), join(&design, "p", "m")];
    gesture(&mut design, edits);
    assert!(show(&design).contains("p {metadata:{namespace:m}}"), "{}", show(&design));
    assert!(show(&design).contains("value:m,before:mine"), "{}", show(&design));
    gesture(&mut design, vec![Edit::set(id("m"), FieldPath::keys(&["displayName"]), "renamed")]);
    assert!(show(&design).contains("p {metadata:{namespace:renamed}}"), "{}", show(&design));
    let edit = part(&design, "p", "m");
    gesture(&mut design, vec![edit]);
    assert_eq!(show(&design).replace("renamed", "m"), start);
}

#[test]
fn a_relationship_that_is_put_back_bare_has_its_record_again() {
    let mut design = design(
        "n Namespace\np WasmPlugin {metadata: {namespace: mine}}\nq WasmPlugin {spec: {url: own}}\n\
         f WASMFilter {wasmFilter: a}",
    );
    for (child, parent) in [("p", "n"), ("f", "q")] {
        let bare = join(&design, child, parent);
        gesture(&mut design, vec![bare.clone()]);
        let (start, edit) = (show(&design), part(&design, child, parent));
        gesture(&mut design, vec![edit, bare]);
        assert_eq!(show(&design), start);
    }
}

#[test]
fn deleting_a_namespace_leaves_every_value() {
    let mut design = design("n Namespace\np WasmPlugin {metadata: {namespace: mine}}\np -> n");
    open(&mut design);
    let edits = vec![part(&design, "p", "n"), Edit::RemoveComponent { id: id("n") }];
    gesture(&mut design, edits);
    expect(&design, "p {metadata:{namespace:n}}");
}

#[test]
fn two_frames_of_different_names_are_a_conflict() {
    let mut design = design("n Namespace\nm Namespace\np WasmPlugin\np -> n\np -> m");
    let found = open(&mut design);
    assert_eq!(codes(&found), ["DS005"]);
    assert_eq!(found.trace.conflicts.len(), 1);
    assert!(show(&design).contains("p {metadata:{namespace:n}}"), "{}", show(&design));
}

#[test]
fn a_child_lies_in_one_wallet() {
    let mut design =
        design("p WasmPlugin\nq WasmPlugin {spec: {url: own}}\nf WASMFilter {wasmFilter: a}\nf -> p\nf -> q");
    let found = open(&mut design);
    assert_eq!(codes(&found), ["DS007"]);
    assert!(show(&design).starts_with("p {spec:{url:a}}\nq {spec:{url:own}}\n"), "{}", show(&design));
    let second = join(&design, "f", "q");
    let Edit::AddRelationship { relationship, .. } = second else { panic!() };
    // Put before the first, it is the one that stays.
    let found = gesture(&mut design, vec![Edit::AddRelationship { index: Some(0), relationship }]);
    assert_eq!(codes(&found), ["DS007"]);
    assert!(show(&design).starts_with("p {}\nq {spec:{url:a}}\n"), "{}", show(&design));
}

#[test]
fn what_the_layers_switch_off_is_frozen() {
    let mut design = design(OWN);
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    let layers = |on: bool| Edit::SetField {
        target: Target::Design,
        path: FieldPath::keys(&["preferences", "layers", "relationships", "hierarchical-parent-wallet"]),
        value: Some(on.into()),
        place: None,
    };
    gesture(&mut design, vec![layers(false)]);
    let frozen = show(&design);
    gesture(&mut design, vec![set("f", "wasmFilter", "'oci://changed'")]);
    assert_eq!(show(&design), frozen.replacen("f {wasmFilter:oci://a", "f {wasmFilter:oci://changed", 1));
    gesture(&mut design, vec![layers(true)]);
    assert!(show(&design).contains("url:oci://changed"), "{}", show(&design));
}

#[test]
fn a_status_of_deleted_lets_go() {
    let mut design = design(OWN);
    let start = show(&design);
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    let target = Target::Relationship(joined(&design, "f", "p"));
    let path = FieldPath::keys(&["status"]);
    gesture(&mut design, vec![Edit::SetField { target, path, value: Some("deleted".into()), place: None }]);
    assert!(show(&design).starts_with(start.as_str()), "{}", show(&design));
}

#[test]
fn what_stood_there_and_was_given_again_stays_when_nothing_is_given_any_more() {
    let mut design = design("p WasmPlugin {spec: {url: a, sha256: ab}}\nf WASMFilter {wasmFilter: a}");
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    assert!(show(&design).contains("p {spec:{url:a}}"), "{}", show(&design));
    gesture(&mut design, vec![set("f", "wasmFilter", "")]);
    assert!(show(&design).contains("p {spec:{url:a,sha256:ab}}"), "{}", show(&design));

    let mut design =
        self::design("n Namespace {metadata: {name: edge}}\np WasmPlugin {metadata: {namespace: edge}}");
    let edit = join(&design, "p", "n");
    gesture(&mut design, vec![edit]);
    gesture(
        &mut design,
        vec![set("n", "metadata.name", ""), Edit::set(id("n"), FieldPath::keys(&["displayName"]), "")],
    );
    assert!(show(&design).contains("p {metadata:{namespace:edge}}"), "{}", show(&design));
}

/// Values that mean the same stay as they were written, also after another filter had the field for a while.
#[test]
fn an_equal_value_comes_back_in_its_own_notation() {
    for (own, config) in [("{x: 1}", "'x: 1.0'"), ("'{\"x\": 1}'", "{x: 1}"), ("{x: 1.0}", "{x: 1}")] {
        let mut design = design(&format!(
            "p WasmPlugin {{spec: {{url: a, pluginConfig: {own}}}}}\nf WASMFilter {{wasmFilter: a, config: {config}}}\ng WASMFilter {{wasmFilter: a, config: '{{}}'}}"
        ));
        let edit = join(&design, "f", "p");
        gesture(&mut design, vec![edit]);
        let with_one = design.clone();
        let Edit::AddRelationship { relationship, .. } = join(&design, "g", "p") else { unreachable!() };
        gesture(&mut design, vec![Edit::AddRelationship { index: Some(0), relationship }]);
        assert!(show(&design).contains("p {spec:{url:a,pluginConfig:{}}}"), "{}", show(&design));
        let edit = part(&design, "g", "p");
        gesture(&mut design, vec![edit]);
        assert_eq!(show(&design), show(&with_one));
    }
}

/// Another program wrote the values, and the filter is gone: nobody knows what stood there, so they stay.
#[test]
fn fields_without_a_record_stay_when_their_source_is_gone() {
    let mut design =
        design("p WasmPlugin {spec: {url: a, sha256: ab}}\nf WASMFilter {wasmFilter: a, sha256: ab}\nf -> p");
    design.apply(Edit::RemoveComponent { id: id("f") }).unwrap();
    let found = open(&mut design);
    assert_eq!(codes(&found), ["DS007", "DS014"]);
    assert_eq!(
        found.diagnostics[1].message,
        "what a wallet relationship wrote into p stays (configuration.spec.url, configuration.spec.sha256): what it was written from is not in the design"
    );
    expect(&design, "p {spec:{url:a,sha256:ab}}");
}

/// A frozen class is left as it stands: not validated, not patched, not given back; then it is evaluated again.
#[test]
fn a_frozen_layer_is_left_as_it_stands() {
    let layer = |value: Option<bool>| {
        let path = FieldPath::keys(&["preferences", "layers", "relationships", "hierarchical-Parent-wallet"]);
        Edit::SetField { target: Target::Design, path, value: value.map(Into::into), place: None }
    };
    let (freeze, thaw) = (layer(Some(false)), layer(None));
    let mut design = design(OWN);
    let edit = join(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    gesture(&mut design, vec![freeze.clone()]);
    let plugin = |design: &Design| show(design).lines().next().unwrap().to_owned();
    let as_it_was = plugin(&design);
    // No patch, and no finding about what would be wrong.
    let found =
        gesture(&mut design, vec![set("f", "wasmFilter", "'oci://other'"), set("f", "config", "'[1]'")]);
    assert_eq!((plugin(&design), codes(&found)), (as_it_was.clone(), vec![]));
    // No validation: a second wallet of the same filter stays.
    let second = relationship::between(
        "hierarchical-parent-wallet",
        design.component(id("f")).unwrap(),
        design.component(id("p")).unwrap(),
    );
    let mut tree = second.unwrap().tree().clone();
    tree.as_map_mut().unwrap().insert("id", "second".into());
    let again =
        crate::model::Relationship::from_tree(crate::model::RelationshipId::from_name("second"), tree);
    let again_id = again.id();
    gesture(&mut design, vec![Edit::AddRelationship { index: None, relationship: again.into() }]);
    assert_eq!(design.relationships().len(), 2);
    gesture(&mut design, vec![Edit::RemoveRelationship { id: again_id }]);
    // Thawed, it is evaluated.
    let mut thawed = design.clone();
    let found = gesture(&mut thawed, vec![thaw.clone(), set("f", "config", "'{}'")]);
    assert!(plugin(&thawed).contains("url:oci://other"), "{}", plugin(&thawed));
    assert_eq!(codes(&found), Vec::<&str>::new());
    // Taken out while frozen it gives nothing back, then or later.
    let edit = part(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    assert_eq!(plugin(&design), as_it_was);
    gesture(&mut design, vec![thaw]);
    assert_eq!(plugin(&design), as_it_was);
    // Nor is anything identified.
    let mut unjoined = self::design("p WasmPlugin {spec: {url: a}}\nf WASMFilter {wasmFilter: a}");
    unjoined.apply(freeze).unwrap();
    open(&mut unjoined);
    assert_eq!(unjoined.relationships().len(), 0);
}

/// A null on the way to a written field counts as missing, and stands there again when the last relationship is gone.
#[test]
fn a_null_on_the_way_comes_back() {
    for (parent, child) in [
        ("p WasmPlugin {spec: null}", "f WASMFilter {wasmFilter: 'file:///a', config: '{x: 1}'}"),
        ("p EnvoyFilter {spec: null}", "f WASMFilter {wasmFilter: 'file:///a'}"),
        ("p EnvoyFilter {spec: {configPatches: null}}", "f WASMFilter {wasmFilter: 'file:///a'}"),
        ("p Namespace", "f Service {metadata: null}"),
        ("p Namespace", "f Service null"),
    ] {
        let mut design = design(&format!("{parent}\n{child}\ng WASMFilter {{wasmFilter: 'file:///b'}}"));
        let start = show(&design);
        let edits = vec![join(&design, "f", "p")];
        gesture(&mut design, edits);
        assert_ne!(show(&design), start);
        let is_chain = !parent.contains("Namespace");
        let second = is_chain.then(|| join(&design, "g", "p"));
        gesture(&mut design, second.into_iter().collect());
        let edits = vec![part(&design, "f", "p")];
        gesture(&mut design, edits);
        let second = is_chain.then(|| part(&design, "g", "p"));
        gesture(&mut design, second.into_iter().collect());
        assert_eq!(show(&design), start);
    }
}
