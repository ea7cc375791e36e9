//! "Choose a proxy": whose chain of filters is shown.

use egui::{Key, Modifiers, Rect, ScrollArea, Vec2, pos2};

use super::frame::{DialogFrame, show_dialog};
use crate::istio::Proxies;
use crate::model::{ComponentId, ComponentKind};
use crate::ui::chain::proxy_title;
use crate::ui::queue::{CommandQueue, UiEvent};
use crate::ui::theme::{Theme, space};
use crate::ui::widgets::{RowText, SearchField, list_row, paint_tile, search_field};
use crate::workspace::Workspace;

struct Choice {
    /// `None`: the one of the selection.
    id: Option<ComponentId>,
    kind: Option<ComponentKind>,
    title: String,
    folded: String,
}

/// The proxies of the design.
pub(super) struct ProxyDialog {
    choices: Vec<Choice>,
    text: String,
    chosen: usize,
    is_old: bool,
}

impl ProxyDialog {
    /// All of them, in document order.
    pub(super) fn new(workspace: &Workspace) -> Self {
        let design = &workspace.derived().design;
        let follow = "Follow the selection".to_owned();
        let mut choices = vec![Choice { id: None, kind: None, folded: follow.to_lowercase(), title: follow }];
        choices.extend(Proxies::of(design).iter().map(|proxy| {
            let title = proxy_title(proxy);
            let kind = design.component(proxy.component).map(|component| component.kind().clone());
            Choice { id: Some(proxy.component), kind, folded: title.to_lowercase(), title }
        }));
        Self { choices, text: String::new(), chosen: 0, is_old: false }
    }

    /// Shows it; returns whether it is done with.
    pub(super) fn show(&mut self, ctx: &egui::Context, theme: &Theme, queue: &mut CommandQueue) -> bool {
        let dialog = DialogFrame { id: "choose proxy", title: "Choose a proxy", width: 440.0 };
        let (picked, closed) = show_dialog(ctx, theme, dialog, |ui| self.body(ui, theme));
        let picked = picked.and_then(|index| self.choices.get(index));
        if let Some(choice) = picked {
            queue.event(UiEvent::ShowProxy(choice.id));
        }
        closed || picked.is_some()
    }

    fn body(&mut self, ui: &mut egui::Ui, theme: &Theme) -> Option<usize> {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (up, down, enter) = (pressed(Key::ArrowUp), pressed(Key::ArrowDown), pressed(Key::Enter));
        let id = egui::Id::new("proxy field");
        let field = SearchField { id, name: "Filter proxies", hint: "Filter by name…" };
        let field = search_field(ui, theme, field, &mut self.text);
        if !std::mem::replace(&mut self.is_old, true) {
            field.request_focus();
        }
        if field.changed() {
            self.chosen = 0;
        }
        let wanted = self.text.trim().to_lowercase();
        let all = self.choices.iter().enumerate();
        let shown: Vec<usize> =
            all.filter(|(_, choice)| choice.folded.contains(&wanted)).map(|(index, _)| index).collect();
        self.chosen = if up {
            self.chosen.saturating_sub(1)
        } else {
            (self.chosen + usize::from(down)).min(shown.len().saturating_sub(1))
        };
        let mut picked = None;
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(320.0).show_rows(ui, 30.0, shown.len(), |ui, rows| {
            for row in rows {
                let Some(choice) = shown.get(row).and_then(|index| self.choices.get(*index)) else {
                    continue;
                };
                let text = RowText { title: &choice.title, ..RowText::default() };
                let (rect, response) = list_row(ui, theme, text, row == self.chosen, 28.0);
                if let Some(kind) = &choice.kind {
                    let center = pos2(rect.left() + space::S + 11.0, rect.center().y);
                    paint_tile(ui.painter(), Rect::from_center_size(center, Vec2::splat(20.0)), kind, theme);
                }
                if response.clicked() || (enter && row == self.chosen) {
                    picked = Some(shown[row]);
                }
                if row == self.chosen && (up || down) {
                    response.scroll_to_me(None);
                }
            }
        });
        picked
    }
}
