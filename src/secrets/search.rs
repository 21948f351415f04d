//! Where secrets stand in a text, in whatever form they are written there.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::forms::{Form, is_base64, whole_spellings};
use super::index::{GRAM, Index};
use super::views::View;

/// Secrets with fewer characters are found only where they are the whole text: in a longer one they
/// may be there by chance.
const SHORT: usize = GRAM;

/// How many escapes within each other are undone: a URL in a JSON text in a JSON text.
const DEPTH: usize = 3;

/// The secrets that are looked for, numbered in the order in which they were added.
#[derive(Default)]
pub(super) struct Search {
    values: Vec<Arc<str>>,
    known: HashSet<Arc<str>>,
    /// The forms of the long ones.
    index: Index<(u32, Form)>,
    /// The short ones in every form in which they can be the whole value.
    short: HashMap<Vec<u8>, u32>,
    /// Whether one holds a space, which forms write as a plus.
    some_hold_spaces: bool,
}

/// A secret in a text.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) at: Range<usize>,
    /// Its number.
    pub(super) secret: u32,
}

impl Search {
    /// Looks for a secret from now on; `false` if it is looked for already, or is empty.
    pub(super) fn add(&mut self, value: &str) -> bool {
        if value.is_empty() || self.known.contains(value) {
            return false;
        }
        let secret = u32::try_from(self.values.len()).expect("memory ends long before 4 billion");
        if is_short(value) {
            for spelling in whole_spellings(value) {
                self.short.entry(spelling).or_insert(secret);
            }
        } else {
            for (form, spelling) in Form::all_of(value) {
                self.index.add(&spelling.bytes, (secret, form));
            }
        }
        self.some_hold_spaces |= value.contains(' ');
        let value: Arc<str> = value.into();
        self.values.push(Arc::clone(&value));
        self.known.insert(value);
        true
    }

    /// Whether there is nothing to look for.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The numbers of the secrets that are too short to be found within longer texts.
    pub(super) fn short_ones(&self) -> impl Iterator<Item = usize> {
        let values = self.values.iter().enumerate();
        values
            .filter(|(_, value)| is_short(value))
            .map(|(number, _)| number)
    }

    /// The places of all secrets in a text, in order and apart. Where several overlap they are
    /// one place, that of the one that covers most.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        if self.is_empty() {
            return found;
        }
        self.find_in(text.as_bytes(), DEPTH, &mut found);
        // Of those that begin together the longest leads.
        found.sort_by_key(|found| (found.at.start, std::cmp::Reverse(found.at.end)));
        let mut apart: Vec<Found> = Vec::with_capacity(found.len());
        let mut longest = 0;
        for found in found {
            match apart.last_mut() {
                Some(last) if found.at.start < last.at.end => {
                    last.at.end = last.at.end.max(found.at.end);
                    if found.at.len() > longest {
                        longest = found.at.len();
                        last.secret = found.secret;
                    }
                }
                _ => {
                    longest = found.at.len();
                    apart.push(found);
                }
            }
        }
        debug_assert!(
            apart
                .iter()
                .all(|found| text.get(found.at.clone()).is_some())
        );
        apart
    }

    /// Looks for secrets in a text and, as deep as is said, in what its escapes stand for.
    fn find_in(&self, text: &[u8], depth: usize, found: &mut Vec<Found>) {
        if let Some(&secret) = self.short.get(text) {
            found.push(Found {
                at: 0..text.len(),
                secret,
            });
            return;
        }
        self.index.scan(text, |(secret, form), begin| {
            if let Some(at) = self.place(text, secret, form, begin) {
                found.push(Found { at, secret });
            }
        });
        if depth == 0 {
            return;
        }
        let views = [View::percent(text, self.some_hold_spaces), View::json(text)];
        for view in views.into_iter().flatten() {
            let outside = found.len();
            self.find_in(&view.bytes, depth - 1, found);
            for found in &mut found[outside..] {
                found.at = view.origin(&found.at);
            }
        }
    }

    /// The place of a secret that may begin here in a certain form, with the characters at its
    /// ends that hold bits of it.
    fn place(&self, text: &[u8], secret: u32, form: Form, begin: usize) -> Option<Range<usize>> {
        let spelling = form.spell(&self.values[secret as usize]);
        let rest = text.get(begin..)?.strip_prefix(&*spelling.bytes)?;
        let mut at = begin..text.len() - rest.len();
        if spelling.leads && begin > 0 && is_base64(text[begin - 1]) {
            at.start -= 1;
        }
        if spelling.trails && rest.first().copied().is_some_and(is_base64) {
            at.end += 1;
        }
        if form.is_base64() {
            let padding = text[at.end..]
                .iter()
                .take(2)
                .take_while(|byte| **byte == b'=');
            at.end += padding.count();
        }
        Some(at)
    }
}

