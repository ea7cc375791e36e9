//! Files: reading with a limit, and saving that never leaves half a file.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes; what is beyond it is no design.
pub const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// Why a file could not be read or written. Says what failed and what to do; the path stands last.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The system refused.
    #[error("{} could not be {action}: {}{}", name(path), reason(action, cause), below(path))]
    Io {
        /// "read", "written".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why; said in the message.
        cause: io::Error,
    },
    /// The folder that it would be written into is not there.
    #[error("{} could not be written: there is no folder {}{}", name(path), folder.display(), below(path))]
    NoFolder {
        /// The file.
        path: PathBuf,
        /// The first folder on the way to it that is missing.
        folder: PathBuf,
    },
    /// It is larger than what is read.
    #[error("{} is larger than {} MiB, which is more than a design or a manifest has{}", name(path), MAX_BYTES / 1024 / 1024, below(path))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A folder stands where a file was expected.
    #[error("{} is a folder, not a file{}", name(path), below(path))]
    IsFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The file may not be written.
    #[error("{} is read-only; save it under another name, or make it writable{}", name(path), below(path))]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
}

impl FileError {
    /// Tells whether the file is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { cause, .. } if cause.kind() == io::ErrorKind::NotFound)
    }
}

/// The last part of a path, as people call the file.
pub fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The path on a line of its own, where the name alone does not say it.
fn below(path: &Path) -> String {
    if path.as_os_str().to_string_lossy() == name(path) {
        String::new()
    } else {
        format!("\n{}", path.display())
    }
}

/// The reason in words; the system's own text where there are none.
fn reason(action: &str, err: &io::Error) -> String {
    match err.kind() {
        io::ErrorKind::NotFound if action == "written" => "no file can be made there".to_owned(),
        io::ErrorKind::AlreadyExists => "there is a file of that name".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is no folder".to_owned(),
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        _ => err.to_string(),
    }
}

/// The first folder on the way to `path` that is not there.
fn missing_folder(path: &Path) -> Option<PathBuf> {
    let folders = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    folders.take_while(|folder| !folder.exists()).last().map(Path::to_owned)
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_owned();
    move |cause| FileError::Io { action, path, cause }
}

/// Reads a whole file, up to [`MAX_BYTES`].
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let file = File::open(path).map_err(failed("read", path))?;
    let metadata = file.metadata().map_err(failed("read", path))?;
    if metadata.is_dir() {
        return Err(FileError::IsFolder { path: path.to_owned() });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(MAX_BYTES)).unwrap_or(0));
    // A device or a pipe tells no length; one byte beyond the limit is enough to know.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(failed("read", path))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(FileError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}

/// What tells one state of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    modified: std::time::SystemTime,
    length: u64,
}

/// The stamp of a file; `None` where there is none, or its system keeps no times.
pub fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(path).ok()?;
    Some(Stamp { modified: metadata.modified().ok()?, length: metadata.len() })
}

/// Replaces a file as a whole, or makes it: whoever looks sees the old bytes or the new ones, never a part, also after a
/// power cut.
///
/// The bytes go to a temporary file in the same folder, which is flushed to the disk and then renamed. Permissions are
/// kept; where `path` is a symbolic link, the file that it leads to is replaced. A device or a pipe is written to.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let target = target_of(path).map_err(failed("written", path))?;
    let present = match fs::metadata(&target) {
        Ok(metadata) => Some(metadata),
        Err(err) if err.kind() == io::ErrorKind::NotFound => None,
        Err(err) => return Err(failed("written", path)(err)),
    };
    if let Some(metadata) = &present {
        if metadata.is_dir() {
            return Err(FileError::IsFolder { path: path.to_owned() });
        }
        // A device or a pipe is written to, never replaced: `-o /dev/null` must not make a file of it.
        if !metadata.is_file() {
            return fs::write(&target, bytes).map_err(failed("written", path));
        }
        // A rename would go through: it needs the folder's permission only.
        if metadata.permissions().readonly() {
            return Err(FileError::ReadOnly { path: path.to_owned() });
        }
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    if let Some(folder) = missing_folder(&target) {
        return Err(FileError::NoFolder { path: path.to_owned(), folder });
    }
    let write = || -> io::Result<()> {
        let mut temporary = temporary_in(folder)?;
        temporary.write_all(bytes)?;
        if let Some(metadata) = present {
            temporary.as_file().set_permissions(metadata.permissions())?;
        }
        temporary.as_file().sync_all()?;
        temporary.persist(&target).map_err(|err| err.error)?;
        sync_folder(folder)
    };
    write().map_err(failed("written", path))
}

