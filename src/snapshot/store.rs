//! The snapshot files of a project: read, written whole, listed, accepted, rejected.
//!
//! Only files that say `tool: lcrun` are ever listed or changed: in a Rust repository insta's own
//! lie beside them. The format is `file`'s, with the reason why insta does not do this.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::file::{FormatError, Header, SnapshotFile};
use super::place::{FOLDER, Home, pending_file};
use crate::atomic_file::{self, Access, folder_of};

/// What the names of snapshots end with.
const ACCEPTED: &str = ".snap";

/// What the names of pending snapshots end with.
const PENDING: &str = ".snap.new";

/// Why a snapshot could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder can't be read.
    #[error("can't read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file can't be written.
    #[error("can't write `{path}`")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file can't be removed.
    #[error("can't remove `{path}`")]
    Remove {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is there but is no snapshot of lcrun's; it is left alone.
    #[error("`{path}` is not a snapshot that lcrun can use: {why}; repair it, or move it away")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: FormatError,
    },
}

/// Reads a snapshot; `None` if there is no such file.
pub fn read(path: &Path) -> Result<Option<SnapshotFile>, StoreError> {
    let Some(text) = read_text(path)? else {
        return Ok(None);
    };
    let parsed = SnapshotFile::parse(&text);
    parsed.map(Some).map_err(|why| unusable(path, why))
}

/// Writes a snapshot, whole or not at all, and makes its folder; `true` if the file has changed.
///
/// A file that something else wrote is left alone.
pub fn write(path: &Path, file: &SnapshotFile) -> Result<bool, StoreError> {
    replace(path, &file.to_string())
}

/// Removes a snapshot of ours; `false` if there was none.
pub fn remove(path: &Path) -> Result<bool, StoreError> {
    if !guard(path)? {
        return Ok(false);
    }
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(StoreError::Remove {
            path: path.to_owned(),
            source,
        }),
    }
}

/// The nearest folder at `folder` or above it that holds a repository: what the paths in headers
/// begin at.
pub fn project_root(folder: &Path) -> Option<&Path> {
    folder
        .ancestors()
        .find(|folder| folder.join(".git").exists())
}

/// A snapshot that waits for somebody to accept or reject it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The `.snap.new` file.
    pub path: PathBuf,
    /// Its header.
    pub header: Header,
}

impl Pending {
    /// The `.snap` file that it would become.
    pub fn target(&self) -> PathBuf {
        self.path.with_extension("")
    }

    /// The collection that it is of, where its name and place tell: a file beside the folder of
    /// the snapshots. It need not be there any more.
    pub fn collection(&self) -> Option<PathBuf> {
        collection_of(&self.path, &self.header)
    }

    /// The recorded response.
    pub fn recorded(&self) -> Result<SnapshotFile, StoreError> {
        read(&self.path)?.ok_or_else(|| gone(&self.path))
    }

    /// The snapshot that was accepted before; `None` if the step has none.
    pub fn accepted(&self) -> Result<Option<SnapshotFile>, StoreError> {
        read(&self.target())
    }

    /// Makes it the snapshot of its step.
    pub fn accept(&self) -> Result<(), StoreError> {
        let text = read_text(&self.path)?.ok_or_else(|| gone(&self.path))?;
        let accepted = SnapshotFile::accepted(&text).map_err(|why| unusable(&self.path, why))?;
        replace(&self.target(), &accepted)?;
        remove(&self.path)?;
        Ok(())
    }

    /// Throws it away; the step keeps the snapshot it has.
    pub fn reject(&self) -> Result<(), StoreError> {
        remove(&self.path)?;
        Ok(())
    }
}

/// The pending snapshots of some paths, in the order of the paths and then of their names, each
/// once. A path is a folder, a collection, or a snapshot, pending or not.
///
/// Folders are searched whatever a `.gitignore` says, since pending snapshots are often in one, but
/// for hidden ones, caches (`CACHEDIR.TAG`) and `node_modules`; links to folders are not followed.
pub fn pending<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<Pending>, StoreError> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for path in paths {
        let path = path.as_ref();
        if has_suffix(path, PENDING) {
            found.extend(pending_at(path.to_owned(), &mut seen)?);
        } else if has_suffix(path, ACCEPTED) {
            found.extend(pending_at(pending_file(path), &mut seen)?);
        } else {
            let kind = fs::metadata(path).map_err(|source| unreadable(path, source))?;
            let folder = if kind.is_dir() {
                path.to_owned()
            } else {
                path.parent().unwrap_or(Path::new("")).join(FOLDER)
            };
            for file in files_below(&folder, &[PENDING])? {
                let one = pending_at(file, &mut seen)?;
                let is_asked =
                    |one: &Pending| kind.is_dir() || one.collection().as_deref() == Some(path);
                found.extend(one.filter(is_asked));
            }
        }
    }
    Ok(found)
}

/// The pending snapshot in a file, if one is there and was not seen before.
fn pending_at(path: PathBuf, seen: &mut BTreeSet<PathBuf>) -> Result<Option<Pending>, StoreError> {
    if seen.contains(&path) {
        return Ok(None);
    }
    let header = read_header(&path)?;
    Ok(header.map(|header| {
        seen.insert(path.clone());
        Pending { path, header }
    }))
}

/// Which snapshots a collection of the call owns.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The collection's file.
    pub collection: PathBuf,
    /// Where its snapshots lie: one home for each environment that may have some.
    pub homes: Vec<Home>,
    /// Its steps that take snapshots, by their ids.
    pub steps: BTreeMap<String, Turns>,
}

