//! YAML that is only read: coloured lines with numbers, of which only those in view are laid out, so that ten thousand
//! objects scroll like ten. What is selected is copied byte for byte, however much of it is in view.

use std::ops::Range;
use std::sync::Arc;

use egui::accesskit::Role;
use egui::text::CCursor;
use egui::{
    Align2, CursorIcon, Event, EventFilter, Galley, Id, Key, Modifiers, Rect, Response, ScrollArea, Sense,
    TextStyle, Ui, Vec2, WidgetInfo, WidgetType, pos2,
};

use super::super::code::{Lines, line_job};
use super::super::theme::{Theme, size, space};
use super::focus_visible;

/// What stands on the left of a line.
const GUTTER: f32 = space::M;

/// Above the first line and below the last.
const MARGIN: f32 = 6.0;

/// What it shows.
#[derive(Clone, Copy)]
pub struct CodeView<'a> {
    /// Its identity, so that it can be given the focus.
    pub id: Id,
    /// The accessible name.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// Its lines.
    pub lines: &'a Lines,
    /// The line to scroll to.
    pub scroll_to: Option<usize>,
}

/// What is selected: bytes of the text, from where selecting began to where it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeSelection {
    from: usize,
    to: usize,
}

impl CodeSelection {
    /// The selected bytes.
    pub fn range(self) -> Range<usize> {
        self.from.min(self.to)..self.from.max(self.to)
    }

    fn set(&mut self, range: Range<usize>) {
        (self.from, self.to) = (range.start, range.end);
    }
}

/// Shows the text in all the room that is left; `is_marked` tells which lines stand out.
pub fn code_view(
    ui: &mut Ui,
    theme: &Theme,
    view: CodeView<'_>,
    selection: &mut CodeSelection,
    is_marked: impl Fn(usize) -> bool,
) {
    let height = ui.text_style_height(&TextStyle::Monospace) + 3.0;
    let character = ui.fonts_mut(|fonts| fonts.glyph_width(&Theme::code_font(), '0'));
    let digits = view.lines.len().max(10).ilog10() + 1;
    let gutter = GUTTER + digits as f32 * character + GUTTER;
    // Wide enough for the longest line, so that the scroll bar does not jump.
    let width = gutter + (view.lines.longest().min(4096) + 2) as f32 * character;
    let outer = ui.available_rect_before_wrap();
    let mut area = ScrollArea::both().id_salt(view.id).auto_shrink([false, false]);
    if let Some(line) = view.scroll_to {
        // A line more is shown above it, since the edge of what scrolls fades.
        let above = line.saturating_sub(1) as f32;
        area = area.vertical_scroll_offset(above * height);
    }
    let response = area.show_viewport(ui, |ui, viewport| {
        let full = Vec2::new(width.max(viewport.width()), height * view.lines.len() as f32);
        ui.set_min_size(full + Vec2::new(0.0, 2.0 * MARGIN));
        let all = Rect::from_min_size(ui.max_rect().min + Vec2::new(0.0, MARGIN), full);
        let page = Page { view, all, height, gutter };
        let response = ui.interact(all, view.id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, view.name));
        super::set_role(&response, Role::Document);
        page.select(ui, &response, selection);
        page.keyboard(ui, &response, selection, viewport.height());
        let first = ((viewport.min.y - MARGIN) / height).floor().max(0.0) as usize;
        let last = (((viewport.max.y - MARGIN) / height).ceil().max(0.0) as usize).min(view.lines.len());
        for line in first..last {
            page.line(ui, theme, line, is_marked(line), selection.range());
        }
        response
    });
    if response.inner.has_focus() && focus_visible(ui.ctx()) {
        let ring = outer.intersect(ui.clip_rect()).shrink(1.0);
        ui.painter().rect_stroke(ring, 0.0, theme.focus_ring(), egui::StrokeKind::Inside);
    }
}

/// One frame of it: the text, and where all of it would stand on the screen.
#[derive(Clone, Copy)]
struct Page<'a> {
    view: CodeView<'a>,
    all: Rect,
    height: f32,
    gutter: f32,
}

