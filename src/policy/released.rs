//! Pairs that hold no more: taken out by validation or by the gesture. What they wrote is given back.
//!
//! Their records say what stood there. A pair whose definition is not loaded any more is kept and never looked at; when it
//! is taken out its record alone says what it wrote, and where.

use indexmap::IndexMap;

use super::engine::{Cause, Engine, Hasher, RESTORE};
use super::record::{PairId, Record, Wrote, read_path};
use super::repeated::Named;
use super::selector::{Handler, Rule, Verdict, name_of};
use super::trace::RelationshipChange;
use super::units::{Claim, Units, Way, ways_between};
use super::validate_relationships::{self as validate, Removal};
use crate::model::relationship::Pair;
use crate::model::{
    ComponentId, Diagnostic, Edit, FieldPath, Location, Relationship, RelationshipId, Segment, Value,
};
use crate::wallet::{module_group::ModuleField, patch};

/// A pair that held when the transaction began and holds no more.
#[derive(Clone, Debug)]
pub(super) struct Released<'r> {
    pub(super) id: PairId,
    pub(super) from: ComponentId,
    pub(super) to: ComponentId,
    pub(super) rule: Rule<'r>,
    /// What it wrote.
    pub(super) record: Record,
}

impl<'r> Released<'r> {
    /// The directions in which values flowed.
    pub(super) fn ways(&self) -> impl Iterator<Item = Way<'r>> + use<'r> {
        ways_between(self.rule, self.from, self.to)
    }
}

/// A relationship and the two ends of a pair of it.
type Key = (RelationshipId, ComponentId, ComponentId);

/// A pair that holds no more, and that no definition describes: what it wrote, and the ends, `from` first, whose own
/// selectors say that they receive at these places.
struct Undescribed {
    id: PairId,
    ends: [ComponentId; 2],
    received: [Vec<FieldPath>; 2],
    is_inventory: bool,
    record: Record,
}

