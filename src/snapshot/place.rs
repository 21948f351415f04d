//! Where snapshots lie: the folder beside a collection, and the file of each of its steps.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

/// The folder beside a collection that its snapshots lie in.
pub const FOLDER: &str = "snapshots";

/// Where the snapshots of one collection lie under one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
    /// The collection's file name without its extension.
    stem: OsString,
}

impl Home {
    /// The home of a collection's snapshots: `collections/agent-flow.yaml` has
    /// `collections/snapshots/agent-flow__….snap`, and `snapshots/live/…` under another
    /// environment than its first one.
    pub fn of(collection: &Path, environment: Option<&str>) -> Self {
        let beside = collection.parent().unwrap_or(Path::new(""));
        let stem = collection.file_stem().unwrap_or_default();
        Self::inside(&beside.join(FOLDER), stem, environment)
    }

    /// A home in a folder that somebody chose (`--snapshot-dir`), which a collection that is no
    /// file needs; `stem` is what the files begin with.
    pub fn inside(folder: &Path, stem: impl AsRef<OsStr>, environment: Option<&str>) -> Self {
        Self {
            folder: match environment {
                Some(environment) => folder.join(folder_name(environment)),
                None => folder.to_owned(),
            },
            stem: stem.as_ref().to_owned(),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of a step's snapshot. `turns` counts the rows and repeats that it stands in,
    /// outermost first and from 1, so that each has its own: `agent-flow__rule-3.snap`.
    pub fn file(&self, step: &str, turns: &[usize]) -> PathBuf {
        let mut name = self.stem.clone();
        name.push("__");
        name.push(step);
        for turn in turns {
            // No id has a dash, so this can't be the file of another step.
            name.push(format!("-{turn}"));
        }
        name.push(".snap");
        self.folder.join(name)
    }

    /// The turns of a file of this step, if it is one: what [`Home::file`] was given.
    pub fn turns(&self, step: &str, file: &Path) -> Option<Vec<usize>> {
        let plain = self.file(step, &[]);
        if file.parent() != Some(&self.folder) {
            return None;
        }
        let name = file.file_name()?.to_str()?.strip_suffix(".snap")?;
        let own = plain.file_stem()?.to_str()?;
        let rest = name.strip_prefix(own)?;
        if rest.is_empty() {
            return Some(Vec::new());
        }
        let turns = rest.strip_prefix('-')?.split('-').map(str::parse);
        let turns: Vec<usize> = turns.collect::<Result<_, _>>().ok()?;
        (self.file(step, &turns) == file).then_some(turns)
    }
}

/// The pending file of a snapshot: it lies beside it.
pub fn pending_file(file: &Path) -> PathBuf {
    file.with_extension("snap.new")
}

/// An environment's name as the name of a folder, another one for each.
fn folder_name(environment: &str) -> String {
    let is_safe =
        |at: usize, c: char| c.is_alphanumeric() || matches!(c, '_' | '-') || (c == '.' && at > 0);
    let mut name = String::with_capacity(environment.len());
    for (at, c) in environment.char_indices() {
        if is_safe(at, c) {
            name.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                write!(name, "%{byte:02X}").expect("a string takes any text");
            }
        }
    }
    name
}

/// A collection's path as a header names it: seen from the project's root, so that it is the same
/// for everybody, with `/` between its parts; outside of the root it is the file name.
///
/// Both are read as they are written: no link is followed and no file looked at.
pub fn source_name(collection: &Path, root: &Path) -> String {
    let below = plain(collection)
        .strip_prefix(plain(root))
        .map(Path::to_owned);
    let path = below.unwrap_or_else(|_| collection.file_name().unwrap_or_default().into());
    let parts = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// A path without `.` and, as far as they lead nowhere else, without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_))) =>
            {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// A file that two steps would share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash<O> {
    /// The file.
    pub file: PathBuf,
    /// Whose it is.
    pub first: O,
    /// Whose it is as well.
    pub second: O,
}

/// The files that two owners would share; names that differ in case only are one, as they are on
/// many disks. `a/flow.yaml` and `a/flow.yml` share all of theirs.
pub fn clashes<O: Clone>(files: impl IntoIterator<Item = (PathBuf, O)>) -> Vec<Clash<O>> {
    let mut seen: std::collections::HashMap<String, O> = std::collections::HashMap::new();
    let mut clashes = Vec::new();
    for (file, owner) in files {
        let key = plain(&file).to_string_lossy().to_lowercase();
        match seen.get(&key) {
            Some(first) => clashes.push(Clash {
                file,
                first: first.clone(),
                second: owner,
            }),
            None => {
                seen.insert(key, owner);
            }
        }
    }
    clashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_lies_in_a_folder_beside_its_collection() {
        let home = Home::of(Path::new("collections/agent-flow.yaml"), None);
        let token = home.file("token", &[]);
        assert_eq!(
            token,
            Path::new("collections/snapshots/agent-flow__token.snap")
        );
        assert_eq!(
            pending_file(&token),
            Path::new("collections/snapshots/agent-flow__token.snap.new")
        );
        let live = Home::of(Path::new("flow.v2.yaml"), Some("live"));
        assert_eq!(
            live.file("rule", &[3, 1]),
            Path::new("snapshots/live/flow.v2__rule-3-1.snap")
        );
    }

    #[test]
    fn an_environment_can_not_lead_out_of_the_folder() {
        for (name, folder) in [
            ("../x", "%2E.%2Fx"),
            ("a/b", "a%2Fb"),
            ("ż.1", "ż.1"),
            (".", "%2E"),
        ] {
            let home = Home::of(Path::new("c.yaml"), Some(name));
            assert_eq!(home.folder(), Path::new("snapshots").join(folder));
        }
    }

    #[test]
    fn a_step_knows_its_own_files_and_the_turns_they_are_of() {
        let home = Home::of(Path::new("c.yaml"), None);
        for turns in [&[][..], &[1], &[12, 3]] {
            let file = home.file("rule", turns);
            assert_eq!(home.turns("rule", &file).as_deref(), Some(turns));
            assert_eq!(home.turns("rul", &file), None);
        }
        for other in [
            "c__rule-x.snap",
            "c__rule-01.snap",
            "c__ruler.snap",
            "d__rule.snap",
        ] {
            let file = home.folder().join(other);
            assert_eq!(home.turns("rule", &file), None, "{other}");
        }
    }

    #[test]
    fn a_source_is_named_from_the_root_whoever_runs_it() {
        let name = |file: &str, root: &str| source_name(Path::new(file), Path::new(root));
        assert_eq!(name("/p/collections/a.yaml", "/p"), "collections/a.yaml");
        assert_eq!(
            name("/p/x/../collections/./a.yaml", "/p/."),
            "collections/a.yaml"
        );
        assert_eq!(name("/elsewhere/a.yaml", "/p"), "a.yaml");
        assert_eq!(name("./collections/a.yaml", ""), "collections/a.yaml");
    }

    #[test]
    fn two_owners_of_one_file_are_found() {
        let files = [("a__b__c", 1), ("A__b__c", 2), ("a__c", 3)];
        let found = clashes(files.map(|(file, owner)| (PathBuf::from(file), owner)));
        let pairs: Vec<_> = found.iter().map(|one| (one.first, one.second)).collect();
        assert_eq!(pairs, [(1, 2)]);
    }
}
