//! The EnvoyFilter as a wallet: each filter of its chain owns one entry of `spec.configPatches`.
//!
//! The entry is found by the name in the relationship's record, else by what it runs, else it is made. What it matches
//! and where it goes is the user's; code, configuration and root id are the filter's (`policy.md`, EnvoyFilter wallet).

use std::collections::HashSet;

use super::engine::{Cause, Engine, Hasher, RESTORE};
use super::envoy_filter_entry::{
    EntryGive, Given, config_field, entry_file, is_edited, is_wasm, nested, new_entry, recorded_file,
};
use super::field::{Field, Notation, Past};
use super::made::Made;
use super::record::{Record, Wrote};
use super::released::Released;
use super::units::{Claim, Unit};
use crate::model::{Component, ComponentId, Diagnostic, Edit, FieldPath, Location, Severity, Target, Value};
use crate::wallet::entry::{self, EntryGroup};
use crate::wallet::module_group::{ModuleField, ModuleGroup};
use crate::wallet::redirect;

/// One filter of the chain, with the place of its entry.
struct Seat<'u, 'r> {
    claim: &'u Claim<'r>,
    record: Record,
    /// Index of its entry in the list.
    place: Option<usize>,
}
impl<'e> Engine<'e, '_> {
    /// Lets each filter's module group stand in its own entry, in the order of the chain.
    pub(super) fn settle_entries(&mut self, unit: &Unit<'e>) {
        let wallet = unit.receiver;
        if self.design().component(wallet).is_none() {
            return;
        }
        for claim in &unit.claims {
            self.report_filter(claim.from, false);
            self.report_legacy(claim);
        }
        let mut seats: Vec<Seat<'_, 'e>> = unit
            .claims
            .iter()
            .map(|claim| Seat { claim, record: self.entry_record(unit, claim), place: None })
            .collect();
        self.release_entries(unit, &mut seats);
        self.find_entries(wallet, &mut seats);
        for index in 0..seats.len() {
            self.settle_entry(unit, &mut seats, index);
        }
        self.order_entries(&seats);
        for seat in &seats {
            self.set_record(seat.claim.id, &seat.record, seat.claim.rule.name());
        }
    }

    /// The record of a pair; one that was taken out and joined anew in this transaction goes on with what it had.
    fn entry_record(&self, unit: &Unit<'e>, claim: &Claim<'e>) -> Record {
        let record = self.record_of(claim.id);
        if !record.is_empty() {
            return record;
        }
        let former = unit.released.iter().find(|released| released.from == claim.from);
        former.map(|released| released.record.clone()).unwrap_or_default()
    }

    fn entries(&self, wallet: ComponentId) -> &[Value] {
        let component = self.design().component(wallet);
        component.and_then(|it| it.tree().at(&entry::LIST)?.as_list()).unwrap_or_default()
    }

    fn entry_named(&self, wallet: ComponentId, name: &str) -> Option<usize> {
        let is_named = |value: &Value| value.text_at(&entry::NAME) == Some(name) && is_wasm(value);
        self.entries(wallet).iter().position(is_named)
    }

    /// Entries of filters that are gone: those that we made go, the others get back what stood there.
    fn release_entries(&mut self, unit: &Unit<'e>, seats: &mut [Seat<'_, 'e>]) {
        let wallet = unit.receiver;
        for released in &unit.released {
            let goes_on =
                seats.iter().any(|seat| seat.record == released.record && seat.claim.from == released.from);
            let Some(name) = released.record.patch.as_deref().filter(|_| !goes_on) else { continue };
            let Some(place) = self.entry_named(wallet, name) else { continue };
            if released.record.made {
                self.remove_entry(wallet, place, released, seats);
            } else {
                self.restore_entry(wallet, place, released);
            }
        }
    }

    fn remove_entry(
        &mut self,
        wallet: ComponentId,
        place: usize,
        released: &Released<'e>,
        seats: &mut [Seat<'_, 'e>],
    ) {
        let path = FieldPath::keys(&entry::LIST).child(place);
        let filter = self.name(released.from);
        if self.entries(wallet).get(place).is_some_and(|value| is_edited(value, &released.record)) {
            let message = format!(
                "the entry of filter {filter} went with it, and with it what had been edited there; undo brings both back"
            );
            self.diagnostics.push(Diagnostic::new(
                "DS014",
                Location::component(wallet, list_path()),
                message,
            ));
        }
        let why = format!("it was made for filter {filter}");
        let cause = release_cause(released, why);
        if self.set_field(wallet, &path, None, cause).is_none() {
            return;
        }
        let around = released.record.made_around;
        if around == Made::NOTHING {
            return;
        }
        // The list that was made for this entry goes with the last entry that was made.
        match seats.iter_mut().find(|seat| seat.record.made) {
            Some(seat) => seat.record.made_around = seat.record.made_around.max(around),
            None => self.clean_up(wallet, &path, around),
        }
    }

    fn restore_entry(&mut self, wallet: ComponentId, place: usize, released: &Released<'e>) {
        let why = format!("given back: filter {} is gone", self.name(released.from));
        self.restore_fields(wallet, place, &released.record, &release_cause(released, why));
    }

    /// Gives every recorded field of an entry back.
    fn restore_fields(&mut self, wallet: ComponentId, place: usize, record: &Record, cause: &Cause<'_>) {
        let entry_path = list_path().child(place);
        let mut clean_ups = Vec::new();
        for wrote in &record.wrote {
            let path = entry_path.join(&wrote.path);
            let present = self.design().component(wallet).and_then(|it| it.get(&path)).cloned();
            let about = Field {
                path: &wrote.path,
                notation: Notation::Plain,
                present: present.as_ref(),
                recorded: Some(wrote),
                past: Past::Recorded,
                default: None,
            };
            let outcome = about.released();
            if self.step(wallet, &path, &outcome, cause.clone()).is_some() {
                // In an entry that we made nothing empty is left behind.
                let around = if wrote.path.is_keys(&entry::FILENAME) { 2 } else { 1 };
                let made = if record.made && !wrote.path.is_keys(&entry::ROOT_ID) { around } else { 0 };
                clean_ups.push((path, Made::segments(made).max(outcome.clean_up)));
            }
        }
        for (path, made) in clean_ups {
            self.clean_up_field(wallet, &path, made);
        }
    }

    /// Finds the entry of each filter: by the name in its record, else by what it runs.
    fn find_entries(&mut self, wallet: ComponentId, seats: &mut [Seat<'_, 'e>]) {
        let mut taken: HashSet<usize, Hasher> = HashSet::default();
        for seat in seats.iter_mut() {
            let named = seat.record.patch.as_deref().and_then(|name| self.entry_named(wallet, name));
            seat.place = named.filter(|place| taken.insert(*place));
        }
        for seat in seats.iter_mut().filter(|seat| seat.place.is_none()) {
            // A filter that has just been dropped here brings its own entry, whatever runs here already.
            let is_new = seat.record.patch.is_none()
                && !self.was_there(seat.claim)
                && self.tx.original_component(wallet).is_some();
            if is_new {
                continue;
            }
            let Some(filter) = self.design().component(seat.claim.from) else { continue };
            let Some(group) = ModuleGroup::of(filter) else { continue };
            let wanted = EntryGroup::of_filter(&group, filter.own_name());
            let place = self.entries(wallet).iter().enumerate().position(|(place, value)| {
                !taken.contains(&place)
                    && is_wasm(value)
                    && value.text_at(&entry::NAME).is_some_and(|name| !name.trim().is_empty())
                    && EntryGroup::of(value)
                        .is_some_and(|it| wanted.iter().any(|wanted| wanted.runs_the_same(&it)))
            });
            if let Some(place) = place {
                taken.insert(place);
                let record = joined_record(&self.entries(wallet)[place]);
                self.report_lost_name(wallet, seat, record.patch.as_deref().unwrap_or_default());
                seat.place = Some(place);
                seat.record = record;
            }
        }
    }

    fn report_lost_name(&mut self, wallet: ComponentId, seat: &Seat<'_, 'e>, new: &str) {
        let Some(old) = &seat.record.patch else { return };
        let message = format!(
            "no entry of {} is called {old} any more: filter {} goes on with {new}",
            self.name(wallet),
            self.name(seat.claim.from)
        );
        let found = Diagnostic::new("DS014", Location::component(wallet, list_path()), message);
        self.diagnostics.push(found.with_severity(Severity::Warning));
    }

    /// Writes one filter's fields into its entry, or makes the entry.
    fn settle_entry(&mut self, unit: &Unit<'e>, seats: &mut [Seat<'_, 'e>], index: usize) {
        let wallet = unit.receiver;
        let filter = seats[index].claim.from;
        let given = Given::of(self.design().component(filter));
        let (Some(given), Some(place)) = (&given, seats[index].place) else {
            match (given, seats[index].place) {
                (Some(given), None) => self.make_entry(wallet, seats, index, &given),
                (None, Some(place)) => {
                    let why =
                        format!("given back: filter {} has no module that can be used", self.name(filter));
                    let cause = claim_cause(seats[index].claim, RESTORE, None, why);
                    self.restore_fields(wallet, place, &seats[index].record.clone(), &cause);
                    seats[index].record.wrote.clear();
                }
                _ => {}
            }
            return;
        };
        self.write_fields(wallet, &mut seats[index], place, given);
        self.report_mount(wallet, place, given, filter);
    }

    fn write_fields(&mut self, wallet: ComponentId, seat: &mut Seat<'_, 'e>, place: usize, given: &Given) {
        let Some(value) = self.entries(wallet).get(place).cloned() else { return };
        let filter = seat.claim.from;
        let is_evaluated = !seat.record.wrote.is_empty();
        let fields = [
            self.code_field(wallet, &value, seat, given),
            config_field(&value, &seat.record, given.config.as_ref()),
            (FieldPath::keys(&entry::ROOT_ID), given.root_id.clone(), Notation::Text),
        ];
        // What it gave before this transaction, where nothing is recorded: then that is what stands there.
        let original = EntryGive::of(self.tx.original_component(filter));
        let mut wrote = Vec::new();
        let mut tacit = Vec::new();
        for (field, given, notation) in fields {
            let path = list_path().child(place).join(&field);
            let present = self.design().component(wallet).and_then(|it| it.get(&path)).cloned();
            let gave: Vec<Option<Value>> = original.of_field(&field);
            let about = Field {
                path: &field,
                notation,
                present: present.as_ref(),
                recorded: seat.record.about(&field),
                past: if is_evaluated { Past::Recorded } else { Past::Unrecorded(&gave) },
                default: None,
            };
            if is_evaluated {
                self.report_entry_changed(wallet, &path, &about, given.as_ref(), filter);
            }
            let outcome = about.owned(given.as_ref());
            let why = match &given {
                Some(_) => format!("from filter {}", self.name(filter)),
                None => format!("not set by filter {}", self.name(filter)),
            };
            let cause = claim_cause(seat.claim, "replace", self.source_of(&field, filter), why);
            let Some(made) = self.step(wallet, &path, &outcome, cause) else { continue };
            let is_config = field.is_keys(&entry::CONFIG_VALUE);
            let made = made.max(about.recorded.map_or(Made::NOTHING, |wrote| wrote.made));
            let is_cleared = is_config && given.is_none() && (made > Made::NOTHING || seat.record.made);
            if is_config && given.is_some() {
                self.complete_wrapper(wallet, &path);
            } else if is_cleared {
                self.clean_up_field(wallet, &path, made.max(Made::segments(1)));
            }
            let Some(mut record) = outcome.record else { continue };
            // An entry that we made goes as a whole, so what was made in it does not matter.
            record.made = if is_cleared || seat.record.made { Made::NOTHING } else { made };
            if record.says_something() {
                if outcome.is_tacit { tacit.push(record) } else { wrote.push(record) }
            }
        }
        if !wrote.is_empty() {
            wrote.extend(tacit);
        }
        seat.record.wrote = wrote;
    }

    /// Where a filter has what stands in this field of its entry.
    fn source_of(&self, field: &FieldPath, filter: ComponentId) -> Option<(ComponentId, FieldPath)> {
        let module_field = if field.is_keys(&entry::ROOT_ID) {
            ModuleField::PluginName
        } else if field.is_keys(&entry::CONFIG_VALUE) || field.is_keys(&entry::CONFIGURATION) {
            ModuleField::Config
        } else {
            ModuleField::Url
        };
        Some((filter, module_field.filter_path(self.design().component(filter)?)))
    }

    /// Gives a wrapper that has no type that of a text.
    fn complete_wrapper(&mut self, wallet: ComponentId, value_path: &FieldPath) {
        let Some(wrapper) = value_path.parent() else { return };
        let present = self.design().component(wallet).and_then(|it| it.get(&wrapper)).and_then(Value::as_map);
        if present.is_some_and(|map| !map.contains_key("@type")) {
            let done = self.tx.apply(Edit::SetField {
                target: Target::Component(wallet),
                path: wrapper.child("@type"),
                value: Some(entry::STRING_VALUE.into()),
                place: Some(0),
            });
            debug_assert!(done.is_ok(), "the wrapper is a mapping: {done:?}");
        }
    }

    /// Removes what was made around a field of an entry, as far as it is empty. A wrapper of which nothing but its type
    /// is left counts as empty.
    fn clean_up_field(&mut self, wallet: ComponentId, path: &FieldPath, made: Made) {
        let wrapper = path.parent().unwrap_or_default();
        let present = self.design().component(wallet).and_then(|it| it.get(&wrapper)).and_then(Value::as_map);
        if made > Made::NOTHING && present.is_some_and(|map| map.len() == 1 && map.contains_key("@type")) {
            let done = self.tx.apply(Edit::unset(wallet, wrapper.child("@type")));
            debug_assert!(done.is_ok(), "the key is there: {done:?}");
        }
        self.clean_up(wallet, path, made);
    }

    /// A field of an entry that somebody changed in the file (DS013).
    fn report_entry_changed(
        &mut self,
        wallet: ComponentId,
        path: &FieldPath,
        about: &Field<'_>,
        given: Option<&Value>,
        filter: ComponentId,
    ) {
        let recorded = about.recorded.and_then(|wrote| wrote.value.as_ref());
        if about.notation.same(about.present, given) || about.notation.same(about.present, recorded) {
            return;
        }
        let (wallet_name, filter_name) = (self.name(wallet), self.name(filter));
        let key = path.last().and_then(|segment| segment.as_key()).unwrap_or_default();
        let message = format!(
            "{key} of an entry of {wallet_name} was changed outside: its filter {filter_name} says otherwise, and wins"
        );
        let mut found = Diagnostic::new("DS013", Location::component(wallet, path.clone()), message);
        if let Some(edits) = redirect(self.design(), wallet, None, path, about.present) {
            found = found.with_fix(format!("Take the entry's value into {filter_name}"), edits);
        }
        self.diagnostics.push(found);
    }

    /// Where and how the code is written: the file itself, or the whole of what says otherwise.
    fn code_field(
        &self,
        wallet: ComponentId,
        value: &Value,
        seat: &Seat<'_, 'e>,
        given: &Given,
    ) -> (FieldPath, Option<Value>, Notation) {
        let code = value.at(&entry::CODE);
        let is_recorded = |keys: &[&str]| seat.record.about(&FieldPath::keys(keys)).is_some();
        if entry_file(value).is_none() && entry::source(value).as_deref() == Some(given.url.as_str()) {
            // It fetches this very module: nothing need be mounted.
            return (FieldPath::keys(&entry::CODE), code.cloned(), Notation::Plain);
        }
        let file = Value::from(self.file_of(wallet, seat, given, entry_file(value).as_deref()));
        let is_remote = code.is_some_and(|code| code.at(&["remote"]).is_some());
        if is_recorded(&entry::CODE) || (is_remote && !is_recorded(&entry::FILENAME)) {
            return (
                FieldPath::keys(&entry::CODE),
                Some(nested(&["local", "filename"], file)),
                Notation::Plain,
            );
        }
        let local = value.at(&entry::LOCAL).and_then(Value::as_map);
        let inline = ["inline_bytes", "inline_string", "environment_variable"];
        let is_inline = local.is_some_and(|local| inline.iter().any(|key| local.contains_key(key)));
        if is_recorded(&entry::LOCAL) || (is_inline && !is_recorded(&entry::FILENAME)) {
            return (FieldPath::keys(&entry::LOCAL), Some(nested(&["filename"], file)), Notation::Plain);
        }
        (FieldPath::keys(&entry::FILENAME), Some(file), Notation::Text)
    }

    /// The file that an entry runs: that of a `file:` URL, else where the module is mounted.
    fn file_of(
        &self,
        wallet: ComponentId,
        seat: &Seat<'_, 'e>,
        given: &Given,
        present: Option<&str>,
    ) -> String {
        if let Some(file) = entry::local_file(&given.url) {
            return file.to_owned();
        }
        // The place of a mounted module is kept when the filter gets another name.
        let recorded = seat.record.wrote.iter().find_map(recorded_file);
        let is_mounted = |file: &&str| file.starts_with(entry::MOUNT_FOLDER);
        if let Some(file) = recorded.filter(is_mounted) {
            return file.to_owned();
        }
        let name = self.filter_name(seat.claim.from);
        let wanted = entry::mount_file(&name);
        if present == Some(wanted.as_str()) {
            return wanted;
        }
        let others: HashSet<String, Hasher> = self.entries(wallet).iter().filter_map(entry_file).collect();
        free(&name, |name| others.contains(&entry::mount_file(name)), entry::mount_file)
    }

    /// The filter's own name, as a part of names and files.
    fn filter_name(&self, filter: ComponentId) -> String {
        let own = self.design().component(filter).and_then(Component::own_name);
        let name: String =
            own.unwrap_or("wasm-filter").chars().map(|c| if c == '/' { '-' } else { c }).collect();
        name
    }

    fn make_entry(&mut self, wallet: ComponentId, seats: &mut [Seat<'_, 'e>], index: usize, given: &Given) {
        let before = seats[..index].iter().rev().find_map(|seat| seat.place).map(|place| place + 1);
        let after = || seats[index + 1..].iter().find_map(|seat| seat.place);
        let length = self.entries(wallet).len();
        let place = before.or_else(after).unwrap_or(length);
        let taken: HashSet<&str, Hasher> =
            self.entries(wallet).iter().filter_map(|it| it.text_at(&entry::NAME)).collect();
        let own = self.design().component(wallet).and_then(Component::own_name).unwrap_or("envoy-filter");
        let wanted = format!("{own}.{}", self.filter_name(seats[index].claim.from));
        let name = free(&wanted, |name| taken.contains(name), str::to_owned);
        let file = self.file_of(wallet, &seats[index], given, None);
        let value = new_entry(&name, given, &file);

        let filter = self.name(seats[index].claim.from);
        let source = Some((seats[index].claim.from, FieldPath::keys(&["configuration"])));
        let cause = claim_cause(seats[index].claim, "add", source, format!("made for filter {filter}"));
        let path = list_path().child(place);
        let Some(made_around) = self.insert_entry(wallet, &path, value.clone(), cause) else { return };
        for seat in seats.iter_mut() {
            if let Some(other) = seat.place.as_mut().filter(|other| **other >= place) {
                *other += 1;
            }
        }
        if let Some(old) = seats[index].record.patch.take() {
            let message = format!(
                "no entry of {} is called {old} any more: {name} was made for filter {filter}",
                self.name(wallet)
            );
            let found = Diagnostic::new("DS014", Location::component(wallet, list_path()), message);
            self.diagnostics.push(found.with_severity(Severity::Warning));
        }
        let fields = [&entry::FILENAME[..], &entry::CONFIG_VALUE, &entry::ROOT_ID].into_iter();
        let wrote = fields.filter_map(|keys| {
            let value = value.at(keys)?.clone();
            Some(Wrote { path: FieldPath::keys(keys), value: Some(value), ..Wrote::default() })
        });
        seats[index].record = Record { wrote: wrote.collect(), patch: Some(name), made: true, made_around };
        seats[index].place = Some(place);
        self.report_mount(wallet, place, given, seats[index].claim.from);
    }

    /// Inserts an entry; the list is made where it is missing. Returns what was made.
    fn insert_entry(
        &mut self,
        wallet: ComponentId,
        path: &FieldPath,
        value: Value,
        cause: Cause<'_>,
    ) -> Option<Made> {
        let list = self.design().component(wallet)?.get(&path[..path.len() - 1]);
        let is_inside = matches!(list, Some(Value::List(items)) if path.last() != Some(&items.len().into()));
        if is_inside {
            self.insert_item(wallet, path, value, cause)
        } else {
            self.set_field(wallet, path, Some(value), cause)
        }
    }

    /// Says that the proxy must be given the module's file.
    fn report_mount(&mut self, wallet: ComponentId, place: usize, given: &Given, filter: ComponentId) {
        if entry::local_file(&given.url).is_some() {
            return;
        }
        let Some(file) = self.entries(wallet).get(place).and_then(entry_file) else { return };
        let message = format!(
            "the module of filter {} needs to be mounted at {file}: an EnvoyFilter reads files, it does not fetch {}",
            self.name(filter),
            given.url
        );
        let path = list_path().child(place).join(&FieldPath::keys(&entry::FILENAME));
        self.diagnostics.push(Diagnostic::new("DS014", Location::component(wallet, path), message));
    }

    /// Puts the entries of the chain into its order, among the places that they hold.
    fn order_entries(&mut self, seats: &[Seat<'_, 'e>]) {
        let Some(wallet) = seats.first().map(|seat| seat.claim.to) else { return };
        let seated: Vec<(&Seat<'_, 'e>, usize)> =
            seats.iter().filter_map(|seat| Some((seat, seat.place?))).collect();
        let mut places: Vec<usize> = seated.iter().map(|(_, place)| *place).collect();
        places.sort_unstable();
        let entries: Vec<Value> =
            seated.iter().filter_map(|(_, place)| self.entries(wallet).get(*place).cloned()).collect();
        for (((seat, from), place), value) in seated.iter().zip(places).zip(entries) {
            if *from != place {
                let why = format!("filter {} is in this place of the chain", self.name(seat.claim.from));
                let cause = claim_cause(seat.claim, "move", None, why);
                self.set_field(wallet, &list_path().child(place), Some(value), cause);
            }
        }
    }
}

