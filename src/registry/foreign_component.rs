//! Component definitions of others, as Meshery registers them: kinds that this program does not know of itself.
//!
//! They give a kind its names, its model, whether it lives in a namespace, and a form. They are never a reason to
//! refuse a value: such schemas are flattened and of some version of the kind.

use std::sync::{Arc, LazyLock};

use crate::model::{ComponentKind, Map, Value};

use super::component_definition::{ComponentDefinition, ConfigurationSchema, Model};
use super::field_spec::FieldSpec;
use super::load::{DefinitionError, Node};
use super::{builtin, json_schema};

/// Metadata that any Kubernetes object has; Meshery's schemas leave it out.
pub(super) static OBJECT_META: LazyLock<FieldSpec> = LazyLock::new(|| {
    let shared = super::read_shared(builtin::SHARED);
    let part = shared.ok().and_then(|(_, mut parts)| parts.remove("objectMeta"));
    part.unwrap_or_else(json_schema::open)
});

/// What a component that we make has of its model; the rest is icons and statistics.
const MODEL_KEYS: [&str; 10] = [
    "id",
    "schemaVersion",
    "version",
    "name",
    "displayName",
    "status",
    "registrant",
    "category",
    "subCategory",
    "model",
];

/// The kind that a definition is about.
pub(super) fn kind(node: &Node<'_>) -> Result<ComponentKind, DefinitionError> {
    let component = node.required("component")?;
    let kind = component.required("kind")?.text()?;
    let version = component.text_or("version", "")?;
    if kind.trim().is_empty() || version.trim().is_empty() {
        return Err(component.error("`kind` or `version` is blank"));
    }
    Ok(ComponentKind::parse(kind.trim(), version.trim()))
}

/// Reads a definition, and says what of it could not be understood.
pub(super) fn read(node: &Node<'_>) -> Result<(ComponentDefinition, Option<&'static str>), DefinitionError> {
    let kind = kind(node)?;
    let text = |keys: &[&str]| node.value.text_at(keys).map(str::trim).filter(|text| !text.is_empty());
    let flag = |keys: &[&str]| node.value.at(keys).and_then(Value::as_bool);
    let is_annotation = flag(&["metadata", "isAnnotation"]).unwrap_or(false);
    let (schema, remark) = schema(node.value.at(&["component", "schema"]), is_annotation);
    let color = text(&["styles", "primaryColor"]).filter(|color| is_color(color));
    let definition = ComponentDefinition {
        model: Arc::new(model(node)?),
        label: text(&["displayName"]).unwrap_or(&kind.kind).to_owned(),
        description: text(&["description"]).map(json_schema::first_sentence).unwrap_or_default(),
        shape: text(&["styles", "shape"]).unwrap_or("rectangle").to_owned(),
        primary_color: color.unwrap_or("#326CE5").to_owned(),
        is_annotation,
        // Where nobody says so, a namespace that somebody set has to stay in an export.
        namespaced: flag(&["metadata", "isNamespaced"]).unwrap_or(!is_annotation),
        in_palette: false,
        schema,
        file: Some(node.file().to_owned()),
        default_configuration: Map::new(),
        legacy_paths: Vec::new(),
        kind,
    };
    Ok((definition, remark))
}

/// The schema stands as text in the definition, in some as a mapping.
fn schema(value: Option<&Value>, is_annotation: bool) -> (ConfigurationSchema, Option<&'static str>) {
    let text: Arc<str> = match value {
        Some(Value::Text(text)) => text.as_str().into(),
        Some(map @ Value::Map(_)) => crate::yaml::emit_json_compact(map).into(),
        _ => "".into(),
    };
    if text.trim().is_empty() {
        let remark = "it has no schema, so anything may stand in the configuration of this kind";
        return (json_schema::open().into(), Some(remark));
    }
    if json_schema::read(&text).is_none() {
        let remark = "its schema is no JSON Schema of an object, so anything may stand in the configuration of this kind";
        return (json_schema::open().into(), Some(remark));
    }
    // Kept as text: most of a large set of definitions is never looked at.
    let read = move || {
        let mut spec = json_schema::read(&text).unwrap_or_else(json_schema::open);
        if !is_annotation && !spec.properties.is_empty() && !spec.properties.contains_key("metadata") {
            spec.properties.shift_insert(0, "metadata".to_owned(), OBJECT_META.clone());
        }
        spec
    };
    (ConfigurationSchema::when_asked(read), None)
}

fn model(node: &Node<'_>) -> Result<Model, DefinitionError> {
    let found = node.get("model").filter(|model| model.get("name").is_some());
    let Some(found) = found.or_else(|| node.get("modelReference")) else {
        return Err(node.error("`model` with a name is missing"));
    };
    let mut map = Map::new();
    for key in MODEL_KEYS {
        let Some(value) = found.get(key).map(|child| child.value) else { continue };
        let value = match (key, value) {
            ("registrant", Value::Map(registrant)) => only(registrant, "kind"),
            ("category", Value::Map(category)) => only(category, "name"),
            _ => value.clone(),
        };
        map.insert(key, value);
    }
    let tree = Value::Map(map);
    Model::read(&found.with(&tree))
}

fn only(map: &Map, key: &str) -> Value {
    Value::Map(map.get(key).map(|value| (key, value.clone())).into_iter().collect())
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
