//! Asks for a path: a field that is typed into, what the folder holds, and "Browse…" for the system's own window.
//!
//! The field is always there, because the system's window is not (no desktop portal, a remote display).

use egui::{Key, Modifiers, RichText, ScrollArea, TextEdit, Ui};

use super::browse::{Browser, Found};
use super::frame::{Answer, DialogFrame, answer_row, show_dialog};
use crate::ui::queue::{CommandQueue, UiEvent};
use crate::ui::theme::{Theme, size, space};
use crate::ui::widgets::{RowText, list_row, secondary_button};
use crate::workspace::paths::{self, Completion};
use crate::workspace::{Command, Question, Workspace};

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPurpose {
    /// A design or manifests to open.
    Open,
    /// Manifests to import.
    Import,
    /// Where to save; becomes the document's path.
    SaveAs,
    /// Where to write a copy.
    SaveCopy,
    /// Where to write the manifests.
    Export,
}

impl PathPurpose {
    /// The dialog's title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Open => "Open a file",
            Self::Import => "Import manifests",
            Self::SaveAs => "Save as",
            Self::SaveCopy => "Save a copy",
            Self::Export => "Export manifests",
        }
    }

    /// Whether the file is written.
    pub fn writes(self) -> bool {
        matches!(self, Self::SaveAs | Self::SaveCopy | Self::Export)
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Import => "Import",
            Self::SaveAs => "Save",
            Self::SaveCopy => "Save copy",
            Self::Export => "Export",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Open => "Path of a Meshery design or of Kubernetes manifests, YAML or JSON",
            Self::Import => "Path of a file or folder with Kubernetes manifests",
            Self::SaveAs | Self::SaveCopy => "Path of the design file",
            Self::Export => "One file with every object, or a folder",
        }
    }
}

/// A path that is being asked for.
#[derive(Debug)]
pub(super) struct PathDialog {
    purpose: PathPurpose,
    text: String,
    /// What `completion` is about.
    looked_up: Option<String>,
    completion: Completion,
    /// "In /srv/designs": the folder that would be written to.
    landing: String,
    no_window: bool,
    /// The dialog answers a question of the program instead of running a command of its own.
    is_answer: bool,
    is_new: bool,
    /// Why the save to this path failed; said until another one is typed.
    problem: Option<(String, String)>,
}

impl PathDialog {
    /// A dialog with a path to start from.
    pub(super) fn new(purpose: PathPurpose, workspace: &Workspace) -> Self {
        Self {
            purpose,
            text: start_text(purpose, workspace),
            looked_up: None,
            completion: Completion::default(),
            landing: String::new(),
            no_window: false,
            is_answer: false,
            is_new: true,
            problem: None,
        }
    }

    /// The dialog that answers [`Question::SavePath`].
    pub(super) fn answering(asked: PathQuestion<'_>, workspace: &Workspace) -> Self {
        let PathQuestion { suggestion, copy, problem } = asked;
        let purpose = if copy { PathPurpose::SaveCopy } else { PathPurpose::SaveAs };
        let folder = if problem.is_some() { String::new() } else { folder_text(workspace) };
        let text = format!("{folder}{suggestion}");
        let problem = problem.map(|problem| (text.clone(), problem.to_owned()));
        Self { text, problem, is_answer: true, ..Self::new(purpose, workspace) }
    }

    /// Takes what a thread has found; returns the picked files.
    pub(super) fn found(&mut self, found: Found) -> Option<Vec<std::path::PathBuf>> {
        match found {
            Found::Completion { text, completion } => {
                if text == self.text {
                    self.completion = completion;
                    self.name_landing();
                }
                None
            }
            Found::NoWindow => {
                self.no_window = true;
                self.is_new = true;
                None
            }
            Found::Picked(files) if files.is_empty() => None,
            Found::Picked(files) => Some(files),
        }
    }

    fn name_landing(&mut self) {
        // A folder that exists is one whether or not a separator stands behind it.
        let end = if self.completion.is_folder { std::path::MAIN_SEPARATOR_STR } else { "" };
        let folder = paths::landing_folder(&format!("{}{end}", self.text.trim_end()));
        let folder = folder.filter(|_| self.purpose.writes());
        self.landing = folder.map_or_else(String::new, |folder| format!("In {}", folder.display()));
    }