fn is_short(value: &str) -> bool {
    value.chars().take(SHORT).count() < SHORT
}

#[cfg(test)]
mod tests {
    use crate::secrets::Secrets;

    #[test]
    fn a_secret_is_masked_in_every_form() {
        let secrets = Secrets::of(&[("client_secret", "a:b/c d\"é")]);
        for text in [
            "a:b/c d\"é",
            "a%3Ab%2Fc%20d%22%C3%A9",
            "a%3ab%2fc+d%22%c3%a9",
            "a:b/c%20d%22é",
            "a%253Ab%252Fc%2520d%2522%25C3%25A9",
            r#"a:b/c d\"é"#,
            r#"a\u003ab\/c\u0020d\"\u00e9"#,
            r#"a:b/c d\\\"é"#,
            "613a622f63206422c3a9",
            "613A622F63206422C3A9",
            "YTpiL2MgZCLDqQ==",
            "YTpiL2MgZCLDqQ",
            "YTpiL2MgZCLDqQ%3D%3D",
        ] {
            assert_eq!(secrets.mask(text), "***");
            let within = format!("<{text}> and {text}.");
            assert_eq!(
                secrets.redact(&within),
                "<[client_secret]> and [client_secret]."
            );
            assert!(secrets.contains(&within));
        }
    }

    #[test]
    fn a_password_in_http_basic_is_masked_and_the_user_is_not() {
        let secrets = Secrets::of(&[("password", "hunter22")]);
        // me:hunter22, ann:hunter22, anna:hunter22 and a colon behind
        for (header, masked) in [
            ("Basic bWU6aHVudGVyMjI=", "Basic bWU6***"),
            ("Basic YW5uOmh1bnRlcjIy", "Basic YW5uO***"),
            ("Basic YW5uYTpodW50ZXIyMg==", "Basic YW5uYT***"),
            ("Basic YW5uOmh1bnRlcjIyOng=", "Basic YW5uO***Ong="),
        ] {
            assert_eq!(secrets.mask(header), masked);
        }
    }

    #[test]
    fn of_overlapping_secrets_nothing_is_left() {
        let secrets = Secrets::of(&[
            ("short", "abcdef"),
            ("long", "abcdefgh"),
            ("later", "fghijkl"),
            ("inner", "234567"),
            ("outer", "12345678"),
        ]);
        assert_eq!(secrets.redact("abcdefgh"), "[long]");
        assert_eq!(secrets.redact("xabcdefghijklx"), "x[long]x");
        assert_eq!(secrets.redact("123456789 0234567"), "[outer]9 0[inner]");
        assert_eq!(secrets.redact("abcdefabcdef"), "[short][short]");
    }

    #[test]
    fn a_short_secret_is_masked_where_it_is_all_there_is() {
        let secrets = Secrets::of(&[("pin", "a b&1"), ("none", ""), ("long", "łłłłłł")]);
        for text in [
            "a b&1",
            "a+b%261",
            r"a b\u00261",
            "YSBiJjE=",
            "YSBiJjE",
            "6120622631",
        ] {
            assert_eq!(secrets.mask(text), "***");
        }
        assert_eq!(secrets.mask("is a b&1 here"), "is a b&1 here");
        assert_eq!(secrets.mask(""), "");
        assert_eq!(secrets.short_names().collect::<Vec<_>>(), ["pin"]);
        assert_eq!(secrets.mask("łłłłłł!"), "***!");
    }

