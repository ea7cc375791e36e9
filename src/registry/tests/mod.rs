//! The built-in definitions against what the APIs say.

use super::structural::check;
use super::*;
use crate::model::Value;

mod checks;
mod relationships;

fn definition(kind: &ComponentKind) -> Arc<ComponentDefinition> {
    Arc::clone(Registry::builtin().component(kind).unwrap())
}

fn value(text: &str) -> Value {
    load::tree("test.yaml", text).unwrap()
}

/// Walks every spec below `spec`, with its path.
fn walk(spec: &FieldSpec, path: &str, visit: &mut impl FnMut(&str, &FieldSpec)) {
    visit(path, spec);
    for (key, property) in &spec.properties {
        walk(property, &format!("{path}/{key}"), visit);
    }
    if let Some(items) = &spec.items {
        walk(items, &format!("{path}/-"), visit);
    }
    if let Others::Of(value) = &spec.others {
        walk(value, &format!("{path}/*"), visit);
    }
}

#[test]
fn every_definition_is_well_formed() {
    if let Err(err) = Registry::read_builtin() {
        panic!("{err}");
    }
}

#[test]
fn every_known_kind_has_a_definition_in_the_order_of_the_palette() {
    let registry = Registry::builtin();
    let kinds: Vec<_> = registry.components().iter().map(|definition| definition.kind.clone()).collect();
    assert_eq!(kinds, ComponentKind::KNOWN);
    let labels: Vec<_> = registry.palette().map(|definition| definition.label.as_str()).collect();
    assert_eq!(
        labels,
        [
            "WasmPlugin",
            "WasmFilter",
            "EnvoyFilter",
            "Workload",
            "Gateway",
            "Namespace",
            "Service",
            "Secret",
            "ConfigMap"
        ]
    );
}

#[test]
fn a_kind_of_another_group_is_not_ours() {
    let registry = Registry::builtin();
    for (kind, api_version) in
        [("WasmPlugin", "extensions.higress.io/v1alpha1"), ("Gateway", "networking.istio.io/v1")]
    {
        assert!(registry.component(&ComponentKind::parse(kind, api_version)).is_none());
    }
    assert!(
        registry.component(&ComponentKind::parse("Gateway", "gateway.networking.k8s.io/v1beta1")).is_some()
    );
}

/// What a component that we create says of its kind.
#[test]
fn kinds_are_what_meshery_registers() {
    for (kind, model, is_annotation, namespaced) in [
        (ComponentKind::WASM_FILTER, "meshery-core", true, false),
        (ComponentKind::WASM_PLUGIN, "istio-base", false, true),
        (ComponentKind::ENVOY_FILTER, "istio-base", false, true),
        (ComponentKind::NAMESPACE, "kubernetes", false, false),
        (ComponentKind::SERVICE, "kubernetes", false, true),
        (ComponentKind::SECRET, "kubernetes", false, true),
        (ComponentKind::CONFIG_MAP, "kubernetes", false, true),
        (ComponentKind::DEPLOYMENT, "kubernetes", false, true),
        (ComponentKind::GATEWAY, "gateway-api", false, true),
    ] {
        let definition = definition(&kind);
        assert_eq!(definition.model.name(), model, "{kind}");
        assert_eq!(definition.is_annotation, is_annotation, "{kind}");
        assert_eq!(definition.namespaced, namespaced, "{kind}");
        assert_eq!(definition.model.reference().text_at(&["name"]), Some(model));
    }
}

#[test]
fn every_field_has_a_title_and_help_in_sentence_case() {
    for definition in Registry::builtin().components() {
        let kind = &definition.kind;
        assert!(definition.description.ends_with('.'), "{kind}");
        walk(&definition.schema, "", &mut |path, spec| {
            for (key, property) in &spec.properties {
                assert!(!property.title.is_empty(), "{kind}{path}/{key} has no title");
                assert!(property.title.starts_with(|c: char| c.is_uppercase()), "{kind}{path}/{key}");
                assert!(property.help.ends_with('.'), "{kind}{path}/{key}: {:?}", property.help);
                assert!(property.help.chars().count() <= 120, "{kind}{path}/{key}: {:?}", property.help);
            }
            if let Some(default) = &spec.default {
                assert_eq!(check(spec, default), [], "{kind}{path}: the default does not fit");
            }
            for choice in &spec.choices {
                assert!(
                    choice.help.is_empty() || choice.help.ends_with('.'),
                    "{kind}{path} {}",
                    choice.value
                );
            }
        });
    }
}

#[test]
fn every_rule_that_a_schema_names_is_in_the_table_of_codes() {
    for definition in Registry::builtin().components() {
        walk(&definition.schema, "", &mut |path, spec| {
            let rules = spec.rule.iter().chain(spec.exclusive.iter().filter_map(|group| group.rule.as_ref()));
            for rule in rules {
                assert!(crate::model::diagnostic::info(rule).is_some(), "{path} names {rule}");
            }
        });
    }
}

