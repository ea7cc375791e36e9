//! A field for YAML: coloured, with line numbers, the line in error marked. Never wraps; scrolls both ways.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{
    Align2, Frame, Galley, Id, Margin, Rect, Response, ScrollArea, Stroke, StrokeKind, TextBuffer, TextEdit,
    Ui, Vec2, pos2,
};

use super::super::code::text_job;
use super::super::theme::{RADIUS, Theme, size, space};

/// What the field shows besides its text.
#[derive(Clone, Copy, Debug)]
pub struct CodeEditor<'a> {
    /// Its identity.
    pub id: Id,
    /// The accessible name.
    pub name: &'a str,
    /// Shown while it is empty.
    pub hint: &'a str,
    /// Whether line numbers stand at the left.
    pub line_numbers: bool,
    /// The line in error, from 1.
    pub error_line: Option<u32>,
    /// The fewest rows that it is high.
    pub min_rows: usize,
    /// The most points that it is high; beyond that it scrolls.
    pub max_height: f32,
    /// The colour of the border, where it is to tell something.
    pub border: Option<egui::Color32>,
}

/// The coloured text of the last frame; made anew when the text changes.
#[derive(Debug, Default)]
pub struct CodeCache {
    text: String,
    dark: bool,
    job: Option<LayoutJob>,
}

impl CodeCache {
    fn job(&mut self, text: &str, theme: &Theme) -> LayoutJob {
        if self.dark != theme.dark || self.text != text {
            self.job = None;
        }
        let job = self.job.get_or_insert_with(|| {
            self.dark = theme.dark;
            text.clone_into(&mut self.text);
            text_job(text, theme)
        });
        job.clone()
    }
}

/// Shows the field over the full width.
pub fn code_editor(
    ui: &mut Ui,
    theme: &Theme,
    editor: CodeEditor<'_>,
    cache: &mut CodeCache,
    text: &mut String,
) -> Response {
    let lines = text.split('\n').count();
    let digits = lines.max(10).ilog10() + 1;
    let gutter = if editor.line_numbers { digits as f32 * 7.5 + 2.0 * space::S } else { 0.0 };
    let outer = Frame::new().fill(theme.field).corner_radius(RADIUS).inner_margin(Margin::same(1));
    let framed = outer.show(ui, |ui| {
        ScrollArea::both()
            .id_salt(editor.id.with("scroll"))
            .max_height(editor.max_height)
            // As high as its text wherever it stands: at the lower end of a form there is no room left in view.
            .min_scrolled_height(editor.max_height)
            .auto_shrink([false, true])
            .show(ui, |ui| edit(ui, theme, editor, cache, text, gutter))
            .inner
    });
    let response = framed.inner;
    let stroke = if response.has_focus() {
        theme.focus_ring()
    } else {
        Stroke::new(1.0, editor.border.unwrap_or(theme.border))
    };
    ui.painter().rect_stroke(framed.response.rect, RADIUS, stroke, StrokeKind::Inside);
    response
}

fn edit(
    ui: &mut Ui,
    theme: &Theme,
    editor: CodeEditor<'_>,
    cache: &mut CodeCache,
    text: &mut String,
    gutter: f32,
) -> Response {
    let mut layouter = |ui: &Ui, buffer: &dyn TextBuffer, _wrap: f32| -> Arc<Galley> {
        ui.fonts_mut(|fonts| fonts.layout_job(cache.job(buffer.as_str(), theme)))
    };
    // The mark lies under the text, whose place is known only afterwards.
    let mark = ui.painter().add(egui::Shape::Noop);
    let margin = Margin { left: gutter as i8 + 8, right: 8, top: 6, bottom: 6 };
    let output = TextEdit::multiline(text)
        .id(editor.id)
        .code_editor()
        .frame(Frame::NONE.inner_margin(margin))
        .hint_text(egui::RichText::new(editor.hint).font(Theme::code_font()).color(theme.faint))
        .desired_rows(editor.min_rows)
        .desired_width(f32::INFINITY)
        .lock_focus(true)
        .layouter(&mut layouter)
        .show(ui);
    let response = output.response.response;
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(editor.name));
    if editor.line_numbers {
        let visible = ui.clip_rect();
        let left = visible.left();
        let bottom = visible.bottom().min(response.rect.bottom());
        let strip = Rect::from_min_max(pos2(left, visible.top()), pos2(left + gutter, bottom));
        ui.painter().rect_filled(strip, 0.0, theme.field);
        let rows = &output.galley.rows;
        let top_of = |row: &egui::epaint::text::PlacedRow| output.galley_pos.y + row.pos.y;
        // Rows stand in order: only those in view are painted.
        let first = rows.partition_point(|row| top_of(row) + row.size.y < visible.top());
        for (index, row) in rows.iter().enumerate().skip(first) {
            let top = top_of(row);
            if top > visible.bottom() {
                break;
            }
            let is_error = editor.error_line == u32::try_from(index + 1).ok();
            let band = Rect::from_min_size(pos2(left, top), Vec2::new(visible.width(), row.size.y));
            if is_error {
                ui.painter().set(mark, egui::Shape::rect_filled(band, 0.0, theme.error_surface));
                ui.painter().rect_filled(band.with_max_x(left + 3.0), 0.0, theme.error);
            }
            ui.painter().text(
                pos2(left + gutter - space::S, band.center().y),
                Align2::RIGHT_CENTER,
                index + 1,
                Theme::mono(size::SMALL),
                if is_error { theme.error } else { theme.faint },
            );
        }
    }
    response
}
