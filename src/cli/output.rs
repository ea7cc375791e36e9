//! What the program prints: data on stdout, words for people on stderr. The only file that prints.
#![allow(clippy::print_stderr, reason = "printing is what this file is for")]

use std::error::Error;
use std::io::{self, Write as _};

use super::Exit;

/// Data for a file or another program. A reader that has gone away is no error: it had what it wanted.
pub(super) fn data(bytes: &[u8]) -> Exit {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Exit::Success,
        Err(err) if err.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
        Err(err) => {
            error(&err);
            Exit::Unusable
        }
    }
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
