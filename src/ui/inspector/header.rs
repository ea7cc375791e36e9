//! The top of the form: the kind's tile, the name, which can be edited there, and the kind in words.

use egui::{Color32, Margin, RichText, Stroke, TextEdit, Ui};

use super::form::Form;
use crate::editor::EditCommand;
use crate::model::{FieldPath, Value};
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::kind_tile;

impl Form<'_> {
    pub(super) fn header(&mut self, ui: &mut Ui) {
        let kind = self.component.kind();
        ui.horizontal(|ui| {
            kind_tile(ui, self.theme, kind, 30.0);
            ui.vertical(|ui| {
                self.name(ui);
                let version = kind.api_version();
                let line = if version.is_empty() {
                    kind.in_words().to_owned()
                } else {
                    format!("{} · {version}", kind.in_words())
                };
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 0.0;
                    ui.add_space(space::XS); // The name stands that far inside its field.
                    let line =
                        RichText::new(line).font(Theme::plain(size::SMALL + 1.0)).color(self.theme.dim);
                    ui.add(egui::Label::new(line).truncate());
                });
            });
        });
        // Its name stands here, so what is wrong with it does too.
        for path in [&["displayName"][..], &["configuration", "metadata", "name"]] {
            self.findings_at(ui, &FieldPath::keys(path), false);
        }
    }

    fn name(&mut self, ui: &mut Ui) {
        let path = FieldPath::keys(&["displayName"]);
        let id = self.control_id(&path);
        let current = self.input.editor.design().name_of(self.id());
        let held = Value::from(current.as_str());
        let draft = self.state.draft(&path, Some(&held));
        let mut text = draft.map_or_else(|| current.clone(), |draft| draft.text.clone());
        let is_active = ui.memory(|memory| memory.has_focus(id));
        let response = ui
            .scope(|ui| {
                if !is_active {
                    ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::NONE;
                }
                let fill = if is_active { self.theme.field } else { Color32::TRANSPARENT };
                ui.add(
                    TextEdit::singleline(&mut text)
                        .id(id)
                        .font(Theme::strong(size::HEADING))
                        .margin(Margin::symmetric(4, 2))
                        .background_color(fill)
                        .desired_width(f32::INFINITY),
                )
            })
            .inner;
        ui.ctx().accesskit_node_builder(id, |node| node.set_label("Name"));
        self.note(&path, id, response.rect);
        self.note(&FieldPath::keys(&["configuration", "metadata", "name"]), id, response.rect);
        if response.gained_focus() {
            self.state.session += 1;
        }
        if response.changed() {
            let name = text.trim().to_owned();
            let problem = name.is_empty().then(|| "A component needs a name.".to_owned());
            let base = if problem.is_some() { held } else { Value::from(name.as_str()) };
            let draft = super::state::Draft { text, base: Some(base), problem, line: None };
            if draft.problem.is_none() {
                let key = self.state.gesture(self.id(), &path);
                self.queue.edit_coalesced(EditCommand::Rename { id: self.id(), name }, key);
            }
            self.state.drafts.insert(path.clone(), draft);
        }
        if response.lost_focus() {
            self.state.drafts.remove(&path);
        }
        let response = response.on_hover_text("Rename");
        drop(response);
        if let Some(problem) = self.state.drafts.get(&path).and_then(|draft| draft.problem.clone()) {
            ui.label(RichText::new(problem).color(self.theme.error));
        }
    }
}
