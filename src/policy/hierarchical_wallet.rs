//! The wallet: the module group of the first usable filter of a chain stands in its WasmPlugin.
//!
//! All four fields come from one filter, its **owner**, as a whole; what it lacks is absent (`policy.md`, step 4).

use super::engine::{Cause, Engine, RESTORE};
use super::field::{Field, Notation, Outcome, Past, Step};
use super::made::Made;
use super::record::{PairId, Record, Wrote, has_live_pair};
use super::selector::name_of;
use super::units::{Claim, Unit};
use crate::model::{Component, ComponentId, Diagnostic, FieldPath, Location, Value};
use crate::wallet::module_group::{ConfigError, Given, ModuleField, ModuleGroup};
use crate::wallet::redirect;

impl ModuleField {
    fn notation(self) -> Notation {
        match self {
            Self::Config => Notation::Mapping,
            Self::Url | Self::Sha256 | Self::PluginName => Notation::Text,
        }
    }
}

pub(super) fn is_module_field(path: &FieldPath) -> bool {
    ModuleField::ALL.iter().any(|field| field.plugin_path() == *path)
}

/// The values of a filter's group, in the order of [`ModuleField::ALL`]; `None` when it cannot be written.
type Group = Option<[Option<Value>; 4]>;

fn group_of(filter: Option<&Component>) -> Group {
    let given = filter.and_then(Given::of).filter(|given| given.can_be_written())?;
    let mut values = [None, None, None, None];
    for (slot, field) in values.iter_mut().zip(ModuleField::ALL) {
        *slot = given.value(field).ok()?.cloned();
    }
    Some(values)
}

impl Engine<'_, '_> {
    /// Says what is wrong with the filters of a plugin themselves, whatever stands in the plugin.
    pub(super) fn report_module_wallet(&mut self, unit: &Unit<'_>) {
        for claim in &unit.claims {
            self.report_filter(claim.from, true);
            self.report_legacy(claim);
        }
    }

    /// Lets the owner's module group stand in the plugin, and gives back what no filter gives.
    pub(super) fn settle_module_wallet(&mut self, unit: &Unit<'_>) {
        let plugin = unit.receiver;
        if self.design().component(plugin).is_none() {
            return;
        }
        let of_others = self.take_over(unit);
        let groups: Vec<Group> =
            unit.claims.iter().map(|claim| group_of(self.design().component(claim.from))).collect();
        let owner = groups.iter().position(Option::is_some);
        let records: Vec<Record> = unit.claims.iter().map(|claim| self.record_of(claim.id)).collect();
        let mut recorded: Vec<&Wrote> = records
            .iter()
            .chain(unit.released.iter().map(|released| &released.record))
            .flat_map(|record| &record.wrote)
            .collect();
        let is_recorded = !recorded.is_empty();
        recorded.extend(&of_others);
        let past = self.past_groups(unit);

        let mut wrote = Vec::new();
        let mut tacit = Vec::new();
        let mut clean_ups: Vec<(FieldPath, Made)> = Vec::new();
        for (index, field) in ModuleField::ALL.into_iter().enumerate() {
            let path = field.plugin_path();
            let gave: Vec<Option<Value>> = match &past {
                PastGroups::Unrecorded(groups) => groups.iter().map(|group| group[index].clone()).collect(),
                PastGroups::Fresh => Vec::new(),
            };
            let Some(component) = self.design().component(plugin) else { return };
            let present = component.get(&path).cloned();
            let about = Field {
                path: &path,
                notation: field.notation(),
                present: present.as_ref(),
                recorded: recorded.iter().find(|wrote| wrote.path == path).copied(),
                past: match &past {
                    _ if is_recorded => Past::Recorded,
                    _ if self.given_back.contains(&(plugin, path.clone())) => Past::Fresh,
                    PastGroups::Fresh => Past::Fresh,
                    PastGroups::Unrecorded(_) => Past::Unrecorded(&gave),
                },
                default: None,
            };
            let given = owner.and_then(|owner| groups[owner].as_ref()).map(|group| group[index].as_ref());
            let outcome = match given {
                Some(given) => {
                    let is_known = groups
                        .iter()
                        .flatten()
                        .any(|group| about.notation.same(group[index].as_ref(), about.present));
                    if let (Some(owner), false) = (owner, is_known) {
                        self.report_outside(&about, plugin, unit.claims[owner].from);
                    }
                    about.owned(given)
                }
                None => self.outcome_of_giving_back(plugin, &about),
            };
            let cause = self.cause(unit, owner, field, given.is_some_and(|given| given.is_some()));
            let Some(made) = self.step(plugin, &path, &outcome, cause) else { continue };
            if let Some(mut record) = outcome.record {
                record.made = record.made.max(made);
                if outcome.is_tacit { tacit.push(record) } else { wrote.push(record) }
            }
            if outcome.clean_up > Made::NOTHING {
                clean_ups.push((path, outcome.clean_up));
            }
        }
        for wrote in recorded.iter().filter(|wrote| !is_module_field(&wrote.path)) {
            let cause = self.cause(unit, None, ModuleField::Url, false);
            clean_ups.extend(self.give_back(plugin, wrote, cause));
        }
        for (path, made) in clean_ups {
            self.clean_up(plugin, &path, made);
        }
        // Values that were there already are recorded as soon as anything is: from then on the record is complete.
        if !wrote.is_empty() {
            wrote.extend(tacit);
            wrote.sort_by_key(|record| {
                ModuleField::ALL.iter().position(|field| field.plugin_path() == record.path)
            });
        }
        for (index, claim) in unit.claims.iter().enumerate() {
            let wrote = if Some(index) == owner { std::mem::take(&mut wrote) } else { Vec::new() };
            self.set_record(claim.id, &Record { wrote, ..Record::default() }, claim.rule.name());
        }
    }

