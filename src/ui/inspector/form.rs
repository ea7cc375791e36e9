//! The form of one component: header, the fields of its schema, what it is joined with, what the schema does not know.

use egui::{Align, Id, Rect, RichText, ScrollArea, Ui};

use super::Input;
use super::state::FormState;
use crate::editor::EditCommand;
use crate::model::view::WasmPluginView;
use crate::model::{Component, ComponentId, ComponentKind, Diagnostic, FieldPath, Map, Severity, Value};
use crate::registry::{ComponentDefinition, FieldKind, FieldSpec, Properties};
use crate::ui::queue::{CommandQueue, InspectorTab, UiEvent};
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{SearchField, link_button, search_field, secondary_button, section_heading};
use crate::wallet::{ModuleField, ModuleGroup};
use crate::workspace::Command;

/// A finding, at its place in the component that is shown.
#[derive(Clone, Debug)]
pub(super) struct Finding<'a> {
    pub(super) path: FieldPath,
    pub(super) diagnostic: &'a Diagnostic,
}

/// The filter from which the module fields of a plugin come.
#[derive(Clone, Debug)]
pub(super) struct Owner<'a> {
    pub(super) filter: &'a Component,
    pub(super) name: String,
}

/// One frame of a form.
pub(super) struct Form<'a> {
    pub(super) input: Input<'a>,
    pub(super) component: &'a Component,
    pub(super) definition: Option<&'a ComponentDefinition>,
    pub(super) theme: &'a Theme,
    pub(super) queue: &'a mut CommandQueue,
    pub(super) state: &'a mut FormState,
    pub(super) findings: Vec<Finding<'a>>,
    /// Which findings a field has shown.
    pub(super) shown: Vec<bool>,
    pub(super) owner: Option<Owner<'a>>,
    /// The control nearest to the field that is to be brought into view: depth of its path, identity, place.
    found: Option<(usize, Id, Rect)>,
}

/// Fields beyond which a form offers a search field.
const MANY_FIELDS: usize = 18;

/// Shows the form of `id`.
pub(super) fn show(
    ui: &mut Ui,
    state: &mut FormState,
    input: Input<'_>,
    id: ComponentId,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let design = input.editor.design();
    let Some(component) = design.component(id) else { return };
    state.show_component(id);
    let registry = input.editor.registry();
    let owner = owner_of(input, component);
    let findings = findings_of(input, component, owner.as_ref());
    let mut form = Form {
        input,
        component,
        definition: registry.component(component.kind()).map(|definition| &**definition),
        theme,
        queue,
        shown: vec![false; findings.len()],
        findings,
        state,
        owner,
        found: None,
    };
    ScrollArea::vertical().id_salt(("form", id)).auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(egui::Margin::symmetric(space::M as i8, space::M as i8)).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                form.show(ui);
                form.bring_into_view(ui);
            },
        );
    });
}

fn owner_of<'a>(input: Input<'a>, component: &Component) -> Option<Owner<'a>> {
    WasmPluginView::cast(component)?;
    let design = input.editor.design();
    let chain = design.chain(component.id());
    let filters = || chain.iter().filter_map(|link| design.component(link.from));
    let can_be_written =
        |filter: &&Component| ModuleGroup::of(filter).is_some_and(|group| group.can_be_written());
    let filter = filters().find(can_be_written).or_else(|| filters().next())?;
    Some(Owner { filter, name: design.name_of(filter.id()) })
}

/// The findings of the component, and those of the filter that gives it its module fields, each at the field that shows
/// the value.
fn findings_of<'a>(input: Input<'a>, component: &Component, owner: Option<&Owner<'_>>) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for diagnostic in &input.derived.diagnostics {
        let Some(id) = diagnostic.component() else { continue };
        let path = &diagnostic.location.path;
        if id == component.id() {
            findings.push(Finding { path: path.clone(), diagnostic });
        } else if let Some(owner) = owner.filter(|owner| owner.filter.id() == id) {
            let given =
                ModuleField::ALL.into_iter().find(|field| path.starts_with(&field.filter_path(owner.filter)));
            if let Some(field) = given {
                findings.push(Finding { path: field.plugin_path(), diagnostic });
            }
        }
    }
    findings
}

impl<'a> Form<'a> {
    pub(super) fn id(&self) -> ComponentId {
        self.component.id()
    }

    /// The identity of the control of a field.
    pub(super) fn control_id(&self, path: &FieldPath) -> Id {
        Id::new(("field", self.id(), path))
    }

