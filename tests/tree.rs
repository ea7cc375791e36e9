//! The project's own files, for the tests that read them.
//!
//! Paths are relative to the package root and use `/`, so that messages are the same on every system.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that holds `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file of the project.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|err| panic!("{path}: {err}"))
}

/// Reads a file of the project that need not be text.
pub(crate) fn bytes(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).unwrap_or_else(|err| panic!("{path}: {err}"))
}

/// Every file below `folder` whose name ends in `extension`, sorted; empty when the folder does not exist.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&root().join(folder), folder, &mut found);
    found.retain(|path| path.ends_with(extension));
    found.sort();
    found
}

/// Every committed file, sorted. Without git (a source archive) every file but build output.
pub(crate) fn committed_files() -> Vec<String> {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    if let Ok(output) = listed
        && output.status.success()
        && !output.stdout.is_empty()
    {
        let names = String::from_utf8(output.stdout).unwrap();
        let exists = |name: &&str| !name.is_empty() && root().join(name).is_file();
        return names.split('\0').filter(exists).map(str::to_owned).collect();
    }
    let mut found = Vec::new();
    walk(&root(), "", &mut found);
    found.sort();
    found
}

fn walk(folder: &Path, shown: &str, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if shown.is_empty() { name.clone() } else { format!("{shown}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            if name != "target" && name != ".git" {
                walk(&entry.path(), &path, found);
            }
        } else {
            found.push(path);
        }
    }
}