    /// What becomes of a field that nobody owns any more.
    pub(super) fn outcome_of_giving_back(&mut self, receiver: ComponentId, field: &Field<'_>) -> Outcome {
        if field.recorded.is_some() || field.past == Past::Recorded {
            self.given_back.insert((receiver, field.path.clone()));
        }
        field.released()
    }

    /// Gives back a field that a definition wrote which is not in force any more. Returns what is to be cleaned up.
    pub(super) fn give_back(
        &mut self,
        id: ComponentId,
        wrote: &Wrote,
        cause: Cause<'_>,
    ) -> Option<(FieldPath, Made)> {
        let present = self.design().component(id)?.get(&wrote.path).cloned();
        let about = Field {
            path: &wrote.path,
            notation: Notation::Plain,
            present: present.as_ref(),
            recorded: Some(wrote),
            past: Past::Recorded,
            default: None,
        };
        let outcome = about.released();
        self.step(id, &wrote.path, &outcome, cause)?;
        (outcome.clean_up > Made::NOTHING).then(|| (wrote.path.clone(), outcome.clean_up))
    }

    /// Says what is wrong with the filter itself: it has no module (DS003), or its config is no mapping (DS004).
    pub(super) fn report_filter(&mut self, filter: ComponentId, needs_mapping: bool) {
        let Some(component) = self.design().component(filter) else { return };
        // Nearly every filter is like that.
        if Given::of(component).is_none_or(|given| given.can_be_written()) {
            return;
        }
        let Some(group) = ModuleGroup::of(component) else { return };
        let mut found = Vec::new();
        if group.url.is_none() {
            let message = format!(
                "filter {} has no module: set the URL of the Wasm module that it runs",
                self.name(filter)
            );
            let path = ModuleField::Url.filter_path(component);
            found.push(Diagnostic::new("DS003", Location::component(filter, path), message));
        }
        let error = match group.config {
            Some(Value::Text(_)) if !needs_mapping => None,
            _ => group.plugin_config().err(),
        };
        if let Some(err) = error {
            let advice = match err {
                ConfigError::Syntax(_) => "",
                ConfigError::NotAMapping(_) => "; write it as `key: value` or as a JSON object",
            };
            let message = format!("the config of filter {} {err}{advice}", self.name(filter));
            let path = ModuleField::Config.filter_path(component);
            found.push(Diagnostic::new("DS004", Location::component(filter, path), message));
        }
        self.diagnostics.extend(found);
    }

    /// A module field that somebody changed in the file: the filter wins, and its value can be replaced (DS013).
    fn report_outside(&mut self, field: &Field<'_>, plugin: ComponentId, owner: ComponentId) {
        let was_written = match (field.recorded, field.past) {
            (Some(recorded), _) => recorded.value.as_ref(),
            (None, Past::Recorded) => None,
            (None, Past::Fresh) => return,
            // Never written: an absent value was not changed by anybody.
            (None, Past::Unrecorded(_)) if field.present.is_none_or(Value::is_blank) => return,
            (None, Past::Unrecorded(gave)) => {
                if gave.iter().any(|gave| field.notation.same(gave.as_ref(), field.present)) {
                    return;
                }
                None
            }
        };
        if field.notation.same(field.present, was_written) {
            return;
        }
        let key = field.path.last().and_then(|segment| segment.as_key()).unwrap_or_default();
        let (plugin_name, filter) = (self.name(plugin), self.name(owner));
        let message = format!(
            "{key} of plugin {plugin_name} was changed outside: its filter {filter} says otherwise, and wins"
        );
        let location = Location::component(plugin, field.path.clone());
        let mut found = Diagnostic::new("DS013", location, message);
        if let Some(edits) = redirect(self.design(), plugin, Some(owner), field.path, field.present) {
            found = found.with_fix(format!("Take the plugin's value into {filter}"), edits);
        }
        self.diagnostics.push(found);
    }

