//! Values that flow path by path: the name of a Namespace into what lies in its frame, and the pairs of any definition
//! that is no wallet of filters.
//!
//! The first relationship in document order that gives a value wins; one that would write another value is a conflict
//! (DS005), never the last writer (`policy.md`, step 4).

use std::collections::HashMap;

use indexmap::IndexMap;

use super::engine::{Cause, Engine, Hasher, RESTORE};
use super::field::{Field, Notation, Past};
use super::record::{PairId, Record, Wrote};
use super::selector::name_of;
use super::trace::Conflict;
use super::units::{Claim, Unit};
use crate::model::{Component, ComponentId, ComponentKind, Diagnostic, FieldPath, Location, Value};
use crate::registry::{FieldKind, PatchStrategy, Side};
use crate::wallet::module_group::as_text;
use crate::wallet::patch;

/// What one claim gives to one field.
struct Gift<'u, 'r> {
    claim: &'u Claim<'r>,
    strategy: PatchStrategy,
    /// Where the giver has it.
    mutator: &'r FieldPath,
    /// `None`: absent, null or blank at the giver.
    value: Option<Value>,
    was_there: bool,
    /// What it gave when the transaction began.
    gave: Option<Value>,
}

/// The value at `path` of a giver. What a Namespace gives under its `displayName` is its name (`product.md`, Names).
fn value_of(giver: &Component, path: &FieldPath) -> Option<Value> {
    let value = if giver.is(&ComponentKind::NAMESPACE) && path.is_keys(&["displayName"]) {
        giver.own_name().map(Value::from)
    } else {
        giver.get(&patch::resolve(giver.tree(), path)).cloned()
    };
    value.filter(|value| !value.is_blank())
}

