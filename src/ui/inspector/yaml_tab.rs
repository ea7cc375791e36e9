//! The configuration as YAML, edited both ways. It is taken over as soon as it can be read; one go of typing is one
//! step. While it cannot be read nothing is taken over, and the line in error is marked.

use egui::{Align, Id, Layout, Margin, RichText, Ui};

use super::Input;
use crate::editor::{EditCommand, Revision};
use crate::model::{Component, ComponentId, ComponentKind, Map, Value};
use crate::ui::queue::CommandQueue;
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{CodeCache, CodeEditor, code_editor, link_button};
use crate::yaml::{self, Format};

/// What the tab remembers between frames.
#[derive(Debug, Default)]
pub(super) struct YamlTab {
    component: Option<ComponentId>,
    revision: Option<Revision>,
    text: String,
    /// The configuration that the text stands for.
    value: Value,
    /// The text was changed by the user and could not be read: where and why.
    problem: Option<Problem>,
    /// The last change came from here, so the text is newer than the design looks.
    is_own: bool,
    session: u64,
    cache: CodeCache,
    shows_secrets: Option<ComponentId>,
}

#[derive(Clone, Debug, PartialEq)]
struct Problem {
    line: Option<u32>,
    message: String,
}

/// Shows the tab.
pub(super) fn show(
    ui: &mut Ui,
    tab: &mut YamlTab,
    input: Input<'_>,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    let design = input.editor.design();
    let selection = input.editor.selection();
    let component = selection.primary().filter(|_| selection.len() == 1).and_then(|id| design.component(id));
    egui::Frame::new().inner_margin(Margin::same(space::M as i8)).show(ui, |ui| match component {
        Some(component) if tab.hides(component) => secret_ui(ui, tab, component, theme),
        Some(component) => {
            tab.refresh(component, input.editor.revision());
            tab.edit_ui(ui, component, theme, queue);
        }
        None => {
            let text = "Select one component to see its configuration as YAML.";
            ui.label(RichText::new(text).color(theme.dim));
        }
    });
}

fn secret_ui(ui: &mut Ui, tab: &mut YamlTab, component: &Component, theme: &Theme) {
    let text = "This configuration holds secret data.";
    ui.label(RichText::new(text).color(theme.dim));
    ui.add_space(space::S);
    if ui.button("Show it").clicked() {
        tab.shows_secrets = Some(component.id());
    }
}

impl YamlTab {
    fn hides(&self, component: &Component) -> bool {
        let holds_data = ["data", "stringData"].iter().any(|key| component.configured(&[key]).is_some());
        component.is(&ComponentKind::SECRET) && holds_data && self.shows_secrets != Some(component.id())
    }

    /// Takes over what changed elsewhere: undo, the form, another selection.
    fn refresh(&mut self, component: &Component, revision: Revision) {
        let is_same = self.component == Some(component.id());
        if is_same && self.revision == Some(revision) {
            self.is_own = false; // What was typed last said nothing new.
            return;
        }
        let present = component.tree().at(&["configuration"]).cloned().unwrap_or_default();
        // What was typed here stays as it was typed, also where the plugin shows something else (its next filter's module,
        // while a URL is blank); the design holds its meaning.
        let keeps = is_same && (self.is_own || present.identical(&self.value));
        if !keeps {
            self.text = if present.is_null() { String::new() } else { yaml::emit(&present, Format::Yaml) };
            self.problem = None;
            self.session += u64::from(!is_same);
        }
        if self.component != Some(component.id()) {
            self.shows_secrets = self.shows_secrets.filter(|id| *id == component.id());
        }
        if !(is_same && self.is_own) {
            self.value = present;
        }
        self.is_own = false;
        self.component = Some(component.id());
        self.revision = Some(revision);
    }

