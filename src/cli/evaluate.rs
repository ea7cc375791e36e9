//! `billfold evaluate`: the relationship patch policy over a design, with its trace.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::adapters::files;
use crate::formats::{self, DesignOrigin, OpenOptions, Origin, meshery};
use crate::policy;
use crate::yaml::{self, Format};

use super::{Exit, definitions, engine, input, output, report};

/// Evaluate a design: validate its relationships and let values flow along them.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit codes: 0 evaluated, whatever it found (see stderr and the trace), 2 unreadable.\n\n\
    Examples:\n  \
    billfold evaluate design.yaml\n  \
    billfold evaluate design.yaml --definitions relationships/\n  \
    billfold evaluate design.yaml --trace trace.json -o design.yaml"
)]
pub struct EvaluateArgs {
    /// The design, or - for standard input.
    design: PathBuf,
    /// Definitions of relationships and components beside the built-in ones: a file, or a directory of them. Those in
    /// the folder `definitions` of the settings are read without it.
    #[arg(long, value_name = "PATH")]
    definitions: Vec<PathBuf>,
    /// The notation of the result; that of the design unless it is given.
    #[arg(long, value_enum)]
    format: Option<DesignFormat>,
    /// Write what changed, and why, as JSON to this file.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Write the evaluated design to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write although comments, anchors or further documents of the text go.
    #[arg(long)]
    reformat: bool,
}

/// The notation of a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DesignFormat {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

pub(super) fn run(args: &EvaluateArgs) -> Exit {
    if args.trace.as_deref().is_some_and(output::is_stdout) {
        output::note("error: --trace needs a file: standard output holds the design");
        return Exit::Unusable;
    }
    if let Some(trace) = &args.trace
        && [Some(&args.design), args.output.as_ref()]
            .into_iter()
            .flatten()
            .any(|path| path == trace || files::is_same_file(path, trace))
    {
        output::note("error: --trace names the file of a design, which the trace would replace");
        return Exit::Unusable;
    }
    let bytes = match input::read(&args.design) {
        Ok(bytes) => bytes,
        Err(err) => {
            output::error(&err);
            return Exit::Unusable;
        }
    };
    let name = args.design.display().to_string();
    let Some(registry) = definitions::with(&args.definitions) else { return Exit::Unusable };
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
    let Origin::Design(origin) = &opened.origin else {
        output::note(&format!(
            "error: {name} holds manifests, no design: make one of them with billfold import"
        ));
        return Exit::Unusable;
    };
    let (design, evaluation) = policy::evaluated(&opened.design, &registry, true);
    for diagnostic in &evaluation.diagnostics {
        let finding = engine::finding(diagnostic, &design, &opened.positions, |_, _| name.clone());
        output::note(&report::line(&finding));
    }
    let is_changed = design != opened.design;
    let changes = evaluation.trace.components_updated.len()
        + evaluation.trace.relationships_added.len()
        + evaluation.trace.relationships_removed.len();
    output::note(&match changes {
        0 => "evaluated: nothing changed".to_owned(),
        1 => "evaluated: 1 change".to_owned(),
        n => format!("evaluated: {n} changes"),
    });
    if let Some(path) = &args.trace {
        let trace = yaml::emit(&evaluation.trace.to_value(), Format::Json);
        if let Err(err) = files::write_atomic(path, trace.as_bytes()) {
            output::error(&err);
            return Exit::Unusable;
        }
    }
    let format = match args.format {
        Some(DesignFormat::Yaml) => Format::Yaml,
        Some(DesignFormat::Json) => Format::Json,
        None => origin.format,
    };
    let is_as_read = !is_changed && format == origin.format;
    let text: Arc<[u8]> = if is_as_read {
        Arc::clone(&origin.bytes)
    } else {
        meshery::write(&design, format).into_bytes().into()
    };
    match args.output.as_deref().filter(|path| !output::is_stdout(path)) {
        Some(path) => write(path, &text, origin, is_as_read || args.reformat),
        None => output::data(&text),
    }
}

fn write(path: &Path, text: &[u8], origin: &DesignOrigin, may_lose: bool) -> Exit {
    if !may_lose && !origin.losses.is_empty() {
        output::note(&format!(
            "error: not written: the design's text holds {}, which would be lost; --reformat writes it all the same\n{}",
            origin.losses.describe(),
            path.display()
        ));
        return Exit::Unusable;
    }
    output::file_or_data(path, text)
}