    /// Shows it; returns whether it is done with.
    pub(super) fn show(
        &mut self,
        ctx: &egui::Context,
        theme: &Theme,
        browser: &mut Browser,
        queue: &mut CommandQueue,
    ) -> bool {
        if self.looked_up.as_ref() != Some(&self.text) {
            self.looked_up = Some(self.text.clone());
            browser.complete(ctx, self.text.clone());
            self.completion.is_folder = false; // Of the text before.
            self.name_landing();
        }
        let dialog = DialogFrame { id: self.purpose.title(), title: self.purpose.title(), width: 560.0 };
        let (answer, closed) = show_dialog(ctx, theme, dialog, |ui| self.body(ui, theme, browser));
        match answer {
            Some(Answer::Accept) => {
                self.send(vec![paths::expand(&self.text)], queue);
                true
            }
            _ if closed || answer.is_some() => {
                if self.is_answer {
                    queue.event(UiEvent::Answer(None));
                }
                true
            }
            _ => false,
        }
    }

    fn body(&mut self, ui: &mut Ui, theme: &Theme, browser: &mut Browser) -> Option<Answer> {
        let id = egui::Id::new("path field");
        // The Tab key completes while there is something to complete.
        let can_complete = self.completion.entries.len() == 1 && self.completion.entries[0] != self.text;
        if can_complete
            && ui.memory(|memory| memory.has_focus(id))
            && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab))
        {
            self.text.clone_from(&self.completion.entries[0]);
            move_caret_to_end(ui, id, &self.text);
        }
        ui.horizontal(|ui| {
            let browse_width = 92.0;
            let field = TextEdit::singleline(&mut self.text)
                .id(id)
                .font(Theme::mono(size::MONO))
                .hint_text(RichText::new("~/designs/edge.yaml").color(theme.faint))
                .margin(egui::Margin::symmetric(8, 6))
                .lock_focus(can_complete)
                .return_key(None)
                .desired_width(ui.available_width() - browse_width);
            let field = ui.add(field);
            ui.ctx().accesskit_node_builder(field.id, |node| node.set_label("Path"));
            if std::mem::take(&mut self.is_new) {
                field.request_focus();
                // A suggestion is there to be replaced; a folder to be gone on from, and a path that failed to be mended.
                match self.purpose {
                    _ if self.problem.is_some() => move_caret_to_end(ui, id, &self.text),
                    PathPurpose::Open | PathPurpose::Import => move_caret_to_end(ui, id, &self.text),
                    PathPurpose::SaveAs | PathPurpose::SaveCopy | PathPurpose::Export => {
                        super::rename::select_all(ui, id, &self.text);
                    }
                }
            }
            let browse = ui.add_enabled_ui(!browser.is_picking(), |ui| secondary_button(ui, "Browse…")).inner;
            if browse.clicked() {
                self.no_window = false;
                let in_folder = self.purpose == PathPurpose::Export && self.text.ends_with(['/', '\\']);
                browser.pick(ui.ctx(), self.purpose, in_folder, &self.text);
            }
        });
        if self.purpose.writes() {
            let landing = RichText::new(&self.landing).font(Theme::mono(size::SMALL)).color(theme.dim);
            ui.add(egui::Label::new(landing).truncate()).on_hover_text(&self.landing);
        }
        if self.purpose == PathPurpose::Export {
            self.folder_switch(ui);
        }
        self.message(ui, theme);
        self.entries(ui, theme, id);
        let replaces = self.purpose.writes() && self.completion.is_file;
        let verb = if replaces { "Replace" } else { self.purpose.verb() };
        let unfinished = self.text.trim().is_empty()
            || (self.completion.is_folder
                && self.looked_up.as_deref() == Some(&*self.text)
                && !matches!(self.purpose, PathPurpose::Import | PathPurpose::Export));
        answer_row(ui, theme, (verb, !unfinished), None, "Cancel")
    }

    /// A path that ends in a separator is a folder; the switch says so in words.
    fn folder_switch(&mut self, ui: &mut Ui) {
        let mut is_folder = self.text.ends_with(['/', '\\']);
        if ui.checkbox(&mut is_folder, "A file for each object, in a folder").changed() {
            self.text = if is_folder {
                let stem = self.text.rsplit_once('.').map_or(self.text.as_str(), |(stem, _)| stem);
                format!("{stem}{}", std::path::MAIN_SEPARATOR)
            } else {
                format!("{}.yaml", self.text.trim_end_matches(['/', '\\']))
            };
        }
    }

    fn message(&self, ui: &mut Ui, theme: &Theme) {
        let (text, color) =
            if let Some((_, problem)) = self.problem.as_ref().filter(|(at, _)| *at == self.text) {
                (problem.as_str(), theme.error)
            } else if self.no_window {
                ("The system has no file window here: type the path.", theme.warning)
            } else if self.purpose.writes() && self.completion.is_file {
                ("This file exists; it will be replaced.", theme.warning)
            } else {
                (self.purpose.hint(), theme.dim)
            };
        ui.label(RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(color));
    }

    fn entries(&mut self, ui: &mut Ui, theme: &Theme, field: egui::Id) {
        let mut chosen = None;
        let height = if self.purpose.writes() { 112.0 } else { 184.0 };
        egui::Frame::new().fill(theme.field).corner_radius(6).inner_margin(4).show(ui, |ui| {
            ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink(false).show(
                ui,
                |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for entry in &self.completion.entries {
                        let title = entry.trim_end_matches(['/', '\\']);
                        let title = title.rsplit(['/', '\\']).next().unwrap_or(title);
                        let is_folder = entry.ends_with(['/', '\\']);
                        let trailing = if is_folder { "folder" } else { "" };
                        let (_, response) = list_row(
                            ui,
                            theme,
                            RowText { title, trailing, focusable: true, ..RowText::default() },
                            false,
                            0.0,
                        );
                        if response.clicked() {
                            chosen = Some(entry.clone());
                        }
                    }
                    if self.completion.entries.is_empty() {
                        ui.add_space(space::S);
                        let text = match (self.purpose.writes(), self.completion.is_folder) {
                            (_, true) => "  This folder is empty.",
                            (true, false) if self.text.ends_with(['/', '\\']) => "  A new folder.",
                            (true, false) => "  A new file.",
                            (false, false) => "  Nothing begins like this.",
                        };
                        ui.label(RichText::new(text).color(theme.faint));
                    }
                },
            );
        });
        if let Some(entry) = chosen {
            self.text = entry;
            move_caret_to_end(ui, field, &self.text);
            ui.memory_mut(|memory| memory.request_focus(field));
        }
    }

    /// Sends the request with these paths.
    pub(super) fn send(&self, mut files: Vec<std::path::PathBuf>, queue: &mut CommandQueue) {
        let command = match self.purpose {
            PathPurpose::Import => Command::Import(files),
            _ if files.is_empty() => return,
            PathPurpose::Open => Command::Open(files.swap_remove(0)),
            PathPurpose::SaveAs => Command::SaveAs(files.swap_remove(0)),
            PathPurpose::SaveCopy => Command::SaveCopy(files.swap_remove(0)),
            PathPurpose::Export => {
                Command::Export { path: files.swap_remove(0), partial: false, with_secrets: false }
            }
        };
        if self.is_answer {
            queue.event(UiEvent::Answer(Some(command)));
        } else {
            queue.push(command);
        }
    }
}

