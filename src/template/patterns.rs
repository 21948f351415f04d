//! Regular expressions and `JSONPath`s, compiled once for all the expressions that use them.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use regex::Regex;
use serde_json_path::JsonPath;

use crate::pattern::{self, BadPattern};

/// How many compiled patterns of each sort are kept.
const KEPT: usize = 256;

/// A JSONPath (RFC 9535), and whether it names one node at most.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) query: JsonPath,
    pub(super) is_singular: bool,
}

/// The patterns that an engine has met.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    regexes: Cache<Regex>,
    paths: Cache<Path>,
}

type Cache<T> = RwLock<HashMap<Box<str>, Arc<T>>>;

impl Patterns {
    /// A regular expression.
    pub(super) fn regex(&self, pattern: &str) -> Result<Arc<Regex>, BadPattern> {
        cached(&self.regexes, pattern, pattern::regex)
    }

    /// A `JSONPath`.
    pub(super) fn path(&self, pattern: &str) -> Result<Arc<Path>, BadPattern> {
        cached(&self.paths, pattern, |pattern| {
            let query = pattern::json_path(pattern)?;
            let is_singular = is_singular(pattern);
            Ok(Path { query, is_singular })
        })
    }
}

fn cached<T>(
    cache: &Cache<T>,
    pattern: &str,
    compile: impl Fn(&str) -> Result<T, BadPattern>,
) -> Result<Arc<T>, BadPattern> {
    let known = cache.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(compiled) = known.get(pattern) {
        return Ok(Arc::clone(compiled));
    }
    drop(known);
    let compiled = Arc::new(compile(pattern)?);
    let mut known = cache.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() < KEPT {
        known.insert(pattern.into(), Arc::clone(&compiled));
    }
    Ok(compiled)
}

/// Whether a path can name only one node: names and indices, one each (RFC 9535 §2.3.5.1).
fn is_singular(pattern: &str) -> bool {
    let mut quote = None;
    let mut escaped = false;
    let mut last = ' ';
    for char in pattern.chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if char == '\\' => escaped = true,
            Some(open) if char == open => quote = None,
            None if char == '.' && last == '.' => return false,
            None if matches!(char, '*' | '?' | ':' | ',') => return false,
            None if matches!(char, '"' | '\'') => quote = Some(char),
            _ => {}
        }
        last = char;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_names_and_indices_names_one_node() {
        for path in ["$", "$.a.b", "$['a*,:..?'][0]", r#"$["\"..*"][-1]"#] {
            assert!(is_singular(path), "{path}");
        }
        for path in ["$..a", "$.a[*]", "$.*", "$[0,1]", "$[1:2]", "$[?@.a]"] {
            assert!(!is_singular(path), "{path}");
        }
    }

    #[test]
    fn a_pattern_is_compiled_once() {
        let patterns = Patterns::default();
        let first = patterns.regex("a+").unwrap();
        assert!(Arc::ptr_eq(&first, &patterns.regex("a+").unwrap()));
        assert_eq!(patterns.path("$[").unwrap_err().code, "bad-jsonpath");
    }
}
