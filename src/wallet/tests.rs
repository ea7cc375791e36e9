//! The effective resources of small designs.

use crate::model::{ComponentId, Design, FieldPath, Map, Value};
use crate::registry::Registry;

use super::entry::{CONFIG_VALUE, FILENAME, NAME, ROOT_ID};
use super::{Effective, effective_resources};

fn text(text: &str) -> Value {
    Value::from(text)
}

fn component(id: &str, kind: &str, version: &str, configuration: Value) -> Value {
    Value::from([
        ("id", text(id)),
        ("component", Value::from([("kind", text(kind)), ("version", text(version))])),
        ("configuration", configuration),
    ])
}

fn plugin(id: &str, name: &str, spec: Value) -> Value {
    let metadata = Value::from([("name", text(name)), ("namespace", text("shop"))]);
    let configuration = Value::from([("metadata", metadata), ("spec", spec)]);
    component(id, "WasmPlugin", "extensions.istio.io/v1alpha1", configuration)
}

fn filter(id: &str, url: &str, more: &[(&str, Value)]) -> Value {
    let mut configuration = Map::from([("wasmFilter", text(url))]);
    for (key, value) in more {
        configuration.insert(*key, value.clone());
    }
    component(id, "WASMFilter", "core.meshery.io/v1alpha1", Value::Map(configuration))
}

fn wallet(filter: &str, plugin: &str) -> Value {
    let side = |id: &str| Value::List(vec![Value::from([("id", text(id))])]);
    Value::from([
        ("id", text(&format!("{filter} in {plugin}"))),
        ("kind", text("hierarchical")),
        ("type", text("parent")),
        ("subType", text("wallet")),
        (
            "selectors",
            Value::List(vec![Value::from([(
                "allow",
                Value::from([("from", side(filter)), ("to", side(plugin))]),
            )])]),
        ),
    ])
}

fn resources(components: Vec<Value>, relationships: Vec<Value>) -> Vec<Effective> {
    let tree = [("components", Value::List(components)), ("relationships", Value::List(relationships))];
    effective_resources(&Design::from_tree(Value::from(tree)), &Registry::builtin())
}

fn spec(resource: &Effective) -> &Map {
    resource.configuration.get("spec").and_then(Value::as_map).unwrap()
}

fn id(id: &str) -> ComponentId {
    ComponentId::from_text(id).unwrap()
}

#[test]
fn each_filter_of_a_chain_gives_a_resource_with_its_own_module_group() {
    let config = Value::from([("a", Value::from(1))]);
    let found = resources(
        vec![
            plugin(
                "p",
                "edge",
                Value::from([
                    ("phase", text("AUTHN")),
                    ("sha256", text("stale")),
                    ("url", text("oci://reg.example.com/first:1")),
                    ("priority", Value::from(5)),
                ]),
            ),
            filter("b", "oci://reg.example.com/second:1", &[("config", config), ("sha256", text("fresh"))]),
            filter("a", "oci://reg.example.com/first:1", &[]),
        ],
        vec![wallet("a", "p"), wallet("b", "p")],
    );
    let [first, second] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!([first.name.as_str(), second.name.as_str()], ["edge-first", "edge-second"]);
    assert_eq!([first.priority, second.priority], [Some(15), Some(5)]);
    // A field that the filter lacks is absent, never left over; a new one goes where the schema has it.
    assert_eq!(spec(first).keys().collect::<Vec<_>>(), ["phase", "url", "priority"]);
    assert_eq!(spec(second).text("sha256"), Some("fresh"));
    assert_eq!(spec(second).text("url"), Some("oci://reg.example.com/second:1"));
    assert!(spec(second).contains_key("pluginConfig"));
    let url = FieldPath::keys(&["spec", "url"]);
    assert_eq!(second.source_of(&url), (id("b"), FieldPath::keys(&["configuration", "wasmFilter"])));
    let inside = FieldPath::keys(&["spec", "pluginConfig", "a"]);
    assert_eq!(second.source_of(&inside), (id("b"), FieldPath::keys(&["configuration", "config", "a"])));
    let phase = FieldPath::keys(&["spec", "phase"]);
    assert_eq!(second.source_of(&phase), (id("p"), FieldPath::keys(&["configuration", "spec", "phase"])));
}

#[test]
fn an_entry_of_an_envoy_filter_comes_from_its_filter() {
    let entry = |name: &str| {
        let typed_config = Value::from([("@type", text(crate::model::view::WASM_TYPE_URL))]);
        let value = Value::from([("name", text(name)), ("typed_config", typed_config)]);
        Value::from([("patch", Value::from([("value", value)]))])
    };
    let entries = Value::List(vec![entry("by-hand"), entry("shop.f")]);
    let metadata = Value::from([("name", text("e"))]);
    let spec = Value::from([("configPatches", entries)]);
    let configuration = Value::from([("metadata", metadata), ("spec", spec)]);
    let mut joined = wallet("f", "e");
    let record = Value::from([("billfold", Value::from([("patch", text("shop.f"))]))]);
    joined.as_map_mut().unwrap().insert("metadata", record);
    let found = resources(
        vec![
            component("e", "EnvoyFilter", "networking.istio.io/v1alpha3", configuration),
            filter("f", "file:///f.wasm", &[("config", Value::from([("a", Value::from(1))]))]),
        ],
        vec![joined],
    );
    let [only] = found.as_slice() else { panic!("{found:?}") };
    let source = |place: usize, keys: &[&str]| {
        let item = FieldPath::keys(&["spec", "configPatches"]).child(place);
        let (from, path) = only.source_of(&item.join(&FieldPath::keys(keys)));
        (from == id("f"), path.to_pointer())
    };
    assert_eq!(source(1, &FILENAME), (true, "/configuration/wasmFilter".to_owned()));
    assert_eq!(source(1, &ROOT_ID), (true, "/configuration/pluginName".to_owned()));
    assert_eq!(
        source(1, &[&CONFIG_VALUE[..], &["a"]].concat()),
        (true, "/configuration/config/a".to_owned())
    );
    assert_eq!(source(1, &NAME), (false, "/configuration/spec/configPatches/1/patch/value/name".to_owned()));
    assert!(!source(0, &FILENAME).0);
}

