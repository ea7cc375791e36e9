//! Paths as people type them: `~`, quotes, half-written names.

use std::path::{Path, PathBuf};

/// At most this many entries are offered; a folder may hold a million.
const MAX_ENTRIES: usize = 200;
/// At most this many entries of a folder are read.
const MAX_READ: usize = 20_000;

/// The path that `text` means: quotes and blanks around it go, `~` is the home folder, `file://` is taken off.
pub fn expand(text: &str) -> PathBuf {
    let text = text.trim();
    let quoted =
        text.len() >= 2 && ['"', '\''].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote));
    let text = if quoted { &text[1..text.len() - 1] } else { text };
    let text = text.strip_prefix("file://").unwrap_or(text);
    let home = || directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_path_buf());
    match text.strip_prefix('~') {
        Some("") => home().unwrap_or_else(|| text.into()),
        Some(rest) if rest.starts_with(['/', '\\']) => {
            home().map_or_else(|| text.into(), |home| join_text(&home, &rest[1..]))
        }
        _ => text.into(),
    }
}

/// Keeps a separator at the end, which says that a folder is meant.
fn join_text(folder: &Path, rest: &str) -> PathBuf {
    let mut path = folder.as_os_str().to_owned();
    path.push(std::path::MAIN_SEPARATOR_STR);
    path.push(rest);
    path.into()
}

/// The folder, in full, in which a file of this path lands; for a path that means a folder, that folder. A bare name
/// lands where the program was started. `None` while nothing is typed.
pub fn landing_folder(text: &str) -> Option<PathBuf> {
    let path = expand(text);
    let is_folder = path.to_string_lossy().ends_with(std::path::is_separator);
    let whole = std::path::absolute(&path).ok()?;
    let folder = if is_folder { whole.as_path() } else { whole.parent()? };
    Some(folder.components().collect()) // Without a separator at the end.
}

/// What is known of a half-typed path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Texts that the typed one could become, folders first; folders end in a separator.
    pub entries: Vec<String>,
    /// Whether there is a file at this path.
    pub is_file: bool,
    /// Whether there is a folder at this path.
    pub is_folder: bool,
}

/// Looks at the disk; not a thing to do in a frame. An unreadable folder has no entries.
pub fn complete(text: &str) -> Completion {
    let path = expand(text);
    let mut completion =
        Completion { entries: Vec::new(), is_file: path.is_file(), is_folder: path.is_dir() };
    let typed = text.trim_start();
    let (folder_text, prefix) = match typed.rfind(['/', '\\']) {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let folder = if folder_text.is_empty() { PathBuf::from(".") } else { expand(folder_text) };
    let Ok(entries) = std::fs::read_dir(folder) else { return completion };
    let wanted = prefix.to_lowercase();
    let mut names: Vec<(bool, String)> = entries
        .flatten()
        .take(MAX_READ)
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !prefix.starts_with('.');
            let fits = !hidden && name.to_lowercase().starts_with(&wanted);
            fits.then(|| (!entry.path().is_dir(), name))
        })
        .collect();
    names.sort();
    names.truncate(MAX_ENTRIES);
    completion.entries = names
        .into_iter()
        .map(|(is_file, name)| {
            let end = if is_file { "" } else { std::path::MAIN_SEPARATOR_STR };
            format!("{folder_text}{name}{end}")
        })
        .collect();
    completion
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_blanks_and_the_home_folder() {
        assert_eq!(expand("  'my design.yaml' "), PathBuf::from("my design.yaml"));
        assert_eq!(expand("file:///srv/a.yaml"), PathBuf::from("/srv/a.yaml"));
        assert_eq!(expand("~else/x"), PathBuf::from("~else/x"));
        assert!(!expand("~/a/").starts_with("~"));
        assert!(expand("~/a/").as_os_str().to_string_lossy().ends_with("a/"));
    }

    #[test]
    fn a_bare_name_lands_where_the_program_was_started() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(landing_folder("edge.yaml").as_ref(), Some(&here));
        assert_eq!(landing_folder("out/").as_ref(), Some(&here.join("out")));
        assert_eq!(landing_folder("out/edge.yaml").as_ref(), Some(&here.join("out")));
        assert_eq!(landing_folder("/srv/a/"), Some(PathBuf::from("/srv/a")));
        assert_eq!(landing_folder(" "), None);
        assert!(!landing_folder("~/a.yaml").unwrap().starts_with("~"));
    }

    #[test]
    fn folders_come_first_and_hidden_files_only_when_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["beta.yaml", "Bravo.yml", ".hidden", "other.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        let base = format!("{}/", folder.path().display());
        let names = |typed: &str| -> Vec<String> {
            let found = complete(&format!("{base}{typed}")).entries;
            found.iter().map(|entry| entry.trim_start_matches(&base).to_owned()).collect()
        };
        assert_eq!(names("b"), ["bin/", "Bravo.yml", "beta.yaml"]);
        assert_eq!(names("."), [".hidden"]);
        assert!(complete(&format!("{base}beta.yaml")).is_file);
        assert!(complete(&base).is_folder);
        assert_eq!(complete(&format!("{base}none/x")), Completion::default());
    }
}
