//! Names in messages: the one that was meant, and lists of those that exist.

/// The known name nearest to a misspelt one, if any is near enough to be meant.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&lower, &name.to_lowercase()),
                name,
            )
        })
        .filter(|(distance, name)| *distance <= 1 + word.len().max(name.len()) / 5)
        .min()
        .map(|(_, name)| name)
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
