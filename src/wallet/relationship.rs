//! Relationships that we create: complete, as Meshery stores them, with our canonical references.
//!
//! The id follows from the selector set, so that the same join has the same id on every machine.

use std::borrow::Cow;

use crate::model::ids::name_uuid;
use crate::model::relationship::{INVENTORY, WALLET};
use crate::model::{
    Component, ComponentId, Design, FieldPath, Map, Relationship, RelationshipId, Segment, Value,
};
use crate::registry::{Candidate, Registry, RelationshipDefinition, Selector};
use crate::yaml;

/// The schema version of a relationship that we write.
const SCHEMA_VERSION: &str = "relationships.meshery.io/v1alpha3";

/// The version of a relationship that we write.
const VERSION: &str = "v1.0.0";

/// The relationship that puts the filter `child` into the wallet `parent`, a WasmPlugin or EnvoyFilter.
///
/// `None` when one of them is not in the design, or the kinds do not fit.
pub fn wallet(design: &Design, child: ComponentId, parent: ComponentId) -> Option<Relationship> {
    new_in(design, WALLET, child, parent)
}

/// The relationship that puts `child` into the frame of the Namespace `parent`.
///
/// `None` when one of them is not in the design, or the kinds do not fit.
pub fn inventory(design: &Design, child: ComponentId, parent: ComponentId) -> Option<Relationship> {
    new_in(design, INVENTORY, child, parent)
}

fn new_in(design: &Design, class: &str, child: ComponentId, parent: ComponentId) -> Option<Relationship> {
    with_free_id(design, between(class, design.component(child)?, design.component(parent)?)?)
}

/// The relationship with an id that is not taken: one with status `deleted` may bear it already, and the next in line is
/// used.
pub fn with_free_id(design: &Design, made: Relationship) -> Option<Relationship> {
    let is_free = |id: &RelationshipId| design.relationship(*id).is_none();
    if is_free(&made.id()) {
        return Some(made);
    }
    let id = (2..=design.relationships().len() + 2)
        .map(|number| RelationshipId::from_name(&format!("{}#{number}", made.id())))
        .find(is_free)?;
    let mut tree = made.tree().clone();
    tree.as_map_mut()?.insert("id", id.to_string().into());
    Some(Relationship::from_tree(id, tree))
}

/// A relationship of `class` between two components, which need not be in a design yet: what the built-in definition
/// of that class gives for them. `None` when there is none that joins the two. Whether a kind of others lives in a
/// namespace is for those to say who know the definitions in force.
pub fn between(class: &str, child: &Component, parent: &Component) -> Option<Relationship> {
    let registry = Registry::builtin();
    let is_foreign = registry.component(child.kind()).is_none();
    let from = candidate(&registry, child);
    let from = Candidate { namespaced: from.namespaced || is_foreign, ..from };
    let to = candidate(&registry, parent);
    let mut definitions = registry.relationships_of(class);
    let (definition, (from, to)) = definitions.find_map(|it| Some((it, it.joins(from, to)?)))?;
    Some(of_definition(&registry, definition, (from, to), child, parent))
}

/// The relationship that a definition gives for two components that these of its selectors fit.
pub fn of_definition(
    registry: &Registry,
    definition: &RelationshipDefinition,
    (from, to): (&Selector, &Selector),
    child: &Component,
    parent: &Component,
) -> Relationship {
    let (from, mut to) = without_inert_pairs(from, to);
    if let (Some(_), Some(patch)) = (&definition.entry_ref, &mut to.to_mut().patch) {
        // Which entry of the list a child owns no reference can say: Meshery would write into the last one.
        patch.mutated_ref.clear();
    }
    let (from, to) = (end(registry, child, &from), end(registry, parent, &to));
    let side = |end: Value| Value::List(vec![end]);
    let set = Value::from([("allow", Value::from([("from", side(from)), ("to", side(to))]))]);
    let id = name_uuid(&yaml::emit_json_compact(&set));
    let tree = Value::from([
        ("id", id.to_string().into()),
        ("schemaVersion", SCHEMA_VERSION.into()),
        ("version", VERSION.into()),
        ("model", model_reference(registry, parent)),
        ("kind", definition.kind.as_str().into()),
        ("type", definition.type_.as_str().into()),
        ("subType", definition.sub_type.as_str().into()),
        ("status", "approved".into()),
        ("evaluationQuery", "".into()),
        ("selectors", Value::List(vec![set])),
    ]);
    Relationship::from_tree(RelationshipId::new(id), tree)
}

