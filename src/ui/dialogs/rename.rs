//! Asks for a new name of a component or of the design.

use egui::{RichText, TextEdit};

use super::frame::{Answer, DialogFrame, answer_row, show_dialog};
use crate::editor::EditCommand;
use crate::model::ComponentId;
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{Theme, size};
use crate::workspace::Workspace;

/// The name that is being typed.
#[derive(Debug)]
pub(super) struct RenameDialog {
    /// `None`: the design.
    id: Option<ComponentId>,
    old: String,
    text: String,
    is_old: bool,
}

impl RenameDialog {
    /// A dialog for a component, or for the design.
    pub(super) fn new(id: Option<ComponentId>, workspace: &Workspace) -> Self {
        let design = workspace.editor().design();
        let old = id.map_or_else(|| design.name().to_owned(), |id| design.name_of(id));
        Self { id, text: old.clone(), old, is_old: false }
    }

    /// Shows it; returns whether it is done with.
    pub(super) fn show(&mut self, ctx: &egui::Context, theme: &Theme, queue: &mut CommandQueue) -> bool {
        let title = if self.id.is_some() { "Rename component" } else { "Rename design" };
        let (answer, closed) = show_dialog(
            ctx,
            theme,
            DialogFrame { id: title, title, width: 420.0 },
            |ui| {
                let id = egui::Id::new("name field");
                let field = TextEdit::singleline(&mut self.text)
                    .id(id)
                    .margin(egui::Margin::symmetric(8, 6))
                    .return_key(None)
                    .desired_width(f32::INFINITY);
                let field = ui.add(field);
                ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Name"));
                if !std::mem::replace(&mut self.is_old, true) {
                    field.request_focus();
                    select_all(ui, id, &self.text);
                }
                let hint = if self.id.is_some() {
                    "Display name and, where the kind has one, metadata.name. Kubernetes takes lower case letters, digits, - and ."
                } else {
                    "The name in the design file; the file keeps its own."
                };
                ui.label(RichText::new(hint).font(Theme::plain(size::SMALL + 1.0)).color(theme.dim));
                let name = self.text.trim();
                answer_row(ui, theme, ("Rename", !name.is_empty() && name != self.old), None, "Cancel")
            },
        );
        if answer == Some(Answer::Accept) {
            let name = self.text.trim().to_owned();
            queue.edit(match self.id {
                Some(id) => EditCommand::Rename { id, name },
                None => EditCommand::RenameDesign { name },
            });
        }
        closed || answer.is_some()
    }
}

/// Selects the whole text of a field, so that typing replaces it.
pub(super) fn select_all(ui: &egui::Ui, id: egui::Id, text: &str) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let range = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(range));
    TextEdit::store_state(ui.ctx(), id, state);
}
