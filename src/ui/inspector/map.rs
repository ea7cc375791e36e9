//! Mappings with keys of the user's choice: a row for each entry, keys that can be renamed, entries added and removed.

use egui::{Key, Margin, Response, RichText, TextEdit, Ui};

use super::field::{Row, tint};
use super::form::Form;
use super::list::within;
use crate::editor::EditCommand;
use crate::model::{FieldPath, Map, Value};
use crate::registry::{FieldKind, FieldSpec, Input, Others};
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{Glyph, ICON_BUTTON_SIDE, icon_button, quiet_button};

/// Entries beyond which a mapping is edited as YAML.
const MAX_ROWS: usize = 200;

impl<'a> Form<'a> {
    /// A mapping with its label and entries.
    pub(super) fn map_field(&mut self, ui: &mut Ui, row: Row<'_>, spec: &'a FieldSpec, depth: usize) {
        let map = self.component.get(row.path).and_then(Value::as_map);
        let Others::Of(value_spec) = &spec.others else { return };
        let label = self.label_line(ui, row);
        if map.is_some_and(|map| map.len() > MAX_ROWS) {
            let response = self.code_control(ui, row).labelled_by(label);
            self.after_control(ui, row, &response);
            return;
        }
        for (key, property) in &spec.properties {
            self.field(ui, &row.path.child(key.as_str()), property, map.and_then(|map| map.get(key)), depth);
        }
        let entries =
            map.into_iter().flat_map(Map::iter).filter(|(key, _)| !spec.properties.contains_key(*key));
        for (key, value) in entries {
            self.entry(ui, row, value_spec, key, value, depth);
        }
        self.new_entry(ui, row, value_spec, map);
        self.findings_at(ui, row.path, true);
    }

