//! One field of the form: label, whether it is set, the control of its kind, what is wrong with it, and help.

use egui::{Align, Id, Layout, Response, RichText, Sense, Ui, Vec2, WidgetInfo, WidgetType};

use super::form::Form;
use crate::editor::EditCommand;
use crate::model::view::{WasmPluginView, WorkloadView};
use crate::model::{Component, ComponentId, ComponentKind, FieldPath, Map, Segment, Severity, Value};
use crate::registry::{FieldKind, FieldSpec, Input, Others};
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{Glyph, focus_ring, icon, icon_button, severity_icon};
use crate::wallet::{ModuleField, ModuleGroup};
use crate::workspace::Command;

/// How deep sections are still open by default when they hold something.
const OPEN_DEPTH: usize = 1;
/// Sections in sections; deeper ones are edited as YAML.
const MAX_DEPTH: usize = 12;

/// What a row stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'r> {
    pub(super) path: &'r FieldPath,
    pub(super) spec: &'r FieldSpec,
    pub(super) title: &'r str,
    /// The present value; null counts as set.
    pub(super) value: Option<&'r Value>,
}

/// Words at the right end of a row's label.
enum Note {
    /// Set, default, not set.
    Quiet(String),
    /// A selector finds so many workloads.
    Matches(usize),
    /// The value comes from this filter.
    From(ComponentId, String),
}

impl<'a> Form<'a> {
    /// A field with its label.
    pub(super) fn field(
        &mut self,
        ui: &mut Ui,
        path: &FieldPath,
        spec: &'a FieldSpec,
        value: Option<&'a Value>,
        depth: usize,
    ) {
        if spec.hidden && value.is_none() {
            return;
        }
        let key = path.last().and_then(Segment::as_key).unwrap_or_default();
        let title = if spec.title.is_empty() { key } else { &spec.title };
        if !self.is_wanted(title, key, spec) {
            return;
        }
        let row = Row { path, spec, title, value };
        match spec.kind {
            _ if !fits(spec, value) || depth > MAX_DEPTH => self.simple(ui, row, Self::code_control),
            FieldKind::Object | FieldKind::Map if is_open_mapping(spec) => {
                self.simple(ui, row, Self::code_control);
            }
            FieldKind::Any => self.simple(ui, row, Self::code_control),
            FieldKind::Object => match only_map(spec, value) {
                // A selector is nothing but its labels: no section around them.
                Some((key, labels)) => {
                    let inner = value.and_then(Value::as_map).and_then(|map| map.get(key));
                    let inner_path = path.child(key);
                    let row = Row { path: &inner_path, spec: labels, title, value: inner };
                    self.map_field(ui, row, labels, depth);
                    self.findings_at(ui, path, true);
                }
                None => self.object(ui, row, spec, value.and_then(Value::as_map), depth),
            },
            FieldKind::Map => self.map_field(ui, row, spec, depth),
            FieldKind::List => self.list_field(ui, row, spec, depth),
            _ => self.simple(ui, row, Self::scalar_control),
        }
        ui.add_space(space::S + 2.0);
    }

    /// Tells whether the search leaves this field in the form. Sections stay when anything in them fits.
    fn is_wanted(&self, title: &str, key: &str, spec: &FieldSpec) -> bool {
        let wanted = self.state.search.trim().to_lowercase();
        wanted.is_empty() || fits_search(&wanted, title, key, spec)
    }

    /// The properties of a mapping with known keys, and its other keys.
    pub(super) fn fields(
        &mut self,
        ui: &mut Ui,
        path: &FieldPath,
        spec: &'a FieldSpec,
        map: Option<&'a Map>,
        depth: usize,
    ) {
        for (key, property) in &spec.properties {
            if key == "name" && path.is_keys(&["configuration", "metadata"]) {
                continue; // The header shows it.
            }
            self.field(ui, &path.child(key.as_str()), property, map.and_then(|map| map.get(key)), depth);
        }
        self.other_fields(ui, path, spec, map);
    }

