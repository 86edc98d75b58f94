//! What the headers of an answer said of the limit, as logs write it.
//!
//! | header | written | read as |
//! |---|---|---|
//! | `Retry-After`, reset | `30`, `1.5` | seconds from the call |
//! | reset | `1795816800`, `1795816800000` | seconds or milliseconds since 1970 |
//! | rate | `0.0055`, `1/min` | calls a second, or in the time that is named |
//! | calls left | `3` | a whole number |

use crate::units::Rate;

/// What the provider said beside its decision.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Told {
    /// `Retry-After` \[ns from the call\].
    pub retry_after: Option<i64>,
    /// The rate of a header \[1/s\].
    pub rate: Option<f64>,
    /// Calls left, as a header says.
    pub remaining: Option<u32>,
    /// When the limit resets, as a header says \[ns from the call\]; 0 if that is past.
    pub reset: Option<i64>,
}

/// Above this, seconds are since 1970, or since the zero of the log's own times.
const DATE: f64 = 1e8;
/// Above this, they are milliseconds.
const MILLIS: f64 = 1e11;

impl Told {
    /// The headers of a call that was sent at an instant \[ns since the zero of the log's times\],
    /// and how many of them cannot be read.
    pub(super) fn read(headers: [Option<&[u8]>; 4], sent: i64) -> (Self, u64) {
        let texts = headers.map(|text| {
            let text = std::str::from_utf8(text?.trim_ascii());
            // A header that is not text is strange; a blank or a dash is none.
            Some(text.unwrap_or("?")).filter(|text| !text.is_empty() && *text != "-")
        });
        let [retry_after, rate, remaining, reset] = texts;
        let mut strange = 0;
        let told = Self {
            retry_after: known(retry_after, seconds, &mut strange).map(nanos),
            rate: known(rate, per_second, &mut strange),
            remaining: known(remaining, |text| text.parse().ok(), &mut strange),
            reset: known(reset, seconds, &mut strange).map(|value| match value {
                value if value < DATE => nanos(value),
                value => {
                    let at = if value < MILLIS { value } else { value / 1000.0 };
                    nanos(at).saturating_sub(sent).max(0)
                }
            }),
        };
        (told, strange)
    }
}

/// What a header says; one that cannot be read is counted.
fn known<T>(text: Option<&str>, read: impl Fn(&str) -> Option<T>, strange: &mut u64) -> Option<T> {
    let value = read(text?);
    *strange += u64::from(value.is_none());
    value
}

fn seconds(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0)
}

#[expect(clippy::cast_possible_truncation)]
fn nanos(seconds: f64) -> i64 {
    (seconds * 1e9) as i64
}

fn per_second(text: &str) -> Option<f64> {
    let rate = match text.contains('/') {
        true => text.parse().ok().map(Rate::per_second_f64),
        false => seconds(text),
    };
    rate.filter(|rate| *rate > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_and_strange_ones_counted() {
        let read = |texts: [&str; 4], sent| Told::read(texts.map(|t| Some(t.as_bytes())), sent);
        let (told, strange) = read(["30", "1/min", "3", "1.5"], 0);
        let minute = Some(1.0 / 60.0);
        let expected = (Some(30_000_000_000), minute, Some(3), Some(1_500_000_000), 0);
        assert_eq!((told.retry_after, told.rate, told.remaining, told.reset, strange), expected);
        let sent = 1_795_816_800_000_000_000;
        for reset in ["1795816810", "1795816810000"] {
            let (told, strange) = read(["-", "0.0055", "", reset], sent);
            assert_eq!((told.reset, strange), (Some(10_000_000_000), 0));
            assert_eq!((told.rate, told.retry_after), (Some(0.0055), None));
        }
        for text in ["soon", "-1", "NaN", "inf", "1e999"] {
            assert_eq!(read([text; 4], 0), (Told::default(), 4), "{text}");
        }
        assert_eq!(Told::read([Some(b"\xff"), None, None, None], 0).1, 1);
    }
}
