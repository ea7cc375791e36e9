//! The command line: arguments and, one file each, the subcommands.
//!
//! Data goes to stdout, words for people to stderr. The exit codes are a contract: see [`Exit`].

mod assumed;
mod chain;
mod check;
mod checked;
mod definitions;
mod diff;
mod documentation;
mod engine;
mod evaluate;
mod export;
mod import;
mod input;
mod mend;
mod modules;
mod output;
mod projects;
mod report;
mod rules;
mod typed;

#[cfg(feature = "gui")]
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory as _, Parser, Subcommand};

#[cfg(feature = "gui")]
const EXAMPLES: &str = "Examples:\n  \
    billfold designs/edge-security.yaml          open a design in the window\n  \
    billfold check designs/ manifests/           say what would go wrong in the cluster\n  \
    billfold export design.yaml | kubectl apply -f -\n  \
    billfold import plugins.yaml -o design.yaml  make a design of manifests";

/// Built without the window, the program has no use for a file of its own.
#[cfg(not(feature = "gui"))]
const EXAMPLES: &str = "Examples:\n  \
    billfold check designs/ manifests/           say what would go wrong in the cluster\n  \
    billfold export design.yaml | kubectl apply -f -\n  \
    billfold import plugins.yaml -o design.yaml  make a design of manifests\n\n\
    This program was built without its window.";

/// Design configurator for Envoy and Istio WebAssembly extensions.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "billfold",
    version,
    about,
    after_help = EXAMPLES
)]
#[cfg_attr(feature = "gui", command(args_conflicts_with_subcommands = true))]
pub struct Args {
    /// A design or manifests to open in the window.
    #[cfg(feature = "gui")]
    pub file: Option<PathBuf>,
    /// Print the time from process start to the first frame that paints the design.
    #[cfg(feature = "gui")]
    #[arg(long)]
    pub timing: bool,
    /// What to do without a window.
    #[command(subcommand)]
    pub command: Option<Subcommands>,
}

/// The subcommands.
#[derive(Clone, Debug, Subcommand)]
pub enum Subcommands {
    /// Check designs, manifests and directories, and say what would go wrong in the cluster.
    Check(check::CheckArgs),
    /// Show which filters run in the proxies of workloads and gateways, and in which order.
    Chain(chain::ChainArgs),
    /// Evaluate a design: validate its relationships and let values flow along them.
    Evaluate(evaluate::EvaluateArgs),
    /// Write the Kubernetes manifests of a design.
    Export(export::ExportArgs),
    /// Make a design of Kubernetes manifests.
    Import(import::ImportArgs),
    /// Print the completions for a shell.
    Completions(documentation::CompletionsArgs),
    /// Print the manual page.
    Man,
}

/// How a subcommand ended, short of what it printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done; `check` found nothing at its deny level.
    Success,
    /// 1: `check` found something at its deny level, `export` could not write everything.
    Findings,
    /// 2: unusable arguments, or input that could not be read.
    Unusable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::SUCCESS,
            Exit::Findings => Self::from(1),
            Exit::Unusable => Self::from(2),
        }
    }
}

/// Reads the arguments of the program; on the error that ends it, what to do is said on stderr.
///
/// `--help` and `--version` end the program, too, with 0.
pub fn parse() -> Result<Args, ExitCode> {
    let typed: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let command = Args::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let behind = typed.get(1..).unwrap_or_default();
    if let Some(text) = typed::explain(behind, &names, cfg!(feature = "gui")) {
        output::note(&text);
        return Err(Exit::Unusable.into());
    }
    Args::try_parse_from(typed).map_err(|err| err.exit())
}

/// Runs a subcommand.
pub fn run(command: Subcommands) -> ExitCode {
    let exit = match command {
        Subcommands::Check(args) => check::run(&args),
        Subcommands::Chain(args) => chain::run(&args),
        Subcommands::Evaluate(args) => evaluate::run(&args),
        Subcommands::Export(args) => export::run(&args),
        Subcommands::Import(args) => import::run(&args),
        Subcommands::Completions(args) => documentation::completions(&args),
        Subcommands::Man => documentation::man(),
    };
    exit.into()
}

/// Says on stderr why the program ends, with all causes, and gives the exit code 2.
pub fn fail(err: &dyn std::error::Error) -> ExitCode {
    output::error(err);
    Exit::Unusable.into()
}

/// Says how long the window took to its first frame (`--timing`).
pub fn report_first_frame(time: Duration) {
    output::note(&format!("first frame: {} ms", time.as_millis()));
}

/// Prints the help on stderr and gives the exit code 2: there is nothing to do without arguments.
pub fn help() -> ExitCode {
    output::note(&Args::command().render_help().to_string());
    Exit::Unusable.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }
}