/// The record of a filter that runs in an entry which was there: its fields count as written, with nothing before.
pub(super) fn joined_record(value: &Value) -> Record {
    let code = if entry_file(value).is_some() { &entry::FILENAME[..] } else { &entry::CODE };
    let fields = [code, &entry::CONFIG_VALUE, &entry::ROOT_ID].into_iter();
    let wrote = fields.filter_map(|keys| {
        let value = value.at(keys).filter(|value| !value.is_blank())?.clone();
        Some(Wrote { path: FieldPath::keys(keys), value: Some(value), ..Wrote::default() })
    });
    let patch = value.text_at(&entry::NAME).map(str::to_owned);
    Record { wrote: wrote.collect(), patch, ..Record::default() }
}
fn list_path() -> FieldPath {
    FieldPath::keys(&entry::LIST)
}
/// `wanted`, or with `-2`, `-3` behind it when that is taken.
fn free(wanted: &str, is_taken: impl Fn(&str) -> bool, make: impl Fn(&str) -> String) -> String {
    let mut name = wanted.to_owned();
    let mut number = 1_usize;
    while is_taken(&name) {
        number += 1;
        name = format!("{wanted}-{number}");
    }
    make(&name)
}
fn claim_cause<'a>(
    claim: &Claim<'a>,
    strategy: &'static str,
    source: Option<(ComponentId, FieldPath)>,
    why: String,
) -> Cause<'a> {
    Cause { relationship: claim.id.relationship, definition: claim.rule.name(), strategy, source, why }
}

fn release_cause<'a>(released: &Released<'a>, why: String) -> Cause<'a> {
    let (relationship, definition) = (released.id.relationship, released.rule.name());
    Cause { relationship, definition, strategy: RESTORE, source: None, why }
}
