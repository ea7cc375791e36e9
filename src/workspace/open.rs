//! New, Open, Open from the web, samples and Import. Reading, parsing and evaluating is a job; a failure changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Command, DocumentNumber, JobEvent, Question, SAMPLES, Workspace, ids, key};
use crate::adapters::files::{self, Stamp};
use crate::adapters::project;
use crate::editor::{Editor, StateId};
use crate::formats::{
    self, DesignOrigin, ImportOptions, ImportReport, OpenOptions, Opened, Origin, Outcome, ReadError,
};
use crate::model::{Design, Edit, FieldPath, Severity, Target};
use crate::policy::Trace;
use crate::registry::Registry;
use crate::validate::Options;
use crate::yaml;

/// A document that was read, and how it comes in.
pub(super) struct Opening {
    /// What asked for it.
    command: Command,
    /// The document that it takes the place of, and its state.
    replaces: (DocumentNumber, StateId),
    result: Result<Box<Document>, Failure>,
}

/// A document, read and evaluated.
struct Document {
    editor: Editor,
    origin: Option<DesignOrigin>,
    path: Option<PathBuf>,
    /// How the file looked before it was read.
    stamp: Option<Stamp>,
    notices: Vec<(Severity, String)>,
}

impl Document {
    /// Lets the checks follow the project's file that counts for `path`, as the command line does.
    fn follow_project(&mut self, path: &Path) {
        let Some(file) = project::find(path) else { return };
        match project::read(&file) {
            Ok(project) => {
                let mut options = Options::default();
                project.complete_for_file(&mut options, path);
                self.editor.set_check_options(Arc::new(options));
            }
            Err(err) => {
                let text = format!("The project's {} is not used\n{err}", project::FILE_NAME);
                self.notices.push((Severity::Warning, text));
            }
        }
    }
}

/// Why there is none: title, and more of it on further lines.
struct Failure {
    text: String,
    /// The file is not there.
    not_found: bool,
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self { text, not_found: false }
    }
}

impl From<files::FileError> for Failure {
    fn from(err: files::FileError) -> Self {
        Self { text: err.to_string(), not_found: err.is_not_found() }
    }
}

/// "design.yaml could not be opened: …", with the place and the path behind it.
fn unreadable(name: &str, whole: &str, err: &ReadError) -> Failure {
    let (line, column) = (err.position.line, err.position.column);
    format!("{name} could not be opened: {}\nLine {line}, column {column} of {whole}", err.message).into()
}

impl Workspace {
    pub(super) fn new_document(&mut self) {
        // What was asked for last counts.
        self.jobs.cancel(key::OPEN);
        let editor = Editor::open(ids::new_design("Untitled"), Arc::clone(self.editor.registry()));
        self.replace(Document { editor, origin: None, path: None, stamp: None, notices: Vec::new() });
    }

    pub(super) fn open(&mut self, path: PathBuf) {
        let name = files::name(&path);
        let command = Command::Open(path.clone());
        self.start_opening(command, format!("Opening {name}"), move |registry, _| {
            // Before it is read: what is written meanwhile is then seen as a change.
            let stamp = files::stamp(&path);
            let bytes = files::read(&path)?;
            let opened = read(&bytes, &registry)
                .map_err(|err| unreadable(&name, &path.display().to_string(), &err))?;
            let mut document = Document { stamp, ..document(opened, registry, Some(path.clone()), &name) };
            document.follow_project(&path);
            Ok(document)
        });
    }

    pub(super) fn open_sample(&mut self, index: usize) {
        let Some(sample) = SAMPLES.get(index) else { return };
        let label = format!("Opening {}", sample.title);
        self.start_opening(Command::OpenSample(index), label, move |registry, _| {
            let opened = read(sample.text.as_bytes(), &registry)
                .map_err(|err| unreadable(sample.title, sample.file_name, &err))?;
            Ok(document(opened, registry, None, sample.title))
        });
    }

