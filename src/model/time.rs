//! Points in time and spans of time.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::text;

/// A point in time, to the second, shown as RFC 3339 in UTC: `2026-11-21T10:00:00Z`.
///
/// The year lies between 0 and 9999, so that the texts sort as the times do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(DateTime);

/// A text that is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a time such as 2026-11-21T10:00:00Z")]
pub struct InvalidTime(text::Quoted);

impl Time {
    /// The earliest time there is.
    pub const EARLIEST: Self = Self(EARLIEST);

    /// The latest time there is.
    pub const LATEST: Self = Self(DateTime::constant(9999, 12, 31, 23, 59, 59, 0));

    /// This time without its fraction of a second; a year before 0 becomes the year 0.
    #[must_use]
    pub fn from_timestamp(timestamp: Timestamp) -> Self {
        Self::whole(TimeZone::UTC.to_datetime(timestamp))
    }

    fn whole(time: DateTime) -> Self {
        let whole = time.with().subsec_nanosecond(0).build().unwrap_or(time);
        Self(whole.max(EARLIEST))
    }

    /// The text that shows it, in ASCII.
    fn text(self) -> [u8; 20] {
        let mut text = *b"0000-00-00T00:00:00Z";
        let mut put = |at: usize, number: u16| {
            let [_, tens] = (number / 10).to_be_bytes();
            let [_, ones] = (number % 10).to_be_bytes();
            text[at] += tens;
            text[at + 1] += ones;
        };
        let year = self.0.year().unsigned_abs();
        put(0, year / 100);
        put(2, year % 100);
        for (at, number) in [
            (5, self.0.month()),
            (8, self.0.day()),
            (11, self.0.hour()),
            (14, self.0.minute()),
            (17, self.0.second()),
        ] {
            put(at, number.unsigned_abs().into());
        }
        text
    }

    /// The time that lies this duration before, or the earliest one there is.
    #[must_use]
    pub fn before(self, duration: &Duration) -> Self {
        Self::whole(self.0.checked_sub(duration.0).unwrap_or(EARLIEST))
    }

    /// The time that lies this duration after, if there is one.
    #[must_use]
    pub fn after(self, duration: &Duration) -> Option<Self> {
        self.0.checked_add(duration.0).map(Self::whole).ok()
    }
}

/// The beginning of the year 0.
const EARLIEST: DateTime = DateTime::constant(0, 1, 1, 0, 0, 0, 0);

impl FromStr for Time {
    type Err = InvalidTime;

    fn from_str(text: &str) -> Result<Self, InvalidTime> {
        let time = kept(text).or_else(|| Some(Self::whole(written(text)?).0));
        time.map(Self).ok_or_else(|| InvalidTime(text.into()))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TimeVisitor;

        impl Visitor<'_> for TimeVisitor {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time such as 2026-11-21T10:00:00Z")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                text.parse().map_err(E::custom)
            }
        }

        // A date of TOML is no text, but shows itself as one where anything may stand.
        deserializer.deserialize_any(TimeVisitor)
    }
}

/// Reads a time in any form.
fn written(text: &str) -> Option<DateTime> {
    let pieces = Pieces::parse(text).ok()?;
    let offset = i64::from(pieces.to_numeric_offset()?.seconds());
    let there = pieces.date().to_datetime(pieces.time()?);
    let here = there.checked_sub(SignedDuration::from_secs(offset)).ok()?;
    (here >= EARLIEST).then_some(here)
}

/// Reads a time in the one form in which times are kept, which a long list is full of; `None` for
/// every other text, although it may be a time as well.
fn kept(text: &str) -> Option<DateTime> {
    let &[
        y0,
        y1,
        y2,
        y3,
        b'-',
        o0,
        o1,
        b'-',
        d0,
        d1,
        b'T',
        h0,
        h1,
        b':',
        m0,
        m1,
        b':',
        s0,
        s1,
        b'Z',
    ] = text.as_bytes()
    else {
        return None;
    };
    let pair = |tens: u8, ones: u8| {
        let are_digits = tens.is_ascii_digit() && ones.is_ascii_digit();
        are_digits.then(|| (tens - b'0').cast_signed() * 10 + (ones - b'0').cast_signed())
    };
    let year = i16::from(pair(y0, y1)?) * 100 + i16::from(pair(y2, y3)?);
    let (month, day) = (pair(o0, o1)?, pair(d0, d1)?);
    let (hour, minute, second) = (pair(h0, h1)?, pair(m0, m1)?, pair(s0, s1)?);
    DateTime::new(year, month, day, hour, minute, second, 0).ok()
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text();
        f.write_str(str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.text();
        serializer.serialize_str(str::from_utf8(&text).map_err(S::Error::custom)?)
    }
}

