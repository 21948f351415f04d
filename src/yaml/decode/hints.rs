//! What a format knows of its keys, for the help in messages: examples, and where keys belong.

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
}

impl Hints<'_> {
    /// A decoder that has nothing to say.
    pub(super) const NONE: Hints<'static> = Hints {
        examples: &[],
        homes: &[],
        habits: &[],
    };

    /// A line for a required key that is not there.
    pub(super) fn missing(&self, key: &str) -> Option<&str> {
        find(self.examples, key)
    }

    /// A line for the value at a path, as messages show it: `steps[2].capture.id`.
    pub(super) fn example(&self, path: &str) -> Option<&str> {
        let general: String = path.chars().filter(|c| !c.is_ascii_digit()).collect();
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

    /// The key that one of another tool stands for, if it is one of `known`.
    pub(super) fn habit(&self, key: &str, known: &[&'static str]) -> Option<&'static str> {
        let key = key.to_ascii_lowercase();
        let meant = self.habits.iter().filter(|(habit, _)| *habit == key);
        let mut meant = meant.filter_map(|(_, meant)| known.iter().find(|name| *name == meant));
        meant.next().copied()
    }
}

fn find<'a>(examples: &[(&str, &'a str)], key: &str) -> Option<&'a str> {
    let example = examples.iter().find(|(name, _)| *name == key);
    example.map(|(_, line)| *line)
}
