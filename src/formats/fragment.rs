//! Design fragments for the clipboard: a small design of the chosen components. [`super::open`] reads one.

use indexmap::IndexSet;

use crate::model::relationship::Status;
use crate::model::{Component, ComponentId, ComponentKind, Design, Relationship, Value};
use crate::yaml::{self, Format};

use super::meshery::new_design;

/// A fragment, ready for the clipboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// A `v1beta1` document, YAML.
    pub text: String,
    /// How many components it holds.
    pub components: usize,
    /// How many Secrets had data, which is not in the text.
    pub secrets_emptied: usize,
}

/// Makes a fragment: the chosen components, the filters of chosen wallets, and the relationships among them.
///
/// Order and ids are those of the design. Data of Secrets is taken out.
pub fn fragment(design: &Design, chosen: &[ComponentId]) -> Fragment {
    let mut wanted: IndexSet<ComponentId, foldhash::fast::FixedState> = chosen.iter().copied().collect();
    for &id in chosen {
        wanted.extend(design.chain(id).iter().map(|link| link.from));
    }
    let mut secrets_emptied = 0;
    let mut components = Vec::new();
    for component in design.components().filter(|component| wanted.contains(&component.id())) {
        let mut tree = component.tree().clone();
        if component.is(&ComponentKind::SECRET) && take_secret_data(&mut tree) {
            secrets_emptied += 1;
        }
        components.push(tree);
    }
    let relationships: Vec<Value> =
        design.relationships().filter_map(|relationship| among(relationship, &wanted)).collect();
    let count = components.len();
    let name = if design.name().is_empty() { "Fragment" } else { design.name() };
    let inside = design.components().map(Component::id).filter(|id| wanted.contains(id));
    let mut tree = new_design(&fragment_id(inside).to_string(), name).to_tree();
    if let Some(map) = tree.as_map_mut() {
        map.insert("components", Value::List(components));
        map.insert("relationships", Value::List(relationships));
    }
    Fragment { text: yaml::emit(&tree, Format::Yaml), components: count, secrets_emptied }
}

/// Tells whether `design` was read from a fragment, as [`fragment`] makes one, and not from a whole design.
pub fn is_fragment(design: &Design) -> bool {
    let id = design.head().text_at(&["id"]).unwrap_or_default();
    id == fragment_id(design.components().map(Component::id)).to_string()
}

/// The id of a fragment follows from the components in it, so that it is told from a whole design; whoever pastes it gives
/// new ids anyway.
fn fragment_id(components: impl Iterator<Item = ComponentId>) -> ComponentId {
    let ids: Vec<String> = components.map(|id| id.to_string()).collect();
    ComponentId::from_name(&format!("fragment/{}", ids.join("/")))
}

/// Takes the data of a Secret out; tells whether there was any.
fn take_secret_data(tree: &mut Value) -> bool {
    let Some(configuration) = tree.as_map_mut().and_then(|map| map.get_mut("configuration")?.as_map_mut())
    else {
        return false;
    };
    let mut had_data = false;
    for key in ["data", "stringData"] {
        had_data |= configuration.remove(key).is_some();
    }
    // `kubectl apply` keeps a copy of the whole object there, data included.
    if let Some(annotations) = configuration
        .get_mut("metadata")
        .and_then(|metadata| metadata.as_map_mut()?.get_mut("annotations")?.as_map_mut())
    {
        had_data |= annotations.remove(crate::wallet::object::LAST_APPLIED).is_some();
    }
    had_data
}

/// The relationship without what leads out of the fragment; `None` when no pair is left.
fn among(
    relationship: &Relationship,
    wanted: &IndexSet<ComponentId, foldhash::fast::FixedState>,
) -> Option<Value> {
    let is_in = |id: Option<ComponentId>| id.is_some_and(|id| wanted.contains(&id));
    let is_inside = relationship.pairs().iter().any(|pair| is_in(pair.from) && is_in(pair.to));
    if !is_inside || relationship.status() == Status::Deleted {
        return None;
    }
    let mut tree = relationship.tree().clone();
    let sets = tree.as_map_mut()?.get_mut("selectors")?;
    if let Value::List(sets) = sets {
        for set in sets.iter_mut() {
            for side in ["from", "to"] {
                let items =
                    set.as_map_mut().and_then(|set| set.get_mut("allow")?.as_map_mut()?.get_mut(side));
                if let Some(Value::List(items)) = items {
                    items.retain(|item| is_in(item.text_at(&["id"]).and_then(ComponentId::from_text)));
                }
            }
        }
        let has_items = |set: &Value, side: &str| {
            set.at(&["allow", side]).and_then(Value::as_list).is_some_and(|items| !items.is_empty())
        };
        sets.retain(|set| has_items(set, "from") && has_items(set, "to"));
    }
    Some(tree)
}
