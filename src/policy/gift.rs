//! What one pair of references of a relationship gives, and to which field.

use super::engine::Engine;
use super::field::Notation;
use super::record::{Moved, PairId, Record, Wrote};
use super::units::{Claim, Way};
use crate::model::{Component, ComponentId, ComponentKind, FieldPath, Segment, Value};
use crate::registry::{FlowPair, PatchStrategy};
use crate::wallet::patch;

/// Where a value comes from: the giver itself, or for an alias its parent.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) component: ComponentId,
    pub(super) path: FieldPath,
    pub(super) value: Value,
}

/// What one claim gives to one field.
pub(super) struct Gift<'u, 'r> {
    pub(super) claim: &'u Claim<'r>,
    pub(super) way: Way<'r>,
    /// The reference.
    pub(super) mutator: &'r FieldPath,
    /// As it stands at the giver; `None`: absent, null or blank.
    pub(super) source: Option<Source>,
    /// As the receiver takes it.
    pub(super) value: Option<Value>,
    /// What this claim recorded when it took the value away at its source; it is there no more.
    pub(super) moved: Option<Wrote>,
    pub(super) was_there: bool,
    /// What it gave when the transaction began.
    pub(super) gave: Option<Value>,
}

/// What claims that say the same have written, and had when the transaction began.
#[derive(Clone, Copy)]
pub(super) struct Own<'w> {
    pub(super) now: &'w [&'w Wrote],
    pub(super) once: &'w [&'w Wrote],
}

/// When a giver is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// As the design is.
    Now,
    /// As it was when the transaction began.
    Start,
}

/// The strategies after which the giver's value stands in the field, whoever wrote it. One of another strategy that has no
/// record has written nothing.
pub(super) fn puts(strategy: PatchStrategy) -> bool {
    !matches!(strategy, PatchStrategy::Add | PatchStrategy::Remove | PatchStrategy::Test)
}

impl<'e> Engine<'e, '_> {
    /// What one pair of references of a claim gives.
    pub(super) fn gift<'u>(
        &self,
        claim: &'u Claim<'e>,
        way: Way<'e>,
        pair: FlowPair<'e>,
        component: &Component,
        path: &FieldPath,
        own: Own<'_>,
    ) -> Gift<'u, 'e> {
        let notation = self.notation(component, path);
        let source = self.given_by(&mut claim.ways(), way, pair, own.now, Moment::Now);
        let was_there = self.was_there(claim);
        let gave = if was_there && puts(way.flow.strategy) {
            self.given_by(&mut claim.ways(), way, pair, own.once, Moment::Start)
                .and_then(|source| notation.convert(source.value))
        } else {
            None
        };
        let about =
            |wrote: &&Wrote| wrote.back == way.is_back && wrote.path == *path && wrote.moved.is_some();
        let is_move = way.flow.strategy == PatchStrategy::Move;
        // An item that was moved out of a list is out; the one that is the last now is another.
        let is_item = |moved: &Moved| {
            matches!(moved.path.last(), Some(Segment::Index(_))) && patch::may_be(pair.mutator, &moved.path)
        };
        let is_out = |wrote: &Wrote| about(&wrote) && wrote.moved.as_ref().is_some_and(is_item);
        let source = source.filter(|_| !(is_move && own.now.iter().any(|wrote| is_out(wrote))));
        let moved = if source.is_none() && is_move {
            own.now.iter().find(|wrote| about(wrote)).map(|wrote| (*wrote).clone())
        } else {
            None
        };
        let value = source.as_ref().and_then(|source| notation.convert(source.value.clone()));
        Gift { claim, way, mutator: pair.mutator, source, value, moved, was_there, gave }
    }

    /// What a giver gives at a reference; not what the other direction wrote there.
    pub(super) fn given_by(
        &self,
        ways: &mut dyn Iterator<Item = Way<'e>>,
        way: Way<'e>,
        pair: FlowPair<'e>,
        own: &[&Wrote],
        moment: Moment,
    ) -> Option<Source> {
        let giver = self.component_at(moment, way.giver)?;
        let source = self.value_of(giver, pair.mutator, moment)?;
        let is_ours = |wrote: &Wrote| {
            wrote.back != way.is_back
                && (way.giver, &wrote.path) == (source.component, &source.path)
                && Notation::Plain.same(wrote.value.as_ref(), Some(&source.value))
        };
        // The other direction carries this very pair of references back.
        let is_mirrored = ways.filter(|other| other.is_back != way.is_back).any(|other| {
            other.flow.pairs().any(|it| (it.mutator, it.mutated) == (pair.mutated, pair.mutator))
        });
        let is_ours = is_mirrored && own.iter().any(|wrote| is_ours(wrote));
        (!is_ours).then_some(source)
    }

    /// What a pair had recorded when the transaction began; one that was identified counts as if it had been there.
    pub(super) fn original_record(&self, id: PairId) -> Record {
        if self.identified.contains(&id.relationship) {
            return self.record_of(id);
        }
        let ends = |pair: &crate::model::relationship::Pair| (pair.from, pair.to);
        let present = self.design().relationship(id.relationship).and_then(|it| it.pairs().get(id.pair));
        let original = self.tx.original_relationship(id.relationship);
        let (Some(present), Some(original)) = (present, original) else { return Record::default() };
        let place = original.pairs().iter().position(|it| ends(it) == ends(present));
        place.map(|place| Record::of(original, place)).unwrap_or_default()
    }

    /// What a giver gives at a reference, unless it is blank. What a Namespace gives under its `displayName` is its name
    /// (`product.md`, Names).
    pub(super) fn value_of(&self, giver: &Component, path: &FieldPath, moment: Moment) -> Option<Source> {
        let (component, path, value) =
            if giver.is(&ComponentKind::NAMESPACE) && path.is_keys(&["displayName"]) {
                (giver, path.clone(), giver.own_name().map(Value::from))
            } else {
                let aliases = match moment {
                    Moment::Now => &self.aliases,
                    Moment::Start => self.original_aliases.as_ref().unwrap_or(&self.aliases),
                };
                let (component, path) = aliases.resolve(giver, path, |id| self.component_at(moment, id));
                let value = component.get(&path).cloned();
                (component, path, value)
            };
        Some(Source { component: component.id(), path, value: value.filter(|value| !value.is_blank())? })
    }

    fn component_at(&self, moment: Moment, id: ComponentId) -> Option<&Component> {
        match moment {
            Moment::Now => self.design().component(id),
            Moment::Start => self.tx.original_component(id),
        }
    }

    /// How a receiver takes what stands at `path`.
    pub(super) fn notation(&self, component: &Component, path: &FieldPath) -> Notation {
        if path.is_keys(&["configuration", "metadata", "namespace"]) {
            return Notation::Text;
        }
        Notation::of(self.registry().field(component.kind(), path))
    }
}

/// The path that a pair of references leads to in its receiver.
///
/// `_` is the last item as long as the list is as it was; an item that was taken out by what its claim says stays the one.
pub(super) fn receiving_path(
    component: &Component,
    way: Way<'_>,
    pair: FlowPair<'_>,
    written: [&[&Wrote]; 2],
) -> FieldPath {
    let is_taken_out = |wrote: &&&Wrote| {
        wrote.back == way.is_back && wrote.value.is_none() && patch::may_be(pair.mutated, &wrote.path)
    };
    let taken_out = match way.flow.strategy {
        PatchStrategy::Remove => written.into_iter().flatten().find(is_taken_out),
        _ => None,
    };
    match taken_out {
        Some(wrote) => wrote.path.clone(),
        None => patch::resolve(component.tree(), pair.mutated),
    }
}
