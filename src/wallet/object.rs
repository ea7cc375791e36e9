//! A component's configuration as a Kubernetes object, by the export rules of `product.md`.

use crate::model::{Component, ComponentKind, FieldPath, Map, Value};
use crate::registry::{ComponentDefinition, FieldKind, FieldSpec, Registry};

/// What the API server adds to `metadata` by itself.
const SERVER_METADATA: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];

/// Where `kubectl apply` keeps a copy of the whole object.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Kinds that live in no namespace, by group (Kubernetes, Gateway API); those of the registry say so themselves.
const CLUSTER_SCOPED: [(&str, &str); 19] = [
    ("", "Namespace"),
    ("", "Node"),
    ("", "PersistentVolume"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("gateway.networking.k8s.io", "GatewayClass"),
    ("networking.k8s.io", "IngressClass"),
    ("node.k8s.io", "RuntimeClass"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "CSINode"),
    ("storage.k8s.io", "StorageClass"),
    ("storage.k8s.io", "VolumeAttachment"),
];

/// Tells whether objects of this kind live in no namespace. Of an unknown kind nobody can tell: `false`.
pub fn is_cluster_scoped(kind: &ComponentKind, registry: &Registry) -> bool {
    match registry.component(kind) {
        Some(definition) => !definition.namespaced,
        None => CLUSTER_SCOPED.iter().any(|(group, name)| *group == kind.group && *name == kind.kind),
    }
}

/// The object that `component` is: `apiVersion`, `kind`, `metadata`, and the other keys in the order of the file.
///
/// Of the keys of `spec` that are `replaced` afterwards only the places are kept: their values need not be copied.
pub(super) fn of_component(
    component: &Component,
    name: &str,
    is_cluster_scoped: bool,
    replaced: &[&str],
) -> Map {
    let empty = Map::new();
    let configuration = component.configuration().unwrap_or(&empty);
    let kind = component.kind();
    let mut api_version = kind.api_version().into_owned();
    if api_version.is_empty() {
        configuration.text("apiVersion").unwrap_or_default().clone_into(&mut api_version);
    }
    let mut object = Map::new();
    object.insert("apiVersion", Value::from(api_version));
    object.insert("kind", Value::from(&*kind.kind));
    object.insert("metadata", Value::Map(metadata(configuration.get("metadata"), name, is_cluster_scoped)));
    for (key, value) in configuration.iter() {
        match (key, value) {
            ("apiVersion" | "kind" | "metadata" | "status", _) => {}
            ("spec", Value::Map(spec)) if !replaced.is_empty() => {
                let copy = |(key, value): (&str, &Value)| {
                    let is_replaced = replaced.contains(&key);
                    (key.to_owned(), if is_replaced { Value::Null } else { value.clone() })
                };
                object.insert(key, Value::Map(spec.iter().map(copy).collect()));
            }
            _ => {
                object.insert(key, value.clone());
            }
        }
    }
    object
}

fn metadata(source: Option<&Value>, name: &str, is_cluster_scoped: bool) -> Map {
    let mut metadata = Map::new();
    let source = source.and_then(Value::as_map);
    let is_generated = source.is_some_and(|source| {
        source.get("generateName").is_some_and(|name| !name.is_blank())
            && source.get("name").is_none_or(Value::is_blank)
    });
    if !is_generated && source.is_none_or(|source| !source.contains_key("name")) {
        metadata.insert("name", Value::from(name));
    }
    for (key, value) in source.into_iter().flat_map(Map::iter) {
        match key {
            "name" if is_generated => {}
            // A name that is no text stays what it is: the check says so, and nothing is written.
            "name" if value.is_blank() || value.as_text().is_some() => {
                metadata.insert(key, Value::from(name));
            }
            "namespace" if is_cluster_scoped || value.is_blank() => {}
            "annotations" => {
                if let Some(annotations) = without_last_applied(value) {
                    metadata.insert(key, annotations);
                }
            }
            _ if SERVER_METADATA.contains(&key) => {}
            _ => {
                metadata.insert(key, value.clone());
            }
        }
    }
    metadata
}

/// The annotations without the copy of the object; `None` when nothing else was there.
fn without_last_applied(annotations: &Value) -> Option<Value> {
    let mut kept = annotations.clone();
    if let Some(map) = kept.as_map_mut()
        && map.remove(LAST_APPLIED).is_some()
        && map.is_empty()
    {
        return None;
    }
    Some(kept)
}

/// An object without its `apiVersion` and `kind` and without what the API server adds: what a component's configuration
/// holds of it. Also says what was left out, as `metadata.uid`.
pub fn without_server_fields(object: &Map) -> (Map, Vec<String>) {
    let mut configuration = Map::new();
    let mut left_out = Vec::new();
    for (key, value) in object.iter() {
        match (key, value) {
            ("apiVersion" | "kind", _) => {}
            ("status", _) => left_out.push(key.to_owned()),
            ("metadata", Value::Map(source)) => {
                let mut metadata = Map::new();
                for (key, value) in source.iter() {
                    if SERVER_METADATA.contains(&key) {
                        left_out.push(format!("metadata.{key}"));
                    } else if key == "annotations" {
                        let kept = without_last_applied(value);
                        if kept.as_ref() != Some(value) {
                            left_out.push("the last-applied annotation".to_owned());
                        }
                        if let Some(annotations) = kept {
                            metadata.insert(key, annotations);
                        }
                    } else {
                        metadata.insert(key, value.clone());
                    }
                }
                configuration.insert(key, Value::Map(metadata));
            }
            _ => {
                configuration.insert(key, value.clone());
            }
        }
    }
    (configuration, left_out)
}

/// Sets `metadata.name` of an object.
pub(super) fn set_name(object: &mut Map, name: &str) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_map_mut) {
        metadata.insert("name", Value::from(name));
    }
}

