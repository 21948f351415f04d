//! Times, sizes and header fields as people type them.

use std::time::Duration;

/// A length of time with its unit. A bare number is seconds, as curl and Hurl have it.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let with_unit = match text.parse::<f64>() {
        Ok(_) => format!("{text}s"),
        Err(_) => text.to_owned(),
    };
    let parsed: crate::collection::request::Duration = with_unit.parse()?;
    Ok(parsed.0)
}

/// A size in bytes, with curl's suffixes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let scale: u64 = match &text[digits.len()..] {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => return Err("write bytes, or a number with `k`, `M` or `G`".to_owned()),
    };
    let count: u64 = digits
        .parse()
        .map_err(|_| "write bytes, or a number with `k`, `M` or `G`".to_owned())?;
    count
        .checked_mul(scale)
        .ok_or_else(|| "that is more than a file can be".to_owned())
}

/// `Name: value`.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("write `Name: value`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_carries_a_unit_or_is_in_seconds() {
        assert_eq!(duration("500ms").unwrap(), Duration::from_millis(500));
        assert_eq!(duration("3").unwrap(), Duration::from_secs(3));
        assert_eq!(duration("2m").unwrap(), Duration::from_secs(120));
        assert!(duration("soon").is_err());
        assert!(duration("-1s").is_err());
    }

    #[test]
    fn a_size_is_in_bytes_or_has_a_suffix() {
        assert_eq!(size("10").unwrap(), 10);
        assert_eq!(size("32M").unwrap(), 32 * 1024 * 1024);
        assert!(size("1T").is_err());
        assert!(size("99999999999999999999G").is_err());
    }
}
