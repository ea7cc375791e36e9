//! `billfold export`: the manifests of a design, the same bytes as in the window's preview.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::adapters::files;
use crate::formats::{self, Blocked, Export, ExportOptions, OpenOptions};
use crate::model::{Diagnostic, Subject};
use crate::workspace::export::{Left, Written, is_folder_target, write_export};

use super::assumed::Assumed;
use super::projects::Settings;
use super::{Exit, definitions, engine, input, output, report};

/// Write the Kubernetes manifests of a design.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit codes: 0 all written, 1 an object is blocked (nothing is written, unless --partial writes the \
    rest) or there is nothing to export, 2 unusable arguments or input.\n\n\
    Examples:\n  \
    billfold export design.yaml | kubectl apply --server-side -f -\n  \
    billfold export design.yaml --as wasmplugin -o manifests/ --prune"
)]
pub struct ExportArgs {
    /// The design, or - for standard input.
    design: PathBuf,
    /// The kind that plugins are written as.
    #[arg(long = "as", value_enum, default_value_t = ExportKind::Wasmplugin, value_name = "KIND")]
    kind: ExportKind,
    /// Write what is not blocked; the exit code is still 1 when something is.
    #[arg(long)]
    partial: bool,
    /// Write Secrets with their data.
    #[arg(long)]
    with_secrets: bool,
    /// Remove files of an earlier export into this folder that hold nothing any more, or what now stands in another file,
    /// and were not edited since.
    #[arg(long, requires = "output")]
    prune: bool,
    /// A file, or a folder (ending with /) for a file an object; standard output without it.
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    assumed: Assumed,
}

/// The kinds that plugins can be written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportKind {
    /// Istio's WasmPlugin.
    Wasmplugin,
}

pub(super) fn run(args: &ExportArgs) -> Exit {
    let ExportKind::Wasmplugin = args.kind;
    let name = args.design.display().to_string();
    let bytes = match input::read(&args.design) {
        Ok(bytes) => bytes,
        Err(err) => {
            output::error(&err);
            return Exit::Unusable;
        }
    };
    let registry = definitions::of_settings();
    let opened = match formats::open_with(&bytes, &registry, OpenOptions::default()) {
        Ok(opened) => opened,
        Err(err) => {
            output::note(&format!(
                "error: {name}:{}:{}: {}",
                err.position.line, err.position.column, err.message
            ));
            return Exit::Unusable;
        }
    };
    let target = args.output.as_deref().filter(|path| !output::is_stdout(path));
    if let Some(problem) = target.and_then(|path| unusable(path, args)) {
        output::note(&problem);
        return Exit::Unusable;
    }
    let settings = match Settings::of(&args.design, args.assumed.options()) {
        Ok(settings) => settings,
        Err(err) => {
            output::error(&err);
            return Exit::Unusable;
        }
    };
    let derived = engine::evaluate_and_check(opened.design, opened.findings, &registry, &settings.options);
    let options = ExportOptions { with_secrets: args.with_secrets };
    let findings = derived.diagnostics.as_slice();
    let export = formats::export(&derived.design, &registry, findings, options);
    for note in &export.notes {
        output::note(note);
    }
    // What is no object, or only half read, is not exported: that is said, too.
    let is_unread = |it: &&Diagnostic| it.code == "FM003" && it.location.subject == Subject::Design;
    for diagnostic in findings.iter().filter(is_unread) {
        let finding = engine::finding(diagnostic, &derived.design, &opened.positions, |_, _| name.clone());
        output::note(&format!("not exported: {}", report::line(&finding)));
    }
    for withheld in &export.withheld {
        output::note(&format!("left out: {}: {}", withheld.object.slashed(), withheld.reason));
    }
    for blocked in &export.blocked {
        let finding =
            engine::finding(&blocked.reason, &derived.design, &opened.positions, |_, _| name.clone());
        let place = finding.position.map_or_else(|| name.clone(), |(line, _)| format!("{name}:{line}"));
        output::note(&line(blocked, &place));
    }
    if !export.blocked.is_empty() {
        let count = export.blocked.len();
        output::note(&format!("{count} {} blocked", if count == 1 { "object" } else { "objects" }));
        if !args.partial {
            output::note("nothing was written; --partial writes the rest");
            return Exit::Findings;
        }
    }
    if export.objects.is_empty() {
        output::note(&format!(
            "nothing to export: {}",
            why_nothing(&export, derived.design.components().len())
        ));
        return Exit::Findings;
    }
    // Written as it stands, and said: kubectl refuses it.
    let is_written = |it: &&Diagnostic| it.code == "WP093" && export.is_written(&it.location.subject);
    for diagnostic in findings.iter().filter(is_written) {
        let finding = engine::finding(diagnostic, &derived.design, &opened.positions, |_, _| name.clone());
        output::note(&format!("written as it stands: {}", report::line(&finding)));
    }
    let written = match target {
        None => output::data(export.text().as_bytes()),
        Some(path) => match write_export(&export, path, args.prune) {
            Ok(written) => {
                say(&written);
                Exit::Success
            }
            Err(err) => {
                output::error(&err);
                Exit::Unusable
            }
        },
    };
    match written {
        Exit::Success if !export.blocked.is_empty() => Exit::Findings,
        exit => exit,
    }
}

/// Why nothing can be written to `path`.
fn unusable(path: &Path, args: &ExportArgs) -> Option<String> {
    if files::is_same_file(path, &args.design) {
        let path = path.display();
        return Some(format!("error: the manifests would replace the design; give another -o\n{path}"));
    }
    let is_idle = args.prune && !is_folder_target(path);
    is_idle.then(|| format!("error: --prune needs a folder: end -o with /\n{}", path.display()))
}

fn line(blocked: &Blocked, place: &str) -> String {
    let more = match blocked.further {
        0 => String::new(),
        n => format!("; and {n} more"),
    };
    format!(
        "blocked: {}: {} {} ({place}){more}",
        blocked.object.slashed(),
        blocked.reason.code,
        blocked.reason.message
    )
}

fn why_nothing(export: &Export, components: usize) -> &'static str {
    if !export.blocked.is_empty() {
        "every object is blocked"
    } else if !export.withheld.is_empty() {
        "there are only Secrets; --with-secrets writes them"
    } else if components == 0 {
        "the design has no components"
    } else {
        "no component has a body that could be applied"
    }
}

fn say(written: &Written) {
    for gone in &written.gone {
        let file = gone.file.as_ref().map_or(String::new(), |file| format!(" (still in {})", file.display()));
        output::note(&format!(
            "no longer exported: delete {} in the cluster, or both run{file}",
            gone.object
        ));
    }
    for copy in &written.copies {
        let file = copy.file.display();
        output::note(&format!("in a second file: {} also stands in {file}; delete that file", copy.object));
    }
    for file in &written.pruned {
        output::note(&format!("removed {}", file.display()));
    }
    for (file, left) in &written.left {
        let why = match left {
            Left::Foreign => "no export into this folder has written it",
            Left::Edited => "it was edited since it was exported",
        };
        output::note(&format!("not removed: {}: {why}; delete it if it is not needed", file.display()));
    }
}
