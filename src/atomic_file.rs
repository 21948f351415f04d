//! Files that are replaced whole: nobody ever sees half of one.

use std::fs::{File, Permissions};
use std::io;
use std::path::Path;

/// Who may read what is written.
#[derive(Debug, Clone)]
pub enum Access {
    /// Its owner alone (mode 0600), from the moment it is there.
    Owner,
    /// Everybody, as far as the mask of the process lets them.
    Anyone,
    /// Those who have these permissions, such as those of the file before.
    Given(Permissions),
}

/// Puts what `write` writes in the place of a file, or where none is; its folder must be there.
///
/// A link at the path is replaced itself, and not what it points at.
pub fn replace(
    path: &Path,
    access: Access,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lcrun-").suffix(".tmp");
    // Without more words a temporary file is its owner's alone.
    #[cfg(unix)]
    if matches!(access, Access::Anyone) {
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder_of(path))?;
    write(temporary.as_file_mut())?;
    if let Access::Given(permissions) = access {
        temporary.as_file().set_permissions(permissions)?;
    }
    temporary.persist(path)?;
    Ok(())
}

/// The folder that a file lies in.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_can_not_be_written_whole_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "old").unwrap();
        let error = replace(&path, Access::Anyone, |file| {
            file.write_all(b"half")?;
            Err(io::Error::other("no more"))
        });
        assert_eq!(error.unwrap_err().to_string(), "no more");
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        replace(&path, Access::Anyone, |file| file.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn who_may_read_it_is_as_asked_for() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let mode = |access| {
            let path = folder.path().join("file");
            replace(&path, access, |_| Ok(())).unwrap();
            fs::metadata(path).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode(Access::Owner), 0o600);
        assert_eq!(mode(Access::Given(Permissions::from_mode(0o640))), 0o640);
        // Whatever the mask, the same as for any other new file.
        let usual = folder.path().join("usual");
        fs::write(&usual, "").unwrap();
        let usual = fs::metadata(usual).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(Access::Anyone), usual);
    }

    #[test]
    fn a_bare_name_lies_in_the_working_folder() {
        assert_eq!(folder_of(Path::new("a")), Path::new("."));
        assert_eq!(folder_of(Path::new("b/a")), Path::new("b"));
    }
}
