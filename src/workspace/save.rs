//! Saving: the bytes that were read where nothing was edited, else the design emitted anew; always the whole file or nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::notice::sentence;
use super::{DocumentNumber, JobEvent, Question, Workspace, key};
use crate::adapters::files::{self, FileError, Stamp};
use crate::editor::StateId;
use crate::formats::meshery;
use crate::model::{Design, Severity};
use crate::yaml::Format;

/// How a save ended.
pub(super) struct SaveReport {
    /// The document that was saved: another one may have come in meanwhile.
    document: DocumentNumber,
    path: PathBuf,
    /// The state that was written; `None` for a copy.
    state: Option<StateId>,
    result: Result<SaveResult, FileError>,
}

/// What a save came to.
enum SaveResult {
    /// Written; how the file looks now.
    Written(Option<Stamp>),
    /// Another program has changed the file: nothing was written.
    ChangedOnDisk,
    /// The user stopped it before anything was written.
    Stopped,
}

/// A save that was asked for.
pub(super) struct PendingSave {
    document: DocumentNumber,
    path: PathBuf,
    content: Content,
    state: Option<StateId>,
    /// How the file looked when it was read or saved last; `None` when it may look as it likes.
    expected: Option<Stamp>,
}

/// What is written: the bytes that were read, or the design in a notation.
enum Content {
    Bytes(Arc<[u8]>),
    Design(Arc<Design>, Format),
}

impl Workspace {
    pub(super) fn save(&mut self) {
        match self.document.path.clone() {
            Some(path) => self.save_to(path),
            None => self.ask_save_path(false),
        }
    }

    pub(super) fn save_as(&mut self, path: PathBuf) {
        self.save_to(path);
    }

    pub(super) fn save_copy(&mut self, path: PathBuf) {
        let content = self.content(&path);
        self.write(PendingSave { document: self.number, path, content, state: None, expected: None });
    }

    pub(super) fn save_anyway(&mut self) {
        match self.save_target.take().or_else(|| self.document.path.clone()) {
            Some(path) => self.save_to(path),
            None => self.ask_save_path(false),
        }
    }

    fn ask_save_path(&mut self, copy: bool) {
        let suggestion = match &self.document.path {
            Some(path) => files::name(path),
            None => format!("{}.yaml", slug(self.editor.design().name())),
        };
        self.question = Some(Question::SavePath { suggestion, copy, problem: None });
    }

    fn save_to(&mut self, path: PathBuf) {
        let content = self.content(&path);
        if let (Content::Design(..), Some(origin)) = (&content, &self.origin)
            && !origin.losses.is_empty()
            && !self.accepts_losses
        {
            self.question = Some(Question::SaveLoses { what: origin.losses.describe() });
            self.save_target = Some(path);
            return;
        }
        let state = self.editor.history().state();
        let is_own = self.document.path.as_deref() == Some(&path);
        let expected = self.stamp.filter(|_| is_own && !self.overwrites);
        self.write(PendingSave { document: self.number, path, content, state: Some(state), expected });
    }

    fn content(&self, path: &Path) -> Content {
        let is_own = self.document.path.as_deref() == Some(path);
        let format = match (&self.origin, extension(path)) {
            (Some(origin), _) if is_own => origin.format,
            (_, Some(format)) => format,
            (Some(origin), None) => origin.format,
            (None, None) => Format::Yaml,
        };
        match &self.origin {
            Some(origin) if self.editor.history().is_as_read() && origin.format == format => {
                Content::Bytes(Arc::clone(&origin.bytes))
            }
            _ => Content::Design(self.editor.shared_design(), format),
        }
    }

