//! Relationships that we create: complete, as Meshery stores them, with our canonical references.
//!
//! The id follows from the selector set, so that the same join has the same id on every machine.

use std::fmt::Write as _;

use crate::model::ids::name_uuid;
use crate::model::{Component, ComponentId, ComponentKind, Design, Map, Relationship, RelationshipId, Value};

/// The schema version of a relationship that we write.
const SCHEMA_VERSION: &str = "relationships.meshery.io/v1alpha3";

/// The version of a relationship that we write.
const VERSION: &str = "v1.0.0";

type Refs = &'static [&'static [&'static str]];

/// `mutatorRef` of a filter in a WasmPlugin.
const FILTER_REFS: Refs = &[
    &["configuration", "wasmFilter"],
    &["configuration", "config"],
    &["configuration", "sha256"],
    &["configuration", "pluginName"],
];

/// `mutatedRef` of a WasmPlugin.
const PLUGIN_REFS: Refs = &[
    &["configuration", "spec", "url"],
    &["configuration", "spec", "pluginConfig"],
    &["configuration", "spec", "sha256"],
    &["configuration", "spec", "pluginName"],
];

/// `mutatorRef` of a filter in an EnvoyFilter.
const ENTRY_FILTER_REFS: Refs =
    &[&["configuration", "config"], &["configuration", "pluginName"], &["configuration", "wasmFilter"]];

/// `mutatedRef` of an EnvoyFilter; `_` stands for the filter's own entry.
const ENTRY_REFS: Refs = &[
    &[
        "configuration",
        "spec",
        "configPatches",
        "_",
        "patch",
        "value",
        "typed_config",
        "config",
        "configuration",
    ],
    &["configuration", "spec", "configPatches", "_", "patch", "value", "typed_config", "config", "root_id"],
    &[
        "configuration",
        "spec",
        "configPatches",
        "_",
        "patch",
        "value",
        "typed_config",
        "config",
        "vm_config",
        "code",
        "local",
        "filename",
    ],
];

/// `mutatedRef` of what lies in a namespace.
const NAMESPACE_REFS: Refs = &[&["configuration", "metadata", "namespace"]];

/// `mutatorRef` of a Namespace.
const NAME_REFS: Refs = &[&["displayName"]];

/// The relationship that puts the filter `child` into the wallet `parent`, a WasmPlugin or EnvoyFilter.
///
/// `None` when one of them is not in the design, or the kinds do not fit.
pub fn wallet(design: &Design, child: ComponentId, parent: ComponentId) -> Option<Relationship> {
    between_wallet(design.component(child)?, design.component(parent)?)
}

/// Like [`wallet`], for components that are not in a design yet.
pub fn between_wallet(child: &Component, parent: &Component) -> Option<Relationship> {
    if !child.is(&ComponentKind::WASM_FILTER) {
        return None;
    }
    let (given, received) = if parent.is(&ComponentKind::WASM_PLUGIN) {
        (FILTER_REFS, PLUGIN_REFS)
    } else if parent.is(&ComponentKind::ENVOY_FILTER) {
        (ENTRY_FILTER_REFS, ENTRY_REFS)
    } else {
        return None;
    };
    let from = end(child, "mutatorRef", given);
    let to = end(parent, "mutatedRef", received);
    Some(relationship("wallet", parent, from, to))
}

/// The relationship that puts `child` into the frame of the Namespace `parent`.
///
/// `None` when one of them is not in the design, or `parent` is no Namespace.
pub fn inventory(design: &Design, child: ComponentId, parent: ComponentId) -> Option<Relationship> {
    between_inventory(design.component(child)?, design.component(parent)?)
}

/// Like [`inventory`], for components that are not in a design yet.
pub fn between_inventory(child: &Component, parent: &Component) -> Option<Relationship> {
    if !parent.is(&ComponentKind::NAMESPACE) {
        return None;
    }
    let from = end(child, "mutatedRef", NAMESPACE_REFS);
    let to = end(parent, "mutatorRef", NAME_REFS);
    Some(relationship("inventory", parent, from, to))
}

fn relationship(sub_type: &str, parent: &Component, from: Value, to: Value) -> Relationship {
    let side = |end: Value| Value::List(vec![end]);
    let set = Value::from([("allow", Value::from([("from", side(from)), ("to", side(to))]))]);
    let id = name_uuid(&compact_json(&set));
    let tree = Value::from([
        ("id", id.to_string().into()),
        ("schemaVersion", SCHEMA_VERSION.into()),
        ("version", VERSION.into()),
        ("model", model_reference(parent)),
        ("kind", "hierarchical".into()),
        ("type", "parent".into()),
        ("subType", sub_type.into()),
        ("status", "approved".into()),
        ("evaluationQuery", "".into()),
        ("selectors", Value::List(vec![set])),
    ]);
    Relationship::from_tree(RelationshipId::new(id), tree)
}

fn end(component: &Component, key: &str, refs: Refs) -> Value {
    let path = |keys: &&[&str]| Value::List(keys.iter().map(|key| Value::from(*key)).collect());
    let mut map = Map::from([
        ("id", component_id_text(component)),
        ("kind", Value::from(component.kind().kind.to_string())),
    ]);
    if let Some(model) = selector_model(component) {
        map.insert("model", model);
    }
    let refs = Value::List(refs.iter().map(path).collect());
    map.insert("patch", Value::from([("patchStrategy", "replace".into()), (key, refs)]));
    Value::Map(map)
}

/// The id as the file of the component spells it, so that a search for it finds both places.
fn component_id_text(component: &Component) -> Value {
    let text = component.id_text();
    let names_it = ComponentId::from_text(text) == Some(component.id());
    if names_it { text.into() } else { component.id().to_string().into() }
}

const MODEL_KEYS: [&str; 6] = ["id", "name", "version", "displayName", "model", "registrant"];

/// The `model` of the relationship: the reference to the parent's model.
fn model_reference(component: &Component) -> Value {
    let tree = component.tree();
    let complete = |model: &&Value| MODEL_KEYS.iter().all(|key| model.at(&[key]).is_some());
    let own = [tree.at(&["modelReference"]), tree.at(&["model"])].into_iter().flatten().find(complete);
    match own.and_then(Value::as_map) {
        Some(model) => {
            Value::Map(MODEL_KEYS.iter().filter_map(|key| Some((*key, model.get(key)?.clone()))).collect())
        }
        None => builtin_model(component.kind()),
    }
}

fn selector_model(component: &Component) -> Option<Value> {
    let tree = component.tree();
    let named = |model: &&Value| model.text_at(&["name"]).is_some_and(|name| !name.trim().is_empty());
    let own = [tree.at(&["modelReference"]), tree.at(&["model"])].into_iter().flatten().find(named);
    let builtin = builtin_model(component.kind());
    let model = own.or_else(|| Some(&builtin).filter(named))?;
    let mut map = Map::from([("name", model.at(&["name"])?.clone())]);
    if let Some(registrant) = model.text_at(&["registrant", "kind"]).filter(|kind| !kind.is_empty()) {
        map.insert("registrant", Value::from([("kind", registrant.into())]));
    }
    Some(Value::Map(map))
}

/// The reference to the model that the built-in definition of this kind names; null for a kind that is not known.
fn builtin_model(_kind: &ComponentKind) -> Value {
    Value::Null
}

/// JSON on one line, keys in their order.
fn compact_json(value: &Value) -> String {
    let mut text = String::new();
    write_json(value, &mut text);
    text
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Map(map) => {
            for (i, (key, value)) in map.iter().enumerate() {
                // Writing to a String cannot fail.
                let _infallible = write!(out, "{}{key:?}:", if i == 0 { '{' } else { ',' });
                write_json(value, out);
            }
            out.push('}');
        }
        Value::List(items) => {
            for (i, item) in items.iter().enumerate() {
                out.push(if i == 0 { '[' } else { ',' });
                write_json(item, out);
            }
            out.push(']');
        }
        other => {
            let _infallible = write!(out, "{:?}", other.as_text().unwrap_or_default());
        }
    }
}
