//! Relationships of a gesture: joining a child to its parent, taking it out, and the order of a chain.

use indexmap::IndexSet;

use crate::model::{ComponentId, Edit, EditError, FieldPath, Link, RelationshipId, Status, Target, Value};
use crate::model::{Relationship, Segment};
use crate::policy::relationship;

use super::Lowering;
use super::copies::touched;

impl Lowering<'_, '_> {
    /// Takes out of every relationship the pairs that name one of `removed`. A relationship that has no pair left goes;
    /// one with status `deleted` stays as it is.
    pub(super) fn remove_pairs_naming(
        &mut self,
        removed: &IndexSet<ComponentId, foldhash::fast::FixedState>,
    ) -> Result<(), EditError> {
        let naming: Vec<RelationshipId> = touched(self.tx.design(), removed.iter().copied())
            .filter(|(_, it)| it.status() != Status::Deleted)
            .map(|(_, it)| it.id())
            .collect();
        // The last first, so that undo puts them back from the first on.
        for id in naming.into_iter().rev() {
            self.remove_selectors(id, &|id| removed.contains(&id))?;
        }
        Ok(())
    }

    /// Takes the selectors that name a removed component out of one relationship.
    fn remove_selectors(
        &mut self,
        id: RelationshipId,
        is_removed: &dyn Fn(ComponentId) -> bool,
    ) -> Result<(), EditError> {
        let relationship = self.tx.design().relationship(id).ok_or(EditError::NoRelationship(id))?;
        let sets = relationship.tree().at(&["selectors"]).and_then(Value::as_list).unwrap_or_default();
        let mut removals = Vec::new();
        for (set, selectors) in sets.iter().enumerate().rev() {
            let mut pairs_left = 1;
            let mut paths = Vec::new();
            for side in ["from", "to"] {
                let items = selectors.at(&["allow", side]).and_then(Value::as_list).unwrap_or_default();
                let gone = |item: &Value| {
                    item.text_at(&["id"]).and_then(ComponentId::from_text).is_some_and(is_removed)
                };
                let gone: Vec<usize> = (0..items.len()).rev().filter(|&item| gone(&items[item])).collect();
                pairs_left *= items.len() - gone.len();
                paths.extend(gone.into_iter().map(|item| {
                    FieldPath::from(vec![
                        "selectors".into(),
                        set.into(),
                        "allow".into(),
                        side.into(),
                        Segment::from(item),
                    ])
                }));
            }
            if pairs_left == 0 && !paths.is_empty() {
                removals.push(FieldPath::from(vec!["selectors".into(), Segment::from(set)]));
            } else {
                removals.extend(paths);
            }
        }
        let sets_left = sets.len() - removals.iter().filter(|path| path.len() == 2).count();
        if sets_left == 0 {
            return self.tx.apply(Edit::RemoveRelationship { id });
        }
        removals.into_iter().try_for_each(|path| {
            self.tx.apply(Edit::SetField { target: Target::Relationship(id), path, value: None, place: None })
        })
    }

    /// Takes one pair out: the child leaves the parent. Other pairs of the relationship stay.
    pub(super) fn unjoin(&mut self, link: Link) -> Result<(), EditError> {
        let id = link.relationship;
        let relationship = self.tx.design().relationship(id).ok_or(EditError::NoRelationship(id))?;
        let Some(&pair) = relationship.pairs().get(link.pair) else { return Ok(()) };
        if relationship.pairs().len() == 1 {
            return self.tx.apply(Edit::RemoveRelationship { id });
        }
        let side = |side: &str| {
            let path = ["selectors".into(), pair.set.into(), "allow".into(), side.into()];
            let path = FieldPath::from(path.to_vec());
            let count = relationship.tree().get(&path).and_then(Value::as_list).map_or(0, <[Value]>::len);
            (path, count)
        };
        let ((from, from_count), (to, to_count)) = (side("from"), side("to"));
        let path = match (from_count, to_count) {
            (1, 1) => FieldPath::from(vec!["selectors".into(), pair.set.into()]),
            (_, 1) => from.child(pair.from_item),
            (1, _) => to.child(pair.to_item),
            // A product of several: the child leaves this set altogether.
            _ => from.child(pair.from_item),
        };
        self.tx.apply(Edit::SetField { target: Target::Relationship(id), path, value: None, place: None })
    }

    /// Puts a filter into a wallet, with a relationship at a place of the document (`None`: at the end).
    pub(super) fn join_wallet(
        &mut self,
        index: Option<usize>,
        filter: ComponentId,
        wallet: ComponentId,
    ) -> Result<RelationshipId, EditError> {
        let relationship = relationship::wallet(self.tx.design(), filter, wallet);
        self.join(index, relationship.ok_or_else(cannot_be_joined)?)
    }

    /// Puts a component into the frame of a namespace.
    pub(super) fn join_frame(&mut self, id: ComponentId, namespace: ComponentId) -> Result<(), EditError> {
        let relationship = relationship::inventory(self.tx.design(), id, namespace);
        self.join(None, relationship.ok_or_else(cannot_be_joined)?).map(drop)
    }

    /// Adds a relationship at a place of the document (`None`: at the end).
    ///
    /// Its id follows from what it joins, so it may be taken, by a relationship with status `deleted` for one: then it
    /// gets the next one that follows from it.
    pub(super) fn join(
        &mut self,
        index: Option<usize>,
        mut relationship: Relationship,
    ) -> Result<RelationshipId, EditError> {
        while self.tx.design().relationship(relationship.id()).is_some() {
            let id = RelationshipId::from_name(&format!("{}/again", relationship.id()));
            let mut tree = relationship.tree().clone();
            if let Some(map) = tree.as_map_mut() {
                map.insert("id", id.to_string().into());
            }
            relationship = Relationship::from_tree(id, tree);
        }
        let id = relationship.id();
        self.tx.apply(Edit::AddRelationship { index, relationship: relationship.into() })?;
        Ok(id)
    }

    /// The place in the document for the relationship of a filter that becomes number `place` of a chain: directly after
    /// that of its predecessor; in front of the first directly before that one; for an empty chain at the end.
    pub(super) fn index_in_chain(&self, wallet: ComponentId, place: usize) -> Option<usize> {
        let design = self.tx.design();
        let chain = design.chain(wallet);
        let index = |link: &Link| design.relationship_index(link.relationship);
        match place.min(chain.len()).checked_sub(1) {
            Some(before) => chain.get(before).and_then(index).map(|index| index + 1),
            None => chain.first().and_then(index),
        }
    }

    /// Puts the relationships of a chain into this order; they permute the places that they hold in the document, and
    /// nothing else moves.
    pub(super) fn reorder_chain(&mut self, order: &[RelationshipId]) -> Result<(), EditError> {
        let design = self.tx.design();
        let mut places: Vec<usize> = order.iter().filter_map(|id| design.relationship_index(*id)).collect();
        places.sort_unstable();
        for (&id, place) in order.iter().zip(places) {
            let Some(now) = self.tx.design().relationship_index(id) else { continue };
            if now == place {
                continue;
            }
            // Two moves make a swap: what stands between is where it was.
            let other = self.tx.design().relationships().nth(place).map(Relationship::id);
            self.tx.apply(Edit::MoveRelationship { id, index: place })?;
            if let Some(other) = other {
                self.tx.apply(Edit::MoveRelationship { id: other, index: now })?;
            }
        }
        Ok(())
    }
}

fn cannot_be_joined() -> EditError {
    EditError::Refused("no relationship is known that would join these two".to_owned())
}