    /// Sets a field, as part of what is being typed into it.
    pub(super) fn set(&mut self, path: &FieldPath, value: Value) {
        let key = self.state.gesture(self.id(), path);
        let command = EditCommand::SetField { id: self.id(), path: path.clone(), value };
        self.queue.edit_coalesced(command, key);
    }

    /// Removes a field, as part of what is being typed into it.
    pub(super) fn unset(&mut self, path: &FieldPath) {
        let key = self.state.gesture(self.id(), path);
        self.queue.edit_coalesced(EditCommand::UnsetField { id: self.id(), path: path.clone() }, key);
    }

    /// Sets a field as a step of its own.
    pub(super) fn set_at_once(&mut self, path: &FieldPath, value: Value) {
        self.queue.edit(EditCommand::SetField { id: self.id(), path: path.clone(), value });
    }

    /// Removes a field as a step of its own.
    pub(super) fn unset_at_once(&mut self, path: &FieldPath) {
        self.state.drafts.remove(path);
        self.queue.edit(EditCommand::UnsetField { id: self.id(), path: path.clone() });
    }

    /// The worst finding at `path` or below it.
    pub(super) fn worst(&self, path: &FieldPath) -> Option<Severity> {
        let at = self.findings.iter().filter(|finding| finding.path.starts_with(path));
        at.map(|finding| finding.diagnostic.severity).min()
    }

    /// Says that the control `id` stands for `path`, so that it can be brought into view.
    pub(super) fn note(&mut self, path: &FieldPath, id: Id, rect: Rect) {
        let Some((component, wanted)) = &self.state.reveal else { return };
        let depth = path.len();
        // A field without a control of its own is where its first part is.
        let depth = if path.starts_with(wanted) { wanted.len() } else { depth };
        let is_near = wanted.starts_with(path) || path.starts_with(wanted);
        let is_nearer = self.found.is_none_or(|(found, ..)| found < depth);
        if *component == self.id() && is_near && is_nearer {
            self.found = Some((depth, id, rect));
        }
    }

    fn bring_into_view(&mut self, ui: &Ui) {
        if self.state.reveal.is_none() {
            return;
        }
        self.state.reveal = None;
        if let Some((_, id, rect)) = self.found {
            ui.memory_mut(|memory| memory.request_focus(id));
            ui.scroll_to_rect(rect.expand(space::XL), Some(Align::Center));
        }
    }

    fn show(&mut self, ui: &mut Ui) {
        self.header(ui);
        let homeless = std::mem::take(&mut self.state.homeless);
        let before = homeless.clone();
        for index in homeless {
            self.finding(ui, index);
            // Should a field show it after all, its place is there.
            if let Some(shown) = self.shown.get_mut(index) {
                *shown = false;
            }
        }
        ui.add_space(space::M);
        let configuration = FieldPath::keys(&["configuration"]);
        let value = self.component.get(&configuration);
        match (self.definition, value) {
            (_, Some(other)) if other.as_map().is_none() && !other.is_null() => {
                self.wrong_shape(ui, other.kind_name());
            }
            (Some(definition), value) => {
                self.search(ui, &definition.schema);
                self.root_fields(ui, &configuration, &definition.schema, value.and_then(Value::as_map));
            }
            (None, Some(value)) => self.unknown_kind(ui, value),
            (None, None) => {}
        }
        self.relationships(ui);
        self.export_settings(ui);
        let homeless = self.shown.iter().enumerate().filter(|(_, shown)| !**shown).map(|(index, _)| index);
        // What had no place stands at the top from the next frame on.
        self.state.homeless = homeless.collect();
        if self.state.homeless != before {
            ui.ctx().request_repaint();
        }
    }

    fn search(&mut self, ui: &mut Ui, schema: &FieldSpec) {
        if count_fields(&schema.properties, 3) <= MANY_FIELDS {
            self.state.search.clear();
            return;
        }
        let field = SearchField { id: Id::new("form search"), name: "Find a field", hint: "Find a field…" };
        search_field(ui, self.theme, field, &mut self.state.search);
        ui.add_space(space::M);
    }

