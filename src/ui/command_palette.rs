//! The command search (Ctrl+K): every action, every kind that definitions brought, every component and every recent file by
//! name.

use std::path::PathBuf;
use std::sync::Arc;

use egui::{
    Area, Event, Frame, Id, Key, Margin, Modal, Modifiers, Order, Rect, ScrollArea, Vec2, pos2, vec2,
};

use super::action::{self, ACTIONS, Action, Cx, Keys, availability};
use super::canvas::CanvasEvent;
use super::queue::{CommandQueue, UiEvent};
use super::theme::{RADIUS_CARD, Theme, space};
use super::view::View;
use super::widgets::{RowText, SearchField, icon, list_row, paint_tile, search_field};
use crate::model::{ComponentId, ComponentKind};
use crate::registry::ComponentDefinition;
use crate::workspace::{Command, Workspace};

/// At most this many rows are shown; more would not be read.
const MAX_ROWS: usize = 60;

struct Named {
    id: ComponentId,
    kind: ComponentKind,
    name: String,
    folded: String,
}

/// A kind that a definition of others brought: the actions have those of the program.
struct Kind {
    definition: Arc<ComponentDefinition>,
    label: String,
    folded: String,
}

/// A file that was open lately.
struct Recent {
    path: PathBuf,
    name: String,
    folder: String,
}

/// The search: what is typed, and which row is chosen.
pub struct CommandPalette {
    text: String,
    chosen: usize,
    components: Vec<Named>,
    kinds: Vec<Kind>,
    recent: Vec<Recent>,
    is_old: bool,
}

