//! Revenue that is drawn anew for every account and replication.
//!
//! `revenue(day) = level · (1 + trend)^(day/30) · weekday · exp(noise·N - noise²/2)`, in cents: a
//! level with a trend in 30 days, a weekly pattern, and noise that leaves the mean where it is.

use crate::limiter::{Beyond, Income, Revenue, RevenueRule};
use crate::random::Stream;
use crate::units::Money;
use std::sync::Arc;

/// A random series of daily revenue.
#[derive(Debug, Clone, PartialEq)]
pub struct RevenueSeries {
    /// The figures of the quota that it earns.
    pub rule: Arc<RevenueRule>,
    /// Revenue of a day at the origin.
    pub level: Money,
    /// Change in 30 days, as a fraction above -1.
    pub trend: f64,
    /// What each day of the week is of the mean; the first is day 0's.
    pub weekdays: [f64; 7],
    /// The standard deviation of the logarithm of the noise.
    pub noise: f64,
    /// Days drawn before the origin.
    pub days_before: u32,
    /// Days drawn from the origin on.
    pub days: u32,
}

impl RevenueSeries {
    /// The quota of one account, with a series of its own.
    pub(super) fn draw(&self, stream: Stream) -> Revenue {
        let first = -i64::from(self.days_before);
        let daily: Vec<Money> =
            (first..i64::from(self.days)).map(|day| self.on(day, stream)).collect();
        let income = Income::new(daily.into(), first, Beyond::Nothing);
        Revenue::new(Arc::clone(&self.rule), income)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    fn on(&self, day: i64, stream: Stream) -> Money {
        let normal = stream.at(day as u64).normal();
        let weekday = self.weekdays[day.rem_euclid(7) as usize];
        let trend = libm::pow(1.0 + self.trend, day as f64 / 30.0);
        let noise = libm::exp(self.noise * normal - self.noise * self.noise / 2.0);
        let cents = self.level.cents() as f64 * trend * weekday * noise;
        Money::from_cents((cents.round() as u64).min(Money::MOST.cents()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    /// The mean over 2000 accounts, tolerance 3 %.
    #[test]
    fn series_have_their_level_trend_and_week() {
        let mut weekdays = [1.0; 7];
        weekdays[5] = 0.5;
        let series = RevenueSeries {
            rule: Arc::default(),
            level: Money::from_cents(10_000),
            trend: -0.2,
            weekdays,
            noise: 0.3,
            days_before: 0,
            days: 40,
        };
        let streams = Streams::new(3, 0);
        let mean = |day| {
            let on = |account| series.on(day, streams.stream(Purpose::Revenue, account));
            (0..2000).map(|account| on(account).cents() as f64).sum::<f64>() / 2000.0
        };
        for (day, expected) in
            [(0, 10_000.0), (30, 8_000.0), (5, 0.5 * 10_000.0 * 0.8f64.powf(5.0 / 30.0))]
        {
            assert!((mean(day) / expected - 1.0).abs() < 0.03, "day {day}: {}", mean(day));
        }
    }
}
