//! Export to a file or a folder, and what it leaves behind in the cluster (`product.md`, No longer exported).
//!
//! [`write_export`] serves the window and the command line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::notice::sentence;
use super::{Derivation, DocumentNumber, JobEvent, Question, Workspace, key};
use crate::adapters::files::{self, FileError};
use crate::formats::{self, Export, ExportOptions, ObjectRef, no_longer_exported, objects_in};
use crate::model::Severity;

/// The list of the files that exports into a folder have written: a line for each, with a mark of its text and its name.
const LIST: &str = ".billfold-export";

/// How the names of manifests end.
const MANIFESTS: [&str; 3] = [".yaml", ".yml", ".json"];

/// An object that an earlier export wrote and this one does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The object: it runs on beside the new ones until it is deleted.
    pub object: ObjectRef,
    /// The file that still holds it, if one does.
    pub file: Option<PathBuf>,
}

/// An object that is written, and that another file of the folder holds as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondCopy {
    /// The object.
    pub object: ObjectRef,
    /// The other file: what it says of the object is not what was written.
    pub file: PathBuf,
}

/// What an export has written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The files, in the order in which they were written.
    pub files: Vec<PathBuf>,
    /// What is no longer exported.
    pub gone: Vec<Gone>,
    /// What stands in a second file, which was left.
    pub copies: Vec<SecondCopy>,
    /// Files of earlier exports that were removed.
    pub pruned: Vec<PathBuf>,
    /// Files that hold nothing of their own any more and were left all the same, where it was asked to remove them.
    pub left: Vec<(PathBuf, Left)>,
}

/// Why a file was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// No export has written it.
    Foreign,
    /// It is not what the export has written: somebody has edited it since.
    Edited,
}

/// A mark of a file's text: the same text has the same mark.
fn mark(text: &[u8]) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, text).to_string()
}

/// Tells whether an export to this path writes a file an object: it ends with a separator, or is a folder.
pub fn is_folder_target(path: &Path) -> bool {
    path.to_string_lossy().ends_with(std::path::is_separator) || files::is_folder(path)
}

/// Writes an export to a file, which is replaced as a whole, or into a folder, a file an object. What is written no more
/// is named; with `prune` files of our own that hold nothing else are removed, unless somebody has edited them since.
pub fn write_export(export: &Export, target: &Path, prune: bool) -> Result<Written, FileError> {
    let concerned = export.concerned();
    if !is_folder_target(target) {
        let previous = match files::read(target) {
            Ok(bytes) => objects_in(&bytes).unwrap_or_default(),
            Err(err) if err.is_not_found() => Vec::new(),
            // What cannot be read may still be replaced.
            Err(_) => Vec::new(),
        };
        files::write_atomic(target, export.text().as_bytes())?;
        let gone = no_longer_exported(&previous, &concerned);
        let gone = gone.into_iter().map(|object| Gone { object: object.clone(), file: None }).collect();
        return Ok(Written { files: vec![target.to_owned()], gone, ..Written::default() });
    }
    write_folder(export, target, &concerned, prune)
}

fn write_folder(
    export: &Export,
    folder: &Path,
    concerned: &[ObjectRef],
    prune: bool,
) -> Result<Written, FileError> {
    files::make_folder(folder)?;
    let list = folder.join(LIST);
    let ours = files::read(&list).map_or_else(|_| Marks::default(), |bytes| Marks::read(&bytes));
    let texts = export.files();
    let now = export.written();
    let mut written = Written::default();
    let mut marks = Marks::default();
    for (name, text) in &texts {
        marks.add(name, mark(text.as_bytes()));
    }
    for present in files::list(folder, &MANIFESTS)? {
        let name = files::name(&present);
        if marks.of(&name).is_some() {
            // Replaced as a whole: what it held and is not written is gone.
            let previous = files::read(&present).ok().and_then(|bytes| objects_in(&bytes).ok());
            let previous = previous.unwrap_or_default();
            let gone = no_longer_exported(&previous, concerned);
            written.gone.extend(gone.into_iter().map(|it| Gone { object: it.clone(), file: None }));
            continue;
        }
        let Ok(bytes) = files::read(&present) else { continue };
        let Ok(held) = objects_in(&bytes) else { continue };
        let gone = no_longer_exported(&held, concerned);
        // What is exported and not written now (blocked, withheld) has no other file than this.
        let not_now = no_longer_exported(&held, &now);
        let is_stale = gone.len() == not_now.len() && !held.is_empty();
        let own_marks = ours.of(&name);
        let left = match own_marks {
            None => Some(Left::Foreign),
            Some(own) if !own.contains(&mark(&bytes)) => Some(Left::Edited),
            Some(_) => None,
        };
        let is_pruned = prune && is_stale && left.is_none();
        let file = (!is_pruned).then(|| present.clone());
        written.gone.extend(gone.into_iter().map(|it| Gone { object: it.clone(), file: file.clone() }));
        if is_pruned {
            written.pruned.push(present);
            continue;
        }
        for own in own_marks.into_iter().flatten() {
            marks.add(&name, own.clone());
        }
        let copied = held.iter().filter(|object| !not_now.contains(object));
        written
            .copies
            .extend(copied.map(|object| SecondCopy { object: object.clone(), file: present.clone() }));
        if prune && is_stale {
            written.left.extend(left.map(|left| (present, left)));
        }
    }
    // The list comes first: a file is known as ours before it is there, should the export break off half-way.
    files::write_atomic(&list, ours.joined(&marks).text().as_bytes())?;
    for (name, text) in &texts {
        let path = folder.join(name);
        files::write_atomic(&path, text.as_bytes())?;
        written.files.push(path);
    }
    for path in &written.pruned {
        files::remove(path)?;
    }
    files::write_atomic(&list, marks.text().as_bytes())?;
    Ok(written)
}

