//! A list of rows of one height that is one stop of the Tab key: arrows walk it, Enter chooses, and it scrolls along.
//! Only the rows in view are built, however many there are.

use egui::accesskit::Role;
use egui::{
    EventFilter, Id, Key, Modifiers, Rect, Response, ScrollArea, Sense, StrokeKind, Ui, Vec2, WidgetInfo,
    WidgetType,
};

use super::super::theme::{RADIUS, Theme};
use super::focus_visible;

/// A list as it stands in this frame.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// Its identity, so that it can be given the focus.
    pub id: Id,
    /// The accessible name.
    pub name: &'a str,
    /// Height of a row in points.
    pub row_height: f32,
    /// How many rows there are.
    pub count: usize,
    /// The row at hand.
    pub current: Option<usize>,
}

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walked {
    /// Another row is at hand.
    To(usize),
    /// The row at hand was chosen.
    Chosen,
}

/// Takes the room of a row, tells screen readers its words, and paints what lies behind them: whether it is the one at
/// hand or under the pointer, and the line below.
pub fn list_item(ui: &mut Ui, theme: &Theme, height: f32, is_current: bool, words: &str) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::SelectableLabel, true, words));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::ListItem);
        node.set_selected(is_current);
    });
    if is_current {
        ui.painter().rect_filled(rect, 0.0, theme.selected);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.line());
    (rect, response)
}

impl List<'_> {
    /// Takes the keyboard if `takes_focus`, and the keys of a list that has it. Before the rows are shown.
    pub fn keyboard(&self, ui: &Ui, takes_focus: bool) -> Option<Walked> {
        let rect = ui.available_rect_before_wrap();
        let response = ui.interact(rect, self.id, Sense::focusable_noninteractive());
        ui.ctx().accesskit_node_builder(self.id, |node| {
            node.set_role(Role::List);
            node.set_label(self.name);
        });
        if takes_focus {
            response.request_focus();
        }
        if !response.has_focus() {
            return None;
        }
        ui.memory_mut(|memory| {
            let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            memory.set_focus_lock_filter(self.id, filter);
        });
        let bottom = self.count.checked_sub(1)?;
        let page = ((rect.height() / self.row_height) as usize).saturating_sub(1).max(1);
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let steps: [(Key, usize); 6] = [
            (Key::ArrowDown, self.current.map_or(0, |at| at + 1)),
            (Key::ArrowUp, self.current.map_or(bottom, |at| at.saturating_sub(1))),
            (Key::PageDown, self.current.map_or(0, |at| at + page)),
            (Key::PageUp, self.current.map_or(0, |at| at.saturating_sub(page))),
            (Key::Home, 0),
            (Key::End, bottom),
        ];
        if let Some((_, row)) = steps.into_iter().find(|(key, _)| pressed(*key)) {
            return Some(Walked::To(row.min(bottom)));
        }
        (self.current.is_some() && pressed(Key::Enter)).then_some(Walked::Chosen)
    }

    /// Shows the rows in view, and the one at hand if `shows_current`. `row` returns whether it was clicked; returns
    /// the one that was, and gives the list the keyboard for it.
    pub fn show(
        &self,
        ui: &mut Ui,
        theme: &Theme,
        shows_current: bool,
        mut row: impl FnMut(&mut Ui, usize) -> bool,
    ) -> Option<usize> {
        let rect = ui.available_rect_before_wrap();
        // It takes the room that there is: a list never pushes the edge of its panel.
        let mut area = ScrollArea::vertical()
            .id_salt(self.id.with("scroll"))
            .auto_shrink([false, false])
            .min_scrolled_height(0.0);
        let offset_id = self.id.with("offset");
        if let Some(current) = self.current.filter(|_| shows_current) {
            let (top, view) = (current as f32 * self.row_height, rect.height());
            let offset: f32 = ui.data(|data| data.get_temp(offset_id)).unwrap_or_default();
            if top < offset {
                area = area.vertical_scroll_offset(top);
            } else if top + self.row_height > offset + view {
                area = area.vertical_scroll_offset((top + self.row_height - view).max(0.0));
            }
        }
        let mut clicked = None;
        let shown = area.show_rows(ui, self.row_height, self.count, |ui, range| {
            for index in range {
                if row(ui, index) {
                    clicked = Some(index);
                    ui.memory_mut(|memory| memory.request_focus(self.id));
                }
            }
        });
        ui.data_mut(|data| data.insert_temp(offset_id, shown.state.offset.y));
        if ui.memory(|memory| memory.has_focus(self.id)) && focus_visible(ui.ctx()) {
            ui.painter().rect_stroke(rect.shrink(1.0), RADIUS, theme.focus_ring(), StrokeKind::Inside);
        }
        clicked
    }
}
