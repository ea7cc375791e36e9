//! What the program has to ask before it goes on.

use std::path::PathBuf;

use super::command::Command;

/// A question to the user; the window shows it as a dialog, and the answer is a [`Command`] or nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// The document has unsaved changes and `then` would lose them: Save, Don't save, Cancel.
    UnsavedChanges {
        /// What was asked for.
        then: Box<Command>,
    },
    /// Saving would lose what the text that was opened holds: Save a copy…, Save anyway, Cancel.
    SaveLoses {
        /// "3 comments and 1 anchor".
        what: String,
    },
    /// The file was changed by another program since it was opened or saved here: Save a copy…, Save anyway,
    /// Reload (which asks for unsaved changes), Cancel.
    ChangedOnDisk {
        /// The document's file.
        path: PathBuf,
    },
    /// The document has no path yet, or a copy was asked for: a file dialog, or a typed path.
    SavePath {
        /// A name to start from.
        suggestion: String,
        /// Whether only a copy is written.
        copy: bool,
        /// Why the save to the path that was given last failed; `suggestion` is that whole path then.
        problem: Option<String>,
    },
    /// Objects are blocked by errors: Export the rest, Cancel.
    ExportBlocked {
        /// Where the export goes.
        path: PathBuf,
        /// `Kind/namespace/name: CODE message`, a line each.
        blocked: Vec<String>,
        /// How many objects would be written.
        rest: usize,
    },
    /// The design holds Secret data: With secrets, Without.
    ExportSecrets {
        /// Where the export goes.
        path: PathBuf,
        /// Names of the secrets.
        secrets: Vec<String>,
    },
}
