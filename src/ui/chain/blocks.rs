//! The strip of blocks, what is not in the chain, and the line that says what is at hand.

use egui::accesskit::Role;
use egui::{
    Align2, EventFilter, Frame, Key, Margin, Modifiers, Pos2, Rect, Response, RichText, ScrollArea, Sense,
    Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2,
};

use super::columns::Run;
use super::drag::{self, Drag, Spot};
use super::model::{Shown, phase_word};
use super::{ChainState, select};
use crate::editor::EditCommand;
use crate::istio::Entry;
use crate::model::Severity;
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{RADIUS_CARD, Theme, size, space};
use crate::ui::widgets::{
    focus_visible, list_item, one_line, paint_line, paint_severity, paint_tile, secondary_button, set_role,
};
use crate::workspace::{Command, Workspace};

/// Width of a block in points.
const BLOCK: f32 = 168.0;
/// Height of a block.
const HEIGHT: f32 = 44.0;
/// Height of the names of phases.
const LABEL: f32 = 18.0;
/// Between blocks and between columns.
const GAP: f32 = 8.0;
/// Width of a phase in which nothing runs.
const EMPTY: f32 = 84.0;
/// Height of a row of what is not here.
const ROW: f32 = 28.0;

/// Where everything is, from the left end of the strip.
struct Places {
    /// By entry.
    entries: Vec<Rect>,
    /// By column.
    runs: Vec<Rect>,
    size: Vec2,
}

fn places(ui: &Ui, shown: &Shown, theme: &Theme) -> Places {
    let mut entries = vec![Rect::NOTHING; shown.chain.entries.len()];
    let mut runs = Vec::with_capacity(shown.runs.len());
    let mut x = 0.0;
    let put = |entries: &mut Vec<Rect>, at: usize, x: f32, width: f32| {
        entries[at] = Rect::from_min_size(pos2(x, LABEL), vec2(width, HEIGHT));
    };
    for run in &shown.runs {
        let left = x;
        match run {
            Run::Builtin(at) => {
                let width = builtin_name(ui, &shown.chain.entries[*at], theme).size().x + 20.0;
                put(&mut entries, *at, x, width);
                x += width;
            }
            Run::Loose(at) => {
                put(&mut entries, *at, x, BLOCK);
                x += BLOCK;
            }
            Run::Phase { start, end, .. } if start == end => x += EMPTY,
            Run::Phase { start, end, .. } => {
                for at in *start..*end {
                    put(&mut entries, at, x, BLOCK);
                    x += BLOCK + GAP;
                }
                x -= GAP;
            }
        }
        runs.push(Rect::from_min_max(pos2(left, 0.0), pos2(x, LABEL + HEIGHT)));
        x += GAP;
    }
    Places { entries, runs, size: vec2((x - GAP).max(0.0), LABEL + HEIGHT + 6.0) }
}

/// The last part of the name: the rest is the same for all.
fn builtin_name(ui: &Ui, entry: &Entry, theme: &Theme) -> std::sync::Arc<egui::Galley> {
    let name = entry.name.rsplit('.').next().unwrap_or(&entry.name);
    let name = match name {
        "http_connection_manager" => "HTTP",
        "waypoint_upstream_peer_metadata" => "peer metadata",
        name => name,
    };
    ui.painter().layout_no_wrap(name.replace('_', " "), Theme::plain(size::SMALL), theme.faint)
}

