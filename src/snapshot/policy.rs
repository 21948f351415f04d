//! What is done about a recorded response: which files are written when, as insta does it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::compare::{Difference, compare};
use super::file::{Header, SnapshotFile};
use super::place::pending_file;
use super::record::Recorded;
use super::store::{self, StoreError};
use crate::diagnostic::{closest, list};

/// Which snapshots are written: `--update`, `LCRUN_UPDATE`, `INSTA_UPDATE`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Update {
    /// [`Update::No`] in CI, else [`Update::New`].
    #[default]
    Auto,
    /// None.
    No,
    /// What is new or differs, as pending.
    New,
    /// What is new is accepted at once; what differs is pending.
    Unseen,
    /// What is new or differs is accepted at once.
    Always,
    /// As [`Update::Always`], and what is the same is written again as it would be today.
    Force,
}

/// The words for the modes.
pub const UPDATES: [&str; 6] = ["auto", "no", "new", "unseen", "always", "force"];

/// A word that is no mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownUpdate(pub String);

impl fmt::Display for UnknownUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no update mode `{}`", self.0)?;
        match closest(&self.0, UPDATES) {
            Some(meant) => write!(f, "; did you mean `{meant}`?"),
            None => write!(f, "; the modes are {}", list(UPDATES)),
        }
    }
}

impl std::error::Error for UnknownUpdate {}

impl FromStr for Update {
    type Err = UnknownUpdate;

    /// Reads a word of [`UPDATES`]; `1` is `always`, as for insta.
    fn from_str(word: &str) -> Result<Self, UnknownUpdate> {
        Ok(match word {
            "auto" => Update::Auto,
            "no" => Update::No,
            "new" => Update::New,
            "unseen" => Update::Unseen,
            "always" | "1" => Update::Always,
            "force" => Update::Force,
            _ => return Err(UnknownUpdate(word.to_owned())),
        })
    }
}

impl Update {
    /// What `auto` comes to, in CI and elsewhere.
    #[must_use]
    pub fn resolve(self, is_ci: bool) -> Self {
        match self {
            Update::Auto if is_ci => Update::No,
            Update::Auto => Update::New,
            other => other,
        }
    }
}

/// Where a step's snapshot lies and what its header says; see [`super::place::Home::file`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The `.snap` file.
    pub file: PathBuf,
    /// The header, with the line of the step, which pending files have.
    pub header: Header,
}

/// How a recorded response compares with its snapshot, and what was done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// How it compares.
    pub verdict: Verdict,
    /// What was done.
    pub done: Done,
}

/// What was done about a recorded response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Nothing.
    Nothing,
    /// It waits for a review in this file, since this run or an earlier one.
    Pending(PathBuf),
    /// It is the snapshot now, in this file.
    Accepted(PathBuf),
}

impl Settled {
    /// Whether the step's snapshot is as it should be, now that it was settled.
    pub fn passes(&self) -> bool {
        self.verdict == Verdict::Same || matches!(self.done, Done::Accepted(_))
    }
}

/// How a recorded response compares with its snapshot.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// They are the same.
    Same,
    /// There is no snapshot yet.
    New,
    /// They differ.
    Different(Difference),
}

/// Compares a recorded response with its snapshot and writes what the mode asks for: a pending
/// file, the snapshot itself, or nothing. A pending file of an earlier run is removed once nothing
/// is left to review. In the mode `no` no file is written and none is removed.
pub fn settle(place: &Place, recorded: &Recorded, update: Update) -> Result<Settled, StoreError> {
    let verdict = match store::read(&place.file)? {
        None => Verdict::New,
        Some(old) => match compare(&old.contents, &recorded.contents) {
            None => Verdict::Same,
            Some(difference) => Verdict::Different(difference),
        },
    };
    let done = match (&verdict, update) {
        (_, Update::No) => Done::Nothing,
        (_, Update::Force)
        | (Verdict::New | Verdict::Different(_), Update::Always)
        | (Verdict::New, Update::Unseen) => {
            store::write(&place.file, &file(place, recorded, false))?;
            discard(&pending_file(&place.file))?;
            Done::Accepted(place.file.clone())
        }
        (Verdict::Same, _) => {
            discard(&pending_file(&place.file))?;
            Done::Nothing
        }
        (_, Update::Auto | Update::New | Update::Unseen) => {
            let pending = pending_file(&place.file);
            store::write(&pending, &file(place, recorded, true))?;
            Done::Pending(pending)
        }
    };
    Ok(Settled { verdict, done })
}

/// Removes what waits for a review; what something else wrote stays.
fn discard(pending: &Path) -> Result<(), StoreError> {
    match store::remove(pending) {
        Err(StoreError::Format { .. }) => Ok(()),
        result => result.map(|_| ()),
    }
}

fn file(place: &Place, recorded: &Recorded, is_pending: bool) -> SnapshotFile {
    let mut header = place.header.clone();
    header.assertion_line = header.assertion_line.filter(|_| is_pending);
    SnapshotFile {
        header,
        contents: recorded.contents.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_is_no_in_ci_and_new_elsewhere() {
        assert_eq!(Update::Auto.resolve(true), Update::No);
        assert_eq!(Update::Auto.resolve(false), Update::New);
        assert_eq!(Update::Force.resolve(true), Update::Force);
    }

    #[test]
    fn a_misspelt_mode_says_which_was_meant() {
        assert_eq!("1".parse(), Ok(Update::Always));
        let told = |word: &str| word.parse::<Update>().unwrap_err().to_string();
        assert_eq!(
            told("unsen"),
            "there is no update mode `unsen`; did you mean `unseen`?"
        );
        assert_eq!(
            told("everything"),
            "there is no update mode `everything`; the modes are `auto`, `no`, `new`, `unseen`, `always` and `force`"
        );
        for word in UPDATES {
            assert!(word.parse::<Update>().is_ok());
        }
    }
}
