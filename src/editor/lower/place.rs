//! Putting components elsewhere: into a wallet, within one, out of one, into and out of a frame.

use indexmap::IndexSet;

use crate::model::{Component, ComponentId, EditError, Position, RelationshipId};
use crate::policy::Candidate;

use super::super::command::Destination;
use super::super::may_put::may_put;
use super::{Lowered, Lowering, in_words};

/// How far apart filters are laid that come out of a chain, in Meshery's units.
const STACKED: f64 = 7.0;

impl Lowering<'_, '_> {
    pub(super) fn place(
        &mut self,
        ids: &[ComponentId],
        destination: Destination,
    ) -> Result<Lowered, EditError> {
        let ids = self.without_carried(ids)?;
        let names: Vec<String> = ids.iter().map(|id| self.name(*id)).collect::<Result<_, _>>()?;
        let what = in_words(&names);
        let label = match destination {
            Destination::Wallet { wallet, place } => {
                let to = self.name(wallet)?;
                let is_within = ids.iter().all(|id| self.wallet(*id) == Some(wallet));
                self.place_in_wallet(&ids, wallet, place)?;
                if is_within { format!("Move {what} within {to}") } else { format!("Put {what} into {to}") }
            }
            Destination::Frame { namespace, position } => {
                let to = self.name(namespace)?;
                self.place_in_frame(&ids, namespace, position)?;
                format!("Put {what} into {to}")
            }
            Destination::Canvas(position) => self.place_on_canvas(&ids, position, &what)?,
        };
        Ok(Lowered::new(label))
    }

    /// The components that are moved themselves: each once, and no filter whose plugin is moved too.
    fn without_carried(&self, ids: &[ComponentId]) -> Result<Vec<ComponentId>, EditError> {
        let named: IndexSet<ComponentId, foldhash::fast::FixedState> = ids.iter().copied().collect();
        let mut moved = Vec::with_capacity(named.len());
        for &id in &named {
            self.component(id)?;
            if !self.wallet(id).is_some_and(|wallet| named.contains(&wallet)) {
                moved.push(id);
            }
        }
        Ok(moved)
    }

    fn wallet(&self, id: ComponentId) -> Option<ComponentId> {
        self.tx.design().wallet_of(id).map(|link| link.to)
    }

    pub(super) fn check(&self, child: Candidate<'_>, parent: ComponentId) -> Result<(), EditError> {
        may_put(self.tx.design(), self.registry, child, parent)
            .map_err(|refusal| EditError::Refused(refusal.0))
    }

    /// Puts filters into a chain so that the first of them becomes number `place`.
    pub(super) fn place_in_wallet(
        &mut self,
        ids: &[ComponentId],
        wallet: ComponentId,
        place: usize,
    ) -> Result<(), EditError> {
        for &id in ids {
            self.check(Candidate::Existing(id), wallet)?;
        }
        let present: Vec<ComponentId> = self.tx.design().chain(wallet).iter().map(|link| link.from).collect();
        let mut order: Vec<ComponentId> = present.iter().copied().filter(|id| !ids.contains(id)).collect();
        let place = place.min(order.len());
        order.splice(place..place, ids.iter().copied());
        let kept: Vec<ComponentId> = order.iter().copied().filter(|id| present.contains(id)).collect();
        if kept != present {
            self.separate_chain(wallet)?;
            let chain = self.tx.design().chain(wallet);
            let link = |id: &ComponentId| chain.iter().find(|link| link.from == *id);
            let relationships: Vec<RelationshipId> =
                kept.iter().filter_map(link).map(|link| link.relationship).collect();
            self.reorder_chain(&relationships)?;
        }
        for (place, &id) in order.iter().enumerate() {
            if present.contains(&id) {
                continue;
            }
            self.leave_wallet(id)?;
            let index = self.index_in_chain(wallet, place);
            self.join_wallet(index, id, wallet)?;
        }
        Ok(())
    }

    /// Gives every filter of a chain a relationship of its own, where a file has one relationship for several.
    fn separate_chain(&mut self, wallet: ComponentId) -> Result<(), EditError> {
        let mut before: Option<RelationshipId> = None;
        for place in 0.. {
            let Some(link) = self.tx.design().chain(wallet).get(place).copied() else { break };
            if before != Some(link.relationship) {
                before = Some(link.relationship);
                continue;
            }
            self.unjoin(link)?;
            let index = self.index_in_chain(wallet, place);
            before = Some(self.join_wallet(index, link.from, wallet)?);
        }
        Ok(())
    }

    fn leave_wallet(&mut self, id: ComponentId) -> Result<(), EditError> {
        match self.tx.design().wallet_of(id) {
            Some(link) => self.unjoin(link),
            None => Ok(()),
        }
    }

    fn place_in_frame(
        &mut self,
        ids: &[ComponentId],
        namespace: ComponentId,
        position: Option<Position>,
    ) -> Result<(), EditError> {
        for &id in ids {
            self.check(Candidate::Existing(id), namespace)?;
        }
        let positions = self.positions_at(ids, position);
        for &id in ids {
            match self.tx.design().frame_of(id) {
                Some(link) if link.to == namespace => continue,
                Some(link) => self.unjoin(link)?,
                None => {}
            }
            self.join_frame(id, namespace)?;
        }
        positions.into_iter().try_for_each(|(id, position)| self.set_position(id, position))
    }

    fn place_on_canvas(
        &mut self,
        ids: &[ComponentId],
        position: Option<Position>,
        what: &str,
    ) -> Result<String, EditError> {
        let mut left = IndexSet::<ComponentId, foldhash::fast::FixedState>::default();
        let positions = self.positions_at(ids, position);
        for &id in ids {
            let design = self.tx.design();
            for link in [design.wallet_of(id), design.frame_of(id)].into_iter().flatten() {
                left.insert(link.to);
                self.unjoin(link)?;
            }
        }
        if !positions.is_empty() {
            self.move_cards(&positions)?;
        }
        Ok(match left.first() {
            Some(parent) if left.len() == 1 => format!("Take {what} out of {}", self.name(*parent)?),
            Some(_) => format!("Take {what} out"),
            None => format!("Move {what}"),
        })
    }

    /// New centres: the first at `position`, the others at their distance to it. Filters that lie in a chain have no
    /// place of their own; they are laid below the first.
    fn positions_at(&self, ids: &[ComponentId], position: Option<Position>) -> Vec<(ComponentId, Position)> {
        let (Some(to), Some(&first)) = (position, ids.first()) else { return Vec::new() };
        let design = self.tx.design();
        let at = |id: ComponentId| {
            design.component(id).filter(|_| design.wallet_of(id).is_none()).and_then(Component::position)
        };
        let from = at(first);
        let mut stacked = 0.0;
        ids.iter()
            .map(|&id| {
                if id == first {
                    return (id, to);
                }
                let position = if let (Some(from), Some(at)) = (from, at(id)) {
                    Position::new(to.x + at.x - from.x, to.y + at.y - from.y)
                } else {
                    stacked += STACKED;
                    Position::new(to.x, to.y + stacked)
                };
                (id, position)
            })
            .collect()
    }
}