    #[cfg(feature = "gui")]
    pub(super) fn open_url(&mut self, address: &str) {
        use crate::adapters::http;
        let url = match http::check_address(address) {
            Ok(url) => url,
            Err(err) => return self.notices.add_failure(key::OPEN, &err.to_string()),
        };
        let name = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let name = if name.is_empty() { url.host_str().unwrap_or_default() } else { name }.to_owned();
        let label = format!("Downloading {name}");
        let address = address.to_owned();
        self.start_opening(Command::OpenUrl(address.clone()), label, move |registry, progress| {
            let mut go_on = |done: u64, total: u64| {
                progress.report(done, total);
                !progress.is_cancelled()
            };
            let bytes = http::get(&address, http::Limits::default(), &mut go_on)
                .map_err(|err| Failure::from(err.to_string()))?;
            let opened = read(&bytes, &registry).map_err(|err| unreadable(&name, address.trim(), &err))?;
            Ok(document(opened, registry, None, &name))
        });
    }

    /// Without the window there is no network code.
    #[cfg(not(feature = "gui"))]
    pub(super) fn open_url(&mut self, address: &str) {
        let text = format!("this program was built without downloads\n{address}");
        self.notices.add_failure(key::OPEN, &text);
    }

    pub(super) fn import(&mut self, paths: Vec<PathBuf>) {
        let label = match paths.as_slice() {
            [] => return,
            [one] => format!("Importing {}", files::name(one)),
            many => format!("Importing {} files", many.len()),
        };
        self.start_opening(Command::Import(paths.clone()), label, move |registry, _| {
            let mut documents = Vec::new();
            for path in &paths {
                let parsed = yaml::parse_bytes(&files::read(path)?).map_err(ReadError::from);
                let parsed = parsed
                    .map_err(|err| unreadable(&files::name(path), &path.display().to_string(), &err))?;
                documents.extend(parsed.documents);
            }
            let name = match paths.as_slice() {
                [one] => stem(one),
                _ => ImportOptions::default().name,
            };
            let options = ImportOptions { name: name.clone(), ..ImportOptions::default() };
            let (design, report) = formats::import(&documents, &registry, &options);
            if report.kept() == 0 {
                return Err(nothing_in(&name, &report));
            }
            let notices = vec![imported(&report)];
            Ok(imported_document(Editor::open(design, registry), notices))
        });
    }

    /// Reads a document by a job and takes it over when it is there.
    fn start_opening(
        &mut self,
        command: Command,
        label: String,
        read: impl FnOnce(Arc<Registry>, &super::Progress) -> Result<Document, Failure> + Send + 'static,
    ) {
        let definitions = self.definitions.clone();
        let replaces = (self.number, self.editor.history().state());
        self.jobs.start(
            key::OPEN,
            Some(label),
            move |progress| {
                let result = read(definitions.read(), progress).map(Box::new);
                JobEvent::Opened(Opening { command, replaces, result })
            },
            |reason| JobEvent::Failed { job: key::OPEN, what: "The file could not be opened", reason },
        );
    }

    pub(super) fn opened(&mut self, opening: Opening) {
        match opening.result {
            Ok(document) => {
                // The user has gone on while it was read: what came in is not worth what would be lost.
                let present = (self.number, self.editor.history().state());
                if self.editor.is_dirty() && present != opening.replaces {
                    self.question = Some(Question::UnsavedChanges { then: Box::new(opening.command) });
                    return;
                }
                self.notices.succeeded(key::OPEN);
                self.replace(*document);
            }
            Err(failure) => {
                self.notices.add_failure(key::OPEN, &failure.text);
                if let (true, Command::Open(path)) = (failure.not_found, opening.command) {
                    self.change_settings(|settings| settings.forget_recent(&path));
                }
            }
        }
    }

    /// Puts a document in the place of the present one.
    fn replace(&mut self, document: Document) {
        let former = std::mem::replace(&mut self.editor, document.editor);
        self.editor.count_on_after(former.revision());
        // They may have been read again meanwhile.
        self.use_known_definitions();
        self.number.0 += 1;
        self.origin = document.origin;
        self.document.path = document.path;
        self.stamp = document.stamp;
        self.overwrites = false;
        self.document.is_blank = false;
        self.accepts_losses = false;
        self.after_save = None;
        self.save_target = None;
        self.question = None;
        self.export_answers = super::export::Answers::default();
        self.yaml_error = None;
        self.latest = super::Derivation::none();
        self.not_derivable = None;
        self.exported = super::export::Previous::new(self.origin.is_some());
        self.outbox.fit_all = true;
        self.jobs.cancel(key::DERIVE);
        self.jobs.cancel(key::PASTE);
        if let Some(path) = self.document.path.clone() {
            self.change_settings(|settings| settings.add_recent(&path));
        }
        for (severity, text) in document.notices {
            self.notices.add_text(severity, &text);
        }
        self.rename_document();
        self.derive();
    }
}

