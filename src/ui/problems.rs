//! The list of findings: place-holder with the names that the frame uses.

use egui::Ui;

use super::queue::CommandQueue;
use super::theme::Theme;
use crate::workspace::Workspace;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct ProblemsState;

/// Fills the panel's body.
pub fn problems_ui(
    _ui: &mut Ui,
    _state: &mut ProblemsState,
    _workspace: &Workspace,
    _theme: &Theme,
    _queue: &mut CommandQueue,
) {
}
