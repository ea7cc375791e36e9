//! The Outline: the accessible twin of the canvas, a tree of all components, for keyboard and screen reader.
//!
//! The tree is one stop of the Tab key; arrows move the selection within it. Only the rows in view are laid out.

mod drag;
mod rows;

use egui::accesskit::Role;
use egui::{
    Align2, EventFilter, Id, Key, Modifiers, Rect, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2,
    WidgetInfo, WidgetType, pos2,
};

use super::action::{ActionId, Cx};
use super::menus::context_menu;
use super::queue::{CommandQueue, UiEvent};
use super::theme::{RADIUS, Theme, size, space};
use super::widgets::{focus_visible, icon, paint_severity, paint_tile};
use crate::editor::Revision;
use crate::model::ComponentId;
use crate::workspace::Command;
use rows::{Folded, Row, rows};

const ROW_HEIGHT: f32 = 28.0;
const INDENT: f32 = 18.0;

/// What the Outline remembers between frames.
#[derive(Debug, Default)]
pub struct OutlineState {
    folded: Folded,
    /// The revision that `rows` were made from; `None` after folding.
    made_of: Option<Revision>,
    rows: Vec<Row>,
    /// Where a range of rows begins that Shift extends.
    anchor: Option<ComponentId>,
    /// The selection when it was last brought into view.
    shown: Option<ComponentId>,
}

impl OutlineState {
    /// The identity of the tree: it takes the keyboard.
    pub fn id() -> Id {
        Id::new("outline")
    }

    fn index_of(&self, id: ComponentId) -> Option<usize> {
        self.rows.iter().position(|row| row.id == id)
    }

    fn fold(&mut self, id: ComponentId, folded: bool) {
        if folded {
            self.folded.insert(id);
        } else {
            self.folded.shift_remove(&id);
        }
        self.made_of = None;
    }
}

/// Shows the tree in the left panel.
pub fn outline_ui(
    ui: &mut Ui,
    state: &mut OutlineState,
    theme: &Theme,
    cx: Cx<'_>,
    queue: &mut CommandQueue,
) {
    let revision = cx.workspace.editor().revision();
    if state.made_of != Some(revision) {
        state.rows = rows(cx.design(), &state.folded);
        state.made_of = Some(revision);
    }
    let rect = ui.available_rect_before_wrap();
    let tree = ui.interact(rect, OutlineState::id(), Sense::focusable_noninteractive());
    tree.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Outline"));
    ui.ctx().accesskit_node_builder(tree.id, |node| {
        node.set_role(Role::Tree);
        node.set_multiselectable();
    });
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(tree.id, filter));
    let scroll_to = if tree.has_focus() { keyboard(ui, state, cx, queue) } else { None };
    if state.rows.is_empty() {
        ui.add_space(space::L);
        ui.label(RichText::new("The design is empty. Add a component from Insert.").color(theme.dim));
        return;
    }
    // A selection that was made elsewhere comes into view.
    let primary = cx.primary();
    let follow = if state.shown == primary { None } else { primary.and_then(|id| state.index_of(id)) };
    state.shown = primary;
    let scroll_to = scroll_to.or(follow);
    let mut area = ScrollArea::vertical().auto_shrink(false);
    if let Some(index) = scroll_to {
        let top = index as f32 * ROW_HEIGHT;
        let shown = ui.ctx().data(|data| data.get_temp::<(f32, f32)>(tree.id)).unwrap_or_default();
        if top < shown.0 {
            area = area.vertical_scroll_offset(top);
        } else if top + ROW_HEIGHT > shown.1 {
            area = area.vertical_scroll_offset((top + ROW_HEIGHT - rect.height()).max(0.0));
        }
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let focused = tree.has_focus();
    let output = area.show_rows(ui, ROW_HEIGHT, state.rows.len(), |ui, range| {
        let mut fold = None;
        for index in range {
            let Some(row) = state.rows.get(index) else { continue };
            let response = row_ui(ui, theme, cx, row, focused, &mut fold);
            if response.clicked() {
                ui.memory_mut(|memory| memory.request_focus(tree.id));
                click(ui, state, cx, index, queue);
            }
            if response.double_clicked() {
                queue.event(UiEvent::Run(ActionId::Inspect));
            }
            if response.secondary_clicked() {
                let id = state.rows[index].id;
                if !cx.workspace.editor().selection().contains(id) {
                    queue.push(Command::Select(vec![id]));
                }
            }
            response.context_menu(|ui| context_menu(ui, theme, cx, queue));
            if let Some(row) = state.rows.get(index) {
                drag::row_drag(ui, theme, cx, row, &response, queue);
            }
        }
        if let Some((id, folded)) = fold {
            state.fold(id, folded);
        }
    });
    let offset = output.state.offset.y;
    ui.ctx().data_mut(|data| data.insert_temp(tree.id, (offset, offset + output.inner_rect.height())));
    if focused && focus_visible(ui.ctx()) {
        ui.painter().rect_stroke(rect.expand(2.0), RADIUS, theme.focus_ring(), egui::StrokeKind::Inside);
    }
}

