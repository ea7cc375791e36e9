//! A button that shows or hides a sort of rows, with how many there are of it.

use egui::{Button, Color32, Painter, Pos2, Response, RichText, Ui, Vec2, WidgetInfo, WidgetType, pos2};

use super::super::theme::{RADIUS, Theme, size};

/// Shows "2 errors" behind a mark that `icon` paints around a point; a click turns `is_shown` over.
pub fn toggle(
    ui: &mut Ui,
    theme: &Theme,
    label: &str,
    is_shown: &mut bool,
    is_faint: bool,
    icon: impl FnOnce(&Painter, Pos2),
) -> Response {
    let color = if !*is_shown || is_faint { theme.faint } else { theme.text };
    let text = RichText::new(format!("      {label}")).font(Theme::plain(size::SMALL + 1.0)).color(color);
    let fill = if *is_shown { theme.card } else { Color32::TRANSPARENT };
    let response = ui.add(Button::new(text).fill(fill).corner_radius(RADIUS).min_size(Vec2::new(0.0, 24.0)));
    icon(ui.painter(), pos2(response.rect.left() + 15.0, response.rect.center().y));
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, true, *is_shown, label));
    super::focus_ring(ui, theme, &response, response.rect);
    if response.clicked() {
        *is_shown = !*is_shown;
    }
    let word = if *is_shown { "shown" } else { "hidden" };
    response.on_hover_text(format!("{label}: {word}"))
}
