//! The wire object of a component that is made here: complete in the sense of Meshery's schema (`meshery-format.md`, 4.1).

use crate::model::{Component, ComponentId, ComponentKind, Map, Position, Value};
use crate::registry::{ComponentDefinition, Registry};

/// A component of a known kind, called `name`.
pub(super) fn new_component(
    definition: &ComponentDefinition,
    id: ComponentId,
    name: &str,
    position: Option<Position>,
) -> Component {
    with_configuration(definition, id, name, position, definition.new_configuration(name))
}

/// The same with a configuration of its own.
pub(super) fn with_configuration(
    definition: &ComponentDefinition,
    id: ComponentId,
    name: &str,
    position: Option<Position>,
    configuration: Map,
) -> Component {
    let kind = &definition.kind;
    let tree = Value::from([
        ("id", id.to_string().into()),
        ("schemaVersion", "components.meshery.io/v1beta1".into()),
        ("version", "v1.0.0".into()),
        ("displayName", name.into()),
        ("description", "".into()),
        ("format", "JSON".into()),
        ("model", definition.model.tree().clone()),
        ("modelReference", definition.model.reference()),
        (
            "component",
            Value::from([("kind", (&*kind.kind).into()), ("version", (&*kind.api_version()).into())]),
        ),
        ("configuration", Value::Map(configuration)),
        ("styles", looks(&definition.shape, &definition.primary_color, position.map(Position::to_value))),
        ("status", "enabled".into()),
        (
            "metadata",
            Value::from([
                ("genealogy", "".into()),
                ("isAnnotation", definition.is_annotation.into()),
                ("isNamespaced", definition.namespaced.into()),
                ("published", true.into()),
                ("instanceDetails", Value::Map(Map::new())),
                ("configurationUISchema", "".into()),
            ]),
        ),
    ]);
    let mut component = Component::from_tree(id, tree);
    if component.reference_by_default() {
        // A new namespace is an object, not a reference to one that is there already.
        let mut tree = component.tree().clone();
        if let Some(metadata) = tree.as_map_mut().and_then(|map| map.get_mut("metadata")?.as_map_mut()) {
            metadata.insert("billfold", Value::from([("referenceOnly", Value::from(false))]));
        }
        component = Component::from_tree(id, tree);
    }
    component
}

/// The `styles` of a component that has none.
pub(super) fn styles(registry: &Registry, kind: &ComponentKind, position: Option<Value>) -> Value {
    match registry.component(kind) {
        Some(definition) => looks(&definition.shape, &definition.primary_color, position),
        None => looks("rectangle", "", position),
    }
}

/// `styles` with all that Meshery's schema requires beside a position.
fn looks(shape: &str, color: &str, position: Option<Value>) -> Value {
    let mut styles = Map::new();
    if let Some(position) = position {
        styles.insert("position", position);
    }
    for (key, text) in
        [("shape", shape), ("primaryColor", color), ("svgColor", ""), ("svgWhite", ""), ("svgComplete", "")]
    {
        styles.insert(key, text.into());
    }
    Value::Map(styles)
}
