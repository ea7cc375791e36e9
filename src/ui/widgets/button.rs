//! Buttons: one primary in a view, secondary ones with a frame, quiet ones without.

use egui::{
    Button, Color32, Response, RichText, Sense, Shape, Stroke, StrokeKind, TextStyle, Ui, Vec2, WidgetInfo,
    WidgetText, WidgetType, pos2, vec2,
};

use super::super::theme::{RADIUS, Theme, size};

/// The one button of a view that does what the view is for.
pub fn primary_button(ui: &mut Ui, theme: &Theme, label: &str) -> Response {
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for (visuals, fill) in [
            (&mut widgets.inactive, theme.accent_fill),
            (&mut widgets.hovered, theme.accent_hover),
            (&mut widgets.active, theme.accent_hover),
            (&mut widgets.open, theme.accent_hover),
        ] {
            visuals.weak_bg_fill = fill;
            visuals.bg_stroke = Stroke::new(1.0, fill);
        }
        widgets.active.bg_stroke = Stroke::new(2.0, theme.text);
        let text = RichText::new(label).font(Theme::strong(size::BODY)).color(theme.on_accent);
        ui.add(Button::new(text).corner_radius(RADIUS).min_size(Vec2::new(0.0, 28.0)))
    })
    .inner
}

/// A button with a frame and a mark that says that it opens a choice.
pub fn choice_button(ui: &mut Ui, theme: &Theme, text: impl Into<WidgetText>, name: &str) -> Response {
    let text = text.into().into_galley(ui, None, ui.available_width(), TextStyle::Button);
    let room = Vec2::new(text.size().x + 34.0, 28.0);
    let (rect, response) = ui.allocate_exact_size(room, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, name));
    let visuals = ui.style().interact(&response);
    let (fill, stroke) = (visuals.weak_bg_fill, visuals.bg_stroke);
    ui.painter().rect(rect, RADIUS, fill, stroke, StrokeKind::Inside);
    let left = pos2(rect.left() + 10.0, rect.center().y - text.size().y / 2.0);
    ui.painter().galley(left, text, theme.text);
    let at = pos2(rect.right() - 13.0, rect.center().y);
    let points = [at + vec2(-4.0, -2.0), at + vec2(0.0, 2.0), at + vec2(4.0, -2.0)];
    ui.painter().add(Shape::line(points.to_vec(), Stroke::new(1.5, theme.dim)));
    super::focus_ring(ui, theme, &response, rect);
    response
}

/// A button with a frame.
pub fn secondary_button(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::new(label).corner_radius(RADIUS).min_size(Vec2::new(0.0, 26.0)))
}

/// A button that shows its frame only under the pointer or with the focus.
pub fn quiet_button(ui: &mut Ui, theme: &Theme, label: &str) -> Response {
    ui.scope(|ui| {
        ui.visuals_mut().widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
        ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::NONE;
        ui.add(Button::new(RichText::new(label).color(theme.dim)).corner_radius(RADIUS))
    })
    .inner
}

/// A button that looks like a link.
pub fn link_button(ui: &mut Ui, theme: &Theme, label: &str) -> Response {
    ui.scope(|ui| {
        ui.spacing_mut().button_padding.x = 4.0;
        ui.visuals_mut().widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
        ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::NONE;
        ui.add(Button::new(RichText::new(label).color(theme.accent_text)).corner_radius(RADIUS))
    })
    .inner
}