/// Sets or removes `key`. A new key stands before the first present one that the schema lists later, else at the end.
pub(super) fn put(map: &mut Map, key: &str, value: Option<Value>, schema: Option<&FieldSpec>) {
    let Some(value) = value else {
        map.remove(key);
        return;
    };
    if map.contains_key(key) {
        map.insert(key, value);
        return;
    }
    let place =
        schema.and_then(|schema| schema.keys_after(key).filter_map(|later| map.place_of(later)).min());
    match place {
        Some(place) => map.insert_at(place, key, value),
        None => map.insert(key, value),
    };
}

/// Moves what stands under a key of Meshery's shipped definitions (`configuration.pluginConfig`) to where it belongs,
/// unless something stands there.
pub(super) fn adopt_legacy_keys(object: &mut Map, definition: Option<&ComponentDefinition>) {
    let Some(definition) = definition else { return };
    let legacy: Vec<(String, FieldPath)> = object
        .keys()
        .filter_map(|key| {
            let path = FieldPath::keys(&["configuration", key]);
            let canonical = definition.canonical(&path);
            (*canonical != path).then(|| (key.to_owned(), canonical.into_owned()))
        })
        .collect();
    for (key, canonical) in legacy {
        let (Some((_, value)), Some([parent, leaf])) =
            (object.remove(&key), canonical.strip_keys(&["configuration"]))
        else {
            continue;
        };
        let (Some(parent), Some(leaf)) = (parent.as_key(), leaf.as_key()) else { continue };
        if object.get(parent).is_none_or(Value::is_null) {
            object.insert(parent, Value::Map(Map::new()));
        }
        if let Some(map) = object.get_mut(parent).and_then(Value::as_map_mut)
            && map.get(leaf).is_none_or(Value::is_blank)
        {
            put(map, leaf, Some(value), definition.schema.field_at(&[parent]));
        }
    }
}

/// Reads `pluginConfig` that stands as text, the way Meshery stores it, into the mapping that Istio takes.
pub(super) fn read_config_text(spec: &mut Map) {
    let Some(config @ Value::Text(_)) = spec.get("pluginConfig") else { return };
    if let Ok(Some(config)) = super::module_group::read_mapping(config) {
        let config = config.into_owned();
        spec.insert("pluginConfig", Value::Map(config));
    }
}

/// Leaves out what says nothing in the fields that `schema` knows: empty text, lists and mappings, and null.
///
/// Items of lists, mappings with keys of the user's own (labels, `pluginConfig`) and unknown fields stay as they are.
pub(super) fn prune(map: &mut Map, schema: &FieldSpec) {
    // Nearly everything says something, and what is not touched stays shared with the component.
    if !can_prune(map, schema) {
        return;
    }
    let mut empty = Vec::new();
    for (key, value) in map.iter_mut() {
        let Some(field) = known_field(key, schema) else { continue };
        prune_below(value, field);
        if is_left_out(key, value, schema) {
            empty.push(key.to_owned());
        }
    }
    for key in empty {
        map.remove(&key);
    }
}

/// Tells whether something in the fields that `schema` knows says nothing.
fn can_prune(map: &Map, schema: &FieldSpec) -> bool {
    map.iter().any(|(key, value)| {
        known_field(key, schema)
            .is_some_and(|field| is_left_out(key, value, schema) || can_prune_below(value, field))
    })
}

fn can_prune_below(value: &Value, field: &FieldSpec) -> bool {
    match (value, field.kind) {
        (Value::Map(map), FieldKind::Object) => can_prune(map, field),
        (Value::List(items), FieldKind::List) => {
            field.items.as_ref().is_some_and(|schema| items.iter().any(|item| can_prune_below(item, schema)))
        }
        _ => false,
    }
}

fn known_field<'s>(key: &str, schema: &'s FieldSpec) -> Option<&'s FieldSpec> {
    let has_properties = matches!(schema.kind, FieldKind::Object | FieldKind::Map);
    schema.properties.get(key).filter(|_| has_properties)
}

fn is_left_out(key: &str, value: &Value, schema: &FieldSpec) -> bool {
    says_nothing(value) && !(keeps_empty_text(key, schema) && value.as_text().is_some())
}

fn prune_below(value: &mut Value, field: &FieldSpec) {
    match (value, field.kind) {
        (Value::Map(map), FieldKind::Object) => prune(map, field),
        (Value::List(items), FieldKind::List) => {
            if let Some(schema) = &field.items {
                for item in items {
                    prune_below(item, schema);
                }
            }
        }
        _ => {}
    }
}

/// `vmConfig.env[].value`: an empty variable is not the same as none.
fn keeps_empty_text(key: &str, parent: &FieldSpec) -> bool {
    key == "value" && parent.properties.contains_key("valueFrom")
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
