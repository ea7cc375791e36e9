//! The program: a window without a subcommand, the command line with one.

use std::process::ExitCode;
use std::time::Instant;

use billfold::cli::Args;

fn main() -> ExitCode {
    let started = Instant::now();
    match billfold::cli::parse() {
        Ok(Args { command: Some(command), .. }) => billfold::cli::run(command),
        Ok(args) => window(args, started),
        Err(code) => code,
    }
}

#[cfg(feature = "gui")]
fn window(args: Args, started: Instant) -> ExitCode {
    let on_first_frame =
        args.timing.then_some(Box::new(billfold::cli::report_first_frame) as billfold::ui::Report);
    match billfold::ui::run(billfold::ui::Options { file: args.file, on_first_frame, started }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => billfold::cli::fail(&err),
    }
}

/// Built without the window, the program needs a subcommand.
#[cfg(not(feature = "gui"))]
fn window(_args: Args, _started: Instant) -> ExitCode {
    billfold::cli::help()
}
