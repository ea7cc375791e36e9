//! A design as lists of plain trees, and what the specification asks about them.

use super::record::{Made, NOTHING};
use billfold::model::{ComponentId, Design, FieldPath, RelationshipId, Segment, Value};

/// Components and relationships in document order, each with its identity.
#[derive(Clone, PartialEq)]
pub(crate) struct Document {
    pub(crate) head: Value,
    pub(crate) components: Vec<(ComponentId, Value)>,
    pub(crate) relationships: Vec<(RelationshipId, Value)>,
}

/// One (from, to) of a relationship.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) relationship: RelationshipId,
    pub(crate) set: usize,
    pub(crate) from_item: usize,
    pub(crate) to_item: usize,
    pub(crate) from: Option<ComponentId>,
    pub(crate) to: Option<ComponentId>,
}

impl Pair {
    /// Tells whether both join the same two components by the same relationship.
    pub(crate) fn joins_the_same(&self, other: &Self) -> bool {
        self.relationship == other.relationship && self.from == other.from && self.to == other.to
    }
}

/// A path of keys: `path("configuration.spec.url")`.
pub(crate) fn path(keys: &str) -> FieldPath {
    FieldPath::keys(&keys.split('.').collect::<Vec<_>>())
}

/// What stands at a path of keys.
pub(crate) fn at<'a>(tree: &'a Value, keys: &str) -> Option<&'a Value> {
    tree.get(&path(keys))
}

/// The text at a path of keys; blank text is none.
pub(crate) fn text_at<'a>(tree: &'a Value, keys: &str) -> Option<&'a str> {
    at(tree, keys)?.as_text().filter(|text| !text.trim().is_empty())
}

impl Document {
    pub(crate) fn of(design: &Design) -> Self {
        Self {
            head: design.head().clone(),
            components: design.components().map(|it| (it.id(), it.tree().clone())).collect(),
            relationships: design.relationships().map(|it| (it.id(), it.tree().clone())).collect(),
        }
    }

    pub(crate) fn component(&self, id: ComponentId) -> Option<&Value> {
        self.components.iter().find(|(other, _)| *other == id).map(|(_, tree)| tree)
    }

    pub(crate) fn component_mut(&mut self, id: ComponentId) -> Option<&mut Value> {
        self.components.iter_mut().find(|(other, _)| *other == id).map(|(_, tree)| tree)
    }

    pub(crate) fn relationship(&self, id: RelationshipId) -> Option<&Value> {
        self.relationships.iter().find(|(other, _)| *other == id).map(|(_, tree)| tree)
    }

    pub(crate) fn relationship_mut(&mut self, id: RelationshipId) -> Option<&mut Value> {
        self.relationships.iter_mut().find(|(other, _)| *other == id).map(|(_, tree)| tree)
    }

    /// Every pair of every relationship that is evaluated, in document order.
    pub(crate) fn live_pairs(&self) -> Vec<Pair> {
        let live = self.relationships.iter().filter(|(_, tree)| is_live(tree));
        live.flat_map(|(id, tree)| pairs(*id, tree)).collect()
    }

    /// Tells whether the design's layers switch this class of relationships off.
    pub(crate) fn is_frozen(&self, class: &str) -> bool {
        let layers = at(&self.head, "preferences.layers.relationships").and_then(Value::as_map);
        layers.is_some_and(|layers| {
            layers
                .iter()
                .any(|(key, value)| value.as_bool() == Some(false) && key.eq_ignore_ascii_case(class))
        })
    }
}

/// `kind-type-subType` in lower case.
pub(crate) fn class(tree: &Value) -> String {
    ["kind", "type", "subType"]
        .map(|key| text_at(tree, key).unwrap_or_default().trim().to_lowercase())
        .join("-")
}

/// Neither a tombstone nor ignored nor an annotation.
pub(crate) fn is_live(tree: &Value) -> bool {
    let status = text_at(tree, "status").unwrap_or_default().trim().to_lowercase();
    let is_annotation = at(tree, "metadata.isAnnotation").and_then(Value::as_bool) == Some(true);
    status != "deleted" && status != "ignored" && !is_annotation
}

/// Every `from` with every `to`, set by set.
pub(crate) fn pairs(relationship: RelationshipId, tree: &Value) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (set, selectors) in list_at(tree, "selectors").iter().enumerate() {
        for (from_item, from) in list_at(selectors, "allow.from").iter().enumerate() {
            for (to_item, to) in list_at(selectors, "allow.to").iter().enumerate() {
                let id = |item: &Value| ComponentId::from_text(text_at(item, "id")?);
                pairs.push(Pair { relationship, set, from_item, to_item, from: id(from), to: id(to) });
            }
        }
    }
    pairs
}

pub(crate) fn list_at<'a>(tree: &'a Value, keys: &str) -> &'a [Value] {
    at(tree, keys).and_then(Value::as_list).unwrap_or_default()
}

