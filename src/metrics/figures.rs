//! What a user asks of a run: ratios, quantiles and counts, derived once from what was counted.
//!
//! | metric | is |
//! |---|---|
//! | throttle rate | refused attempts / attempts |
//! | first-try throttle rate | refused first attempts / first attempts |
//! | amplification | attempts / requests attempted |
//! | calls per success | attempts / requests that succeeded |
//! | goodput | successful requests / time until the last request ended |
//! | completion | the instant at which the last job ended, if all of them were completed |
//! | last end | the instant at which the last request ended, completed or given up |
//! | loss rate | jobs given up or unfinished / jobs |
//! | skipped rate | requests given up that their jobs went on without / requests |
//! | limit use | the largest share of a limit in use at any moment, over limits and callers |
//! | fairness | Jain's index of the share of its requests that each account got done |

use super::histogram::rank_of;
use super::{Age, Attempts, Histogram, Jobs, Outcome, Spared, Tally};
use crate::units::{Instant, Share, Span};
use crate::wire::Operation;

pub use super::metric::{Metric, Scope};
pub use super::part::{Answer, Ending, Part, Statistic};

/// A part of a run, or all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Slice {
    /// All of it.
    Whole,
    /// The requests of one operation.
    Call(Operation),
    /// The jobs of one workload and their requests.
    Workload(u16),
    /// The requests of one operation within one workload.
    CallOf(Operation, u16),
    /// The requests of one account.
    Account(u32),
}

/// The counts of a slice, added up.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Its requests.
    pub requests: Tally,
    /// Their attempts.
    pub attempts: Attempts,
    /// What the client spared the provider.
    pub spared: Spared,
    /// Their latencies.
    pub latency: Histogram,
    /// Its jobs; of a single call there are none.
    pub jobs: Jobs,
    /// When the last of it ended.
    pub last_end: Instant,
    /// Jain's index of the share of its requests that each account got done; of the whole only.
    pub fairness: Option<f64>,
    /// The largest share of any limit that was in use; of the whole only.
    pub limit_use: Option<f64>,
}

impl Counts {
    /// Adds up a slice of an outcome, `cells` naming the workload and operation of each cell.
    #[must_use]
    pub fn of(outcome: &Outcome, cells: &[(u16, Operation)], slice: Slice) -> Self {
        if let Slice::Account(account) = slice {
            return Self::of_account(outcome, account);
        }
        let causes = outcome.cells.first().map_or(0, |cell| cell.attempts.throttled.len());
        let mut counts = Self { attempts: Attempts::new(causes), ..Self::default() };
        if slice == Slice::Whole {
            (counts.fairness, counts.limit_use) = (outcome.fairness(), outcome.limit_use());
        }
        for (cell, (workload, operation)) in outcome.cells.iter().zip(cells) {
            if slice.holds(*workload, *operation) {
                counts.requests.merge(&cell.requests);
                counts.attempts.merge(&cell.attempts);
                counts.spared.merge(&cell.spared);
                counts.latency.merge(&cell.latency);
                counts.last_end = counts.last_end.max(cell.last_end);
            }
        }
        for (number, jobs) in (0u16..).zip(&outcome.jobs) {
            if slice == Slice::Whole || slice == Slice::Workload(number) {
                counts.jobs.merge(jobs);
            }
        }
        counts
    }

    fn of_account(outcome: &Outcome, account: u32) -> Self {
        let Some(account) = outcome.accounts.get(account as usize) else {
            return Self::default();
        };
        let requests = Tally {
            arrived: account.arrived,
            completed: account.completed,
            given_up: account.given_up,
        };
        let attempts = Attempts {
            admitted: account.admitted,
            failed: account.failed,
            throttled: vec![account.throttled],
            ..Attempts::default()
        };
        Self { requests, attempts, ..Self::default() }
    }

