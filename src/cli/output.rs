//! What the program prints: data on stdout, words for people on stderr. The only file that prints.
#![allow(clippy::print_stderr, reason = "printing is what this file is for")]

use std::error::Error;
use std::io::{self, Write as _};
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
