//! The one list of actions: menus, shortcuts, context menus and the command search are all made from it.
//!
//! An action that cannot be run now says why; one that does not exist yet does not stand here.

mod keys;
mod run;
mod state;
mod table;

pub use keys::{Keys, Scope};
pub use run::{destination_for, insert, run};
pub use state::{Availability, Cx, availability, checked, label};
pub use table::ACTIONS;

use super::queue::Region;

/// Where the menu bar shows an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Menu {
    /// The document.
    File,
    /// The design.
    Edit,
    /// What is shown.
    View,
    /// New components.
    Insert,
    /// About the program.
    Help,
}

impl Menu {
    /// All menus from left to right.
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::View, Self::Insert, Self::Help];

    /// The word in the menu bar.
    pub fn label(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::View => "View",
            Self::Insert => "Insert",
            Self::Help => "Help",
        }
    }
}

/// Names an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionId {
    /// Starts an empty design.
    New,
    /// Asks for a file to open.
    Open,
    /// Asks for an address to open.
    OpenUrl,
    /// Asks for manifests to import.
    Import,
    /// Saves.
    Save,
    /// Saves under another name.
    SaveAs,
    /// Saves a copy.
    SaveCopy,
    /// Asks where to write the manifests.
    Export,
    /// Ends the program.
    Quit,
    /// Takes the last step back.
    Undo,
    /// Does it again.
    Redo,
    /// Back to the bytes that were read.
    UndoAll,
    /// Puts the selection on the clipboard and deletes it.
    Cut,
    /// Puts the selection on the clipboard.
    Copy,
    /// Puts the selection's manifests on the clipboard.
    CopyAsManifest,
    /// Pastes.
    Paste,
    /// Makes copies beside the originals.
    Duplicate,
    /// Asks for a new name.
    Rename,
    /// Asks for a plugin or namespace to put the selection into.
    SetParent,
    /// Makes the namespace, or another parent, that the selected component names and that is not there.
    MakeParent,
    /// One place earlier in the chain.
    MoveEarlier,
    /// One place later in the chain.
    MoveLater,
    /// Keeps bodies out of the export, or puts them back.
    ReferenceOnly,
    /// Deletes the selection.
    Delete,
    /// Deletes plugins and keeps their filters.
    DeleteKeepFilters,
    /// Selects everything.
    SelectAll,
    /// Selects nothing.
    ClearSelection,
    /// Shows the selection in the inspector and goes there.
    Inspect,
    /// Asks for a new name of the design.
    RenameDesign,
    /// Asks for the version of Istio that the design is for.
    SetTarget,
    /// Adds a component of this kind: an index into [`crate::model::ComponentKind::KNOWN`].
    Insert(usize),
    /// The command search.
    CommandSearch,
    /// Finds on the canvas.
    Find,
    /// The next match.
    FindNext,
    /// One step nearer.
    ZoomIn,
    /// One step farther.
    ZoomOut,
    /// 100 %.
    ZoomActual,
    /// Everything in view.
    FitAll,
    /// The selection in view.
    FitSelection,
    /// Evaluates the whole design.
    EvaluateNow,
    /// Shows the definitions in force.
    Definitions,
    /// The next problem.
    NextProblem,
    /// The problem before.
    PreviousProblem,
    /// Mends the problem at hand.
    QuickFix,
    /// Moves the focus to a region.
    Focus(Region),
    /// Shows or hides a region.
    Toggle(Region),
    /// Shows the palette.
    ShowInsert,
    /// Shows the outline.
    ShowOutline,
    /// Shows the canvas.
    ShowCanvas,
    /// Shows the topology.
    ShowTopology,
    /// Shows the form.
    ShowForm,
    /// Shows the YAML tab.
    ShowYaml,
    /// Shows the problems.
    ShowProblems,
    /// Shows the trace.
    ShowEvaluation,
    /// The chain of filters of a proxy.
    ShowChain,
    /// Asks whose chain of filters is to be shown.
    ChooseProxy,
    /// The system's colours.
    ThemeSystem,
    /// Dark colours.
    ThemeDark,
    /// Light colours.
    ThemeLight,
    /// The table of shortcuts.
    Shortcuts,
    /// What the program is.
    About,
}

