//! What the structural check accepts and rejects.

use super::*;
use crate::registry::structural::{ViolationKind, check, check_manifest};

#[track_caller]
fn accepted(kind: &ComponentKind, text: &str) {
    assert_eq!(check(&definition(kind).schema, &value(text)), [], "{text}");
}

#[track_caller]
fn rejected(kind: &ComponentKind, text: &str, expected: ViolationKind, path: &str, message: &str) {
    let found = check(&definition(kind).schema, &value(text));
    let [violation] = found.as_slice() else { panic!("{text}: {found:#?}") };
    assert_eq!(
        (violation.kind, violation.path.to_pointer().as_str(), violation.message.as_str()),
        (expected, path, message),
        "{text}"
    );
}

const PLUGIN: &str = "
metadata: {name: auth, namespace: shop, labels: {app.kubernetes.io/name: auth}, annotations: {note: 'any text, 1'}}
spec:
  selector: {matchLabels: {app: front}}
  url: oci://reg.example.com/filters/auth:v1
  sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
  phase: AUTHN
  priority: -10
  failStrategy: FAIL_RELOAD
  type: HTTP
  imagePullPolicy: Always
  imagePullSecret: pull
  pluginName: auth
  pluginConfig: {any: [1, null, {deep: true}]}
  vmConfig: {env: [{name: A, value: ''}, {name: B, valueFrom: HOST}, {name: C, valueFrom: INLINE, value: x}]}
  match: [{mode: SERVER, ports: [{number: 80}, {number: 443}]}, {}]
";

/// A plugin whose field `line` stands in `spec`.
fn plugin(line: &str) -> String {
    format!("spec:\n  url: oci://reg.example.com/a/b:v1\n  {line}\n")
}