/// What [`Question::SavePath`] asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct PathQuestion<'a> {
    suggestion: &'a str,
    copy: bool,
    problem: Option<&'a str>,
}

/// Whether the question is one for a path.
pub(super) fn asks_for_path(question: &Question) -> Option<PathQuestion<'_>> {
    match question {
        Question::SavePath { suggestion, copy, problem } => {
            Some(PathQuestion { suggestion, copy: *copy, problem: problem.as_deref() })
        }
        _ => None,
    }
}

fn folder_text(workspace: &Workspace) -> String {
    let path = workspace.document().path.as_ref().or_else(|| workspace.recent_files().first());
    let folder = path.and_then(|path| path.parent()).filter(|folder| !folder.as_os_str().is_empty());
    folder.map_or_else(String::new, |folder| format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR))
}

fn start_text(purpose: PathPurpose, workspace: &Workspace) -> String {
    let folder = folder_text(workspace);
    let document = workspace.document();
    let name = document.path.as_ref().and_then(|path| path.file_stem()).map_or_else(
        || workspace.editor().design().name().to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    );
    let mut stem: String =
        name.trim().chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '-' }).collect();
    if stem.is_empty() {
        "design".clone_into(&mut stem);
    }
    match purpose {
        PathPurpose::Open | PathPurpose::Import => folder,
        PathPurpose::SaveAs => match &document.path {
            Some(path) => path.display().to_string(),
            None => format!("{folder}{}.yaml", stem.to_lowercase()),
        },
        PathPurpose::SaveCopy => format!("{folder}{stem}-copy.yaml"),
        PathPurpose::Export => format!("{folder}{}-manifests.yaml", stem.to_lowercase()),
    }
}

fn move_caret_to_end(ui: &Ui, id: egui::Id, text: &str) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::one(end)));
    TextEdit::store_state(ui.ctx(), id, state);
}