    /// Writes by a job; one after the other, so that the last one asked for is the last one written.
    fn write(&mut self, save: PendingSave) {
        if self.jobs.is_running(key::SAVE) {
            self.pending_saves.push_back(save);
            return;
        }
        let PendingSave { document, path, content, state, expected } = save;
        let label = format!("Saving {}", files::name(&path));
        self.jobs.start(
            key::SAVE,
            Some(label),
            move |progress| {
                let text;
                let bytes: &[u8] = match &content {
                    Content::Bytes(bytes) => bytes,
                    Content::Design(design, format) => {
                        text = meshery::write(design, *format);
                        text.as_bytes()
                    }
                };
                let is_changed = expected.is_some_and(|expected| {
                    // A file that is gone can be made again: nothing of another's is lost.
                    files::stamp(&path).is_some_and(|present| present != expected)
                });
                let result = if progress.is_cancelled() {
                    Ok(SaveResult::Stopped)
                } else if is_changed {
                    Ok(SaveResult::ChangedOnDisk)
                } else {
                    files::write_atomic(&path, bytes).map(|()| SaveResult::Written(files::stamp(&path)))
                };
                JobEvent::Saved(SaveReport { document, path, state, result })
            },
            |reason| JobEvent::Failed { job: key::SAVE, what: "The document could not be saved", reason },
        );
    }

    /// Goes on with the saves that waited.
    pub(super) fn write_pending(&mut self) {
        if !self.jobs.is_running(key::SAVE)
            && let Some(next) = self.pending_saves.pop_front()
        {
            self.write(next);
        }
    }

    pub(super) fn saved(&mut self, report: SaveReport) {
        if let Ok(SaveResult::Written(stamp)) = &report.result {
            // Our own save is no change by another program to those that wait.
            let same = self.pending_saves.iter_mut().filter(|save| save.path == report.path);
            same.for_each(|save| save.expected = save.expected.and(*stamp));
        }
        if report.document != self.number {
            return self.saved_another(&report);
        }
        match (report.result, report.state) {
            (Err(err), state) if self.document.path.as_ref() != Some(&report.path) => {
                // Asked once more, with what was typed; what is to follow the save still waits for it.
                let problem = err.to_string().lines().next().map(sentence);
                let suggestion = report.path.display().to_string();
                self.question = Some(Question::SavePath { suggestion, copy: state.is_none(), problem });
            }
            (Err(err), _) => {
                self.after_save = None;
                self.notices.add_failure(key::SAVE, &err.to_string());
            }
            (Ok(SaveResult::Stopped), _) => self.after_save = None,
            (Ok(SaveResult::ChangedOnDisk), _) => {
                self.save_target = Some(report.path.clone());
                self.question = Some(Question::ChangedOnDisk { path: report.path });
            }
            (Ok(SaveResult::Written(_)), None) => {
                self.notices.succeeded(key::SAVE);
                let text = format!("a copy was saved\n{}", report.path.display());
                self.notices.add_text(Severity::Info, &text);
            }
            (Ok(SaveResult::Written(stamp)), Some(state)) => {
                self.notices.succeeded(key::SAVE);
                self.editor.mark_saved(state);
                self.stamp = stamp;
                self.overwrites = false;
                self.document.path = Some(report.path.clone());
                self.document.is_blank = false;
                self.change_settings(|settings| settings.add_recent(&report.path));
                if let Some(command) = self.after_save.take() {
                    self.run(command);
                }
            }
        }
    }

    /// A save has ended whose document has been replaced meanwhile: that is said, and nothing of the present one changes.
    fn saved_another(&mut self, report: &SaveReport) {
        let path = report.path.display();
        let failed = match &report.result {
            Ok(SaveResult::Written(_)) => {
                if report.state.is_some() {
                    self.change_settings(|settings| settings.add_recent(&report.path));
                }
                let text = format!("{} was saved\n{path}", files::name(&report.path));
                return self.notices.add_text(Severity::Info, &text);
            }
            Ok(SaveResult::Stopped) => "it was stopped".to_owned(),
            Ok(SaveResult::ChangedOnDisk) => "another program has changed it".to_owned(),
            Err(err) => err.to_string(),
        };
        let text = format!("the document before this one was not saved: {failed}\n{path}");
        self.notices.add_text(Severity::Error, &text);
    }
}

/// The notation that a file's name asks for.
fn extension(path: &Path) -> Option<Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "json" => Some(Format::Json),
        "yaml" | "yml" => Some(Format::Yaml),
        _ => None,
    }
}

/// A file name of a design's name: `edge-security`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.trim().chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "design".to_owned() } else { slug.to_owned() }
}
