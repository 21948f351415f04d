//! Secrets under a passphrase: PBKDF2 with HMAC-SHA-256 for the key, ChaCha20-Poly1305 (RFC 8439) for
//! the text. Both are ring's, which TLS brings along.

use std::num::NonZeroU32;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::pbkdf2;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};

/// What OWASP asks for with HMAC-SHA-256 (Password Storage Cheat Sheet, 2023).
const ROUNDS: NonZeroU32 = NonZeroU32::new(600_000).expect("it is not 0");

/// A sealed text; every part is base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// What the key was made with, beside the passphrase.
    salt: String,
    /// What is never used twice with a key.
    nonce: String,
    /// The text, encrypted, with its tag.
    text: String,
}

/// A key that was made from a passphrase.
pub struct Key {
    salt: [u8; 16],
    key: LessSafeKey,
}

/// The passphrase is another one, or the text was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the passphrase is not the one that it was sealed with, or the file was changed")]
pub struct NotOpened;

impl Key {
    /// A key for sealing.
    ///
    /// # Errors
    ///
    /// If the system gives no random numbers.
    pub fn new(passphrase: &str) -> std::io::Result<Self> {
        let mut salt = [0; 16];
        fill(&mut salt)?;
        Ok(Self::derive(passphrase, salt))
    }

    fn derive(passphrase: &str, salt: [u8; 16]) -> Self {
        let mut bytes = [0; 32];
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::derive(algorithm, ROUNDS, &salt, passphrase.as_bytes(), &mut bytes);
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).expect("the key has 32 bytes");
        Self {
            salt,
            key: LessSafeKey::new(key),
        }
    }

    /// Seals a text; `context` is not secret, but must be the same to open it.
    ///
    /// # Errors
    ///
    /// If the system gives no random numbers.
    pub fn seal(&self, text: &[u8], context: &str) -> std::io::Result<Sealed> {
        let mut nonce = [0; NONCE_LEN];
        fill(&mut nonce)?;
        let mut bytes = text.to_vec();
        let sealed = self.key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(context.as_bytes()),
            &mut bytes,
        );
        sealed.map_err(|_| std::io::Error::other("the state is too long to be sealed"))?;
        Ok(Sealed {
            salt: STANDARD.encode(self.salt),
            nonce: STANDARD.encode(nonce),
            text: STANDARD.encode(bytes),
        })
    }
}

impl Sealed {
    /// The text that was sealed with this passphrase and context.
    pub fn open(&self, passphrase: &str, context: &str) -> Result<Vec<u8>, NotOpened> {
        let part = |text: &str| STANDARD.decode(text).map_err(|_| NotOpened);
        let salt: [u8; 16] = part(&self.salt)?.try_into().map_err(|_| NotOpened)?;
        let nonce: [u8; NONCE_LEN] = part(&self.nonce)?.try_into().map_err(|_| NotOpened)?;
        let mut bytes = part(&self.text)?;
        let key = Key::derive(passphrase, salt).key;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let opened = key.open_in_place(nonce, Aad::from(context.as_bytes()), &mut bytes);
        opened.map(|text| text.to_vec()).map_err(|_| NotOpened)
    }
}

fn fill(bytes: &mut [u8]) -> std::io::Result<()> {
    let filled = SystemRandom::new().fill(bytes);
    filled.map_err(|_| std::io::Error::other("the system gives no random numbers"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_passphrase_and_the_context_open_what_was_sealed() {
        let key = Key::new("correct horse").unwrap();
        let sealed = key.seal(b"a secret", "a.yaml live").unwrap();
        assert_ne!(sealed, key.seal(b"a secret", "a.yaml live").unwrap());
        let opened = sealed.open("correct horse", "a.yaml live");
        assert_eq!(opened.as_deref(), Ok(&b"a secret"[..]));
        assert_eq!(sealed.open("wrong horse", "a.yaml live"), Err(NotOpened));
        assert_eq!(sealed.open("correct horse", "b.yaml live"), Err(NotOpened));
        let mut changed = sealed;
        changed.text.replace_range(..2, "AA");
        assert_eq!(changed.open("correct horse", "a.yaml live"), Err(NotOpened));
    }
}
