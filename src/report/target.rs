//! A file that a reporter writes: looked at before anything is sent, and written whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::atomic_file::{self, Access, folder_of};

/// Where a report goes.
#[derive(Debug)]
pub struct Target {
    /// The path as it was given, for messages.
    name: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// A file: what takes its place is written beside it.
    File(PathBuf),
    /// A pipe or a device, which nothing can take the place of.
    Stream(File),
}

impl Target {
    /// Finds out whether a report can be written to `path`.
    ///
    /// # Errors
    ///
    /// If it can't; the message names the path.
    pub fn new(path: &Path) -> io::Result<Self> {
        let kind = Kind::of(path).map_err(|error| blame(path, &error))?;
        let target = Self {
            name: path.to_owned(),
            kind,
        };
        target.scratch()?;
        Ok(target)
    }

    /// A file without a name, gone with the process, for what is kept until the end.
    ///
    /// # Errors
    ///
    /// If none can be made beside the report; the message names the report.
    pub fn scratch(&self) -> io::Result<File> {
        let made = match &self.kind {
            Kind::File(path) => tempfile::tempfile_in(folder_of(path)),
            Kind::Stream(_) => tempfile::tempfile(),
        };
        made.map_err(|error| self.blame(&error))
    }

    /// Writes the report: `write` gets an empty file, which takes the report's place once it is whole.
    ///
    /// # Errors
    ///
    /// If it can't be written; the message names the path.
    pub fn write(&mut self, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
        let written = match &mut self.kind {
            Kind::Stream(stream) => write(stream),
            // A report is for others to read.
            Kind::File(path) => atomic_file::replace(path, Access::Anyone, write),
        };
        written.map_err(|error| self.blame(&error))
    }

    /// The error, with the report that it kept from being written.
    pub fn blame(&self, error: &io::Error) -> io::Error {
        blame(&self.name, error)
    }
}

impl Kind {
    fn of(path: &Path) -> io::Result<Self> {
        let path = match fs::metadata(path) {
            Ok(there) if there.is_dir() => {
                return Err(io::Error::other("it is a folder; give the path of a file"));
            }
            // What a link points at is replaced, and not the link.
            Ok(there) if there.is_file() => path.canonicalize()?,
            Ok(_) => {
                return fs::OpenOptions::new()
                    .write(true)
                    .open(path)
                    .map(Self::Stream);
            }
            Err(_) => path.to_owned(),
        };
        let folder = folder_of(&path);
        if folder.is_dir() {
            Ok(Self::File(path))
        } else {
            let message = format!("there is no folder `{}`; make it first", folder.display());
            Err(io::Error::other(message))
        }
    }
}

fn blame(path: &Path, error: &io::Error) -> io::Error {
    let message = format!("`{}` can't be written: {error}", path.display());
    io::Error::new(error.kind(), message)
}