/// Which turns of a step there are: see [`Home::file`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turns {
    /// Not known: the step was not run, or not to its end. Each of its files may be needed.
    Unknown,
    /// These and no others; a step outside of any loop has the empty turn alone.
    Exactly(BTreeSet<Vec<usize>>),
}

/// The snapshots of these collections that no step owns, pending ones too: the step is gone, or
/// has another id, or fewer turns.
///
/// Those of a collection that is not among `owners` are left out.
pub fn unreferenced(owners: &[Owner]) -> Result<Vec<PathBuf>, StoreError> {
    let homes = owners.iter().flat_map(|owner| &owner.homes);
    let folders: BTreeSet<&Path> = homes.map(Home::folder).collect();
    let mut lost = Vec::new();
    let mut seen = BTreeSet::new();
    for folder in folders {
        for path in files_below(folder, &[ACCEPTED, PENDING])? {
            if seen.insert(path.clone())
                && let Some(header) = read_header(&path)?
                && !is_referenced(&path, &header, owners)
            {
                lost.push(path);
            }
        }
    }
    Ok(lost)
}

fn is_referenced(path: &Path, header: &Header, owners: &[Owner]) -> bool {
    let file = if has_suffix(path, PENDING) {
        path.with_extension("")
    } else {
        path.to_owned()
    };
    let collection = collection_of(path, header);
    let mut is_known = false;
    for owner in owners {
        is_known |= collection.as_ref() == Some(&owner.collection);
        for home in &owner.homes {
            let turns = home.turns(&header.step, &file);
            is_known |= turns.is_some();
            match (turns, owner.steps.get(&header.step)) {
                (Some(_), Some(Turns::Unknown)) => return true,
                (Some(turns), Some(Turns::Exactly(all))) if all.contains(&turns) => return true,
                _ => {}
            }
        }
    }
    // Those of other collections are not for this call to judge.
    !is_known
}

/// The collection that a snapshot is of: the file that its header names, beside the folder.
fn collection_of(path: &Path, header: &Header) -> Option<PathBuf> {
    let folders = path.ancestors().skip(1).take(2);
    let mut homes = folders.filter(|folder| folder.file_name() == Some(OsStr::new(FOLDER)));
    let name = header
        .source
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty())?;
    Some(homes.next()?.parent()?.join(name))
}

/// The header of a file if lcrun wrote it; `None` too if the file is gone meanwhile.
fn read_header(path: &Path) -> Result<Option<Header>, StoreError> {
    match Header::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        result => result.map_err(|source| unreadable(path, source)),
    }
}

/// The files below a folder with one of these suffixes, by name; none if there is no such folder.
fn files_below(folder: &Path, suffixes: &[&str]) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = files_in(folder, suffixes)?;
    for entry in entries(folder)? {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let name = entry.file_name();
        let is_passed_over = name.as_encoded_bytes().starts_with(b".")
            || name == "node_modules"
            || entry.path().join("CACHEDIR.TAG").exists();
        if is_folder && !is_passed_over {
            found.extend(files_below(&entry.path(), suffixes)?);
        }
    }
    Ok(found)
}

/// The files in a folder with one of these suffixes, by name; none if there is no such folder.
fn files_in(folder: &Path, suffixes: &[&str]) -> Result<Vec<PathBuf>, StoreError> {
    let files = entries(folder)?.into_iter().map(|entry| entry.path());
    Ok(files
        .filter(|path| suffixes.iter().any(|suffix| has_suffix(path, suffix)) && path.is_file())
        .collect())
}

fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, StoreError> {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let read = || fs::read_dir(here)?.collect::<io::Result<Vec<_>>>();
    let mut entries = match read() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        result => result.map_err(|source| unreadable(here, source))?,
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    Ok(entries)
}

fn has_suffix(path: &Path, suffix: &str) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().ends_with(suffix.as_bytes())
}

/// Whether a file is there; an error if something else wrote it.
fn guard(path: &Path) -> Result<bool, StoreError> {
    match Header::read(path) {
        Ok(Some(_)) => Ok(true),
        Ok(None) => Err(unusable(path, why_not_ours(path))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(unreadable(path, source)),
    }
}

fn why_not_ours(path: &Path) -> FormatError {
    let text = fs::read_to_string(path).unwrap_or_default();
    SnapshotFile::parse(&text)
        .err()
        .unwrap_or(FormatError::NotOurs)
}

/// Puts a text in the place of a snapshot of ours, or where nothing is.
fn replace(path: &Path, text: &str) -> Result<bool, StoreError> {
    if guard(path)? && fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(false);
    }
    let written = fs::create_dir_all(folder_of(path)).and_then(|()| {
        // Snapshots are for everybody who reads the project.
        atomic_file::replace(path, Access::Anyone, |file| file.write_all(text.as_bytes()))
    });
    written.map_err(|source| StoreError::Write {
        path: path.to_owned(),
        source,
    })?;
    Ok(true)
}

fn read_text(path: &Path) -> Result<Option<String>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(unusable(path, FormatError::NotUtf8)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(unreadable(path, source)),
    }
}

fn unreadable(path: &Path, source: io::Error) -> StoreError {
    StoreError::Read {
        path: path.to_owned(),
        source,
    }
}

fn unusable(path: &Path, why: FormatError) -> StoreError {
    StoreError::Format {
        path: path.to_owned(),
        why,
    }
}

fn gone(path: &Path) -> StoreError {
    unreadable(path, io::ErrorKind::NotFound.into())
}
