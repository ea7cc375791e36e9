//! Controls of single values: text, numbers, truth values, choices, secrets.

use egui::{
    Checkbox, ComboBox, EventFilter, Id, Key, Margin, Modifiers, Response, RichText, TextEdit, Ui,
    text::LayoutJob,
};

use super::field::{Row, module_field};
use super::form::Form;
use super::state::Draft;
use crate::model::{FieldPath, Number, Segment, Value};
use crate::registry::{FieldKind, FieldSpec, Input};
use crate::ui::theme::{Theme, size};
use crate::ui::widgets::focus_visible;
use crate::yaml::{Plain, resolve_plain};

impl Form<'_> {
    /// The control of a single value, over the full width.
    pub(super) fn scalar_control(&mut self, ui: &mut Ui, row: Row<'_>) -> Response {
        match row.spec.kind {
            FieldKind::Boolean
                if row.value.is_none_or(|value| value.is_null() || value.as_bool().is_some()) =>
            {
                self.boolean(ui, row)
            }
            FieldKind::Enum => self.choice(ui, row),
            FieldKind::Text if row.spec.input == Input::Secret => self.secret(ui, row),
            FieldKind::Text if row.spec.input == Input::Code => self.code_control(ui, row),
            FieldKind::Text if row.spec.input == Input::Multiline => self.text(ui, row, true),
            FieldKind::Text if is_long(row.value) => self.text(ui, row, true),
            _ => self.text(ui, row, false),
        }
    }

    fn text(&mut self, ui: &mut Ui, row: Row<'_>, multiline: bool) -> Response {
        let id = self.control_id(row.path);
        let current = text_of(row.value);
        let draft = self.state.draft(row.path, row.value);
        let mut text = draft.map_or_else(|| current.clone(), |draft| draft.text.clone());
        let default = row.spec.default.as_ref().map(|value| text_of(Some(value)));
        let hint = default.unwrap_or_default();
        let hint = RichText::new(hint).font(Theme::code_font()).color(self.theme.faint);
        let edit = if multiline { TextEdit::multiline(&mut text) } else { TextEdit::singleline(&mut text) };
        let edit = edit
            .id(id)
            .font(Theme::code_font())
            .hint_text(hint)
            .margin(Margin::symmetric(8, 5))
            .desired_rows(if multiline { 3 } else { 1 })
            .desired_width(f32::INFINITY);
        let response = ui.add(edit);
        if response.changed() {
            self.typed(row, text);
        } else if response.lost_focus()
            && self.state.drafts.get(row.path).is_some_and(|it| it.problem.is_none())
        {
            self.state.drafts.remove(row.path);
        }
        response
    }

    /// Takes over what was typed, or says why not.
    fn typed(&mut self, row: Row<'_>, text: String) {
        let is_blank = text.trim().is_empty();
        let is_url = row.path.is_keys(&["configuration", "spec", "url"]);
        if is_blank && is_url && self.owner.is_some() {
            self.state.asks_about_url = true;
            self.keep_draft(row, text, None);
            return;
        }
        // An item or an entry stays when its text is taken out; a property is not set then.
        let is_property = self.is_property(row.path);
        if text.is_empty() && is_property {
            self.state.drafts.remove(row.path);
            if row.value.is_some() {
                self.unset(row.path);
            }
            return;
        }
        match parse(row.spec, &text) {
            Ok(value) => {
                // The text as typed may be another spelling of the value; it stays while it is typed.
                let base = Some(value.clone());
                let draft = Draft { text, base, problem: None, line: None };
                self.state.drafts.insert(row.path.clone(), draft);
                if module_field(row.path).is_some() {
                    // The editor writes it to the filter, and the policy back, perhaps in another notation.
                    self.state.drafts.remove(row.path);
                }
                self.set(row.path, value);
            }
            Err(problem) => self.keep_draft(row, text, Some(problem)),
        }
    }

    pub(super) fn keep_draft(&mut self, row: Row<'_>, text: String, problem: Option<String>) {
        let draft = Draft { text, base: row.value.cloned(), problem, line: None };
        self.state.drafts.insert(row.path.clone(), draft);
    }

    /// A property with a key that the schema names; items and entries of free mappings are no properties.
    fn is_property(&self, path: &FieldPath) -> bool {
        let Some((last, parent)) = path.split_last() else { return false };
        let Some(key) = last.as_key() else { return false };
        let parent = self.definition.and_then(|definition| definition.field(parent));
        parent.is_some_and(|parent| parent.properties.contains_key(key))
            || matches!(path.segments(), [Segment::Key(_)])
    }

    fn boolean(&mut self, ui: &mut Ui, row: Row<'_>) -> Response {
        let value = row.value.and_then(Value::as_bool);
        let default = row.spec.default.as_ref().and_then(Value::as_bool);
        let mut checked = value.or(default).unwrap_or(false);
        let word = match (value, default) {
            (Some(true), _) | (None, Some(true)) => "true",
            (Some(false), _) | (None, Some(false)) => "false",
            (None, None) => "not set",
        };
        let color = if value.is_some() { self.theme.text } else { self.theme.faint };
        let text = RichText::new(word).color(color);
        let is_open = value.is_none() && default.is_none();
        let response = ui.add(Checkbox::new(&mut checked, text).indeterminate(is_open));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(row.title));
        if response.changed() {
            self.set_at_once(row.path, Value::Bool(if is_open { true } else { checked }));
        }
        response
    }

    fn choice(&mut self, ui: &mut Ui, row: Row<'_>) -> Response {
        let current = row.value.map(|value| text_of(Some(value)));
        let default = row.spec.default.as_ref().map(|value| text_of(Some(value)));
        let theme = self.theme;
        let selected = match (&current, &default) {
            (Some(current), _) if row.spec.allows(current) => RichText::new(current).color(theme.text),
            (Some(current), _) => RichText::new(current).color(theme.error),
            (None, Some(default)) => RichText::new(default).color(theme.faint),
            (None, None) => RichText::new("not set").color(theme.faint),
        };
        let spoken = current.clone().or_else(|| default.clone()).unwrap_or_else(|| "not set".to_owned());
        let mut chosen = None;
        let mut items: Vec<(Id, bool)> = Vec::new();
        let width = ui.available_width();
        let combo = ComboBox::from_id_salt(("choice", self.id(), row.path))
            .width(width)
            .height(420.0)
            .truncate()
            .selected_text(selected)
            .show_ui(ui, |ui| {
                crate::ui::widgets::name_popup(ui, egui::accesskit::Role::ListBox, &row.spec.title);
                ui.set_max_width((width - 14.0).max(200.0));
                ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Wrap);
                for choice in &row.spec.choices {
                    let is_current = current.as_deref() == Some(choice.value.as_str());
                    let job = choice_job(theme, &choice.value, &choice.help);
                    let item = ui.selectable_label(is_current, job);
                    ui.ctx().accesskit_node_builder(item.id, |node| node.set_label(choice.value.as_str()));
                    if item.clicked() {
                        chosen = Some(choice.value.clone());
                        ui.close();
                    }
                    if item.gained_focus() {
                        item.scroll_to_me(None);
                    }
                    items.push((item.id, is_current));
                }
            });
        let response = combo.response;
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(spoken));
        crate::ui::widgets::focus_ring(ui, theme, &response, response.rect);
        if combo.inner.is_some() {
            walk_choices(ui, &response, &items, chosen.is_some());
        }
        if let Some(chosen) = chosen {
            self.set_at_once(row.path, Value::from(chosen));
        }
        response
    }

    /// Masked until a click.
    fn secret(&mut self, ui: &mut Ui, row: Row<'_>) -> Response {
        if row.value.is_none() || self.state.shown_secrets.contains(row.path) {
            return self.text(ui, row, false);
        }
        ui.horizontal(|ui| {
            let mask = "••••••••";
            ui.label(RichText::new(mask).font(Theme::code_font()).color(self.theme.dim));
            let show = ui.button("Show").on_hover_text("Shows the secret value on the screen");
            if show.clicked() {
                self.state.shown_secrets.insert(row.path.clone());
            }
            show
        })
        .inner
    }
}

