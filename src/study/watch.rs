//! A second look at the first replication, for pictures that counts alone do not give: the lowest
//! level of limits and the highest backlog, interval by interval.
//!
//! ```text
//!   few attempts ──► all accounts on one clock: levels of one account, backlog of all
//!   many         ──► only that account, where it can be simulated by itself: its levels
//! ```

use super::{Runs, Study};
use crate::parallel;
use crate::simulation::{Plan, Watched, watch};

/// Why an account is the one whose limits are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is the only one.
    Only,
    /// Of all accounts it was refused most often, over all strategies and runs.
    MostThrottled,
    /// No account was refused; of all it made most attempts.
    MostCalling,
}

/// What a second look gave of one strategy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// What was read.
    pub watched: Watched,
    /// True if all accounts were looked at, so that the backlog is that of all.
    pub whole: bool,
}

/// What a second look at a study gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    /// The account whose limits were read, from 0.
    pub account: u32,
    /// Why it is that one.
    pub shown: Shown,
    /// One for each strategy; `None` where the run is too large to be looked at again.
    pub strategies: Vec<Option<Look>>,
}

impl Looks {
    /// Nothing was looked at.
    #[must_use]
    pub const fn none() -> Self {
        Self { account: 0, shown: Shown::Only, strategies: Vec::new() }
    }
}

/// Attempts and requests of a run that is looked at once more.
pub const MOST_LOOKED_AT: u64 = 5_000_000;

impl Study {
    /// Runs the first replication of every strategy once more, if it is not too large, and reads
    /// levels and backlog.
    #[must_use]
    pub fn look_again(&self, plan: &Plan) -> Looks {
        let (account, shown) = self.worst_account(plan);
        let look = |own: &Runs| {
            let runs = u64::from(self.replications).max(1);
            let size = own.total.accounts.iter().map(|account| account.sent() + account.arrived);
            let all = 0..plan.population.accounts;
            let by_itself = plan.accounts_are_independent(own.strategy);
            let alone = size.clone().nth(account as usize).unwrap_or(0);
            let (whole, accounts) = match (size.sum::<u64>() / runs, alone / runs) {
                (size, _) if size <= MOST_LOOKED_AT => (true, all),
                (_, alone) if by_itself && alone <= MOST_LOOKED_AT => (false, account..account + 1),
                _ => return None,
            };
            let watched = watch(plan, own.strategy, 0, (account, accounts));
            Some(Look { watched, whole })
        };
        let strategies = parallel::map(&self.strategies, look);
        Looks { account, shown, strategies }
    }

    /// The account that was throttled most; where none was, the one that called most.
    fn worst_account(&self, plan: &Plan) -> (u32, Shown) {
        let sums = |of: fn(&crate::metrics::Account) -> u64| {
            let total = move |account: u32| {
                let runs = self.strategies.iter();
                let accounts = runs.filter_map(|runs| runs.total.accounts.get(account as usize));
                accounts.map(of).sum::<u64>()
            };
            let all = (0..plan.population.accounts).map(move |account| (total(account), account));
            // The first of equals.
            all.max_by_key(|(sum, account)| (*sum, std::cmp::Reverse(*account))).unwrap_or((0, 0))
        };
        if plan.population.accounts == 1 {
            return (0, Shown::Only);
        }
        match sums(|account| account.throttled) {
            (0, _) => (sums(|account| account.sent()).1, Shown::MostCalling),
            (_, account) => (account, Shown::MostThrottled),
        }
    }
}
