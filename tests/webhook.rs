//! Istio's webhook for plugins, message by message: what it refuses or warns of is reported here as well.
//!
//! One line a message of `ValidateWasmPlugin`, with a plugin that provokes it. Its twin for a TrafficExtension says the same of
//! the same fields below `wasm`, and three things of its own.

use std::sync::Arc;

use billfold::editor::{DeriveInput, derive};
use billfold::formats::{OpenOptions, open_with};
use billfold::model::{Diagnostic, Severity};
use billfold::registry::Registry;

fn found(manifest: &str) -> Vec<Diagnostic> {
    let registry = Registry::builtin();
    let opened = open_with(manifest.as_bytes(), &registry, OpenOptions { make_filters: false }).unwrap();
    let input = DeriveInput::new(Arc::new(opened.design), registry);
    derive(&input).diagnostics
}

#[track_caller]
fn check(message: &str, kind: &str, spec: &str, code: &str, severity: Severity) {
    let manifest = format!(
        "apiVersion: extensions.istio.io/v1alpha1\nkind: {kind}\nmetadata: {{name: p, namespace: shop}}\nspec: {spec}\n"
    );
    let found = found(&manifest);
    let is_told = found.iter().any(|it| (it.code, it.severity) == (code, severity));
    let codes: Vec<&str> = found.iter().map(|it| it.code).collect();
    assert!(is_told, "{message}: no {code} among {codes:?} of\n{manifest}");
}

/// What stands at `spec` in both kinds, and what belongs to the module.
fn both(message: &str, (shared, module): (&str, &str), code: &str, severity: Severity) {
    let module = if module.contains("url:") {
        module.to_owned()
    } else {
        format!("url: oci://a.example.com/b, {module}")
    };
    check(message, "WasmPlugin", &format!("{{{shared} {module}}}"), code, severity);
    check(message, "TrafficExtension", &format!("{{{shared} wasm: {{{module}}}}}"), code, severity);
}

#[test]
fn what_the_webhook_says_is_said_here() {
    let long = "x".repeat(257);
    let secret = format!("imagePullSecret: {}", "x".repeat(254));
    let name = format!("pluginName: {long}");
    let variable = format!("vmConfig: {{env: [{{name: {long}, value: a}}]}}");
    let refers = |reference: &str| format!("targetRefs: [{reference}],");
    let gateway = "group: gateway.networking.k8s.io, kind: Gateway";
    let (unnamed, foreign) = (
        refers(&format!("{{{gateway}, name: ''}}")),
        refers(&format!("{{{gateway}, name: g, namespace: a}}")),
    );
    let (other, both_ways) = (
        refers("{kind: Pod, name: p}"),
        format!("{} selector: {{matchLabels: {{a: b}}}},", refers(&format!("{{{gateway}, name: g}}"))),
    );
    for (message, shared, module, code) in [
        ("url field needs to be set", "", "url: ''", "WP001"),
        ("url contains unsupported scheme: ftp", "", "url: 'ftp://a/b'", "WP002"),
        ("failed to parse url", "", "url: 'https://a/%zz'", "WP002"),
        ("failed to strict parse url", "", "url: 'oci:a#%zz'", "WP002"),
        ("sha256 field must be 64 characters long", "", "sha256: abc", "WP009"),
        (
            "sha256 field must match [a-f0-9]{64} pattern",
            "",
            "sha256: GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG",
            "WP009",
        ),
        ("imagePullSecret field must be less than 253 characters long", "", &*secret, "WP020"),
        ("pluginName field must be less than 255 characters long", "", &*name, "WP030"),
        ("spec.vmConfig.env invalid", "", "vmConfig: {env: [{name: '', value: a}]}", "WP040"),
        ("env.name field must be less than 255 characters long", "", &*variable, "WP040"),
        ("duplicate env", "", "vmConfig: {env: [{name: A, value: a}, {name: A, value: b}]}", "WP040"),
        (
            "value may only be set when valueFrom is INLINE",
            "",
            "vmConfig: {env: [{name: A, valueFrom: HOST, value: b}]}",
            "WP041",
        ),
        ("spec.Match[0] is nil", "match: [null],", "type: HTTP", "SC001"),
        ("spec.Match[0].Ports[0] is nil", "match: [{ports: [null]}],", "type: HTTP", "SC001"),
        (
            "spec.Match[0].Ports[0] is out of range: 0",
            "match: [{ports: [{number: 0}]}],",
            "type: HTTP",
            "WP070",
        ),
        (
            "empty key is not supported in selector",
            "selector: {matchLabels: {'': a}},",
            "type: HTTP",
            "WP054",
        ),
        (
            "wildcard is not supported in selector",
            "selector: {matchLabels: {a: 'b*'}},",
            "type: HTTP",
            "WP054",
        ),
        ("targetRef name must be set", &*unnamed, "type: HTTP", "WP051"),
        (
            "targetRef namespace must not be set; cross namespace referencing is not supported",
            &*foreign,
            "type: HTTP",
            "WP051",
        ),
        ("targetRef must be to one of", &*other, "type: HTTP", "WP052"),
        ("only one of targetRefs or workloadSelector can be set", &*both_ways, "type: HTTP", "WP050"),
    ] {
        both(message, (shared, module), code, Severity::Error);
    }
    both(
        "workload selector specified without labels",
        ("selector: {},", "type: HTTP"),
        "WP055",
        Severity::Warning,
    );
}

#[test]
fn a_traffic_extension_runs_one_thing() {
    let (long, error) = (format!("{{lua: {{inlineCode: '{}'}}}}", "x".repeat(65_537)), Severity::Error);
    for (message, spec, code) in [
        ("exactly one of wasm or lua must be set", "{}", "TE001"),
        (
            "exactly one of wasm or lua must be set",
            "{wasm: {url: oci://a.example.com/b}, lua: {inlineCode: x}}",
            "TE001",
        ),
        ("lua.inlineCode cannot be empty", "{lua: {inlineCode: ''}}", "TE002"),
        ("lua.inlineCode exceeds maximum size of 64KB", &*long, "TE002"),
    ] {
        check(message, "TrafficExtension", spec, code, error);
    }
}