    /// A metric's value; `None` where there is nothing to take it from.
    #[must_use]
    #[expect(clippy::cast_precision_loss)]
    pub fn value(&self, metric: Metric) -> Option<f64> {
        let a = &self.attempts;
        match metric {
            Metric::ThrottleRate => ratio(a.refused(), a.sent()),
            Metric::FirstTryThrottleRate => ratio(a.first_throttled, a.first),
            Metric::Amplification => ratio(a.sent(), a.first),
            Metric::CallsPerSuccess => ratio(a.sent(), self.requests.completed),
            Metric::Goodput => {
                let seconds = self.last_end.as_secs_f64();
                (seconds > 0.0).then(|| self.requests.completed as f64 / seconds)
            }
            Metric::Completion => self.completion_s(),
            Metric::LastEnd => {
                let ended = self.requests.completed + self.requests.given_up > 0;
                ended.then(|| self.last_end.as_secs_f64())
            }
            Metric::LossRate => {
                let tally = self.work();
                ratio(Ending::Lost.of(tally), tally.arrived)
            }
            Metric::SkippedRate => ratio(self.jobs.skipped, self.requests.arrived),
            Metric::LimitUse => self.limit_use,
            Metric::Fairness => self.fairness,
            Metric::Latency(statistic) => statistic.of(&self.latency, self.requests.arrived),
            Metric::JobLatency(statistic) => {
                statistic.of(&self.jobs.latency, self.jobs.tally.arrived)
            }
            Metric::Age(statistic) => statistic.of_age(&self.jobs.age),
            Metric::Requests(ending) => Some(ending.of(&self.requests) as f64),
            Metric::Jobs(ending) => Some(ending.of(&self.jobs.tally) as f64),
            Metric::Attempts(Answer::Sent) => Some(a.sent() as f64),
            Metric::Attempts(Answer::Admitted) => Some(a.admitted as f64),
            Metric::Attempts(Answer::Throttled) => Some(a.refused() as f64),
            Metric::Attempts(Answer::Failed) => Some(a.failed as f64),
        }
    }

    fn completion_s(&self) -> Option<f64> {
        // A job may have gone on without a request.
        let done = self.work().completed == self.work().arrived;
        (self.requests.arrived > 0 && done).then(|| self.last_end.as_secs_f64())
    }

    /// Its jobs; of a single call, which has none, its requests.
    #[must_use]
    pub const fn work(&self) -> &Tally {
        if self.jobs.tally.arrived > 0 { &self.jobs.tally } else { &self.requests }
    }
}

impl Slice {
    /// What kind of part it is: a metric of at least this scope exists for it.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::Whole => Scope::Whole,
            Self::Workload(_) => Scope::Workload,
            Self::Call(_) | Self::CallOf(..) => Scope::Call,
            Self::Account(_) => Scope::Account,
        }
    }

    /// True if a step of this workload and operation belongs to it; of an account each may.
    #[must_use]
    pub fn holds(self, workload: u16, operation: Operation) -> bool {
        match self {
            Self::Whole => true,
            Self::Call(of) => of == operation,
            Self::Workload(of) => of == workload,
            Self::CallOf(call, of) => call == operation && of == workload,
            Self::Account(_) => true,
        }
    }
}

impl Statistic {
    /// Of the latencies of what was completed, out of so many that arrived: what was lost or is
    /// unfinished took longer than any time, so that a quantile that falls among it has no value.
    /// The mean is that of what was completed.
    fn of(self, histogram: &Histogram, arrived: u64) -> Option<f64> {
        let span = match self {
            Self::Mean => return histogram.mean_s(),
            Self::Quantile(permille) => within(histogram, share_of(permille), arrived),
            Self::Max => histogram.greatest().filter(|_| histogram.count() >= arrived),
        };
        span.map(Span::as_secs_f64)
    }
}

/// The time within which a share of all that arrived was completed, if it was: the time of rank
/// `⌈share · arrived⌉`, what is lost or unfinished having taken longer than any.
#[must_use]
pub fn within(completed: &Histogram, share: Share, arrived: u64) -> Option<Span> {
    completed.ranked(rank_of(share, arrived))
}

/// Parts per thousand as a share.
fn share_of(permille: u16) -> Share {
    Share::from_ppm(u64::from(permille) * 1000)
}

impl Statistic {
    fn of_age(self, age: &Age) -> Option<f64> {
        match self {
            Self::Mean => age.mean_s(),
            Self::Quantile(permille) => {
                age.quantile(share_of(permille)).map(|span| span.as_secs_f64())
            }
            Self::Max => age.greatest().map(|span| span.as_secs_f64()),
        }
    }
}

impl Ending {
    fn of(self, tally: &Tally) -> u64 {
        match self {
            Self::Arrived => tally.arrived,
            Self::Completed => tally.completed,
            Self::GivenUp => tally.given_up,
            Self::Unfinished => tally.unfinished(),
            Self::Lost => tally.given_up + tally.unfinished(),
        }
    }
}

