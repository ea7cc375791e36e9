//! What the program prints: data on stdout, words for people on stderr. The only file that prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this file is for")]

use std::error::Error;

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
