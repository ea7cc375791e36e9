//! What the program prints: data on stdout, words for people on stderr. The only file that prints.
#![allow(clippy::print_stderr, reason = "printing is what this file is for")]

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use super::Exit;
use crate::adapters::files;

/// Data for a file or another program. A reader that has gone away is no error: it had what it wanted.
pub(super) fn data(bytes: &[u8]) -> Exit {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Success,
        Err(err) if err.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
        Err(err) => {
            note(&format!("error: standard output could not be written: {err}"));
            Exit::Unusable
        }
    }
}

/// Data for a file, which is replaced as a whole, or for stdout where the path is `-`.
pub(super) fn file_or_data(path: &Path, bytes: &[u8]) -> Exit {
    if is_stdout(path) {
        return data(bytes);
    }
    match files::write_atomic(path, bytes) {
        Ok(()) => Exit::Success,
        Err(err) => {
            error(&err);
            Exit::Unusable
        }
    }
}

/// Tells whether standard output is meant.
pub(super) fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Tells whether standard output has colours: a terminal that is not told otherwise, or whoever asks for them
/// (`NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE`, as most programs read them).
pub(super) fn has_colors() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_zero = |name: &str| std::env::var_os(name).is_some_and(|value| value == "0");
    if set("NO_COLOR") {
        return false;
    }
    if set("CLICOLOR_FORCE") && !is_zero("CLICOLOR_FORCE") {
        return true;
    }
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdout().is_terminal() && !is_dumb && !is_zero("CLICOLOR")
}

/// A note for people.
pub(super) fn note(text: &str) {
    eprintln!("{}", text.trim_end());
}

/// An error and its causes, a line each.
pub(super) fn error(err: &dyn Error) {
    eprintln!("error: {err}");
    let mut cause = err.source();
    while let Some(err) = cause {
        eprintln!("  caused by: {err}");
        cause = err.source();
    }
}