    /// The properties of the configuration: those of `spec` first and without a section around them, metadata last.
    fn root_fields(&mut self, ui: &mut Ui, root: &FieldPath, schema: &'a FieldSpec, map: Option<&'a Map>) {
        let is_last = |key: &str| key == "metadata";
        let order = |last: bool| schema.properties.iter().filter(move |(key, _)| is_last(key) == last);
        for (key, spec) in order(false).chain(order(true)) {
            let value = map.and_then(|map| map.get(key));
            let path = root.child(key.as_str());
            let is_body = key == "spec" && spec.kind == FieldKind::Object;
            if is_body && value.is_none_or(|value| value.is_null() || value.as_map().is_some()) {
                self.fields(ui, &path, spec, value.and_then(Value::as_map), 0);
                self.findings_at(ui, &path, true);
            } else {
                self.field(ui, &path, spec, value, 0);
            }
        }
        self.other_fields(ui, root, schema, map);
        self.findings_at(ui, root, true);
    }

    fn wrong_shape(&mut self, ui: &mut Ui, what: &str) {
        let text = format!("The configuration is {what}, so there are no fields to show.");
        ui.label(RichText::new(text).color(self.theme.dim));
        self.yaml_link(ui);
    }

    fn unknown_kind(&mut self, ui: &mut Ui, value: &'a Value) {
        let theme = self.theme;
        let text = "There is no schema for this kind. It is kept as it is, and can be edited as YAML.";
        ui.label(RichText::new(text).color(theme.dim));
        ui.add_space(space::S);
        let root = FieldPath::keys(&["configuration"]);
        self.other_fields(ui, &root, &FieldSpec::default(), value.as_map());
    }

    pub(super) fn yaml_link(&mut self, ui: &mut Ui) {
        if link_button(ui, self.theme, "Edit as YAML").clicked() {
            self.queue.event(UiEvent::ShowInspector(InspectorTab::Yaml));
        }
    }

    /// One finding: its code, what it says, and the button that mends it.
    pub(super) fn finding(&mut self, ui: &mut Ui, index: usize) {
        let Some(finding) = self.findings.get(index) else { return };
        let diagnostic = finding.diagnostic;
        if let Some(shown) = self.shown.get_mut(index) {
            *shown = true;
        }
        let color = self.theme.severity(diagnostic.severity);
        let mut job = egui::text::LayoutJob::default();
        let code = egui::TextFormat::simple(Theme::mono(size::SMALL), color);
        let text = egui::TextFormat::simple(Theme::plain(size::SMALL + 1.0), color);
        job.append(diagnostic.code, 0.0, code);
        job.append(&diagnostic.message, 6.0, text);
        ui.label(job);
        if let Some(fix) = &diagnostic.fix {
            let button = secondary_button(ui, &fix.label);
            if button.clicked() {
                self.queue.edit(EditCommand::ApplyFix { fix: fix.clone() });
            }
        }
    }

    /// The findings at `path`; with `only_here` not those below it.
    pub(super) fn findings_at(&mut self, ui: &mut Ui, path: &FieldPath, only_here: bool) {
        for index in 0..self.findings.len() {
            let at = &self.findings[index].path;
            let is_here = if only_here { at == path } else { at.starts_with(path) };
            if is_here && !self.shown[index] {
                self.finding(ui, index);
            }
        }
    }

    fn export_settings(&mut self, ui: &mut Ui) {
        let reference_only = self.component.reference_only();
        let kind = self.component.kind();
        let could_apply =
            !kind.same_kind(&ComponentKind::WASM_FILTER) && crate::wallet::has_body(self.component);
        if !reference_only && !could_apply || self.definition.is_none() {
            return;
        }
        ui.add_space(space::M);
        section_heading(ui, self.theme, "Export");
        let mut checked = reference_only;
        let response = ui.checkbox(&mut checked, "Reference only");
        let response =
            response.on_hover_text("Keeps this object out of exports; the design still refers to it.");
        if response.changed() {
            let command = EditCommand::SetReferenceOnly { id: self.id(), reference_only: checked };
            self.queue.edit(command);
        }
    }

    /// A link that selects another component.
    pub(super) fn component_link(&mut self, ui: &mut Ui, id: ComponentId, name: &str) {
        if link_button(ui, self.theme, name).clicked() {
            self.queue.push(Command::Select(vec![id]));
        }
    }
}

fn count_fields(properties: &Properties, depth: usize) -> usize {
    let count = |spec: &FieldSpec| 1 + if depth == 0 { 0 } else { count_fields(&spec.properties, depth - 1) };
    properties.values().filter(|spec| !spec.hidden).map(count).sum()
}