/// A span of time as people write it: `30d`, `2h30m`, `1 week 2 days`, `6mo`. Never negative.
///
/// Months and years follow the calendar in UTC; a day has 24 hours.
#[derive(Debug, Clone, Copy)]
pub struct Duration(Span);

/// A text that is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDuration {
    /// It is none at all.
    #[error("{0} is not a duration such as 30d, 2h30m or 6mo")]
    Form(text::Quoted),
    /// An `m` that could be minutes or months.
    #[error("{text} is not clear: {minutes} or {months}?")]
    Unclear {
        /// The text.
        text: text::Quoted,
        /// The text, if minutes are meant.
        minutes: String,
        /// The text, if months are meant.
        months: String,
    },
}

impl FromStr for Duration {
    type Err = InvalidDuration;

    fn from_str(text: &str) -> Result<Self, InvalidDuration> {
        match text.parse::<Span>() {
            Ok(span) if !span.is_negative() => match unclear_unit(text) {
                Some(at) => {
                    let meant = |unit| format!("{}{unit}{}", &text[..at], &text[at + 1..]);
                    Err(InvalidDuration::Unclear {
                        text: text.into(),
                        minutes: meant("min"),
                        months: meant("mo"),
                    })
                }
                None => Ok(Self(span)),
            },
            _ => Err(InvalidDuration::Form(text.into())),
        }
    }
}

/// Where an `m` stands that neither hours nor seconds beside it make clear.
fn unclear_unit(text: &str) -> Option<usize> {
    let is_sign = |c: char| !c.is_ascii_alphabetic();
    let mut units = text.split(is_sign).filter(|unit| !unit.is_empty());
    if units.any(|unit| unit.starts_with(['h', 's', 'P'])) {
        return None;
    }
    let is_alone = |at: &usize| {
        let after = text[at + 1..].chars().next().is_none_or(is_sign);
        after && text[..*at].chars().next_back().is_some_and(is_sign)
    };
    text.match_indices('m').map(|(at, _)| at).find(is_alone)
}

impl TryFrom<Duration> for std::time::Duration {
    type Error = InvalidDuration;

    /// Fails for a duration with months or years, whose length depends on the calendar.
    fn try_from(duration: Duration) -> Result<Self, InvalidDuration> {
        let span = duration.0;
        span.to_duration(jiff::SpanRelativeTo::days_are_24_hours())
            .ok()
            .and_then(|length| Self::try_from(length).ok())
            .ok_or_else(|| InvalidDuration::Form(format!("{span:#}").as_str().into()))
    }
}

/// When something ends, as given on the command line.
#[derive(Debug, Clone, Copy)]
pub enum When {
    /// It does not end.
    Never,
    /// At this time.
    At(Time),
    /// This long from now.
    In(Duration),
}

/// A text that says no time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWhen {
    /// It says none at all.
    #[error(
        "{0} is not a time (2026-11-21T10:00:00Z), a date (2026-11-21), a duration from now (30d) or \"never\""
    )]
    Form(text::Quoted),
    /// It is a duration that is not clear.
    #[error(transparent)]
    Duration(InvalidDuration),
}

impl FromStr for When {
    type Err = InvalidWhen;

    fn from_str(text: &str) -> Result<Self, InvalidWhen> {
        if text == "never" {
            return Ok(Self::Never);
        }
        if let Ok(time) = text.parse() {
            return Ok(Self::At(time));
        }
        let is_date = text.len() == 10 && !text.starts_with('-');
        if let (true, Ok(time)) = (is_date, format!("{text}T00:00:00Z").parse()) {
            return Ok(Self::At(time));
        }
        match text.parse() {
            Ok(duration) => Ok(Self::In(duration)),
            Err(InvalidDuration::Form(text)) => Err(InvalidWhen::Form(text)),
            Err(unclear) => Err(InvalidWhen::Duration(unclear)),
        }
    }
}

impl When {
    /// The time meant, seen from `now`; `None` for never.
    ///
    /// # Errors
    /// When it lies beyond the year 9999.
    pub fn from(self, now: Time) -> Result<Option<Time>, TooLate> {
        match self {
            Self::Never => Ok(None),
            Self::At(time) => Ok(Some(time)),
            Self::In(duration) => now.after(&duration).map(Some).ok_or(TooLate),
        }
    }
}

/// From when on, as given on the command line.
#[derive(Debug, Clone, Copy)]
pub enum Since {
    /// From this time on.
    At(Time),
    /// From this long ago on.
    Ago(Duration),
}

/// A text that says no time to begin at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSince {
    /// It says none at all.
    #[error("{0} is not a time (2026-11-21T10:00:00Z), a date (2026-11-21) or how long ago (7d)")]
    Form(text::Quoted),
    /// It is a duration that is not clear.
    #[error(transparent)]
    Duration(InvalidDuration),
}