impl<'e> Engine<'e, '_> {
    /// Lets the values flow into one receiver, and gives back what nobody gives any more.
    pub(super) fn settle_fields(&mut self, unit: &Unit<'e>) {
        let receiver = unit.receiver;
        let Some(component) = self.design().component(receiver) else { return };
        let records: HashMap<PairId, Record, Hasher> =
            unit.claims.iter().map(|claim| (claim.id, self.record_of(claim.id))).collect();
        let recorded: Vec<Wrote> = unit
            .claims
            .iter()
            .filter_map(|claim| records.get(&claim.id))
            .chain(unit.released.iter().map(|released| &released.record))
            .flat_map(|record| record.wrote.iter().cloned())
            .collect();

        let mut fields: IndexMap<FieldPath, Vec<Gift<'_, 'e>>, Hasher> = IndexMap::default();
        for claim in &unit.claims {
            let Some(flow) = claim.rule.flow() else { continue };
            let giver = self.design().component(claim.giver());
            let original = self.tx.original_component(claim.giver());
            let was_there = self.was_there(claim);
            for pair in flow.pairs() {
                let path = patch::resolve(component.tree(), pair.mutated);
                let notation = self.notation(component, &path);
                let read = |giver: Option<&Component>| convert(notation, value_of(giver?, pair.mutator)?);
                fields.entry(path).or_default().push(Gift {
                    claim,
                    strategy: flow.strategy,
                    mutator: pair.mutator,
                    value: read(giver),
                    was_there,
                    gave: read(original),
                });
            }
        }
        // What released relationships without a record gave.
        let mut gave_once: Vec<(FieldPath, Value)> = Vec::new();
        for released in &unit.released {
            let Some(flow) = released.rule.flow() else { continue };
            let giver = if flow.giver == Side::From { released.from } else { released.to };
            for pair in flow.pairs() {
                let path = patch::resolve(component.tree(), pair.mutated);
                let notation = self.notation(component, &path);
                let original = self.tx.original_component(giver);
                if let Some(value) = original.and_then(|giver| value_of(giver, pair.mutator)) {
                    gave_once.extend(convert(notation, value).map(|value| (path.clone(), value)));
                }
                fields.entry(path).or_default();
            }
        }
        for wrote in &recorded {
            fields.entry(wrote.path.clone()).or_default();
        }

        let mut new_records: HashMap<PairId, Record, Hasher> = HashMap::default();
        let mut clean_ups = Vec::new();
        for (path, gifts) in &fields {
            if gifts.iter().any(|gift| self.suspended.contains(&gift.claim.id.relationship)) {
                keep_records(unit, &records, &mut new_records, path);
                continue;
            }
            let once = gave_once.iter().filter(|(of, _)| of == path).map(|(_, value)| value.clone());
            self.settle_field(unit, path, gifts, once.collect(), &recorded, &mut new_records, &mut clean_ups);
        }
        for (path, made) in clean_ups {
            self.clean_up(receiver, &path, made);
        }
        for claim in &unit.claims {
            let record = new_records.remove(&claim.id).unwrap_or_default();
            self.set_record(claim.id, &record, claim.rule.name());
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one step of `settle_fields`, split off to be read by itself"
    )]
    fn settle_field(
        &mut self,
        unit: &Unit<'e>,
        path: &FieldPath,
        gifts: &[Gift<'_, 'e>],
        gave_once: Vec<Value>,
        recorded: &[Wrote],
        new_records: &mut HashMap<PairId, Record, Hasher>,
        clean_ups: &mut Vec<(FieldPath, usize)>,
    ) {
        let receiver = unit.receiver;
        let Some(component) = self.design().component(receiver) else { return };
        let notation = self.notation(component, path);
        let present = component.get(path).cloned();
        let default = self.registry().field(component.kind(), path).and_then(|spec| spec.default.clone());
        let is_new = self.tx.original_component(receiver).is_none();
        let is_fresh = !is_new && unit.released.is_empty() && !gifts.iter().any(|gift| gift.was_there);
        let mut gave: Vec<Option<Value>> = gave_once.into_iter().map(Some).collect();
        gave.extend(gifts.iter().filter(|gift| gift.was_there).map(|gift| gift.gave.clone()));
        if is_new {
            gave.extend(gifts.iter().map(|gift| gift.value.clone()));
        }
        let mut field = Field {
            path,
            notation,
            present: present.as_ref(),
            recorded: recorded.iter().find(|wrote| wrote.path == *path),
            past: if is_fresh { Past::Fresh } else { Past::Unrecorded(&gave) },
            default: default.as_ref(),
        };
        let owner = gifts.iter().find(|gift| gift.value.is_some());
        if let Some(owner) = owner {
            self.report_conflicts(receiver, path, notation, owner, gifts);
        }
        let (outcome, cause) = if let Some(owner) = owner {
            let Some(given) = self.result_of(owner, &field, receiver) else { return };
            let from = owner.claim.giver();
            let cause = Cause {
                relationship: owner.claim.id.relationship,
                definition: owner.claim.rule.name(),
                strategy: owner.strategy.word(),
                source: self
                    .design()
                    .component(from)
                    .map(|it| (from, patch::resolve(it.tree(), owner.mutator))),
                why: format!("from {} {}", self.kind_of(from), self.name(from)),
            };
            (field.owned(given.as_ref()), cause)
        } else {
            if unit.released.iter().any(|released| self.is_kept_without_parent(released)) {
                // Deleting a Namespace removes its relationships; every value stays as it is.
                field.recorded = None;
                field.past = Past::Recorded;
            }
            let cause = Cause {
                relationship: unit.origin.0,
                definition: name_of(unit.origin.1),
                strategy: RESTORE,
                source: None,
                why: "given back: nothing gives it any more".to_owned(),
            };
            (field.released(), cause)
        };
        let Some(made) = self.step(receiver, path, &outcome, cause) else { return };
        if let (Some(owner), Some(mut record), false) = (owner, outcome.record, outcome.is_tacit) {
            record.made = record.made.max(made);
            new_records.entry(owner.claim.id).or_default().wrote.push(record);
        }
        if outcome.clean_up > 0 {
            clean_ups.push((path.clone(), outcome.clean_up));
        }
    }

    fn is_kept_without_parent(&self, released: &super::units::Released<'_>) -> bool {
        released.rule.definition.sub_type.eq_ignore_ascii_case("inventory")
            && self.design().component(released.to).is_none()
    }

    /// What is to stand in the field; the inner `None` is nothing. The outer `None`: nothing is written at all.
    #[expect(clippy::option_option, reason = "absent is not the same as untouched")]
    fn result_of(
        &mut self,
        owner: &Gift<'_, '_>,
        field: &Field<'_>,
        receiver: ComponentId,
    ) -> Option<Option<Value>> {
        let given = owner.value.as_ref()?;
        // What stood there before we wrote is what a merge starts from, as long as nobody changed the field since.
        let base = match field.recorded {
            Some(recorded) if field.notation.same(field.present, recorded.value.as_ref()) => {
                recorded.before.as_ref()
            }
            _ => field.present,
        };
        let component = self.design().component(receiver)?;
        let spec = self.registry().field(component.kind(), field.path);
        match patch::apply(owner.strategy, base, given, spec) {
            patch::Applied::Value(value) => Some(Some(value)),
            patch::Applied::Absent => Some(None),
            patch::Applied::Untouched => None,
            patch::Applied::Differs => {
                let message = format!("{} is not what {} says", field.path, self.name(owner.claim.giver()));
                let location = Location::component(receiver, field.path.clone());
                self.diagnostics.push(Diagnostic::new("DS014", location, message));
                None
            }
        }
    }

    fn report_conflicts(
        &mut self,
        receiver: ComponentId,
        path: &FieldPath,
        notation: Notation,
        owner: &Gift<'_, 'e>,
        gifts: &[Gift<'_, 'e>],
    ) {
        for other in gifts.iter().filter(|gift| gift.value.is_some()) {
            if notation.same(owner.value.as_ref(), other.value.as_ref()) {
                continue;
            }
            let (kept, ignored) = (owner.claim.id.relationship, other.claim.id.relationship);
            let message = format!(
                "{} and {} give different values to {path} of {}: the first wins",
                self.name(owner.claim.giver()),
                self.name(other.claim.giver()),
                self.name(receiver)
            );
            self.diagnostics.push(Diagnostic::new(
                "DS005",
                Location::component(receiver, path.clone()),
                message,
            ));
            let conflict = Conflict { component: receiver, path: path.clone(), kept, ignored };
            if !self.trace.conflicts.contains(&conflict) {
                self.trace.conflicts.push(conflict);
            }
        }
    }

    fn kind_of(&self, id: ComponentId) -> String {
        self.design().component(id).map(|component| component.kind().kind.to_string()).unwrap_or_default()
    }

    fn notation(&self, component: &Component, path: &FieldPath) -> Notation {
        match self.registry().field(component.kind(), path).map(|spec| spec.kind) {
            Some(FieldKind::Text | FieldKind::Enum) => Notation::Text,
            _ if path.is_keys(&["configuration", "metadata", "namespace"]) => Notation::Text,
            _ => Notation::Plain,
        }
    }
}

/// Keeps what is recorded about a field that is not looked at.
fn keep_records(
    unit: &Unit<'_>,
    records: &HashMap<PairId, Record, Hasher>,
    new_records: &mut HashMap<PairId, Record, Hasher>,
    path: &FieldPath,
) {
    for claim in &unit.claims {
        if let Some(wrote) = records.get(&claim.id).and_then(|record| record.about(path)) {
            new_records.entry(claim.id).or_default().wrote.push(wrote.clone());
        }
    }
}

/// The value as the receiver takes it; `None` when it is blank.
fn convert(notation: Notation, value: Value) -> Option<Value> {
    let value = if notation == Notation::Text { as_text(&value) } else { value };
    (!value.is_blank()).then_some(value)
}
