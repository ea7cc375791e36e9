//! Components that stand for a part of another one: an alias reads below `configuration` what its parent has.
//!
//! Where that is stands in the design's `metadata.resolvedAliases`, one entry an alias. It is read, and never written. One
//! step leads from an alias to its resolved parent, so nothing can go round in circles.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::engine::Hasher;
use crate::model::{Component, ComponentId, FieldPath, Segment, Value};
use crate::wallet::patch;

/// Where the aliases of a design have their values.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    resolved: IndexMap<ComponentId, (ComponentId, FieldPath), Hasher>,
    by_parent: HashMap<ComponentId, Vec<ComponentId>, Hasher>,
}

impl Aliases {
    /// Reads what the head of a design says.
    pub(super) fn of(head: &Value) -> Self {
        let entries = head.at(&["metadata", "resolvedAliases"]).and_then(Value::as_map);
        let entries = entries.into_iter().flat_map(crate::model::Map::iter);
        let resolved: IndexMap<ComponentId, (ComponentId, FieldPath), Hasher> =
            entries.filter_map(|(id, entry)| Some((ComponentId::from_text(id)?, read(entry)?))).collect();
        let mut by_parent: HashMap<ComponentId, Vec<ComponentId>, Hasher> = HashMap::default();
        for (alias, (parent, _)) in &resolved {
            by_parent.entry(*parent).or_default().push(*alias);
        }
        Self { resolved, by_parent }
    }

    /// The aliases that read from `parent`.
    pub(super) fn reading(&self, parent: ComponentId) -> &[ComponentId] {
        self.by_parent.get(&parent).map_or(&[], Vec::as_slice)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.resolved.is_empty()
    }

    /// Where a giver has what a reference names. `component` gives the component behind an id; a parent that is not there
    /// gives nothing, and the alias's own value counts.
    pub(super) fn resolve<'c>(
        &self,
        giver: &'c Component,
        reference: &FieldPath,
        component: impl Fn(ComponentId) -> Option<&'c Component>,
    ) -> (&'c Component, FieldPath) {
        if let Some((parent, path)) = self.resolved.get(&giver.id())
            && let Some(below) = reference.strip_keys(&["configuration"])
            && let Some(parent) = component(*parent)
        {
            let path = indexed(parent.tree(), &path.join(below));
            return (parent, patch::resolve(parent.tree(), &path));
        }
        (giver, patch::resolve(giver.tree(), reference))
    }
}

fn read(entry: &Value) -> Option<(ComponentId, FieldPath)> {
    let either = |keys: [&str; 2]| keys.into_iter().find_map(|key| entry.at(&[key]));
    let parent = either(["resolvedParentId", "resolved_parent_id"])?.as_text()?;
    let path = either(["resolvedRefFieldPath", "resolved_ref_field_path"])?.as_list()?;
    let segment = |value: &Value| match value {
        Value::Text(key) => Some(Segment::from(key.as_str())),
        Value::Number(number) => Some(Segment::from(usize::try_from(number.as_i64()?).ok()?)),
        _ => None,
    };
    let path: Vec<Segment> = path.iter().map(segment).collect::<Option<_>>()?;
    Some((ComponentId::from_text(parent)?, path.into()))
}

/// The path with indices for the keys that lead into lists: other programs write all segments as text.
fn indexed(root: &Value, path: &FieldPath) -> FieldPath {
    let mut indexed = FieldPath::root();
    for segment in path.segments() {
        let is_list = matches!(root.get(&indexed), Some(Value::List(_)));
        match segment.as_key().and_then(|key| key.parse::<usize>().ok()).filter(|_| is_list) {
            Some(index) => indexed.push(index),
            None => indexed.push(segment.clone()),
        }
    }
    indexed
}
