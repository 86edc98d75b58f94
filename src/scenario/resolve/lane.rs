//! A lane of a pacer as it is about to be: its rate, its burst, and where they come from.

use crate::units::{Rate, Share, Span};

/// A lane to be: what it goes by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    pub rate: Rate,
    pub burst: u32,
    /// The share of a published rate that it is.
    pub share: Option<Share>,
    /// The limit that published it.
    pub limit: Option<usize>,
    /// The turns of a tick, and from one to the next, where a stated rate has whole ones.
    pub tick: Option<(u32, Span)>,
}

impl Lane {
    /// The part of one of so many processes.
    pub(super) fn of_one_in(self, processes: i64) -> Self {
        let number = u64::try_from(processes).unwrap_or(1).max(1);
        let per = self.rate.per().as_nanos().checked_mul(number).map(Span::from_nanos);
        let burst = u64::from(self.burst) / number;
        Self {
            rate: per.and_then(|per| Rate::new(self.rate.count(), per)).unwrap_or(self.rate),
            burst: u32::try_from(burst).unwrap_or(self.burst).max(1),
            share: self.share.map(|share| Share::from_ppm(share.ppm() / number)),
            limit: self.limit,
            tick: self.tick.and_then(|(amount, each)| {
                let part = u64::from(amount) / number;
                let whole = u64::from(amount).is_multiple_of(number);
                u32::try_from(part).ok().filter(|_| whole).map(|part| (part, each))
            }),
        }
    }
}

/// The turns that come together at each tick, and from one to the next, of a rate that is written
/// as a whole number in a time.
pub(super) fn ticks_of(text: &str, rate: Rate) -> Option<(u32, Span)> {
    let amount: u32 = text.split_once('/')?.0.trim().parse().ok()?;
    let nanos = u128::from(rate.per().as_nanos()) * u128::from(amount) / u128::from(rate.count());
    Some((amount, Span::from_nanos(u64::try_from(nanos).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_is_what_the_rate_is_written_as() {
        for (text, expected) in [
            ("90/min", Some((90, Span::MINUTE))),
            ("2/4s", Some((2, Span::from_secs(4)))),
            ("1/60s", Some((1, Span::MINUTE))),
            ("1.5/s", None),
        ] {
            assert_eq!(ticks_of(text, text.parse().expect("a rate")), expected, "{text}");
        }
    }
}
