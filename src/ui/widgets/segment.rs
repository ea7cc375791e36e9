//! A choice among a few that stand side by side, one of them on.

use egui::{Button, Color32, Response, RichText, Ui, Vec2, WidgetInfo, WidgetType};

use super::super::theme::{RADIUS, Theme, size};

/// Shows one of the choices.
pub fn segment(ui: &mut Ui, theme: &Theme, label: &str, is_on: bool) -> Response {
    let color = if is_on { theme.text } else { theme.dim };
    let fill = if is_on { theme.selected } else { Color32::TRANSPARENT };
    let text = RichText::new(label).font(Theme::plain(size::SMALL + 1.0)).color(color);
    let button = Button::new(text).fill(fill).corner_radius(RADIUS).min_size(Vec2::new(0.0, 26.0));
    let response = ui.add(button);
    response.widget_info(|| WidgetInfo::selected(WidgetType::RadioButton, true, is_on, label));
    super::focus_ring(ui, theme, &response, response.rect);
    response
}
