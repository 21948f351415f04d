//! Everything in the sandbox that must not be guessed: tokens, codes, secrets and ids.
//! Random from the system, or the same in every start when a seed is given.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::StdRng;
use rand::{Rng, RngCore, SeedableRng};

/// The source of unguessable values.
#[derive(Clone, Debug)]
pub struct Random(StdRng);

impl Random {
    /// Values that follow from `seed`, or unpredictable ones.
    pub fn new(seed: Option<u64>) -> Self {
        Self(seed.map_or_else(StdRng::from_os_rng, StdRng::seed_from_u64))
    }

    /// A version 4 UUID.
    pub fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.bytes())
            .into_uuid()
            .to_string()
    }

    /// 27 characters of base64url, the length of the codes in LiveChat's own tutorial.
    pub fn token(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes::<20>())
    }

    /// 32 hexadecimal characters, as a Client Id or a Client Secret.
    pub fn hex(&mut self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.bytes()))
    }

    /// Ten upper-case letters and digits, as a chat's or a thread's id.
    pub fn chat_id(&mut self) -> String {
        const ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        (0..10)
            .map(|_| char::from(ALPHABET[self.0.random_range(0..ALPHABET.len())]))
            .collect()
    }

    /// 76 hexadecimal characters, as the secret in a customer's cookie.
    pub fn cookie(&mut self) -> String {
        let bytes: [u8; 38] = self.bytes();
        bytes
            .iter()
            .fold(String::with_capacity(76), |mut text, byte| {
                text.extend(
                    [byte >> 4, byte & 15]
                        .map(|half| char::from(b"0123456789abcdef"[usize::from(half)])),
                );
                text
            })
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_every_value() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            (
                random.uuid(),
                random.token(),
                random.hex(),
                random.chat_id(),
            )
        };
        assert_eq!(draw(Some(7)), draw(Some(7)));
        assert_ne!(draw(Some(7)), draw(Some(8)));
        assert_ne!(draw(None), draw(None));
    }

    #[test]
    fn values_have_the_shapes_of_the_real_ones() {
        let mut random = Random::new(None);
        assert_eq!(random.token().len(), 27);
        assert_eq!(random.hex().len(), 32);
        assert_eq!(random.cookie().len(), 76);
        assert!(
            random
                .chat_id()
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        );
        assert_eq!(
            uuid::Uuid::parse_str(&random.uuid())
                .unwrap()
                .get_version_num(),
            4
        );
    }
}
