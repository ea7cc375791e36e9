//! Chips: short facts in a rounded box.

use egui::{Color32, Frame, Margin, Response, RichText, Ui};

use super::super::theme::{Theme, size};

/// A chip in the neutral colours.
pub fn chip(ui: &mut Ui, theme: &Theme, text: &str) -> Response {
    chip_ui(ui, text, theme.dim, theme.hover)
}

/// A chip with colours of its own: text and fill.
pub fn chip_ui(ui: &mut Ui, text: &str, color: Color32, fill: Color32) -> Response {
    Frame::new()
        .fill(fill)
        .corner_radius(4)
        .inner_margin(Margin::symmetric(6, 1))
        .show(ui, |ui| ui.label(RichText::new(text).font(Theme::plain(size::SMALL)).color(color)))
        .inner
}

/// A key or chord, as in "Ctrl K".
pub fn keys_chip(ui: &mut Ui, theme: &Theme, keys: &str) -> Response {
    Frame::new()
        .fill(theme.panel)
        .stroke(egui::Stroke::new(1.0, theme.border))
        .corner_radius(4)
        .inner_margin(Margin::symmetric(6, 1))
        .show(ui, |ui| ui.label(RichText::new(keys).font(Theme::plain(size::SMALL)).color(theme.dim)))
        .inner
}