impl Page<'_> {
    fn galley(&self, ui: &Ui, theme: &Theme, line: usize) -> Arc<Galley> {
        let text = self.view.lines.line(self.view.text, line);
        let job = line_job(text, self.view.lines.is_in_block(line), theme);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    }

    /// The byte under a point of the screen.
    fn byte_at(&self, ui: &Ui, theme: &Theme, at: egui::Pos2) -> usize {
        let lines = self.view.lines;
        let line = ((at.y - self.all.top()) / self.height).floor();
        if line < 0.0 {
            return 0;
        }
        let line = line as usize;
        if line >= lines.len() {
            return self.view.text.len();
        }
        let x = at.x - self.all.left() - self.gutter;
        let cursor = self.galley(ui, theme, line).cursor_from_pos(Vec2::new(x, 0.0));
        lines.start(line) + byte_of(lines.line(self.view.text, line), usize::from(cursor.index))
    }

    fn select(&self, ui: &Ui, response: &Response, selection: &mut CodeSelection) {
        if response.hovered() {
            ui.set_cursor_icon(CursorIcon::Text);
        }
        let Some(pointer) = response.interact_pointer_pos() else { return };
        let theme = Theme::of(ui.ctx());
        let pressed = ui.input(|input| input.pointer.primary_pressed());
        if response.is_pointer_button_down_on() && ui.input(|input| input.pointer.primary_down()) {
            let byte = self.byte_at(ui, &theme, pointer);
            selection.to = byte;
            if pressed {
                response.request_focus();
                if !ui.input(|input| input.modifiers.shift) {
                    selection.from = byte;
                }
            }
            // Beyond the edge the text scrolls along.
            if !pressed && !ui.clip_rect().contains(pointer) {
                ui.scroll_to_rect(Rect::from_center_size(pointer, Vec2::splat(self.height)), None);
                ui.ctx().request_repaint();
            }
        }
        if response.triple_clicked() || response.double_clicked() {
            let byte = self.byte_at(ui, &theme, pointer);
            let line = self.view.lines.at(byte);
            let (start, text) = (self.view.lines.start(line), self.view.lines.line(self.view.text, line));
            let range = if response.triple_clicked() { 0..text.len() } else { word_at(text, byte - start) };
            selection.set(start + range.start..start + range.end);
        }
    }

    fn keyboard(&self, ui: &Ui, response: &Response, selection: &mut CodeSelection, room: f32) {
        if !response.has_focus() {
            return;
        }
        let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::A)) {
            selection.set(0..self.view.text.len());
        }
        let copies = ui.input_mut(|input| {
            let before = input.events.len();
            input.events.retain(|event| !matches!(event, Event::Copy));
            input.events.len() < before
        });
        if copies && let Some(text) = self.view.text.get(selection.range()).filter(|text| !text.is_empty()) {
            ui.ctx().copy_text(text.to_owned());
        }
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (step, page, end) = (self.height * 2.0, room - self.height, self.all.height());
        for (key, delta) in [
            (Key::ArrowDown, Vec2::new(0.0, -step)),
            (Key::ArrowUp, Vec2::new(0.0, step)),
            (Key::ArrowRight, Vec2::new(-step, 0.0)),
            (Key::ArrowLeft, Vec2::new(step, 0.0)),
            (Key::PageDown, Vec2::new(0.0, -page)),
            (Key::PageUp, Vec2::new(0.0, page)),
            (Key::End, Vec2::new(0.0, -end)),
            (Key::Home, Vec2::new(0.0, end)),
        ] {
            if pressed(key) {
                ui.scroll_with_delta_animation(delta, egui::style::ScrollAnimation::none());
            }
        }
    }

    fn line(&self, ui: &Ui, theme: &Theme, line: usize, is_marked: bool, selected: Range<usize>) {
        let top = self.all.top() + line as f32 * self.height;
        let size = Vec2::new(self.all.width(), self.height);
        let rect = Rect::from_min_size(pos2(self.all.left(), top), size);
        if is_marked {
            ui.painter().rect_filled(rect, 0.0, theme.added);
            ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, theme.drop_allowed);
        }
        let number_at = pos2(rect.left() + self.gutter - GUTTER, rect.center().y);
        let font = Theme::mono(size::SMALL);
        ui.painter().text(number_at, Align2::RIGHT_CENTER, line + 1, font, theme.faint);
        let text = self.view.lines.line(self.view.text, line);
        let galley = self.galley(ui, theme, line);
        let left = rect.left() + self.gutter;
        let start = self.view.lines.start(line);
        let next = self.view.lines.start(line + 1);
        if selected.start < next && start < selected.end {
            let x_of = |byte: usize| {
                let chars = text.get(..byte.saturating_sub(start).min(text.len())).unwrap_or(text);
                left + galley.pos_from_cursor(CCursor::new(chars.chars().count())).left()
            };
            // A line break that is selected shows as half a character.
            let beyond = if selected.end > start + text.len() { self.height * 0.3 } else { 0.0 };
            let range = x_of(selected.start.max(start))..=x_of(selected.end) + beyond;
            let band = Rect::from_x_y_ranges(range, rect.y_range());
            ui.painter().rect_filled(band, 0.0, ui.visuals().selection.bg_fill);
        }
        let spoken = ui.interact(rect, self.view.id.with(line), Sense::hover());
        spoken.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, text));
        let top = rect.center().y - galley.size().y / 2.0;
        ui.painter().galley(pos2(left, top), galley, theme.text);
    }
}

/// The byte at which the character `index` begins.
fn byte_of(line: &str, index: usize) -> usize {
    line.char_indices().nth(index).map_or(line.len(), |(byte, _)| byte)
}

/// The word around a byte: what a double click selects. A path or a URL is one word.
fn word_at(line: &str, byte: usize) -> Range<usize> {
    let is_part = |c: char| c.is_alphanumeric() || "_-./:@%?=&+~".contains(c);
    let (before, after) = line.split_at_checked(byte).unwrap_or((line, ""));
    let start = before.char_indices().rev().take_while(|&(_, c)| is_part(c)).last().map_or(byte, |it| it.0);
    let end = after.find(|c| !is_part(c)).map_or(line.len(), |length| byte + length);
    // The colon behind a key is no part of it.
    let word = line.get(start..end).unwrap_or_default();
    start..end - usize::from(word.len() > 1 && word.ends_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_click_selects_a_word() {
        let word = |line: &str, byte: usize| line[word_at(line, byte)].to_owned();
        assert_eq!(word("  url: oci://reg.example.com/a:1", 3), "url");
        assert_eq!(word("  url: oci://reg.example.com/a:1", 12), "oci://reg.example.com/a:1");
        assert_eq!(word("a b", 1), "a");
        assert_eq!(word("", 0), "");
        assert_eq!(word("é ü", 3), "ü");
    }

    #[test]
    fn characters_are_found_by_their_number() {
        assert_eq!(byte_of("aéb", 2), 3);
        assert_eq!(byte_of("aéb", 9), 4);
    }
}
