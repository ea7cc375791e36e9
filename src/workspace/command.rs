//! Everything that the window can ask of the running program.

use std::path::PathBuf;

use crate::editor::EditCommand;
use crate::model::{ComponentId, FieldPath, Position};

use super::notice::NoticeId;
use super::settings::{Appearance, PanelSizes};

/// One request; queued during a frame, run after it.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A change of the design.
    Edit(EditCommand),
    /// The same, as the continuation of a gesture under way (a value that is being dragged or typed): commands with one
    /// key in a row make one undo step.
    EditCoalesced(EditCommand, u64),
    /// Takes the last step back.
    Undo,
    /// Does it again.
    Redo,
    /// Back to the bytes that were read.
    UndoAll,
    /// Selects exactly these.
    Select(Vec<ComponentId>),
    /// Adds to or takes from the selection.
    ToggleSelected(ComponentId),
    /// Selects one component and asks the inspector to show this field.
    Reveal(ComponentId, FieldPath),
    /// Replaces a component's configuration by the text of the YAML tab.
    ApplyYaml {
        /// Whose configuration.
        id: ComponentId,
        /// YAML or JSON.
        text: String,
    },
    /// Starts an empty design.
    New,
    /// Opens a design, or imports manifests, told by content.
    Open(PathBuf),
    /// Opens from `http` or `https`.
    OpenUrl(String),
    /// Opens one of the samples that come with the program.
    OpenSample(usize),
    /// Imports manifests as a new design, even where a file could be opened as a design.
    Import(Vec<PathBuf>),
    /// Saves to the document's own path; asks where if it has none, asks once if something would be lost.
    Save,
    /// Saves to this path, which becomes the document's.
    SaveAs(PathBuf),
    /// Writes a copy here; the document keeps its path and its dirty mark.
    SaveCopy(PathBuf),
    /// Saves although comments, anchors or further documents of the text that was opened go.
    SaveAnyway,
    /// Writes the manifests: to a file, or one file an object into a directory.
    Export {
        /// File or directory.
        path: PathBuf,
        /// Whether blocked objects are left out instead of stopping the export.
        partial: bool,
        /// Whether Secret data is written.
        with_secrets: bool,
    },
    /// Puts the selection on the clipboard, as a design fragment.
    Copy,
    /// The same, and deletes it.
    Cut,
    /// Puts the selection's manifests on the clipboard.
    CopyAsManifest,
    /// Pastes this text: a fragment, a design or manifests.
    Paste {
        /// The clipboard's text.
        text: String,
        /// Where the pointer is, if it is over the canvas.
        position: Option<Position>,
    },
    /// Evaluates the whole design.
    EvaluateNow,
    /// Stops a job, by its key.
    CancelJob(&'static str),
    /// Takes a notice away.
    Dismiss(NoticeId),
    /// Chooses the colours, for later runs too.
    SetAppearance(Appearance),
    /// Reads the folder of the user's definitions again.
    ReloadDefinitions,
    /// Remembers how large the panels were made.
    SetPanelSizes(PanelSizes),
    /// Ends the program; the guard for unsaved changes has been passed.
    Quit,
}
