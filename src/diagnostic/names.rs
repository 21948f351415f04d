//! Names in messages: the one that was meant, and lists of those that exist.

/// The known name nearest to a misspelt one, if any is near enough to be meant.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let nearest = known.into_iter().fold(None, |nearest, name| {
        let distance = distance(&lower, &name.to_lowercase());
        nearer(nearest, distance, name, farthest(word, name))
    });
    nearest.map(|(_, name)| name)
}

/// How many letters have to be changed; both in lower case.
pub(super) fn distance(one: &str, other: &str) -> usize {
    strsim::damerau_levenshtein(one, other)
}

/// How many letters may be wrong in a name.
pub(super) fn farthest(word: &str, name: &str) -> usize {
    1 + word.len().max(name.len()) / 5
}

/// The nearer one of two names, of equally near ones the first in the alphabet.
pub(super) fn nearer<'a>(
    nearest: Option<(usize, &'a str)>,
    distance: usize,
    name: &'a str,
    farthest: usize,
) -> Option<(usize, &'a str)> {
    let found = Some((distance, name)).filter(|_| distance <= farthest);
    nearest.into_iter().chain(found).min()
}

/// A list of names as people write it: "`a`, `b` and `c`".
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_the_one_that_was_meant() {
        assert_eq!(closest("metod", ["method", "url"]), Some("method"));
        assert_eq!(closest("JSON", ["json", "form"]), Some("json"));
        assert_eq!(closest("zzz", ["method", "url"]), None);
    }
}
