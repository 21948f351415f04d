//! From paths to collections: folders are searched, globs matched, `-` read.

use std::io::Read;
use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;

/// The name by which messages call standard input.
pub const STDIN: &str = "<stdin>";

/// A collection to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// Standard input, read already.
    Stdin(Vec<u8>),
}

/// Which files of a folder, or of those that a glob matches, count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those with steps: what others extend is passed over.
    Runnable,
    /// Those too that say by their first line which schema they follow.
    All,
}

/// What the first line of a collection without steps holds.
const SCHEMA: &[u8] = b"collection.schema.json";

/// The collections that paths name, in the order they were named, each once.
pub fn find(paths: &[PathBuf], wanted: Wanted) -> Result<Vec<Place>, String> {
    let mut places = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            if places.iter().any(|place| matches!(place, Place::Stdin(_))) {
                continue;
            }
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .map_err(|error| format!("standard input can't be read: {error}"))?;
            places.push(Place::Stdin(bytes));
        } else if path.is_dir() {
            let found = in_folder(path, None, wanted)?;
            if found.is_empty() {
                return Err(format!("there is no collection in `{}`", path.display()));
            }
            add_files(&mut places, found);
        } else if path.exists() {
            add_files(&mut places, [path.clone()]);
        } else if !is_glob(path) {
            return Err(format!("`{}` does not exist", path.display()));
        } else {
            let found = matching(path, wanted)?;
            if found.is_empty() {
                return Err(format!("no collection matches `{}`", path.display()));
            }
            add_files(&mut places, found);
        }
    }
    Ok(places)
}

fn add_files(places: &mut Vec<Place>, files: impl IntoIterator<Item = PathBuf>) {
    for place in files.into_iter().map(Place::File) {
        if !places.contains(&place) {
            places.push(place);
        }
    }
}

fn is_glob(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

fn matching(pattern: &Path, wanted: Wanted) -> Result<Vec<PathBuf>, String> {
    // Everything before the first part with a wildcard is a folder to search.
    let base: PathBuf = pattern
        .components()
        .take_while(|part| !is_glob(Path::new(part.as_os_str())))
        .collect();
    let text = pattern.to_string_lossy();
    let glob = GlobBuilder::new(text.trim_start_matches("./"))
        .literal_separator(true)
        .build()
        .map_err(|error| format!("`{text}` is not a pattern: {}", error.kind()))?;
    let start = if base.as_os_str().is_empty() {
        Path::new(".")
    } else {
        &base
    };
    in_folder(start, Some(&glob.compile_matcher()), wanted)
}

fn in_folder(
    folder: &Path,
    matcher: Option<&globset::GlobMatcher>,
    wanted: Wanted,
) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let walk = WalkBuilder::new(folder)
        .require_git(false)
        .sort_by_file_path(Path::cmp)
        .build();
    for entry in walk {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = entry.path();
        let path = path.strip_prefix("./").unwrap_or(path);
        let is_match = matcher.is_none_or(|matcher| matcher.is_match(path));
        if is_match && path.is_file() && is_yaml(path) && counts(path, wanted) {
            found.push(path.to_owned());
        }
    }
    Ok(found)
}

fn is_yaml(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    extension == "yaml" || extension == "yml"
}

/// Whether a file has steps at its top level, or says that it is a collection; one that can't be
/// read counts, so that it is blamed.
fn counts(path: &Path, wanted: Wanted) -> bool {
    let Ok(text) = std::fs::read(path) else {
        return true;
    };
    let mut lines = text.split(|byte| *byte == b'\n');
    if wanted == Wanted::All {
        let first = text.split(|byte| *byte == b'\n').next();
        let says = first.is_some_and(|line| memchr::memmem::find(line, SCHEMA).is_some());
        if says {
            return true;
        }
    }
    lines.any(|line| {
        ["steps:", "\"steps\":", "'steps':"]
            .iter()
            .any(|key| line.starts_with(key.as_bytes()))
    })
}