/// The list of the files that exports have written: by name, the marks of the texts that we gave or are about to give it.
#[derive(Clone, Debug, Default)]
struct Marks(BTreeMap<String, Vec<String>>);

impl Marks {
    /// Reads a list. A line without a mark is of a file that nobody can tell from an edited one.
    fn read(bytes: &[u8]) -> Self {
        let mut marks = Self::default();
        for line in String::from_utf8_lossy(bytes).lines() {
            match line.split_once(' ') {
                Some((mark, name)) if Uuid::try_parse(mark).is_ok() => marks.add(name, mark.to_owned()),
                _ => marks.add(line, String::new()),
            }
        }
        marks
    }

    fn add(&mut self, name: &str, mark: String) {
        let marks = self.0.entry(name.to_owned()).or_default();
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }

    /// `None` for a file that no export has written.
    fn of(&self, name: &str) -> Option<&Vec<String>> {
        self.0.get(name)
    }

    fn joined(&self, other: &Self) -> Self {
        let mut joined = self.clone();
        for (name, marks) in &other.0 {
            for mark in marks {
                joined.add(name, mark.clone());
            }
        }
        joined
    }

    fn text(&self) -> String {
        let lines = self.0.iter().flat_map(|(name, marks)| {
            marks.iter().map(
                move |mark| if mark.is_empty() { format!("{name}\n") } else { format!("{mark} {name}\n") },
            )
        });
        lines.collect()
    }
}

/// What was exported before, to be compared with.
#[derive(Debug, Default)]
pub(super) struct Previous {
    /// The first derived export is what the document gave as it was opened.
    waits_for_first: bool,
    objects: Vec<ObjectRef>,
}

impl Previous {
    /// Nothing exported yet. Where the document `was_a_file`, it is compared with what it gave as it was opened.
    pub(super) fn new(was_a_file: bool) -> Self {
        Self { waits_for_first: was_a_file, objects: Vec::new() }
    }

    pub(super) fn opened_as(&mut self, export: &Export) {
        if std::mem::take(&mut self.waits_for_first) {
            self.objects = export.concerned();
        }
    }

    pub(super) fn gone(&self, export: &Export) -> Vec<ObjectRef> {
        no_longer_exported(&self.objects, &export.concerned()).into_iter().cloned().collect()
    }

    fn exported(&mut self, export: &Export) {
        self.waits_for_first = false;
        self.objects = export.concerned();
    }
}

/// What was answered of an export's questions; the questions come one after the other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Answers {
    /// Blocked objects are left out.
    partial: bool,
    /// Whether Secret data is written was answered.
    pub(super) secrets: bool,
}

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct ExportFlags {
    /// Blocked objects are left out.
    pub(super) partial: bool,
    /// Secret data is written.
    pub(super) with_secrets: bool,
}

/// How an export ended.
pub(super) struct ExportReport {
    /// The document that was exported: another one may have come in meanwhile.
    document: DocumentNumber,
    path: PathBuf,
    answers: Answers,
    result: ExportResult,
}

enum ExportResult {
    Ask(Question),
    /// Nothing to export; the reason.
    Nothing(String),
    Written {
        export: Arc<Export>,
        result: Result<Written, FileError>,
    },
}

impl Workspace {
    pub(super) fn export(&mut self, path: PathBuf, ExportFlags { partial, with_secrets }: ExportFlags) {
        let answers = Answers {
            partial: partial || self.export_answers.partial,
            secrets: with_secrets || self.export_answers.secrets,
        };
        self.export_answers = Answers::default();
        let document = self.number;
        let present = (self.latest.derived.revision == self.editor.revision()).then(|| self.latest.clone());
        let (input, registry) = (self.editor.derive_input(), Arc::clone(self.editor.registry()));
        let modules = Arc::clone(&self.module_files);
        let label = format!("Exporting to {}", files::name(&path));
        self.jobs.start(
            key::EXPORT,
            Some(label),
            move |_| {
                let latest = present.unwrap_or_else(|| Derivation::of(input, &registry, &modules));
                let export = if with_secrets {
                    let (derived, options) = (&latest.derived, ExportOptions { with_secrets });
                    Arc::new(formats::export(&derived.design, &registry, &derived.diagnostics, options))
                } else {
                    latest.export
                };
                let result = run(export, &path, answers);
                JobEvent::Exported(ExportReport { document, path, answers, result })
            },
            |reason| JobEvent::Failed { job: key::EXPORT, what: "The export could not be written", reason },
        );
    }

