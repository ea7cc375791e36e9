//! Values that flow path by path: the name of a Namespace into what lies in its frame, and the pairs of any definition
//! that is no wallet of filters.
//!
//! The first relationship in document order that writes a field wins; one that would write another value is a conflict
//! (DS005), never the last writer (`policy.md`, step 4). What a definition says in both directions flows in both, that from
//! `from` to `to` first; what the one direction wrote is no source for the same pair of references of the other, so that
//! no value holds itself up.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::engine::{Cause, Engine, Hasher, RESTORE};
use super::field::{Field, Notation, Outcome, Past};
use super::gift::{Gift, Moment, Own, Source, puts, receiving_path};
use super::made::Made;
use super::record::{Moved, PairId, Record, Wrote};
use super::released::Released;
use super::repeated::{Join, Written};
use super::selector::name_of;
use super::trace::Conflict;
use super::units::{Claim, Unit, Way};
use crate::model::{
    ComponentId, ComponentKind, Diagnostic, FieldPath, Location, RelationshipId, Segment, Value,
};
use crate::registry::{PatchStrategy, RelationshipDefinition};
use crate::wallet::patch;

/// What is recorded about a field, and who says so.
struct Recorded<'r> {
    wrote: Wrote,
    relationship: RelationshipId,
    definition: &'r RelationshipDefinition,
}

/// One unit under way.
pub(super) struct Settling<'u, 'r> {
    pub(super) unit: &'u Unit<'r>,
    /// The records of the claims as they were, both directions.
    pub(super) records: HashMap<PairId, Record, Hasher>,
    recorded: Vec<Recorded<'r>>,
    new_records: HashMap<PairId, Vec<Wrote>, Hasher>,
    clean_ups: Vec<(FieldPath, Made)>,
}