fn read(bytes: &[u8], registry: &Registry) -> Result<Opened, ReadError> {
    formats::open_with(bytes, registry, OpenOptions { make_filters: true })
}

/// The document of what was read: a design has its file, an import has none yet.
fn document(opened: Opened, registry: Arc<Registry>, path: Option<PathBuf>, name: &str) -> Document {
    let Opened { mut design, origin, findings, .. } = opened;
    match origin {
        Origin::Design(origin) => {
            let editor = Editor::open_with(design, registry, findings);
            let notices = evaluated(&editor.evaluation().trace, &editor).into_iter().collect();
            Document { editor, origin: Some(origin), path, stamp: None, notices }
        }
        Origin::Manifests { report } => {
            name_design(&mut design, &stem(Path::new(name)));
            let editor = Editor::open_with(design, registry, findings);
            imported_document(editor, vec![imported(&report)])
        }
    }
}

/// An import is a new document: it is in no file yet.
fn imported_document(mut editor: Editor, notices: Vec<(Severity, String)>) -> Document {
    editor.start_as_new();
    Document { editor, origin: None, path: None, stamp: None, notices }
}

/// Names a design that has no name in its text after its file.
fn name_design(design: &mut Design, name: &str) {
    if !name.is_empty() {
        // The design's own keys can always be set.
        let _undo = design.apply(Edit::SetField {
            target: Target::Design,
            path: FieldPath::keys(&["name"]),
            value: Some(name.into()),
            place: None,
        });
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// What evaluation on opening has changed, if it did.
fn evaluated(trace: &Trace, editor: &Editor) -> Option<(Severity, String)> {
    if editor.history().is_as_read() {
        return None;
    }
    let counted = [
        (trace.relationships_added.len(), "relationship was found", "relationships were found"),
        (trace.relationships_removed.len(), "relationship was removed", "relationships were removed"),
        (trace.components_updated.len(), "field was set", "fields were set"),
    ];
    let mut parts: Vec<String> = counted
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    if parts.is_empty() {
        parts.push("records were brought up to date".to_owned());
    }
    let parts = parts.join(", ");
    Some((
        Severity::Info,
        format!(
            "Opening evaluated the design: {parts}\nThe file is unchanged until you save. Undo takes it back; the Evaluation panel says why."
        ),
    ))
}

/// How many objects of an import a notice names.
const NAMED: usize = 8;

/// What an import made of each object.
fn imported(report: &ImportReport) -> (Severity, String) {
    let (mut lines, mut worst) = (Vec::new(), Severity::Info);
    for object in &report.objects {
        let kind = object.kind.as_ref().map_or("", |kind| kind.in_words());
        let what = [kind, &object.namespace, &object.name]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("/");
        match &object.outcome {
            Outcome::Kept => {}
            Outcome::KeptUnknownKind => {
                lines.push(format!("{what}: a kind that this program does not know; kept as it is"));
            }
            Outcome::Converted(changes) => lines.push(format!("{what}: {}", changes.join("; "))),
            Outcome::NotUnderstood(reason) => {
                worst = Severity::Warning;
                lines.push(format!("line {}: not understood: {reason}", object.position.line));
            }
        }
    }
    let more = lines.len().saturating_sub(NAMED);
    lines.truncate(NAMED);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    let left = report.objects.len() - report.kept();
    let mut title = match report.kept() {
        1 => "1 object was imported".to_owned(),
        kept => format!("{kept} objects were imported"),
    };
    if left > 0 {
        title = format!("{title}, {left} could not be");
    }
    (worst, format!("{title}\n{}", lines.join("\n")))
}

fn nothing_in(name: &str, report: &ImportReport) -> Failure {
    let reason = report.not_understood().find_map(|object| match &object.outcome {
        Outcome::NotUnderstood(reason) => Some(format!("line {}: {reason}", object.position.line)),
        _ => None,
    });
    let reason = reason.unwrap_or_else(|| "it is empty".to_owned());
    format!("there is nothing to import in {name}\n{reason}").into()
}
