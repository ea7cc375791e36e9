//! The evaluation trace: place-holder with the names that the frame uses.

use egui::Ui;

use super::queue::CommandQueue;
use super::theme::Theme;
use crate::workspace::Workspace;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct EvaluationState;

/// Fills the panel's body.
pub fn evaluation_ui(
    _ui: &mut Ui,
    _state: &mut EvaluationState,
    _workspace: &Workspace,
    _theme: &Theme,
    _queue: &mut CommandQueue,
) {
}
