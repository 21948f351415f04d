//! The sandbox's own time: a virtual clock, and moments as the API writes them.
//! It can be moved, so that a token expires without anybody waiting; it never reads the wall clock.

use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// 2026-06-15T12:00:00Z, where time begins unless the caller says otherwise: just after the seeded chats.
const BEGINNING: Moment = Moment(1_781_524_800_000_000);

/// How far a stepped clock goes with each request.
const STEP: Duration = Duration::from_millis(1);

/// The first and the last moment, in microseconds: the years 1 to 9999, as jiff limits them.
const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_207_200_000_000;

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// A moment, in microseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

impl Moment {
    /// The moment `duration` later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)).min(*RANGE.end()))
    }

    /// The time from `earlier` to this moment, zero if that is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The moment as HTTP headers write it, `Sun, 18 Jun 2023 12:26:02 GMT`.
    pub fn http_date(self) -> String {
        let timestamp = jiff::Timestamp::from_microsecond(self.0).expect("moments are in range");
        timestamp.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Reads RFC 3339, such as `2026-06-15T12:00:00.000000Z`.
    pub fn parse(text: &str) -> Option<Self> {
        let timestamp: jiff::Timestamp = text.parse().ok()?;
        let micros = timestamp.as_microsecond();
        RANGE.contains(&micros).then_some(Self(micros))
    }
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let micros = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => micros(since),
            Err(before) => -micros(before.duration()),
        };
        Self(micros.clamp(*RANGE.start(), *RANGE.end()))
    }
}

impl Moment {
    /// The text of [`Display`](std::fmt::Display). A list of chats holds dozens of moments, so this is written by
    /// hand rather than by a general printer, which takes ten times as long.
    fn text(self) -> [u8; 27] {
        let days = self.0.div_euclid(DAY);
        let (year, month, day) = civil(days);
        let micros = self.0.rem_euclid(DAY);
        let seconds = micros / 1_000_000;
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        put(&mut text[0..4], year);
        put(&mut text[5..7], month);
        put(&mut text[8..10], day);
        put(&mut text[11..13], seconds / 3600);
        put(&mut text[14..16], seconds / 60 % 60);
        put(&mut text[17..19], seconds % 60);
        put(&mut text[20..26], micros % 1_000_000);
        text
    }
}

/// Writes the last digits of a number.
fn put(digits: &mut [u8], mut number: i64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

/// Year, month and day of a number of days since 1970-01-01, in the Gregorian calendar. The year is counted
/// from March, so that the leap day is its last (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::str::from_utf8(&self.text()).expect("digits and signs are ASCII"))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.text();
        serializer.serialize_str(std::str::from_utf8(&text).expect("digits and signs are ASCII"))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an RFC 3339 time"))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// A clock that runs with real time or steps with each request, and can be moved forward.
#[derive(Clone, Debug)]
pub struct Clock {
    beginning: Moment,
    moved: Duration,
    running_since: Option<Instant>,
}

impl Clock {
    /// A clock that runs as real time does.
    pub fn running(beginning: Option<SystemTime>) -> Self {
        Self {
            running_since: Some(Instant::now()),
            ..Self::stepped(beginning)
        }
    }

    /// A clock that goes on by a millisecond with each request, so that equal requests get equal answers.
    pub fn stepped(beginning: Option<SystemTime>) -> Self {
        let beginning = beginning.map_or(BEGINNING, Moment::from);
        Self {
            beginning,
            moved: Duration::ZERO,
            running_since: None,
        }
    }

    /// The present moment.
    pub fn now(&self) -> Moment {
        let elapsed = self
            .running_since
            .map_or(Duration::ZERO, |start| start.elapsed());
        self.beginning.plus(self.moved.saturating_add(elapsed))
    }

    /// Notes that a request has come.
    pub fn tick(&mut self) {
        if self.running_since.is_none() {
            self.advance(STEP);
        }
    }

    /// Moves the clock forward.
    pub fn advance(&mut self, duration: Duration) {
        self.moved = self.moved.saturating_add(duration);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc_with_six_decimals() {
        assert_eq!(BEGINNING.to_string(), "2026-06-15T12:00:00.000000Z");
        let moment = Moment::parse("2026-06-15T14:00:00.25+02:00").unwrap();
        assert_eq!(moment.to_string(), "2026-06-15T12:00:00.250000Z");
        assert_eq!(Moment::parse("yesterday"), None);
        assert_eq!(BEGINNING.http_date(), "Mon, 15 Jun 2026 12:00:00 GMT");
    }

    #[test]
    fn moments_are_written_as_jiff_writes_them() {
        let printer = jiff::fmt::temporal::DateTimePrinter::new().precision(Some(6));
        let leap_days = [
            "2000-02-29T23:59:59.999999Z",
            "1900-02-28T00:00:00Z",
            "2024-12-31T12:00:00Z",
        ];
        let ends = [*RANGE.start(), -1, 0, *RANGE.end()];
        let marked = leap_days.map(|text| Moment::parse(text).unwrap().0);
        let spread = (0..4000).map(|n| RANGE.start() + n * 78_867_123_456_789);
        for micros in spread.chain(ends).chain(marked) {
            let timestamp = jiff::Timestamp::from_microsecond(micros).unwrap();
            assert_eq!(
                Moment(micros).to_string(),
                printer.timestamp_to_string(&timestamp)
            );
        }
        assert_eq!(Moment::parse("-000001-01-01T00:00:00Z"), None);
    }

    #[test]
    fn a_stepped_clock_moves_only_when_told() {
        let mut clock = Clock::stepped(None);
        assert_eq!(clock.now(), BEGINNING);
        clock.tick();
        clock.advance(Duration::from_secs(250));
        assert_eq!(clock.now().since(BEGINNING), Duration::from_millis(250_001));
    }

    #[test]
    fn a_clock_that_is_moved_absurdly_far_still_has_a_time() {
        let mut clock = Clock::stepped(None);
        clock.advance(Duration::MAX);
        assert_eq!(
            clock.now().to_string().len(),
            "9999-12-30T22:00:00.999999Z".len()
        );
    }
}
