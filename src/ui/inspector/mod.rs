//! The inspector: place-holder with the names that the frame uses.

use egui::Ui;

use super::queue::CommandQueue;
use super::theme::Theme;
use crate::workspace::Workspace;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct InspectorState;

/// Fills the panel's body.
pub fn form_ui(
    _ui: &mut Ui,
    _state: &mut InspectorState,
    _workspace: &Workspace,
    _theme: &Theme,
    _queue: &mut CommandQueue,
) {
}

/// Fills the YAML tab.
pub fn yaml_ui(
    _ui: &mut Ui,
    _state: &mut InspectorState,
    _workspace: &Workspace,
    _theme: &Theme,
    _queue: &mut CommandQueue,
) {
}

impl InspectorState {
    /// Brings a field of a component into view and gives it the focus in the next frame.
    pub fn reveal(&mut self, _id: crate::model::ComponentId, _path: &crate::model::FieldPath) {}
}
