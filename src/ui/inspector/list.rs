//! Lists: rows that can be added, removed and moved.

use egui::{Align, Frame, Layout, Margin, RichText, Ui, UiBuilder, Vec2};

use super::field::{Row, tint};
use super::form::Form;
use crate::editor::EditCommand;
use crate::model::{Map, Value};
use crate::registry::{FieldKind, FieldSpec};
use crate::ui::theme::{RADIUS, Theme, size, space};
use crate::ui::widgets::{Glyph, ICON_BUTTON_SIDE, icon_button};

/// Rows beyond which a list is edited as YAML: a form of thousands of rows would be slow and of no use.
const MAX_ROWS: usize = 200;

impl<'a> Form<'a> {
    /// A list with its label and rows.
    pub(super) fn list_field(&mut self, ui: &mut Ui, row: Row<'_>, spec: &'a FieldSpec, depth: usize) {
        let Some(item_spec) = spec.items.as_deref() else { return self.list_as_code(ui, row) };
        // The rows borrow from the component, not from the row.
        let items = self.component.get(row.path).and_then(Value::as_list).unwrap_or_default();
        if items.len() > MAX_ROWS {
            return self.list_as_code(ui, row);
        }
        let is_section = !is_scalar(item_spec);
        let is_open = if is_section {
            self.section_header(ui, row, !items.is_empty())
        } else {
            self.label_line(ui, row);
            true
        };
        if !is_open {
            self.findings_at(ui, row.path, false);
            return;
        }
        for (index, item) in items.iter().enumerate() {
            if is_section {
                self.section_item(ui, row, item_spec, index, item, items, depth);
            } else {
                self.scalar_item(ui, row, item_spec, index, item, items);
            }
        }
        self.add_button(ui, row, item_spec, items.len());
        self.findings_at(ui, row.path, true);
    }

    fn list_as_code(&mut self, ui: &mut Ui, row: Row<'_>) {
        let label = self.label_line(ui, row);
        let response = self.code_control(ui, row).labelled_by(label);
        self.after_control(ui, row, &response);
    }

    fn add_button(&mut self, ui: &mut Ui, row: Row<'_>, item_spec: &FieldSpec, count: usize) {
        if row.spec.max_items.is_some_and(|most| count >= most) {
            return;
        }
        let response = crate::ui::widgets::quiet_button(ui, self.theme, "+ Add");
        let name = format!("Add to {}", row.title);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name.as_str()));
        if count == 0 {
            self.note(row.path, response.id, response.rect);
        }
        let focused = response.has_focus();
        if response.clicked() {
            let item = item_spec.initial();
            if row.value.and_then(Value::as_list).is_some() {
                self.set_at_once(&row.path.child(count), item);
            } else {
                self.set_at_once(row.path, Value::List(vec![item]));
            }
            self.state.set_open(&row.path.child(count), true);
        }
        if focused && !row.spec.help.is_empty() {
            self.help(ui, &row.spec.help);
        }
    }

    fn scalar_item(
        &mut self,
        ui: &mut Ui,
        row: Row<'_>,
        item_spec: &'a FieldSpec,
        index: usize,
        item: &'a Value,
        items: &[Value],
    ) {
        let path = row.path.child(index);
        let title = format!("{} {}", row.title, index + 1);
        let item_row = Row { path: &path, spec: item_spec, title: &title, value: Some(item) };
        let worst = self.worst(&path);
        let response = ui
            .horizontal(|ui| {
                let buttons = 3.0 * ICON_BUTTON_SIDE + space::XS;
                let width = (ui.available_width() - buttons).max(60.0);
                let response = within(ui, width, |ui| {
                    if let Some(severity) = worst {
                        tint(ui, self.theme, severity);
                    }
                    self.scalar_control(ui, item_row)
                });
                ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(title.as_str()));
                self.item_buttons(ui, row, index, items);
                response
            })
            .inner;
        self.after_control(ui, item_row, &response);
        ui.add_space(space::XS);
    }

    #[expect(clippy::too_many_arguments, reason = "one item, its list and its schema")]
    fn section_item(
        &mut self,
        ui: &mut Ui,
        row: Row<'_>,
        item_spec: &'a FieldSpec,
        index: usize,
        item: &'a Value,
        items: &[Value],
        depth: usize,
    ) {
        let path = row.path.child(index);
        let title = format!("{}. {}", index + 1, summary(item));
        let theme = self.theme;
        let frame = Frame::new()
            .fill(theme.card)
            .stroke(egui::Stroke::new(1.0, theme.hairline))
            .corner_radius(RADIUS)
            .inner_margin(Margin { left: 8, right: 8, top: 4, bottom: 6 });
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let header = ui.cursor().min;
            let item_row = Row { path: &path, spec: item_spec, title: &title, value: Some(item) };
            // The buttons lie over the right end of the header's line, where an item has no mark of its own.
            let is_open = self.item_header(ui, item_row, items.len() <= 3 && depth < 2);
            let width = 3.0 * ICON_BUTTON_SIDE;
            let right = ui.max_rect().right();
            let rect = egui::Rect::from_min_size(
                egui::pos2(right - width, header.y),
                Vec2::new(width, ICON_BUTTON_SIDE),
            );
            let builder = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center));
            let mut buttons = ui.new_child(builder);
            buttons.spacing_mut().item_spacing.x = 0.0;
            self.item_buttons(&mut buttons, row, index, items);
            if is_open {
                ui.add_space(space::XS);
                if let Some(map) = item.as_map() {
                    self.fields(ui, &path, item_spec, Some(map), depth + 1);
                } else {
                    let response = self.code_control(ui, item_row);
                    self.after_control(ui, item_row, &response);
                }
                self.findings_at(ui, &path, true);
            } else {
                self.findings_at(ui, &path, false);
            }
        });
        ui.add_space(space::S);
    }

    fn item_buttons(&mut self, ui: &mut Ui, row: Row<'_>, index: usize, items: &[Value]) {
        let theme = self.theme;
        ui.spacing_mut().item_spacing.x = 0.0;
        let number = index + 1;
        let mut swap = None;
        if items.len() > 1 {
            ui.add_enabled_ui(index > 0, |ui| {
                if icon_button(ui, theme, Glyph::Up, &format!("Move {} {number} up", row.title)).clicked() {
                    swap = Some(index - 1);
                }
            });
            ui.add_enabled_ui(number < items.len(), |ui| {
                if icon_button(ui, theme, Glyph::Down, &format!("Move {} {number} down", row.title)).clicked()
                {
                    swap = Some(number);
                }
            });
        } else {
            ui.add_space(2.0 * ICON_BUTTON_SIDE);
        }
        if icon_button(ui, theme, Glyph::Cross, &format!("Remove {} {number}", row.title)).clicked() {
            if items.len() == 1 {
                self.unset_at_once(row.path);
            } else {
                self.unset_at_once(&row.path.child(index));
            }
            self.state.drafts.retain(|path, _| !path.starts_with(row.path));
        }
        if let Some(other) = swap {
            let mut items = items.to_vec();
            items.swap(index, other);
            let command =
                EditCommand::SetField { id: self.id(), path: row.path.clone(), value: Value::List(items) };
            self.queue.edit(command);
        }
    }
}

