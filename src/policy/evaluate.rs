//! One evaluation: validate, identify, patch, restore, again until nothing changes.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::engine::{Engine, Findings, Hasher};
use super::selector::Handler;
use super::trace::Trace;
use super::units::{Unit, Work};
use crate::model::{ComponentKind, Design, Diagnostic, FieldPath, Location, RelationshipId, Transaction};
use crate::registry::Registry;

/// How much of a design is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole design.
    Everything {
        /// Whether pairs that no relationship joins yet are joined: on opening, import and paste only.
        identify: bool,
    },
    /// What the edits of the transaction touch. On an evaluated design this is the same as everything.
    Touched,
}

/// What one evaluation found and did.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// How often the rules were gone through, the last time without a change.
    pub passes: usize,
    /// What was done, and why.
    pub trace: Trace,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// What becomes of the answer that something looks settled (`settled.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glance {
    /// It is left at that.
    Trust,
    /// It is settled all the same, and must come to nothing: what builds for development do.
    Check,
    /// It is settled all the same, whatever comes of it.
    #[cfg(test)]
    Ignore,
}

/// A relationship that writes in more passes than this does not settle: it writes its own source, by way of others or not.
///
/// What is counted is how often each of them writes, not the passes: a value that comes a long way against the order of the
/// document needs a pass for each step, and each step is written once.
const MAX_TIMES: usize = 16;

/// So often it is asked anew who belongs together, each time when all values stand still.
const MAX_ROUNDS: usize = 16;

/// So often what does not settle is taken out, and the rest is tried again.
const MAX_ATTEMPTS: usize = 16;

/// After so many passes what still changes is given up, however seldom each of them writes.
const MAX_PASSES: usize = 20_000;

/// Evaluates the relationships of the transaction's design; the patches become edits of the transaction.
///
/// Relationships that the transaction has removed, in whatever way, get their patches restored: the transaction knows
/// them as they were when it began. Never fails: what cannot be done is among the diagnostics.
pub fn evaluate(tx: &mut Transaction<'_>, registry: &Registry, scope: Scope) -> Evaluation {
    let glance = if cfg!(debug_assertions) { Glance::Check } else { Glance::Trust };
    evaluate_at_a(glance, tx, registry, scope)
}

pub(super) fn evaluate_at_a(
    glance: Glance,
    tx: &mut Transaction<'_>,
    registry: &Registry,
    scope: Scope,
) -> Evaluation {
    let start = tx.mark();
    let mut suspended: HashSet<RelationshipId, Hasher> = HashSet::default();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let mut engine = Engine::new(tx, registry, glance);
        engine.suspended.clone_from(&suspended);
        let (passes, unsettled) = engine.settle(scope);
        let new: Vec<RelationshipId> = unsettled.into_iter().filter(|id| !suspended.contains(id)).collect();
        if new.is_empty() {
            return finish(engine, passes, &suspended);
        }
        if attempts >= MAX_ATTEMPTS {
            // Loops behind loops behind loops: nothing that writes is trusted any more.
            suspended.extend(engine.trace.components_updated.iter().map(|change| change.relationship));
        }
        suspended.extend(new);
        tx.roll_back_to(start);
    }
}

/// An evaluated copy of the whole `design`; the design itself is not changed.
pub fn evaluated(design: &Design, registry: &Registry, identify: bool) -> (Design, Evaluation) {
    let mut copy = design.clone();
    let mut tx = Transaction::new(&mut copy);
    let evaluation = evaluate(&mut tx, registry, Scope::Everything { identify });
    tx.commit("Evaluate");
    (copy, evaluation)
}

