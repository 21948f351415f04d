//! Bytes in hex.

/// Bytes as pairs of digits, in lower case.
pub fn lower(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::lower;

    #[test]
    fn every_byte_has_two_digits() {
        assert_eq!(lower(&[0, 9, 10, 0xab, 0xff]), "00090aabff");
        assert_eq!(lower(b""), "");
    }
}
