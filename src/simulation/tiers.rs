//! A limit of which accounts have different plans.
//!
//! ```text
//!   shares 0.8, 0.2 of 10 accounts     s s p s s s s p s s     8 and 2, spread evenly
//! ```

use crate::limiter::Limiter;
use std::sync::Arc;

/// The limiter of each plan, and the plan of each account.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiers {
    /// What an instance starts as, for each plan.
    pub limiters: Vec<Limiter>,
    /// The plan of each account, by index.
    pub plan_of: Arc<[u16]>,
}

impl Tiers {
    /// What the limit's instance for an account starts as.
    pub(super) fn limiter_of(&self, account: u32) -> Limiter {
        let plan = self.plan_of.get(account as usize).copied().unwrap_or_default();
        self.limiters[usize::from(plan)].clone()
    }

    /// The limiter of each plan, and the accounts that have it, by index.
    pub fn accounts(&self) -> impl Iterator<Item = (&Limiter, Vec<u32>)> {
        let of = move |plan: u16| {
            let accounts = (0u32..).zip(self.plan_of.iter());
            accounts.filter(|(_, of)| **of == plan).map(|(account, _)| account).collect()
        };
        self.limiters.iter().zip((0u16..).map(of))
    }
}

/// The plan of each account, by index, where each plan has a share of them: the numbers differ from
/// the exact shares by less than one for two plans, and no plan's accounts stand together.
///
/// Each account in turn gets the plan that is furthest behind its share; the first one of equals.
#[must_use]
pub fn spread(shares: &[f64], accounts: u32) -> Arc<[u16]> {
    let mut given = vec![0.0; shares.len()];
    let next = |number: u32| {
        let behind = |plan: usize| shares[plan] * f64::from(number + 1) - given[plan];
        let furthest = (0..shares.len()).rev().max_by(|a, b| behind(*a).total_cmp(&behind(*b)));
        let plan = furthest.unwrap_or_default();
        given[plan] += 1.0;
        u16::try_from(plan).unwrap_or(u16::MAX)
    };
    (0..accounts).map(next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_out_and_are_spread() {
        assert_eq!(*spread(&[0.8, 0.2], 10), [0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
        assert_eq!(*spread(&[0.5, 0.5], 4), [0, 1, 0, 1]);
        assert_eq!(*spread(&[1.0], 2), [0, 0]);
        for (shares, accounts) in [([0.7, 0.2, 0.1], 40u32), ([0.34, 0.33, 0.33], 100)] {
            let plans = spread(&shares, accounts);
            for (plan, share) in (0u16..).zip(shares) {
                let count = plans.iter().filter(|of| **of == plan).count();
                let exact = share * f64::from(accounts);
                assert!((count as f64 - exact).abs() < 1.0, "{plan}: {count} of {exact}");
            }
        }
    }
}
