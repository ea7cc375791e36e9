//! "Target Istio version…": the version that the design is checked for.

use egui::{Key, Modifiers, RichText, ScrollArea};

use super::frame::{DialogFrame, show_dialog};
use crate::editor::EditCommand;
use crate::istio::Version;
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{RowText, list_row};
use crate::workspace::Workspace;

/// The versions to choose from.
pub(super) struct TargetDialog {
    choices: Vec<Option<Version>>,
    /// What the design says.
    present: Option<Version>,
    chosen: usize,
}

impl TargetDialog {
    /// The versions that the facts know, newest first, and the one that the design names.
    pub(super) fn new(workspace: &Workspace) -> Self {
        let present = workspace.editor().design().istio_version().and_then(|text| text.parse().ok());
        let mut choices: Vec<Option<Version>> = Version::known().map(Some).collect();
        if present.is_some() && !choices.contains(&present) {
            choices.push(present);
            choices.sort_by_key(|version| std::cmp::Reverse(*version));
        }
        choices.insert(0, None);
        let chosen = choices.iter().position(|choice| *choice == present).unwrap_or(0);
        Self { choices, present, chosen }
    }

    /// Shows it; returns whether it is done with.
    pub(super) fn show(&mut self, ctx: &egui::Context, theme: &Theme, queue: &mut CommandQueue) -> bool {
        let dialog = DialogFrame { id: "target version", title: "Target Istio version", width: 400.0 };
        let (picked, closed) = show_dialog(ctx, theme, dialog, |ui| self.body(ui, theme));
        let version = picked.and_then(|index| self.choices.get(index)).copied();
        if let Some(version) = version.filter(|version| *version != self.present) {
            queue.edit(EditCommand::SetIstioVersion { version });
        }
        closed || picked.is_some()
    }

    fn body(&mut self, ui: &mut egui::Ui, theme: &Theme) -> Option<usize> {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (up, down, enter) = (pressed(Key::ArrowUp), pressed(Key::ArrowDown), pressed(Key::Enter));
        self.chosen = if up {
            self.chosen.saturating_sub(1)
        } else {
            (self.chosen + usize::from(down)).min(self.choices.len().saturating_sub(1))
        };
        let hint = "What the version lacks is a warning. The design keeps the choice.";
        ui.label(RichText::new(hint).font(Theme::plain(size::SMALL + 1.0)).color(theme.dim));
        ui.add_space(space::S);
        let mut picked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(320.0).show_rows(ui, 30.0, self.choices.len(), |ui, rows| {
            for index in rows {
                let Some(choice) = self.choices.get(index) else { continue };
                let title = match choice {
                    Some(version) => format!("Istio {version}"),
                    None => "Newest".to_owned(),
                };
                let newest = format!("Istio {}, as long as no newer one is known", Version::NEWEST);
                let detail = match choice {
                    None => newest.as_str(),
                    Some(_) if *choice == self.present => "chosen",
                    Some(_) => "",
                };
                let text = RowText { title: &title, detail, ..RowText::default() };
                let (_, response) = list_row(ui, theme, text, index == self.chosen, 28.0);
                if response.clicked() || (enter && index == self.chosen) {
                    picked = Some(index);
                }
                if index == self.chosen && (up || down) {
                    response.scroll_to_me(None);
                }
            }
        });
        picked
    }
}