    fn entry(
        &mut self,
        ui: &mut Ui,
        row: Row<'_>,
        value_spec: &'a FieldSpec,
        key: &'a str,
        value: &'a Value,
        depth: usize,
    ) {
        let path = row.path.child(key);
        let is_line = is_line(value_spec, value);
        let worst = self.worst(&path);
        let title = format!("{} {key}", row.title);
        let value_row = Row { path: &path, spec: value_spec, title: &title, value: Some(value) };
        let response = ui
            .horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                let free = ui.available_width() - ICON_BUTTON_SIDE - 14.0 - 3.0 * space::XS;
                if let Some(severity) = worst {
                    tint(ui, self.theme, severity);
                }
                let key_width = if is_line { (free * 0.45).max(50.0) } else { free + 14.0 };
                within(ui, key_width, |ui| self.key(ui, row, &path, key));
                let response = is_line.then(|| {
                    ui.label(RichText::new("=").font(Theme::code_font()).color(self.theme.dim));
                    within(ui, (free - key_width).max(50.0), |ui| self.scalar_control(ui, value_row))
                });
                let name = format!("Remove {} {key}", row.title);
                if icon_button(ui, self.theme, Glyph::Cross, &name).clicked() {
                    let last = row.value.and_then(Value::as_map).is_some_and(|map| map.len() == 1);
                    let gone = if last { row.path } else { &path };
                    self.unset_at_once(gone);
                }
                response
            })
            .inner;
        match response {
            Some(response) => {
                ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(title.as_str()));
                self.after_control(ui, value_row, &response);
            }
            None if value_spec.kind == FieldKind::Object => {
                self.indented(ui, |form, ui| {
                    form.fields(ui, &path, value_spec, value.as_map(), depth + 1);
                });
                self.findings_at(ui, &path, false);
            }
            None => {
                let response = self.scalar_or_code(ui, value_row);
                self.after_control(ui, value_row, &response);
            }
        }
        ui.add_space(2.0);
    }

    fn scalar_or_code(&mut self, ui: &mut Ui, row: Row<'_>) -> Response {
        let is_single = row.value.is_none_or(|value| value.as_map().is_none() && value.as_list().is_none());
        let is_scalar = matches!(row.spec.kind, FieldKind::Text | FieldKind::Integer | FieldKind::Enum);
        if is_single && is_scalar { self.scalar_control(ui, row) } else { self.code_control(ui, row) }
    }

    /// The key of an entry. It is renamed when the focus leaves it, not while it is typed.
    fn key(&mut self, ui: &mut Ui, row: Row<'_>, path: &FieldPath, key: &str) {
        let id = self.control_id(path).with("key");
        let mut text = self.state.keys.get(path).cloned().unwrap_or_else(|| key.to_owned());
        let response = ui.add(key_edit(&mut text).id(id));
        let name = format!("Key of {} {key}", row.title);
        ui.ctx().accesskit_node_builder(id, |node| node.set_label(name.as_str()));
        self.note(path, id, response.rect);
        if response.changed() {
            self.state.keys.insert(path.clone(), text.clone());
        }
        if !response.lost_focus() {
            return;
        }
        let Some(typed) = self.state.keys.remove(path) else { return };
        let typed = typed.trim();
        let cancelled = ui.input(|input| input.key_pressed(Key::Escape));
        let taken = row.value.and_then(Value::as_map).is_some_and(|map| map.contains_key(typed));
        if !typed.is_empty() && typed != key && !taken && !cancelled {
            let command = EditCommand::RenameKey { id: self.id(), path: path.clone(), key: typed.to_owned() };
            self.queue.edit(command);
        }
    }

    /// "+ Add", and after it the key of the new entry.
    fn new_entry(&mut self, ui: &mut Ui, row: Row<'_>, value_spec: &FieldSpec, map: Option<&Map>) {
        let id = self.control_id(row.path).with("new");
        let Some(mut text) = self.state.keys.get(row.path).cloned() else {
            let response = quiet_button(ui, self.theme, "+ Add");
            let name = format!("Add to {}", row.title);
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name.as_str()));
            if map.is_none_or(Map::is_empty) {
                self.note(row.path, response.id, response.rect);
            }
            let has_focus = response.has_focus();
            if response.clicked() {
                self.state.keys.insert(row.path.clone(), String::new());
                self.state.focus_next = Some(id);
                ui.ctx().request_repaint();
            }
            if has_focus && !row.spec.help.is_empty() {
                self.help(ui, &row.spec.help);
            }
            return;
        };
        let response = ui.add(key_edit(&mut text).id(id).hint_text("New key, then Enter"));
        self.take_focus(&response);
        let name = format!("New key of {}", row.title);
        ui.ctx().accesskit_node_builder(id, |node| node.set_label(name.as_str()));
        if response.changed() {
            self.state.keys.insert(row.path.clone(), text.clone());
        }
        let taken = map.is_some_and(|map| map.contains_key(text.trim()));
        if taken {
            let text = format!("There is a key {} already.", text.trim());
            ui.label(RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(self.theme.error));
        }
        if response.lost_focus() {
            self.state.keys.remove(row.path);
            let cancelled = ui.input(|input| input.key_pressed(Key::Escape));
            let key = text.trim();
            if key.is_empty() || taken || cancelled {
                return;
            }
            let path = row.path.child(key);
            self.set_at_once(&path, value_spec.initial());
            self.state.focus_next = Some(self.control_id(&path));
        }
    }
}

fn key_edit(text: &mut String) -> TextEdit<'_> {
    TextEdit::singleline(text)
        .font(Theme::code_font())
        .margin(Margin::symmetric(8, 5))
        .desired_width(f32::INFINITY)
}

/// Tells whether key and value fit on one line.
fn is_line(spec: &FieldSpec, value: &Value) -> bool {
    let is_short = value.as_text().is_none_or(|text| !text.contains('\n') && text.len() <= 200);
    let is_plain =
        !matches!(spec.kind, FieldKind::Object | FieldKind::Map | FieldKind::List | FieldKind::Any);
    let is_single = value.as_map().is_none() && value.as_list().is_none();
    is_single && is_plain && (is_short || spec.input == Input::Secret) && spec.input != Input::Multiline
}
