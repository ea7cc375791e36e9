//! A gesture that may go on, and what it has said so far.
//!
//! Typing into a field, or into the text of a configuration, says one value after another of the same thing. On the way the
//! design may go through states that mean something else (a URL that is blank for a moment hands the plugin to its next
//! filter), so each value is said of the design as it was when the typing began.

use crate::model::{Change, ComponentId, FieldPath};
use crate::policy::Scope;

/// Whose field a command gives a value.
pub(super) type Subject = (ComponentId, FieldPath);

/// The gesture that made the last step.
#[derive(Debug)]
pub(super) struct Gesture {
    /// Commands with this key go on with it.
    pub(super) key: u64,
    /// What it says, as long as that is one field.
    pub(super) said: Option<Said>,
}

impl Gesture {
    /// Takes out what was said, if it was about `subject`.
    pub(super) fn take_said(&mut self, subject: Option<&Subject>) -> Option<Said> {
        self.said.take_if(|said| Some(&said.subject) == subject)
    }
}

/// What a gesture has said of one field. The last step is `way_back` and then `change`.
#[derive(Debug)]
pub(super) struct Said {
    subject: Subject,
    /// How much is evaluated behind what is said: the design may not have been evaluated when the gesture began.
    pub(super) scope: Scope,
    /// From where the gesture began to the present design.
    pub(super) change: Change,
    /// From where the step began to where the gesture began. They differ once the document was saved in between.
    pub(super) way_back: Change,
}

impl Said {
    /// The first that a gesture says.
    pub(super) fn first(subject: Subject, scope: Scope, change: Change) -> Self {
        let way_back = Change { label: String::new(), edits: Vec::new(), inverses: Vec::new() };
        Self { subject, scope, change, way_back }
    }

    /// The step: the way back and the change.
    pub(super) fn step(&self) -> Change {
        let mut step = self.change.clone();
        step.edits.splice(0..0, self.way_back.edits.iter().cloned());
        step.inverses.splice(0..0, self.way_back.inverses.iter().cloned());
        step
    }

    /// Tells whether the step holds no edit.
    pub(super) fn is_nothing(&self) -> bool {
        self.change.is_empty() && self.way_back.is_empty()
    }
}
