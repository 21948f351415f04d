//! Finds many patterns in one pass over a text: a table of a few bytes of each, and a look at the
//! whole pattern where these match. A pattern is added at once and for good; an automaton would
//! have to be built anew for each.

/// How many bytes of a pattern are in the table; none may be shorter.
pub(super) const GRAM: usize = 6;

/// The bytes of a gram, as the lower part of a number.
const GRAM_MASK: u64 = (1 << (8 * GRAM)) - 1;

/// No pattern.
const NONE: u32 = u32::MAX;

/// The smallest table.
const FEWEST_SLOTS: usize = 4096;

/// How many bits of the filter there are for each slot. So few of them are set that nearly every
/// place of a text is passed over with one look at it.
const BITS: usize = 8;

/// Patterns of which a text is searched for all at once.
#[derive(Debug)]
pub(super) struct Index<T> {
    patterns: Vec<Pattern<T>>,
    /// By the hash of a gram, the last pattern with it. A power of two.
    slots: Vec<u32>,
    /// A bit for each of the hashes that occur: small enough for a fast cache.
    filter: Vec<u64>,
}

#[derive(Debug)]
struct Pattern<T> {
    gram: u64,
    /// Where the gram is in the pattern.
    at: u32,
    /// The pattern before it in the same slot.
    next: u32,
    what: T,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            patterns: Vec::new(),
            slots: Vec::new(),
            filter: Vec::new(),
        }
    }
}

impl<T: Copy> Index<T> {
    /// Adds a pattern, which is at least [`GRAM`] bytes long.
    pub(super) fn add(&mut self, pattern: &[u8], what: T) {
        if self.patterns.len() * 4 >= self.slots.len() {
            self.grow();
        }
        // Secrets of one kind begin alike, so the part of it that few others have is taken.
        let last = pattern.len() - GRAM;
        let places = [0, last / 2, last];
        let rarest = places
            .into_iter()
            .min_by_key(|at| self.candidates(gram_at(pattern, *at)).take(8).count());
        let at = rarest.unwrap_or_default();
        self.patterns.push(Pattern {
            gram: gram_at(pattern, at),
            at: u32::try_from(at).expect("a secret is far shorter than 4 GiB"),
            next: NONE,
            what,
        });
        self.link(self.patterns.len() - 1);
    }

    /// Calls `candidate` with every pattern that may begin at a place of the text, and that place.
    pub(super) fn scan(&self, text: &[u8], mut candidate: impl FnMut(T, usize)) {
        if self.patterns.is_empty() || text.len() < GRAM {
            return;
        }
        let mut look = |gram: u64, at: usize| {
            for pattern in self.candidates(gram) {
                if let Some(begin) = at.checked_sub(pattern.at as usize) {
                    candidate(pattern.what, begin);
                }
            }
        };
        let filter = &self.filter[..];
        let words = filter.len() - 1;
        let wide = text.windows(8).map(|bytes| {
            let bytes = bytes.try_into().expect("a window of 8 has 8 bytes");
            u64::from_le_bytes(bytes) & GRAM_MASK
        });
        for (at, gram) in wide.enumerate() {
            let hash = hash(gram);
            if filter[(hash / 64) & words] >> (hash % 64) & 1 == 1 {
                look(gram, at);
            }
        }
        // The last grams lack the two bytes that the fast way reads along.
        for at in text.len().saturating_sub(7)..=text.len() - GRAM {
            look(gram_at(text, at), at);
        }
    }

    fn candidates(&self, gram: u64) -> impl Iterator<Item = &Pattern<T>> {
        let first = self.slots[self.slot(gram)];
        let pattern = |at: u32| self.patterns.get(at as usize);
        std::iter::successors(pattern(first), move |found| pattern(found.next))
            .filter(move |pattern| pattern.gram == gram)
    }

    fn slot(&self, gram: u64) -> usize {
        (hash(gram) / BITS) & (self.slots.len() - 1)
    }

    /// Puts a pattern into the table.
    fn link(&mut self, at: usize) {
        let gram = self.patterns[at].gram;
        let slot = self.slot(gram);
        let number = u32::try_from(at).expect("memory ends long before 4 billion");
        self.patterns[at].next = std::mem::replace(&mut self.slots[slot], number);
        let hash = hash(gram);
        let words = self.filter.len() - 1;
        self.filter[(hash / 64) & words] |= 1 << (hash % 64);
    }

    /// Doubles the table.
    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(FEWEST_SLOTS);
        self.slots = vec![NONE; slots];
        self.filter = vec![0; slots * BITS / 64];
        for at in 0..self.patterns.len() {
            self.link(at);
        }
    }
}

/// The gram at a place of a text that has one there.
fn gram_at(text: &[u8], at: usize) -> u64 {
    let mut bytes = [0; 8];
    bytes[..GRAM].copy_from_slice(&text[at..at + GRAM]);
    u64::from_le_bytes(bytes)
}

/// Spreads grams over the slots (Fibonacci hashing).
fn hash(gram: u64) -> usize {
    (gram.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(index: &Index<usize>, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        index.scan(text.as_bytes(), |what, begin| found.push((begin, what)));
        found.sort_unstable();
        found
    }

    #[test]
    fn every_pattern_is_found_wherever_it_begins() {
        let patterns = ["abcdef", "bcdefgh", "xabcdefghx", "abcdef0123456789"];
        let mut index = Index::default();
        for (what, pattern) in patterns.iter().enumerate() {
            index.add(pattern.as_bytes(), what);
        }
        for before in 0..12 {
            for after in 0..12 {
                for (what, pattern) in patterns.iter().enumerate() {
                    let text = format!("{}{pattern}{}", "-".repeat(before), "-".repeat(after));
                    assert!(found(&index, &text).contains(&(before, what)), "{text}");
                }
            }
        }
        assert_eq!(found(&index, "abcde"), []);
        assert_eq!(found(&Index::default(), "abcdefgh"), []);
    }

    #[test]
    fn patterns_that_begin_alike_do_not_crowd_one_place() {
        let mut index = Index::default();
        let pattern = |n: usize| format!("eyJhbGciOi{n:010}");
        for n in 0..20_000 {
            index.add(pattern(n).as_bytes(), n);
        }
        let candidates = found(&index, &pattern(12_345));
        assert!(candidates.contains(&(0, 12_345)));
        assert!(candidates.len() < 100, "{}", candidates.len());
    }
}
