//! Which elements of an array belong to which of another: by a key that tells them apart, else by
//! what they hold, else by how much they have in common.

use std::collections::HashSet;

use super::align::{align, by_occurrence, increasing};
use super::exact::{Exact, entry_digest};

/// What became of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is at `old` and at `new`, where it may have changed.
    Stayed { old: usize, new: usize },
    /// As before, and others went past it.
    Moved { old: usize, new: usize },
    /// Only the old array has it.
    Removed(usize),
    /// Only the new array has it.
    Added(usize),
}

/// Keys that tell elements apart, the best first; besides them all that end with `_id`.
const IDENTITIES: [&str; 7] = ["id", "_id", "uuid", "guid", "key", "slug", "name"];

/// Up to this many pairs of elements are looked at for the best ones; beyond it the first is put
/// with the first, the second with the second.
const MAX_PAIRS: usize = 10_000;

/// The fates of all elements but of those that are equal at the front and at the back, in the
/// order of the new array; what was removed stands where it was.
pub(super) fn fates(old: &[Exact], new: &[Exact]) -> Vec<Fate> {
    let prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let rest = old[prefix..].iter().rev().zip(new[prefix..].iter().rev());
    let suffix = rest.take_while(|(a, b)| a == b).count();
    let middle = |items: &[Exact]| prefix..items.len() - suffix;
    let identity = identity(old, new);
    let mut pairing = Pairing {
        old: &old[middle(old)],
        new: &new[middle(new)],
        identity,
        of_new: vec![None; new.len() - prefix - suffix],
        of_old: vec![None; old.len() - prefix - suffix],
    };
    pairing.find();
    let shift = |fate: Fate| match fate {
        Fate::Stayed { old, new } => Fate::Stayed {
            old: old + prefix,
            new: new + prefix,
        },
        Fate::Moved { old, new } => Fate::Moved {
            old: old + prefix,
            new: new + prefix,
        },
        Fate::Removed(old) => Fate::Removed(old + prefix),
        Fate::Added(new) => Fate::Added(new + prefix),
    };
    pairing.fates().into_iter().map(shift).collect()
}

/// A key that every element of both arrays has, another scalar in each of an array, and with one at
/// least that is in both.
fn identity(old: &[Exact], new: &[Exact]) -> Option<String> {
    let first = old.first()?.entries()?;
    let is_candidate = |key: &str| first.iter().any(|(name, _)| **name == *key);
    let known = IDENTITIES.into_iter().filter(|key| is_candidate(key));
    let by_ending = first
        .iter()
        .map(|(name, _)| &**name)
        .filter(|name| name.ends_with("_id") && *name != "_id");
    let tells_apart = |key: &&str| {
        let (Some(old), Some(new)) = (identities(old, key), identities(new, key)) else {
            return false;
        };
        let all: HashSet<u64> = old.into_iter().collect();
        new.iter().any(|token| all.contains(token))
    };
    known.chain(by_ending).find(tells_apart).map(str::to_owned)
}

fn identities(items: &[Exact], key: &str) -> Option<Vec<u64>> {
    let token = |item: &Exact| {
        item.get(key)
            .filter(|value| matches!(value, Exact::String(_) | Exact::Number(_)))
            .map(Exact::digest)
    };
    let tokens: Vec<u64> = items.iter().map(token).collect::<Option<_>>()?;
    let different: HashSet<u64> = tokens.iter().copied().collect();
    (different.len() == tokens.len()).then_some(tokens)
}

struct Pairing<'a> {
    old: &'a [Exact],
    new: &'a [Exact],
    identity: Option<String>,
    /// For each new element the old one, and whether it stayed in order.
    of_new: Vec<Option<(usize, bool)>>,
    of_old: Vec<Option<usize>>,
}

