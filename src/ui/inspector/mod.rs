//! The inspector: what is selected, as a form made from its schema, and as YAML.
//!
//! It reads the editing session and pushes commands; it keeps nothing of the design but what is being typed.

mod code_field;
mod field;
mod form;
mod header;
mod list;
mod map;
mod relationship_card;
mod scalar;
mod state;
mod summary;
mod yaml_tab;

#[cfg(test)]
mod tests;

use egui::Ui;

use super::queue::CommandQueue;
use super::theme::Theme;
use crate::editor::{Derived, Editor};
use crate::model::{ComponentId, FieldPath};
use crate::workspace::Workspace;

pub(super) use field::in_short;
use state::FormState;
use yaml_tab::YamlTab;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct InspectorState {
    form: FormState,
    yaml: YamlTab,
}

/// What the inspector reads.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The editing session.
    pub editor: &'a Editor,
    /// The last good findings.
    pub derived: &'a Derived,
}

impl<'a> Input<'a> {
    fn of(workspace: &'a Workspace) -> Self {
        Self { editor: workspace.editor(), derived: workspace.derived() }
    }
}

/// Fills the panel's body.
pub fn form_ui(
    ui: &mut Ui,
    state: &mut InspectorState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    show_form(ui, state, Input::of(workspace), theme, queue);
}

/// Fills the YAML tab.
pub fn yaml_ui(
    ui: &mut Ui,
    state: &mut InspectorState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    yaml_tab::show(ui, &mut state.yaml, Input::of(workspace), theme, queue);
}

fn show_form(
    ui: &mut Ui,
    state: &mut InspectorState,
    input: Input<'_>,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let selection = input.editor.selection();
    match (selection.len(), selection.primary()) {
        (1, Some(id)) => form::show(ui, &mut state.form, input, id, theme, queue),
        (0, _) | (_, None) => summary::design_ui(ui, &mut state.form, input, theme, queue),
        _ => summary::selection_ui(ui, input, theme, queue),
    }
}

impl InspectorState {
    /// Brings a field of a component into view and gives it the focus in the next frame.
    pub fn reveal(&mut self, id: ComponentId, path: &FieldPath) {
        self.form.reveal(id, path);
    }

    /// Gives the name field the focus in the next frame.
    pub fn focus_name(&mut self) {
        self.form.focus_name();
    }

    /// Gives the first control of the form the focus in the next frame.
    pub fn focus_first(&mut self) {
        self.form.focus_name();
    }
}