#[track_caller]
fn at(kind: &ComponentKind, path: &str) -> FieldSpec {
    let definition = definition(kind);
    let keys: Vec<Segment> = path
        .split('.')
        .map(|key| key.parse::<usize>().map_or_else(|_| Segment::from(key), Segment::from))
        .collect();
    definition.schema.field(&keys).unwrap_or_else(|| panic!("no field {path}")).clone()
}

#[track_caller]
fn has_choices(kind: &ComponentKind, path: &str, choices: &[&str], default: Option<&str>) {
    let spec = at(kind, path);
    assert_eq!(spec.kind, FieldKind::Enum, "{path}");
    assert_eq!(
        spec.choices.iter().map(|choice| choice.value.as_str()).collect::<Vec<_>>(),
        choices,
        "{path}"
    );
    assert_eq!(spec.default, default.map(Value::from), "{path}");
}

#[track_caller]
fn has_length(kind: &ComponentKind, path: &str, min: Option<usize>, max: Option<usize>) {
    let spec = at(kind, path);
    assert_eq!((spec.kind, spec.min_length, spec.max_length), (FieldKind::Text, min, max), "{path}");
}

#[track_caller]
fn has_bounds(kind: &ComponentKind, path: &str, min: i64, max: i64) {
    let spec = at(kind, path);
    assert_eq!((spec.kind, spec.minimum, spec.maximum), (FieldKind::Integer, Some(min), Some(max)), "{path}");
}

#[test]
fn wasm_plugin_has_every_field_of_the_crd() {
    let kind = &ComponentKind::WASM_PLUGIN;
    let spec = at(kind, "spec");
    let mut fields: Vec<_> = spec.properties.keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "failStrategy",
            "imagePullPolicy",
            "imagePullSecret",
            "match",
            "phase",
            "pluginConfig",
            "pluginName",
            "priority",
            "selector",
            "sha256",
            "targetRef",
            "targetRefs",
            "type",
            "url",
            "verificationKey",
            "vmConfig"
        ]
    );
    assert_eq!(spec.required, ["url"]);
    assert_eq!(spec.others, Others::Refused);
    assert_eq!(spec.exclusive[0].fields, ["selector", "targetRefs", "targetRef"]);

    has_choices(
        kind,
        "spec.phase",
        &["UNSPECIFIED_PHASE", "AUTHN", "AUTHZ", "STATS"],
        Some("UNSPECIFIED_PHASE"),
    );
    has_choices(kind, "spec.failStrategy", &["FAIL_CLOSE", "FAIL_OPEN", "FAIL_RELOAD"], Some("FAIL_CLOSE"));
    has_choices(kind, "spec.type", &["UNSPECIFIED_PLUGIN_TYPE", "HTTP", "NETWORK"], Some("HTTP"));
    has_choices(kind, "spec.imagePullPolicy", &["UNSPECIFIED_POLICY", "IfNotPresent", "Always"], None);
    has_choices(kind, "spec.match.0.mode", &["UNDEFINED", "CLIENT", "SERVER", "CLIENT_AND_SERVER"], None);
    has_choices(kind, "spec.vmConfig.env.0.valueFrom", &["INLINE", "HOST"], Some("INLINE"));

    has_bounds(kind, "spec.priority", i32::MIN.into(), i32::MAX.into());
    has_bounds(kind, "spec.match.0.ports.0.number", 1, 65535);
    assert!(at(kind, "spec.match.0.ports.0").requires("number"));
    assert_eq!(at(kind, "spec.match.0.ports").list_map_keys, ["number"]);

    has_length(kind, "spec.url", Some(1), None);
    has_length(kind, "spec.imagePullSecret", Some(1), Some(253));
    has_length(kind, "spec.pluginName", Some(1), Some(256));
    has_length(kind, "spec.vmConfig.env.0.name", Some(1), Some(256));
    has_length(kind, "spec.vmConfig.env.0.value", None, Some(2048));
    has_length(kind, "spec.selector.matchLabels.app", None, Some(63));
    has_length(kind, "spec.targetRefs.0.group", None, Some(253));
    has_length(kind, "spec.targetRefs.0.kind", Some(1), Some(63));
    has_length(kind, "spec.targetRefs.0.name", Some(1), Some(253));
    has_length(kind, "spec.targetRef.name", Some(1), Some(253));

    let env = at(kind, "spec.vmConfig.env");
    assert_eq!((env.max_items, env.list_map_keys.as_slice()), (Some(256), ["name".to_owned()].as_slice()));
    assert_eq!(at(kind, "spec.targetRefs").max_items, Some(16));
    assert_eq!(at(kind, "spec.selector.matchLabels").max_properties, Some(4096));
    assert_eq!(at(kind, "spec.targetRefs.0").required, ["kind", "name"]);
    assert_eq!(at(kind, "spec.sha256").format, Some(TextFormat::Sha256Hex));
    assert_eq!(at(kind, "spec.targetRefs.0.namespace").format, Some(TextFormat::Empty));
    assert_eq!(at(kind, "spec.pluginConfig").others, Others::Free);
}

