//! "Set parent…": the keyboard's way of dropping components into a plugin, an EnvoyFilter or a namespace.

use egui::{Key, Modifiers, Rect, ScrollArea, Vec2, pos2};

use super::frame::{DialogFrame, show_dialog};
use crate::editor::{Destination, Dragged, DropEffect, EditCommand};
use crate::model::{ComponentId, ComponentKind};
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{Theme, space};
use crate::ui::widgets::{RowText, SearchField, list_row, paint_tile, search_field};
use crate::workspace::Workspace;

struct Target {
    kind: Option<ComponentKind>,
    name: String,
    destination: Destination,
    effect: DropEffect,
}

/// The list of parents that the selection may get.
pub(super) struct ParentDialog {
    ids: Vec<ComponentId>,
    targets: Vec<Target>,
    text: String,
    chosen: usize,
    is_old: bool,
}

impl ParentDialog {
    /// A dialog for these components. Asks the editor about every wallet and namespace once.
    pub(super) fn new(ids: Vec<ComponentId>, workspace: &Workspace) -> Self {
        let editor = workspace.editor();
        let design = editor.design();
        let dragged = Dragged::Existing(ids.clone());
        let mut targets: Vec<Target> = design
            .components()
            .filter(|component| !ids.contains(&component.id()))
            .filter_map(|component| {
                let destination = if component.kind().is_wallet() {
                    Destination::Wallet { wallet: component.id(), place: usize::MAX }
                } else if component.is(&ComponentKind::NAMESPACE) {
                    Destination::Frame { namespace: component.id(), position: None }
                } else {
                    return None;
                };
                let effect = editor.drop_effect(&dragged, destination);
                let name = design.name_of(component.id());
                Some(Target { kind: Some(component.kind().clone()), name, destination, effect })
            })
            .collect();
        let destination = Destination::Canvas(None);
        let effect = editor.drop_effect(&dragged, destination);
        targets.push(Target { kind: None, name: "No parent".to_owned(), destination, effect });
        targets.sort_by_key(|target| !matches!(target.effect, DropEffect::Allowed(_)));
        Self { ids, targets, text: String::new(), chosen: 0, is_old: false }
    }

    /// Shows it; returns whether it is done with.
    pub(super) fn show(&mut self, ctx: &egui::Context, theme: &Theme, queue: &mut CommandQueue) -> bool {
        let dialog = DialogFrame { id: "set parent", title: "Set parent", width: 440.0 };
        let (picked, closed) = show_dialog(ctx, theme, dialog, |ui| self.body(ui, theme));
        if let Some(destination) = picked {
            queue.edit(EditCommand::Place { ids: self.ids.clone(), destination });
        }
        closed || picked.is_some()
    }

    fn body(&mut self, ui: &mut egui::Ui, theme: &Theme) -> Option<Destination> {
        let up = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowUp));
        let down = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown));
        let enter = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
        let id = egui::Id::new("parent field");
        let field = SearchField { id, name: "Filter parents", hint: "Filter by name…" };
        let field = search_field(ui, theme, field, &mut self.text);
        if !std::mem::replace(&mut self.is_old, true) {
            field.request_focus();
        }
        if field.changed() {
            self.chosen = 0;
        }
        let wanted = self.text.to_lowercase();
        let shown: Vec<&Target> =
            self.targets.iter().filter(|target| target.name.to_lowercase().contains(&wanted)).collect();
        self.chosen = if up {
            self.chosen.saturating_sub(1)
        } else {
            (self.chosen + usize::from(down)).min(shown.len().saturating_sub(1))
        };
        let mut picked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(320.0).show_rows(ui, 30.0, shown.len(), |ui, rows| {
            for index in rows {
                let Some(target) = shown.get(index) else { continue };
                let (detail, allowed) = match &target.effect {
                    DropEffect::Allowed(effect) => (effect.as_str(), true),
                    DropEffect::Refused(reason) => (reason.as_str(), false),
                };
                let text = RowText { title: &target.name, detail, disabled: !allowed, ..RowText::default() };
                let (rect, response) = list_row(ui, theme, text, index == self.chosen, 28.0);
                if let Some(kind) = &target.kind {
                    let tile = Rect::from_center_size(
                        pos2(rect.left() + space::S + 11.0, rect.center().y),
                        Vec2::splat(20.0),
                    );
                    paint_tile(ui.painter(), tile, kind, theme);
                }
                if allowed && (response.clicked() || (enter && index == self.chosen)) {
                    picked = Some(target.destination);
                }
                if index == self.chosen && (up || down) {
                    response.scroll_to_me(None);
                }
            }
        });
        picked
    }
}
