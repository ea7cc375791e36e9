//! The export preview: the exact bytes that Export writes, with line numbers and colours. Only the lines in view are
//! laid out, so ten thousand objects scroll like ten.

use egui::{Align2, Label, Rect, RichText, ScrollArea, Sense, TextStyle, Ui, UiBuilder, Vec2, pos2};

use super::code::{Lines, line_job};
use super::problems::empty_ui;
use super::queue::CommandQueue;
use super::theme::{Theme, size, space};
use crate::editor::Revision;
use crate::workspace::Workspace;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct PreviewState {
    made_of: Option<(Revision, usize, usize)>,
    lines: Lines,
    /// Lines that belong to what is selected, as half-open ranges in order.
    marked: Vec<std::ops::Range<usize>>,
}

/// Fills the panel's body.
pub fn preview_ui(
    ui: &mut Ui,
    state: &mut PreviewState,
    workspace: &Workspace,
    theme: &Theme,
    _queue: &mut CommandQueue,
) {
    show(ui, state, workspace.preview(), workspace.derived().revision, theme);
}

fn show(ui: &mut Ui, state: &mut PreviewState, text: &str, revision: Revision, theme: &Theme) {
    let made_of = Some((revision, text.as_ptr() as usize, text.len()));
    if state.made_of != made_of {
        state.lines = Lines::of(text);
        state.made_of = made_of;
    }
    if text.is_empty() {
        empty_ui(
            ui,
            theme,
            "Nothing to export yet",
            "Add a WasmPlugin with a filter, or a module of its own.",
        );
        return;
    }
    lines_ui(ui, state, text, theme);
}

fn lines_ui(ui: &mut Ui, state: &PreviewState, text: &str, theme: &Theme) {
    let height = ui.text_style_height(&TextStyle::Monospace) + 3.0;
    let character = ui.fonts_mut(|fonts| fonts.glyph_width(&Theme::code_font(), '0'));
    let digits = state.lines.len().max(10).ilog10() + 1;
    let gutter = space::M + digits as f32 * character + space::M;
    // Wide enough for the longest line, so that the scroll bar does not jump.
    let width = gutter + (state.lines.longest().min(4096) + 2) as f32 * character;
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.add_space(space::XS);
    let area = ScrollArea::both().id_salt("preview").auto_shrink([false, false]);
    area.show_rows(ui, height, state.lines.len(), |ui, range| {
        ui.set_min_width(width.max(ui.available_width()));
        for index in range {
            line_ui(ui, state, text, index, height, gutter, theme);
        }
    });
}

fn line_ui(
    ui: &mut Ui,
    state: &PreviewState,
    text: &str,
    index: usize,
    height: f32,
    gutter: f32,
    theme: &Theme,
) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::hover());
    if state.marked.iter().any(|range| range.contains(&index)) {
        ui.painter().rect_filled(rect, 0.0, theme.added);
    }
    ui.painter().text(
        pos2(rect.left() + gutter - space::M, rect.center().y),
        Align2::RIGHT_CENTER,
        index + 1,
        Theme::mono(size::SMALL),
        theme.faint,
    );
    let line = state.lines.line(text, index);
    let job = line_job(line, state.lines.is_in_block(index), theme);
    let room = Rect::from_min_max(pos2(rect.left() + gutter, rect.top()), rect.max);
    let mut child = ui.new_child(UiBuilder::new().id_salt(("line", index)).max_rect(room));
    child.add(Label::new(job).extend().selectable(true).halign(egui::Align::Min));
}

/// A line above the text.
#[expect(dead_code, reason = "the list of blocked objects uses it as soon as the workspace has it")]
fn banner(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.label(RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(theme.error));
}
