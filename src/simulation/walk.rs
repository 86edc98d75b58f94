//! A limit whose figures walk: drawn anew for every account and replication.
//!
//! `factor(k) = clamp(factor(k-1) · exp(spread·N), least, most)`, changed every so often: an
//! account's business, seen through its plan.

use crate::limiter::{Change, Dynamic, Limiter};
use crate::random::Stream;
use crate::units::{Instant, Share, Span};

/// A walk of what a limit allows: its rate, or its number; a burst stays.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanWalk {
    /// The limit with its published figures.
    pub limit: Limiter,
    /// From one change to the next.
    pub every: Span,
    /// The standard deviation of the logarithm of a change.
    pub spread: f64,
    /// The least factor.
    pub least: f64,
    /// The greatest factor.
    pub most: f64,
    /// Changes stop here.
    pub end: Span,
}

impl PlanWalk {
    /// The limit of one account, with a walk of its own.
    pub(super) fn draw(&self, stream: Stream) -> Dynamic {
        let steps = self.end.as_nanos() / self.every.as_nanos().max(1);
        let mut factor = 1.0;
        let published = self.limit.terms();
        let mut change = |step: u64| {
            let normal = stream.at(step).normal();
            factor = (factor * libm::exp(self.spread * normal)).clamp(self.least, self.most);
            let terms = published.and_then(|terms| terms.times(Share::from_fraction(factor)));
            Some(Change {
                at: Instant::ORIGIN + self.every.times(step),
                terms: terms.or(published)?,
            })
        };
        let changes: Vec<Change> = (1..=steps).filter_map(&mut change).collect();
        Dynamic::new(self.limit.clone(), changes.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limiter::{Refill, Terms, TokenBucket};
    use crate::random::{Purpose, Streams};
    use crate::units::Rate;

    /// A hundred accounts, thirty days: the factors stay in range, differ, and their daily change
    /// has its spread (tolerance 5 %, of 3 000 draws).
    #[test]
    fn walks_have_their_range_and_their_spread() {
        let rate: Rate = "1/60s".parse().expect("a rate");
        let walk = PlanWalk {
            limit: Limiter::TokenBucket(TokenBucket::new(rate, 20, Refill::Tick, 20)),
            every: Span::DAY,
            spread: 0.05,
            least: 0.1,
            most: 10.0,
            end: Span::DAY.times(30),
        };
        let streams = Streams::new(3, 0);
        let mut squares = Vec::new();
        for account in 0..100 {
            let drawn = walk.draw(streams.stream(Purpose::Plans, account));
            let rate = |change: &Change| match change.terms {
                Terms::Rate { rate, .. } => rate.per_second_f64(),
                Terms::Number(_) => panic!("a bucket has a rate"),
            };
            let rates: Vec<f64> = drawn.changes().iter().map(rate).collect();
            assert_eq!(rates.len(), 30);
            squares.extend(rates.windows(2).map(|pair| (pair[1] / pair[0]).ln().powi(2)));
        }
        let spread = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
        assert!((spread / 0.05 - 1.0).abs() < 0.05, "{spread}");
    }
}
