//! What the paths of a command line name: files, directories, standard input.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::adapters::files::{self, FileError, MAX_BYTES};

/// A text that was read, and what to call it.
pub(super) struct Source {
    /// The path as it was given; within a directory, that path with the rest behind it; `-` for standard input.
    pub(super) name: String,
    /// What stands in it.
    pub(super) bytes: Vec<u8>,
    /// Whether it was named itself; files that were found in a directory may be of no interest.
    pub(super) is_named: bool,
}

/// A path that could not be read.
pub(super) struct Unreadable {
    /// The path as it was given.
    pub(super) name: String,
    /// Why.
    pub(super) error: FileError,
}

/// Endings of the files that are looked at in a directory.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Reads every path, directories in sorted order. A file that is named in several ways is read once.
pub(super) fn read_all(paths: &[PathBuf]) -> (Vec<Source>, Vec<Unreadable>) {
    let mut sources = Vec::new();
    let mut unreadable = Vec::new();
    let mut read: HashSet<PathBuf> = HashSet::new();
    let mut is_new = |path: &Path| read.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()));
    for path in paths {
        if path.is_dir() {
            let mut found = Vec::new();
            let root = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
            walk(path, &root, &mut Vec::new(), &mut found, &mut unreadable);
            for file in found.into_iter().filter(|file| is_new(file)) {
                read_into(&file, false, &mut sources, &mut unreadable);
            }
        } else if is_new(path) {
            read_into(path, true, &mut sources, &mut unreadable);
        }
    }
    (sources, unreadable)
}

/// Reads one path, or standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    if path != Path::new("-") {
        return files::read(path);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(MAX_BYTES + 1).read_to_end(&mut bytes);
    match read {
        Err(cause) => Err(FileError::Io { action: "read", path: path.to_owned(), cause }),
        Ok(_) if bytes.len() as u64 > MAX_BYTES => Err(FileError::TooLarge { path: path.to_owned() }),
        Ok(_) => Ok(bytes),
    }
}

fn read_into(path: &Path, is_named: bool, sources: &mut Vec<Source>, unreadable: &mut Vec<Unreadable>) {
    let name = path.display().to_string();
    match read(path) {
        Ok(bytes) => sources.push(Source { name, bytes, is_named }),
        Err(error) => unreadable.push(Unreadable { name, error }),
    }
}

/// The files below `folder`. Hidden entries are skipped, and so are pipes, devices, and links that lead out of the tree or
/// in a circle.
fn walk(
    folder: &Path,
    root: &Path,
    above: &mut Vec<PathBuf>,
    found: &mut Vec<PathBuf>,
    unreadable: &mut Vec<Unreadable>,
) {
    let failed = |error: io::Error| Unreadable {
        name: folder.display().to_string(),
        error: FileError::Io { action: "read", path: folder.to_owned(), cause: error },
    };
    let Ok(real) = fs::canonicalize(folder) else { return };
    if above.contains(&real) {
        return;
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(err) => {
            unreadable.push(failed(err));
            return;
        }
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    above.push(real);
    for path in paths {
        if files::name(&path).starts_with('.') || !stays_inside(&path, root) {
            continue;
        }
        if path.is_dir() {
            walk(&path, root, above, found, unreadable);
        } else if path.is_file() && has_known_ending(&path) {
            found.push(path);
        }
    }
    above.pop();
}

fn stays_inside(path: &Path, root: &Path) -> bool {
    !path.is_symlink() || fs::canonicalize(path).is_ok_and(|target| target.starts_with(root))
}

fn has_known_ending(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