    /// Numbers that look random and are the same each time (xorshift64).
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % end as u64).unwrap()
        }

        fn text(&mut self, alphabet: &str, length: usize) -> String {
            let alphabet: Vec<char> = alphabet.chars().collect();
            (0..length)
                .map(|_| alphabet[self.below(alphabet.len())])
                .collect()
        }

        /// Some of the bytes percent-encoded, in either case; all that are not plain letters.
        fn percent(&mut self, text: &str) -> String {
            let mut piece = |byte: u8| match (byte, self.below(4)) {
                (b' ', 0 | 1) => "+".to_owned(),
                (b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_', 0..=2) => {
                    char::from(byte).to_string()
                }
                (byte, 0 | 2) => format!("%{byte:02x}"),
                (byte, _) => format!("%{byte:02X}"),
            };
            text.bytes().map(&mut piece).collect()
        }

        /// Some of the characters escaped as JSON allows it; all that must be.
        fn json(&mut self, text: &str) -> String {
            let mut piece = |c: char| match (c, self.below(3)) {
                ('"' | '\\' | '/', 0 | 1) => format!("\\{c}"),
                ('"' | '\\', _) | (_, 2) => {
                    let mut units = [0; 2];
                    let units = c.encode_utf16(&mut units);
                    units.iter().map(|unit| format!("\\u{unit:04x}")).collect()
                }
                (c, _) => c.to_string(),
            };
            text.chars().map(&mut piece).collect()
        }
    }

    /// What base64 is left of `before` and `after` when all that holds a bit of `secret` is gone.
    fn around(
        engine: &impl base64::Engine,
        before: &str,
        secret: &str,
        after: &str,
    ) -> [String; 2] {
        let encoded = engine.encode(format!("{before}{secret}{after}"));
        let bits = |text: &str| text.len() * 8;
        let kept = bits(before) / 6;
        let gone = (bits(before) + bits(secret)).div_ceil(6);
        let rest = if after.is_empty() {
            ""
        } else {
            &encoded[gone..]
        };
        // Three bytes and more behind the secret show that its end is found exactly; with fewer
        // the padding may go with it.
        [encoded[..kept].to_owned(), rest.to_owned()]
    }

    #[test]
    fn no_form_of_any_secret_survives() {
        use base64::Engine;
        use base64::engine::general_purpose as b64;
        let mut random = Random(0x2545_f491_4f6c_dd1d);
        for round in 0..1000 {
            let alphabet = ["abcXYZ0189", "ab +/=%\\\"&:?#~", "aé漢😀 \"\\+", "01"][round % 4];
            let length = 6 + random.below(40);
            let secret = random.text(alphabet, length);
            let mut secrets = Secrets::default();
            for other in 0..random.below(4) {
                let other = format!("other-{other}-{}", random.text("xyz", 20));
                secrets.add("other", &other);
            }
            secrets.add("it", &secret);

            let noise = |random: &mut Random| {
                let length = random.below(12);
                random.text("<>!;, ł.", length)
            };
            let (left, right) = (noise(&mut random), noise(&mut random));
            let check = |form: &str, expected: &str| {
                let text = format!("{left}{form}{right}");
                let masked = secrets.mask(&text);
                assert_eq!(
                    masked,
                    format!("{left}{expected}{right}"),
                    "{secret:?} in {text:?}"
                );
                assert!(!secrets.contains(&masked));
            };
            check(&secret, "***");
            let percent = random.percent(&secret);
            check(&percent, "***");
            check(&random.percent(&percent), "***");
            let json = random.json(&secret);
            check(&json, "***");
            check(&random.json(&json), "***");
            check(&random.json(&percent), "***");
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            check(&hex, "***");
            check(&hex.to_uppercase(), "***");

            let before = random.below(7);
            let before = random.text("user:", before);
            let after = if random.below(2) == 0 { "" } else { ":more" };
            let inner = format!("{before}{secret}{after}");
            let [kept, rest] = around(&b64::STANDARD_NO_PAD, &before, &secret, after);
            check(
                &b64::STANDARD_NO_PAD.encode(&inner),
                &format!("{kept}***{rest}"),
            );
            let [kept, rest] = around(&b64::STANDARD, &before, &secret, after);
            check(&b64::STANDARD.encode(&inner), &format!("{kept}***{rest}"));
            let [kept, rest] = around(&b64::URL_SAFE, &before, &secret, after);
            check(&b64::URL_SAFE.encode(&inner), &format!("{kept}***{rest}"));
            let [kept, rest] = around(&b64::URL_SAFE_NO_PAD, &before, &secret, after);
            check(
                &b64::URL_SAFE_NO_PAD.encode(&inner),
                &format!("{kept}***{rest}"),
            );
            let padded = b64::STANDARD.encode(&secret);
            check(&random.percent(&padded), "***");
        }
    }
}
