//! Designs as short texts, for the tests of the rules.
//!
//! One line a component: its kind, its name, then `key=value`. `plugin p url=x phase=AUTHN sel=app:a ns=shop`,
//! `filter f in=p wasmFilter=…`, `workload w labels=app:a`, `namespace shop`, `service s`, `envoyfilter e`.

use std::sync::Arc;

use crate::istio::Version;
use crate::model::{Design, Diagnostic, FieldPath, Map, Segment, Severity, Subject, Value};
use crate::registry::Registry;
use crate::wallet::effective_resources;

use super::{Input, Options};

/// Runs all rules over `text` and holds the findings of `code`, as `name /path`, against `expected`.
pub(super) fn check(code: &str, text: &str, expected: &[&str]) {
    check_for(Version::NEWEST, code, text, expected);
}

/// The same for a version of Istio.
pub(super) fn check_for(version: Version, code: &str, text: &str, expected: &[&str]) {
    let design = design(text);
    let found: Vec<String> = findings_for(version, &design)
        .into_iter()
        .filter(|finding| finding.code == code)
        .map(|finding| {
            let Subject::Component(id) = finding.location.subject else { return finding.message };
            format!("{} {}", design.name_of(id), finding.location.path.to_pointer())
        })
        .collect();
    assert_eq!(found, expected, "{code} on\n{text}");
}

/// The messages of the findings of `code`.
pub(super) fn messages(code: &str, text: &str) -> Vec<String> {
    let found = findings(&design(text)).into_iter().filter(|finding| finding.code == code);
    found.map(|finding| finding.message).collect()
}

/// The severities of the findings of `code`.
pub(super) fn severities(code: &str, text: &str) -> Vec<Severity> {
    let found = findings(&design(text)).into_iter().filter(|finding| finding.code == code);
    found.map(|finding| finding.severity).collect()
}

/// The labels of the fixes that the findings of `code` offer. Each fix is applied, and the finding has to go.
pub(super) fn fixes(code: &str, text: &str) -> Vec<String> {
    let design = design(text);
    let mut labels = Vec::new();
    for finding in findings(&design).into_iter().filter(|finding| finding.code == code) {
        let Some(fix) = finding.fix else { continue };
        let mut mended = design.clone();
        for edit in fix.edits {
            mended.apply(edit).unwrap();
        }
        let remains = findings(&mended)
            .into_iter()
            .any(|other| (other.code, &other.location) == (finding.code, &finding.location));
        assert!(!remains, "{code} is still there after {:?}", fix.label);
        labels.push(fix.label);
    }
    labels
}

fn findings(design: &Design) -> Vec<Diagnostic> {
    findings_for(Version::NEWEST, design)
}

fn findings_for(version: Version, design: &Design) -> Vec<Diagnostic> {
    let registry = Arc::new(Registry::builtin());
    let effective = effective_resources(design, &registry);
    let options = Arc::new(Options { target: Some(version), ..Options::default() });
    super::check(&Input { options, ..Input::new(design, &registry, &effective) }).diagnostics
}

