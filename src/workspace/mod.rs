//! The running program without a window: the editing session, the document on disk, jobs, notices and settings.
//!
//! The window reads from here and queues [`Command`]s; [`Workspace::run`] runs them after the frame. Slow work goes to
//! jobs; what they bring is taken over in [`Workspace::poll`], once a frame, and nowhere else.

mod clipboard;
mod command;
mod definitions;
mod derivation;
pub mod export;
mod ids;
mod jobs;
pub mod modules;
mod notice;
mod open;
pub mod paths;
mod question;
mod samples;
mod save;
mod settings;
mod yaml_tab;

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

pub use command::Command;
pub use ids::fresh_seed;
pub use jobs::{Job, Progress};
pub use notice::{Notice, NoticeId};
pub use question::Question;
pub use samples::{SAMPLES, Sample};
pub use settings::{Appearance, PanelSizes};
pub use yaml_tab::YamlError;

use crate::adapters::files::{self, Stamp};
use crate::adapters::modules::ModuleFiles;
use crate::adapters::settings_dir;
use crate::editor::{Derived, EditCommand, Editor, Revision};
use crate::formats::{DesignOrigin, Export, ObjectRef};
use crate::model::{ComponentId, EditError, FieldPath, Severity};
use crate::registry::Registry;
use definitions::Definitions;
use derivation::Derivation;
use jobs::Jobs;
use notice::Notices;
use settings::Settings;

/// What is known of the document besides its content.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DocumentInfo {
    /// Its file; `None` while it was never saved.
    pub path: Option<PathBuf>,
    /// What the top bar shows: the file's name, else the design's, else "Untitled".
    pub name: String,
    /// Whether no document is open: the window shows its empty state.
    pub is_blank: bool,
}

/// Tells one opened document from the next: what a job brings is for the document that it was started for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct DocumentNumber(u64);

/// What a job or command hands to the window, taken once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    /// Text for the clipboard.
    pub clipboard: Option<String>,
    /// A component and field to bring into view.
    pub reveal: Option<(ComponentId, FieldPath)>,
    /// A design was opened: fit it into the view.
    pub fit_all: bool,
    /// The program ends.
    pub quit: bool,
}

/// What a job reports.
enum JobEvent {
    Derived(Box<Derivation>),
    NotDerived {
        revision: Revision,
        reason: String,
    },
    Opened(open::Opening),
    Saved(save::SaveReport),
    Exported(export::ExportReport),
    PasteRead(clipboard::PasteRead),
    Copied(clipboard::Copied),
    SettingsRead(Settings),
    DefinitionsRead(Arc<Registry>),
    SettingsWritten,
    /// A job that could not be done.
    Failed {
        job: &'static str,
        what: &'static str,
        reason: String,
    },
}

/// The running program.
pub struct Workspace {
    editor: Editor,
    document: DocumentInfo,
    number: DocumentNumber,
    /// The text that the document was read from, if it was a design.
    origin: Option<DesignOrigin>,
    /// How the document's file looked when it was read or saved last.
    stamp: Option<Stamp>,
    /// What another program has written to the document's file may go, with the next save.
    overwrites: bool,
    /// The losses of a save were agreed to, for this document.
    accepts_losses: bool,
    latest: Derivation,
    /// Modules on this machine that were read for checks.
    module_files: Arc<ModuleFiles>,
    /// A revision that could not be derived; it is not tried again.
    not_derivable: Option<Revision>,
    notices: Notices,
    question: Option<Question>,
    /// What goes on when the document has been saved.
    after_save: Option<Command>,
    /// Where "Save anyway" saves to.
    save_target: Option<PathBuf>,
    /// Saves that wait for the one under way.
    pending_saves: VecDeque<save::PendingSave>,
    /// What was answered of an export's questions.
    export_answers: export::Answers,
    /// What the last export of this session wrote; before it, what the document as it was opened would have given.
    exported: export::Previous,
    yaml_error: Option<YamlError>,
    jobs: Jobs<JobEvent>,
    definitions: Definitions,
    settings: Settings,
    settings_file: Option<PathBuf>,
    outbox: Outbox,
}

