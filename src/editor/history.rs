//! What was done, to be taken back and done again, and which of it is saved.
//!
//! A step is one gesture with its patches. Undo and redo replay edits and never evaluate.

use crate::model::{Change, ComponentId, Design, Edit, EditError};

/// Identifies a state of the document within its history: the step that led to it. It never means another state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateId(u64);

/// One gesture.
#[derive(Clone, Debug)]
struct Step {
    /// The state that it leads to.
    state: StateId,
    change: Change,
    /// Whether the state that the step left had been evaluated with identification.
    identified: bool,
    /// What was selected before it.
    selected: Vec<ComponentId>,
}

/// Stacks of changes. One entry is one gesture, its patches included.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// The state that was saved last; `None`: none ever was.
    saved: Option<StateId>,
    /// How many states there have been.
    states: u64,
    /// Whether the state before the first step had been evaluated.
    evaluated_at_first: bool,
}

impl History {
    /// A history without steps, in its saved state. `evaluated` tells whether that state needs no evaluation.
    pub fn new(evaluated: bool) -> Self {
        Self { saved: Some(StateId::default()), evaluated_at_first: evaluated, ..Self::default() }
    }

    /// Adds a step; what had been undone is forgotten.
    pub(super) fn push(&mut self, change: Change, identified: bool, selected: Vec<ComponentId>) {
        self.undone.clear();
        let state = self.next_state();
        self.done.push(Step { state, change, identified, selected });
    }

    /// Tells whether a change may be joined to the last step: there is one, it is not what was saved, and nothing was
    /// taken back since.
    pub(super) fn can_join(&self) -> bool {
        !self.done.is_empty() && self.is_dirty() && self.undone.is_empty()
    }

    /// Joins `change` to the last step, as the continuation of the same gesture. Returns whether anything is left of
    /// both: a value that was dragged back to where it was is no step.
    pub(super) fn join(&mut self, change: Change) -> bool {
        let state = self.next_state();
        let Some(step) = self.done.last_mut() else { return false };
        step.state = state;
        join(&mut step.change, change);
        if step.change.inverses.iter().zip(&step.change.edits).all(|(inverse, edit)| inverse == edit) {
            self.done.pop();
            return false;
        }
        true
    }

    /// Puts `change` in place of the last step's, as the continuation of the same gesture. An empty one is no step.
    pub(super) fn replace(&mut self, change: Change) {
        let state = self.next_state();
        if change.is_empty() {
            self.done.pop();
        } else if let Some(step) = self.done.last_mut() {
            step.state = state;
            step.change = change;
        }
    }

    /// Takes the last step back. `Ok(None)` when there is none.
    pub(super) fn undo(&mut self, design: &mut Design) -> Result<Option<Replayed<'_>>, EditError> {
        let Some(step) = self.done.pop() else { return Ok(None) };
        if let Err(err) = step.change.undo(design) {
            self.done.push(step);
            return Err(err);
        }
        self.undone.push(step);
        Ok(self.undone.last().map(Replayed::of))
    }

    /// Does the step again that was taken back last. `Ok(None)` when there is none.
    pub(super) fn redo(&mut self, design: &mut Design) -> Result<Option<Replayed<'_>>, EditError> {
        let Some(step) = self.undone.pop() else { return Ok(None) };
        if let Err(err) = step.change.redo(design) {
            self.undone.push(step);
            return Err(err);
        }
        self.done.push(step);
        Ok(self.done.last().map(Replayed::of))
    }

    /// What Undo would take back.
    pub fn undo_label(&self) -> Option<&str> {
        self.done.last().map(|step| step.change.label.as_str())
    }

    /// What Redo would do again.
    pub fn redo_label(&self) -> Option<&str> {
        self.undone.last().map(|step| step.change.label.as_str())
    }

    /// The labels of the steps that are done, oldest first.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = &str> {
        self.done.iter().map(|step| step.change.label.as_str())
    }

    /// How many steps are done. A number that identifies the state together with the steps themselves.
    pub fn depth(&self) -> usize {
        self.done.len()
    }

    /// Whether the present state has been evaluated: every step evaluates, so only the state as it was read may not be.
    pub fn is_evaluated(&self) -> bool {
        !self.done.is_empty() || self.evaluated_at_first
    }

    /// Whether the present state has been evaluated with identification.
    pub fn is_identified(&self) -> bool {
        self.done.last().map_or(self.evaluated_at_first, |step| step.identified)
    }

    /// The present state was evaluated with identification, and that changed nothing.
    pub(super) fn mark_identified(&mut self) {
        match self.done.last_mut() {
            Some(step) => step.identified = true,
            None => self.evaluated_at_first = true,
        }
    }

    /// The present state.
    pub fn state(&self) -> StateId {
        self.done.last().map_or_else(StateId::default, |step| step.state)
    }

    /// Tells whether the present state is the one that was read: no step is done.
    pub fn is_as_read(&self) -> bool {
        self.done.is_empty()
    }

    fn next_state(&mut self) -> StateId {
        self.states += 1;
        StateId(self.states)
    }

    /// `state` is the saved one; steps may have been done since.
    pub fn mark_saved(&mut self, state: StateId) {
        self.saved = Some(state);
    }

    /// Nothing of this document was ever saved.
    pub fn mark_never_saved(&mut self) {
        self.saved = None;
    }

    /// Tells whether the present state differs from the saved one.
    pub fn is_dirty(&self) -> bool {
        self.saved != Some(self.state())
    }
}