    /// Label, control, findings and help of a field without parts.
    fn simple(&mut self, ui: &mut Ui, row: Row<'_>, control: fn(&mut Self, &mut Ui, Row<'_>) -> Response) {
        let label = self.label_line(ui, row);
        let worst = self.worst(row.path);
        let response = ui.scope(|ui| {
            if let Some(severity) = worst {
                tint(ui, self.theme, severity);
            }
            control(self, ui, row)
        });
        let response = response.inner.labelled_by(label);
        self.after_control(ui, row, &response);
    }

    /// What stands below a control: why it was not taken, findings, and help while it has the focus.
    pub(super) fn after_control(&mut self, ui: &mut Ui, row: Row<'_>, response: &Response) {
        self.note(row.path, response.id, response.rect);
        self.take_focus(response);
        if response.gained_focus() {
            self.state.session += 1;
        }
        if let Some(problem) = self.state.drafts.get(row.path).and_then(|draft| draft.problem.clone()) {
            ui.label(RichText::new(problem).font(Theme::plain(size::SMALL + 1.0)).color(self.theme.error));
        }
        self.url_question(ui, row.path);
        self.findings_at(ui, row.path, false);
        if response.has_focus() && !row.spec.help.is_empty() {
            self.help(ui, &row.spec.help);
        }
    }

    /// Takes the focus that was asked for before the control was there.
    pub(super) fn take_focus(&mut self, response: &Response) {
        if self.state.focus_next == Some(response.id) {
            self.state.focus_next = None;
            response.request_focus();
        }
    }

    pub(super) fn help(&self, ui: &mut Ui, text: &str) {
        ui.label(RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(self.theme.faint));
    }

    /// The label at the left, and at the right whether the field is set, with the button that resets it.
    pub(super) fn label_line(&mut self, ui: &mut Ui, row: Row<'_>) -> Id {
        let theme = self.theme;
        ui.horizontal(|ui| {
            ui.set_min_height(crate::ui::widgets::ICON_BUTTON_SIDE);
            let label = ui.label(RichText::new(row.title).color(theme.dim));
            let label_id = label.id;
            if !row.spec.help.is_empty() {
                label.on_hover_text(&row.spec.help);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                self.state_note(ui, row);
            });
            label_id
        })
        .inner
    }

    /// "set ↺", "default", "not set", "from filter …".
    pub(super) fn state_note(&mut self, ui: &mut Ui, row: Row<'_>) {
        let theme = self.theme;
        let is_set = row.value.is_some();
        let is_required_item = row.path.last().is_some_and(|segment| segment.as_key().is_none());
        if is_set && !is_required_item {
            let name = format!("Reset {}", row.title);
            if icon_button(ui, theme, Glyph::Reset, &name).clicked() {
                self.reset(row.path);
            }
        }
        let small =
            |text: String, color| RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(color);
        match self.note_of(row) {
            Note::Quiet(text) => {
                ui.label(small(text, theme.faint));
            }
            Note::Matches(count) => {
                let nouns = format!("{count} workload{}", if count == 1 { "" } else { "s" });
                let words = format!("matches {nouns}");
                let font = Theme::plain(size::SMALL + 1.0);
                let wanted = ui.painter().layout_no_wrap(words.clone(), font, theme.dim).size().x;
                let fits = wanted + space::S <= ui.available_width();
                let color = if count == 0 { theme.faint } else { theme.success };
                let shown = if fits { &words } else { &nouns };
                let note = ui.label(small(shown.clone(), color)).on_hover_text(&words);
                ui.ctx().accesskit_node_builder(note.id, |node| node.set_value(words));
            }
            Note::From(id, name) => {
                let words = format!("from filter {name}");
                let text =
                    RichText::new(&words).font(Theme::plain(size::SMALL + 1.0)).color(theme.accent_text);
                let link = ui.scope(|ui| {
                    ui.spacing_mut().button_padding.x = 2.0;
                    ui.visuals_mut().widgets.inactive.weak_bg_fill = egui::Color32::TRANSPARENT;
                    ui.visuals_mut().widgets.inactive.bg_stroke = egui::Stroke::NONE;
                    ui.add(egui::Button::new(text).truncate())
                });
                if link.inner.on_hover_text(words).clicked() {
                    self.queue.push(Command::Select(vec![id]));
                }
            }
        }
        if let Some(finding) = self.findings.iter().find(|finding| finding.path.starts_with(row.path)) {
            let color = theme.severity(finding.diagnostic.severity);
            ui.label(RichText::new(finding.diagnostic.code).font(Theme::mono(size::SMALL)).color(color));
        }
    }

    fn note_of(&self, row: Row<'_>) -> Note {
        let is_set = row.value.is_some();
        if let (Some(owner), Some(field)) = (&self.owner, module_field(row.path)) {
            return if is_set {
                Note::From(owner.filter.id(), owner.name.clone())
            } else if let Some(code) = held_back(owner.filter, field) {
                Note::Quiet(format!("held back by {code} in filter {}", owner.name))
            } else {
                Note::Quiet(format!("not set by filter {}", owner.name))
            };
        }
        if let Some(matches) = self.matches(row.path) {
            return matches;
        }
        let is_priority = row.path.is_keys(&["configuration", "spec", "priority"])
            && self.component.is(&ComponentKind::WASM_PLUGIN);
        Note::Quiet(
            match row.value {
                Some(Value::Null) => "null",
                Some(_) => "set",
                None if is_priority => "not set: runs last",
                None if row.spec.default.is_some() => "default",
                None => "not set",
            }
            .to_owned(),
        )
    }

    /// How many workloads of the design the selector of a plugin finds.
    fn matches(&self, path: &FieldPath) -> Option<Note> {
        if !path.is_keys(&["configuration", "spec", "selector", "matchLabels"]) {
            return None;
        }
        let selector =
            WasmPluginView::cast(self.component)?.selector().filter(|selector| !selector.is_empty())?;
        let own = self.component.namespace().unwrap_or("default");
        let design = self.input.editor.design();
        let is_root = self.input.editor.mesh().is_root(own);
        let count = design
            .components()
            .filter(|other| is_root || other.namespace().unwrap_or("default") == own)
            .filter_map(WorkloadView::cast)
            .filter(|workload| selector.matches(workload.pod_labels()))
            .count();
        Some(Note::Matches(count))
    }

    fn reset(&mut self, path: &FieldPath) {
        let is_url = path.is_keys(&["configuration", "spec", "url"]);
        if is_url && self.owner.is_some() {
            self.state.asks_about_url = true;
        } else if path.is_keys(&["configuration", "spec", "selector", "matchLabels"]) {
            self.unset_at_once(&FieldPath::keys(&["configuration", "spec", "selector"]));
        } else {
            self.unset_at_once(path);
        }
    }

    /// Asks what a blank URL of a plugin with filters means (`policy.md`, step 4).
    fn url_question(&mut self, ui: &mut Ui, path: &FieldPath) {
        if !self.state.asks_about_url || !path.is_keys(&["configuration", "spec", "url"]) {
            return;
        }
        let Some(owner) = self.owner.clone() else {
            self.state.asks_about_url = false;
            return;
        };
        ui.label(RichText::new(format!("The URL comes from filter {}.", owner.name)).color(self.theme.text));
        let mut answered = false;
        ui.horizontal_wrapped(|ui| {
            if ui.button("Take the filter out").clicked() {
                let destination = crate::editor::Destination::Canvas(None);
                self.queue.edit(EditCommand::Place { ids: vec![owner.filter.id()], destination });
                answered = true;
            }
            if ui.button(format!("Clear the module of filter {}", owner.name)).clicked() {
                let path = ModuleField::Url.filter_path(owner.filter);
                self.queue.edit(EditCommand::UnsetField { id: owner.filter.id(), path });
                answered = true;
            }
            if ui.button("Keep it").clicked() {
                answered = true;
            }
        });
        if answered {
            self.state.asks_about_url = false;
            self.state.drafts.remove(path);
        }
    }

    /// A mapping with known keys, in a section that opens.
    fn object(&mut self, ui: &mut Ui, row: Row<'_>, spec: &'a FieldSpec, map: Option<&'a Map>, depth: usize) {
        // An info is no reason to open a section by itself.
        let has_findings = self.worst(row.path).is_some_and(|worst| worst != Severity::Info);
        let is_metadata = row.path.is_keys(&["configuration", "metadata"]);
        let holds = map.is_some_and(|map| !map.is_empty());
        let only_section = self.definition.is_some_and(|definition| definition.schema.properties.len() == 1);
        let default = has_findings || only_section || (holds && depth < OPEN_DEPTH && !is_metadata);
        let is_open = self.section_header(ui, row, default);
        if is_open {
            self.indented(ui, |form, ui| form.fields(ui, row.path, spec, map, depth + 1));
            self.findings_at(ui, row.path, true);
        } else {
            self.findings_at(ui, row.path, false);
        }
    }

    /// The line of a section: a chevron, its title, whether it is set. Returns whether it is open.
    pub(super) fn section_header(&mut self, ui: &mut Ui, row: Row<'_>, default: bool) -> bool {
        let theme = self.theme;
        let is_open = self.state.is_open(row.path, default) || !self.state.search.is_empty();
        ui.horizontal(|ui| {
            let font = Theme::strong(size::BODY);
            let galley = ui.painter().layout_no_wrap(row.title.to_owned(), font, theme.text);
            let desired = Vec2::new(galley.size().x + 20.0, crate::ui::widgets::ICON_BUTTON_SIDE);
            let (rect, _) = ui.allocate_exact_size(desired, Sense::hover());
            let id = self.control_id(row.path);
            let response = ui.interact(rect, id, Sense::click());
            response.widget_info(|| {
                WidgetInfo::selected(WidgetType::CollapsingHeader, ui.is_enabled(), is_open, row.title)
            });
            ui.ctx().accesskit_node_builder(id, |node| node.set_expanded(is_open));
            let color = if response.hovered() { theme.text } else { theme.dim };
            let turn = if is_open { 1.0 } else { 0.0 };
            let left = rect.left_center();
            icon::chevron(ui.painter(), left + Vec2::new(6.0, 0.0), 10.0, turn, color);
            let top = rect.center().y - galley.size().y / 2.0;
            ui.painter().galley(egui::pos2(rect.left() + 16.0, top), galley, theme.text);
            focus_ring(ui, theme, &response, rect);
            self.note(row.path, id, rect);
            if response.clicked() {
                self.state.set_open(row.path, !is_open);
            }
            if !row.spec.help.is_empty() {
                response.on_hover_text(&row.spec.help);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = space::XS;
                self.state_note(ui, row);
                if let Some(worst) = self.worst(row.path).filter(|_| !is_open) {
                    severity_icon(ui, theme, worst);
                }
            });
        });
        is_open
    }

    /// What belongs to a section, moved in behind a line.
    pub(super) fn indented(&mut self, ui: &mut Ui, content: impl FnOnce(&mut Self, &mut Ui)) {
        let left = ui.cursor().left() + 6.0;
        let top = ui.cursor().top();
        ui.horizontal(|ui| {
            ui.add_space(16.0);
            ui.vertical(|ui| content(self, ui));
        });
        let bottom = ui.min_rect().bottom();
        ui.painter().vline(left, top..=bottom - space::XS, self.theme.line());
    }

    /// Keys that the schema does not know: shown, and edited as YAML.
    pub(super) fn other_fields(
        &mut self,
        ui: &mut Ui,
        path: &FieldPath,
        spec: &FieldSpec,
        map: Option<&Map>,
    ) {
        let theme = self.theme;
        let is_known = |key: &str| spec.properties.contains_key(key);
        let others: Vec<(&str, &Value)> =
            map.into_iter().flat_map(Map::iter).filter(|(key, _)| !is_known(key)).collect();
        if others.is_empty() || matches!(spec.others, Others::Of(_)) {
            return;
        }
        ui.horizontal(|ui| {
            ui.label(RichText::new("Other fields").font(Theme::strong(size::BODY)).color(theme.text));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| self.yaml_link(ui));
        });
        let is_secret = self.component.is(&ComponentKind::SECRET) || spec.input == Input::Secret;
        for (key, value) in others {
            let shown = if is_secret { "(hidden)".to_owned() } else { in_short(value) };
            let path = path.child(key);
            let response = ui.horizontal(|ui| {
                let label = ui.label(RichText::new(key).font(Theme::code_font()).color(theme.code_key));
                let text = RichText::new(shown).font(Theme::code_font()).color(theme.code_value);
                ui.add(egui::Label::new(text).truncate().selectable(true)).labelled_by(label.id)
            });
            self.note(&path, response.inner.id, response.response.rect);
            self.findings_at(ui, &path, false);
        }
        ui.add_space(space::S);
    }
}

