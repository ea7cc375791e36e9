//! `billfold import`: plain manifests become a design; what became of each object is said on stderr.

use std::path::PathBuf;

use clap::Args;

use crate::adapters::files;
use crate::formats::{self, ImportReport, Origin, Outcome, ReadErrorKind, meshery};
use crate::policy;
use crate::yaml::{Document, Format};

use super::{Exit, definitions, input, output};

/// Make a design of Kubernetes manifests.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Exit codes: 0 imported, 1 nothing to import, 2 something could not be read, or \
    -o names a file that is there already and --force is not given.\n\n\
    Examples:\n  \
    billfold import plugins.yaml workloads/ -o design.yaml\n  \
    kubectl get wasmplugins -A -o yaml | billfold import - -o design.yaml")]
pub struct ImportArgs {
    /// Manifests, a directory, or - for standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The design to write; JSON if its name ends with .json.
    #[arg(short, long, value_name = "DESIGN")]
    output: PathBuf,
    /// Replace the design that -o names, if there is one.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &ImportArgs) -> Exit {
    if let Some(path) = args.paths.iter().find(|path| files::is_same_file(path, &args.output)) {
        output::note(&format!(
            "error: the design would replace the manifests that it is made of; give another -o\n{}",
            path.display()
        ));
        return Exit::Unusable;
    }
    if !args.force && !output::is_stdout(&args.output) && files::is_file(&args.output) {
        output::note(&format!(
            "error: the file is there already, and nothing was imported; --force replaces it\n{}",
            args.output.display()
        ));
        return Exit::Unusable;
    }
    let (sources, unreadable) = input::read_all(&args.paths);
    let mut failed = !unreadable.is_empty();
    for failure in &unreadable {
        output::error(&failure.error);
    }
    let mut documents: Vec<Document> = Vec::new();
    let mut files_of: Vec<String> = Vec::new();
    let mut skipped = 0_usize;
    for source in sources {
        match formats::content(&source.bytes) {
            Ok(formats::Content::Manifests(found)) => {
                files_of.extend(found.iter().map(|_| source.name.clone()));
                documents.extend(found);
            }
            Ok(formats::Content::Design) if source.is_named => {
                output::note(&format!("error: {} is a design already: open it as it is", source.name));
                failed = true;
            }
            Err(err) if source.is_named => {
                let at = err.position;
                output::note(&format!("error: {}:{}:{}: {}", source.name, at.line, at.column, err.message));
                failed = true;
            }
            Err(err) if matches!(err.kind, ReadErrorKind::Text(_) | ReadErrorKind::Template) => {
                let at = err.position;
                output::note(&format!("skipped {}:{}:{}: {}", source.name, at.line, at.column, err.message));
            }
            Ok(formats::Content::Design) | Err(_) => skipped += 1,
        }
    }
    if skipped > 0 {
        let files = if skipped == 1 { "file" } else { "files" };
        output::note(&format!("skipped {skipped} {files} without an object that has apiVersion and kind"));
    }
    if failed {
        return Exit::Unusable;
    }
    let registry = definitions::of_settings();
    let opened = formats::open_manifests(documents, &registry, formats::OpenOptions { make_filters: true });
    let Origin::Manifests { report } = &opened.origin else { return Exit::Unusable };
    say(report, &files_of);
    if report.kept() == 0 {
        output::note(match report.objects.len() {
            0 => "nothing to import: no object has an apiVersion and a kind",
            _ => "nothing to import: none of it was understood",
        });
        return Exit::Findings;
    }
    let (design, _) = policy::evaluated(&opened.design, &registry, true);
    let is_json = args.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let text = meshery::write(&design, if is_json { Format::Json } else { Format::Yaml });
    output::file_or_data(&args.output, text.as_bytes())
}

/// A line for each object, and a count.
fn say(report: &ImportReport, files_of: &[String]) {
    for object in &report.objects {
        let name = match &object.kind {
            Some(kind) if object.namespace.is_empty() => format!("{}/{}", kind.kind, object.name),
            Some(kind) => format!("{}/{}/{}", kind.kind, object.namespace, object.name),
            None => "document".to_owned(),
        };
        let outcome = match &object.outcome {
            Outcome::Kept => "kept".to_owned(),
            Outcome::KeptUnknownKind => "kept as it is: its kind is not known here".to_owned(),
            Outcome::Converted(changes) => format!("converted: {}", changes.join("; ")),
            Outcome::NotUnderstood(reason) => format!("not understood: {reason}"),
        };
        let file = files_of.get(object.document).map_or("", String::as_str);
        output::note(&format!("{file}:{}: {name}: {outcome}", object.position.line));
    }
    let lost = report.not_understood().count();
    let objects = if report.kept() == 1 { "object" } else { "objects" };
    output::note(&format!("{} {objects} imported, {lost} not understood", report.kept()));
}
