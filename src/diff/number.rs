//! A JSON number as what it stands for: `1`, `1.0` and `10e-1` are one, and no digit is lost.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A number as its digits and the power of ten that the last one counts; the same for each way to
/// write it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Decimal<'a> {
    negative: bool,
    /// Neither the first nor the last is a zero; none at all for zero.
    digits: Cow<'a, str>,
    exponent: i64,
}

impl<'a> Decimal<'a> {
    /// Takes a number of a document apart.
    pub(super) fn of(literal: &'a str) -> Self {
        let (negative, rest) = match literal.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, literal),
        };
        let (mantissa, power) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        // What does not fit is below any double, so that the exact value hardly matters.
        let power: i64 = power.parse().unwrap_or(i64::from(i32::MIN));
        let (digits, places) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (Cow::Owned(format!("{whole}{fraction}")), fraction.len()),
            None => (Cow::Borrowed(mantissa), 0),
        };
        let kept = digits.trim_end_matches('0').len();
        let zeros = digits.len() - kept;
        let skipped = digits.len() - digits.trim_start_matches('0').len();
        if kept <= skipped {
            return Self {
                negative: false,
                digits: Cow::Borrowed(""),
                exponent: 0,
            };
        }
        let digits = match digits {
            Cow::Borrowed(digits) => Cow::Borrowed(&digits[skipped..kept]),
            Cow::Owned(digits) => Cow::Owned(digits[skipped..kept].to_owned()),
        };
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        Self {
            negative,
            digits,
            exponent: power
                .saturating_sub(count(places))
                .saturating_add(count(zeros)),
        }
    }

    /// Which of two numbers is the lower one.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = sign(self).cmp(&sign(other)).then_with(|| {
            let places = |number: &Self| {
                let count = i64::try_from(number.digits.len()).unwrap_or(i64::MAX);
                number.exponent.saturating_add(count)
            };
            let size = places(self).cmp(&places(other));
            size.then_with(|| self.digits.cmp(&other.digits))
        });
        if sign(self) < 0 && sign(other) < 0 {
            size.reverse()
        } else {
            size
        }
    }
}
