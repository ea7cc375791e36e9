//! Headings of sections within a panel.

use egui::accesskit::Role;
use egui::{Align, Layout, Response, RichText, Ui};

use super::super::theme::{Theme, size};

/// A small strong heading: "Components".
pub fn section_heading(ui: &mut Ui, theme: &Theme, text: &str) -> Response {
    let response = ui.label(RichText::new(text).font(Theme::strong(size::SMALL + 1.0)).color(theme.dim));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(text);
    });
    response
}

/// A heading with controls at the right end of its line.
pub fn section_heading_with(ui: &mut Ui, theme: &Theme, text: &str, trailing: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        section_heading(ui, theme, text);
        ui.with_layout(Layout::right_to_left(Align::Center), trailing);
    });
}
