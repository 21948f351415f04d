//! What a format knows of its keys, for the help in messages: examples, and where keys belong.

use crate::yaml::tree::Node;

/// What a format knows of its keys.
#[derive(Debug, Clone, Copy)]
pub struct Hints<'a> {
    /// A line for a key, as `("url", "url: https://…")`. The key may say what holds it
    /// (`snapshot.headers`), stand for every key of a mapping (`capture.*`) or for an item of a
    /// list (`steps[]`); `""` is the whole value.
    pub examples: &'a [(&'a str, &'a str)],
    /// Keys, and the part of the format that they are keys of.
    pub homes: &'a [(&'a [&'a str], &'a str)],
    /// Keys of other tools, and the key here that does the same.
    pub habits: &'a [(&'a str, &'a str)],
    /// Keys of other tools that no single key here stands for, and what to write in their place.
    pub advice: &'a [(&'a [&'a str], &'a str)],
    /// Keys that are known but can't be used yet: no message offers them.
    pub later: &'a [&'a str],
    /// What a value of the wrong type was meant to be.
    pub meant: fn(&Misread<'_>) -> Option<Meant>,
}

/// A value of the wrong type, for [`Hints::meant`].
#[derive(Debug, Clone, Copy)]
pub struct Misread<'a> {
    /// The way to the value in general, without the numbers of list items: `steps[].assert[]`.
    pub path: &'a str,
    /// The value.
    pub node: &'a Node,
    /// The value as it is written.
    pub written: &'a str,
}

/// What a value was probably meant to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// What to do, as in "write a mapping".
    pub message: &'static str,
    /// The value as it could be written, on one line.
    pub value: String,
}

impl Hints<'_> {
    /// Nothing is known.
    pub const NONE: Hints<'static> = Hints {
        examples: &[],
        homes: &[],
        habits: &[],
        advice: &[],
        later: &[],
        meant: |_| None,
    };

    /// A line for a required key that is not there in the mapping at a path.
    pub(super) fn missing(&self, path: &str, key: &str) -> Option<&str> {
        let general = general(path);
        let holder = general.rsplit('.').next().unwrap_or_default();
        find(self.examples, &format!("{holder}.{key}")).or_else(|| find(self.examples, key))
    }

    /// A line for the value at a path, as messages show it: `steps[2].capture.id`.
    pub(super) fn example(&self, path: &str) -> Option<&str> {
        let general = general(path);
        let mut parts = general.rsplit('.');
        let last = parts.next().unwrap_or_default();
        let holder = parts.next().unwrap_or_default();
        find(self.examples, &format!("{holder}.{last}"))
            .or_else(|| find(self.examples, last))
            .or_else(|| find(self.examples, &format!("{holder}.*")))
    }

    /// The part of the format that a key belongs to.
    pub(super) fn home(&self, key: &str) -> Option<&str> {
        let home = self.homes.iter().find(|(keys, _)| keys.contains(&key));
        home.map(|(_, home)| *home)
    }

    /// What to write in place of a key of another tool.
    pub(super) fn advice(&self, key: &str) -> Option<&str> {
        let is_key = |name: &&str| name.eq_ignore_ascii_case(key);
        let advice = self.advice.iter().find(|(keys, _)| keys.iter().any(is_key));
        advice.map(|(_, advice)| *advice)
    }

    /// The key that one of another tool stands for, if it is one of `known`.
    pub(super) fn habit(&self, key: &str, known: &[&'static str]) -> Option<&'static str> {
        let key = key.to_ascii_lowercase();
        let meant = self.habits.iter().filter(|(habit, _)| *habit == key);
        let mut meant = meant.filter_map(|(_, meant)| known.iter().find(|name| *name == meant));
        meant.next().copied()
    }
}

/// A path without the numbers of list items.
pub(super) fn general(path: &str) -> String {
    let mut general = String::with_capacity(path.len());
    let mut in_brackets = false;
    for c in path.chars() {
        if !(in_brackets && c.is_ascii_digit()) {
            general.push(c);
        }
        in_brackets = c == '[' || in_brackets && c.is_ascii_digit();
    }
    general
}

fn find<'a>(examples: &[(&str, &'a str)], key: &str) -> Option<&'a str> {
    let example = examples.iter().find(|(name, _)| *name == key);
    example.map(|(_, line)| *line)
}