/// Shows the chain, the line about what is at hand, and what is not here.
pub(super) fn strip_ui(
    ui: &mut Ui,
    state: &mut ChainState,
    workspace: &Workspace,
    is_present: bool,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let Some(shown) = state.shown.take() else { return };
    let spot = keyboard(ui, state, &shown, workspace, is_present, queue);
    let margin = Margin { left: 12, right: 12, top: 2, bottom: 0 };
    ScrollArea::vertical().id_salt("chain").auto_shrink([false, false]).min_scrolled_height(0.0).show(
        ui,
        |ui| {
            Frame::new().inner_margin(margin).show(ui, |ui| {
                ScrollArea::horizontal().id_salt("chain strip scroll").auto_shrink([false, true]).show(
                    ui,
                    |ui| {
                        blocks_ui(ui, state, &shown, workspace, is_present, spot, theme, queue);
                    },
                );
                note_ui(ui, state, &shown, theme, queue);
            });
            missing_ui(ui, &shown, theme, queue);
        },
    );
    state.shown = Some(shown);
}

/// Takes the keys of the strip; returns the entry that is to be brought into view.
fn keyboard(
    ui: &Ui,
    state: &mut ChainState,
    shown: &Shown,
    workspace: &Workspace,
    is_present: bool,
    queue: &mut CommandQueue,
) -> Option<usize> {
    let id = ChainState::id();
    let rect = ui.available_rect_before_wrap();
    let response = ui.interact(rect, id, Sense::focusable_noninteractive());
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::List);
        node.set_label(format!("Filter chain of {}", shown.title));
    });
    if std::mem::take(&mut state.takes_focus) {
        response.request_focus();
        state.current = state.current.or_else(|| first_own(shown));
    }
    if !response.has_focus() {
        return None;
    }
    ui.memory_mut(|memory| {
        memory.set_focus_lock_filter(id, EventFilter { horizontal_arrows: true, ..EventFilter::default() });
    });
    let last = shown.chain.entries.len().checked_sub(1)?;
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let steps = [
        (Key::ArrowRight, state.current.map_or(0, |at| (at + 1).min(last))),
        (Key::ArrowLeft, state.current.map_or(last, |at| at.saturating_sub(1))),
        (Key::Home, 0),
        (Key::End, last),
    ];
    if let Some((_, at)) = steps.into_iter().find(|(key, _)| pressed(*key)) {
        state.current = Some(at);
        state.refusal = None;
        return Some(at);
    }
    let current = state.current?;
    if pressed(Key::Enter) {
        select(shown, current, queue);
    }
    for (key, later) in [(Key::OpenBracket, false), (Key::CloseBracket, true)] {
        if pressed(key) && is_present {
            let plan = drag::step(&workspace.derived().design, shown, current, later);
            state.refusal = plan.is_refused.then_some(plan.text);
            if let Some(command) = plan.command {
                queue.edit(command);
            }
        }
    }
    None
}

fn first_own(shown: &Shown) -> Option<usize> {
    shown.chain.entries.iter().position(|entry| !entry.is_builtin()).or(Some(0))
}

#[expect(clippy::too_many_arguments, reason = "one frame of the strip, called from one place")]
fn blocks_ui(
    ui: &mut Ui,
    state: &mut ChainState,
    shown: &Shown,
    workspace: &Workspace,
    is_present: bool,
    into_view: Option<usize>,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let places = places(ui, shown, theme);
    let (area, _) = ui.allocate_exact_size(places.size, Sense::hover());
    let origin = area.min.to_vec2();
    for (run, rect) in shown.runs.iter().zip(&places.runs) {
        column(ui, run, rect.translate(origin), theme);
    }
    let has_focus = ui.memory(|memory| memory.has_focus(ChainState::id())) && focus_visible(ui.ctx());
    for (at, entry) in shown.chain.entries.iter().enumerate() {
        let rect = places.entries[at].translate(origin);
        let response = ui.interact(rect, ui.id().with(("chain entry", at)), Sense::click_and_drag());
        let is_at_hand = state.current == Some(at);
        response.widget_info(|| {
            WidgetInfo::selected(WidgetType::SelectableLabel, true, is_at_hand, &shown.words[at])
        });
        set_role(&response, Role::ListItem);
        if into_view == Some(at) {
            ui.scroll_to_rect(rect.expand(GAP), None);
        }
        if response.clicked() {
            state.current = Some(at);
            state.refusal = None;
            select(shown, at, queue);
            ui.memory_mut(|memory| memory.request_focus(ChainState::id()));
        }
        if entry.is_builtin() {
            builtin(ui, entry, rect, &response, theme);
        } else {
            let is_dragged = state.drag.as_ref().is_some_and(|drag| drag.entry == at);
            block(ui, shown, at, rect, &response, is_dragged, theme);
            if response.drag_started() && is_present {
                state.drag = Some(Drag { entry: at, spot: None, plan: None });
                state.refusal = None;
            }
        }
        if is_at_hand {
            let stroke = if has_focus { theme.focus_ring() } else { Stroke::new(1.5, theme.accent) };
            ui.painter().rect_stroke(rect.expand(1.0), RADIUS_CARD, stroke, StrokeKind::Outside);
        }
        hover(response, shown, at);
    }
    dragging(ui, state, shown, workspace, &places, origin, theme, queue);
}