/// A step that was just taken back or done again.
pub(super) struct Replayed<'a> {
    /// What it did.
    pub(super) label: &'a str,
    /// What was selected before it was first done.
    pub(super) selected: &'a [ComponentId],
    /// Whether it adds or removes components.
    pub(super) changes_components: bool,
    /// The components that it adds, in order.
    pub(super) added: Vec<ComponentId>,
}

impl<'a> Replayed<'a> {
    fn of(step: &'a Step) -> Self {
        let mut added = Vec::new();
        let mut changes_components = false;
        for edit in &step.change.edits {
            match edit {
                Edit::AddComponent { component, .. } => {
                    added.push(component.id());
                    changes_components = true;
                }
                Edit::RemoveComponent { .. } => changes_components = true,
                _ => {}
            }
        }
        Self { label: &step.change.label, selected: &step.selected, changes_components, added }
    }
}

/// Makes one change of two that follow one another.
///
/// Where both set the same fields in the same order, which is what dragging and typing do, only the last values and
/// the first inverses are kept, so that a long drag does not grow.
fn join(first: &mut Change, then: Change) {
    if sets_the_same(first, &then) {
        // The last values at the places where the first ones went: a key that was new then is new again when this is
        // done once more. What was before the first is what undo brings back.
        for (first, then) in first.edits.iter_mut().zip(then.edits) {
            if let (Edit::SetField { value, .. }, Edit::SetField { value: last, .. }) = (first, then) {
                *value = last;
            }
        }
    } else {
        first.edits.extend(then.edits);
        first.inverses.extend(then.inverses);
    }
}

fn sets_the_same(first: &Change, then: &Change) -> bool {
    first.edits.len() == then.edits.len()
        && first.edits.iter().zip(&then.edits).all(|pair| {
            matches!(
                pair,
                (
                    Edit::SetField { target: a, path: at, value: Some(_), .. },
                    Edit::SetField { target: b, path: bt, value: Some(_), .. },
                ) if a == b && at == bt
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FieldPath, Transaction, Value};

    fn design() -> Design {
        let component =
            Value::from([("id", "c".into()), ("configuration", Value::from([("n", Value::from(1))]))]);
        Design::from_tree(Value::from([("components", Value::List(vec![component]))]))
    }

    fn set(design: &mut Design, keys: &[&str], number: i64) -> Change {
        let id = design.components().next().unwrap().id();
        let mut tx = Transaction::new(design);
        tx.apply(Edit::set(id, FieldPath::keys(keys), number)).unwrap();
        tx.commit("set")
    }

    const NEW: [&str; 3] = ["configuration", "spec", "priority"];

    #[test]
    fn a_joined_drag_is_one_short_step() {
        let mut design = design();
        let read = design.clone();
        let mut history = History::new(true);
        history.push(set(&mut design, &NEW, 0), true, Vec::new());
        for number in 1..100 {
            assert!(history.can_join());
            let change = set(&mut design, &NEW, number);
            assert!(history.join(change));
        }
        let last = design.clone();
        assert_eq!((history.depth(), history.done[0].change.edits.len()), (1, 1));
        history.undo(&mut design).unwrap().unwrap();
        assert_eq!(design, read);
        history.redo(&mut design).unwrap().unwrap();
        assert_eq!(design, last);
    }

    #[test]
    fn a_value_dragged_back_is_no_step() {
        let mut design = design();
        let mut history = History::new(true);
        history.push(set(&mut design, &["configuration", "n"], 2), true, Vec::new());
        let back = set(&mut design, &["configuration", "n"], 1);
        assert!(!history.join(back));
        assert_eq!(history.depth(), 0);
        assert!(!history.is_dirty());
    }

    #[test]
    fn the_saved_state_is_found_again_or_lost() {
        let mut design = design();
        let mut history = History::new(false);
        assert!(!history.is_evaluated());
        history.push(set(&mut design, &NEW, 1), false, Vec::new());
        assert!(history.is_evaluated() && !history.is_identified());
        history.mark_saved(history.state());
        assert!(!history.can_join(), "a saved step stays as it is");
        history.undo(&mut design).unwrap();
        assert!(history.is_dirty());
        history.redo(&mut design).unwrap();
        assert!(!history.is_dirty());
        history.undo(&mut design).unwrap();
        history.push(set(&mut design, &NEW, 2), true, Vec::new());
        assert!(history.is_dirty(), "the saved state can no longer be reached");
        history.undo(&mut design).unwrap();
        assert!(history.is_dirty());
        history.mark_never_saved();
        assert!(history.is_dirty());
    }

    #[test]
    fn a_save_under_way_is_about_the_state_that_it_began_with() {
        let mut design = design();
        let mut history = History::new(true);
        history.push(set(&mut design, &NEW, 1), true, Vec::new());
        let began = history.state();
        let change = set(&mut design, &NEW, 2);
        history.join(change);
        history.mark_saved(began);
        assert!(history.is_dirty(), "the value was dragged on while it was written");
    }
}
