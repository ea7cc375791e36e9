//! A headless editing session on one design: commands in, a consistent design and its history out.
//!
//! Everything that changes the design goes through [`Editor::apply`], [`Editor::undo`] or [`Editor::redo`]; each raises
//! the revision, by which everything derived is keyed.

mod command;
mod derived;
mod history;
mod selection;

use std::sync::Arc;

pub use command::{Destination, EditCommand};
pub use derived::{Counts, Derived};
pub use history::History;
pub use selection::Selection;

use crate::model::{ComponentId, ComponentKind, Design, EditError};
use crate::registry::Registry;

/// Identifies one state of the design within a session; never repeats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision(pub u64);

/// What is being dragged, or is about to be added.
#[derive(Clone, Debug, PartialEq)]
pub enum Dragged {
    /// A new component from the palette.
    New(ComponentKind),
    /// Components that are in the design.
    Existing(Vec<ComponentId>),
}

/// What would happen on release, said before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DropEffect {
    /// It may be dropped here; what will happen: "Adds add-header as no. 3".
    Allowed(String),
    /// It may not; the reason.
    Refused(String),
}

/// An editing session.
#[derive(Debug)]
pub struct Editor {
    design: Arc<Design>,
    registry: Arc<Registry>,
    history: History,
    selection: Selection,
    revision: Revision,
}

impl Editor {
    /// Starts a session on a design as it was read. Evaluates it; if that changes anything, it is the first step.
    pub fn open(design: Design, registry: Arc<Registry>) -> Self {
        Self {
            design: Arc::new(design),
            registry,
            history: History::new(),
            selection: Selection::default(),
            revision: Revision(1),
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

    /// Applies `command` and every policy patch that it causes as one undo step.
    ///
    /// On an error the design is as it was before the call.
    pub fn apply(&mut self, command: EditCommand) -> Result<(), EditError> {
        let EditCommand::EvaluateNow = command else {
            return Err(EditError::Refused("this command is not there yet".to_owned()));
        };
        self.revision.0 += 1;
        Ok(())
    }

    /// Tells what dropping `dragged` at `destination` would do. Quick: it is asked in every frame of a drag.
    pub fn drop_effect(&self, dragged: &Dragged, destination: Destination) -> DropEffect {
        match (dragged, destination) {
            (_, Destination::Canvas(_)) => DropEffect::Allowed(String::new()),
            _ => DropEffect::Refused("not there yet".to_owned()),
        }
    }

    /// Takes the last step back and returns its label.
    pub fn undo(&mut self) -> Result<Option<String>, EditError> {
        let label = self.history.undo(Arc::make_mut(&mut self.design))?.map(|change| change.label.clone());
        self.after_replay();
        Ok(label)
    }

    /// Does the step again that was taken back last, and returns its label.
    pub fn redo(&mut self) -> Result<Option<String>, EditError> {
        let label = self.history.redo(Arc::make_mut(&mut self.design))?.map(|change| change.label.clone());
        self.after_replay();
        Ok(label)
    }

    fn after_replay(&mut self) {
        self.revision.0 += 1;
        self.selection.retain_existing(&self.design);
    }

    /// Tells whether the design differs from what was saved last.
    pub fn is_dirty(&self) -> bool {
        self.history.is_dirty()
    }
}