/// The ground of a phase, with its name.
fn column(ui: &Ui, run: &Run, rect: Rect, theme: &Theme) {
    let Run::Phase { phase, start, end } = run else { return };
    ui.painter().text(
        rect.left_top() + vec2(2.0, 0.0),
        Align2::LEFT_TOP,
        phase_word(*phase),
        Theme::strong(size::SMALL),
        theme.dim,
    );
    if start == end {
        let body = Rect::from_min_max(pos2(rect.left(), rect.top() + LABEL), rect.max).shrink(0.5);
        let corners =
            [body.left_top(), body.right_top(), body.right_bottom(), body.left_bottom(), body.left_top()];
        ui.painter().extend(Shape::dashed_line(&corners, Stroke::new(1.0, theme.border), 4.0, 4.0));
        ui.painter().text(
            body.center(),
            Align2::CENTER_CENTER,
            "none",
            Theme::plain(size::SMALL),
            theme.faint,
        );
    }
}

fn builtin(ui: &Ui, entry: &Entry, rect: Rect, response: &Response, theme: &Theme) {
    let fill = if response.hovered() { theme.hover } else { theme.panel };
    ui.painter().rect(rect, RADIUS_CARD, fill, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    let galley = builtin_name(ui, entry, theme);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, theme.faint);
}

fn block(
    ui: &Ui,
    shown: &Shown,
    at: usize,
    rect: Rect,
    response: &Response,
    is_dragged: bool,
    theme: &Theme,
) {
    let entry = &shown.chain.entries[at];
    let Some(kind) = &entry.kind else { return };
    let style = theme.kind(kind);
    let fill = if is_dragged || response.hovered() { style.header } else { style.surface };
    let painter = ui.painter();
    painter.rect(rect, RADIUS_CARD, fill, Stroke::new(1.0, style.stroke), StrokeKind::Inside);
    let tile = Rect::from_center_size(pos2(rect.left() + 18.0, rect.center().y), Vec2::splat(20.0));
    paint_tile(painter, tile, kind, theme);
    let left = tile.right() + space::S;
    let mut right = rect.right() - space::S;
    if !entry.is_determined() {
        paint_severity(painter, pos2(right - 6.0, rect.top() + 14.0), 12.0, Severity::Warning, theme);
        right -= 18.0;
    }
    let name =
        one_line(painter, &shown.titles[at], Theme::strong(size::BODY - 1.0), theme.text, right - left);
    paint_line(painter, pos2(left, rect.top() + 14.0), name);
    let priority = match (entry.priority, entry.phase) {
        (Some(priority), _) => format!("prio {priority}"),
        (None, Some(_)) => "no priority".to_owned(),
        (None, None) => "EnvoyFilter".to_owned(),
    };
    let plugin = &shown.plugins[at];
    let detail = if *plugin == shown.titles[at] { priority } else { format!("{priority} · {plugin}") };
    let detail =
        one_line(painter, detail, Theme::plain(size::SMALL), style.text, rect.right() - space::S - left);
    paint_line(painter, pos2(left, rect.top() + 31.0), detail);
}

