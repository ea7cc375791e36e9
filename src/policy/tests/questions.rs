//! What the window asks before a drop, and the trace that it shows behind it.

use super::super::testing::*;
use super::super::{Candidate, can_contain};
use crate::model::ComponentKind;
use crate::registry::Registry;

#[test]
fn what_may_lie_where() {
    let design = design(
        "p WasmPlugin\ne EnvoyFilter\nf WASMFilter\nn Namespace\nm Namespace\ns Service\nq WasmPlugin\nf -> p",
    );
    let answer = |child: Candidate<'_>, parent: &str| match can_contain(
        &design,
        &Registry::builtin(),
        child,
        id(parent),
    ) {
        Ok(()) => "yes".to_owned(),
        Err(refusal) => refusal.to_string(),
    };
    let there = |child: &str, parent: &str| answer(Candidate::Existing(id(child)), parent);
    for (child, parent, expected) in [
        ("f", "p", "yes"),
        ("f", "q", "yes"),
        ("f", "e", "yes"),
        (
            "f",
            "n",
            "a Namespace takes what lives in a namespace, and a WasmFilter does not (hierarchical-parent-inventory-namespace)",
        ),
        ("f", "s", "a Service holds nothing; a WasmFilter goes into WasmPlugin or EnvoyFilter"),
        ("f", "f", "nothing can lie in itself"),
        ("p", "n", "yes"),
        ("s", "n", "yes"),
        (
            "s",
            "q",
            "a WasmPlugin takes WasmFilter, not a Service (hierarchical-parent-wallet-wasmfilter-wasmplugin)",
        ),
        (
            "n",
            "m",
            "a Namespace takes what lives in a namespace, and a Namespace does not (hierarchical-parent-inventory-namespace)",
        ),
        (
            "p",
            "q",
            "a WasmPlugin takes WasmFilter, not a WasmPlugin (hierarchical-parent-wallet-wasmfilter-wasmplugin)",
        ),
        (
            "s",
            "e",
            "an EnvoyFilter takes WasmFilter, not a Service (hierarchical-parent-wallet-wasmfilter-envoyfilter)",
        ),
        ("gone", "p", "it is not in the design any more"),
        ("p", "gone", "it is not in the design any more"),
    ] {
        assert_eq!(there(child, parent), expected, "{child} in {parent}");
    }
    assert_eq!(answer(Candidate::New(&ComponentKind::WASM_FILTER), "p"), "yes");
    assert_eq!(answer(Candidate::New(&ComponentKind::CONFIG_MAP), "n"), "yes");
    assert_eq!(
        answer(Candidate::New(&ComponentKind::parse("Thing", "example.com/v1")), "n"),
        "a Namespace takes what lives in a namespace, and a Thing does not (hierarchical-parent-inventory-namespace)",
        "nobody knows whether it lives in a namespace"
    );
}

