//! Modules that lie on this machine, read once as long as they do not change.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::wasm_module::{ModuleFact, ModuleInfo};

/// Larger files are not read: no proxy takes such a module.
const MAX_BYTES: u64 = 512 << 20;

/// Why a module file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ModuleFileError {
    /// The system said no.
    #[error("cannot read {}: {error}", .path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A folder, a pipe, a device.
    #[error("{} is no file", .path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// It is too large.
    #[error("{} is larger than {} MiB", .path.display(), MAX_BYTES >> 20)]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
}

/// A file as it was when it was read.
type Stamp = (Option<SystemTime>, u64);

/// The modules that were read so far. May be shared by threads.
#[derive(Debug, Default)]
pub struct ModuleFiles {
    read: Mutex<HashMap<PathBuf, (Stamp, ModuleFact)>>,
}

impl ModuleFiles {
    /// Reads the module in `path`.
    pub fn read(&self, path: &Path) -> Result<ModuleFact, ModuleFileError> {
        let failed = |error| ModuleFileError::Io { path: path.to_owned(), error };
        let metadata = fs::metadata(path).map_err(failed)?;
        if !metadata.is_file() {
            return Err(ModuleFileError::NotAFile { path: path.to_owned() });
        }
        let stamp = (metadata.modified().ok(), metadata.len());
        let known = self.lock().get(path).filter(|(known, _)| *known == stamp).map(|(_, fact)| fact.clone());
        if let Some(fact) = known {
            return Ok(fact);
        }
        if metadata.len() > MAX_BYTES {
            return Err(ModuleFileError::TooLarge { path: path.to_owned() });
        }
        let mut bytes = Vec::new();
        File::open(path).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes)).map_err(failed)?;
        let fact = ModuleInfo::read(&bytes).map(Arc::new);
        self.lock().insert(path.to_owned(), (stamp, fact.clone()));
        Ok(fact)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, (Stamp, ModuleFact)>> {
        // What is in it is whole at any moment.
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm_module::testing::module;

    #[test]
    fn a_file_is_read_once_and_again_when_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("filter.wasm");
        fs::write(&path, module(&[], &["malloc"])).unwrap();
        let files = ModuleFiles::default();
        let first = files.read(&path).unwrap().unwrap();
        assert!(first.has_allocator());
        assert!(Arc::ptr_eq(&first, &files.read(&path).unwrap().unwrap()));
        fs::write(&path, b"not a module any more").unwrap();
        assert!(files.read(&path).unwrap().is_err());
        let error = files.read(folder.path()).unwrap_err().to_string();
        assert!(error.ends_with("is no file"), "{error}");
        let error = files.read(&folder.path().join("missing.wasm")).unwrap_err().to_string();
        assert!(error.starts_with("cannot read "), "{error}");
    }
}
