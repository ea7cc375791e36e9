//! A text field for searching.

use egui::{Id, Margin, Response, RichText, TextEdit, Ui};

use super::super::theme::Theme;

/// What a search field shows.
#[derive(Clone, Copy, Debug)]
pub struct SearchField<'a> {
    /// Its identity, so that it can be given the focus.
    pub id: Id,
    /// The accessible name.
    pub name: &'a str,
    /// Shown while it is empty.
    pub hint: &'a str,
}

/// A field of the full width.
pub fn search_field(ui: &mut Ui, theme: &Theme, field: SearchField<'_>, text: &mut String) -> Response {
    let edit = TextEdit::singleline(text)
        .id(field.id)
        .hint_text(RichText::new(field.hint).color(theme.faint))
        .margin(Margin::symmetric(8, 5))
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(egui::accesskit::Role::SearchInput);
        node.set_label(field.name);
    });
    response
}
