//! The relationship that joins two components: what a gesture, an identification or an import adds to the design.

use crate::model::{Component, FieldPath, Relationship, RelationshipId, Value};
use crate::registry::{Candidate, Registry, Selector};
use crate::yaml::emit_json_compact;

/// The `schemaVersion` of a relationship of our own making.
const SCHEMA_VERSION: &str = "relationships.meshery.io/v1alpha3";

/// How the registry sees `component` when it asks whether a selector fits.
pub fn candidate<'a>(component: &'a Component, registry: &Registry) -> Candidate<'a> {
    let namespaced = match registry.component(component.kind()) {
        Some(definition) => definition.namespaced,
        None => component.tree().at(&["metadata", "isNamespaced"]).and_then(Value::as_bool).unwrap_or(false),
    };
    Candidate { kind: component.kind(), model: component.model_name(), namespaced }
}

/// A relationship of `class` (`hierarchical-parent-wallet`) from `child` to `parent`, status `approved`, without any
/// record of ours. `None` when no definition joins the two.
///
/// Its id follows from what it joins, so that the same join has the same id on every machine.
pub fn new_relationship(
    registry: &Registry,
    class: &str,
    child: &Component,
    parent: &Component,
) -> Option<Relationship> {
    let (from, to) = (candidate(child, registry), candidate(parent, registry));
    let mut definitions = registry.relationships().iter().filter(|it| it.enabled && it.is_class(class));
    let (definition, from, to) = definitions.find_map(|definition| {
        let (from, to) = definition.joins(from, to)?;
        Some((definition, from, to))
    })?;
    let allow = Value::from([
        ("from", Value::List(vec![selector(registry, child, from)])),
        ("to", Value::List(vec![selector(registry, parent, to)])),
    ]);
    let set = Value::from([("allow", allow)]);
    let id = RelationshipId::from_name(&emit_json_compact(&set));
    let mut tree = crate::model::Map::new();
    tree.insert("id", Value::from(id.to_string()));
    tree.insert("schemaVersion", Value::from(SCHEMA_VERSION));
    tree.insert("version", Value::from("v1.0.0"));
    // The model that defines the relationship, else the parent's: one of the two is always known.
    let model = registry.components().iter().map(|it| &it.model).find(|it| it.name() == definition.model);
    let model = model.or_else(|| registry.component(parent.kind()).map(|it| &it.model));
    if let Some(model) = model {
        tree.insert("model", model.reference());
    }
    tree.insert("kind", Value::from(definition.kind.as_str()));
    tree.insert("type", Value::from(definition.type_.as_str()));
    tree.insert("subType", Value::from(definition.sub_type.as_str()));
    tree.insert("status", Value::from("approved"));
    tree.insert("evaluationQuery", Value::from(""));
    tree.insert("selectors", Value::List(vec![set]));
    Some(Relationship::from_tree(id, Value::Map(tree)))
}

/// One side of the pair: which component, and what flows.
fn selector(registry: &Registry, component: &Component, selector: &Selector) -> Value {
    let mut side = crate::model::Map::new();
    let id = if component.id_text().trim().is_empty() {
        component.id().to_string()
    } else {
        component.id_text().to_owned()
    };
    side.insert("id", Value::from(id));
    side.insert("kind", Value::from(&*component.kind().kind));
    match registry.component(component.kind()) {
        Some(definition) => {
            side.insert("model", definition.model.selector());
        }
        None => {
            if let Some(name) = component.model_name() {
                side.insert("model", Value::from([("name", Value::from(name))]));
            }
        }
    }
    if let Some(patch) = &selector.patch {
        let mut flow = crate::model::Map::new();
        flow.insert("patchStrategy", Value::from(patch.strategy.word()));
        for (key, refs) in [("mutatorRef", &patch.mutator_ref), ("mutatedRef", &patch.mutated_ref)] {
            if !refs.is_empty() {
                flow.insert(key, Value::List(refs.iter().map(path_value).collect()));
            }
        }
        side.insert("patch", Value::Map(flow));
    }
    Value::Map(side)
}

/// A path as Meshery writes it: a list of texts.
fn path_value(path: &FieldPath) -> Value {
    let text = |segment: &crate::model::Segment| match segment {
        crate::model::Segment::Key(key) => Value::from(key.as_str()),
        crate::model::Segment::Index(index) => Value::from(index.to_string()),
    };
    Value::List(path.iter().map(text).collect())
}
