//! The files below a folder, in sorted order, however its links go.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::files::{self, FileError};

/// Endings of the files that hold YAML or JSON.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// What was found below a folder.
#[derive(Debug, Default)]
pub struct Found {
    /// Files that hold YAML or JSON, by their ending.
    pub files: Vec<PathBuf>,
    /// How many other files there are.
    pub others: usize,
    /// Folders that could not be read.
    pub unreadable: Vec<(PathBuf, FileError)>,
    /// There is more than was asked for.
    pub is_cut: bool,
}

/// Looks through `folder`, up to `most` entries of any kind. Hidden entries are skipped, and so are pipes, devices, and
/// links that lead out of the tree or in a circle.
pub fn files_below(folder: &Path, most: usize) -> Found {
    let root = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut walk = Walk { root, above: Vec::new(), left: most, found: Found::default() };
    walk.folder(folder);
    walk.found
}

struct Walk {
    root: PathBuf,
    /// The folders on the way, by their real paths.
    above: Vec<PathBuf>,
    left: usize,
    found: Found,
}

impl Walk {
    fn folder(&mut self, folder: &Path) {
        let Ok(real) = fs::canonicalize(folder) else { return };
        if self.above.contains(&real) {
            return;
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(err) => return self.found.unreadable.push((folder.to_owned(), unreadable(folder, err))),
        };
        // One more than there is room for tells that there is more.
        let room = self.left.saturating_add(1);
        let mut paths: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).take(room).collect();
        paths.sort();
        self.above.push(real);
        for path in paths {
            if files::name(&path).starts_with('.') {
                continue;
            }
            if self.left == 0 {
                self.found.is_cut = true;
                break;
            }
            self.left -= 1;
            if !self.stays_inside(&path) {
                self.found.others += 1;
            } else if path.is_dir() {
                self.folder(&path);
            } else if path.is_file() && has_known_ending(&path) {
                self.found.files.push(path);
            } else {
                self.found.others += 1;
            }
        }
        self.above.pop();
    }

    fn stays_inside(&self, path: &Path) -> bool {
        !path.is_symlink() || fs::canonicalize(path).is_ok_and(|target| target.starts_with(&self.root))
    }
}

fn unreadable(folder: &Path, cause: io::Error) -> FileError {
    FileError::Io { action: "read", path: folder.to_owned(), cause }
}

fn has_known_ending(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    fn names(found: &Found, folder: &tempfile::TempDir) -> Vec<String> {
        let name = |path: &PathBuf| path.strip_prefix(folder.path()).unwrap().display().to_string();
        found.files.iter().map(name).collect()
    }

    #[test]
    fn files_come_in_order_and_all_else_is_counted() {
        let folder =
            tree(&["b.yaml", "a/z.JSON", "a/y.yml", "a/icon.svg", "README", ".git/c.yaml", ".d.json"]);
        let found = files_below(folder.path(), 100);
        assert_eq!(names(&found, &folder), ["a/y.yml", "a/z.JSON", "b.yaml"]);
        assert_eq!((found.others, found.is_cut), (2, false));
    }

    #[test]
    fn a_tree_without_end_is_cut() {
        let folder = tree(&["a/1.yaml", "a/2.yaml", "b/3.yaml"]);
        let found = files_below(folder.path(), 3);
        assert_eq!(names(&found, &folder), ["a/1.yaml", "a/2.yaml"]);
        assert!(found.is_cut);
        assert!(!files_below(folder.path(), 5).is_cut);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_or_in_a_circle_are_not_followed() {
        use std::os::unix::fs::symlink;
        let (folder, outside) = (tree(&["a/1.yaml"]), tree(&["2.yaml"]));
        let at = |name: &str| folder.path().join(name);
        symlink("..", at("a/up")).unwrap();
        symlink(".", at("self")).unwrap();
        symlink(outside.path(), at("out")).unwrap();
        symlink(outside.path().join("2.yaml"), at("out.yaml")).unwrap();
        symlink("gone.yaml", at("gone")).unwrap();
        symlink("a/1.yaml", at("again.yaml")).unwrap();
        let found = files_below(folder.path(), 1000);
        assert_eq!(names(&found, &folder), ["a/1.yaml", "again.yaml"]);
        assert!(!found.is_cut);
    }
}