/// A choice: its value, and below it what it means.
fn choice_job(theme: &Theme, value: &str, help: &str) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.append(value, 0.0, egui::TextFormat::simple(Theme::plain(size::BODY), theme.text));
    if !help.is_empty() {
        job.append("\n", 0.0, egui::TextFormat::default());
        job.append(help, 0.0, egui::TextFormat::simple(Theme::plain(size::SMALL), theme.dim));
    }
    job
}

fn is_long(value: Option<&Value>) -> bool {
    value.and_then(Value::as_text).is_some_and(|text| text.contains('\n'))
}

/// A single value as it is typed.
pub(super) fn text_of(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::Number(number)) => number.text().to_owned(),
        Some(Value::Bool(truth)) => truth.to_string(),
        Some(other) => crate::yaml::emit_json_compact(other),
    }
}

/// What was typed as a value of the field's kind, or what is wrong with it.
fn parse(spec: &FieldSpec, text: &str) -> Result<Value, String> {
    let trimmed = text.trim();
    match spec.kind {
        FieldKind::Integer => {
            let lowest = spec.minimum.unwrap_or(i64::MIN);
            let highest = spec.maximum.unwrap_or(i64::MAX);
            let bounds = match (spec.minimum, spec.maximum) {
                (Some(low), Some(high)) => format!(" from {low} to {high}"),
                (Some(low), None) => format!(" of {low} or more"),
                (None, Some(high)) => format!(" of {high} or less"),
                (None, None) => String::new(),
            };
            match trimmed.parse::<i64>() {
                Ok(number) if (lowest..=highest).contains(&number) => Ok(Value::from(number)),
                _ => Err(format!("Not taken over: this must be a whole number{bounds}.")),
            }
        }
        FieldKind::Number => match resolve_plain(trimmed) {
            Plain::Number => Ok(Value::Number(Number::from_text(trimmed))),
            _ => Err("Not taken over: this must be a number.".to_owned()),
        },
        FieldKind::IntOrString => match trimmed.parse::<i64>() {
            Ok(number) => Ok(Value::from(number)),
            Err(_) => Ok(Value::from(text)),
        },
        FieldKind::Boolean => match trimmed {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err("Not taken over: this must be true or false.".to_owned()),
        },
        _ => Ok(Value::from(text)),
    }
}