/// Each selector that can refuse is named, with the definition that it stands in.
#[test]
fn a_refusal_names_the_selector() {
    let mut registry = (*Registry::builtin()).clone();
    let mut add = |name: &str, allow: &str, deny: &str| {
        let text = format!(
            "{{kind: hierarchical, type: parent, subType: {name}, selectors: [{{allow: {allow}, deny: {deny}}}]}}"
        );
        registry.add_relationship(&format!("there/{name}.json"), &text).unwrap();
    };
    add(
        "box",
        "{from: [{kind: Secret}, {kind: ConfigMap}], to: [{kind: Service}]}",
        "{from: [{kind: ConfigMap}], to: [{kind: '*'}]}",
    );
    add("rest", "{from: [{kind: Pod, group: apps}], to: [{kind: Service}]}", "{}");
    add(
        "own",
        "{from: [{kind: Job, model: {name: batch}}, {kind: A}, {kind: B}, {kind: C}, {kind: D}], to: [{kind: Gateway}]}",
        "{}",
    );
    let mut design = design("s Service\nt Secret\nc ConfigMap\nd Deployment\nw Gateway");
    let tree =
        value("{id: j, displayName: j, model: {name: other}, component: {kind: Job, version: batch/v1}}");
    let job = crate::model::Component::from_tree(id("j"), tree);
    design.apply(crate::model::Edit::AddComponent { index: None, component: job.into() }).unwrap();
    let answer = |child: &str, parent: &str| {
        can_contain(&design, &registry, Candidate::Existing(id(child)), id(parent))
            .map_err(|err| err.to_string())
    };
    assert_eq!(answer("t", "s"), Ok(()));
    let pod = ComponentKind::parse("Pod", "v1");
    let new_pod = can_contain(&design, &registry, Candidate::New(&pod), id("s"));
    for (found, expected) in [
        (answer("c", "s"), "a ConfigMap may not lie in a Service: box denies it"),
        (answer("d", "s"), "a Service takes Secret, ConfigMap or Pod, not a Deployment"),
        (
            new_pod.map_err(|err| err.to_string()),
            "a Service takes Pod that is of the group apps, and a Pod is of the core group (rest)",
        ),
        (
            answer("j", "w"),
            "a Gateway takes Job that is of the model batch, and a Job is of the model other (own)",
        ),
        (answer("t", "w"), "a Gateway takes Job, A, B or 2 other kinds, not a Secret (own)"),
        (answer("t", "c"), "a ConfigMap holds nothing; a Secret goes into Namespace or Service"),
    ] {
        assert_eq!(found, Err(expected.to_owned()));
    }
}

#[test]
fn the_trace_says_what_changed_and_why() {
    let mut design = design("p WasmPlugin {spec: {sha256: ab}}\nf WASMFilter {wasmFilter: a}");
    let edit = join(&design, "f", "p");
    let found = gesture(&mut design, vec![edit]);
    let why: Vec<&str> = found.trace.components_updated.iter().map(|it| it.why.as_str()).collect();
    assert_eq!(why, ["from filter f", "not set by filter f"]);
    let (p, relationship) = (id("p"), joined(&design, "f", "p"));
    let f = id("f");
    let definition = "hierarchical-parent-wallet-wasmfilter-wasmplugin";
    assert_eq!(
        crate::yaml::emit_json_compact(&found.trace.to_value()),
        format!(
            "{{\"passes\":2,\"relationshipsAdded\":[],\"relationshipsRemoved\":[],\"relationshipsUpdated\":[\
             {{\"id\":\"{relationship}\",\"class\":\"hierarchical-parent-wallet\",\
             \"pairs\":[{{\"from\":\"{f}\",\"to\":\"{p}\"}}],\"definition\":\"{definition}\"}}],\
             \"componentsUpdated\":[\
             {{\"id\":\"{p}\",\"displayName\":\"p\",\"kind\":\"WasmPlugin\",\"path\":\"/configuration/spec/url\",\
             \"after\":\"a\",\"relationship\":\"{relationship}\",\"definition\":\"{definition}\",\"strategy\":\"replace\",\
             \"from\":{{\"id\":\"{f}\",\"path\":\"/configuration/wasmFilter\"}},\"why\":\"from filter f\"}},\
             {{\"id\":\"{p}\",\"displayName\":\"p\",\"kind\":\"WasmPlugin\",\"path\":\"/configuration/spec/sha256\",\
             \"before\":\"ab\",\"relationship\":\"{relationship}\",\"definition\":\"{definition}\",\"strategy\":\"replace\",\
             \"from\":{{\"id\":\"{f}\",\"path\":\"/configuration/sha256\"}},\"why\":\"not set by filter f\"}}],\
             \"conflicts\":[],\"diagnostics\":[]}}"
        )
    );
}

#[test]
fn legacy_references_are_named() {
    let text = include_str!("../../../tests/fixtures/valid/legacy-refs.yaml");
    let mut design = crate::model::Design::from_tree(value(text));
    let found = open(&mut design);
    assert_eq!(codes(&found), ["DS008"]);
    let plugin = design.components().next().unwrap();
    assert_eq!(
        crate::yaml::emit_json_compact(plugin.configured(&["spec"]).unwrap()),
        r#"{"match":[],"vm Config":{"env":[]},"url":"oci://reg.example.com/filters/legacy:0.3.1","pluginConfig":{"legacy":true}}"#
    );
}