impl<'e> Engine<'e, '_> {
    /// Lets the values flow into one receiver, and gives back what nobody gives any more.
    pub(super) fn settle_fields(&mut self, unit: &Unit<'e>) {
        let receiver = unit.receiver;
        for released in &unit.released {
            self.give_moved_back_of(released, receiver);
        }
        let Some(component) = self.design().component(receiver) else { return };
        let records: HashMap<PairId, Record, Hasher> =
            unit.claims.iter().map(|claim| (claim.id, self.record_of(claim.id))).collect();
        let mut recorded: Vec<Recorded<'e>> = Vec::new();
        let mut note = |record: &Record, ways: &[Way<'e>], relationship, definition| {
            let is_mine = |wrote: &&Wrote| is_toward(ways, receiver, wrote);
            let mine = record.wrote.iter().filter(is_mine).cloned();
            recorded.extend(mine.map(|wrote| Recorded { wrote, relationship, definition }));
        };
        for claim in &unit.claims {
            let Some(record) = records.get(&claim.id) else { continue };
            let ways: Vec<Way<'e>> = claim.ways().collect();
            note(record, &ways, claim.id.relationship, claim.rule.definition);
        }
        for released in &unit.released {
            let ways: Vec<Way<'e>> = released.ways().collect();
            note(&released.record, &ways, released.id.relationship, released.rule.definition);
        }

        let mut fields: IndexMap<FieldPath, Vec<Gift<'_, 'e>>, Hasher> = IndexMap::default();
        let mut given: HashSet<(PairId, &FieldPath, &FieldPath), Hasher> = HashSet::default();
        let mut joined: HashSet<Join, Hasher> = HashSet::default();
        let of_claims = || unit.claims.iter().map(|claim| (Join::of_claim(claim), claim.id));
        let written = Written::of(of_claims().filter_map(|(join, id)| Some((join, records.get(&id)?))));
        let originals: Vec<(Join, Record)> =
            of_claims().map(|(join, id)| (join, self.original_record(id))).collect();
        let written_once = Written::of(originals.iter().map(|(join, record)| (*join, record)));
        let released = unit.released.iter().map(|it| (Join::of_released(it), &it.record));
        let released = Written::of(released);
        for claim in &unit.claims {
            let join = Join::of_claim(claim);
            let own = Own { now: written.by(join), once: written_once.by(join) };
            let is_repeated = !joined.insert(join);
            for way in claim.ways().filter(|way| way.receiver == receiver) {
                for pair in way.flow.pairs() {
                    let path = receiving_path(component, way, pair, [own.now, released.by(join)]);
                    let mut gift = self.gift(claim, way, pair, component, &path, own);
                    // Of two relationships that say the same of the same two the first has the word.
                    if is_repeated {
                        (gift.source, gift.value, gift.moved) = (None, None, None);
                    }
                    // Of what is joined to itself both directions are settled at once: the first has the word.
                    if way.is_back && given.contains(&(claim.id, pair.mutated, pair.mutator)) {
                        (gift.source, gift.value) = (None, None);
                    } else if gift.value.is_some() && claim.from == claim.to {
                        given.insert((claim.id, pair.mutator, pair.mutated));
                    }
                    fields.entry(path).or_default().push(gift);
                }
            }
        }
        // What released relationships without a record gave.
        let mut gave_once: Vec<(FieldPath, Value)> = Vec::new();
        for released in &unit.released {
            for way in released.ways().filter(|way| way.receiver == receiver) {
                for pair in way.flow.pairs().filter(|_| puts(way.flow.strategy)) {
                    let path = patch::resolve(component.tree(), pair.mutated);
                    let notation = self.notation(component, &path);
                    let own: Vec<&Wrote> = released.record.wrote.iter().collect();
                    let source = self.given_by(&mut released.ways(), way, pair, &own, Moment::Start);
                    let value = source.and_then(|source| notation.convert(source.value));
                    gave_once.extend(value.map(|value| (path.clone(), value)));
                    fields.entry(path).or_default();
                }
            }
        }
        for recorded in &recorded {
            fields.entry(recorded.wrote.path.clone()).or_default();
        }

        let mut settling =
            Settling { unit, records, recorded, new_records: HashMap::default(), clean_ups: Vec::new() };
        for (path, gifts) in &fields {
            if gifts.iter().any(|gift| self.suspended.contains(&gift.claim.id.relationship)) {
                settling.keep(path);
                continue;
            }
            if let Some(wallet) = self.wallet_of_field(receiver, path) {
                self.settle_field_of_wallet(&mut settling, path, gifts, &wallet);
                continue;
            }
            let once = gave_once.iter().filter(|(of, _)| of == path).map(|(_, value)| Some(value.clone()));
            self.settle_field(&mut settling, path, gifts, once.collect());
        }
        let Settling { records, mut new_records, clean_ups, .. } = settling;
        for (path, made) in clean_ups {
            self.clean_up(receiver, &path, made);
        }
        for claim in &unit.claims {
            let new = new_records.remove(&claim.id).unwrap_or_default();
            self.change_record(claim, receiver, records.get(&claim.id), new);
        }
    }

    pub(super) fn settle_field(
        &mut self,
        settling: &mut Settling<'_, 'e>,
        path: &FieldPath,
        gifts: &[Gift<'_, 'e>],
        gave_once: Vec<Option<Value>>,
    ) {
        let unit = settling.unit;
        let receiver = unit.receiver;
        let Some(component) = self.design().component(receiver) else { return };
        let notation = self.notation(component, path);
        let present = component.get(path).cloned();
        let spec = self.registry().field(component.kind(), path);
        let default = spec.and_then(|spec| spec.default.clone());
        let is_new = self.tx.original_component(receiver).is_none();
        let is_fresh = !is_new && unit.released.is_empty() && !gifts.iter().any(|gift| gift.was_there);
        let mut gave = gave_once;
        gave.extend(gifts.iter().filter(|gift| gift.was_there).map(|gift| gift.gave.clone()));
        if is_new {
            let putting = gifts.iter().filter(|gift| puts(gift.way.flow.strategy));
            gave.extend(putting.map(|gift| gift.value.clone()));
        }
        let place = settling.recorded.iter().position(|it| it.wrote.path == *path);
        let recorded = place.and_then(|place| settling.recorded.get(place)).map(|it| it.wrote.clone());
        let mut field = Field {
            path,
            notation,
            present: present.as_ref(),
            recorded: recorded.as_ref(),
            past: self.past_of(receiver, path, is_fresh, &gave),
            default: default.as_ref(),
        };
        // What stood there before we wrote is what a merge starts from, as long as nobody changed the field since.
        let base = match &recorded {
            Some(recorded) if notation.same(present.as_ref(), recorded.value.as_ref()) => {
                recorded.before.as_ref()
            }
            _ => present.as_ref(),
        };
        let writers: Vec<(&Gift<'_, 'e>, Option<Value>)> = gifts
            .iter()
            .filter_map(|gift| {
                if let Some(moved) = &gift.moved {
                    return Some((gift, moved.value.clone()));
                }
                match patch::apply(gift.way.flow.strategy, base, gift.value.as_ref()?, spec) {
                    patch::Applied::Value(value) => Some((gift, Some(value))),
                    patch::Applied::Absent => Some((gift, None)),
                    patch::Applied::Untouched | patch::Applied::Differs => None,
                }
            })
            .collect();
        self.report_conflicts(receiver, path, notation, &writers);
        let result = writers.first().map_or(present.as_ref(), |(_, given)| given.as_ref());
        self.report_tests(receiver, path, notation, result, gifts);

        let is_item = matches!(path.last(), Some(Segment::Index(_)));
        // A list item that was taken out is out; what stands in its place now is another one.
        let is_taken_out = is_item && recorded.as_ref().is_some_and(|wrote| wrote.value.is_none());
        let (outcome, cause) = match writers.first() {
            Some((owner, _)) if owner.moved.is_some() => {
                (Outcome { record: owner.moved.clone(), ..Outcome::KEEP }, self.cause_of(owner))
            }
            Some((owner, None)) if is_taken_out => {
                (Outcome { record: recorded.clone(), ..Outcome::KEEP }, self.cause_of(owner))
            }
            Some((owner, given)) => (field.owned(given.as_ref()), self.cause_of(owner)),
            None => {
                let origin = place.and_then(|place| settling.recorded.get(place));
                let (relationship, definition) =
                    origin.map_or(unit.origin, |origin| (origin.relationship, origin.definition));
                let why = "given back: nothing gives it any more".to_owned();
                let definition = name_of(definition);
                let cause = Cause { relationship, definition, strategy: RESTORE, source: None, why };
                // Deleting a Namespace removes its relationships; every value stays as it is.
                let is_kept = unit.released.iter().any(|it| self.is_kept_without_parent(it));
                if is_taken_out && !is_kept {
                    if let Some(before) = recorded.and_then(|wrote| wrote.before) {
                        self.put_item_back(receiver, path, before, cause);
                    }
                    return;
                }
                if is_kept {
                    field.recorded = None;
                    field.past = Past::Recorded;
                }
                (self.outcome_of_giving_back(receiver, &field), cause)
            }
        };
        let Some(made) = self.step(receiver, path, &outcome, cause) else { return };
        if let (Some((owner, _)), Some(mut record)) = (writers.first(), outcome.record) {
            record.made = record.made.max(made);
            record.back = owner.way.is_back;
            let mut is_tacit = outcome.is_tacit;
            if let Some(Source { path, value, .. }) = self.movable(owner)
                && self.take_away(owner, path)
            {
                record.moved = Some(Moved { path: path.clone(), value: value.clone() });
                is_tacit = false;
            }
            if !is_tacit {
                settling.new_records.entry(owner.claim.id).or_default().push(record);
            }
        }
        if outcome.clean_up > Made::NOTHING {
            settling.clean_ups.push((path.clone(), outcome.clean_up));
        }
    }

    fn past_of<'a>(
        &self,
        receiver: ComponentId,
        path: &FieldPath,
        is_fresh: bool,
        gave: &'a [Option<Value>],
    ) -> Past<'a> {
        if is_fresh || self.given_back.contains(&(receiver, path.clone())) {
            Past::Fresh
        } else {
            Past::Unrecorded(gave)
        }
    }

    fn cause_of(&self, owner: &Gift<'_, 'e>) -> Cause<'e> {
        let giver = owner.way.giver;
        Cause {
            relationship: owner.claim.id.relationship,
            definition: owner.claim.rule.name(),
            strategy: owner.way.flow.strategy.word(),
            source: Some(match &owner.source {
                Some(source) => (source.component, source.path.clone()),
                None => (giver, owner.mutator.clone()),
            }),
            why: format!("from {} {}", self.kind_of(giver), self.name(giver)),
        }
    }

    /// What a `move` may take away at its source: what an alias shows is its parent's, and the name of a Namespace stays. That
    /// is copied.
    fn movable<'g>(&self, owner: &'g Gift<'_, 'e>) -> Option<&'g Source> {
        let source = owner.source.as_ref().filter(|_| owner.way.flow.strategy == PatchStrategy::Move)?;
        let giver = self.design().component(owner.way.giver)?;
        let is_name = giver.is(&ComponentKind::NAMESPACE) && source.path.is_keys(&["displayName"]);
        (source.component == owner.way.giver && !is_name).then_some(source)
    }

    /// Takes a value away where a `move` found it. Returns whether that could be done.
    fn take_away(&mut self, owner: &Gift<'_, 'e>, path: &FieldPath) -> bool {
        let (giver, receiver) = (owner.way.giver, owner.way.receiver);
        let cause = Cause {
            source: None,
            why: format!("moved to {} {}", self.kind_of(receiver), self.name(receiver)),
            ..self.cause_of(owner)
        };
        self.set_field(giver, path, None, cause).is_some()
    }

    /// Gives back what a released relationship took away at its source, as far as nothing stands there now.
    fn give_moved_back_of(&mut self, released: &Released<'e>, receiver: ComponentId) {
        let ways: Vec<Way<'e>> = released.ways().filter(|way| way.receiver == receiver).collect();
        for wrote in &released.record.wrote {
            if let Some(way) = ways.iter().find(|way| way.is_back == wrote.back) {
                self.give_moved_back(way.giver, wrote, released.id.relationship, released.rule.name());
            }
        }
    }

    pub(super) fn give_moved_back(
        &mut self,
        giver: ComponentId,
        wrote: &Wrote,
        relationship: RelationshipId,
        definition: &str,
    ) {
        let (Some(moved), Some(component)) = (&wrote.moved, self.design().component(giver)) else { return };
        let is_item = matches!(moved.path.last(), Some(Segment::Index(_)));
        let is_free = component.get(&moved.path).is_none_or(Value::is_blank);
        let why = "given back: it was moved away from here".to_owned();
        let cause = Cause { relationship, definition, strategy: RESTORE, source: None, why };
        if is_item {
            self.put_item_back(giver, &moved.path, moved.value.clone(), cause);
        } else if is_free {
            self.set_field(giver, &moved.path, Some(moved.value.clone()), cause);
        }
    }

    /// Puts a list item back that was taken out.
    pub(super) fn put_item_back(
        &mut self,
        receiver: ComponentId,
        path: &FieldPath,
        before: Value,
        cause: Cause<'_>,
    ) {
        let (Some(list), Some(Segment::Index(index))) = (path.parent(), path.last()) else { return };
        let present = self.design().component(receiver).and_then(|it| it.get(&list));
        let Some(length) = present.and_then(Value::as_list).map(<[Value]>::len) else { return };
        let path = list.child((*index).min(length));
        self.insert_item(receiver, &path, before, cause);
    }

    /// Makes `new` what is recorded about this receiver, and leaves alone what is recorded about the other end.
    fn change_record(
        &mut self,
        claim: &Claim<'e>,
        receiver: ComponentId,
        old: Option<&Record>,
        mut new: Vec<Wrote>,
    ) {
        let ways: Vec<Way<'e>> = claim.ways().collect();
        for wrote in old.map_or(&[][..], |record| &record.wrote) {
            if !is_toward(&ways, receiver, wrote) {
                new.push(wrote.clone());
            } else if let (Some(moved), Some(way)) =
                (&wrote.moved, ways.iter().find(|way| way.is_back == wrote.back))
                && !new.iter().any(|other| other.moved.as_ref().is_some_and(|it| it.path == moved.path))
            {
                self.give_moved_back(way.giver, wrote, claim.id.relationship, claim.rule.name());
            }
        }
        new.sort_by_key(|wrote| wrote.back);
        self.set_record(claim.id, &Record { wrote: new, ..Record::default() }, claim.rule.name());
    }

    fn is_kept_without_parent(&self, released: &Released<'_>) -> bool {
        released.rule.definition.sub_type.eq_ignore_ascii_case("inventory")
            && self.design().component(released.to).is_none()
    }

    /// Reports those that would write something else than the first.
    fn report_conflicts(
        &mut self,
        receiver: ComponentId,
        path: &FieldPath,
        notation: Notation,
        writers: &[(&Gift<'_, 'e>, Option<Value>)],
    ) {
        let Some(((owner, given), others)) = writers.split_first() else { return };
        for (other, value) in others {
            let (kept, ignored) = (owner.claim.id.relationship, other.claim.id.relationship);
            if notation.same(given.as_ref(), value.as_ref()) {
                continue;
            }
            let message = format!(
                "{} and {} give different values to {path} of {}: the first wins",
                self.name(owner.way.giver),
                self.name(other.way.giver),
                self.name(receiver)
            );
            self.report_conflict(receiver, path, (kept, ignored), message);
        }
    }

    pub(super) fn report_conflict(
        &mut self,
        receiver: ComponentId,
        path: &FieldPath,
        (kept, ignored): (RelationshipId, RelationshipId),
        message: String,
    ) {
        let found = Diagnostic::new("DS005", Location::component(receiver, path.clone()), message);
        let conflict = Conflict { component: receiver, path: path.clone(), kept, ignored };
        let findings = self.findings.entry(receiver).or_default();
        findings.diagnostics.push(found);
        if !findings.conflicts.contains(&conflict) {
            findings.conflicts.push(conflict);
        }
    }

    /// Reports what a `test` expects to be otherwise.
    pub(super) fn report_tests(
        &mut self,
        receiver: ComponentId,
        path: &FieldPath,
        notation: Notation,
        result: Option<&Value>,
        gifts: &[Gift<'_, 'e>],
    ) {
        for gift in gifts.iter().filter(|gift| gift.way.flow.strategy == PatchStrategy::Test) {
            if gift.value.is_none() || notation.same(result, gift.value.as_ref()) {
                continue;
            }
            let (receiver_name, giver) = (self.name(receiver), self.name(gift.way.giver));
            let message = format!(
                "{path} of {receiver_name} is not what {giver} says in {} ({})",
                gift.mutator,
                gift.claim.rule.name()
            );
            let found = Diagnostic::new("DS014", Location::component(receiver, path.clone()), message);
            self.findings.entry(receiver).or_default().diagnostics.push(found);
        }
    }

    fn kind_of(&self, id: ComponentId) -> String {
        self.design().component(id).map(|component| component.kind().kind.to_string()).unwrap_or_default()
    }
}

impl Settling<'_, '_> {
    /// Keeps what is recorded about a field that is not looked at.
    pub(super) fn keep(&mut self, path: &FieldPath) {
        for claim in &self.unit.claims {
            let receiver = self.unit.receiver;
            let ways: Vec<Way<'_>> = claim.ways().collect();
            let Some(record) = self.records.get(&claim.id) else { continue };
            let mine =
                record.wrote.iter().filter(|it| it.path == *path && is_toward(&ways, receiver, it)).cloned();
            self.new_records.entry(claim.id).or_default().extend(mine);
        }
    }
}

/// Tells whether an entry of a record is about this receiver. One of a direction that its definition does not have (any
/// more) is, too: it is to be given back where it was written.
pub(super) fn is_toward(ways: &[Way<'_>], receiver: ComponentId, wrote: &Wrote) -> bool {
    let way = ways.iter().find(|way| way.is_back == wrote.back).or_else(|| ways.first());
    way.is_some_and(|way| way.receiver == receiver)
}
