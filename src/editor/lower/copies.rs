//! Copies of components and of the relationships among them, for Duplicate and Paste: new ids, free names, the order kept.

use indexmap::IndexMap;

use crate::model::{
    Component, ComponentId, ComponentKind, Design, Edit, EditError, IdSeed, Position, Relationship,
    RelationshipId, Segment, Status, Value,
};

use super::names::{TakenNames, has_object_name};
use super::{Lowered, Lowering, component_schema_of, in_words};
use crate::registry::COMPONENT_SCHEMAS;

type Hasher = foldhash::fast::FixedState;

/// How far beside its original a copy lies, in Meshery's units.
pub(super) const BESIDE: f64 = 5.0;

/// What becomes what, and the names that are taken.
pub(super) struct Copies {
    ids: IndexMap<ComponentId, ComponentId, Hasher>,
    names: IndexMap<ComponentKind, TakenNames, Hasher>,
    seed: IdSeed,
}

impl Copies {
    /// Copies of `originals`, which stand in the order of their document.
    pub(super) fn of(originals: impl Iterator<Item = ComponentId>, seed: IdSeed) -> Self {
        let ids = originals.enumerate().map(|(n, id)| (id, seed.component(n))).collect();
        Self { ids, names: IndexMap::default(), seed }
    }

    /// The copy's id.
    pub(super) fn id(&self, original: ComponentId) -> Option<ComponentId> {
        self.ids.get(&original).copied()
    }

    /// Every original with its copy.
    pub(super) fn pairs(&self) -> Vec<(ComponentId, ComponentId)> {
        self.ids.iter().map(|(original, copy)| (*original, *copy)).collect()
    }

    /// The copy of a component. A named object gets a free name in `into`; filters keep theirs.
    pub(super) fn component(
        &mut self,
        into: &Design,
        original: &Component,
        copy: ComponentId,
        offset: (f64, f64),
    ) -> Component {
        let mut tree = original.tree().clone();
        if let Some(map) = tree.as_map_mut() {
            map.insert("id", copy.to_string().into());
        }
        convert_schema(into, &mut tree);
        if has_object_name(original) {
            self.rename(into, original, &mut tree);
        }
        if let (Some(at), Some(styles)) =
            (original.position(), tree.get_mut(&["styles".into()]).and_then(Value::as_map_mut))
        {
            styles.insert("position", Position::new(at.x + offset.0, at.y + offset.1).to_value());
        }
        Component::from_tree(copy, tree)
    }

    fn rename(&mut self, into: &Design, original: &Component, tree: &mut Value) {
        let display_name = Some(original.display_name()).filter(|name| !name.trim().is_empty());
        let Some(name) = original.metadata_name().or(display_name) else { return };
        let taken = self
            .names
            .entry(original.kind().clone())
            .or_insert_with(|| TakenNames::of_kind(into, original.kind()));
        let free = taken.free(into, name);
        // What was appended: both spellings of a name get the same.
        let tail = free.get(name.len()..).unwrap_or_default().to_owned();
        if let (Some(display_name), Some(map)) = (display_name, tree.as_map_mut()) {
            map.insert("displayName", format!("{display_name}{tail}").into());
        }
        let metadata = tree.get_mut(&["configuration".into(), "metadata".into()]);
        if let (Some(_), Some(metadata)) = (original.metadata_name(), metadata.and_then(Value::as_map_mut)) {
            metadata.insert("name", free.into());
        }
    }

    /// The copy of a relationship, with those of its pairs whose ends are copied. With `keep_frames` a frame that is not
    /// copied itself holds the copy too. `None` when no pair is left.
    pub(super) fn relationship(
        &self,
        n: usize,
        original: &Relationship,
        keep_frames: bool,
    ) -> Option<Relationship> {
        if original.status() == Status::Deleted {
            return None;
        }
        let keeps_parent = keep_frames && original.is_inventory();
        let mut tree = original.tree().clone();
        let Value::List(sets) = tree.get_mut(&["selectors".into()])? else { return None };
        sets.retain_mut(|set| self.remap(set, "from", false) && self.remap(set, "to", keeps_parent));
        if sets.is_empty() {
            return None;
        }
        self.remap_records(&mut tree);
        let id = RelationshipId::new(IdSeed(self.seed.id(self.ids.len())).id(n + 1));
        tree.as_map_mut()?.insert("id", id.to_string().into());
        Some(Relationship::from_tree(id, tree))
    }