/// Shows something in a part of the line that is `width` wide.
pub(super) fn within<R>(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    let height = ui.spacing().interact_size.y;
    ui.allocate_ui_with_layout(Vec2::new(width, height), Layout::top_down(Align::Min), |ui| {
        ui.set_width(width);
        content(ui)
    })
    .inner
}

fn is_scalar(spec: &FieldSpec) -> bool {
    !matches!(spec.kind, FieldKind::Object | FieldKind::Map | FieldKind::List | FieldKind::Any)
}

/// What tells an item apart from the others, in a few words.
fn summary(item: &Value) -> String {
    const TELLING: [&str; 6] = ["name", "kind", "mode", "number", "port", "type"];
    let in_map = |map: &Map| {
        let texts = TELLING.iter().filter_map(|key| map.get(key)).chain(map.iter().map(|(_, value)| value));
        let scalars = texts.map(|value| super::scalar::text_of(Some(value))).filter(|text| !text.is_empty());
        scalars.into_iter().find(|text| text.chars().count() <= 40 && !text.starts_with(['{', '[']))
    };
    match item {
        Value::Map(map) => {
            in_map(map).unwrap_or_else(|| if map.is_empty() { "empty" } else { "item" }.to_owned())
        }
        other => super::field::in_short(other),
    }
}

impl Form<'_> {
    /// The line of an item: as a section's, but without a mark at its end.
    fn item_header(&mut self, ui: &mut Ui, row: Row<'_>, default: bool) -> bool {
        let theme = self.theme;
        let default =
            default || self.worst(row.path).is_some_and(|worst| worst != crate::model::Severity::Info);
        let is_open = self.state.is_open(row.path, default) || !self.state.search.is_empty();
        let id = self.control_id(row.path);
        let width = ui.available_width() - 3.0 * ICON_BUTTON_SIDE - space::S;
        let (rect, _) = ui.allocate_exact_size(Vec2::new(width, ICON_BUTTON_SIDE), egui::Sense::hover());
        let response = ui.interact(rect, id, egui::Sense::click());
        response.widget_info(|| {
            egui::WidgetInfo::selected(
                egui::WidgetType::CollapsingHeader,
                ui.is_enabled(),
                is_open,
                row.title,
            )
        });
        ui.ctx().accesskit_node_builder(id, |node| node.set_expanded(is_open));
        let color = if response.hovered() { theme.text } else { theme.dim };
        let left = rect.left_center();
        crate::ui::widgets::icon::chevron(
            ui.painter(),
            left + Vec2::new(6.0, 0.0),
            10.0,
            if is_open { 1.0 } else { 0.0 },
            color,
        );
        let text = RichText::new(row.title).font(Theme::plain(size::BODY)).color(theme.text);
        let inner = rect.with_min_x(rect.left() + 16.0);
        let builder = UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center));
        ui.new_child(builder).add(egui::Label::new(text).truncate().selectable(false));
        crate::ui::widgets::focus_ring(ui, theme, &response, rect);
        self.note(row.path, id, rect);
        if response.clicked() {
            self.state.set_open(row.path, !is_open);
        }
        is_open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_told_by_its_name() {
        let item = Value::from([("value", "v".into()), ("name", "TOKEN".into())]);
        assert_eq!(summary(&item), "TOKEN");
        assert_eq!(summary(&Value::Map(Map::new())), "empty");
        assert_eq!(summary(&Value::from([("number", 8080.into())])), "8080");
        assert_eq!(summary(&Value::from([("a", Value::List(vec![1.into()]))])), "item");
    }
}