    pub(super) fn exported(&mut self, report: ExportReport) {
        let is_present = report.document == self.number;
        match report.result {
            ExportResult::Ask(_) if !is_present => {
                // The answer would export another document to this path.
                let text = format!(
                    "the document before this one was not exported: there was something to ask\n{}",
                    report.path.display()
                );
                self.notices.add_text(Severity::Warning, &text);
            }
            ExportResult::Ask(question) => {
                self.export_answers.partial = report.answers.partial;
                self.question = Some(question);
            }
            ExportResult::Nothing(reason) => {
                self.notices.add_about(key::EXPORT, Severity::Warning, &reason);
            }
            ExportResult::Written { result: Err(err), .. } => {
                self.notices.add_failure(key::EXPORT, &err.to_string());
            }
            ExportResult::Written { export, result: Ok(written) } => {
                let mut gone = written.gone;
                if is_present {
                    for object in self.exported.gone(&export) {
                        if !gone.iter().any(|known| known.object.is_same(&object)) {
                            gone.push(Gone { object, file: None });
                        }
                    }
                    self.exported.exported(&export);
                }
                self.notices.succeeded(key::EXPORT);
                let count = export.objects.len();
                let mut text = match count {
                    1 => "1 object was exported".to_owned(),
                    count => format!("{count} objects were exported"),
                };
                if !export.blocked.is_empty() {
                    text = format!("{text}, {} left out", export.blocked.len());
                }
                let notes: String = export.notes.iter().map(|note| sentence(note) + ".\n").collect();
                text = format!("{text}\n{notes}{}", report.path.display());
                self.notices.add_text(Severity::Info, &text);
                if !gone.is_empty() {
                    self.notices.add_text(Severity::Warning, &gone_text(&gone));
                }
                if !written.copies.is_empty() {
                    self.notices.add_text(Severity::Warning, &copies_text(&written.copies));
                }
            }
        }
    }
}

fn run(export: Arc<Export>, path: &Path, answers: Answers) -> ExportResult {
    let blocked: Vec<String> = export
        .blocked
        .iter()
        .map(|blocked| format!("{}: {} {}", blocked.object, blocked.reason.code, blocked.reason.message))
        .collect();
    let rest = export.objects.len();
    if !blocked.is_empty() && !answers.partial {
        return ExportResult::Ask(Question::ExportBlocked { path: path.to_owned(), blocked, rest });
    }
    if !export.withheld.is_empty() && !answers.secrets {
        let secrets = export.withheld.iter().map(|withheld| withheld.object.to_string()).collect();
        return ExportResult::Ask(Question::ExportSecrets { path: path.to_owned(), secrets });
    }
    if export.is_empty() {
        let reason = if !export.blocked.is_empty() {
            "every object is blocked by an error"
        } else if !export.withheld.is_empty() {
            "there are only Secrets, and their data was not asked for"
        } else {
            "no component gives an object of its own yet\nA plugin needs a filter or a url of its own; a reference has no \
             body."
        };
        return ExportResult::Nothing(format!("nothing to export: {reason}"));
    }
    let result = write_export(&export, path, false);
    ExportResult::Written { export, result }
}

/// "No longer exported: delete WasmPlugin shop/edge in the cluster, or both run".
fn gone_text(gone: &[Gone]) -> String {
    let names: Vec<String> = gone.iter().map(|gone| gone.object.to_string()).collect();
    let title = match names.as_slice() {
        [one] => format!("No longer exported: delete {one} in the cluster, or both run"),
        many => format!("No longer exported: delete {} objects in the cluster, or both run", many.len()),
    };
    let lines = gone.iter().map(|gone| match &gone.file {
        Some(file) => format!("{}, still in {}", gone.object, file.display()),
        None => gone.object.to_string(),
    });
    format!("{title}\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// "In a second file: WasmPlugin shop/edge".
fn copies_text(copies: &[SecondCopy]) -> String {
    let title = match copies {
        [one] => format!("In a second file: {}; delete that file, or the folder applies both", one.object),
        many => {
            format!("In second files: {} objects; delete those files, or the folder applies both", many.len())
        }
    };
    let lines: Vec<String> =
        copies.iter().map(|copy| format!("{}, also in {}", copy.object, copy.file.display())).collect();
    format!("{title}\n{}", lines.join("\n"))
}
