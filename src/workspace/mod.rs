//! The running program without a window: the editing session, the document on disk, jobs, notices and settings.
//!
//! The window reads from here and queues [`Command`]s; [`Workspace::run`] runs them after the frame. Slow work goes to
//! jobs; what they bring is taken over in [`Workspace::poll`], once a frame, and nowhere else.

mod command;
mod jobs;
mod notice;
pub mod paths;
mod question;

use std::path::PathBuf;
use std::sync::Arc;

pub use command::Command;
pub use jobs::{Job, Progress};
pub use notice::{Notice, NoticeId};
pub use question::Question;

use crate::editor::{Derived, Editor};
use crate::model::{ComponentId, Design, FieldPath};
use crate::registry::Registry;

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

/// The running program.
pub struct Workspace {
    editor: Editor,
    document: DocumentInfo,
    derived: Arc<Derived>,
    notices: Vec<Notice>,
    question: Option<Question>,
    jobs: Vec<Job>,
    recent: Vec<PathBuf>,
    outbox: Outbox,
    preview: Arc<str>,
}

impl Workspace {
    /// A program with no document. `wake` is called from other threads when there is something to poll.
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        drop(wake);
        Self {
            editor: Editor::open(Design::default(), Registry::builtin()),
            document: DocumentInfo { path: None, name: "Untitled".to_owned(), is_blank: true },
            derived: Arc::default(),
            notices: Vec::new(),
            question: None,
            jobs: Vec::new(),
            recent: Vec::new(),
            outbox: Outbox::default(),
            preview: Arc::from(""),
        }
    }

    /// Runs one request.
    pub fn run(&mut self, command: Command) {
        if let Command::Select(ids) = command {
            self.editor.selection_mut().set(ids);
        }
    }

    /// Takes over what jobs have brought. Call once a frame. Returns whether anything changed.
    pub fn poll(&mut self) -> bool {
        false
    }

    /// Waits until no job is under way, polling. For tests and the command line.
    pub fn settle(&mut self) {}

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
        &self.derived
    }

    /// The exact text that Export would write now, from the same revision as [`Self::derived`].
    pub fn preview(&self) -> &str {
        &self.preview
    }

    /// Messages, oldest first.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// What has to be answered before anything else.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// Answers the question: with a command, or by dropping what was asked for.
    pub fn answer(&mut self, command: Option<Command>) {
        self.question = None;
        if let Some(command) = command {
            self.run(command);
        }
    }

    /// Jobs under way that the user may want to see or stop.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Files that were open lately, newest first.
    pub fn recent_files(&self) -> &[PathBuf] {
        &self.recent
    }

    /// What the window has to do, taken once.
    pub fn take_outbox(&mut self) -> Outbox {
        std::mem::take(&mut self.outbox)
    }
}