/// One action: what does not depend on the moment.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// Its name in the code.
    pub id: ActionId,
    /// Its name for people.
    pub label: &'static str,
    /// Where the menu bar shows it: menu and group; groups are parted by a line.
    pub menu: Option<(Menu, u8)>,
    /// Its shortcuts; the first is the one that is shown.
    pub keys: &'static [Keys],
    /// Further words by which the command search finds it.
    pub words: &'static str,
}

/// The action with this id. Every id stands in the table; a test holds that.
pub fn find(id: ActionId) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shortcut_means_two_things() {
        let mut seen: Vec<(Keys, &str)> = Vec::new();
        for action in ACTIONS {
            for keys in action.keys {
                if let Some((_, other)) = seen.iter().find(|(known, _)| known.same_chord(keys)) {
                    panic!("{} is both {other} and {}", keys.text(), action.label);
                }
                seen.push((*keys, action.label));
            }
        }
    }

    #[test]
    fn labels_are_unique_and_in_sentence_case() {
        for (i, action) in ACTIONS.iter().enumerate() {
            assert!(ACTIONS[..i].iter().all(|other| other.label != action.label), "{} twice", action.label);
            assert!(!action.label.ends_with("..."), "{}: use the ellipsis character", action.label);
            assert!(action.label.starts_with(char::is_uppercase), "{}", action.label);
        }
    }

    /// The table of `product.md`: each shortcut of this issue is there.
    #[test]
    fn the_documented_shortcuts_exist() {
        for (keys, label) in [
            ("Ctrl+K", "Command search"),
            ("Ctrl+Shift+P", "Command search"),
            ("Ctrl+N", "New design"),
            ("Ctrl+O", "Open…"),
            ("Ctrl+S", "Save"),
            ("Ctrl+Shift+S", "Save as…"),
            ("Ctrl+E", "Export…"),
            ("Ctrl+F", "Find on canvas"),
            ("F3", "Find next"),
            ("A", "Add WasmPlugin"),
            ("Shift+A", "Add WasmFilter"),
            ("P", "Set parent…"),
            ("[", "Move earlier in the chain"),
            ("]", "Move later in the chain"),
            ("1", "Fit all"),
            ("2", "Fit selection"),
            ("0", "Zoom to 100 %"),
            ("F8", "Next problem"),
            ("Shift+F8", "Previous problem"),
            ("Alt+Enter", "Quick fix"),
            ("Ctrl+Z", "Undo"),
            ("Ctrl+Shift+Z", "Redo"),
            ("Ctrl+Y", "Redo"),
            ("Ctrl+C", "Copy"),
            ("Ctrl+X", "Cut"),
            ("Ctrl+V", "Paste"),
            ("Ctrl+D", "Duplicate"),
            ("Del", "Delete"),
            ("Ctrl+A", "Select all"),
            ("Esc", "Clear selection"),
            ("Enter", "Inspect"),
            ("F2", "Rename…"),
            ("Ctrl+1", "Focus left panel"),
            ("Ctrl+5", "Focus export preview"),
            ("Ctrl+B", "Left panel"),
            ("Ctrl+J", "Bottom panel"),
            ("Ctrl+I", "Inspector"),
        ] {
            let found = ACTIONS.iter().find(|action| action.label == label);
            let found = found.unwrap_or_else(|| panic!("no action {label:?}"));
            let texts: Vec<String> = found.keys.iter().map(Keys::text).collect();
            assert!(texts.iter().any(|text| text == keys), "{label}: {texts:?}, not {keys}");
        }
    }
}
