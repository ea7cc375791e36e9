//! A row of a list: title, detail, something at the right end; highlighted under the pointer and when chosen.

use egui::{Align2, Rect, Response, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2};

use super::super::theme::{RADIUS, Theme, size};

/// The words of a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct RowText<'a> {
    /// The main text.
    pub title: &'a str,
    /// Beside it, in a lesser colour.
    pub detail: &'a str,
    /// At the right end: keys, a kind.
    pub trailing: &'a str,
    /// Whether the row cannot be chosen now.
    pub disabled: bool,
    /// Whether the row is a stop of the Tab key; rows of a list that the arrows walk are none.
    pub focusable: bool,
}

/// Shows a row of the full width; `indent` points at the left stay free for an icon or tile.
pub fn list_row(
    ui: &mut Ui,
    theme: &Theme,
    text: RowText<'_>,
    chosen: bool,
    indent: f32,
) -> (Rect, Response) {
    let desired = Vec2::new(ui.available_width(), 30.0);
    let (rect, response) =
        ui.allocate_exact_size(desired, if text.focusable { Sense::click() } else { Sense::CLICK });
    response.widget_info(|| {
        WidgetInfo::selected(WidgetType::SelectableLabel, !text.disabled, chosen, text.title)
    });
    if !ui.is_rect_visible(rect) {
        return (rect, response);
    }
    if chosen {
        ui.painter().rect_filled(rect, RADIUS, theme.selected);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, RADIUS, theme.hover);
    }
    super::focus_ring(ui, theme, &response, rect);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let color = if text.disabled { theme.faint } else { theme.text };
    let x = rect.left() + 10.0 + indent;
    let y = rect.center().y;
    let trailing = painter.text(
        pos2(rect.right() - 10.0, y),
        Align2::RIGHT_CENTER,
        text.trailing,
        Theme::plain(size::SMALL),
        theme.dim,
    );
    let painter = painter.with_clip_rect(painter.clip_rect().with_max_x(trailing.left() - 8.0));
    let title = painter.text(pos2(x, y), Align2::LEFT_CENTER, text.title, Theme::plain(size::BODY), color);
    painter.text(
        pos2(title.right() + 8.0, y),
        Align2::LEFT_CENTER,
        text.detail,
        Theme::plain(size::SMALL),
        if chosen { theme.dim } else { theme.faint },
    );
    (rect, response)
}