/// A value in one line.
pub(in crate::ui) fn in_short(value: &Value) -> String {
    let text = match value {
        Value::Text(text) => text.to_string(),
        other => crate::yaml::emit_json_compact(other),
    };
    match text.char_indices().nth(120) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

/// The error of a filter that keeps a field which it does set from the plugin: a group is written as a whole or not at
/// all.
fn held_back(filter: &Component, field: ModuleField) -> Option<&'static str> {
    let is_set = filter.get(&field.filter_path(filter)).is_some_and(|value| !value.is_null());
    let group = ModuleGroup::of(filter).filter(|group| is_set && !group.can_be_written())?;
    Some(if group.url.is_none() { "DS003" } else { "DS004" })
}

/// The module field of a plugin at this path.
pub(super) fn module_field(path: &FieldPath) -> Option<ModuleField> {
    let [Segment::Key(configuration), Segment::Key(spec), Segment::Key(key)] = path.segments() else {
        return None;
    };
    if configuration != "configuration" || spec != "spec" {
        return None;
    }
    ModuleField::ALL.into_iter().find(|field| field.plugin_key() == key)
}

/// Gives the controls in `ui` the border of a severity.
pub(super) fn tint(ui: &mut Ui, theme: &Theme, severity: Severity) {
    let color = theme.severity(severity);
    let widgets = &mut ui.visuals_mut().widgets;
    for visuals in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active, &mut widgets.open] {
        visuals.bg_stroke.color = color;
    }
}