/// The file that `path` leads to; itself, where it is no link. A link to nothing leads to the file that is made.
fn target_of(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..40 {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.file_type().is_symlink() => {
                let link = fs::read_link(&target)?;
                target = target.parent().map_or_else(|| link.clone(), |folder| folder.join(&link));
            }
            _ => return Ok(target),
        }
    }
    Err(io::Error::other("its symbolic links go in a circle"))
}

fn temporary_in(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".billfold-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What a new file has: the user's mask is taken off by the system.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// A rename is on the disk when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder, with those above it.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    fs::create_dir_all(path).map_err(failed("made", path))
}

/// The files of a folder itself whose names end with one of these, by name. An absent folder has none.
pub fn list(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>, FileError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(err) => return Err(failed("read", folder)(err)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed("read", folder))?.path();
        if path.is_file() && endings.iter().any(|ending| name(&path).ends_with(ending)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Removes a file; one that is not there is removed already.
pub fn remove(path: &Path) -> Result<(), FileError> {
    match fs::remove_file(path) {
        Err(err) if err.kind() != io::ErrorKind::NotFound => Err(failed("removed", path)(err)),
        _ => Ok(()),
    }
}

/// Tells whether there is a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// Tells whether there is a file.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Tells whether both paths lead to one file that is there.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// The path from the root on, so that it means the same wherever the program is started from.
pub fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_and_not_replaced() {
        let folder = folder();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        // A socket is no regular file either, and refuses the write: what counts is that it is still there.
        assert!(write_atomic(&socket, b"x").is_err());
        let kind = fs::metadata(&socket).unwrap().file_type();
        assert!(!kind.is_file(), "it was replaced by a file");
        assert_eq!(entries(folder.path()), 1, "nothing was left beside it");
    }

    fn entries(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_save_replaces_the_whole_file_and_leaves_nothing_else() {
        let folder = folder();
        let path = folder.path().join("design.yaml");
        write_atomic(&path, b"a longer first text").unwrap();
        write_atomic(&path, b"second").unwrap();
        assert_eq!(read(&path).unwrap(), b"second");
        assert_eq!(entries(folder.path()), 1, "the temporary file is gone");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_links_are_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = folder();
        let (real, link) = (folder.path().join("real.yaml"), folder.path().join("link.yaml"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.yaml", &link).unwrap();
        write_atomic(&link, b"new").unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().file_type().is_symlink());

        fs::remove_file(&real).unwrap();
        write_atomic(&link, b"made").unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"made", "a link to nothing makes the file that it names");

        let ring = folder.path().join("ring");
        symlink("ring", &ring).unwrap();
        assert!(write_atomic(&ring, b"x").unwrap_err().to_string().contains("circle"));
    }

    #[test]
    fn a_failed_save_changes_nothing() {
        let folder = folder();
        let path = folder.path().join("design.yaml");
        fs::write(&path, "old").unwrap();
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let err = write_atomic(&path, b"new").unwrap_err();
        assert!(err.to_string().starts_with("design.yaml is read-only"), "{err}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(entries(folder.path()), 1);
        assert!(matches!(write_atomic(folder.path(), b"x"), Err(FileError::IsFolder { .. })));
        let nowhere = folder.path().join("none/design.yaml");
        let err = write_atomic(&nowhere, b"x").unwrap_err();
        assert!(
            matches!(&err, FileError::NoFolder { folder: missing, .. } if *missing == folder.path().join("none"))
        );
        assert!(err.to_string().contains("there is no folder"), "{err}");
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let folder = folder();
        let missing = folder.path().join("missing.yaml");
        let err = read(&missing).unwrap_err();
        assert!(err.is_not_found());
        assert_eq!(
            err.to_string(),
            format!("missing.yaml could not be read: it is not there\n{}", missing.display())
        );
        assert!(matches!(read(folder.path()), Err(FileError::IsFolder { .. } | FileError::Io { .. })));
        assert!(list(&missing, &[".yaml"]).unwrap().is_empty());
    }
}
