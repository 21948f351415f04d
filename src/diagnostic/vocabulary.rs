//! Names that become more on the way, and the one that was meant by each misspelt one.

use std::collections::{BTreeSet, HashMap};

use super::names::{distance, farthest, nearer};

/// How many names are compared letter by letter: a file with thousands of misspelt names that all
/// look alike is told as fast as another one, without a guess for the last of them.
const COMPARISONS: u32 = 2_000_000;

/// The names that are known so far.
///
/// A misspelt name that comes again is compared only with the names that are new since then.
#[derive(Debug, Default)]
pub struct Vocabulary<'n> {
    names: BTreeSet<&'n str>,
    /// The same as they came.
    came: Vec<Known<'n>>,
    asked: HashMap<Box<str>, Asked<'n>>,
    comparisons: u32,
}

#[derive(Debug)]
struct Known<'n> {
    name: &'n str,
    lower: Box<str>,
    length: usize,
    letters: u64,
}

/// What was found for a misspelt name among the first `of` names.
#[derive(Debug, Default, Clone, Copy)]
struct Asked<'n> {
    of: usize,
    nearest: Option<(usize, &'n str)>,
}

impl<'n> Vocabulary<'n> {
    /// Adds a name.
    pub fn insert(&mut self, name: &'n str) {
        if self.names.insert(name) {
            let lower = name.to_lowercase();
            self.came.push(Known {
                name,
                length: lower.chars().count(),
                letters: letters(&lower),
                lower: lower.into(),
            });
        }
    }

    /// Whether a name is known.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &'n str> {
        self.names.iter().copied()
    }

    /// The known name nearest to a misspelt one, as [`closest`](super::closest) finds it; `others`
    /// are known here only.
    pub fn closest(&mut self, word: &str, others: &[&'n str]) -> Option<&'n str> {
        let lower = word.to_lowercase();
        let (length, letters) = (lower.chars().count(), letters(&lower));
        let Asked { of, mut nearest } = self.asked.get(word).copied().unwrap_or_default();
        // The name that is meant was mostly added lately.
        for known in self.came[of..].iter().rev() {
            let far = farthest(word, known.name);
            let far = nearest.map_or(far, |(best, _)| far.min(best));
            // A change of one letter adds at most one kind of letter and removes another.
            let kinds = (known.letters ^ letters).count_ones() as usize;
            if known.length.abs_diff(length) > far || kinds > 2 * far {
                continue;
            }
            if self.comparisons == COMPARISONS {
                break;
            }
            self.comparisons += 1;
            nearest = nearer(nearest, distance(&lower, &known.lower), known.name, far);
        }
        let of = self.came.len();
        self.asked.insert(word.into(), Asked { of, nearest });
        for name in others {
            let distance = distance(&lower, &name.to_lowercase());
            nearest = nearer(nearest, distance, name, farthest(word, name));
        }
        nearest.map(|(_, name)| name)
    }
}

/// Which kinds of letters a text has, a bit each.
fn letters(text: &str) -> u64 {
    text.chars()
        .fold(0, |all, c| all | 1 << (u32::from(c) % 64))
}

#[cfg(test)]
mod tests {
    use super::super::closest;
    use super::*;

    /// Every word against every set of names, asked again after each new name.
    #[test]
    fn a_name_that_is_asked_again_and_again_is_the_one_that_a_fresh_look_finds() {
        let names = [
            "chat_12",
            "chat_21",
            "thread_12",
            "Token",
            "token",
            "token_type",
            "pat",
            "żółw",
            "account_id",
            "acount",
            "chat_1",
            "b",
            "a",
        ];
        let words = [
            "caht_12",
            "chat_11",
            "chat",
            "tokn",
            "TOKEN",
            "zolw",
            "accountId",
            "account",
            "c",
            "satus",
            "nothing_like_it",
        ];
        let mut vocabulary = Vocabulary::default();
        for count in 0..names.len() {
            vocabulary.insert(names[count]);
            for word in words {
                let known = names[..=count].iter().copied().chain(["status"]);
                let fresh = closest(word, known);
                assert_eq!(vocabulary.closest(word, &["status"]), fresh, "{word}");
            }
        }
        assert_eq!(vocabulary.names().count(), names.len());
        assert!(vocabulary.contains("pat") && !vocabulary.contains("status"));
    }
}
