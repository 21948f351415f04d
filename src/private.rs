//! Files that only their owner may read, since they hold secrets.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::atomic_file::{self, Access, folder_of};

/// Why a private file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PrivateError {
    /// It can't be read, written or deleted.
    #[error("`{}` can't be {done}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried, as in "can't be read".
        done: &'static str,
        /// Why.
        source: io::Error,
    },
    /// Others than its owner may read it.
    #[error("`{}` can be read by others: `chmod 600` it, or delete it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
    },
}

/// The text of a file, or `None` where there is none; one that others may read is refused, as `ssh`
/// does with its keys.
pub fn read(path: &Path) -> Result<Option<String>, PrivateError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed(path, "read", source)),
        Ok(metadata) if is_open(&metadata) => {
            let path = path.to_owned();
            return Err(PrivateError::Open { path });
        }
        Ok(_) => {}
    }
    let text = fs::read_to_string(path).map_err(|source| failed(path, "read", source))?;
    Ok(Some(text))
}

/// Writes a file, and the folder around it, for the owner alone; nobody ever sees half of it.
pub fn write(path: &Path, text: &str) -> Result<(), PrivateError> {
    let written = create_folder(folder_of(path)).and_then(|()| {
        atomic_file::replace(path, Access::Owner, |file| file.write_all(text.as_bytes()))
    });
    written.map_err(|source| failed(path, "written", source))
}

/// Deletes a file; says whether there was one.
pub fn remove(path: &Path) -> Result<bool, PrivateError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(failed(path, "deleted", source)),
    }
}

fn failed(path: &Path, done: &'static str, source: io::Error) -> PrivateError {
    let path = path.to_owned();
    PrivateError::Io { path, done, source }
}

#[cfg(unix)]
fn create_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn create_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(unix)]
fn is_open(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o077 != 0
}

/// The folder of the user is closed to others there.
#[cfg(not(unix))]
fn is_open(_: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_back_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/file");
        assert_eq!(read(&path).unwrap(), None);
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("two"));
        assert!(remove(&path).unwrap());
        assert!(!remove(&path).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it_and_another_one_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in/file");
        write(&path, "secret").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("can be read by others"), "{error}");
    }
}
