//! What is said twice: a pair that one relationship names again, and relationships that say the same of the same two. The
//! first counts, and the others do nothing.

use std::collections::{HashMap, HashSet};

use super::engine::Hasher;
use super::record::{Record, Wrote};
use super::released::Released;
use super::selector::Rule;
use super::units::Claim;
use crate::model::{ComponentId, Relationship};
use crate::registry::Selector;

/// The ends that the pairs of one relationship join. One that joins the same two again is the same pair, with the same
/// record: the first that holds counts.
pub(super) struct Named(Option<HashSet<(ComponentId, ComponentId), Hasher>>);

impl Named {
    pub(super) fn of(relationship: &Relationship) -> Self {
        Self((relationship.pairs().len() > 1).then(HashSet::default))
    }

    pub(super) fn is_first(&mut self, from: ComponentId, to: ComponentId) -> bool {
        self.0.as_mut().is_none_or(|named| named.insert((from, to)))
    }
}

/// Two components, and the selectors by which values flow between them: equal for relationships that say the same.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Join {
    selectors: [*const Selector; 2],
    ends: [ComponentId; 2],
}

impl Join {
    fn of(rule: Rule<'_>, from: ComponentId, to: ComponentId) -> Self {
        Self { selectors: [rule.from, rule.to].map(std::ptr::from_ref), ends: [from, to] }
    }

    pub(super) fn of_claim(claim: &Claim<'_>) -> Self {
        Self::of(claim.rule, claim.from, claim.to)
    }

    pub(super) fn of_released(released: &Released<'_>) -> Self {
        Self::of(released.rule, released.from, released.to)
    }
}

/// What relationships have written that say the same.
pub(super) struct Written<'w>(HashMap<Join, Vec<&'w Wrote>, Hasher>);

impl<'w> Written<'w> {
    pub(super) fn of(records: impl Iterator<Item = (Join, &'w Record)>) -> Self {
        let mut written: HashMap<Join, Vec<&'w Wrote>, Hasher> = HashMap::default();
        for (join, record) in records {
            written.entry(join).or_default().extend(&record.wrote);
        }
        Self(written)
    }

    pub(super) fn by(&self, join: Join) -> &[&'w Wrote] {
        self.0.get(&join).map_or(&[], Vec::as_slice)
    }
}