/// The relationship's own selector of one end of a pair.
pub(crate) fn own_selector<'a>(tree: &'a Value, pair: &Pair, side: &str) -> Option<&'a Value> {
    let item = if side == "from" { pair.from_item } else { pair.to_item };
    list_at(list_at(tree, "selectors").get(pair.set)?, &format!("allow.{side}")).get(item)
}

/// The kind of a component, without its group.
pub(crate) fn kind(component: &Value) -> &str {
    at(component, "component.kind").and_then(Value::as_text).unwrap_or_default()
}

/// The group of a component's kind: the part of the version before its slash.
pub(crate) fn group(component: &Value) -> &str {
    let version = at(component, "component.version").and_then(Value::as_text).unwrap_or_default();
    version.rsplit_once('/').map_or("", |(group, _)| group)
}

pub(crate) fn is(component: &Value, kind_and_group: (&str, &str)) -> bool {
    (kind(component), group(component)) == kind_and_group
}

pub(crate) const FILTER: (&str, &str) = ("WASMFilter", "core.meshery.io");
pub(crate) const PLUGIN: (&str, &str) = ("WasmPlugin", "extensions.istio.io");
pub(crate) const ENVOY_FILTER: (&str, &str) = ("EnvoyFilter", "networking.istio.io");
pub(crate) const NAMESPACE: (&str, &str) = ("Namespace", "");

/// The name of a component: `metadata.name`, `displayName`, for a filter the last part of its URL.
pub(crate) fn name(component: &Value) -> Option<String> {
    let written =
        text_at(component, "configuration.metadata.name").or_else(|| text_at(component, "displayName"));
    let of_url = || {
        let last =
            url(component).filter(|_| is(component, FILTER))?.trim_end_matches('/').rsplit('/').next()?;
        let last = last.split(['@', ':', '?', '#']).next()?;
        Some(last.strip_suffix(".wasm").unwrap_or(last)).filter(|name| !name.is_empty())
    };
    written.or_else(of_url).map(str::to_owned)
}

/// The module URL of a filter, in the spelling that its file has.
pub(crate) fn url(filter: &Value) -> Option<&str> {
    let key = if at(filter, "configuration.wasmFilter").is_some() { "wasmFilter" } else { "wasm-filter" };
    text_at(filter, &format!("configuration.{key}"))
}

/// Sets a field; mappings and lists that are missing on the way are made. `None` when something is in the way, else how
/// many were made.
pub(crate) fn set(root: &mut Value, path: &[Segment], value: Value) -> Option<Made> {
    let Some((first, rest)) = path.split_first() else {
        *root = value;
        return Some(NOTHING);
    };
    let mut made = 0;
    let is_new;
    if root.is_null() {
        made = 1;
        *root = match first {
            Segment::Key(_) => Value::Map(billfold::model::Map::new()),
            Segment::Index(_) => Value::List(Vec::new()),
        };
    }
    let child = match (root, first) {
        (Value::Map(map), Segment::Key(key)) => {
            is_new = map.get(key).is_none();
            if is_new {
                map.insert(key.as_str(), Value::Null);
            }
            map.get_mut(key)?
        }
        (Value::List(items), Segment::Index(index)) if *index <= items.len() => {
            is_new = *index == items.len();
            if is_new {
                items.push(Value::Null);
            }
            items.get_mut(*index)?
        }
        _ => return None,
    };
    let was_null = child.is_null() && !is_new && !rest.is_empty();
    let (below, over_null) = set(child, rest, value)?;
    Some((made + below, over_null || was_null))
}

/// Removes a key or an item; tells whether it was there.
pub(crate) fn remove(root: &mut Value, path: &[Segment]) -> bool {
    let Some((last, above)) = path.split_last() else { return false };
    match (root.get_mut(above), last) {
        (Some(Value::Map(map)), Segment::Key(key)) => map.remove(key).is_some(),
        (Some(Value::List(items)), Segment::Index(index)) if *index < items.len() => {
            items.remove(*index);
            true
        }
        _ => false,
    }
}

/// Removes up to `count` mappings and lists above a field, from the inside, as long as they are empty.
pub(crate) fn clean_up(root: &mut Value, path: &[Segment], (count, over_null): Made) {
    for above in 1..=count.min(path.len().saturating_sub(1)) {
        let outer = &path[..path.len() - above];
        let is_empty = match root.get(outer) {
            Some(Value::Map(map)) => map.is_empty(),
            Some(Value::List(items)) => items.is_empty(),
            _ => false,
        };
        if !is_empty {
            return;
        }
        if let (true, Some(place)) = (over_null && above == count, root.get_mut(outer)) {
            *place = Value::Null;
        } else {
            remove(root, outer);
        }
    }
}