fn row_ui(
    ui: &mut Ui,
    theme: &Theme,
    cx: Cx<'_>,
    row: &Row,
    focused: bool,
    fold: &mut Option<(ComponentId, bool)>,
) -> egui::Response {
    let selection = cx.workspace.editor().selection();
    let selected = selection.contains(row.id);
    let (_, rect) = ui.allocate_space(Vec2::new(ui.available_width(), ROW_HEIGHT));
    let id = Id::new(("outline row", row.id));
    let response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
    let counts = cx.workspace.derived().counts.get(&row.id).copied().unwrap_or_default();
    let worst = counts.worst();
    response.widget_info(|| WidgetInfo::selected(WidgetType::SelectableLabel, true, selected, spoken(row)));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::TreeItem);
        node.set_level(row.depth + 1);
        node.set_selected(selected);
        node.clear_toggled();
        if row.has_children {
            node.set_expanded(row.is_open);
        }
        if let Some(worst) = worst {
            node.set_description(format!("has {}s", worst.word()));
        }
    });
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let inner = rect.shrink2(Vec2::new(0.0, 1.0));
    if selected {
        ui.painter().rect_filled(inner, RADIUS, theme.selected);
        if focused && selection.primary() == Some(row.id) {
            let stroke = egui::Stroke::new(1.0, theme.accent);
            ui.painter().rect_stroke(inner, RADIUS, stroke, egui::StrokeKind::Inside);
        }
    } else if response.hovered() {
        ui.painter().rect_filled(inner, RADIUS, theme.hover);
    }
    let y = rect.center().y;
    let mut x = rect.left() + 4.0 + row.depth as f32 * INDENT;
    if row.has_children {
        let knob = Rect::from_center_size(pos2(x + 8.0, y), Vec2::new(20.0, ROW_HEIGHT));
        let knob_response = ui.interact(knob, id.with("fold"), Sense::CLICK);
        let open = if row.is_open { 1.0 } else { 0.0 };
        let color = if knob_response.hovered() { theme.text } else { theme.faint };
        icon::chevron(ui.painter(), knob.center(), 9.0, open, color);
        if knob_response.clicked() {
            *fold = Some((row.id, row.is_open));
        }
    }
    x += 18.0;
    let tile = Rect::from_min_size(pos2(x, y - 9.0), Vec2::splat(18.0));
    paint_tile(ui.painter(), tile, &row.kind, theme);
    x += 24.0;
    let mut right = rect.right() - 6.0;
    if let Some(worst) = worst {
        paint_severity(ui.painter(), pos2(right - 7.0, y), 12.0, worst, theme);
        right -= 20.0;
    }
    let painter = ui.painter().with_clip_rect(rect.with_max_x(right).intersect(ui.clip_rect()));
    if let Some(number) = row.number {
        let font = Theme::mono(size::SMALL);
        let drawn = painter.text(pos2(x, y), Align2::LEFT_CENTER, format!("{number}"), font, theme.dim);
        x = drawn.right() + 6.0;
    }
    let name = painter.text(pos2(x, y), Align2::LEFT_CENTER, &row.name, Theme::plain(size::BODY), theme.text);
    let detail = if row.detail.is_empty() { row.kind.in_words() } else { &row.detail };
    let color = if selected { theme.dim } else { theme.faint };
    painter.text(
        pos2(name.right() + space::S, y),
        Align2::LEFT_CENTER,
        detail,
        Theme::plain(size::SMALL),
        color,
    );
    response
}

