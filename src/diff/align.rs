//! Which parts of two sequences are common and in the same order.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp};

/// Up to this many tokens on both sides together the longest common sequence is found, which takes
/// the square of them; beyond it a long one.
const EXACT: usize = 2_000;

/// Pairs of places that hold the same token, increasing on both sides.
pub(super) fn align(old: &[u64], new: &[u64]) -> Vec<(usize, usize)> {
    let prefix = common(old.iter(), new.iter());
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix = common(old_rest.iter().rev(), new_rest.iter().rev());
    let old_middle = &old_rest[..old_rest.len() - suffix];
    let new_middle = &new_rest[..new_rest.len() - suffix];

    let mut pairs: Vec<(usize, usize)> = (0..prefix).map(|at| (at, at)).collect();
    let middle = middle(old_middle, new_middle);
    pairs.extend(middle.into_iter().map(|(i, j)| (prefix + i, prefix + j)));
    let tail = (1..=suffix).rev();
    pairs.extend(tail.map(|back| (old.len() - back, new.len() - back)));
    pairs
}

fn common<'a>(old: impl Iterator<Item = &'a u64>, new: impl Iterator<Item = &'a u64>) -> usize {
    old.zip(new).take_while(|(old, new)| old == new).count()
}

/// Looks only at the tokens that both sides have, which is none where all differs.
fn middle(old: &[u64], new: &[u64]) -> Vec<(usize, usize)> {
    let mut in_both: HashMap<u64, bool> = old.iter().map(|token| (*token, false)).collect();
    for token in new {
        if let Some(both) = in_both.get_mut(token) {
            *both = true;
        }
    }
    let places = |tokens: &[u64]| -> Vec<usize> {
        let places = 0..tokens.len();
        places
            .filter(|at| in_both.get(&tokens[*at]) == Some(&true))
            .collect()
    };
    let (old_places, new_places) = (places(old), places(new));
    let at = |tokens: &[u64], places: &[usize]| -> Vec<u64> {
        places.iter().map(|at| tokens[*at]).collect()
    };
    let (old_tokens, new_tokens) = (at(old, &old_places), at(new, &new_places));
    let pairs = if old_tokens.len() + new_tokens.len() <= EXACT {
        longest(&old_tokens, &new_tokens)
    } else {
        increasing(&by_occurrence(&old_tokens, &new_tokens))
    };
    pairs
        .into_iter()
        .map(|(i, j)| (old_places[i], new_places[j]))
        .collect()
}

fn longest(old: &[u64], new: &[u64]) -> Vec<(usize, usize)> {
    let operations = similar::capture_diff_slices(Algorithm::Myers, old, new);
    let equal = operations
        .into_iter()
        .filter_map(|operation| match operation {
            DiffOp::Equal {
                old_index,
                new_index,
                len,
            } => Some((0..len).map(move |at| (old_index + at, new_index + at))),
            _ => None,
        });
    equal.flatten().collect()
}

/// The first of a token with the first of it on the other side, the second with the second, in the
/// order of the old places.
pub(super) fn by_occurrence(old: &[u64], new: &[u64]) -> Vec<(usize, usize)> {
    let mut places: HashMap<u64, std::collections::VecDeque<usize>> = HashMap::new();
    for (at, token) in new.iter().enumerate() {
        places.entry(*token).or_default().push_back(at);
    }
    let pair = |(at, token): (usize, &u64)| Some((at, places.get_mut(token)?.pop_front()?));
    old.iter().enumerate().filter_map(pair).collect()
}

/// The most of some pairs, sorted by their old places, whose new places increase as well.
pub(super) fn increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[n]` is the pair that ends an increasing row of n + 1 pairs lowest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (_, new)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *new);
        before.push(length.checked_sub(1).map(|last| ends[last]));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut row = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(at) = next {
        row.push(pairs[at]);
        next = before[at];
    }
    row.reverse();
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(old: &str, new: &str) -> String {
        let tokens = |text: &str| text.bytes().map(u64::from).collect::<Vec<_>>();
        let pairs = align(&tokens(old), &tokens(new));
        assert!(pairs.is_sorted_by(|one, next| one.0 < next.0 && one.1 < next.1));
        pairs
            .iter()
            .map(|(at, _)| char::from(old.as_bytes()[*at]))
            .collect()
    }

    #[test]
    fn the_longest_common_sequence_of_short_ones_is_found() {
        assert_eq!(aligned("abcdef", "xabcef"), "abcef");
        assert_eq!(aligned("abc", "xyz"), "");
        assert_eq!(aligned("", "a"), "");
        assert_eq!(aligned("aab", "ab"), "ab");
        assert_eq!(aligned("cab", "abc"), "ab");
    }

    #[test]
    fn long_sequences_keep_all_that_did_not_move() {
        let old: Vec<u64> = (0..50_000).collect();
        let mut new: Vec<u64> = old.iter().map(|token| token + 7).collect();
        new.swap(100, 40_000);
        let pairs = align(&old, &new);
        assert_eq!(pairs.len(), 50_000 - 7 - 2);
        let other: Vec<u64> = (100_000..150_000).collect();
        assert!(align(&old, &other).is_empty());
        let back: Vec<u64> = old.iter().rev().copied().collect();
        assert_eq!(align(&old, &back).len(), 1);
    }
}
