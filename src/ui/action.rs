//! The one list of actions.

/// Names an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActionId {
    /// Ends the program.
    Quit,
}
