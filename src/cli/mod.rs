//! The command line: arguments and, one file each, the subcommands.

mod output;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory as _, Parser};

/// Design configurator for Envoy and Istio WebAssembly extensions.
#[derive(Clone, Debug, Parser)]
#[command(name = "billfold", version, about)]
pub struct Args {
    /// A design or manifests to open in the window.
    pub file: Option<PathBuf>,
    /// Print the time from process start to the first frame that paints the design.
    #[arg(long)]
    pub timing: bool,
}

/// Says on stderr why the program ends, with all causes, and gives the exit code 2.
pub fn fail(err: &dyn std::error::Error) -> ExitCode {
    output::error(err);
    ExitCode::from(2)
}

/// Says how long the window took to its first frame (`--timing`).
pub fn report_first_frame(time: Duration) {
    output::note(&format!("first frame: {} ms", time.as_millis()));
}

/// Prints the help on stderr and gives the exit code 2: there is nothing to do without arguments.
pub fn help() -> ExitCode {
    output::note(&Args::command().render_help().to_string());
    ExitCode::from(2)
}
