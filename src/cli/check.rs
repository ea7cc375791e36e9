//! `billfold check`: what would go wrong, said before a cluster is touched.
//!
//! Each design is checked by itself. All manifests that are named together are checked as one set, as they would meet in
//! a cluster: a selector in one file may find a workload in another.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::formats::{self, Opened, ReadError, ReadErrorKind};
use crate::model::{FieldPath, Severity, Subject};
use crate::registry::Registry;
use crate::validate::Options;
use crate::yaml::Document;

use super::assumed::Assumed;
use super::engine::{self, Finding};
use super::input::{self, Source};
use super::modules::ModuleArgs;
use super::{Exit, definitions, output, report};

/// Check designs, manifests and directories, and say what would go wrong in the cluster.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing at the deny level, 1 findings at it, 2 something could not be read.\n\n\
    Examples:\n  \
    billfold check design.yaml\n  \
    billfold check --deny warning manifests/\n  \
    kustomize build . | billfold check - --format json"
)]
pub struct CheckArgs {
    /// A design, manifests, a directory, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    format: CheckFormat,
    /// From which severity on findings make the command fail.
    #[arg(long, value_enum, default_value_t = DenyLevel::Error, value_name = "SEVERITY")]
    deny: DenyLevel,
    #[command(flatten)]
    assumed: Assumed,
    #[command(flatten)]
    modules: ModuleArgs,
}

/// How `check` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// A line for each finding.
    Text,
    /// One JSON object.
    Json,
}

/// From which severity on `check` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DenyLevel {
    /// Errors only.
    Error,
    /// Warnings, too.
    Warning,
    /// Everything.
    Info,
}

impl DenyLevel {
    fn denies(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity == Severity::Error,
            Self::Warning => severity <= Severity::Warning,
            Self::Info => true,
        }
    }
}

/// What a run collects.
#[derive(Default)]
struct Collected {
    /// How to check.
    options: Arc<Options>,
    findings: Vec<Finding>,
    /// Files in directories that hold nothing to check.
    skipped: usize,
    is_unreadable: bool,
    /// Documents of manifests, with the file of each.
    documents: Vec<Document>,
    files: Vec<String>,
}

pub(super) fn run(args: &CheckArgs) -> Exit {
    let registry = definitions::of_settings();
    let (sources, unreadable) = input::read_all(&args.paths);
    let mut options = args.assumed.options();
    match args.modules.read() {
        Ok(modules) => Arc::make_mut(&mut options).facts.by_name = modules,
        Err(err) => {
            output::error(&err);
            return Exit::Unusable;
        }
    }
    let mut collected = Collected { options, ..Collected::default() };
    for failure in unreadable {
        output::error(&failure.error);
        // The path is said beside it, and is no part of the message.
        let message = failure.error.to_string();
        let message = message.lines().next().unwrap_or_default().to_owned();
        collected.unreadable(failure.name, None, message);
    }
    for source in &sources {
        collected.add(source, &registry);
    }
    collected.check_manifests(&registry);
    if collected.skipped > 0 {
        let files = if collected.skipped == 1 { "file" } else { "files" };
        output::note(&format!(
            "skipped {} {files} without an object that has apiVersion and kind",
            collected.skipped
        ));
    }
    report::sort(&mut collected.findings);
    let text = match args.format {
        CheckFormat::Text => report::text(&collected.findings),
        CheckFormat::Json => report::json(&collected.findings),
    };
    let printed = output::data(text.as_bytes());
    if collected.is_unreadable || printed == Exit::Unusable {
        return Exit::Unusable;
    }
    let is_denied = collected.findings.iter().any(|finding| args.deny.denies(finding.severity));
    if is_denied { Exit::Findings } else { Exit::Success }
}

impl Collected {
    fn add(&mut self, source: &Source, registry: &Arc<Registry>) {
        match formats::content(&source.bytes) {
            Ok(formats::Content::Design) => match formats::open(&source.bytes) {
                Ok(opened) => self.check(opened, registry, |_, _| source.name.clone()),
                Err(err) => self.refused(source, &err),
            },
            Ok(formats::Content::Manifests(documents)) => {
                self.files.extend(documents.iter().map(|_| source.name.clone()));
                self.documents.extend(documents);
            }
            Err(err) => self.refused(source, &err),
        }
    }

    /// A text that is neither: a template is no error, and a directory may hold other things, too.
    fn refused(&mut self, source: &Source, err: &ReadError) {
        let position = Some((err.position.line, err.position.column));
        match err.kind {
            ReadErrorKind::Template => self.findings.push(Finding {
                severity: Severity::Info,
                code: "FM002",
                ..file_finding(source.name.clone(), position, err.message.clone())
            }),
            ReadErrorKind::Unknown | ReadErrorKind::Empty | ReadErrorKind::Unsupported
                if !source.is_named =>
            {
                self.skipped += 1;
            }
            _ => {
                self.unreadable(source.name.clone(), position, err.message.clone());
            }
        }
    }

    fn unreadable(&mut self, name: String, position: Option<(u32, u32)>, message: String) {
        self.is_unreadable = true;
        self.findings.push(file_finding(name, position, message));
    }

    fn check_manifests(&mut self, registry: &Arc<Registry>) {
        let documents = std::mem::take(&mut self.documents);
        if documents.is_empty() {
            return;
        }
        let files = std::mem::take(&mut self.files);
        let opened =
            formats::open_manifests(documents, registry, formats::OpenOptions { make_filters: false });
        let positions = opened.positions.clone();
        self.check(opened, registry, |subject, path| {
            // What is about all of them stands at the first.
            let document = positions.document(subject, path).unwrap_or(0);
            files.get(document).cloned().unwrap_or_default()
        });
    }

    fn check(
        &mut self,
        opened: Opened,
        registry: &Arc<Registry>,
        file_of: impl Fn(Subject, &FieldPath) -> String,
    ) {
        let derived = engine::evaluate_and_check(opened.design, registry, &self.options);
        for diagnostic in opened.findings.iter().chain(&derived.diagnostics) {
            self.findings.push(engine::finding(diagnostic, &derived.design, &opened.positions, &file_of));
        }
    }
}

fn file_finding(file: String, position: Option<(u32, u32)>, message: String) -> Finding {
    Finding {
        file,
        position,
        code: "FM001",
        severity: Severity::Error,
        message,
        object: None,
        path: String::new(),
        fix: None,
    }
}