    fn edit_ui(&mut self, ui: &mut Ui, component: &Component, theme: &Theme, queue: &mut CommandQueue) {
        self.problem_ui(ui, theme);
        let row = ui.text_style_height(&egui::TextStyle::Monospace);
        let height = ui.available_height() - 2.0;
        let editor = CodeEditor {
            // Each component has a field of its own: Ctrl+Z in it takes back no more than what was typed for this one.
            id: Id::new(("configuration yaml", component.id())),
            name: "Configuration as YAML",
            hint: "Empty: no configuration",
            line_numbers: true,
            error_line: self.problem.as_ref().and_then(|problem| problem.line),
            min_rows: (((height - 16.0) / row).floor() as usize).max(4),
            max_height: height,
            border: self.problem.as_ref().map(|_| theme.error),
        };
        let response = code_editor(ui, theme, editor, &mut self.cache, &mut self.text);
        if response.gained_focus() {
            self.session += 1;
        }
        if response.changed() {
            match read(&self.text) {
                Ok(configuration) => {
                    self.problem = None;
                    if !configuration.identical(&self.value) {
                        self.is_own = true;
                        self.value = configuration.clone();
                        let command = EditCommand::ReplaceConfiguration { id: component.id(), configuration };
                        queue.edit_coalesced(command, self.session.wrapping_mul(1_000_003) ^ 0x7961_6d6c);
                    }
                }
                Err(problem) => {
                    self.problem = Some(problem);
                    ui.ctx().request_repaint(); // What is said stands above, where this frame has been already.
                }
            }
        } else if response.lost_focus() && self.problem.is_none() {
            // The design may have been patched meanwhile: show it as it is.
            self.revision = None;
            self.value = Value::Null;
        }
    }

    fn problem_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let Some(problem) = self.problem.clone() else { return };
        // Below the text, so that the line that is being typed stays where it is.
        let frame = egui::Frame::new()
            .fill(theme.error_surface)
            .corner_radius(crate::ui::theme::RADIUS)
            .outer_margin(Margin { top: 6, ..Margin::ZERO })
            .inner_margin(Margin::symmetric(8, 4));
        let panel =
            egui::Panel::bottom("yaml problem").resizable(false).show_separator_line(false).frame(frame);
        panel.show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if link_button(ui, theme, "Discard")
                        .on_hover_text("Back to what the design holds")
                        .clicked()
                    {
                        self.problem = None;
                        self.component = None;
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let words = format!("Not taken over: {}", problem.message);
                        let text =
                            RichText::new(&words).font(Theme::plain(size::SMALL + 1.0)).color(theme.error);
                        let label = ui.add(egui::Label::new(text).wrap());
                        crate::ui::widgets::live_region(ui, label.id, &words, false);
                    });
                });
            });
        });
    }
}

/// The text as a configuration.
fn read(text: &str) -> Result<Value, Problem> {
    let parsed =
        yaml::parse(text).map_err(|err| Problem { line: Some(err.line), message: err.to_string() })?;
    let mut documents = parsed.documents.into_iter();
    let (first, second) = (documents.next(), documents.next());
    if let Some(second) = second {
        let line = second.position().line;
        let message = format!("line {line}: a second document begins here; a configuration is one mapping");
        return Err(Problem { line: Some(line), message });
    }
    match first {
        None => Ok(Value::Map(Map::new())),
        Some(document) if document.value.as_map().is_some() => Ok(document.value),
        Some(document) => {
            let line = document.position().line;
            let message =
                format!("line {line}: this is {}, but must be a mapping", document.value.kind_name());
            Err(Problem { line: Some(line), message })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_mapping_is_a_configuration() {
        assert_eq!(read("").unwrap(), Value::Map(Map::new()));
        assert_eq!(read("# nothing\n").unwrap(), Value::Map(Map::new()));
        assert_eq!(read("a: 1\n").unwrap(), Value::from([("a", 1.into())]));
        assert!(read("a: [\n").unwrap_err().line.is_some());
        assert_eq!(read("a: 1\n---\nb: 2\n").unwrap_err().line, Some(3));
        let problem = read("\n- 1\n").unwrap_err();
        assert_eq!(problem.line, Some(2));
        assert_eq!(problem.message, "line 2: this is a list, but must be a mapping");
    }
}
