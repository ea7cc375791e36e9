//! What the paths of a command line name: files, directories, standard input.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::adapters::files::{self, FileError, MAX_BYTES};
use crate::adapters::tree;

/// A text that was read, and what to call it.
pub(super) struct Source {
    /// The path as it was given; within a directory, that path with the rest behind it; `-` for standard input.
    pub(super) name: String,
    /// What stands in it.
    pub(super) bytes: Vec<u8>,
    /// Whether it was named itself; files that were found in a directory may be of no interest.
    pub(super) is_named: bool,
    /// The place of the path that it was found by.
    pub(super) argument: usize,
}

/// A path that could not be read.
pub(super) struct Unreadable {
    /// The path as it was given.
    pub(super) name: String,
    /// Why.
    pub(super) error: FileError,
}

/// Reads every path, directories in sorted order. A file that is named in several ways is read once.
pub(super) fn read_all(paths: &[PathBuf]) -> (Vec<Source>, Vec<Unreadable>) {
    let mut sources = Vec::new();
    let mut unreadable = Vec::new();
    let mut read: HashSet<PathBuf> = HashSet::new();
    let mut is_new = |path: &Path| read.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()));
    for (argument, path) in paths.iter().enumerate() {
        if path.is_dir() {
            let found = tree::files_below(path, usize::MAX);
            let folders = found.unreadable.into_iter();
            unreadable.extend(
                folders.map(|(folder, error)| Unreadable { name: folder.display().to_string(), error }),
            );
            for file in found.files.into_iter().filter(|file| is_new(file)) {
                read_into(&file, (false, argument), &mut sources, &mut unreadable);
            }
        } else if is_new(path) {
            read_into(path, (true, argument), &mut sources, &mut unreadable);
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

fn read_into(
    path: &Path,
    (is_named, argument): (bool, usize),
    sources: &mut Vec<Source>,
    unreadable: &mut Vec<Unreadable>,
) {
    let name = path.display().to_string();
    match read(path) {
        Ok(bytes) => sources.push(Source { name, bytes, is_named, argument }),
        Err(error) => unreadable.push(Unreadable { name, error }),
    }
}