/// Unset sorts below every number, so a default of 0 would be a lie.
#[test]
fn an_unset_priority_has_no_default() {
    let spec = at(&ComponentKind::WASM_PLUGIN, "spec.priority");
    assert_eq!(spec.default, None);
    assert!(spec.nullable);
    assert!(spec.help.contains("Not set runs last"));
}

#[test]
fn envoy_filter_has_every_enum_and_bound_of_the_crd() {
    let kind = &ComponentKind::ENVOY_FILTER;
    has_choices(
        kind,
        "spec.configPatches.0.applyTo",
        &[
            "INVALID",
            "LISTENER",
            "FILTER_CHAIN",
            "NETWORK_FILTER",
            "HTTP_FILTER",
            "ROUTE_CONFIGURATION",
            "VIRTUAL_HOST",
            "HTTP_ROUTE",
            "CLUSTER",
            "EXTENSION_CONFIG",
            "BOOTSTRAP",
            "LISTENER_FILTER",
        ],
        None,
    );
    has_choices(
        kind,
        "spec.configPatches.0.match.context",
        &["ANY", "SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "GATEWAY", "WAYPOINT"],
        Some("ANY"),
    );
    has_choices(
        kind,
        "spec.configPatches.0.patch.operation",
        &[
            "INVALID",
            "MERGE",
            "ADD",
            "REMOVE",
            "INSERT_BEFORE",
            "INSERT_AFTER",
            "INSERT_FIRST",
            "REPLACE",
            "MERGE_AND_REPLACE_LIST",
        ],
        None,
    );
    has_bounds(kind, "spec.priority", i32::MIN.into(), i32::MAX.into());
    has_bounds(kind, "spec.configPatches.0.match.waypoint.portNumber", 1, 65535);
    has_length(kind, "spec.workloadSelector.labels.app", None, Some(63));
    assert_eq!(at(kind, "spec.workloadSelector.labels").max_properties, Some(256));
    assert_eq!(at(kind, "spec.configPatches.0.patch.value").others, Others::Free);
    assert_eq!(at(kind, "spec").exclusive[0].fields, ["workloadSelector", "targetRefs"]);
}

#[test]
fn what_the_palette_makes_bears_its_name_and_fits_its_schema() {
    for definition in Registry::builtin().palette() {
        let configuration = definition.new_configuration("my-name");
        let name = Value::Map(configuration.clone()).text_at(&["metadata", "name"]).map(ToOwned::to_owned);
        assert_eq!(name.is_some(), definition.kind != ComponentKind::WASM_FILTER, "{}", definition.kind);
        let found = check(&definition.schema, &configuration.into());
        // A new plugin and a new filter lack a module, which has rules of its own.
        assert!(found.iter().all(|violation| violation.rule.is_some()), "{}: {found:?}", definition.kind);
    }
    let deployment = definition(&ComponentKind::DEPLOYMENT).new_configuration("back");
    let labels = ["spec", "template", "metadata", "labels", "app"];
    assert_eq!(Value::Map(deployment).text_at(&labels), Some("back"));
}

#[test]
fn paths_lead_to_fields_into_the_open_or_nowhere() {
    let plugin = definition(&ComponentKind::WASM_PLUGIN);
    let resolve = |keys: &[&str]| plugin.resolve(&FieldPath::keys(keys));
    assert!(matches!(resolve(&["configuration", "spec", "url"]), Resolution::Field(_)));
    assert!(matches!(resolve(&["displayName"]), Resolution::Field(_)));
    assert!(matches!(resolve(&["configuration", "spec", "match", "_", "mode"]), Resolution::Field(_)));
    assert_eq!(resolve(&["configuration", "spec", "pluginConfig", "a", "b"]), Resolution::Open);
    assert_eq!(resolve(&["styles", "position"]), Resolution::Open);
    assert_eq!(resolve(&["configuration", "pluginConfig"]), Resolution::Nowhere);
    assert_eq!(resolve(&["configuration", "spec", "url", "x"]), Resolution::Nowhere);
    assert_eq!(resolve(&["configuraton"]), Resolution::Nowhere);
    let after: Vec<_> = plugin.schema.field_at(&["spec"]).unwrap().keys_after("sha256").take(2).collect();
    assert_eq!(after, ["pluginName", "pluginConfig"]);
}

#[test]
fn what_a_form_adds_has_what_must_be_filled_in() {
    let plugin = &ComponentKind::WASM_PLUGIN;
    for (path, expected) in [
        ("spec.vmConfig.env.0", "{name: ''}"),
        ("spec.targetRefs.0", "{kind: '', name: ''}"),
        ("spec.match.0.ports.0", "{number: 1}"),
        ("spec.match.0", "{}"),
        ("spec.match", "[]"),
        ("spec.priority", "0"),
        ("spec.failStrategy", "FAIL_CLOSE"),
        ("spec.match.0.mode", "UNDEFINED"),
    ] {
        assert_eq!(at(plugin, path).initial(), value(expected), "{path}");
    }
}