impl Pairing<'_> {
    fn find(&mut self) {
        let stayed = match &self.identity {
            Some(key) => self.pair_by_identity(&key.clone()),
            None => self.pair_by_content(),
        };
        let mut from = (0, 0);
        for to in stayed.into_iter().chain([(self.old.len(), self.new.len())]) {
            self.pair_gap(from, to);
            from = (to.0 + 1, to.1 + 1);
        }
    }

    /// Pairs what has the same identity; gives the pairs that are in order.
    fn pair_by_identity(&mut self, key: &str) -> Vec<(usize, usize)> {
        let tokens = |items| identities(items, key).unwrap_or_default();
        let all = by_occurrence(&tokens(self.old), &tokens(self.new));
        let stayed = increasing(&all);
        self.take(&stayed, true);
        self.take(&all, false);
        stayed
    }

    /// Pairs what is equal; gives the pairs that are in order.
    fn pair_by_content(&mut self) -> Vec<(usize, usize)> {
        let digests = |items: &[Exact]| items.iter().map(Exact::digest).collect();
        let (old, new): (Vec<u64>, Vec<u64>) = (digests(self.old), digests(self.new));
        let stayed = align(&old, &new);
        self.take(&stayed, true);
        let (old_left, new_left) = (left(&self.of_old), left(&self.of_new));
        let tokens = |places: &[usize], all: &[u64]| -> Vec<u64> {
            places.iter().map(|at| all[*at]).collect()
        };
        let moved = by_occurrence(&tokens(&old_left, &old), &tokens(&new_left, &new));
        let moved = moved.into_iter().map(|(i, j)| (old_left[i], new_left[j]));
        self.take(&moved.collect::<Vec<_>>(), false);
        stayed
    }

    /// Notes pairs; what has a partner keeps it.
    fn take(&mut self, pairs: &[(usize, usize)], in_order: bool) {
        for &(old, new) in pairs {
            if self.of_new[new].is_none() {
                self.of_new[new] = Some((old, in_order));
                self.of_old[old] = Some(new);
            }
        }
    }

    /// Pairs what is left between two pairs that stayed.
    fn pair_gap(&mut self, from: (usize, usize), to: (usize, usize)) {
        if from.0 >= to.0 || from.1 >= to.1 {
            return;
        }
        let old: Vec<usize> = (from.0..to.0)
            .filter(|at| self.of_old[*at].is_none())
            .collect();
        let new: Vec<usize> = (from.1..to.1)
            .filter(|at| self.of_new[*at].is_none())
            .collect();
        let sketch = |items: &[Exact], places: &[usize]| -> Vec<Sketch> {
            places.iter().map(|at| Sketch::of(&items[*at])).collect()
        };
        let (old_sketches, new_sketches) = (sketch(self.old, &old), sketch(self.new, &new));
        let has_identity = self.identity.is_some();
        let score = |i: usize, j: usize| old_sketches[i].likeness(&new_sketches[j], has_identity);
        let pairs = if old.len() * new.len() <= MAX_PAIRS {
            best(old.len(), new.len(), &score)
        } else {
            let places = 0..old.len().min(new.len());
            places
                .filter(|at| score(*at, *at) > 0)
                .map(|at| (at, at))
                .collect()
        };
        let pairs: Vec<_> = pairs.into_iter().map(|(i, j)| (old[i], new[j])).collect();
        self.take(&pairs, true);
    }

    /// Before what is between two that stayed comes what was removed there.
    fn fates(&self) -> Vec<Fate> {
        let removed = |from: usize, to: usize| {
            let gone = (from..to).filter(|at| self.of_old[*at].is_none());
            gone.map(Fate::Removed)
        };
        let pairs = self.of_new.iter().flatten();
        let stayed = pairs.filter(|(_, in_order)| *in_order).map(|(old, _)| *old);
        let mut stayed = stayed.chain([self.old.len()]);
        let mut fates: Vec<Fate> = removed(0, stayed.next().unwrap_or(0)).collect();
        for (new, pair) in self.of_new.iter().enumerate() {
            match *pair {
                Some((old, true)) => {
                    fates.push(Fate::Stayed { old, new });
                    fates.extend(removed(old + 1, stayed.next().unwrap_or(0)));
                }
                Some((old, false)) => fates.push(Fate::Moved { old, new }),
                None => fates.push(Fate::Added(new)),
            }
        }
        fates
    }
}

fn left<T>(partners: &[Option<T>]) -> Vec<usize> {
    let places = partners.iter().enumerate();
    places
        .filter(|(_, partner)| partner.is_none())
        .map(|(at, _)| at)
        .collect()
}

/// What is compared of an element to see how like another one it is.
struct Sketch {
    type_name: &'static str,
    /// The digests of an object's entries, sorted.
    entries: Vec<u64>,
}

impl Sketch {
    fn of(item: &Exact) -> Self {
        let entries = item.entries().unwrap_or_default();
        let mut entries: Vec<u64> = entries.iter().map(entry_digest).collect();
        entries.sort_unstable();
        Self {
            type_name: item.type_name(),
            entries,
        }
    }

    /// How much two elements have in common; 0 if one can't have become the other. Those that a key
    /// tells apart must agree in half of the rest.
    fn likeness(&self, other: &Self, has_identity: bool) -> u32 {
        if self.type_name != other.type_name {
            return 1;
        }
        let common = common(&self.entries, &other.entries);
        let most = self.entries.len().max(other.entries.len());
        if has_identity && common * 2 < most.saturating_sub(1) {
            return 0;
        }
        let common = u32::try_from(common).unwrap_or(u32::MAX);
        common.saturating_mul(8).saturating_add(4)
    }
}

/// How many numbers two sorted lists have in common.
fn common(mut one: &[u64], mut other: &[u64]) -> usize {
    let mut count = 0;
    while let (Some((a, rest)), Some((b, other_rest))) = (one.split_first(), other.split_first()) {
        if a <= b {
            one = rest;
        }
        if b <= a {
            other = other_rest;
        }
        count += usize::from(a == b);
    }
    count
}

/// The pairs in order that have the highest scores together; none of score 0.
fn best(old: usize, new: usize, score: &dyn Fn(usize, usize) -> u32) -> Vec<(usize, usize)> {
    let at = |i: usize, j: usize| i * (new + 1) + j;
    let mut sums = vec![0_u32; (old + 1) * (new + 1)];
    let mut scores = vec![0_u32; (old + 1) * (new + 1)];
    for i in (0..old).rev() {
        for j in (0..new).rev() {
            let own = score(i, j);
            let skipped = sums[at(i + 1, j)].max(sums[at(i, j + 1)]);
            let paired = if own > 0 {
                sums[at(i + 1, j + 1)].saturating_add(own)
            } else {
                0
            };
            scores[at(i, j)] = own;
            sums[at(i, j)] = skipped.max(paired);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old && j < new {
        let own = scores[at(i, j)];
        if own > 0 && sums[at(i, j)] == sums[at(i + 1, j + 1)].saturating_add(own) {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if sums[at(i, j)] == sums[at(i + 1, j)] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
