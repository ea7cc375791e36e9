//! A headless editing session on one design: commands in, a consistent design and its history out.
//!
//! Everything that changes the design goes through [`Editor::apply`], [`Editor::undo`] or [`Editor::redo`]; each raises
//! the revision, by which everything derived is keyed. One gesture with its patches is one step.
//! This module does no IO, reads no clock, and makes no ids.

mod command;
mod derived;
mod drop_effect;
mod gesture;
mod history;
mod lower;
mod may_put;
mod reorder;
mod selection;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use crate::validate::Unchecked;
pub use command::{Destination, EditCommand};
pub use derived::{Counts, DeriveInput, Derived, derive};
pub use drop_effect::{Dragged, DropEffect};
pub use history::{History, StateId};
pub use reorder::{Beside, NewPriority, Reorder, beside_gap, reorder};
pub use selection::Selection;

/// What an evaluation did, for those who show it.
pub use crate::policy::{Conflict, FieldChange, RelationshipChange, Trace};

use crate::istio::Mesh;
use crate::model::{Change, ComponentId, Design, Diagnostic, EditError, Transaction};
use crate::policy::{self, Evaluation, Scope};
use crate::registry::Registry;
use crate::validate;
use derived::Standing;
use gesture::{Gesture, Said};
use lower::{Lowered, Lowering};

/// Identifies one state of the design within a session; never repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision(pub u64);

/// An editing session.
#[derive(Debug)]
pub struct Editor {
    design: Arc<Design>,
    registry: Arc<Registry>,
    history: History,
    selection: Selection,
    revision: Revision,
    /// The gesture that made the last step, while it may go on.
    gesture: Option<Gesture>,
    /// What the evaluation on opening found and a later one cannot find again.
    standing: Arc<[Standing]>,
    check_options: Arc<validate::Options>,
    evaluation: Arc<Evaluation>,
    /// Whether the definitions have changed since the document was opened: then states of the history were evaluated with
    /// others.
    has_other_definitions: bool,
    /// Whether the present state was evaluated with the definitions that are in force.
    follows_definitions: bool,
}

/// The label of the step in which opening evaluates.
pub const EVALUATE_ON_OPENING: &str = "Evaluate on opening";

impl Editor {
    /// Starts a session on a design as it was read. Evaluates it; if that changes anything, it is the first step.
    pub fn open(design: Design, registry: Arc<Registry>) -> Self {
        Self::open_with(design, registry, Vec::new())
    }

    /// The same, with what was noticed while the text was read: it stands beside what opening finds.
    pub fn open_with(mut design: Design, registry: Arc<Registry>, findings: Vec<Diagnostic>) -> Self {
        let mut tx = Transaction::new(&mut design);
        let evaluation = policy::evaluate(&mut tx, &registry, Scope::Everything { identify: true });
        let change = tx.commit(EVALUATE_ON_OPENING);
        let found = findings.into_iter().chain(evaluation.diagnostics.iter().cloned());
        let standing = found.map(|found| Standing::of(found, &design)).collect();
        let mut history = History::new(change.is_empty());
        if !change.is_empty() {
            history.push(change, true, Vec::new());
        }
        Self {
            design: Arc::new(design),
            registry,
            history,
            selection: Selection::default(),
            revision: Revision(1),
            gesture: None,
            standing,
            check_options: Arc::default(),
            evaluation: Arc::new(evaluation),
            has_other_definitions: false,
            follows_definitions: true,
        }
    }

    /// How the checks are to run from now on.
    pub fn set_check_options(&mut self, options: Arc<validate::Options>) {
        if self.check_options != options {
            self.check_options = options;
            self.revision.0 += 1;
        }
    }

