//! The ways to write a secret: as it is, in base64, in hex. Escapes are undone in `views` instead,
//! for there are too many ways to write them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::hex;

/// One way to write a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    coding: Coding,
    /// With a blank for every plus sign: what undoing a form's escapes makes of them where a
    /// program has left them as they are.
    plus_is_blank: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Plain,
    HexLower,
    HexUpper,
    Base64 {
        alphabet: Alphabet,
        /// How many bytes lie before the secret in its group of three; base64 writes it in three
        /// different ways.
        offset: u8,
        /// With its own escapes, as OAuth puts it into HTTP Basic (RFC 6749 §2.3.1).
        escaped: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Standard,
    UrlSafe,
}

/// A secret in one of its forms.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) bytes: Vec<u8>,
    /// Whether the characters before and behind it hold bits of it, too few to be told.
    pub(super) leads: bool,
    pub(super) trails: bool,
}

impl Form {
    /// Every form in which a secret looks different.
    pub(super) fn all_of(secret: &str) -> Vec<(Form, Spelling)> {
        let mut forms: Vec<(Form, Spelling)> = Vec::with_capacity(8);
        for coding in codings() {
            for plus_is_blank in [false, true] {
                let form = Form {
                    coding,
                    plus_is_blank,
                };
                let spelling = form.spell(secret);
                if !forms.iter().any(|(_, known)| known.bytes == spelling.bytes) {
                    forms.push((form, spelling));
                }
            }
        }
        forms
    }

    /// Whether this is base64, which may end in padding.
    pub(super) fn is_base64(self) -> bool {
        matches!(self.coding, Coding::Base64 { .. })
    }

    /// Writes a secret in this form.
    pub(super) fn spell(self, secret: &str) -> Spelling {
        let mut spelling = match self.coding {
            Coding::Plain => Spelling::whole(secret.as_bytes().to_vec()),
            Coding::HexLower => Spelling::whole(hex::lower(secret.as_bytes()).into_bytes()),
            Coding::HexUpper => Spelling::whole(upper_hex(secret)),
            Coding::Base64 {
                alphabet,
                offset,
                escaped,
            } => {
                let secret = if escaped {
                    url::form_urlencoded::byte_serialize(secret.as_bytes()).collect()
                } else {
                    secret.to_owned()
                };
                stable_base64(&secret, usize::from(offset), alphabet)
            }
        };
        if self.plus_is_blank {
            for byte in &mut spelling.bytes {
                if *byte == b'+' {
                    *byte = b' ';
                }
            }
        }
        spelling
    }
}

impl Spelling {
    fn whole(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            leads: false,
            trails: false,
        }
    }
}

fn codings() -> impl Iterator<Item = Coding> {
    let base64 = [false, true].into_iter().flat_map(|escaped| {
        [Alphabet::Standard, Alphabet::UrlSafe]
            .into_iter()
            .flat_map(move |alphabet| {
                (0..3).map(move |offset| Coding::Base64 {
                    alphabet,
                    offset,
                    escaped,
                })
            })
    });
    [Coding::Plain, Coding::HexLower, Coding::HexUpper]
        .into_iter()
        .chain(base64)
}

fn upper_hex(secret: &str) -> Vec<u8> {
    let lower = hex::lower(secret.as_bytes());
    lower.to_ascii_uppercase().into_bytes()
}

/// The characters that a secret has in base64 whatever stands before and behind it: those whose
/// six bits are all its own.
fn stable_base64(secret: &str, offset: usize, alphabet: Alphabet) -> Spelling {
    let mut bytes = vec![0; offset];
    bytes.extend_from_slice(secret.as_bytes());
    let encoded = match alphabet {
        Alphabet::Standard => STANDARD_NO_PAD.encode(&bytes),
        Alphabet::UrlSafe => URL_SAFE_NO_PAD.encode(&bytes),
    };
    let first = (offset * 8).div_ceil(6);
    let end = bytes.len() * 8 / 6;
    Spelling {
        bytes: encoded.as_bytes()[first..end].to_vec(),
        leads: offset > 0,
        trails: !(bytes.len() * 8).is_multiple_of(6),
    }
}

/// Every way to write a short secret so that it is all there is.
pub(super) fn whole_spellings(secret: &str) -> Vec<Vec<u8>> {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    let bytes = secret.as_bytes();
    vec![
        bytes.to_vec(),
        hex::lower(bytes).into_bytes(),
        upper_hex(secret),
        STANDARD.encode(bytes).into_bytes(),
        STANDARD_NO_PAD.encode(bytes).into_bytes(),
        URL_SAFE.encode(bytes).into_bytes(),
        URL_SAFE_NO_PAD.encode(bytes).into_bytes(),
    ]
}

/// Whether a byte is one that base64 writes, padding aside.
pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_letters_has_a_form_per_coding_and_alignment() {
        let forms = Form::all_of("abcdef");
        let texts: Vec<_> = forms
            .iter()
            .map(|(_, spelling)| String::from_utf8_lossy(&spelling.bytes))
            .collect();
        // In base64 the ends that others have bits in are cut off: `YWJjZGVm` is whole, of
        // `AGFiY2RlZg` and `AABhYmNkZWY` the middle is left.
        assert_eq!(
            texts,
            ["abcdef", "616263646566", "YWJjZGVm", "FiY2RlZ", "hYmNkZW"]
        );
    }

    #[test]
    fn escapes_alphabets_and_plus_signs_make_more_forms() {
        let texts = |secret| -> Vec<String> {
            let forms = Form::all_of(secret).into_iter();
            forms
                .map(|(_, spelling)| String::from_utf8(spelling.bytes).unwrap())
                .collect()
        };
        let has = |secret, form: &str| texts(secret).iter().any(|text| text == form);
        assert!(has("a+b+c+d", "a b c d"));
        assert!(has("~~~???", "fn5+Pz8/") && has("~~~???", "fn5-Pz8_"));
        assert!(has("dal:abc", "ZGFsJTNBYWJj"), "dal%3Aabc in base64");
    }

    #[test]
    fn every_form_is_long_enough_to_be_looked_for() {
        for secret in ["abcdef", "łłłłłł", "a b+c/", "======"] {
            for (form, spelling) in Form::all_of(secret) {
                assert!(spelling.bytes.len() >= 6, "{form:?}");
                assert_eq!(form.spell(secret), spelling);
            }
        }
    }
}