/// What a selector is asked about this component.
pub fn candidate<'a>(registry: &Registry, component: &'a Component) -> Candidate<'a> {
    let says_so =
        || component.tree().at(&["metadata", "isNamespaced"]).and_then(Value::as_bool).unwrap_or(false);
    Candidate {
        kind: component.kind(),
        model: component.model_name(),
        namespaced: registry.component(component.kind()).map_or_else(says_so, |it| it.namespaced),
    }
}

/// The selectors without the pairs of references of which one leads nowhere (DS009).
fn without_inert_pairs<'s>(from: &'s Selector, to: &'s Selector) -> (Cow<'s, Selector>, Cow<'s, Selector>) {
    let (mut from, mut to) = (Cow::Borrowed(from), Cow::Borrowed(to));
    let patches = |from: &Selector, to: &Selector| from.patch.clone().zip(to.patch.clone());
    let Some((mut one, mut other)) = patches(&from, &to) else { return (from, to) };
    let mut is_changed = false;
    for (given, received) in
        [(&mut one.mutator_ref, &mut other.mutated_ref), (&mut other.mutator_ref, &mut one.mutated_ref)]
    {
        let is_dead =
            |paths: &[FieldPath], place: usize| paths.get(place).is_some_and(|path| path.is_empty());
        let dead: Vec<usize> = (0..given.len().max(received.len()))
            .rev()
            .filter(|place| is_dead(given, *place) || is_dead(received, *place))
            .collect();
        for place in dead {
            is_changed = true;
            for paths in [&mut *given, &mut *received] {
                if place < paths.len() {
                    paths.remove(place);
                }
            }
        }
    }
    if is_changed {
        from.to_mut().patch = Some(one);
        to.to_mut().patch = Some(other);
    }
    (from, to)
}

fn end(registry: &Registry, component: &Component, selector: &Selector) -> Value {
    // The kind as the definition has it: Meshery joins two once more where another kind stands than it would write.
    let kind = selector.kind.as_deref().unwrap_or("*");
    let mut map = Map::from([("id", component_id_text(component)), ("kind", kind.into())]);
    if let Some(model) = selector_model(registry, component, selector) {
        map.insert("model", model);
    }
    if let Some(patch) = &selector.patch {
        let mut refs = Map::from([("patchStrategy", Value::from(patch.strategy.word()))]);
        for (key, paths) in [("mutatorRef", &patch.mutator_ref), ("mutatedRef", &patch.mutated_ref)] {
            if !paths.is_empty() {
                refs.insert(key, Value::List(paths.iter().map(|path| reference_value(path)).collect()));
            }
        }
        map.insert("patch", Value::Map(refs));
    }
    Value::Map(map)
}

/// A path as references spell it: Meshery reads them as lists of text, indexes included.
pub fn reference_value(path: &[Segment]) -> Value {
    let segment = |segment: &Segment| match segment {
        Segment::Key(key) => Value::from(key.as_str()),
        Segment::Index(index) => Value::from(index.to_string()),
    };
    Value::List(path.iter().map(segment).collect())
}

/// A path as a list of its segments, as records spell it.
pub fn path_value(path: &[Segment]) -> Value {
    let segment = |segment: &Segment| match segment {
        Segment::Key(key) => Value::from(key.as_str()),
        Segment::Index(index) => i64::try_from(*index).map_or(Value::Null, Value::from),
    };
    Value::List(path.iter().map(segment).collect())
}

/// The id as the file of the component spells it, so that a search for it finds both places.
fn component_id_text(component: &Component) -> Value {
    let text = component.id_text();
    let names_it = ComponentId::from_text(text) == Some(component.id());
    if names_it { text.into() } else { component.id().to_string().into() }
}

const MODEL_KEYS: [&str; 6] = ["id", "name", "version", "displayName", "model", "registrant"];