impl FromStr for Since {
    type Err = InvalidSince;

    fn from_str(text: &str) -> Result<Self, InvalidSince> {
        match text.parse() {
            Ok(When::At(time)) => Ok(Self::At(time)),
            Ok(When::In(duration)) => Ok(Self::Ago(duration)),
            Err(InvalidWhen::Duration(unclear)) => Err(InvalidSince::Duration(unclear)),
            Ok(When::Never) | Err(InvalidWhen::Form(_)) => Err(InvalidSince::Form(text.into())),
        }
    }
}

impl Since {
    /// The time meant, seen from `now`.
    #[must_use]
    pub fn from(self, now: Time) -> Time {
        match self {
            Self::At(time) => time,
            Self::Ago(duration) => now.before(&duration),
        }
    }
}

/// A time beyond the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time lies beyond the year 9999; say \"never\" if it has no end")]
pub struct TooLate;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    proptest! {
        #[test]
        fn the_form_in_which_times_are_kept_is_read_and_shown_as_any_other(
            (year, month, day) in (0..=9999_i16, 0..=14_i8, 0..=33_i8),
            (hour, minute, second) in (0..=26_i8, 0..=61_i8, 0..=61_i8),
        ) {
            let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z");
            if let Some(time) = kept(&text) {
                prop_assert_eq!(Some(time), written(&text));
                prop_assert_eq!(Time(time).to_string(), format!("{time}Z"));
                prop_assert_eq!(Time(time).to_string(), text);
            } else {
                let is_time = DateTime::new(year, month, day, hour, minute, second.min(59), 0);
                prop_assert!(is_time.is_err() || second > 59);
            }
        }
    }

    #[test]
    fn times_are_utc_and_have_seconds() {
        assert_eq!(
            time("2026-11-21T10:00:00.999+01:00").to_string(),
            "2026-11-21T09:00:00Z"
        );
        for text in [
            "",
            "yesterday",
            "2026-11-21",
            "-000001-01-01T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-21T10:00:00",
            "0000-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-00:01",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
    }

    #[test]
    fn times_reach_to_the_end_of_the_last_year() {
        for text in ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"] {
            assert_eq!(time(text).to_string(), text);
        }
        let now = time("2026-11-21T10:00:00Z");
        let last = "9999-12-31".parse::<When>().unwrap().from(now).unwrap();
        assert_eq!(last.unwrap().to_string(), "9999-12-31T00:00:00Z");
    }

    #[test]
    fn an_m_alone_could_be_minutes_or_months() {
        for (text, message) in [
            ("6m", "\"6m\" is not clear: 6min or 6mo?"),
            ("6 m", "\"6 m\" is not clear: 6 min or 6 mo?"),
            ("1y6m", "\"1y6m\" is not clear: 1y6min or 1y6mo?"),
            ("1d 6m", "\"1d 6m\" is not clear: 1d 6min or 1d 6mo?"),
        ] {
            assert_eq!(text.parse::<Duration>().unwrap_err().to_string(), message);
            assert_eq!(text.parse::<When>().unwrap_err().to_string(), message);
            assert_eq!(text.parse::<Since>().unwrap_err().to_string(), message);
        }
        for text in [
            "2h30m",
            "1m30s",
            "6min",
            "6mo",
            "6 months",
            "3 minutes",
            "PT6M",
            "1d2h3m",
        ] {
            assert!(text.parse::<Duration>().is_ok(), "{text}");
        }
    }

    #[test]
    fn durations_follow_the_calendar() {
        let now = time("2026-03-31T10:00:00Z");
        let before = |text: &str| now.before(&text.parse().unwrap()).to_string();
        assert_eq!(before("30d"), "2026-03-01T10:00:00Z");
        assert_eq!(before("2h30m"), "2026-03-31T07:30:00Z");
        assert_eq!(before("1mo"), "2026-02-28T10:00:00Z");
        assert_eq!(before("9000y"), "0000-01-01T00:00:00Z");
        for text in ["", "-3d", "3", "soon", "3 d ago"] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn when_takes_times_dates_durations_and_never() {
        let now = time("2026-11-21T10:00:00Z");
        let at = |text: &str| {
            text.parse::<When>()
                .unwrap()
                .from(now)
                .map(|time| time.map(|time| time.to_string()).unwrap_or_default())
        };
        assert_eq!(at("2027-01-01T00:00:00Z").unwrap(), "2027-01-01T00:00:00Z");
        assert_eq!(at("2027-01-01").unwrap(), "2027-01-01T00:00:00Z");
        assert_eq!(at("2d").unwrap(), "2026-11-23T10:00:00Z");
        assert_eq!(at("never").unwrap(), "");
        assert_eq!(at("9000y"), Err(TooLate));
        assert!("next week".parse::<When>().is_err());
    }
}
