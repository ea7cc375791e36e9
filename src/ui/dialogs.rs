//! Dialogs of the window.

/// A dialog that an action opens.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialog {
    /// What the program is.
    About,
}