/// What a real API server with Istio's CRDs accepted and rejected.
#[test]
fn a_full_plugin_is_accepted_and_what_the_api_server_rejects_is_rejected() {
    let kind = &ComponentKind::WASM_PLUGIN;
    accepted(kind, PLUGIN);
    accepted(kind, &plugin("priority: null"));
    for (line, violation, path, message) in [
        (
            "phase: AUTHZZ",
            ViolationKind::Enum,
            "/spec/phase",
            "`phase` must be one of UNSPECIFIED_PHASE, AUTHN, AUTHZ, STATS: did you mean AUTHZ?",
        ),
        (
            "sha256: zz",
            ViolationKind::Format,
            "/spec/sha256",
            "`sha256` must be 64 lower-case hexadecimal digits",
        ),
        (
            "priority: ten",
            ViolationKind::Type,
            "/spec/priority",
            "`priority` must be a whole number, not text",
        ),
        (
            "priority: '10'",
            ViolationKind::Type,
            "/spec/priority",
            "`priority` must be a whole number, not text: write it without quotes",
        ),
        (
            "priority: 1.5",
            ViolationKind::Type,
            "/spec/priority",
            "`priority` must be a whole number, not 1.5",
        ),
        (
            "priority: 2147483648",
            ViolationKind::Bound,
            "/spec/priority",
            "`priority` must be from -2147483648 to 2147483647, not 2147483648",
        ),
        (
            "failStratgy: FAIL_OPEN",
            ViolationKind::Unknown,
            "/spec/failStratgy",
            "unknown field `failStratgy`: did you mean `failStrategy`?",
        ),
        (
            "match: [{ports: [{number: 0}]}]",
            ViolationKind::Bound,
            "/spec/match/0/ports/0/number",
            "`number` must be from 1 to 65535, not 0",
        ),
        (
            "match: [{ports: [{}]}]",
            ViolationKind::Required,
            "/spec/match/0/ports/0/number",
            "`number` is required",
        ),
        (
            "match: [{ports: [{number: 80}, {number: 80}]}]",
            ViolationKind::Duplicate,
            "/spec/match/0/ports/1/number",
            "80 stands twice in `ports`: `number` must differ",
        ),
        (
            "vmConfig: {env: [{name: A, valueFrom: HOST, value: x}]}",
            ViolationKind::Condition,
            "/spec/vmConfig/env/0/value",
            "`value` may be set only when `valueFrom` is INLINE",
        ),
        (
            "vmConfig: {env: [{name: A}, {name: A}]}",
            ViolationKind::Duplicate,
            "/spec/vmConfig/env/1/name",
            "A stands twice in `env`: `name` must differ",
        ),
        (
            "vmConfig: {env: [{name: A, value: 1}]}",
            ViolationKind::Type,
            "/spec/vmConfig/env/0/value",
            "`value` must be text, not a number: write \"1\" in quotes",
        ),
        (
            "selector: {matchLabels: {app: 'a*'}}",
            ViolationKind::Format,
            "/spec/selector/matchLabels/app",
            "`app` must be a label value, without '*'",
        ),
        (
            "selector: {matchLabels: {'*': a}}",
            ViolationKind::Format,
            "/spec/selector/matchLabels/*",
            "the key `*` must be a label key, without '*'",
        ),
        (
            "targetRefs: [{kind: Gateway, name: edge, namespace: other}]",
            ViolationKind::Format,
            "/spec/targetRefs/0/namespace",
            "`namespace` must be left empty",
        ),
        ("match: {}", ViolationKind::Type, "/spec/match", "`match` must be a list, not a mapping"),
        ("match: [x]", ViolationKind::Type, "/spec/match/0", "`match[0]` must be a mapping, not text"),
        (
            "pluginConfig: text",
            ViolationKind::Type,
            "/spec/pluginConfig",
            "`pluginConfig` must be a mapping, not text",
        ),
        (
            "imagePullSecret: ''",
            ViolationKind::Length,
            "/spec/imagePullSecret",
            "`imagePullSecret` must not be empty",
        ),
    ] {
        rejected(kind, &plugin(line), violation, path, message);
    }
    rejected(
        kind,
        "spec: {selector: {}, targetRefs: [], url: a}",
        ViolationKind::Exclusive,
        "/spec/targetRefs",
        "`targetRefs` and `selector` exclude each other: keep one of them",
    );
    rejected(kind, "spec: {}", ViolationKind::Required, "/spec/url", "`url` is required");
    rejected(kind, "~", ViolationKind::Required, "/spec", "`spec` is required");
    rejected(kind, "{}", ViolationKind::Required, "/spec", "`spec` is required");
    rejected(
        kind,
        "spec: {url: 'ftp://example.com/a.wasm'}",
        ViolationKind::Format,
        "/spec/url",
        "`url` must be a URL with the scheme oci, https, http or file, or without one",
    );
    rejected(
        kind,
        "metadata: {name: Bad_Name}\nspec: {url: a}",
        ViolationKind::Format,
        "/metadata/name",
        "`name` must be lower-case letters, digits, '-' and '.', at most 253, with a letter or digit at both ends",
    );
    rejected(
        kind,
        &plugin(&format!("vmConfig: {{env: [{{name: A, value: {}}}]}}", "x".repeat(2049))),
        ViolationKind::Length,
        "/spec/vmConfig/env/0/value",
        "`value` must have at most 2048 characters, not 2049",
    );
    let many: Vec<_> = (0..257).map(|number| format!("{{name: V{number}}}")).collect();
    rejected(
        kind,
        &plugin(&format!("vmConfig: {{env: [{}]}}", many.join(", "))),
        ViolationKind::Count,
        "/spec/vmConfig/env",
        "`env` must have at most 256 items, not 257",
    );
}

