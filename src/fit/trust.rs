//! How far an answer rests on the log being complete: accepted calls are taken away one at a time,
//! and each time the answer should fall. An answer that stays may have been given without calls
//! that the limit counted.

use super::rows::{Call, Status};

/// How far an answer rests on a complete log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The user vouches for it.
    Complete,
    /// Of `tried` accepted calls taken away one at a time, `noticed` would have refuted the answer:
    /// so many that a tenth of the log could hardly be missing.
    Checked {
        /// How many would have been noticed.
        noticed: usize,
        /// How many were tried.
        tried: usize,
    },
    /// Too few would have been noticed: the figures hold only if no call is missing.
    OnlyIfComplete {
        /// How many would have been noticed.
        noticed: usize,
        /// How many were tried.
        tried: usize,
    },
}

/// The chance that a tenth of the calls is missing and nothing shows, at most.
const DOUBT: f64 = 1e-6;

impl Trust {
    /// Takes up to `checks` accepted calls away, one at a time, and counts how often the answer
    /// `falls` with the rest.
    pub(super) fn of(calls: &[&Call], checks: usize, falls: impl Fn(&[&Call]) -> bool) -> Self {
        let accepted: Vec<usize> =
            (0..calls.len()).filter(|i| calls[*i].status == Status::Accepted).collect();
        let step = accepted.len().div_ceil(checks).max(1);
        let tried: Vec<usize> = accepted.iter().copied().skip(step / 2).step_by(step).collect();
        let is_noticed = |gone: &&usize| {
            let left = (0..calls.len()).filter(|i| i != *gone).map(|i| calls[i]);
            falls(&left.collect::<Vec<&Call>>())
        };
        let noticed = tried.iter().filter(is_noticed).count();
        let share = noticed as f64 / tried.len().max(1) as f64;
        let missing = accepted.len() as f64 / 10.0;
        match (1.0 - share).powf(missing) <= DOUBT {
            true => Self::Checked { noticed, tried: tried.len() },
            false => Self::OnlyIfComplete { noticed, tried: tried.len() },
        }
    }

    /// Whether the figures hold though the user does not vouch for a complete log, or does.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Complete | Self::Checked { .. })
    }
}
