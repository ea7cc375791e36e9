//! What was typed that is no command: said in words, with the command that comes nearest.
//!
//! The window takes a file as its first argument, so a misspelt command looks like a file that is not there.

use std::ffi::OsString;
use std::path::Path;

/// What is wrong with the arguments behind the program's name, where they begin with neither an option nor one of
/// `commands`. `None`: they may be all right, or what is wrong with them is another matter.
pub(super) fn explain(typed: &[OsString], commands: &[&str], takes_file: bool) -> Option<String> {
    let (first, rest) = typed.split_first()?;
    let text = first.to_string_lossy();
    if text.starts_with('-') || commands.iter().chain(&["help"]).any(|command| *command == text) {
        return None;
    }
    if takes_file && is_file(&text, Path::new(first)) {
        let extra = rest.iter().map(|it| it.to_string_lossy()).find(|it| !it.starts_with('-'))?;
        return Some(format!(
            "error: the window opens one file, and `{extra}` is one too many\n\n\
             Open it with `billfold {text}`, or give both to a command: `billfold check {text} {extra}`."
        ));
    }
    if !takes_file && is_file(&text, Path::new(first)) {
        return Some(format!(
            "error: this build has no window to open `{text}` in\n\n\
             The commands are {}; `billfold check {text}` checks it.",
            commands.join(", ")
        ));
    }
    let file = if takes_file { ", and no file either" } else { "" };
    let tip = match nearest(&text, commands) {
        Some(command) => format!("Did you mean `{command}`? "),
        None => String::new(),
    };
    Some(format!(
        "error: there is no command `{text}`{file}\n\n{tip}The commands are {}; see `billfold --help`.",
        commands.join(", ")
    ))
}

/// Tells whether a file is meant: it is there, or it is written like a path or a name with an ending.
fn is_file(text: &str, path: &Path) -> bool {
    path.exists() || path.extension().is_some() || text.contains(std::path::is_separator)
}

/// The command that begins like this, else the one with the fewest letters changed, unless it has next to nothing of
/// what was typed.
fn nearest<'a>(typed: &str, commands: &[&'a str]) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    if typed.len() > 1
        && let Some(command) = commands.iter().find(|command| command.starts_with(&typed))
    {
        return Some(command);
    }
    let distances = commands.iter().map(|command| (distance(&typed, command), *command));
    let (distance, command) = distances.min_by_key(|(distance, _)| *distance)?;
    let length = typed.chars().count().max(command.len());
    (distance * 2 <= length + 1).then_some(command)
}

/// How many letters have to be added, left out, or replaced (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: [&str; 7] = ["check", "chain", "evaluate", "export", "import", "completions", "man"];

    fn said(typed: &[&str], takes_file: bool) -> String {
        let typed: Vec<OsString> = typed.iter().map(Into::into).collect();
        explain(&typed, &COMMANDS, takes_file).unwrap_or_default()
    }

    #[test]
    fn the_nearest_command_is_named() {
        for (typed, meant) in [
            ("chek", "check"),
            ("chian", "chain"),
            ("exprot", "export"),
            ("EVAL", "evaluate"),
            ("imports", "import"),
        ] {
            assert_eq!(nearest(typed, &COMMANDS), Some(meant), "{typed}");
        }
        for typed in ["xyzzy", "q", ""] {
            assert_eq!(nearest(typed, &COMMANDS), None, "{typed}");
        }
    }

    #[test]
    fn what_is_no_command_is_told_from_a_file() {
        assert!(
            said(&["chek", "x"], true).starts_with("error: there is no command `chek`, and no file either\n")
        );
        assert!(said(&["chek"], false).starts_with("error: there is no command `chek`\n"));
        assert!(said(&["design.yaml"], false).contains("no window to open `design.yaml`"));
        for typed in [
            &["check", "x"][..],
            &["--help"],
            &["help", "check"],
            &[],
            &["design.yaml"],
            &["a/b", "--timing"],
        ] {
            assert_eq!(said(typed, true), "", "{typed:?}");
        }
        assert!(said(&["a.yaml", "b.yaml"], true).contains("`b.yaml` is one too many"));
    }
}
