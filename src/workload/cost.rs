//! What a call costs in a unit that limits count: points, tokens, bytes.
//!
//! ```text
//!   before      known when the call is sent             wanted = taken = used
//!   by items    known too: base + each × the items of the call
//!   requested   so many are asked for, and what is not  wanted = taken, used at most those
//!               used comes back with the answer
//!   after       only the answer tells                   one wanted, none taken, then all used
//! ```

use crate::random::{Count, Draws};

/// The cost of each call of a step in one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct StepCost {
    /// The unit, by index.
    pub unit: u16,
    /// How many of it.
    pub cost: Cost,
}

/// A number of units, and when it is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Cost {
    /// Before the call is sent.
    Before(Count),
    /// Before the call is sent, by the items that it is for: a page or a batch of them.
    ByItems {
        /// Units of the call.
        base: u32,
        /// Units of each item.
        each: u32,
    },
    /// So many are requested before; what is not used comes back with the answer.
    Requested {
        /// Units asked for.
        requested: Count,
        /// Units used, at most those.
        used: Count,
    },
    /// With the answer.
    After(Count),
}

/// The cost of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// Units that must be there.
    pub wanted: u64,
    /// Units that are taken when it is admitted.
    pub taken: u64,
    /// Units that it has used once it is answered, if it succeeds.
    pub used: u64,
    /// Units that it has used if it fails.
    pub used_by_failure: u64,
}

impl Cost {
    /// The cost of one call for so many items.
    #[must_use]
    pub fn draw(&self, items: u32, draws: &mut Draws) -> Price {
        match self {
            Self::Before(count) => Price::of(u64::from(count.sample(draws))),
            Self::ByItems { base, each } => {
                Price::of(u64::from(*base) + u64::from(*each) * u64::from(items))
            }
            Self::Requested { requested, used } => {
                let asked = u64::from(requested.sample(draws));
                let used = u64::from(used.sample(draws)).min(asked);
                Price { wanted: asked, taken: asked, used, used_by_failure: 0 }
            }
            Self::After(count) => {
                let used = u64::from(count.sample(draws));
                Price { wanted: 1, taken: 0, used, used_by_failure: 0 }
            }
        }
    }
}

impl Price {
    /// So many units, known before.
    #[must_use]
    pub const fn of(units: u64) -> Self {
        Self { wanted: units, taken: units, used: units, used_by_failure: units }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn what_is_used_is_at_most_what_was_requested() {
        let draws = |n| Streams::new(3, 0).stream(Purpose::Costs, 0).at(n);
        let used = Count::Uniform { low: 1, high: 900 };
        let cost = Cost::Requested { requested: Count::Fixed(500), used };
        let prices: Vec<Price> = (0..1_000).map(|n| cost.draw(1, &mut draws(n))).collect();
        assert!(prices.iter().all(|price| price.taken == 500 && price.used <= 500));
        assert!(prices.iter().any(|price| price.used < 100));
        let after = Cost::After(Count::Fixed(800)).draw(1, &mut draws(0));
        assert_eq!((after.wanted, after.taken, after.used), (1, 0, 800));
        let batch = Cost::ByItems { base: 10, each: 2 };
        assert_eq!(batch.draw(20, &mut draws(0)), Price::of(50));
    }
}
