//! Rules for the snapshots of a collection, on their way into its file.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::atomic_file::{self, Access};
use crate::collection::model::{Collection, Step};
use crate::diagnostic::Diagnostic;
use crate::snapshot::suggest::{Naming, Recording, Section, Suggestion, suggest};
use crate::yaml::edit::{self, Part};

/// A step that takes a snapshot.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it stands in the file.
    place: Vec<Part>,
}

/// The steps of a collection that take a snapshot, in order.
pub fn recorded_steps(collection: &Collection) -> Vec<Recorded> {
    let mut found = Vec::new();
    for (key, steps) in [
        ("steps", &collection.steps),
        ("finally", &collection.finally),
    ] {
        below(key, steps, &mut Vec::new(), &mut found);
    }
    found
}

fn below(key: &str, steps: &[Step], place: &mut Vec<Part>, found: &mut Vec<Recorded>) {
    place.push(Part::Key(key.to_owned()));
    for (index, step) in steps.iter().enumerate() {
        place.push(Part::Item(index));
        if step.spec.snapshot.as_ref().is_some_and(|spec| !spec.off) {
            found.push(Recorded {
                id: step.id.to_string(),
                name: step.spec.name.value.clone(),
                place: place.clone(),
            });
        }
        below("steps", &step.steps, place, found);
        place.pop();
    }
    place.pop();
}

/// What would make several runs of a collection equal.
#[derive(Debug)]
pub struct Proposal(Vec<(Recorded, Suggestion)>);

impl Proposal {
    /// What would make runs equal, each of which recorded some of the steps, by their ids.
    pub fn of(steps: &[Recorded], runs: &[&BTreeMap<String, Recording>], naming: Naming) -> Self {
        let suggestions = steps.iter().map(|step| {
            let recordings: Vec<Recording> = runs
                .iter()
                .filter_map(|run| run.get(&step.id).cloned())
                .collect();
            (step.clone(), suggest(&recordings, naming))
        });
        Self(suggestions.collect())
    }

    /// Whether a step differs in what no rule redacts, and in nothing else.
    pub fn is_hopeless(&self) -> bool {
        let steps = self.0.iter();
        steps
            .map(|(_, one)| one)
            .any(|one| one.rules.is_empty() && one.differs())
    }

    /// Whether there is no rule to add.
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// How many rules there are to add.
    pub fn count(&self) -> usize {
        self.0.iter().map(|(_, one)| one.rules.len()).sum()
    }

    /// The text of the collection with the rules.
    pub fn applied(&self, text: &str) -> Result<String> {
        let mut text = text.to_owned();
        for (step, suggestion) in &self.0 {
            for section in [Section::Redact, Section::Sort] {
                let rules = suggestion.rules.iter();
                let entries: Vec<(String, String)> = rules
                    .filter(|rule| rule.section == section)
                    .map(|rule| (rule.key.clone(), rule.value.clone()))
                    .collect();
                let mut place = step.place.clone();
                place.extend(["snapshot", section.key()].map(|key| Part::Key(key.to_owned())));
                text = edit::set(&text, &place, &entries).with_context(|| {
                    format!(
                        "the `snapshot` of `{}` must be edited by hand, nothing was written",
                        step.id
                    )
                })?;
            }
        }
        Ok(text)
    }

    /// The rules for people, with what no rule helps with.
    pub fn told(&self) -> String {
        let mut told = String::new();
        for (step, suggestion) in &self.0 {
            if !suggestion.differs() {
                continue;
            }
            let mut line = |text: String| {
                told.push_str(&text);
                told.push('\n');
            };
            line(format!("\n{} ({})", step.name, step.id));
            for rule in &suggestion.rules {
                line(format!(
                    "  {} {}: {}",
                    rule.section.key(),
                    rule.key,
                    rule.value
                ));
            }
            for note in &suggestion.notes {
                line(format!("  note: {note}"));
            }
        }
        told
    }
}

/// What is told of a file that [`replace`] could not write.
pub fn told(error: &anyhow::Error) -> Diagnostic {
    Diagnostic::without_place("unwritable-file", format!("{error:#}"))
}

/// Puts a new text into a file, whole or not at all; an error if the file does not hold `old` any
/// more, or if it is read-only. `name` is what messages call it.
pub fn replace(name: &str, path: &Path, old: &str, new: &str) -> Result<()> {
    let failed = format!("`{name}` can't be written");
    // A link stays a link.
    let target = path.canonicalize().context(failed.clone())?;
    let before = std::fs::read(&target).context(failed.clone())?;
    if before != old.as_bytes() {
        bail!("`{name}` was changed meanwhile; nothing was written");
    }
    let permissions = std::fs::metadata(&target)
        .context(failed.clone())?
        .permissions();
    // Whoever may write into the folder could replace it all the same.
    if permissions.readonly() {
        bail!("{failed}: it is read-only");
    }
    let access = Access::Given(permissions);
    let written = atomic_file::replace(&target, access, |file| file.write_all(new.as_bytes()));
    written.context(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_if_nobody_else_changed_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "a: 1\n").unwrap();
        let error = replace("a.yaml", &path, "a: 0\n", "a: 2\n").unwrap_err();
        assert!(error.to_string().ends_with("nothing was written"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a: 1\n");
        replace("a.yaml", &path, "a: 1\n", "a: 2\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a: 2\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_read_only_stays_as_it_is() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "a: 1\n").unwrap();
        let mut permissions = path.metadata().unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
        let error = replace("a.yaml", &path, "a: 1\n", "a: 2\n").unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("can't be written: it is read-only")
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a: 1\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_the_permissions_stay() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::TempDir::new().unwrap();
        let (path, link) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
        std::fs::write(&path, "a: 1\n").unwrap();
        let permissions = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(&path, permissions).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        replace("b.yaml", &link, "a: 1\n", "a: 2\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a: 2\n");
        assert!(link.is_symlink());
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    }
}