fn hover(response: Response, shown: &Shown, at: usize) {
    let entry = &shown.chain.entries[at];
    let text = match (&entry.builtin, &entry.undetermined) {
        (Some(builtin), _) => {
            let only = builtin.only.map_or(String::new(), |only| format!("\nOnly {only}"));
            format!("{}\n{}{only}", entry.name, super::model::capitalised(builtin.what))
        }
        (None, Some(open)) => format!("{}\n{}", shown.words[at], in_words(shown, open)),
        (None, None) => shown.words[at].clone(),
    };
    response.on_hover_text(text);
}

fn in_words(shown: &Shown, open: &crate::istio::Undetermined) -> String {
    let names: Vec<&str> = open.with.iter().filter_map(|at| Some(&**shown.titles.get(*at)?)).collect();
    if names.is_empty() {
        return format!("Place not determined: {}", open.why);
    }
    format!("Order with {} not determined: {}", names.join(", "), open.why)
}

#[expect(clippy::too_many_arguments, reason = "one frame of a drag, called from one place")]
fn dragging(
    ui: &Ui,
    state: &mut ChainState,
    shown: &Shown,
    workspace: &Workspace,
    places: &Places,
    origin: Vec2,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let Some(drag) = &mut state.drag else { return };
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        state.drag = None;
        return;
    }
    let (pointer, is_down) = ui.input(|input| (input.pointer.interact_pos(), input.pointer.any_down()));
    if let Some(pointer) = pointer {
        let spot = spot_at(shown, places, pointer - origin);
        if drag.spot != Some(spot) {
            drag.spot = Some(spot);
            drag.plan = Some(drag::plan(&workspace.derived().design, shown, drag.entry, spot));
        }
    }
    // The pointer may be gone in the frame of its release: what was said last is done.
    if !is_down {
        if let Some(plan) = drag.plan.take() {
            state.refusal = plan.is_refused.then_some(plan.text);
            if let Some(command) = plan.command {
                queue.edit(command);
            }
        }
        state.drag = None;
        return;
    }
    let (Some(plan), Some(spot), Some(pointer)) = (&drag.plan, drag.spot, pointer) else { return };
    let color = if plan.is_refused { theme.drop_refused } else { theme.drop_allowed };
    let mark = match spot {
        Spot::Empty(run) => places.runs[run].with_min_y(LABEL).translate(origin),
        Spot::Gap(gap) => bar(places, gap).translate(origin),
    };
    ui.painter().rect_stroke(mark, 3.0, Stroke::new(2.0, color), StrokeKind::Middle);
    label(ui, pointer, &plan.text, color, theme);
}

/// Where in the chain the pointer is.
fn spot_at(shown: &Shown, places: &Places, pointer: Pos2) -> Spot {
    let is_empty = |run: &Run| matches!(run, Run::Phase { start, end, .. } if start == end);
    let is_under = |rect: &Rect| rect.x_range().contains(pointer.x);
    let empty = shown.runs.iter().zip(&places.runs).position(|(run, rect)| is_empty(run) && is_under(rect));
    match empty {
        Some(run) => Spot::Empty(run),
        None => Spot::Gap(places.entries.iter().take_while(|rect| rect.center().x < pointer.x).count()),
    }
}

/// A bar between two blocks.
fn bar(places: &Places, gap: usize) -> Rect {
    let right = places.entries.get(gap).map(|rect| rect.left() - GAP / 2.0);
    let left =
        || gap.checked_sub(1).and_then(|at| places.entries.get(at)).map(|rect| rect.right() + GAP / 2.0);
    let x = right.or_else(left).unwrap_or_default();
    Rect::from_min_max(pos2(x - 1.0, LABEL - 2.0), pos2(x + 1.0, LABEL + HEIGHT + 2.0))
}

