//! The export preview: the exact bytes that Export writes, with line numbers and colours. Only the lines in view are
//! laid out, so ten thousand objects scroll like ten. What is blocked, and why, stands above.

use std::ops::Range;
use std::sync::Arc;

use egui::{Align, Frame, Id, Label, Layout, Margin, RichText, Ui};

use super::code::Lines;
use super::problems::empty_ui;
use super::queue::CommandQueue;
use super::theme::{Theme, size, space};
use super::widgets::{CodeSelection, CodeView, code_view, link_button, severity_icon};
use crate::formats::Export;
use crate::model::{ComponentId, Severity};
use crate::workspace::{Command, Workspace};

/// Blocked objects that are named; the others are counted.
const MAX_BLOCKED: usize = 4;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct PreviewState {
    export: Option<Arc<Export>>,
    lines: Lines,
    /// The lines of each object, in the order of the export.
    objects: Vec<Range<usize>>,
    /// What was selected when the marks were made.
    selected: Vec<ComponentId>,
    /// Lines that belong to what is selected, in order.
    marked: Vec<Range<usize>>,
    scroll_to: Option<usize>,
    /// The part of the text that Ctrl+C copies.
    selection: CodeSelection,
}

/// Fills the panel's body.
pub fn preview_ui(
    ui: &mut Ui,
    state: &mut PreviewState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    if workspace.is_first_derivation() {
        empty_ui(ui, theme, "Checking…", "What Export writes comes with the first result.");
        return;
    }
    let selected: Vec<ComponentId> = workspace.editor().selection().iter().collect();
    state.refresh(workspace.preview_export(), workspace.preview(), selected);
    show(ui, state, workspace.preview(), theme, queue);
}

impl PreviewState {
    /// The identity of the text: what gets the focus when the region does. While it has it, Ctrl+A and Ctrl+C mean the text.
    pub fn id() -> Id {
        Id::new("preview text")
    }

    fn refresh(&mut self, export: &Arc<Export>, text: &str, selected: Vec<ComponentId>) {
        let is_new = !self.export.as_ref().is_some_and(|known| Arc::ptr_eq(known, export));
        if is_new {
            self.lines = Lines::of(text);
            self.selection = CodeSelection::default();
            self.objects = spans(export);
            self.export = Some(Arc::clone(export));
        }
        if is_new || self.selected != selected {
            let moved = self.selected != selected;
            self.selected = selected;
            self.mark();
            if moved {
                self.scroll_to = self.marked.first().map(|range| range.start);
            }
        }
    }

    fn mark(&mut self) {
        self.marked.clear();
        let Some(export) = &self.export else { return };
        if self.selected.is_empty() {
            return;
        }
        let selected: std::collections::BTreeSet<ComponentId> = self.selected.iter().copied().collect();
        for (object, lines) in export.objects.iter().zip(&self.objects) {
            let is_selected = selected.contains(&object.component)
                || object.filter.is_some_and(|filter| selected.contains(&filter));
            if is_selected {
                self.marked.push(lines.clone());
            }
        }
    }

    fn is_marked(&self, line: usize) -> bool {
        let after = self.marked.partition_point(|range| range.start <= line);
        after.checked_sub(1).and_then(|at| self.marked.get(at)).is_some_and(|range| range.contains(&line))
    }
}

/// The lines of each object: objects are parted by a line of dashes.
fn spans(export: &Export) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut spans = Vec::with_capacity(export.objects.len());
    for object in &export.objects {
        let end = start + object.text.lines().count();
        spans.push(start..end);
        start = end + 1;
    }
    spans
}

fn show(ui: &mut Ui, state: &mut PreviewState, text: &str, theme: &Theme, queue: &mut CommandQueue) {
    if let Some(export) = state.export.clone() {
        not_written_ui(ui, &export, theme, queue);
        if text.is_empty() {
            if export.blocked.is_empty() && export.withheld.is_empty() {
                let text = "Add a WasmPlugin with a filter, or with a module of its own.";
                empty_ui(ui, theme, "Nothing to export yet", text);
            }
            return;
        }
    }
    lines_ui(ui, state, text, theme);
}

/// What is not written, and why.
fn not_written_ui(ui: &mut Ui, export: &Export, theme: &Theme, queue: &mut CommandQueue) {
    if export.blocked.is_empty() && export.withheld.is_empty() {
        return;
    }
    let frame = Frame::new().fill(theme.card).inner_margin(Margin::symmetric(space::M as i8, 6));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        for blocked in export.blocked.iter().take(MAX_BLOCKED) {
            let further = match blocked.further {
                0 => String::new(),
                1 => " (and 1 more problem)".to_owned(),
                count => format!(" (and {count} more problems)"),
            };
            let text = format!(
                "blocked: {}: {} {}{further}",
                blocked.object, blocked.reason.code, blocked.reason.message
            );
            let go = blocked.reason.component().unwrap_or(blocked.component);
            let path = blocked.reason.location.path.clone();
            if note_ui(ui, theme, Severity::Error, &text) {
                queue.push(Command::Reveal(go, path));
            }
        }
        if export.blocked.len() > MAX_BLOCKED {
            let text = format!("and {} more blocked", export.blocked.len() - MAX_BLOCKED);
            ui.label(RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(theme.dim));
        }
        for withheld in export.withheld.iter().take(MAX_BLOCKED) {
            let text = format!("kept back: {}: it holds secret data", withheld.object);
            if note_ui(ui, theme, Severity::Info, &text) {
                queue.push(Command::Select(vec![withheld.component]));
            }
        }
    });
}

/// One line with a severity and a link. Returns whether the link was clicked.
fn note_ui(ui: &mut Ui, theme: &Theme, severity: Severity, text: &str) -> bool {
    ui.horizontal(|ui| {
        severity_icon(ui, theme, severity);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let clicked = link_button(ui, theme, "Show").clicked();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let color = theme.severity(severity);
                let label = RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(color);
                ui.add(Label::new(label).truncate()).on_hover_text(text);
            });
            clicked
        })
        .inner
    })
    .inner
}

fn lines_ui(ui: &mut Ui, state: &mut PreviewState, text: &str, theme: &Theme) {
    let scroll_to = state.scroll_to.take();
    let view = CodeView { id: PreviewState::id(), name: "Manifests", text, lines: &state.lines, scroll_to };
    let mut selection = state.selection;
    code_view(ui, theme, view, &mut selection, |line| state.is_marked(line));
    state.selection = selection;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_lines_are_found_by_halves() {
        let state = PreviewState { marked: vec![2..4, 9..10], ..PreviewState::default() };
        let marked: Vec<usize> = (0..12).filter(|line| state.is_marked(*line)).collect();
        assert_eq!(marked, [2, 3, 9]);
    }
}