/// The keyboard in an open list of choices: it begins at the current one, stays in the list, which lies over other
/// controls, and goes back to the field that it belongs to.
fn walk_choices(ui: &Ui, field: &Response, items: &[(Id, bool)], is_done: bool) {
    if !focus_visible(ui.ctx()) || items.is_empty() {
        return;
    }
    let focused = ui.memory(egui::Memory::focused);
    let at = focused.and_then(|id| items.iter().position(|(item, _)| *item == id));
    let next = if is_done || ui.input(|input| input.key_pressed(Key::Escape)) {
        field.request_focus();
        return;
    } else if let Some(at) = at {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
        (at + usize::from(down)).saturating_sub(usize::from(up)).min(items.len() - 1)
    } else if field.has_focus() && !field.clicked() {
        items.iter().position(|(_, is_current)| *is_current).unwrap_or(0)
    } else {
        if focused.is_some() && !field.has_focus() {
            // The focus has gone elsewhere.
            egui::Popup::close_all(ui.ctx());
        }
        return;
    };
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| {
        memory.request_focus(items[next].0);
        memory.set_focus_lock_filter(items[next].0, filter);
    });
    if at != Some(next) {
        // The arrows are the list's own from the frame on after the one in which a choice got the focus.
        ui.ctx().request_repaint();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(kind: FieldKind) -> FieldSpec {
        FieldSpec { kind, minimum: Some(1), maximum: Some(65535), ..FieldSpec::default() }
    }

    #[test]
    fn numbers_are_taken_within_their_bounds_only() {
        let port = spec(FieldKind::Integer);
        assert_eq!(parse(&port, " 80 "), Ok(80.into()));
        for bad in ["0", "65536", "8x", "1.5", "-", "99999999999999999999"] {
            let problem = parse(&port, bad).unwrap_err();
            assert!(problem.contains("from 1 to 65535"), "{bad}: {problem}");
        }
        assert_eq!(parse(&spec(FieldKind::Number), "1.50"), Ok(Value::Number(Number::from_text("1.50"))));
        assert!(parse(&spec(FieldKind::Number), "yes").is_err());
    }

    #[test]
    fn a_port_is_a_number_or_a_name() {
        assert_eq!(parse(&spec(FieldKind::IntOrString), "80"), Ok(80.into()));
        assert_eq!(parse(&spec(FieldKind::IntOrString), "http"), Ok("http".into()));
    }

    #[test]
    fn text_is_taken_as_it_is() {
        assert_eq!(parse(&spec(FieldKind::Text), " 0755 "), Ok(" 0755 ".into()));
        assert_eq!(text_of(Some(&Value::Null)), "");
        assert_eq!(text_of(Some(&12.into())), "12");
    }
}
