//! Buttons: one primary in a view, secondary ones with a frame, quiet ones without.

use egui::{Button, Color32, Response, RichText, Stroke, Ui, Vec2};

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