#[test]
fn a_wasm_envoy_filter_is_accepted_and_a_misspelt_one_is_not() {
    let kind = &ComponentKind::ENVOY_FILTER;
    let with = |apply_to: &str, operation: &str, context: &str| {
        format!(
            "
spec:
  workloadSelector: {{labels: {{app: frontpage, version: v1}}}}
  priority: 10
  configPatches:
  - applyTo: {apply_to}
    match:
      context: {context}
      listener:
        filterChain:
          filter:
            name: envoy.filters.network.http_connection_manager
            subFilter: {{name: envoy.filters.http.router}}
    patch:
      operation: {operation}
      value: {{name: a, typed_config: {{'@type': t, config: {{root_id: r}}}}}}
"
        )
    };
    accepted(kind, &with("HTTP_FILTER", "INSERT_BEFORE", "SIDECAR_INBOUND"));
    let patch = "/spec/configPatches/0";
    for (text, path) in [
        (with("HTTP_FILTR", "INSERT_BEFORE", "ANY"), "applyTo"),
        (with("HTTP_FILTER", "INSERT_BEFOR", "ANY"), "patch/operation"),
    ] {
        let found = check(&definition(kind).schema, &value(&text));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].kind, ViolationKind::Enum);
        assert_eq!(found[0].path.to_pointer(), format!("{patch}/{path}"));
        assert!(found[0].suggestion.is_some());
    }
    let found = check(&definition(kind).schema, &value(&with("HTTP_FILTER", "ADD", "WAYPOINT")));
    assert_eq!(found[0].message, "`waypoint` is required when `context` is WAYPOINT");
}

#[test]
fn what_a_rule_reports_by_itself_bears_its_code() {
    let definition = definition(&ComponentKind::WASM_PLUGIN);
    let schema = &definition.schema;
    for (text, code) in [
        ("spec: {}", Some("WP001")),
        ("spec: {url: ''}", Some("WP001")),
        ("spec: {url: a, sha256: zz}", Some("WP009")),
        ("spec: {url: a, phase: X}", Some("WP080")),
        ("spec: {url: a, match: [{mode: X}]}", Some("WP080")),
        ("spec: {url: a, match: [{ports: [{number: 0}]}]}", Some("WP070")),
        ("spec: {url: a, match: [{ports: [{number: 1}, {number: 1}]}]}", Some("WP070")),
        ("spec: {url: a, selector: {matchLabels: {'': x}}}", Some("WP054")),
        ("spec: {url: a, selector: {}, targetRef: {kind: Gateway, name: g}}", Some("WP050")),
        ("spec: {url: a, phase: 5}", None),
        ("spec: {url: a, pluginName: ''}", Some("WP030")),
        ("spec: {url: a, imagePullSecret: ''}", Some("WP020")),
        ("spec: {url: a, vmConfig: {env: [{name: ''}]}}", Some("WP040")),
        ("spec: {url: a, vmConfig: {env: [{name: a, valueFrom: HOST, value: b}]}}", Some("WP041")),
        ("spec: {url: a, targetRefs: [{kind: Gateway}]}", Some("WP051")),
        ("spec: {url: a, priority: 3000000000}", None),
    ] {
        let found = check(schema, &value(text));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].rule.as_deref(), code, "{text}");
    }
}

#[test]
fn other_kinds_say_what_is_wrong_too() {
    let deployment = &ComponentKind::DEPLOYMENT;
    accepted(
        deployment,
        "
spec:
  replicas: 2
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}, annotations: {sidecar.istio.io/userVolume: '[]'}}
    spec:
      containers:
      - name: app
        image: reg.example.com/app:1
        ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}]
        env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
        resources: {limits: {cpu: 0.5, memory: 128Mi}, requests: {cpu: 1}}
        tty: true