fn finish(engine: Engine<'_, '_>, passes: usize, suspended: &HashSet<RelationshipId, Hasher>) -> Evaluation {
    let Engine { tx, mut trace, mut diagnostics, findings, .. } = engine;
    for found in findings.into_values() {
        diagnostics.extend(found.diagnostics);
        trace.conflicts.extend(found.conflicts);
    }
    let mut unsettled: Vec<RelationshipId> = suspended.iter().copied().collect();
    unsettled.sort_by_key(|id| tx.design().relationship_index(*id));
    for id in unsettled {
        let class = tx.design().relationship(id).map_or("", |it| it.class());
        let message = format!(
            "this {class} relationship does not settle: it and others write each other's values; \
             none of them was applied, so take one of them out"
        );
        diagnostics.push(Diagnostic::new("DS006", Location::relationship(id, FieldPath::root()), message));
    }
    // Later passes find again what earlier ones found.
    let mut seen: HashSet<(&'static str, Location, String), Hasher> = HashSet::default();
    diagnostics.retain(|it| seen.insert((it.code, it.location.clone(), it.message.clone())));
    trace.passes = passes;
    trace.diagnostics.clone_from(&diagnostics);
    Evaluation { passes, trace, diagnostics }
}

impl<'e> Engine<'e, '_> {
    /// Repeats passes until one changes nothing. Returns their number, and who wrote in the last ones when it ends
    /// without that.
    fn settle(&mut self, scope: Scope) -> (usize, Vec<RelationshipId>) {
        let touched = self.tx.touched().relationships.iter().copied();
        let mut work = match scope {
            Scope::Everything { .. } => Work::Everything,
            Scope::Touched => Work::of_edits(self.tx.edits(), touched),
        };
        let identify = scope == Scope::Everything { identify: true };
        let (mut identified_at, mut rounds) = (0, 0);
        let mut times: HashMap<RelationshipId, usize, Hasher> = HashMap::default();
        for pass in 1.. {
            let start = self.tx.edits().len();
            self.writers.clear();
            let units = self.units(&work, pass == 1 && identify);
            if pass == 1 {
                identified_at = self.changes();
            }
            let mut units: Box<dyn Iterator<Item = Unit<'e>> + 'e> = Box::new(units.into_units());
            if self.others_write_modules() {
                // They find what the filters have given back.
                let mut all: Vec<Unit<'e>> = units.collect();
                let is_plugin =
                    |id| self.design().component(id).is_some_and(|it| it.is(&ComponentKind::WASM_PLUGIN));
                all.sort_by_key(|unit| unit.released.is_empty() || !is_plugin(unit.receiver));
                units = Box::new(all.into_iter());
            }
            for unit in units {
                self.settle_unit(&unit);
            }
            if !self.overgrown.is_empty() {
                return (pass, std::mem::take(&mut self.overgrown));
            }
            if self.tx.edits().len() == start {
                // Values that stand still now may say that more belongs together.
                let is_news = identify && rounds < MAX_ROUNDS && self.changes() != identified_at;
                identified_at = self.changes();
                rounds += 1;
                let found = if is_news { self.identify() } else { Vec::new() };
                if found.is_empty() {
                    return (pass, Vec::new());
                }
                let relationships = found.iter().map(|claim| claim.id.relationship).collect();
                work = Work::Near { components: IndexMap::default(), relationships };
                continue;
            }
            self.writers.sort_unstable();
            self.writers.dedup();
            let writers = std::mem::take(&mut self.writers);
            for writer in &writers {
                *times.entry(*writer).or_default() += 1;
            }
            if writers.iter().any(|writer| times[writer] > MAX_TIMES) {
                // Those that write in turns have all done so as often, or once less.
                times.retain(|_, times| *times >= MAX_TIMES);
                return (pass, times.into_keys().collect());
            }
            if pass >= MAX_PASSES {
                return (pass, writers);
            }
            work = Work::of_edits(&self.tx.edits()[start..], std::iter::empty());
        }
        (MAX_PASSES, Vec::new())
    }

    /// Grows with everything that identification may depend on.
    fn changes(&self) -> usize {
        self.trace.components_updated.len() + self.trace.relationships_removed.len()
    }

    fn settle_unit(&mut self, unit: &Unit<'e>) {
        let is_suspended = |id: RelationshipId| self.suspended.contains(&id);
        match unit.handler {
            Handler::Fields => {
                if let Some(found) = self.findings.get_mut(&unit.receiver) {
                    *found = Findings::default();
                }
                self.unless(self.is_settled_name(unit), |engine| engine.settle_fields(unit));
            }
            Handler::Module | Handler::Entry
                if unit.claims.iter().any(|claim| is_suspended(claim.id.relationship)) => {}
            Handler::Module => {
                self.report_module_wallet(unit);
                self.unless(self.is_settled_wallet(unit), |engine| engine.settle_module_wallet(unit));
            }
            Handler::Entry => self.settle_entries(unit),
            Handler::Nothing => {}
        }
    }

    /// Settles what does not look settled.
    fn unless(&mut self, looks_settled: bool, settle: impl FnOnce(&mut Self)) {
        if looks_settled && self.glance == Glance::Trust {
            return;
        }
        let before = (self.tx.edits().len(), self.diagnostics.len());
        settle(self);
        let after = (self.tx.edits().len(), self.diagnostics.len());
        let is_checked = looks_settled && self.glance == Glance::Check;
        debug_assert!(!is_checked || before == after, "what looks settled is settled");
    }
}