/// What release would do, beside the pointer.
fn label(ui: &Ui, at: Pos2, text: &str, color: egui::Color32, theme: &Theme) {
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Tooltip, ChainState::id()));
    let screen = ui.ctx().content_rect();
    let width = (screen.width() * 0.4).clamp(200.0, 460.0);
    let galley = painter.layout(text.to_owned(), Theme::plain(size::SMALL + 1.0), theme.text, width);
    let size = galley.size() + vec2(16.0, 10.0);
    let left = (at.x + 14.0).min(screen.right() - size.x - 4.0).max(screen.left() + 4.0);
    let top = (at.y - size.y - 12.0).max(screen.top() + 4.0);
    let rect = Rect::from_min_size(pos2(left, top), size);
    painter.rect(rect, 6.0, theme.card, Stroke::new(1.0, color), StrokeKind::Inside);
    painter.galley(rect.min + vec2(8.0, 5.0), galley, theme.text);
}

/// What is to say of the entry at hand: why its place is open and what mends it, or why it cannot be moved.
fn note_ui(ui: &mut Ui, state: &ChainState, shown: &Shown, theme: &Theme, queue: &mut CommandQueue) {
    let small = || Theme::plain(size::SMALL + 1.0);
    if let Some(refusal) = &state.refusal {
        let text = format!("Not moved: {refusal}");
        ui.label(RichText::new(text).font(small()).color(theme.error));
        return;
    }
    let of_current =
        state.current.filter(|at| shown.chain.entries.get(*at).is_some_and(|it| !it.is_determined()));
    let first = || shown.chain.entries.iter().position(|entry| !entry.is_determined());
    let Some(at) = of_current.or_else(first) else { return };
    let Some(open) = shown.chain.entries[at].undetermined.as_ref() else { return };
    ui.horizontal(|ui| {
        ui.set_min_height(30.0);
        let text = format!("{}: {}", shown.titles[at], lower(&in_words(shown, open)));
        ui.add(egui::Label::new(RichText::new(text).font(small()).color(theme.warning)).wrap());
        let ties = open.with.iter().filter_map(|other| shown.fixes.get(*other)?.clone());
        if let Some(fix) = shown.fixes[at].clone().or_else(|| ties.into_iter().next()) {
            let button = secondary_button(ui, &fix.label);
            if button.on_hover_text("Quick fix, one undo step").clicked() {
                queue.edit(EditCommand::ApplyFix { fix });
            }
        }
    });
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

/// The resources that could run here and do not, with the reason.
fn missing_ui(ui: &mut Ui, shown: &Shown, theme: &Theme, queue: &mut CommandQueue) {
    if shown.missing.is_empty() {
        return;
    }
    Frame::new().inner_margin(Margin { left: 12, right: 12, top: 6, bottom: 4 }).show(ui, |ui| {
        ui.label(RichText::new("Not here").font(Theme::strong(size::SMALL)).color(theme.dim));
    });
    for missing in &shown.missing {
        let words = format!("{}, not here: {}", missing.name, missing.why);
        let (rect, response) = list_item(ui, theme, ROW, false, &words);
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let painter = ui.painter();
        let y = rect.center().y;
        let tile = Rect::from_center_size(pos2(rect.left() + 22.0, y), Vec2::splat(18.0));
        paint_tile(painter, tile, &missing.kind, theme);
        let name =
            one_line(painter, &missing.name, Theme::plain(size::BODY - 1.0), theme.text, rect.width() * 0.35);
        let width = paint_line(painter, pos2(rect.left() + 38.0, y), name);
        let left = rect.left() + 38.0 + width + space::S;
        let why = one_line(
            painter,
            &missing.why,
            Theme::plain(size::SMALL + 1.0),
            theme.dim,
            rect.right() - left - 12.0,
        );
        paint_line(painter, pos2(left, y), why);
        if response.on_hover_text(&missing.why).clicked() {
            queue.push(Command::Select(vec![missing.id]));
        }
    }
}