    /// Goes on with other definitions. The design stays as it is; what follows from it is derived anew, and the next
    /// gesture evaluates the whole of it.
    pub fn use_registry(&mut self, registry: Arc<Registry>) {
        if Arc::ptr_eq(&self.registry, &registry) {
            return;
        }
        self.registry = registry;
        self.gesture = None;
        self.revision.0 += 1;
        // An empty design is evaluated with any.
        if self.design.components().len() > 0 || !self.history.is_as_read() {
            self.has_other_definitions = true;
            self.follows_definitions = false;
        }
    }

    /// The design as it is now.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The design as it is now, for a job on another thread.
    pub fn shared_design(&self) -> Arc<Design> {
        Arc::clone(&self.design)
    }

    /// What may exist.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// What is assumed about the mesh that the design is for.
    pub fn mesh(&self) -> Mesh {
        self.check_options.mesh_of(&self.design)
    }

    /// The present revision.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// What is selected.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// What is selected, to change it. Selecting is no edit.
    pub fn selection_mut(&mut self) -> &mut Selection {
        &mut self.selection
    }

    /// The steps.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The evaluation of the last gesture, or of opening: its trace says what was patched, and why.
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// Applies `command` and every policy patch that it causes as one undo step.
    ///
    /// On an error the design is as it was before the call. A command that changes nothing is no step.
    pub fn apply(&mut self, command: EditCommand) -> Result<(), EditError> {
        self.run(command, None)
    }

    /// The same, as the continuation of a gesture: commands with one `key` in a row make one step.
    ///
    /// Commands that give one field one value after another are about the design as it was before the first: whatever was
    /// typed on the way, the step is that of the last value.
    pub fn apply_coalesced(&mut self, command: EditCommand, key: u64) -> Result<(), EditError> {
        self.run(command, Some(key))
    }

    fn run(&mut self, command: EditCommand, key: Option<u64>) -> Result<(), EditError> {
        let subject = command.subject();
        let goes_on = self.gesture.as_ref().is_some_and(|gesture| Some(gesture.key) == key);
        if goes_on && let Some(said) = self.gesture.as_mut().and_then(|it| it.take_said(subject.as_ref())) {
            return self.say_again(command, said);
        }
        let joins = goes_on && self.history.can_join();
        // A revision that is not evaluated is evaluated as a whole by its first gesture.
        let is_evaluated = self.history.is_evaluated() && self.follows_definitions;
        let scope = if is_evaluated { Scope::Touched } else { Scope::Everything { identify: false } };
        let selected: Vec<ComponentId> = self.selection.iter().collect();
        let (change, lowered) = self.execute(command, scope)?;
        let identified = lowered.identify || (self.history.is_identified() && self.follows_definitions);
        self.follows_definitions |= lowered.identify || !change.is_empty();
        if change.is_empty() {
            if lowered.identify {
                self.history.mark_identified();
            }
        } else {
            if joins {
                // What the gesture says is no longer one field.
                self.gesture =
                    self.history.join(change).then_some(key).flatten().map(|key| Gesture { key, said: None });
            } else {
                let said = subject.map(|subject| Said::first(subject, scope, change.clone()));
                self.history.push(change, identified, selected);
                self.gesture = key.map(|key| Gesture { key, said });
            }
            self.revision.0 += 1;
        }
        if let Some(ids) = lowered.select {
            self.selection.set(ids);
        }
        self.selection.retain_existing(&self.design);
        Ok(())
    }

    /// Says another value for the same field, of the design as it was before the first: what was said in between, and what
    /// the policy made of it, is as if it had never been.
    fn say_again(&mut self, command: EditCommand, mut said: Said) -> Result<(), EditError> {
        said.change.undo(Arc::make_mut(&mut self.design))?;
        let result = self.execute(command, said.scope);
        let change = match result {
            Ok((change, _)) => change,
            Err(err) => {
                said.change.redo(Arc::make_mut(&mut self.design))?;
                self.keep_saying(said);
                return Err(err);
            }
        };
        if change.is_empty() {
            self.evaluation = Arc::default();
        }
        if self.history.can_join() {
            said.change = change;
            self.history.replace(said.step());
        } else {
            // The step is saved: another one begins, which goes back to where the gesture began.
            let selected = self.selection.iter().collect();
            said.way_back = said.change.reversed();
            said.change = change;
            self.history.push(said.step(), self.history.is_identified(), selected);
        }
        self.revision.0 += 1;
        self.keep_saying(said);
        self.selection.retain_existing(&self.design);
        Ok(())
    }