/// To nine significant digits, which hides the last bits of a platform's logarithm.
#[must_use]
pub fn rounded(value: f64) -> f64 {
    format!("{value:.8e}").parse().unwrap_or(value)
}

/// `a / b`; `None` of nothing.
#[must_use]
#[expect(clippy::cast_precision_loss)]
pub fn ratio(a: u64, b: u64) -> Option<f64> {
    (b > 0).then(|| a as f64 / b as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Fate;

    /// Two requests of one call: one refused once and then served, one served at once.
    fn outcome() -> Outcome {
        let at = |s| Instant::ORIGIN + Span::from_secs(s);
        let mut outcome = Outcome::new(2, 1, 1, 2);
        outcome.jobs[0].tally.arrived = 1;
        outcome.counters(0, 0, at(0)).arrive();
        outcome.counters(0, 0, at(0)).refuse(1, true);
        outcome.counters(0, 0, at(4)).admit(Fate::Success, false);
        outcome.counters(0, 0, at(4)).end(Some(Span::from_secs(4)));
        outcome.counters(1, 0, at(4)).arrive();
        outcome.counters(1, 0, at(4)).admit(Fate::Success, true);
        outcome.counters(1, 0, at(5)).end(Some(Span::from_secs(1)));
        outcome.jobs[0].end(Some(Span::from_secs(5)));
        outcome
    }

    #[test]
    fn metrics_are_their_formulas() {
        let cells = [(0, Operation(0)), (0, Operation(1))];
        let value = |slice, metric| Counts::of(&outcome(), &cells, slice).value(metric);
        let whole = |metric| value(Slice::Whole, metric);
        assert_eq!(whole(Metric::ThrottleRate), Some(1.0 / 3.0));
        assert_eq!(whole(Metric::FirstTryThrottleRate), Some(0.5));
        assert_eq!(whole(Metric::Amplification), Some(1.5));
        assert_eq!(whole(Metric::Goodput), Some(0.4));
        assert_eq!(whole(Metric::Completion), Some(5.0));
        assert_eq!(whole(Metric::JobLatency(Statistic::Max)), Some(5.0));
        assert_eq!(value(Slice::Call(Operation(1)), Metric::ThrottleRate), Some(0.0));
        assert_eq!(value(Slice::Call(Operation(0)), Metric::Latency(Statistic::Max)), Some(4.0));
        assert_eq!(value(Slice::Account(0), Metric::ThrottleRate), Some(1.0 / 3.0));
        assert_eq!(value(Slice::Workload(1), Metric::ThrottleRate), None);
    }

    /// So many requests that took 1 ns, 2 ns, …, and more that never ended.
    fn counts(arrived: u64, completed: std::ops::RangeInclusive<u64>) -> Outcome {
        let mut outcome = Outcome::new(1, 1, 1, 0);
        let cell = &mut outcome.cells[0];
        cell.requests = Tally { arrived, completed: 0, given_up: 0 };
        for nanos in completed {
            cell.requests.completed += 1;
            cell.latency.record(Span::from_nanos(nanos));
        }
        outcome
    }

    /// By brute force: the first of all arrived, in order, that enough others do not exceed. Below
    /// 128 ns every bucket is exact.
    #[test]
    fn quantiles_have_the_rank_that_counting_gives() {
        let metric = |permille| Metric::Latency(Statistic::Quantile(permille));
        for arrived in 1..=40u64 {
            for completed in 0..=arrived {
                let single = counts(arrived, 1..=completed);
                let mut merged = counts(arrived / 2, 1..=completed / 2);
                merged.merge(&counts(arrived - arrived / 2, completed / 2 + 1..=completed));
                let cells = [(0, Operation(0))];
                let both = [single, merged].map(|of| Counts::of(&of, &cells, Slice::Whole));
                for permille in 0..=1000u16 {
                    let enough = |rank: &u64| rank * 1000 >= u64::from(permille) * arrived;
                    let rank = (1..=arrived).find(enough).expect("all are enough");
                    let right = (rank <= completed).then(|| Span::from_nanos(rank).as_secs_f64());
                    for counts in &both {
                        let found = counts.value(metric(permille));
                        assert_eq!(found, right, "{permille} of {completed} of {arrived}");
                    }
                }
            }
        }
    }
}