/// Keys of jobs.
mod key {
    pub(super) const DERIVE: &str = "derive";
    pub(super) const OPEN: &str = "open";
    pub(super) const SAVE: &str = "save";
    pub(super) const EXPORT: &str = "export";
    pub(super) const COPY: &str = "copy";
    pub(super) const PASTE: &str = "paste";
    pub(super) const SETTINGS: &str = "settings";
    pub(super) const DEFINITIONS: &str = "definitions";
    pub(super) const WRITE_SETTINGS: &str = "write settings";
}

impl Workspace {
    /// A program with no document. `wake` is called from other threads when there is something to poll.
    ///
    /// It keeps no settings: see [`Self::use_settings`].
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let editor = Editor::open(ids::new_design("Untitled"), Registry::builtin());
        let mut workspace = Self {
            latest: Derivation::none(),
            module_files: Arc::default(),
            not_derivable: None,
            editor,
            document: DocumentInfo { path: None, name: String::new(), is_blank: true },
            number: DocumentNumber::default(),
            origin: None,
            stamp: None,
            overwrites: false,
            accepts_losses: false,
            notices: Notices::default(),
            question: None,
            after_save: None,
            save_target: None,
            pending_saves: VecDeque::new(),
            export_answers: export::Answers::default(),
            exported: export::Previous::default(),
            yaml_error: None,
            jobs: Jobs::new(wake),
            definitions: Definitions::default(),
            settings: Settings::default(),
            settings_file: None,
            outbox: Outbox::default(),
        };
        workspace.rename_document();
        workspace
    }

    /// Remembers recent files between two runs, in the platform's folder for settings, and uses the definitions of the
    /// folder beside them. Both are read by jobs.
    pub fn use_settings(&mut self) {
        if let Some(file) = settings_dir::settings_file() {
            self.use_settings_file(file);
        }
    }

    pub(crate) fn use_settings_file(&mut self, file: PathBuf) {
        self.settings_file = Some(file.clone());
        self.use_definitions(file.with_file_name("definitions"));
        self.jobs.start(
            key::SETTINGS,
            None,
            move |_| JobEvent::SettingsRead(Settings::read(&file)),
            |reason| JobEvent::Failed { job: key::SETTINGS, what: "The settings could not be read", reason },
        );
    }

    /// Runs one request.
    pub fn run(&mut self, command: Command) {
        if self.loses_changes(&command) {
            self.question = Some(Question::UnsavedChanges { then: Box::new(command) });
            return;
        }
        self.run_unguarded(command);
    }

    /// Tells whether the command would lose unsaved changes.
    fn loses_changes(&self, command: &Command) -> bool {
        let replaces = matches!(
            command,
            Command::New
                | Command::Open(_)
                | Command::OpenUrl(_)
                | Command::OpenSample(_)
                | Command::Import(_)
                | Command::Quit
        );
        replaces && self.editor.is_dirty()
    }

    fn run_unguarded(&mut self, command: Command) {
        match command {
            Command::Edit(command) => {
                let replaced = replaced(&command);
                if self.edit(|editor| editor.apply(command)) {
                    self.say_what_came_back(replaced);
                }
            }
            Command::EditCoalesced(command, key) => {
                let replaced = replaced(&command);
                if self.edit(|editor| editor.apply_coalesced(command, key)) {
                    self.say_what_came_back(replaced);
                }
            }
            Command::Undo => {
                self.edit(|editor| editor.undo().map(drop));
            }
            Command::Redo => {
                self.edit(|editor| editor.redo().map(drop));
            }
            Command::UndoAll => {
                self.edit(|editor| editor.undo_all().map(drop));
            }
            Command::EvaluateNow => {
                self.edit(|editor| editor.apply(EditCommand::EvaluateNow));
            }
            Command::Select(ids) => self.select(ids),
            Command::ToggleSelected(id) => {
                if self.editor.design().component(id).is_some() {
                    self.editor.selection_mut().toggle(id);
                }
            }
            Command::Reveal(id, path) => {
                if self.editor.design().component(id).is_some() {
                    self.editor.selection_mut().set([id]);
                    self.outbox.reveal = Some((id, path));
                }
            }
            Command::ApplyYaml { id, text } => self.apply_yaml(id, &text),
            Command::New => self.new_document(),
            Command::Open(path) => self.open(path),
            Command::OpenUrl(address) => self.open_url(&address),
            Command::OpenSample(index) => self.open_sample(index),
            Command::Import(paths) => self.import(paths),
            Command::Save => self.save(),
            Command::SaveAs(path) => self.save_as(path),
            Command::SaveCopy(path) => self.save_copy(path),
            Command::SaveAnyway => self.save_anyway(),
            Command::Export { path, partial, with_secrets } => {
                self.export(path, export::ExportFlags { partial, with_secrets });
            }
            Command::Copy => self.copy(),
            Command::Cut => self.cut(),
            Command::CopyAsManifest => self.copy_as_manifest(),
            Command::Paste { text, position } => self.paste(text, position),
            // Whether a save was written is known only when it reports, and those that wait go on behind it.
            Command::CancelJob(key::SAVE) => self.jobs.ask_to_stop(key::SAVE),
            Command::CancelJob(key) => self.jobs.cancel(key),
            Command::Dismiss(id) => self.notices.dismiss(id),
            Command::SetAppearance(appearance) => {
                self.change_settings(|settings| settings.set_appearance(appearance));
            }
            Command::ReloadDefinitions => self.reload_definitions(),
            Command::SetPanelSizes(sizes) => self.change_settings(|settings| settings.set_panels(sizes)),
            Command::Quit => self.outbox.quit = true,
        }
        self.rename_document();
        self.derive();
    }

    /// Changes the design; what is refused becomes a notice. Returns whether anything changed.
    fn edit(&mut self, change: impl FnOnce(&mut Editor) -> Result<(), EditError>) -> bool {
        let before = self.editor.revision();
        if let Err(err) = change(&mut self.editor) {
            self.notices.add_text(Severity::Warning, &err.to_string());
        }
        let changed = self.editor.revision() != before;
        self.document.is_blank &= !changed;
        changed
    }

    fn select(&mut self, ids: Vec<ComponentId>) {
        let design = self.editor.shared_design();
        self.editor.selection_mut().set(ids.into_iter().filter(|id| design.component(*id).is_some()));
    }

    fn rename_document(&mut self) {
        let name = match &self.document.path {
            Some(path) => files::name(path),
            None => self.editor.design().name().trim().to_owned(),
        };
        self.document.name = if name.is_empty() { "Untitled".to_owned() } else { name };
    }

    /// Takes over what jobs have brought. Call once a frame. Returns whether anything changed.
    pub fn poll(&mut self) -> bool {
        let mut changed = false;
        while let Some(event) = self.jobs.take() {
            self.take_over(event);
            changed = true;
        }
        self.derive();
        changed
    }

    /// Waits until no job is under way, polling. For tests and the command line.
    pub fn settle(&mut self) {
        self.poll();
        while let Some(event) = self.jobs.wait() {
            self.take_over(event);
            self.poll();
        }
    }

    fn take_over(&mut self, event: JobEvent) {
        match event {
            JobEvent::Derived(derivation) => {
                self.notices.succeeded(key::DERIVE);
                self.derived_came(*derivation);
            }
            JobEvent::NotDerived { revision, reason } => {
                self.not_derivable = Some(revision);
                self.fault(key::DERIVE, "the design could not be checked", &reason);
            }
            JobEvent::Opened(opening) => self.opened(opening),
            JobEvent::Saved(report) => self.saved(report),
            JobEvent::Exported(report) => self.exported(report),
            JobEvent::PasteRead(read) => self.paste_read(read),
            JobEvent::Copied(copied) => self.copied(copied),
            JobEvent::SettingsRead(settings) => self.settings.merge_earlier(settings),
            JobEvent::SettingsWritten => {}
            JobEvent::DefinitionsRead(registry) => self.definitions_read(&registry),
            JobEvent::Failed { job, what, reason } => self.fault(job, what, &reason),
        }
        self.write_pending();
        self.rename_document();
    }

    /// A job has panicked: the program goes on without what it was to bring.
    fn fault(&mut self, job: &'static str, what: &str, reason: &str) {
        let text = format!("{what}\nThis is a fault of the program; the design is as it was. {reason}");
        self.notices.add_failure(job, &text);
    }

    /// The editing session.
    pub fn editor(&self) -> &Editor {
        &self.editor
    }

    /// The document.
    pub fn document(&self) -> &DocumentInfo {
        &self.document
    }

    /// The last good result of evaluation and checks; its revision says how old it is.
    pub fn derived(&self) -> &Derived {
        &self.latest.derived
    }

    /// Tells whether nothing was derived from this document yet: there is no good result to show while the first one is
    /// made.
    pub fn is_first_derivation(&self) -> bool {
        self.latest.derived.revision == Revision::default() && self.not_derivable.is_none()
    }

    /// The exact text that Export would write now, from the same revision as [`Self::derived`]; Secret data is written
    /// only by an export that was asked for it.
    pub fn preview(&self) -> &str {
        &self.latest.preview
    }

    /// What Export would write now, object by object, and what it would not; of the same revision as [`Self::derived`].
    pub fn preview_export(&self) -> &Arc<Export> {
        &self.latest.export
    }

    /// Objects that this document gave, as it was opened or last exported, and gives no more: they run beside the new
    /// ones until somebody deletes them.
    pub fn no_longer_exported(&self) -> Vec<ObjectRef> {
        self.exported.gone(&self.latest.export)
    }

    /// The text of the YAML tab that could not be taken over, and where.
    pub fn yaml_error(&self) -> Option<&YamlError> {
        self.yaml_error.as_ref()
    }

    /// Messages, oldest first.
    pub fn notices(&self) -> &[Notice] {
        self.notices.shown()
    }

    /// What has to be answered before anything else.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// Answers the question: with a command, or by dropping what was asked for.
    ///
    /// Saving in answer to [`Question::UnsavedChanges`] goes on with what was asked for once the document is saved.
    pub fn answer(&mut self, command: Option<Command>) {
        let Some(question) = self.question.take() else { return };
        let Some(command) = command else {
            self.after_save = None;
            self.save_target = None;
            self.export_answers = export::Answers::default();
            return;
        };
        match &question {
            Question::UnsavedChanges { then } if **then == command => {
                self.after_save = None;
                return self.run_unguarded(command);
            }
            Question::UnsavedChanges { then } => self.after_save = Some((**then).clone()),
            Question::ExportSecrets { .. } => self.export_answers.secrets = true,
            Question::ChangedOnDisk { .. } => self.overwrites = command == Command::SaveAnyway,
            Question::SaveLoses { .. } => self.accepts_losses = command == Command::SaveAnyway,
            Question::SavePath { .. } | Question::ExportBlocked { .. } => {}
        }
        self.run(command);
    }

    /// Jobs under way that the user may want to see or stop.
    pub fn jobs(&self) -> &[Job] {
        self.jobs.shown()
    }

    /// Files that were open lately, newest first.
    pub fn recent_files(&self) -> &[PathBuf] {
        self.settings.recent_files()
    }

    /// The colours that were chosen, in this run or an earlier one.
    pub fn appearance(&self) -> Appearance {
        self.settings.appearance()
    }

    /// How large the panels were made, in this run or an earlier one.
    pub fn panel_sizes(&self) -> PanelSizes {
        self.settings.panels()
    }

    /// Changes what is remembered and keeps that for the next run.
    fn change_settings(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        let Some(file) = self.settings_file.clone() else { return };
        let settings = self.settings.clone();
        self.jobs.start(
            key::WRITE_SETTINGS,
            None,
            move |_| {
                settings.write(&file);
                JobEvent::SettingsWritten
            },
            |reason| JobEvent::Failed {
                job: key::WRITE_SETTINGS,
                what: "The settings could not be kept",
                reason,
            },
        );
    }

    /// What the window has to do, taken once.
    pub fn take_outbox(&mut self) -> Outbox {
        std::mem::take(&mut self.outbox)
    }
}

/// The component whose configuration is replaced as a whole.
fn replaced(command: &EditCommand) -> Option<ComponentId> {
    match command {
        EditCommand::ReplaceConfiguration { id, .. } => Some(*id),
        _ => None,
    }
}