#[derive(Clone, Copy)]
enum Entry<'a> {
    Action(&'static Action),
    Component(&'a Named),
    Kind(&'a Kind),
    Recent(&'a Recent),
}

impl CommandPalette {
    /// A search over the actions, the components and the recent files that are there now.
    pub fn new(workspace: &Workspace) -> Self {
        let design = workspace.editor().design();
        let names = design.names();
        let components = design
            .components()
            .zip(names)
            .map(|(component, (id, name))| Named {
                id,
                kind: component.kind().clone(),
                folded: name.to_lowercase(),
                name,
            })
            .collect();
        let recent = workspace.recent_files().iter().map(|path| Recent {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            folder: path.parent().map(|folder| folder.display().to_string()).unwrap_or_default(),
            path: path.clone(),
        });
        let definitions = workspace.editor().registry().components().iter();
        let kinds = definitions.filter(|definition| definition.file.is_some()).map(|definition| {
            let label = format!("Add {}", definition.label);
            let folded = label.to_lowercase();
            Kind { definition: Arc::clone(definition), label, folded }
        });
        Self {
            text: String::new(),
            chosen: 0,
            components,
            kinds: kinds.collect(),
            recent: recent.collect(),
            is_old: false,
        }
    }

    /// The next search starts with this text: it was typed before there was a field.
    pub fn start_with(ctx: &egui::Context, typed: String) {
        ctx.data_mut(|data| data.insert_temp(typed_id(), typed));
    }

    fn matches<'a>(&'a self, cx: Cx<'_>) -> Vec<Entry<'a>> {
        let wanted = self.text.trim().to_lowercase();
        let mut found: Vec<(u32, Entry<'a>)> = ACTIONS
            .iter()
            .filter(|action| action.id != action::ActionId::CommandSearch)
            .filter_map(|action| {
                let label = action::label(action, cx).to_lowercase();
                let score = score(&wanted, &label, action.words)?;
                let disabled = u32::from(!availability(action.id, cx).is_enabled());
                Some((score * 2 + disabled, Entry::Action(action)))
            })
            .collect();
        if !wanted.is_empty() {
            found.extend(self.components.iter().filter_map(|component| {
                let kind = component.kind.kind.to_lowercase();
                Some((score(&wanted, &component.folded, &kind)? * 2, Entry::Component(component)))
            }));
            found.extend(self.kinds.iter().filter_map(|kind| {
                let words = format!("new insert {}", kind.definition.kind.kind.to_lowercase());
                Some((score(&wanted, &kind.folded, &words)? * 2, Entry::Kind(kind)))
            }));
            found.extend(self.recent.iter().filter_map(|recent| {
                let score = score(&wanted, &recent.name.to_lowercase(), "open recent files")?;
                Some((score * 2, Entry::Recent(recent)))
            }));
        }
        // Stable: equal scores keep the order of the menus and of the document.
        found.sort_by_key(|(score, _)| *score);
        found.truncate(MAX_ROWS);
        found.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Shows it; returns whether it is done with.
    pub fn show(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
        workspace: &Workspace,
        view: &View,
        queue: &mut CommandQueue,
    ) -> bool {
        let cx = Cx { workspace, view };
        let screen = ctx.content_rect();
        let width = 560.0_f32.min(screen.width() - 40.0);
        let id = Id::new("command search");
        let area = Area::new(id)
            .order(Order::Foreground)
            .fixed_pos(pos2(screen.center().x - width / 2.0, screen.top() + 6.0));
        let frame = Frame::new()
            .fill(theme.panel)
            .stroke(egui::Stroke::new(1.0, theme.border))
            .corner_radius(RADIUS_CARD)
            .shadow(ctx.global_style().visuals.popup_shadow)
            .inner_margin(Margin::same(8));
        let response = Modal::new(id).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(width - 16.0);
            self.body(ui, theme, cx, screen.height() * 0.6)
        });
        ctx.accesskit_node_builder(response.response.id, |node| {
            node.set_role(egui::accesskit::Role::Dialog);
            node.set_label("Command search");
            node.set_modal();
        });
        let closed = response.should_close();
        match response.inner {
            Some(Picked::Action(id)) => {
                queue.event(UiEvent::Run(id));
                true
            }
            Some(Picked::Component(id)) => {
                queue.push(Command::Select(vec![id]));
                queue.event(UiEvent::ShowCentre(super::queue::CentreTab::Canvas));
                queue.event(UiEvent::Canvas(CanvasEvent::FitSelection));
                true
            }
            Some(Picked::Kind(kind)) => {
                action::insert(kind, cx, queue);
                true
            }
            Some(Picked::File(path)) => {
                queue.push(Command::Open(path));
                true
            }
            None => closed,
        }
    }

    fn body(&mut self, ui: &mut egui::Ui, theme: &Theme, cx: Cx<'_>, height: f32) -> Option<Picked> {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (up, down, enter) = (pressed(Key::ArrowUp), pressed(Key::ArrowDown), pressed(Key::Enter));
        if !self.is_old {
            self.text = ui.data_mut(|data| data.remove_temp(typed_id())).unwrap_or_default();
            // The field takes what is typed from the next frame on.
            ui.input_mut(|input| {
                input.events.retain(|event| match event {
                    Event::Text(text) => {
                        self.text.push_str(text);
                        false
                    }
                    _ => true,
                });
            });
        }
        let field = SearchField {
            id: Id::new("command search field"),
            name: "Search actions and components",
            hint: "Search actions, components, filters…",
        };
        let field = search_field(ui, theme, field, &mut self.text);
        if !std::mem::replace(&mut self.is_old, true) {
            field.request_focus();
        }
        if field.changed() {
            self.chosen = 0;
        }
        let entries = self.matches(cx);
        let last = entries.len().saturating_sub(1);
        let chosen =
            if up { self.chosen.saturating_sub(1) } else { (self.chosen + usize::from(down)).min(last) };
        ui.add_space(space::XS);
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut picked = None;
        if entries.is_empty() {
            ui.label(egui::RichText::new("Nothing has this name.").color(theme.dim));
        }
        ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                for (index, entry) in entries.iter().enumerate() {
                    let take = enter && index == chosen;
                    let row = match entry {
                        Entry::Action(action) => action_row(ui, theme, cx, action, index == chosen),
                        Entry::Component(component) => component_row(ui, theme, component, index == chosen),
                        Entry::Kind(kind) => kind_row(ui, theme, kind, index == chosen),
                        Entry::Recent(recent) => recent_row(ui, theme, recent, index == chosen),
                    };
                    if (row.clicked() || take) && picked.is_none() {
                        picked = match entry {
                            Entry::Action(action) if availability(action.id, cx).is_enabled() => {
                                Some(Picked::Action(action.id))
                            }
                            Entry::Action(_) => None,
                            Entry::Component(component) => Some(Picked::Component(component.id)),
                            Entry::Kind(kind) => Some(Picked::Kind(kind.definition.kind.clone())),
                            Entry::Recent(recent) => Some(Picked::File(recent.path.clone())),
                        };
                    }
                    if index == chosen && (up || down) {
                        row.scroll_to_me(None);
                    }
                }
            });
        self.chosen = chosen;
        picked
    }
}

fn typed_id() -> Id {
    Id::new("typed for the command search")
}

enum Picked {
    Action(action::ActionId),
    Component(ComponentId),
    Kind(ComponentKind),
    File(PathBuf),
}

fn action_row(ui: &mut egui::Ui, theme: &Theme, cx: Cx<'_>, action: &Action, chosen: bool) -> egui::Response {
    let label = action::label(action, cx);
    let keys = action.keys.first().map(Keys::text).unwrap_or_default();
    let menu = action.menu.map_or("", |(menu, _)| menu.label());
    let reason = match availability(action.id, cx) {
        action::Availability::Enabled => menu,
        action::Availability::Disabled(reason) => reason,
    };
    let disabled = reason != menu;
    let text = RowText { title: &label, detail: reason, trailing: &keys, disabled, focusable: false };
    let (rect, response) = list_row(ui, theme, text, chosen, 24.0);
    let center = pos2(rect.left() + 18.0, rect.center().y);
    if action::checked(action.id, cx) == Some(true) {
        icon::check(ui.painter(), center, 12.0, theme.accent_text);
    }
    response
}

fn component_row(ui: &mut egui::Ui, theme: &Theme, component: &Named, chosen: bool) -> egui::Response {
    let text = RowText { title: &component.name, trailing: component.kind.in_words(), ..RowText::default() };
    tiled_row(ui, theme, text, &component.kind, chosen)
}

fn kind_row(ui: &mut egui::Ui, theme: &Theme, kind: &Kind, chosen: bool) -> egui::Response {
    let model = kind.definition.model.display_name();
    let text = RowText { title: &kind.label, detail: model, trailing: "Insert", ..RowText::default() };
    tiled_row(ui, theme, text, &kind.definition.kind, chosen)
}

fn tiled_row(
    ui: &mut egui::Ui,
    theme: &Theme,
    text: RowText<'_>,
    kind: &ComponentKind,
    chosen: bool,
) -> egui::Response {
    let (rect, response) = list_row(ui, theme, text, chosen, 24.0);
    let tile = Rect::from_center_size(rect.left_center() + vec2(18.0, 0.0), Vec2::splat(18.0));
    paint_tile(ui.painter(), tile, kind, theme);
    response
}

fn recent_row(ui: &mut egui::Ui, theme: &Theme, recent: &Recent, chosen: bool) -> egui::Response {
    let text = RowText {
        title: &recent.name,
        detail: &recent.folder,
        trailing: "Recent file",
        ..RowText::default()
    };
    list_row(ui, theme, text, chosen, 24.0).1
}

/// How well a text fits what is typed; lower is better, `None` is not at all. Both are in lower case.
fn score(wanted: &str, label: &str, words: &str) -> Option<u32> {
    if wanted.is_empty() || label.starts_with(wanted) {
        return Some(0);
    }
    if label.split([' ', '-', '_', '.']).any(|word| word.starts_with(wanted)) {
        return Some(1);
    }
    if label.contains(wanted) {
        return Some(2);
    }
    let everywhere = |part: &str| label.contains(part) || words.split(' ').any(|word| word.starts_with(part));
    if wanted.split_whitespace().all(everywhere) {
        return Some(3);
    }
    let mut letters = label.chars();
    let spread = wanted.chars().filter(|c| *c != ' ').all(|wanted| letters.any(|letter| letter == wanted));
    spread.then_some(4)
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn the_nearer_match_comes_first() {
        let label = "save a copy…";
        let order: Vec<Option<u32>> = ["save", "copy", "ve a", "backup copy", "sacp", "xyz"]
            .iter()
            .map(|wanted| score(wanted, label, "write file backup"))
            .collect();
        assert_eq!(order, [Some(0), Some(1), Some(2), Some(3), Some(4), None]);
    }
}
