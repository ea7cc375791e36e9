//! The canvas: place-holder with the names that the frame uses.

use egui::Ui;

use super::queue::CommandQueue;
use super::theme::Theme;
use crate::model::ComponentKind;
use crate::workspace::Workspace;

/// What a palette tile carries while it is dragged (egui's drag-and-drop payload).
#[derive(Clone, Debug, PartialEq)]
pub struct PaletteItem(pub ComponentKind);

/// What actions ask of the canvas; only the view changes, never the design.
#[derive(Clone, Debug, PartialEq)]
pub enum CanvasEvent {
    /// Shows everything.
    FitAll,
    /// Shows the selection.
    FitSelection,
    /// Back to 100 %.
    ZoomActual,
    /// One step nearer.
    ZoomIn,
    /// One step farther.
    ZoomOut,
    /// Opens the find field.
    Find,
    /// Selects the next match.
    FindNext,
    /// Brings a component into view if it is not.
    Reveal(crate::model::ComponentId),
}

/// What the canvas remembers between frames.
#[derive(Debug)]
pub struct CanvasState {
    zoom: f32,
}

impl Default for CanvasState {
    fn default() -> Self {
        Self { zoom: 1.0 }
    }
}

impl CanvasState {
    /// The widget's identity: it has the keyboard when `ctx.memory(|m| m.has_focus(CanvasState::id()))`.
    pub fn id() -> egui::Id {
        egui::Id::new("canvas")
    }

    /// The zoom; 1.0 is 100 %.
    pub fn zoom(&self) -> f32 {
        self.zoom
    }

    /// Takes an event; called after the frame.
    pub fn handle(&mut self, event: CanvasEvent, _workspace: &Workspace) {
        if event == CanvasEvent::ZoomActual {
            self.zoom = 1.0;
        }
    }

    /// Where the pointer is, in the design's units, if it is over the canvas: where a paste goes.
    pub fn pointer(&self) -> Option<crate::model::Position> {
        None
    }
}

/// Shows the canvas in all the room that is left.
pub fn canvas_ui(
    ui: &mut Ui,
    _state: &mut CanvasState,
    _workspace: &Workspace,
    theme: &Theme,
    _queue: &mut CommandQueue,
) {
    let rect = ui.available_rect_before_wrap();
    ui.interact(rect, CanvasState::id(), egui::Sense::click());
    ui.painter().rect_filled(rect, 0.0, theme.canvas);
}
