//! `billfold check`: what would go wrong, said before a cluster is touched.

use std::error::Error;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::editor::Derived;
use crate::model::Severity;
use crate::validate::{CodeFilter, CodePattern, Options};

use super::assumed::Assumed;
use super::mend::{self, MendArgs, Mending};
use super::modules::ModuleArgs;
use super::projects::Projects;
use super::report::{self, Paint, Report, ReportFormat};
use super::{Exit, checked, definitions, input, output, rules};

/// Check designs, manifests and directories, and say what would go wrong in the cluster.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing at the deny level, 1 findings at it, 2 something could not be read, or a --module is of nothing here.\n\n\
    Examples:\n  \
    billfold check design.yaml\n  \
    billfold check --deny warning --no-rule WP015 manifests/\n  \
    kustomize build . | billfold check - --format json"
)]
pub struct CheckArgs {
    /// A design, manifests, a directory, or - for standard input.
    #[arg(required_unless_present_any = ["list_rules", "explain"], value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    format: ReportFormat,
    /// From which severity on findings make the command fail; error, unless the project's file says otherwise.
    #[arg(long, value_enum, value_name = "SEVERITY")]
    deny: Option<DenyLevel>,
    /// Only these rules: a code (WP012) or the beginning of several (WP01, DS).
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    rule: Vec<CodePattern>,
    /// All rules but these.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    no_rule: Vec<CodePattern>,
    /// List what was found and accepted, too, with the reasons.
    #[arg(long)]
    show_ignored: bool,
    /// Say which rules had nothing to look at, for each object.
    #[arg(short, long)]
    verbose: bool,
    #[command(flatten)]
    mend: MendArgs,
    /// Colours in the text.
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    color: ColorChoice,
    #[command(flatten)]
    assumed: Assumed,
    #[command(flatten)]
    modules: ModuleArgs,
    /// A file or folder of definitions to check with, such as the CRDs of a cluster; may be repeated.
    /// Those in the folder `definitions` of the settings are read without it.
    #[arg(long, value_name = "PATH")]
    definitions: Vec<PathBuf>,
    /// List the rules instead; with --format json for programs.
    #[arg(long)]
    list_rules: bool,
    /// Say what a code means instead.
    #[arg(long, value_name = "CODE", value_parser = rules::code)]
    explain: Option<&'static crate::model::diagnostic::CodeInfo>,
}

/// When there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ColorChoice {
    #[value(help = "On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE asks for them elsewhere, too")]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    fn paint(self) -> Paint {
        Paint(match self {
            Self::Auto => output::has_colors(),
            Self::Always => true,
            Self::Never => false,
        })
    }
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
    fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
        }
    }
}

pub(super) fn run(args: &CheckArgs) -> Exit {
    if let Some(info) = args.explain {
        return output::data(rules::explanation(info).as_bytes());
    }
    if args.list_rules {
        let list = if args.format == ReportFormat::Json { rules::json() } else { rules::table() };
        return output::data(list.as_bytes());
    }
    let registry = if args.definitions.is_empty() {
        definitions::of_settings()
    } else {
        let Some(registry) = definitions::with(&args.definitions) else { return Exit::Unusable };
        registry
    };
    let projects = match args.projects() {
        Ok(projects) => projects,
        Err(err) => {
            output::error(&*err);
            return Exit::Unusable;
        }
    };
    let (mut sources, unreadable) = input::read_all(&args.paths);
    let mut checked = checked::check(&sources, &registry, &projects);
    let mut mending = Mending::new(args.mend.reformat);
    for _ in 0..if args.mend.fix { mend::ROUNDS } else { 0 } {
        if !mending.round(&checked, &mut sources, &registry) {
            break;
        }
        checked = checked::check(&sources, &registry, &projects);
    }
    let written = if args.mend.fix { mending.finish(&sources, args.mend.dry_run) } else { Exit::Success };
    checked.tell_unused(&args.paths, &projects);
    for failure in unreadable {
        output::error(&failure.error);
        // The path is said beside it, and is no part of the message.
        let message = failure.error.to_string();
        let message = message.lines().next().unwrap_or_default().to_owned();
        checked.unreadable(failure.name, None, message);
    }
    if checked.skipped > 0 {
        let files = if checked.skipped == 1 { "file" } else { "files" };
        output::note(&format!(
            "skipped {} {files} without an object that has apiVersion and kind",
            checked.skipped
        ));
    }
    let derived: Vec<&Derived> = checked.sets.iter().map(|set| &set.derived).collect();
    let unknown = args.modules.unknown(&derived);
    for name in &unknown {
        output::note(&format!(
            "warning: --module {name}=…: no filter, plugin or resource here is called {name}; its module was not looked at"
        ));
    }
    let is_incomplete = checked.is_unreadable || !unknown.is_empty();
    for finding in &mut checked.findings {
        let level = args.deny.map(DenyLevel::severity).or(finding.deny).unwrap_or(Severity::Error);
        finding.is_denied = finding.severity <= level;
    }
    report::sort(&mut checked.findings);
    report::sort(&mut checked.ignored);
    let files: Vec<(&str, &[u8])> = checked
        .files
        .iter()
        .filter_map(|place| sources.get(*place))
        .map(|source| (source.name.as_str(), source.bytes.as_slice()))
        .collect();
    let report = Report {
        findings: &checked.findings,
        ignored: &checked.ignored,
        shows_ignored: args.show_ignored,
        unchecked: if args.verbose { &checked.unchecked } else { &[] },
        files: &files,
        is_complete: !checked.is_unreadable,
    };
    let printed = if args.mend.takes_stdout(&sources) {
        output::note(&report.print(ReportFormat::Short, Paint(false)));
        written
    } else {
        match output::data(report.print(args.format, args.color.paint()).as_bytes()) {
            Exit::Success => written,
            exit => exit,
        }
    };
    if is_incomplete || printed == Exit::Unusable {
        return Exit::Unusable;
    }
    if checked.findings.iter().any(|finding| finding.is_denied) { Exit::Findings } else { Exit::Success }
}

impl CheckArgs {
    /// What the command line and the files of the projects say together.
    fn projects(&self) -> Result<Projects, Box<dyn Error>> {
        let filter = CodeFilter { only: self.rule.clone(), without: self.no_rule.clone() };
        let mut options = Options { filter, ..self.assumed.options() };
        options.facts.by_name = self.modules.read()?;
        Ok(Projects::read(&self.paths, &options)?)
    }
}
