//! All of one row of the evaluation, beside the list: whole values, where they come from, and ways to go there.

use egui::{Color32, Label, RichText, ScrollArea, Ui, Vec2};

use super::row::{Place, Row};
use crate::model::Value;
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{Theme, size, space};
use crate::workspace::Command;
use crate::yaml::{self, Format};

/// Longer values are cut here; the inspector shows all of them.
const MAX_VALUE: usize = 4_000;

/// What shows the place.
pub(super) fn reveal(place: &Place) -> Command {
    if place.path.is_empty() {
        Command::Select(vec![place.component])
    } else {
        Command::Reveal(place.component, place.path.clone())
    }
}

/// Width of the words before the values.
const WORD: f32 = 74.0;

/// Shows everything about `row`.
pub(super) fn detail_ui(ui: &mut Ui, row: &Row, theme: &Theme, queue: &mut CommandQueue) {
    ScrollArea::vertical()
        .id_salt("evaluation detail")
        .auto_shrink([false, false])
        .min_scrolled_height(0.0)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = Vec2::new(space::S, space::XS);
            ui.spacing_mut().interact_size.y = 0.0;
            if let Some(place) = &row.place {
                let word = if row.values.is_some() { "Field" } else { "Component" };
                line_ui(ui, theme, word, |ui| place_ui(ui, place, theme, queue));
            }
            if let Some([before, after]) = &row.values {
                line_ui(ui, theme, "Before", |ui| value_ui(ui, before.as_ref(), theme));
                line_ui(ui, theme, "After", |ui| value_ui(ui, after.as_ref(), theme));
            }
            if let Some(source) = &row.source {
                line_ui(ui, theme, "Value from", |ui| place_ui(ui, source, theme, queue));
            }
            line_ui(ui, theme, "Why", |ui| plain(ui, &row.why, theme.text));
            if row.place.as_ref().is_none_or(|place| place.path.is_empty()) {
                line_ui(ui, theme, "Joins", |ui| plain(ui, &row.subject, theme.text));
            }
            if !row.definition.is_empty() {
                let definition = match row.strategy {
                    "" => row.definition.clone(),
                    strategy => format!("{} ({strategy})", row.definition),
                };
                line_ui(ui, theme, "Definition", |ui| plain(ui, &definition, theme.dim));
            }
            ui.add_space(space::S);
        });
}

/// A word, and what it stands for beside it.
fn line_ui(ui: &mut Ui, theme: &Theme, word: &str, content: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        let word = RichText::new(word).font(Theme::plain(size::SMALL + 1.0)).color(theme.faint);
        ui.scope(|ui| {
            ui.set_width(WORD);
            ui.label(word);
        });
        ui.vertical(content);
    });
}

fn place_ui(ui: &mut Ui, place: &Place, theme: &Theme, queue: &mut CommandQueue) {
    ui.horizontal_wrapped(|ui| {
        let link = ui.link(RichText::new(&place.name).color(theme.accent_text));
        let hover = if place.path.is_empty() { "Show it" } else { "Show the field" };
        if link.on_hover_text(hover).clicked() {
            queue.push(reveal(place));
        }
        if !place.path.is_empty() {
            code(ui, &place.field(), theme.code_key);
        }
    });
}

fn value_ui(ui: &mut Ui, value: Option<&Value>, theme: &Theme) {
    match value {
        None => plain(ui, "not set", theme.faint),
        Some(Value::Text(text)) => code(ui, text, theme.code_value),
        Some(value) => code(ui, yaml::emit(value, Format::Yaml).trim_end(), theme.code_value),
    }
}

fn plain(ui: &mut Ui, text: &str, color: Color32) {
    ui.add(Label::new(RichText::new(text).color(color)).wrap().selectable(true));
}

fn code(ui: &mut Ui, text: &str, color: Color32) {
    let cut = text.char_indices().nth(MAX_VALUE).map(|(cut, _)| format!("{}…", &text[..cut]));
    let text = RichText::new(cut.as_deref().unwrap_or(text)).font(Theme::code_font()).color(color);
    ui.add(Label::new(text).wrap().selectable(true));
}
