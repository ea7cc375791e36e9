//! What a frame asks for: commands for the program, and events for other regions of the window.
//!
//! Views read `&Workspace` and push here; nothing is run before the frame is over.

use crate::editor::EditCommand;
use crate::model::ComponentId;
use crate::workspace::Command;

use super::action::ActionId;
use super::canvas::CanvasEvent;
use super::dialogs::Dialog;

/// A part of the window that can have the focus (Ctrl+1…5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// Insert and Outline.
    Left,
    /// Canvas or Topology.
    Centre,
    /// The inspector.
    Right,
    /// Problems and Evaluation.
    Bottom,
    /// The export preview.
    Preview,
    /// The menu bar.
    Menus,
}

/// Tabs of the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InspectorTab {
    /// The form made from the schema.
    #[default]
    Form,
    /// The configuration as YAML.
    Yaml,
}

/// Tabs at the bottom left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BottomTab {
    /// Findings.
    #[default]
    Problems,
    /// The chain of filters of a proxy.
    Chain,
    /// The trace.
    Evaluation,
}

/// Tabs of the left panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeftTab {
    /// The palette.
    #[default]
    Insert,
    /// The tree of components.
    Outline,
}

/// Tabs of the centre.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CentreTab {
    /// Where the design is drawn.
    #[default]
    Canvas,
    /// The whole graph, read-only.
    Topology,
}

/// Something that concerns the window only, never the design.
#[derive(Clone, Debug, PartialEq)]
pub enum UiEvent {
    /// Moves the keyboard focus, and shows the region if it is hidden.
    Focus(Region),
    /// Shows or hides a region.
    Toggle(Region),
    /// Shows a tab of the left panel.
    ShowLeft(LeftTab),
    /// Shows a tab of the centre.
    ShowCentre(CentreTab),
    /// Shows a tab of the inspector.
    ShowInspector(InspectorTab),
    /// Shows a tab at the bottom.
    ShowBottom(BottomTab),
    /// Shows the chain of this proxy; `None`: of the one that belongs to the selection.
    ShowProxy(Option<ComponentId>),
    /// For the canvas: zoom, fit, find.
    Canvas(CanvasEvent),
    /// Runs an action of the action list, as its menu entry would.
    Run(ActionId),
    /// Opens a dialog.
    Open(Dialog),
    /// Puts text on the clipboard.
    CopyText(String),
    /// Answers the program's question; `None` drops what was asked for.
    Answer(Option<Command>),
    /// Asks the system for the clipboard's text; it arrives as a paste event.
    RequestPaste,
    /// Shows the next problem, or the one before.
    StepProblem {
        /// Whether it is the next one.
        forward: bool,
    },
}

/// The requests of one frame, in the order in which they were made.
#[derive(Debug, Default)]
pub struct CommandQueue {
    commands: Vec<Command>,
    events: Vec<UiEvent>,
}

impl CommandQueue {
    /// Asks the program for something.
    pub fn push(&mut self, command: Command) {
        self.commands.push(command);
    }

    /// Asks for a change of the design.
    pub fn edit(&mut self, command: EditCommand) {
        self.commands.push(Command::Edit(command));
    }

    /// Asks for a change as the continuation of a gesture: commands with one key in a row make one undo step.
    pub fn edit_coalesced(&mut self, command: EditCommand, key: u64) {
        self.commands.push(Command::EditCoalesced(command, key));
    }

    /// Asks another region of the window for something.
    pub fn event(&mut self, event: UiEvent) {
        self.events.push(event);
    }

    /// Takes the commands.
    pub fn take_commands(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.commands)
    }

    /// Takes the events.
    pub fn take_events(&mut self) -> Vec<UiEvent> {
        std::mem::take(&mut self.events)
    }

    /// The commands so far, for tests.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The events so far, for tests.
    pub fn events(&self) -> &[UiEvent] {
        &self.events
    }

    /// Tells whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty() && self.events.is_empty()
    }
}