impl<'e> Engine<'e, '_> {
    /// Makes the removals; returns the relationships of which something is left.
    pub(super) fn take_out(&mut self, removals: &[Removal<'e>]) -> Vec<RelationshipId> {
        let mut left = Vec::new();
        for removal in removals {
            let Some(relationship) = self.tx.design().relationship(removal.relationship) else { continue };
            let edit = validate::without_bad_pairs(relationship, &removal.bad);
            if !matches!(edit, Edit::RemoveRelationship { .. }) {
                left.push(removal.relationship);
            }
            // What it has written since the transaction began nobody else remembers.
            let mut written = Vec::new();
            for (number, definition, reason) in &removal.bad {
                let id = PairId { relationship: relationship.id(), pair: *number };
                let record = self.record_of(id);
                if let (Some(pair), false) = (relationship.pairs().get(*number), record.is_empty())
                    && let Some(rule) = self.former_rule(relationship, pair)
                {
                    let [from, to] = ends(pair);
                    written.push(Released { id, from, to, rule, record });
                }
                let mut change = RelationshipChange::of(relationship, name_of(definition), reason.as_str());
                change.pairs =
                    relationship.pairs().get(*number).map(|it| (it.from, it.to)).into_iter().collect();
                let message = format!("a {} relationship was removed: {reason}", definition.sub_type);
                let location = Location::relationship(relationship.id(), crate::model::FieldPath::root());
                self.trace.relationships_removed.push(change);
                self.diagnostics.push(Diagnostic::new("DS007", location, message));
            }
            let done = self.tx.apply(edit);
            debug_assert!(done.is_ok(), "the relationship is there: {done:?}");
            self.taken_out.extend(written);
        }
        left
    }

    /// The rule by which a pair may have written something, whatever has become of its ends.
    fn former_rule(&self, relationship: &Relationship, pair: &Pair) -> Option<Rule<'e>> {
        let there = |id| self.design().component(id).or_else(|| self.tx.original_component(id));
        match self.rules.verdict(relationship, pair, there) {
            Verdict::Valid(rule) => Some(rule),
            Verdict::Bad { rule, .. } => rule,
            Verdict::Unknown => None,
        }
    }

    /// Adds the pairs that held and hold no more.
    pub(super) fn released(
        &mut self,
        units: &mut Units<'e>,
        among: impl IntoIterator<Item = RelationshipId>,
    ) {
        let mut found = Vec::new();
        let mut undescribed: Vec<Undescribed> = Vec::new();
        let taken_out = std::mem::take(&mut self.taken_out);
        let taken_out =
            taken_out.into_iter().filter(|it| !self.is_live(it.id.relationship, [it.from, it.to]));
        let mut taken_out: IndexMap<Key, Option<Released<'e>>, Hasher> =
            taken_out.map(|it| ((it.id.relationship, it.from, it.to), Some(it))).collect();
        for id in among {
            let Some(original) = self.tx.original_relationship(id).filter(|it| it.is_live()) else {
                continue;
            };
            if self.is_frozen(original.class()) {
                continue;
            }
            let mut named = Named::of(original);
            for (number, pair) in original.pairs().iter().enumerate() {
                let [from, to] = ends(pair);
                if self.is_live(id, [from, to]) || self.handled.contains(&(id, from, to)) {
                    continue;
                }
                let (pair_id, mut record) =
                    (PairId { relationship: id, pair: number }, Record::of(original, number));
                let Some(rule) = self.former_rule(original, pair) else {
                    undescribed.extend(Undescribed::of(original, pair, pair_id, record));
                    continue;
                };
                if !named.is_first(from, to) {
                    continue;
                }
                if let Some(written) = taken_out.get_mut(&(id, from, to)).and_then(Option::take) {
                    record = written.record;
                }
                found.push(Released { id: pair_id, from, to, rule, record });
            }
        }
        // These came and went within the transaction.
        found.extend(taken_out.into_values().flatten());
        for pair in undescribed {
            if self.handled.insert((pair.id.relationship, pair.ends[0], pair.ends[1])) {
                self.give_back_alone(&pair);
            }
        }
        for released in found {
            self.report_orphan(&released);
            self.handled.insert((released.id.relationship, released.from, released.to));
            let Released { id, from, to, rule, .. } = released;
            let claim = Claim { id, from, to, rule, has_record: false };
            for receiver in claim.receivers() {
                units.release(receiver, released.clone());
            }
        }
    }
}

impl Engine<'_, '_> {
    /// Tells whether a relationship joins these two.
    fn is_live(&self, id: RelationshipId, [from, to]: [ComponentId; 2]) -> bool {
        let relationship = self.design().relationship(id).filter(|it| it.is_live());
        relationship.is_some_and(|it| it.pairs().iter().any(|pair| ends(pair) == [from, to]))
    }

    /// Gives back what a record alone says.
    fn give_back_alone(&mut self, pair: &Undescribed) {
        // As the definition of the class would have it: the children of a parent that is gone keep their values.
        if pair.is_inventory && self.design().component(pair.ends[1]).is_none() {
            return;
        }
        let cause = Cause {
            relationship: pair.id.relationship,
            definition: "",
            strategy: RESTORE,
            source: None,
            why: "given back: the relationship is gone, and its definition is not loaded".to_owned(),
        };
        let mut clean_ups = Vec::new();
        for wrote in &pair.record.wrote {
            let side = self.receiving_side(pair, wrote);
            let (receiver, giver) = (pair.ends[side], pair.ends[1 - side]);
            let is_item = matches!(wrote.path.last(), Some(Segment::Index(_)));
            match &wrote.before {
                Some(before) if is_item && wrote.value.is_none() => {
                    self.put_item_back(receiver, &wrote.path, before.clone(), cause.clone());
                }
                _ => {
                    let clean_up = self.give_back(receiver, wrote, cause.clone());
                    clean_ups.extend(clean_up.map(|(path, made)| (receiver, path, made)));
                }
            }
            self.give_moved_back(giver, wrote, pair.id.relationship, "");
        }
        for (receiver, path, made) in clean_ups {
            self.clean_up(receiver, &path, made);
        }
    }