/// What a screen reader says: "basic-auth, WasmFilter, 1".
fn spoken(row: &Row) -> String {
    match row.number {
        Some(number) => format!("{}, {}, no. {number}", row.name, row.kind.in_words()),
        None => format!("{}, {}", row.name, row.kind.in_words()),
    }
}

fn click(ui: &Ui, state: &mut OutlineState, cx: Cx<'_>, index: usize, queue: &mut CommandQueue) {
    let modifiers = ui.input(|input| input.modifiers);
    let id = state.rows[index].id;
    if modifiers.shift {
        select_range(state, cx, index, queue);
    } else if modifiers.command {
        state.anchor = Some(id);
        queue.push(Command::ToggleSelected(id));
    } else {
        state.anchor = Some(id);
        queue.push(Command::Select(vec![id]));
    }
}

/// Selects from the anchor to `index`; the row at `index` becomes the primary one.
fn select_range(state: &OutlineState, cx: Cx<'_>, index: usize, queue: &mut CommandQueue) {
    let anchor = state.anchor.or(cx.primary()).and_then(|id| state.index_of(id)).unwrap_or(index);
    let ids = |range: &mut dyn Iterator<Item = usize>| range.map(|at| state.rows[at].id).collect();
    let ids: Vec<ComponentId> =
        if anchor <= index { ids(&mut (anchor..=index)) } else { ids(&mut (index..=anchor).rev()) };
    queue.push(Command::Select(ids));
}

/// Moves the selection; returns the row that has to be in view.
fn keyboard(ui: &Ui, state: &mut OutlineState, cx: Cx<'_>, queue: &mut CommandQueue) -> Option<usize> {
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let extend_down = pressed(Modifiers::SHIFT, Key::ArrowDown);
    let extend_up = pressed(Modifiers::SHIFT, Key::ArrowUp);
    let down = pressed(Modifiers::NONE, Key::ArrowDown);
    let up = pressed(Modifiers::NONE, Key::ArrowUp);
    let (left, right) = (pressed(Modifiers::NONE, Key::ArrowLeft), pressed(Modifiers::NONE, Key::ArrowRight));
    let (home, end) = (pressed(Modifiers::NONE, Key::Home), pressed(Modifiers::NONE, Key::End));
    if state.rows.is_empty() {
        return None;
    }
    let last = state.rows.len() - 1;
    let current = cx.primary().and_then(|id| state.index_of(id));
    let index = match current {
        _ if home => 0,
        _ if end => last,
        None if down || up || extend_down || extend_up || left || right => 0,
        Some(at) if down || extend_down => (at + 1).min(last),
        Some(at) if up || extend_up => at.saturating_sub(1),
        Some(at) if right => {
            let row = &state.rows[at];
            if row.has_children && !row.is_open {
                let id = row.id;
                state.fold(id, false);
                return Some(at);
            }
            if row.has_children { (at + 1).min(last) } else { return None }
        }
        Some(at) if left => {
            let row = &state.rows[at];
            if row.has_children && row.is_open {
                let id = row.id;
                state.fold(id, true);
                return Some(at);
            }
            row.parent.and_then(|parent| state.index_of(parent))?
        }
        None | Some(_) => return None,
    };
    if extend_down || extend_up {
        if state.anchor.is_none() {
            state.anchor = cx.primary();
        }
        select_range(state, cx, index, queue);
    } else {
        let id = state.rows[index].id;
        state.anchor = Some(id);
        queue.push(Command::Select(vec![id]));
    }
    Some(index)
}

/// Leaves a margin around the tree, as in the other tabs.
pub fn padded(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let rect = ui.available_rect_before_wrap().shrink2(Vec2::new(space::S, space::S));
    ui.scope_builder(UiBuilder::new().max_rect(rect), content);
}
