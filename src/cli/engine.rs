//! From a text to what follows from it: the same steps as in the window, in memory, and the text is never written.

use std::sync::Arc;

use crate::adapters::modules::ModuleFiles;
use crate::editor::{DeriveInput, Derived, derive};
use crate::formats::Positions;
use crate::model::{Design, Diagnostic, FieldPath, Segment, Severity, Subject};
use crate::registry::Registry;
use crate::validate::{Options, object_name};
use crate::workspace::modules::with_modules;
use crate::yaml::Position;

/// A finding with its place in a file, in the words of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// The file as it was given.
    pub(super) file: String,
    /// Line and column, from 1; `None` for a finding about a whole file.
    pub(super) position: Option<(u32, u32)>,
    /// The code.
    pub(super) code: &'static str,
    /// How bad.
    pub(super) severity: Severity,
    /// What is wrong.
    pub(super) message: String,
    /// `Kind/namespace/name`, if it is about an object.
    pub(super) object: Option<String>,
    /// JSON Pointer of the field, from the object's root.
    pub(super) path: String,
    /// How it could be mended.
    pub(super) fix: Option<String>,
    /// From which severity on its project fails, if it says so.
    pub(super) deny: Option<Severity>,
    /// Whether it makes the command fail.
    pub(super) is_denied: bool,
    /// Why it was accepted, if it was.
    pub(super) ignored: Option<String>,
    /// Whether that stands in the file itself.
    pub(super) is_ignored_in_source: bool,
}

impl Finding {
    /// A finding about a file that cannot be read.
    pub(super) fn of_file(file: String, position: Option<(u32, u32)>, message: String) -> Self {
        Self {
            file,
            position,
            code: "FM001",
            severity: Severity::Error,
            message,
            object: None,
            path: String::new(),
            fix: None,
            deny: None,
            is_denied: false,
            ignored: None,
            is_ignored_in_source: false,
        }
    }

    /// Whether it is about a Secret, whose lines are not shown.
    pub(super) fn is_secret(&self) -> bool {
        self.object.as_ref().is_some_and(|object| object.starts_with("Secret/"))
    }
}

/// Evaluates and checks a design; `noticed` is what its text gave rise to.
pub(super) fn evaluate_and_check(
    design: Design,
    noticed: Vec<Diagnostic>,
    registry: &Arc<Registry>,
    options: &Arc<Options>,
) -> Derived {
    let options = with_modules(options, &design, &ModuleFiles::default());
    let input = DeriveInput::new(Arc::new(design), Arc::clone(registry));
    derive(&input.with_noticed(noticed).with_options(options))
}

/// Puts a finding into the words of the output. `file_of` tells which file a subject stands in.
pub(super) fn finding(
    diagnostic: &Diagnostic,
    design: &Design,
    positions: &Positions,
    file_of: impl Fn(Subject, &FieldPath) -> String,
) -> Finding {
    let subject = anchored(diagnostic.location.subject, design, positions);
    let path = &diagnostic.location.path;
    let position = positions.position(subject, path);
    Finding {
        file: file_of(subject, path),
        position: position.map(numbers),
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: diagnostic.message.clone(),
        object: object_name(diagnostic.location.subject, design),
        path: object_pointer(path),
        fix: diagnostic.fix.as_ref().map(|fix| fix.label.clone()),
        deny: None,
        is_denied: false,
        ignored: None,
        is_ignored_in_source: false,
    }
}

fn numbers(position: Position) -> (u32, u32) {
    (position.line, position.column)
}

/// A relationship that the evaluation made stands in no file: its child does.
fn anchored(subject: Subject, design: &Design, positions: &Positions) -> Subject {
    let Subject::Relationship(id) = subject else { return subject };
    if positions.position(subject, &[]).is_some() {
        return subject;
    }
    let child = design.relationship(id).and_then(|it| it.pairs().first()?.from);
    child.map_or(Subject::Design, Subject::Component)
}

/// The pointer from the object's root: what stands below `configuration` in a design is the object, but for its kind and
/// the version of its API.
fn object_pointer(path: &FieldPath) -> String {
    if path.is_keys(&["component", "kind"]) {
        return "/kind".to_owned();
    }
    if path.is_keys(&["component", "version"]) {
        return "/apiVersion".to_owned();
    }
    match path.first().and_then(Segment::as_key) {
        Some("configuration") => FieldPath::from(&path[1..]).to_pointer(),
        _ => path.to_pointer(),
    }
}