",
    );
    rejected(
        deployment,
        "spec: {template: {spec: {containers: [{name: a, ports: [{containerPort: 80}, {containerPort: 80, protocol: TCP}]}]}}}",
        ViolationKind::Duplicate,
        "/spec/template/spec/containers/0/ports/1",
        "80, TCP stands twice in `ports`: it must differ",
    );
    rejected(
        deployment,
        "spec: {replcias: 2}",
        ViolationKind::Unknown,
        "/spec/replcias",
        "unknown field `replcias`: did you mean `replicas`?",
    );
    rejected(
        deployment,
        "metadata: {labels: {version: 1}}",
        ViolationKind::Type,
        "/metadata/labels/version",
        "`version` must be text, not a number: write \"1\" in quotes",
    );
    accepted(
        &ComponentKind::SERVICE,
        "spec: {ports: [{port: 80, targetPort: http}, {port: 81, targetPort: 8081}]}",
    );
    rejected(
        &ComponentKind::GATEWAY,
        "spec: {listeners: [{name: http, port: 80, protocol: HTTP}]}",
        ViolationKind::Required,
        "/spec/gatewayClassName",
        "`gatewayClassName` is required when `listeners` is set",
    );
    rejected(
        &ComponentKind::CONFIG_MAP,
        "binaryData: {a.wasm: 'not base64'}",
        ViolationKind::Format,
        "/binaryData/a.wasm",
        "`a.wasm` must be base64",
    );
    accepted(&ComponentKind::WASM_FILTER, "{wasmFilter: 'oci://reg.example.com/a:v1', config: {a: 1}}");
    accepted(&ComponentKind::WASM_FILTER, "{wasmFilter: 'oci://reg.example.com/a:v1', config: 'a: 1'}");
}

#[test]
fn a_manifest_may_say_what_it_is() {
    let definition = definition(&ComponentKind::WASM_PLUGIN);
    let schema = &definition.schema;
    let manifest =
        value("apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nspec: {url: a}\nspce: {}");
    let found = check_manifest(schema, &manifest);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].path.to_pointer(), "/spce");
}

/// Manifests that a real API server with Istio's CRDs took and refused.
#[test]
fn an_api_server_says_the_same() {
    macro_rules! manifests {
        ($folder:literal: $($name:literal),+ $(,)?) => {
            [$((
                $name,
                include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/api-server/", $folder, "/", $name, ".yaml"
                )),
            )),+]
        };
    }
    let violations = |text: &str| {
        let manifest = value(text);
        let (kind, version) =
            (manifest.text_at(&["kind"]).unwrap(), manifest.text_at(&["apiVersion"]).unwrap());
        let definition = definition(&ComponentKind::parse(kind, version));
        let found = check_manifest(&definition.schema, &manifest);
        found.iter().map(|violation| violation.path.to_pointer()).collect::<Vec<_>>()
    };
    for (name, text) in manifests!("accepted":
        "wasmplugin-full", "wasmplugin-target-refs", "wasmplugin-minimal", "envoyfilter-wasm",
    ) {
        assert_eq!(violations(text), [""; 0], "{name}");
    }
    for (name, text) in manifests!("rejected":
        "operation-misspelt", "sha256-malformed", "name-not-dns-1123", "selector-and-target-refs",
        "apply-to-misspelt", "phase-unknown", "url-missing", "env-duplicate-name", "url-scheme-ftp",
        "unknown-field", "port-zero", "env-host-with-value", "priority-text",
    ) {
        assert_eq!(violations(text).len(), 1, "{name}: {:?}", violations(text));
    }
}

#[test]
fn the_samples_fit() {
    macro_rules! designs {
        ($($name:literal),+ $(,)?) => {
            [$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/designs/", $name, ".yaml")))),+]
        };
    }
    for (name, text) in designs!(
        "edge-security",
        "frontpage-envoyfilter",
        "hierarchical-parent-wallet",
        "http-call-on-back-golang",
    ) {
        let design = value(text);
        for component in design.at(&["components"]).and_then(Value::as_list).unwrap() {
            let text = |keys: &[&str]| component.text_at(keys).unwrap();
            let kind = ComponentKind::parse(text(&["component", "kind"]), text(&["component", "version"]));
            let definition = definition(&kind);
            let found = check(&definition.schema, component.at(&["configuration"]).unwrap());
            assert_eq!(found, [], "{} in {name}", text(&["displayName"]));
            assert_eq!(component.at(&["model"]), Some(definition.model.tree()), "{kind} in {name}");
            let reference = definition.model.reference();
            assert_eq!(component.at(&["modelReference"]), Some(&reference), "{kind} in {name}");
        }
    }
}