/// Whether the control of the field's kind can show the value.
fn fits(spec: &FieldSpec, value: Option<&Value>) -> bool {
    let Some(value) = value else { return true };
    match (spec.kind, value) {
        (_, Value::Null) | (FieldKind::Any, _) => true,
        (FieldKind::List, value) => value.as_list().is_some(),
        (FieldKind::Map | FieldKind::Object, value) => {
            value.as_map().is_some() || (spec.input == Input::Code && value.as_text().is_some())
        }
        (_, value) => value.as_list().is_none() && value.as_map().is_none(),
    }
}

/// A mapping of which nothing is known.
fn is_open_mapping(spec: &FieldSpec) -> bool {
    spec.properties.is_empty() && !matches!(spec.others, Others::Of(_))
}

/// The one property of an object that is nothing but a mapping of texts.
fn only_map<'s>(spec: &'s FieldSpec, value: Option<&Value>) -> Option<(&'s str, &'s FieldSpec)> {
    let mut visible = spec.properties.iter();
    let (Some((key, inner)), None) = (visible.next(), visible.next()) else { return None };
    let holds_others = value.and_then(Value::as_map).is_some_and(|map| map.keys().any(|other| other != key));
    let fits = value
        .and_then(Value::as_map)
        .and_then(|map| map.get(key))
        .is_none_or(|value| value.as_map().is_some());
    (inner.kind == FieldKind::Map || !inner.properties.is_empty() || matches!(inner.others, Others::Of(_)))
        .then_some((key.as_str(), inner))
        .filter(|(_, inner)| matches!(inner.others, Others::Of(_)) && fits && !holds_others)
}

fn fits_search(wanted: &str, title: &str, key: &str, spec: &FieldSpec) -> bool {
    let has = |text: &str| text.to_lowercase().contains(wanted);
    let below = |spec: &FieldSpec| {
        spec.properties.iter().any(|(key, property)| fits_search(wanted, &property.title, key, property))
    };
    has(title) || has(key) || below(spec) || spec.items.as_ref().is_some_and(|items| below(items))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_short_are_cut_between_characters() {
        assert_eq!(in_short(&Value::from([("a", 1.into())])), "{\"a\":1}");
        let long = "ü".repeat(300);
        assert_eq!(in_short(&Value::from(long)).chars().count(), 121);
    }

    #[test]
    fn module_fields_are_told_by_their_whole_path() {
        assert_eq!(module_field(&ModuleField::Url.plugin_path()), Some(ModuleField::Url));
        assert_eq!(module_field(&FieldPath::keys(&["configuration", "spec", "phase"])), None);
        assert_eq!(module_field(&FieldPath::keys(&["configuration", "url"])), None);
    }
}