/// The `model` of the relationship: the reference to the parent's model.
fn model_reference(registry: &Registry, component: &Component) -> Value {
    let tree = component.tree();
    let complete = |model: &&Value| MODEL_KEYS.iter().all(|key| model.at(&[key]).is_some());
    let own = [tree.at(&["modelReference"]), tree.at(&["model"])].into_iter().flatten().find(complete);
    let entries =
        |model: &Map| MODEL_KEYS.iter().filter_map(|key| Some((*key, model.get(key)?.clone()))).collect();
    match own.and_then(Value::as_map) {
        Some(model) => Value::Map(entries(model)),
        None => registry.component(component.kind()).map_or(Value::Null, |it| it.model.reference()),
    }
}

/// The component's model; that of one which says none as the definition has it, so that this describes what we write.
fn selector_model(registry: &Registry, component: &Component, selector: &Selector) -> Option<Value> {
    let tree = component.tree();
    let named = |model: &&Value| model.text_at(&["name"]).is_some_and(|name| !name.trim().is_empty());
    let own = [tree.at(&["modelReference"]), tree.at(&["model"])].into_iter().flatten().find(named);
    let Some(model) = own else {
        let known = registry.component(component.kind()).map(|it| &it.model);
        return match selector.model.as_deref().filter(|name| known.is_none_or(|it| it.name() != *name)) {
            Some(name) => Some(Value::from([("name", name.into())])),
            None => known.map(|it| it.selector()),
        };
    };
    let mut map = Map::from([("name", model.at(&["name"])?.clone())]);
    if let Some(registrant) = model.text_at(&["registrant", "kind"]).filter(|kind| !kind.is_empty()) {
        map.insert("registrant", Value::from([("kind", registrant.into())]));
    }
    Some(Value::Map(map))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ComponentKind;

    /// Every relationship of the samples is exactly what is made here, but for its record.
    #[test]
    fn the_samples_hold_what_is_made_here() {
        for sample in [
            include_str!("../../designs/edge-security.yaml"),
            include_str!("../../designs/frontpage-envoyfilter.yaml"),
            include_str!("../../designs/hierarchical-parent-wallet.yaml"),
            include_str!("../../designs/http-call-on-back-golang.yaml"),
        ] {
            let design = Design::from_tree(yaml::parse(sample).unwrap().into_first().unwrap().value);
            assert!(design.relationships().len() > 0);
            for stored in design.relationships() {
                let pair = stored.pairs()[0];
                let (from, to) = (pair.from.unwrap(), pair.to.unwrap());
                let (from, to) = (design.component(from).unwrap(), design.component(to).unwrap());
                let made = between(stored.class(), from, to);
                let mut tree = stored.tree().clone();
                tree.as_map_mut().unwrap().remove("metadata");
                assert_eq!(yaml::emit_json_compact(made.unwrap().tree()), yaml::emit_json_compact(&tree));
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_not_joined() {
        let part = |kind: &ComponentKind, name: &str| {
            let version = kind.api_version();
            Component::from_tree(
                ComponentId::from_name(name),
                Value::from([(
                    "component",
                    Value::from([("kind", kind.kind.as_ref().into()), ("version", version.as_ref().into())]),
                )]),
            )
        };
        let plugin = part(&ComponentKind::WASM_PLUGIN, "p");
        let filter = part(&ComponentKind::WASM_FILTER, "f");
        let namespace = part(&ComponentKind::NAMESPACE, "n");
        let other = part(&ComponentKind::NAMESPACE, "m");
        assert!(between(WALLET, &filter, &plugin).is_some());
        assert!(between(WALLET, &plugin, &filter).is_none());
        assert!(between(WALLET, &filter, &namespace).is_none());
        assert!(between(INVENTORY, &plugin, &namespace).is_some());
        assert!(between(INVENTORY, &filter, &namespace).is_none(), "a filter lives in no namespace");
        assert!(between(INVENTORY, &other, &namespace).is_none(), "denied");
        let higress = part(&ComponentKind::parse("WasmPlugin", "extensions.higress.io/v1alpha1"), "h");
        assert!(between(WALLET, &filter, &higress).is_none());
    }
}
