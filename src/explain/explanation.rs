//! An entry put into a few lines, for the report of a step that failed.

use super::catalogue::Entry;
use super::find::Facts;
use super::pages;

/// What an error means, in plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// What it is called.
    pub title: String,
    /// What it means.
    pub means: String,
    /// What may have brought it.
    pub causes: Vec<String>,
    /// Whether what the run knows speaks for the causes; else they are all that there are.
    pub is_likely: bool,
    /// What to do about it.
    pub todo: Vec<String>,
    /// The command that prints all of it.
    pub command: String,
}

impl Explanation {
    /// The same with every text changed.
    #[must_use]
    pub fn map(self, change: impl Fn(String) -> String) -> Self {
        Self {
            title: change(self.title),
            means: change(self.means),
            causes: self.causes.into_iter().map(&change).collect(),
            is_likely: self.is_likely,
            todo: self.todo.into_iter().map(&change).collect(),
            command: change(self.command),
        }
    }
}

/// How an entry reads in a report: narrowed to the causes that the facts make likely, if any do.
pub fn explain(entry: &Entry<'_>, facts: &Facts) -> Explanation {
    let likely: Vec<_> = entry
        .error
        .likely
        .iter()
        .filter(|one| facts.contains(&one.when.value))
        .collect();
    let (causes, mut todo): (Vec<&str>, Vec<&str>) = if likely.is_empty() {
        let causes = entry.error.causes.iter();
        (
            causes.map(|one| one.cause.as_str()).collect(),
            entry.error.todo.iter().map(|text| &*text.value).collect(),
        )
    } else {
        let todo = likely.iter().filter_map(|one| one.todo.as_ref());
        (
            likely.iter().map(|one| one.cause.value.as_str()).collect(),
            todo.map(|text| text.value.as_str()).collect(),
        )
    };
    // Two causes may have one remedy.
    let mut seen = Vec::new();
    todo.retain(|text| {
        let is_new = !seen.contains(text);
        seen.push(*text);
        is_new
    });
    let owned = |texts: Vec<&str>| texts.into_iter().map(one_line).collect();
    Explanation {
        title: entry.title().to_owned(),
        means: one_line(&entry.error.means),
        causes: owned(causes),
        is_likely: !likely.is_empty(),
        todo: owned(todo),
        command: command(entry),
    }
}

/// The command that prints all of an entry, and of no other.
pub fn command(entry: &Entry<'_>) -> String {
    let mut others = entry.catalogue.entries().filter(|other| !other.is(entry));
    let is_shared = others.any(|other| other.is_called(entry.code));
    let word = if is_shared || pages::page(entry.code).is_some() {
        entry.full_name()
    } else {
        entry.code.to_owned()
    };
    match &entry.catalogue.file {
        Some(file) => format!(
            "lcrun explain --catalogue {} {}",
            quoted(file),
            quoted(&word)
        ),
        None => format!("lcrun explain {}", quoted(&word)),
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/\\:".contains(c);
    if word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
