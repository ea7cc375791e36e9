//! What was done, to be taken back and done again, and which of it is saved.

use crate::model::{Change, Design, EditError};

/// Stacks of changes. One entry is one gesture, its patches included.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: Vec<Change>,
    undone: Vec<Change>,
    /// How many changes were done when the document was last saved; `None` when that state can no longer be reached.
    saved_at: Option<usize>,
}

impl History {
    /// A history without steps, in its saved state.
    pub fn new() -> Self {
        Self { done: Vec::new(), undone: Vec::new(), saved_at: Some(0) }
    }

    /// Adds a step; what had been undone is forgotten.
    pub fn push(&mut self, change: Change) {
        if self.saved_at.is_some_and(|at| at > self.done.len()) {
            self.saved_at = None;
        }
        self.undone.clear();
        self.done.push(change);
    }

    /// The last step, to be joined by one that continues the same gesture.
    pub fn pop_for_coalescing(&mut self) -> Option<Change> {
        if self.saved_at == Some(self.done.len()) { None } else { self.done.pop() }
    }

    /// Takes the last step back. `Ok(None)` when there is none.
    pub fn undo(&mut self, design: &mut Design) -> Result<Option<&Change>, EditError> {
        let Some(change) = self.done.pop() else { return Ok(None) };
        if let Err(err) = change.undo(design) {
            self.done.push(change);
            return Err(err);
        }
        self.undone.push(change);
        Ok(self.undone.last())
    }

    /// Does the step again that was taken back last. `Ok(None)` when there is none.
    pub fn redo(&mut self, design: &mut Design) -> Result<Option<&Change>, EditError> {
        let Some(change) = self.undone.pop() else { return Ok(None) };
        if let Err(err) = change.redo(design) {
            self.undone.push(change);
            return Err(err);
        }
        self.done.push(change);
        Ok(self.done.last())
    }

    /// What Undo would take back.
    pub fn undo_label(&self) -> Option<&str> {
        self.done.last().map(|change| change.label.as_str())
    }

    /// What Redo would do again.
    pub fn redo_label(&self) -> Option<&str> {
        self.undone.last().map(|change| change.label.as_str())
    }

    /// How many steps are done. A number that identifies the state together with the steps themselves.
    pub fn depth(&self) -> usize {
        self.done.len()
    }

    /// The present state is the saved one.
    pub fn mark_saved(&mut self) {
        self.saved_at = Some(self.done.len());
    }

    /// Tells whether the present state differs from the saved one.
    pub fn is_dirty(&self) -> bool {
        self.saved_at != Some(self.done.len())
    }
}