    /// Which of the two ends got what is recorded: the one whose selector says so, else the one that has the value, else
    /// the one that gets values in relationships of the class. 0 is `from`.
    fn receiving_side(&self, pair: &Undescribed, wrote: &Wrote) -> usize {
        let has_value = |side: usize| {
            let present = self.tx.original_component(pair.ends[side]).and_then(|it| it.get(&wrote.path));
            match (present, &wrote.value) {
                (Some(present), Some(value)) => present.equivalent(value),
                (present, value) => present.is_none() && value.is_none(),
            }
        };
        let receives = |side: usize| pair.received[side].iter().any(|path| patch::may_be(path, &wrote.path));
        let only = |[from, to]: [bool; 2]| (from != to).then_some(usize::from(to));
        only([receives(0), receives(1)]).unwrap_or_else(|| {
            if receives(0) {
                usize::from(!wrote.back)
            } else {
                only([has_value(0), has_value(1)]).unwrap_or(usize::from(!pair.is_inventory))
            }
        })
    }

    /// Another program wrote the fields, and what it read them from is gone: they stay, and that is said.
    fn report_orphan(&mut self, released: &Released<'_>) {
        let design = self.design();
        let is_gone = |id| design.component(id).is_none() && self.tx.original_component(id).is_none();
        if !released.record.is_empty() {
            return;
        }
        let mut fields: Vec<(ComponentId, FieldPath)> = Vec::new();
        if released.rule.handler == Handler::Module
            && is_gone(released.from)
            && design.chain(released.to).is_empty()
        {
            fields.extend(ModuleField::ALL.map(|field| (released.to, field.plugin_path())));
        }
        for way in released.ways().filter(|way| is_gone(way.giver)) {
            fields.extend(way.flow.pairs().map(|pair| (way.receiver, pair.mutated.clone())));
        }
        fields.retain(|(id, path)| {
            let receiver = design.component(*id);
            receiver.is_some_and(|it| it.get(&patch::resolve(it.tree(), path)).is_some())
        });
        let Some((receiver, path)) = fields.first() else { return };
        let names: Vec<String> = fields.iter().map(|(_, path)| path.to_string()).collect();
        let message = format!(
            "what a {} relationship wrote into {} stays ({}): what it was written from is not in the design",
            released.rule.definition.sub_type,
            self.name(*receiver),
            names.join(", "),
        );
        let location = Location::component(*receiver, path.clone());
        self.diagnostics.push(Diagnostic::new("DS014", location, message));
    }
}

impl Undescribed {
    /// `None` when nothing is recorded that could be found again.
    fn of(relationship: &Relationship, pair: &Pair, id: PairId, record: Record) -> Option<Self> {
        // What is recorded about an entry starts at the entry, and only our own definition has entries.
        if record.wrote.is_empty() || record.patch.is_some() {
            return None;
        }
        let received = [("from", pair.from_item), ("to", pair.to_item)].map(|(side, item)| {
            let item = relationship.selector_item(pair.set, side, item);
            let refs = item.and_then(|it| it.at(&["patch", "mutatedRef"])).and_then(Value::as_list);
            refs.unwrap_or_default().iter().filter_map(read_path).collect()
        });
        let is_inventory = relationship.class().ends_with("-inventory");
        Some(Self { id, ends: ends(pair), received, is_inventory, record })
    }
}

/// The two components of a pair.
fn ends(pair: &Pair) -> [ComponentId; 2] {
    [pair.from, pair.to].map(|id| id.unwrap_or_else(nobody))
}

/// Stands for the end of a pair that has no id.
fn nobody() -> ComponentId {
    ComponentId::from_name("nobody")
}
