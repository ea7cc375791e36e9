//! What a component of our own making consists of (`meshery-format.md` 4.1).

use crate::model::ids::name_uuid;
use crate::model::{Component, ComponentId, ComponentKind, Map, Position, Value};

use super::ComponentDefinition;

/// The `schemaVersion` of a component in a design of our own making.
pub const COMPONENT_SCHEMA: &str = "components.meshery.io/v1beta1";

/// The versions of components that designs hold: those of v1beta1 and those of v1beta3.
pub const COMPONENT_SCHEMAS: [&str; 2] = [COMPONENT_SCHEMA, "components.meshery.io/v1beta2"];

/// The `schemaVersion` of a component in a design with this `schemaVersion`: designs of v1beta3 hold components of v1beta2.
pub fn component_schema(design_schema: &str) -> &'static str {
    if design_schema == "designs.meshery.io/v1beta3" { COMPONENT_SCHEMAS[1] } else { COMPONENT_SCHEMA }
}

/// What the caller decides about a new component.
#[derive(Clone, Debug)]
pub struct NewComponent<'a> {
    /// Its identity.
    pub id: ComponentId,
    /// Group, version and kind.
    pub kind: &'a ComponentKind,
    /// The definition, if the kind has one: model, looks, whether it lives in a namespace.
    pub definition: Option<&'a ComponentDefinition>,
    /// `displayName`.
    pub display_name: &'a str,
    /// `configuration`.
    pub configuration: Map,
    /// Where it lies, if somebody put it there.
    pub position: Option<Position>,
    /// The `schemaVersion` of components in the design that it goes into: see [`component_schema`].
    pub schema_version: &'a str,
}

/// A component that Meshery takes as complete; no embedded schema, no capabilities.
pub fn new_component(new: NewComponent<'_>) -> Component {
    let definition = new.definition;
    let (model, reference) = match definition {
        Some(definition) => (definition.model.tree().clone(), definition.model.reference()),
        None => foreign_model(new.kind),
    };
    let is_annotation = definition.is_some_and(|definition| definition.is_annotation);
    let namespaced = definition.map_or_else(
        || new.configuration.get("metadata").is_some_and(|metadata| metadata.at(&["namespace"]).is_some()),
        |definition| definition.namespaced,
    );
    let tree = Value::from([
        ("id", Value::from(new.id.to_string())),
        ("schemaVersion", Value::from(new.schema_version)),
        ("version", Value::from("v1.0.0")),
        ("displayName", Value::from(new.display_name)),
        ("description", Value::from("")),
        ("format", Value::from("JSON")),
        ("model", model),
        ("modelReference", reference),
        (
            "component",
            Value::from([
                ("kind", Value::from(&*new.kind.kind)),
                ("version", Value::from(new.kind.api_version().into_owned())),
            ]),
        ),
        ("configuration", Value::Map(new.configuration)),
        ("styles", styles(definition, new.position)),
        ("status", Value::from("enabled")),
        (
            "metadata",
            Value::from([
                ("genealogy", Value::from("")),
                ("isAnnotation", Value::from(is_annotation)),
                ("isNamespaced", Value::from(namespaced)),
                ("published", Value::from(true)),
                ("instanceDetails", Value::Map(Map::new())),
                ("configurationUISchema", Value::from("")),
            ]),
        ),
    ]);
    Component::from_tree(new.id, tree)
}

/// The component, marked as an object to be exported where it would count as a reference without the mark.
pub fn as_object(component: Component) -> Component {
    if !component.reference_by_default() {
        return component;
    }
    let mut tree = component.tree().clone();
    if let Some(metadata) = tree.as_map_mut().and_then(|map| map.get_mut("metadata")?.as_map_mut()) {
        metadata.insert("billfold", Value::from([("referenceOnly", Value::from(false))]));
    }
    Component::from_tree(component.id(), tree)
}

/// The `styles` of a component: a position, and what Meshery's schema requires beside it.
pub fn styles(definition: Option<&ComponentDefinition>, position: Option<Position>) -> Value {
    let mut styles = Map::new();
    if let Some(position) = position {
        styles.insert("position", position.to_value());
    }
    styles.insert("shape", definition.map_or("rectangle", |definition| definition.shape.as_str()).into());
    let color = definition.map_or("#326CE5", |definition| definition.primary_color.as_str());
    styles.insert("primaryColor", color.into());
    for key in ["svgColor", "svgWhite", "svgComplete"] {
        styles.insert(key, "".into());
    }
    Value::Map(styles)
}

/// The model of a kind without a definition, named after its API group: Meshery finds the registered one by kind, and
/// the name only has to be the same on every machine.
fn foreign_model(kind: &ComponentKind) -> (Value, Value) {
    let name = if kind.group.is_empty() { "kubernetes" } else { &*kind.group };
    let id = name_uuid(&format!("model/{name}")).to_string();
    let version = if kind.version.is_empty() { "v1" } else { &*kind.version };
    let inner = || Value::from([("version", Value::from(version))]);
    let registrant = || Value::from([("kind", Value::from("kubernetes"))]);
    let model = Value::from([
        ("id", Value::from(id.as_str())),
        ("schemaVersion", Value::from("models.meshery.io/v1beta1")),
        ("version", Value::from("v1.0.0")),
        ("name", Value::from(name)),
        ("displayName", Value::from(name)),
        ("status", Value::from("enabled")),
        ("registrant", registrant()),
        ("model", inner()),
    ]);
    let reference = Value::from([
        ("id", Value::from(id.as_str())),
        ("name", Value::from(name)),
        ("version", Value::from("v1.0.0")),
        ("displayName", Value::from(name)),
        ("model", inner()),
        ("registrant", registrant()),
    ]);
    (model, reference)
}
