//! What a plain scalar is by the core schema of YAML 1.2 (§10.3.2), and whether a number prints
//! back as it was written.

use serde_json::Number;

/// What a plain scalar stands for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Core {
    /// Nothing, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number that JSON can hold: 64 bits, or a finite double.
    Number(Number),
    /// A number that JSON can't hold: more than 64 bits, too large for a double, `.inf`, `.nan`.
    Unfit,
    /// A text.
    Text,
}

/// How far the number that a plain scalar stands for is from what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It prints as it was written.
    None,
    /// It prints in another way but is the same number: `1.50`, `+5`, `0x1F`.
    Form,
    /// It is another number, or was hardly meant as one: `0123`, `81e8326`, too many digits.
    Value,
}

/// Whether a plain scalar stands for nothing.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// What a plain scalar stands for.
pub(super) fn resolve(text: &str) -> Core {
    let Some(first) = text.bytes().next() else {
        return Core::Null;
    };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Core::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Core::Bool(false),
        b'~' | b'n' | b'N' if is_null(text) => Core::Null,
        _ => Core::Text,
    }
}

fn number(text: &str) -> Core {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return radix_number(digits, radix);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Core::Unfit;
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        if let Ok(whole) = text.parse::<u64>() {
            return Core::Number(whole.into());
        }
        return text
            .parse::<i64>()
            .map_or(Core::Unfit, |whole| Core::Number(whole.into()));
    }
    if !is_float(unsigned) {
        return Core::Text;
    }
    let double = text.parse::<f64>().ok().and_then(Number::from_f64);
    double.map_or(Core::Unfit, Core::Number)
}

fn radix_number(digits: &str, radix: u32) -> Core {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Core::Text;
    }
    u64::from_str_radix(digits, radix).map_or(Core::Unfit, |whole| Core::Number(whole.into()))
}

/// `[0-9]+(\.[0-9]*)?` or `\.[0-9]+`, then perhaps an exponent.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = split_exponent(text);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|power| {
            let power = power.strip_prefix(['+', '-']).unwrap_or(power);
            !power.is_empty() && digits(power)
        })
}

fn split_exponent(text: &str) -> (&str, Option<&str>) {
    match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    }
}

/// How far a number is from the text it was read from.
pub(super) fn change(text: &str, number: &Number) -> Change {
    if number.to_string() == text {
        return Change::None;
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.starts_with("0x") || unsigned.starts_with("0o") {
        return Change::Form;
    }
    let (mantissa, exponent) = split_exponent(unsigned);
    let leading_zero =
        mantissa.len() > 1 && mantissa.starts_with('0') && mantissa.as_bytes()[1].is_ascii_digit();
    // `81e8326` is a hash that happens to have one letter; nobody writes a number like that.
    let looks_like_a_hash =
        exponent.is_some_and(|power| !mantissa.contains('.') && !power.starts_with(['+', '-']));
    if leading_zero || looks_like_a_hash {
        return Change::Value;
    }
    if decimal(text) == decimal(&number.to_string()) {
        Change::Form
    } else {
        Change::Value
    }
}

/// A decimal number in one form: its sign, its digits without zeros at the ends, and the power of
/// ten of the last one.
fn decimal(text: &str) -> (bool, String, i64) {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = split_exponent(unsigned);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0').trim_end_matches('0');
    let zeros = all.len() - all.trim_end_matches('0').len();
    let power: i64 = exponent.and_then(|power| power.parse().ok()).unwrap_or(0);
    let scale = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    if digits.is_empty() {
        return (false, String::new(), 0);
    }
    let power = power
        .saturating_sub(scale(fraction.len()))
        .saturating_add(scale(zeros));
    (text.starts_with('-'), digits.to_owned(), power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(value: i64) -> Core {
        Core::Number(value.into())
    }

    #[test]
    fn plain_scalars_are_what_yaml_1_2_says() {
        for (text, expected) in [
            ("", Core::Null),
            ("~", Core::Null),
            ("null", Core::Null),
            ("nULL", Core::Text),
            ("True", Core::Bool(true)),
            ("yes", Core::Text),
            ("off", Core::Text),
            ("5", whole(5)),
            ("-5", whole(-5)),
            ("0x1F", whole(31)),
            ("0o17", whole(15)),
            ("0b1", Core::Text),
            ("1_000", Core::Text),
            ("1:30", Core::Text),
            ("-", Core::Text),
            ("+", Core::Text),
            (".", Core::Text),
            ("1.2.3", Core::Text),
            ("1e", Core::Text),
            ("0x", Core::Text),
            ("2024-01-02", Core::Text),
            ("18446744073709551615", Core::Number(u64::MAX.into())),
            ("18446744073709551616", Core::Unfit),
            ("-9223372036854775809", Core::Unfit),
            (".inf", Core::Unfit),
            ("-.INF", Core::Unfit),
            (".nan", Core::Unfit),
            ("81e8326", Core::Unfit),
        ] {
            assert_eq!(resolve(text), expected, "{text}");
        }
        assert_eq!(resolve(".5"), Core::Number(Number::from_f64(0.5).unwrap()));
        assert_eq!(resolve("1."), Core::Number(Number::from_f64(1.0).unwrap()));
    }

    #[test]
    fn a_number_that_prints_otherwise_is_told_from_one_that_is_another() {
        for (text, expected) in [
            ("5", Change::None),
            ("-5", Change::None),
            ("1.5", Change::None),
            ("1.0", Change::None),
            ("1.50", Change::Form),
            ("3.10", Change::Form),
            ("+5", Change::Form),
            ("0x1F", Change::Form),
            (".5", Change::Form),
            ("1.5e3", Change::Form),
            ("1e+3", Change::Form),
            ("-0.0", Change::None),
            ("0123", Change::Value),
            ("00", Change::Value),
            ("12e5", Change::Value),
            ("0.12345678901234567890123", Change::Value),
        ] {
            let Core::Number(number) = resolve(text) else {
                panic!("{text} is no number");
            };
            assert_eq!(change(text, &number), expected, "{text}");
        }
    }
}
