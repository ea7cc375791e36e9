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
        ("f", "n", "a filter lies in a plugin, not in a Namespace"),
        ("f", "s", "a Service holds nothing"),
        ("f", "f", "nothing can lie in itself"),
        ("p", "n", "yes"),
        ("s", "n", "yes"),
        ("n", "m", "a Namespace cannot lie in a Namespace"),
        ("p", "q", "a WasmPlugin holds filters, and a WasmPlugin is none"),
        ("s", "e", "an EnvoyFilter holds filters, and a Service is none"),
        ("gone", "p", "it is not in the design any more"),
        ("p", "gone", "it is not in the design any more"),
    ] {
        assert_eq!(there(child, parent), expected, "{child} in {parent}");
    }
    assert_eq!(answer(Candidate::New(&ComponentKind::WASM_FILTER), "p"), "yes");
    assert_eq!(answer(Candidate::New(&ComponentKind::CONFIG_MAP), "n"), "yes");
    assert_eq!(
        answer(Candidate::New(&ComponentKind::parse("Thing", "example.com/v1")), "n"),
        "a Thing cannot lie in a Namespace",
        "nobody knows whether it lives in a namespace"
    );
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
             \"after\":\"a\",\"relationship\":\"{relationship}\",\"definition\":\"{definition}\",\"strategy\":\"replace\"}},\
             {{\"id\":\"{p}\",\"displayName\":\"p\",\"kind\":\"WasmPlugin\",\"path\":\"/configuration/spec/sha256\",\
             \"before\":\"ab\",\"relationship\":\"{relationship}\",\"definition\":\"{definition}\",\"strategy\":\"replace\"}}],\
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
