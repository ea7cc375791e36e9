//! Kind tiles: letters in a coloured rounded square.

use egui::{Align2, Painter, Rect, Response, Sense, Ui, Vec2, WidgetInfo, WidgetType};

use super::super::theme::Theme;
use crate::model::ComponentKind;

/// Paints the tile of a kind into `rect`.
pub fn paint_tile(painter: &Painter, rect: Rect, kind: &ComponentKind, theme: &Theme) {
    let style = theme.kind(kind);
    painter.rect_filled(rect, rect.height() * 0.22, style.tile);
    painter.text(
        rect.center(),
        Align2::CENTER_CENTER,
        style.letters.as_str(),
        Theme::strong((rect.height() * 0.5).round()),
        theme.on_tile,
    );
}

/// The tile as a control of its own, named by the kind.
pub fn kind_tile(ui: &mut Ui, theme: &Theme, kind: &ComponentKind, side: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), Sense::hover());
    paint_tile(ui.painter(), rect, kind, theme);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, kind.in_words()));
    response
}