    /// The gesture goes on, unless nothing is left of its step.
    fn keep_saying(&mut self, said: Said) {
        if said.is_nothing() {
            self.gesture = None;
        } else if let Some(gesture) = &mut self.gesture {
            gesture.said = Some(said);
        }
    }

    /// Makes the edits of `command`, and those of the policy behind it. Nothing is evaluated where nothing was asked for.
    fn execute(&mut self, command: EditCommand, scope: Scope) -> Result<(Change, Lowered), EditError> {
        let mut tx = Transaction::new(Arc::make_mut(&mut self.design));
        let mut lowering = Lowering { tx: &mut tx, registry: &self.registry, selection: &self.selection };
        let mut lowered = lowering.lower(command)?;
        if !tx.edits().is_empty() || lowered.identify {
            let scope = if lowered.identify { Scope::Everything { identify: true } } else { scope };
            self.evaluation = Arc::new(policy::evaluate(&mut tx, &self.registry, scope));
        }
        let label = std::mem::take(&mut lowered.label);
        Ok((tx.commit(label), lowered))
    }

    /// Takes the last step back and returns its label. Nothing is evaluated.
    pub fn undo(&mut self) -> Result<Option<String>, EditError> {
        self.gesture = None;
        let Some(step) = self.history.undo(Arc::make_mut(&mut self.design))? else { return Ok(None) };
        let label = step.label.to_owned();
        if step.changes_components {
            let selected = step.selected.to_vec();
            self.selection.set(selected);
        }
        self.after_replay();
        Ok(Some(label))
    }

    /// Does the step again that was taken back last, and returns its label. Nothing is evaluated.
    pub fn redo(&mut self) -> Result<Option<String>, EditError> {
        self.gesture = None;
        let Some(step) = self.history.redo(Arc::make_mut(&mut self.design))? else { return Ok(None) };
        let label = step.label.to_owned();
        if !step.added.is_empty() {
            let added = step.added;
            self.selection.set(added);
        }
        self.after_replay();
        Ok(Some(label))
    }

    /// Back to the design as it was read, by taking back every step. Each can be done again.
    pub fn undo_all(&mut self) -> Result<bool, EditError> {
        let mut undone = false;
        while self.undo()?.is_some() {
            undone = true;
        }
        Ok(undone)
    }

    fn after_replay(&mut self) {
        self.follows_definitions = !self.has_other_definitions;
        self.revision.0 += 1;
        self.selection.retain_existing(&self.design);
    }

    /// The document was saved in `state` ([`History::state`]), which may be behind the present one. What opening found
    /// is in the file no more.
    pub fn mark_saved(&mut self, state: StateId) {
        self.history.mark_saved(state);
        self.standing = Arc::default();
    }

    /// Takes the place of another editor in a session: the revisions count on after `former`, so that none comes twice
    /// and nothing that was derived from the other document passes for this one's.
    pub fn count_on_after(&mut self, former: Revision) {
        self.revision = Revision(former.0.max(self.revision.0) + 1);
    }

    /// The document is new: what was made of manifests, for one. It is as it was read, in no file yet, and evaluated.
    pub fn start_as_new(&mut self) {
        self.history = History::new(true);
        self.history.mark_never_saved();
    }

    /// Tells whether the design differs from what was saved last.
    pub fn is_dirty(&self) -> bool {
        self.history.is_dirty()
    }

    /// Tells whether "Evaluate now" could find more: pairs that only identification would join.
    pub fn offers_evaluation(&self) -> bool {
        !self.history.is_identified() || !self.follows_definitions
    }
}