#[test]
fn one_filter_bears_the_name_of_its_plugin_and_keeps_its_priority() {
    let found = resources(
        vec![plugin("p", "Edge_1", Value::Null), filter("f", "oci://reg.example.com/f:1", &[])],
        vec![wallet("f", "p")],
    );
    let [only] = found.as_slice() else { panic!("{found:?}") };
    // An own name is never altered, whatever Kubernetes thinks of it.
    assert_eq!((only.name.as_str(), only.is_derived_name), ("Edge_1", false));
    assert_eq!(only.priority, None);
    assert!(!spec(only).contains_key("priority"));
}

#[test]
fn a_derived_name_never_meets_another() {
    let url = Value::from([("url", text("oci://reg.example.com/x:1"))]);
    let found = resources(
        vec![
            plugin("p", "edge", Value::Null),
            filter("f", "oci://reg.example.com/auth:1", &[]),
            filter("g", "oci://reg.example.com/auth:2", &[]),
            plugin("q", "edge-auth", url),
        ],
        vec![wallet("f", "p"), wallet("g", "p")],
    );
    let names: Vec<&str> = found.iter().map(|resource| resource.name.as_str()).collect();
    assert_eq!(names, ["edge-auth-2", "edge-auth-3", "edge-auth"]);
    let written = found[0].configuration.get("metadata").and_then(|it| it.text_at(&["name"]));
    assert_eq!(written, Some("edge-auth-2"));
}

#[test]
fn what_says_nothing_is_left_out_of_the_schema_and_nowhere_else() {
    let empty_map = || Value::Map(Map::new());
    let labels = Value::from([("", text("")), ("app", Value::Null)]);
    let variable = Value::from([("name", text("EMPTY")), ("value", text("")), ("valueFrom", text(""))]);
    let found = resources(
        vec![plugin(
            "p",
            "edge",
            Value::from([
                ("url", text("file:///opt/a.wasm")),
                ("phase", text("")),
                ("priority", Value::Null),
                ("targetRefs", Value::List(Vec::new())),
                ("selector", Value::from([("matchLabels", labels.clone())])),
                ("vmConfig", Value::from([("env", Value::List(vec![variable]))])),
                ("match", Value::List(vec![Value::from([("ports", Value::List(Vec::new()))])])),
                ("pluginConfig", Value::from([("empty", empty_map()), ("null", Value::Null)])),
                ("vm Config", empty_map()),
            ]),
        )],
        vec![],
    );
    let spec = spec(&found[0]);
    assert_eq!(
        spec.keys().collect::<Vec<_>>(),
        ["url", "selector", "vmConfig", "match", "pluginConfig", "vm Config"]
    );
    assert_eq!(spec.get("selector").and_then(|it| it.at(&["matchLabels"])), Some(&labels));
    assert_eq!(spec.get("pluginConfig").and_then(Value::as_map).map(Map::len), Some(2));
    let variable = Value::from([("name", text("EMPTY")), ("value", text(""))]);
    assert_eq!(spec.get("vmConfig").and_then(|it| it.at(&["env"])), Some(&Value::List(vec![variable])));
    // An item that says nothing matches everything: it stays.
    assert_eq!(spec.get("match"), Some(&Value::List(vec![empty_map()])));
}

#[test]
fn references_and_design_objects_give_nothing() {
    let named = |kind: &str, version: &str| {
        component(kind, kind, version, Value::from([("metadata", Value::from([("name", text("x"))]))]))
    };
    let mut note = named("TextBox", "meshery.example.com/v1").as_map().unwrap().clone();
    note.insert("metadata", Value::from([("isAnnotation", Value::from(true))]));
    let found = resources(
        vec![
            named("Namespace", "v1"),
            named("Deployment", "apps/v1"),
            named("Service", "v1"),
            named("Gateway", "gateway.networking.k8s.io/v1"),
            named("ConfigMap", "v1"),
            named("Secret", "v1"),
            named("EnvoyFilter", "networking.istio.io/v1alpha3"),
            named("Certificate", "certificates.example.com/v1"),
            filter("f", "oci://reg.example.com/f:1", &[]),
            Value::Map(note),
        ],
        vec![],
    );
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_namespace_is_written_exactly_when_it_is_set_and_fits() {
    let made = |kind: &str, version: &str, namespace: Value, key: &str| {
        let metadata = Value::from([("namespace", namespace), ("name", text("x"))]);
        let body = Value::from([("a", Value::from(1))]);
        component(kind, kind, version, Value::from([("metadata", metadata), (key, body)]))
    };
    let found = resources(
        vec![
            made("ConfigMap", "v1", text("shop"), "data"),
            made("Certificate", "certificates.example.com/v1", text(""), "spec"),
            made("ClusterRole", "rbac.authorization.k8s.io/v1", text("shop"), "rules"),
        ],
        vec![],
    );
    let metadata: Vec<Vec<&str>> = found
        .iter()
        .map(|it| it.configuration.get("metadata").and_then(Value::as_map).unwrap().keys().collect())
        .collect();
    assert_eq!(metadata, [vec!["namespace", "name"], vec!["name"], vec!["name"]]);
    assert_eq!(found[0].namespace.as_deref(), Some("shop"));
    assert_eq!(found[2].namespace, None);
}