    fn cause<'a>(
        &self,
        unit: &'a Unit<'_>,
        owner: Option<usize>,
        field: ModuleField,
        is_given: bool,
    ) -> Cause<'a> {
        let claim = owner.map(|owner| &unit.claims[owner]);
        let why = match claim {
            Some(claim) if is_given => format!("from filter {}", self.name(claim.from)),
            Some(claim) => format!("not set by filter {}", self.name(claim.from)),
            None => "given back: no filter gives it any more".to_owned(),
        };
        let (relationship, definition) =
            claim.map_or(unit.origin, |claim| (claim.id.relationship, claim.rule.definition));
        let definition = name_of(definition);
        let strategy = if owner.is_some() { "replace" } else { RESTORE };
        let filter = claim.and_then(|claim| self.design().component(claim.from));
        let source = filter.map(|filter| (filter.id(), field.filter_path(filter)));
        Cause { relationship, definition, strategy, source, why }
    }

    /// Makes the change that an outcome asks for. Returns what was made on the way; `None` when it failed.
    pub(super) fn step(
        &mut self,
        id: ComponentId,
        path: &FieldPath,
        outcome: &Outcome,
        cause: Cause<'_>,
    ) -> Option<Made> {
        match &outcome.step {
            Step::Keep => Some(Made::NOTHING),
            Step::Set(value) => self.set_field(id, path, Some(value.clone()), cause),
            Step::Remove => self.set_field(id, path, None, cause),
        }
    }

    /// The record of a pair. One that the gesture lost (the relationship was taken out and put back bare) is the one that
    /// the transaction began with; one that this evaluation took away stays away.
    pub(super) fn record_of(&self, id: PairId) -> Record {
        let present = self.design().relationship(id.relationship).map(|it| Record::of(it, id.pair));
        let present = present.unwrap_or_default();
        if present.is_empty() { self.lost_record(id).unwrap_or(present) } else { present }
    }

    /// What a pair without a record had when the transaction began, if it was the gesture that lost it.
    pub(super) fn lost_record(&self, id: PairId) -> Option<Record> {
        if self.tx.is_unchanged_relationship(id.relationship) {
            return None;
        }
        let relationship = self.design().relationship(id.relationship)?;
        let original = self.tx.original_relationship(id.relationship)?;
        if !original.has_billfold() {
            return None;
        }
        let pair = relationship.pairs().get(id.pair)?;
        if self.dropped.contains(&(id.relationship, pair.from, pair.to)) {
            return None;
        }
        let place = original.pairs().iter().position(|it| it.from == pair.from && it.to == pair.to)?;
        Some(Record::of(original, place)).filter(|record| !record.is_empty())
    }

    /// Tells whether this pair was there, and live, when the transaction began, or counts as if it had been.
    pub(super) fn was_there(&self, claim: &Claim<'_>) -> bool {
        if self.identified.contains(&claim.id.relationship) {
            return true;
        }
        let Some(relationship) = self.design().relationship(claim.id.relationship) else { return false };
        let Some(pair) = relationship.pairs().get(claim.id.pair) else { return false };
        has_live_pair(self.tx.original_relationship(claim.id.relationship), pair)
    }

    fn past_groups(&self, unit: &Unit<'_>) -> PastGroups {
        let is_new = self.tx.original_component(unit.receiver).is_none();
        let mut is_fresh = !is_new && unit.released.is_empty();
        let mut groups = Vec::new();
        if is_new {
            // It came with its filters, as out of a file: what they give stands there because they give it.
            groups
                .extend(unit.claims.iter().filter_map(|claim| group_of(self.design().component(claim.from))));
        }
        for claim in unit.claims.iter().filter(|claim| self.was_there(claim)) {
            is_fresh = false;
            groups.extend(group_of(self.tx.original_component(claim.from)));
        }
        for released in &unit.released {
            groups.extend(group_of(self.tx.original_component(released.from)));
        }
        if is_fresh { PastGroups::Fresh } else { PastGroups::Unrecorded(groups) }
    }
}

/// What the filters gave when the transaction began.
enum PastGroups {
    /// There were none.
    Fresh,
    /// Those that could be written.
    Unrecorded(Vec<[Option<Value>; 4]>),
}
