//! What the inspector shows when not one component is selected: the design, or how many of what are selected.

use egui::{Align, Layout, Margin, RichText, ScrollArea, TextEdit, Ui};
use indexmap::IndexMap;

use super::Input;
use super::state::{Draft, FormState};
use crate::editor::EditCommand;
use crate::model::{ComponentKind, FieldPath, Value};
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{kind_tile, secondary_button, section_heading};
use crate::workspace::Command;

/// The design as a whole.
pub(super) fn design_ui(
    ui: &mut Ui,
    state: &mut FormState,
    input: Input<'_>,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let design = input.editor.design();
    padded(ui, "design", |ui| {
        ui.label(RichText::new("Name").color(theme.dim)).labelled_by(egui::Id::new("design name"));
        let path = FieldPath::keys(&["design name"]);
        let held = Value::from(design.name());
        let draft = state.draft(&path, Some(&held));
        let mut name = draft.map_or_else(|| design.name().to_owned(), |draft| draft.text.clone());
        let id = egui::Id::new("design name");
        let edit = TextEdit::singleline(&mut name).id(id).margin(Margin::symmetric(8, 5));
        let response = ui.add(edit.hint_text("Untitled").desired_width(f32::INFINITY));
        ui.ctx().accesskit_node_builder(id, |node| node.set_label("Name of the design"));
        if response.gained_focus() {
            state.session += 1;
        }
        if response.changed() {
            let base = Some(Value::from(name.as_str()));
            state.drafts.insert(path, Draft { text: name.clone(), base, problem: None, line: None });
            let key = state.session.wrapping_mul(31) ^ 0x6465_7369;
            queue.edit_coalesced(EditCommand::RenameDesign { name }, key);
        }
        ui.add_space(space::L);
        section_heading(ui, theme, "In this design");
        ui.add_space(space::XS);
        let mut kinds: IndexMap<ComponentKind, usize> = IndexMap::new();
        for component in design.components() {
            *kinds.entry(component.kind().clone()).or_default() += 1;
        }
        if kinds.is_empty() {
            let text = "Nothing yet. Drag a component from the left onto the canvas.";
            ui.label(RichText::new(text).color(theme.dim));
        }
        kind_rows(ui, theme, &kinds);
        ui.add_space(space::S);
        let held = design.components().filter(|it| design.wallet_of(it.id()).is_some()).count();
        fact(ui, theme, "Filters in wallets", &held.to_string());
        fact(ui, theme, "Relationships", &design.relationships().len().to_string());
        if let Some(version) = design.head().text_at(&["schemaVersion"]) {
            fact(ui, theme, "Format", version);
        }
        if let Some(version) = design.head().text_at(&["version"]) {
            fact(ui, theme, "Version", version);
        }
    });
}

/// Several selected components.
pub(super) fn selection_ui(ui: &mut Ui, input: Input<'_>, theme: &Theme, queue: &mut CommandQueue) {
    let design = input.editor.design();
    let selection = input.editor.selection();
    let ids: Vec<_> = selection.iter().collect();
    let mut kinds: IndexMap<ComponentKind, usize> = IndexMap::new();
    for component in ids.iter().filter_map(|id| design.component(*id)) {
        *kinds.entry(component.kind().clone()).or_default() += 1;
    }
    padded(ui, "selection", |ui| {
        let title = format!("{} components selected", ids.len());
        ui.label(RichText::new(title).font(Theme::strong(size::HEADING)));
        ui.add_space(space::S);
        kind_rows(ui, theme, &kinds);
        ui.add_space(space::M);
        ui.horizontal_wrapped(|ui| {
            if secondary_button(ui, "Duplicate").clicked() {
                let seed = crate::workspace::fresh_seed();
                queue.edit(EditCommand::Duplicate { ids: ids.clone(), seed });
            }
            if secondary_button(ui, "Copy").clicked() {
                queue.push(Command::Copy);
            }
            if secondary_button(ui, "Copy as manifest").clicked() {
                queue.push(Command::CopyAsManifest);
            }
            if secondary_button(ui, "Delete").clicked() {
                queue.edit(EditCommand::Delete { ids: ids.clone(), keep_filters: false });
            }
        });
    });
}

fn padded(ui: &mut Ui, salt: &str, content: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().id_salt(salt).auto_shrink([false, false]).show(ui, |ui| {
        egui::Frame::new().inner_margin(Margin::same(space::M as i8)).show(ui, content);
    });
}

fn kind_rows(ui: &mut Ui, theme: &Theme, kinds: &IndexMap<ComponentKind, usize>) {
    for (kind, count) in kinds {
        ui.horizontal(|ui| {
            kind_tile(ui, theme, kind, 20.0);
            ui.label(kind.in_words());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(count.to_string()).color(theme.dim));
            });
        });
    }
}

fn fact(ui: &mut Ui, theme: &Theme, what: &str, value: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(what).color(theme.dim));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(egui::Label::new(value).truncate());
        });
    });
}
