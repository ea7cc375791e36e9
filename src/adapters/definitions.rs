//! Files of definitions, read into a registry: those of the settings folder and those that a command line names.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{self, FileError};
use super::tree;
use crate::registry::{DefinitionFile, Registry};

/// The most entries that are looked at below one folder. The models that Meshery ships are about a fifth of that.
const MAX_ENTRIES: usize = 200_000;
/// The most files that are read.
const MAX_FILES: usize = 20_000;
/// The largest file that is read; a whole model of Meshery in one list is a few MiB.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;
/// The most bytes that are read, of all files together.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// The definitions of the program and, behind them, those below `folder` and those of `named`, which are files or folders.
///
/// A `folder` that is not there holds none. Nothing here fails: what is wrong stands in [`Registry::report`].
pub fn load(folder: Option<&Path>, named: &[PathBuf]) -> Arc<Registry> {
    let builtin = Registry::builtin();
    let folder = folder.filter(|folder| folder.is_dir());
    if folder.is_none() && named.is_empty() {
        return builtin;
    }
    let mut reading = Reading { paths: Vec::new(), seen: HashSet::new(), others: 0 };
    if let Some(folder) = folder {
        reading.add(folder);
    }
    for path in named {
        reading.add(path);
    }
    let others = reading.others;
    let (mut files, mut bytes) = (0_usize, 0_usize);
    let sources = reading.paths.into_iter().map_while(|path| {
        if files > MAX_FILES || bytes > MAX_BYTES {
            return None;
        }
        let path = match path {
            Ok(path) => path,
            Err(failed) => return Some(failed),
        };
        files += 1;
        if files > MAX_FILES {
            return Some(cut(path.name(), format!("only the first {MAX_FILES} files were read")));
        }
        let file = path.read();
        bytes += file.content.as_ref().map_or(0, Vec::len);
        if bytes > MAX_BYTES {
            let text = format!("only the first {} MiB of definitions were read", MAX_BYTES / 1024 / 1024);
            return Some(cut(file.name, text));
        }
        Some(file)
    });
    let mut registry = builtin.with_definitions(sources);
    registry.count_skipped(others);
    Arc::new(registry)
}

struct Reading {
    paths: Vec<Result<Source, DefinitionFile>>,
    seen: HashSet<PathBuf>,
    others: usize,
}

struct Source {
    path: PathBuf,
    is_named: bool,
}

impl Reading {
    fn add(&mut self, path: &Path) {
        if !path.is_dir() {
            return self.add_file(path.to_owned(), true);
        }
        let found = tree::files_below(path, MAX_ENTRIES);
        self.others += found.others;
        for (folder, err) in found.unreadable {
            self.paths.push(Err(failed(folder.display().to_string(), &err)));
        }
        for file in found.files {
            self.add_file(file, false);
        }
        if found.is_cut {
            let name = path.display().to_string();
            let text = format!(
                "it holds more than {MAX_ENTRIES} files: what is beyond is not read; name a folder within"
            );
            self.paths.push(Err(cut(name, text)));
        }
    }

    /// A file that is met in several ways is read once.
    fn add_file(&mut self, path: PathBuf, is_named: bool) {
        if self.seen.insert(fs::canonicalize(&path).unwrap_or_else(|_| path.clone())) {
            self.paths.push(Ok(Source { path, is_named }));
        }
    }
}

impl Source {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn read(&self) -> DefinitionFile {
        let length = fs::metadata(&self.path).map_or(0, |metadata| metadata.len());
        if length > MAX_FILE_BYTES {
            let text =
                format!("it is larger than {} MiB, which no definitions are", MAX_FILE_BYTES / 1024 / 1024);
            return cut(self.name(), text);
        }
        match files::read(&self.path) {
            Ok(bytes) => DefinitionFile { name: self.name(), content: Ok(bytes), is_named: self.is_named },
            Err(err) => DefinitionFile { is_named: self.is_named, ..failed(self.name(), &err) },
        }
    }
}

fn failed(name: String, err: &FileError) -> DefinitionFile {
    // The path stands on a line of its own there, and here it is the name.
    let reason = err.to_string().lines().next().unwrap_or_default().to_owned();
    cut(name, reason)
}

fn cut(name: String, reason: String) -> DefinitionFile {
    DefinitionFile { name, content: Err(reason), is_named: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::DefinitionState;

    const DEFINITION: &str = "schemaVersion: relationships.meshery.io/v1beta2\nkind: edge\ntype: binding\nsubType: SUB\n\
selectors:\n- allow:\n    from: [{kind: Service, patch: {mutatorRef: [[displayName]]}}]\n    \
to: [{kind: ConfigMap, patch: {mutatedRef: [[configuration, data, name]]}}]\n";

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn the_settings_folder_comes_first_and_a_file_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("definitions");
        assert!(Arc::ptr_eq(&load(Some(&settings), &[]), &Registry::builtin()), "no folder, no copy");
        write(&settings, "deep/b.yaml", &DEFINITION.replace("SUB", "b"));
        write(&settings, "logo.svg", "<svg/>");
        write(&settings, "values.yaml", "replicas: 1\n");
        write(folder.path(), "a.yaml", &DEFINITION.replace("SUB", "a"));
        let named = [
            folder.path().join("a.yaml"),
            settings.join("deep/../deep/b.yaml"),
            folder.path().join("none.yaml"),
        ];
        let registry = load(Some(&settings), &named);
        let report = registry.report();
        let own = Registry::builtin().relationships().len();
        let loaded: Vec<&str> =
            registry.relationships()[own..].iter().map(|definition| definition.sub_type.as_str()).collect();
        assert_eq!(loaded, ["b", "a"]);
        assert_eq!((report.count(DefinitionState::Loaded), report.skipped), (2, 2));
        let wrong: Vec<&str> = report
            .entries
            .iter()
            .filter(|entry| entry.state == DefinitionState::Unsupported)
            .map(|entry| entry.reason.as_str())
            .collect();
        assert_eq!(wrong, ["none.yaml could not be read: it is not there"]);
    }
}