    /// Where a relationship has several pairs, each record names the two ends of its own.
    fn remap_records(&self, tree: &mut Value) {
        let path = ["metadata", "billfold", "pairs"].map(Segment::from);
        let Some(Value::List(records)) = tree.get_mut(&path) else { return };
        for record in records {
            for end in ["from", "to"] {
                let copy = record.text_at(&[end]).and_then(ComponentId::from_text).and_then(|id| self.id(id));
                if let (Some(copy), Some(record)) = (copy, record.as_map_mut()) {
                    record.insert(end, copy.to_string().into());
                }
            }
        }
    }

    /// Gives the items of one side their new ids and drops those that are not copied. Returns whether one is left.
    fn remap(&self, set: &mut Value, side: &str, keep_others: bool) -> bool {
        let Some(Value::List(items)) = set.get_mut(&["allow".into(), side.into()]) else { return false };
        items.retain_mut(|item| {
            let original = item.text_at(&["id"]).and_then(ComponentId::from_text);
            let copy = original.and_then(|id| self.id(id));
            match (copy, item.as_map_mut()) {
                (Some(copy), Some(item)) => {
                    item.insert("id", copy.to_string().into());
                    true
                }
                _ => keep_others && original.is_some(),
            }
        });
        !items.is_empty()
    }
}

/// A component of another version of designs gets the `schemaVersion` of those of `into`; nothing else differs between
/// them. What is of no version that is known, or says none, stays as it is.
fn convert_schema(into: &Design, tree: &mut Value) {
    let schema = component_schema_of(into);
    let present = tree.text_at(&["schemaVersion"]).unwrap_or_default();
    if present != schema
        && COMPONENT_SCHEMAS.contains(&present)
        && let Some(map) = tree.as_map_mut()
    {
        map.insert("schemaVersion", schema.into());
    }
}

/// The relationships that name one of `ids`, with their places, in document order.
pub(super) fn touched(
    design: &Design,
    ids: impl Iterator<Item = ComponentId>,
) -> impl Iterator<Item = (usize, &Relationship)> {
    let naming = ids.flat_map(|id| design.relationships_naming(id));
    let mut places: Vec<(usize, RelationshipId)> =
        naming.filter_map(|id| Some((design.relationship_index(id)?, id))).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter_map(|(place, id)| Some((place, design.relationship(id)?)))
}

impl Lowering<'_, '_> {
    /// Makes copies beside the originals. A plugin is copied with its filters, a filter alone comes directly after its
    /// original.
    pub(super) fn duplicate(&mut self, ids: &[ComponentId], seed: IdSeed) -> Result<Lowered, EditError> {
        let design = self.tx.design();
        let mut chosen: Vec<ComponentId> = Vec::new();
        for &id in ids {
            self.component(id)?;
            let with_filters = design.chain(id).into_iter().map(|link| link.from);
            chosen.extend(std::iter::once(id).chain(with_filters));
        }
        chosen.sort_by_key(|id| design.component_index(*id));
        chosen.dedup();
        let names: Vec<String> = ids.iter().map(|id| design.name_of(*id)).collect();
        let label = format!("Duplicate {}", in_words(&names));
        let mut copies = Copies::of(chosen.into_iter(), seed);
        let relationships: Vec<Relationship> = touched(design, copies.ids.keys().copied())
            .filter_map(|(n, original)| copies.relationship(n, original, true))
            .collect();
        for (original, copy) in copies.pairs() {
            let component =
                copies.component(self.tx.design(), self.component(original)?, copy, (BESIDE, BESIDE));
            self.tx.apply(Edit::AddComponent { index: None, component: component.into() })?;
        }
        for relationship in relationships {
            self.join(None, relationship)?;
        }
        for (original, copy) in copies.pairs() {
            // A filter that was copied without its plugin.
            let Some(link) = self.tx.design().wallet_of(original) else { continue };
            if copies.id(link.to).is_some() {
                continue;
            }
            let chain = self.tx.design().chain(link.to);
            let place =
                chain.iter().position(|other| other.from == original).map_or(chain.len(), |it| it + 1);
            self.place_in_wallet(&[copy], link.to, place)?;
        }
        let selected = ids.iter().filter_map(|id| copies.id(*id)).collect();
        Ok(Lowered::selecting(label, selected))
    }
}
