//! Finding components on the canvas by name, kind or what stands on their card.

use egui::{Frame, Id, Key, Margin, Modifiers, Rect, Response, RichText, Stroke, Ui, UiBuilder, pos2, vec2};

use super::projection::Scene;
use super::{Aim, CanvasState};
use crate::editor::Revision;
use crate::model::ComponentId;
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{RADIUS_CARD, Theme, size, space};
use crate::ui::widgets::{SearchField, quiet_button, search_field};
use crate::workspace::Command;

/// Width of the field with its buttons.
const WIDTH: f32 = 340.0;

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Find {
    is_open: bool,
    takes_focus: bool,
    has_focus: bool,
    /// A step to another match that waits for the next frame; whether it goes back.
    step: Option<bool>,
    query: String,
    /// The components that match, in the order in which Tab walks them, and of which revision.
    matches: Vec<ComponentId>,
    matches_of: Option<(Revision, String)>,
    /// Which of them is shown.
    at: Option<usize>,
}

impl Find {
    fn id() -> Id {
        Id::new("canvas find")
    }

    pub(super) fn open(&mut self) {
        self.is_open = true;
        self.takes_focus = true;
    }

    fn refresh(&mut self, scene: &Scene) {
        let key = (scene.revision, self.query.clone());
        if self.matches_of.as_ref() == Some(&key) {
            return;
        }
        let words: Vec<String> = self.query.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let is_match = |&node: &usize| {
            let node = &scene.nodes[node];
            let text = format!("{} {} {}", node.face.title, node.face.kind.in_words(), node.face.detail)
                .to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        let same_query = self.matches_of.as_ref().is_some_and(|(_, query)| *query == self.query);
        let shown = self.at.and_then(|at| self.matches.get(at)).copied().filter(|_| same_query);
        self.matches = if words.is_empty() {
            Vec::new()
        } else {
            scene.walk().into_iter().filter(is_match).map(|node| scene.nodes[node].id).collect()
        };
        self.at = shown.and_then(|id| self.matches.iter().position(|other| *other == id));
        self.matches_of = Some(key);
    }

    /// Goes to the next match, or back; around at the ends.
    fn go(&mut self, back: bool) -> Option<ComponentId> {
        let count = self.matches.len();
        let at = match (self.at, back) {
            _ if count == 0 => return None,
            (None, false) => 0,
            (None, true) => count - 1,
            (Some(at), false) => (at + 1) % count,
            (Some(at), true) => (at + count - 1) % count,
        };
        self.at = Some(at);
        self.matches.get(at).copied()
    }

    fn count(&self) -> String {
        match (self.matches.len(), self.at) {
            (0, _) if self.query.trim().is_empty() => String::new(),
            (0, _) => "None".to_owned(),
            (count, Some(at)) => format!("{} of {count}", at + 1),
            (count, None) => count.to_string(),
        }
    }
}

impl CanvasState {
    /// Asked for by F3: the next match of what was looked for last.
    pub(super) fn find_next(&mut self) {
        if self.find.query.trim().is_empty() {
            self.find.open();
        } else {
            self.find.step = Some(false);
        }
    }

    /// The find field, top right, while it is open.
    pub(super) fn find_ui(&mut self, ui: &mut Ui, theme: &Theme, queue: &mut CommandQueue) {
        let mut step = self.find.step.take();
        if self.find.is_open {
            let viewport = self.view.viewport;
            let width = WIDTH.min(viewport.width() - 2.0 * space::M);
            let corner = pos2(viewport.right() - space::M - width, viewport.top() + space::M);
            let builder = UiBuilder::new().max_rect(Rect::from_min_size(corner, vec2(width, 40.0)));
            ui.scope_builder(builder, |ui| {
                Frame::new()
                    .fill(theme.card)
                    .stroke(Stroke::new(1.0, theme.border))
                    .corner_radius(RADIUS_CARD)
                    .inner_margin(Margin::same(6))
                    .show(ui, |ui| step = self.find_row_ui(ui, theme).or(step));
            });
        }
        if step.is_some() || self.find.is_open {
            self.find.refresh(&self.scene);
        }
        if let Some(id) = step.and_then(|back| self.find.go(back)) {
            self.cursor = Some(id);
            self.aim = Some(Aim::Reveal(id));
            queue.push(Command::Select(vec![id]));
            ui.ctx().request_repaint();
        }
    }

    /// The field and its buttons; returns a step that was asked for.
    fn find_row_ui(&mut self, ui: &mut Ui, theme: &Theme) -> Option<bool> {
        let mut step = None;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            let close = ui.input_mut(|input| {
                let has_focus = self.find.has_focus;
                has_focus && input.consume_key(Modifiers::NONE, Key::Escape)
            });
            let field =
                SearchField { id: Find::id(), name: "Find on canvas", hint: "Find a name, kind or label…" };
            let room = ui.available_width();
            let response = ui
                .scope(|ui| {
                    ui.set_max_width(room - 150.0);
                    search_field(ui, theme, field, &mut self.find.query)
                })
                .inner;
            step = self.find_keys(ui, &response);
            let count = RichText::new(self.find.count()).font(Theme::plain(size::SMALL)).color(theme.dim);
            ui.add_sized(vec2(48.0, 24.0), egui::Label::new(count));
            for (text, name, back) in [("<", "Previous match", true), (">", "Next match", false)] {
                if named(quiet_button(ui, theme, text), name).clicked() {
                    step = Some(back);
                }
            }
            if named(quiet_button(ui, theme, "×"), "Close find").clicked() || close {
                self.find.is_open = false;
                self.wants_focus = true;
            }
        });
        step
    }

    fn find_keys(&mut self, ui: &Ui, response: &Response) -> Option<bool> {
        if std::mem::take(&mut self.find.takes_focus) {
            response.request_focus();
        }
        self.find.has_focus = response.has_focus();
        if response.changed() {
            // The first match is shown while the query is typed.
            self.find.at = None;
            self.find.matches_of = None;
            return Some(false);
        }
        let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        enter.then(|| {
            response.request_focus();
            ui.input(|input| input.modifiers.shift)
        })
    }
}

fn named(response: Response, name: &str) -> Response {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, name));
    response.on_hover_text(name)
}