fn design(text: &str) -> Design {
    let mut components = Vec::new();
    let mut relationships = Vec::new();
    let mut names = std::collections::HashSet::new();
    for (number, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        let (Some(kind), Some(name)) = (words.next(), words.next()) else { continue };
        let mut component = Value::Map(Map::new());
        let mut put = |path: &[&str], value: Value| set(&mut component, path, value);
        put(&["id"], if names.insert(name) { name.to_owned() } else { format!("{name}#{number}") }.into());
        let (kind, version) = match kind {
            "plugin" => ("WasmPlugin", "extensions.istio.io/v1alpha1"),
            "filter" => ("WASMFilter", "core.meshery.io/v1alpha1"),
            "envoyfilter" => ("EnvoyFilter", "networking.istio.io/v1alpha3"),
            "workload" => ("Deployment", "apps/v1"),
            "namespace" => ("Namespace", "v1"),
            "service" => ("Service", "v1"),
            other => panic!("no such kind: {other}"),
        };
        put(&["displayName"], name.into());
        put(&["component", "kind"], kind.into());
        put(&["component", "version"], version.into());
        put(&["configuration"], Value::Map(Map::new()));
        if kind != "WASMFilter" {
            put(&["configuration", "metadata", "name"], name.into());
        }
        if kind == "Namespace" {
            put(&["configuration", "metadata", "labels", "team"], "shop".into());
        }
        if kind == "Service" {
            let port = Value::from([("port", 80.into())]);
            put(&["configuration", "spec", "ports"], Value::List(vec![port]));
        }
        if kind == "EnvoyFilter" {
            let patch = Value::from([("applyTo", "HTTP_FILTER".into())]);
            put(&["configuration", "spec", "configPatches"], Value::List(vec![patch]));
        }
        for word in words {
            let (key, value) = word.split_once('=').unwrap();
            match key {
                "in" => relationships.push(wallet(name, value)),
                "ns" => put(&["configuration", "metadata", "namespace"], value.into()),
                "at" => {
                    let (x, y) = value.split_once(',').unwrap();
                    put(&["styles", "position", "x"], scalar(x));
                    put(&["styles", "position", "y"], scalar(y));
                }
                "labels" => put(&["configuration", "spec", "template", "metadata", "labels"], labels(value)),
                "sel" => put(&["configuration", "spec", "selector", "matchLabels"], labels(value)),
                "ref" => {
                    put(&["configuration", "spec", "targetRefs"], Value::List(vec![reference(value)]));
                }
                "targetRef" => put(&["configuration", "spec", "targetRef"], reference(value)),
                "mode" => {
                    let matches = Value::List(vec![Value::from([("mode", value.into())])]);
                    put(&["configuration", "spec", "match"], matches);
                }
                "ports" => {
                    let ports =
                        value.split(',').map(|port| Value::from([("number", scalar(port))])).collect();
                    let matches = Value::List(vec![Value::from([("ports", Value::List(ports))])]);
                    put(&["configuration", "spec", "match"], matches);
                }
                "wasmFilter" | "config" | "pluginName" => put(&["configuration", key], value.into()),
                _ => put(&["configuration", "spec", key], scalar(value)),
            }
        }
        components.push(component);
    }
    Design::from_tree(Value::from([
        ("name", "test".into()),
        ("components", Value::List(components)),
        ("relationships", Value::List(relationships)),
    ]))
}

fn set(tree: &mut Value, path: &[&str], value: Value) {
    let mut node = tree;
    for key in path {
        if node.as_map().is_none() {
            *node = Value::Map(Map::new());
        }
        let map = node.as_map_mut().unwrap();
        if !map.contains_key(key) {
            map.insert(*key, Value::Null);
        }
        node = map.get_mut(key).unwrap();
    }
    *node = value;
}

fn scalar(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| text.into(), Value::from)
}

fn labels(text: &str) -> Value {
    text.split(',')
        .map(|pair| {
            let (key, value) = pair.split_once(':').unwrap();
            (key, value.into())
        })
        .collect::<Map>()
        .into()
}

/// `Gateway/edge`, and `Gateway/edge/shop` with a namespace.
fn reference(text: &str) -> Value {
    let mut words = text.split('/');
    let mut word = || words.next().unwrap().into();
    let mut reference =
        Map::from([("group", "gateway.networking.k8s.io".into()), ("kind", word()), ("name", word())]);
    if let Some(namespace) = words.next() {
        reference.insert("namespace", namespace.into());
    }
    reference.into()
}

fn wallet(filter: &str, plugin: &str) -> Value {
    let end =
        |id: &str, kind: &str| Value::List(vec![Value::from([("id", id.into()), ("kind", kind.into())])]);
    let allow = Value::from([("from", end(filter, "WASMFilter")), ("to", end(plugin, "WasmPlugin"))]);
    Value::from([
        ("id", format!("{filter}-{plugin}").into()),
        ("kind", "hierarchical".into()),
        ("type", "parent".into()),
        ("subType", "wallet".into()),
        ("status", "approved".into()),
        ("selectors", Value::List(vec![Value::from([("allow", allow)])])),
    ])
}

#[test]
fn the_texts_give_designs() {
    let design = design("plugin p url=x priority=5\nfilter f in=p wasmFilter=y\n");
    let plugin = design.components().next().unwrap();
    let priority = FieldPath::keys(&["configuration", "spec", "priority"]);
    assert_eq!(plugin.get(&priority), Some(&5.into()));
    assert_eq!(design.chain(plugin.id()).len(), 1);
    assert_eq!(priority.last().and_then(Segment::as_key), Some("priority"));
}
