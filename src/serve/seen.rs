//! What was seen so far: counts by operation, and whether what the scenario expects holds.
//!
//! A server sees calls, not the work behind them: metrics of requests, jobs and waiting are not
//! judged, nor what is expected of a strategy or a workload by name.

use super::books::Manners;
use super::opened::Opened;
use super::state::State;
use crate::metrics::Outcome;
use crate::metrics::figures::{Metric, Slice};
use crate::scenario::Expectation;
use crate::study::{Finding, Judgement, Verdict, judge_calls};
use crate::units::Instant;
use std::io;
use std::sync::Arc;

/// What was seen up to some time.
#[derive(Debug)]
pub struct Seen {
    /// The scenario.
    pub opened: &'static Opened,
    /// Until when.
    pub until: Instant,
    /// What was counted: each call as a request of its own.
    pub outcome: Outcome,
    /// How clients behave.
    pub manners: Manners,
    /// Why the log lacks calls, if it does.
    pub unlogged: Option<Arc<io::Error>>,
    /// For each expectation, what is said of it.
    judged: Vec<Judged>,
}

/// What is said of an expectation.
#[derive(Debug, Clone, PartialEq)]
pub enum Judged {
    /// It was judged.
    Found(Finding),
    /// It is about a strategy, which a real client is not.
    OfAStrategy,
    /// It is about a workload: no call tells which one it is of.
    OfAWorkload,
    /// Its metric is of more than calls.
    OfMore,
}

/// What was counted of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// The operation.
    pub call: &'a str,
    /// The operation, by index.
    pub operation: usize,
    /// Its calls.
    pub calls: u64,
    /// Those admitted, bad requests included.
    pub admitted: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those refused, by cause.
    pub refused: Vec<u64>,
}

impl Seen {
    /// All that a stand-in has seen by now.
    pub(super) fn of(state: &State) -> Self {
        let mut books = state.books();
        let until = state.clock.now();
        books.counter.pass(until);
        books.journal.flush();
        let mut outcome = books.outcome.clone();
        outcome.peaks = books.counter.peaks();
        let (manners, unlogged) = (books.manners, books.journal.failed.clone());
        drop(books);
        let scenario = &state.opened.scenario;
        let asked: Vec<bool> =
            scenario.expectations.iter().map(|of| refused(of).is_none()).collect();
        let mut findings = judge_calls(scenario, &outcome, &asked).into_iter();
        let judge = |expectation: &Expectation| match refused(expectation) {
            Some(refused) => refused,
            None => findings.next().map_or(Judged::OfMore, Judged::Found),
        };
        let judged = scenario.expectations.iter().map(judge).collect();
        Self { opened: state.opened, until, outcome, manners, unlogged, judged }
    }

    /// Every expectation, and what is said of it.
    pub fn verdicts(&self) -> impl Iterator<Item = (&Expectation, &Judged)> {
        self.opened.scenario.expectations.iter().zip(&self.judged)
    }

    /// True if no expectation that was judged has failed.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.judged.iter().all(|judged| judged.verdict() != Some(Verdict::Failed))
    }

    /// What was counted of each operation that was called.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        let scenario = &self.opened.scenario;
        let mut rows: Vec<Row<'_>> = Vec::new();
        for ((_, operation), cell) in scenario.plan.cell_names().iter().zip(&self.outcome.cells) {
            let attempts = &cell.attempts;
            if attempts.sent() == 0 {
                continue;
            }
            let number = usize::from(operation.0);
            rows.push(Row {
                call: &scenario.names.calls[number],
                operation: number,
                calls: attempts.sent(),
                admitted: attempts.admitted,
                failed: attempts.failed,
                refused: attempts.throttled.clone(),
            });
        }
        rows
    }
}

impl Judged {
    /// Its verdict, if it was judged.
    #[must_use]
    pub const fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::Found(finding) => Some(finding.verdict),
            _ => None,
        }
    }

    /// In a word, for programs.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self.verdict() {
            Some(Verdict::Met) => "met",
            Some(Verdict::Inconclusive) => "inconclusive",
            Some(Verdict::Failed) => "failed",
            None => "not_judged",
        }
    }

    /// The value that was found.
    #[must_use]
    pub const fn value(&self) -> Option<f64> {
        match self {
            Self::Found(Finding { judgement: Judgement::Value(estimate), .. }) => {
                Some(estimate.mean)
            }
            _ => None,
        }
    }

    /// Why it was not judged.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Found(_) => None,
            Self::OfAStrategy => Some("it is about a strategy of the scenario"),
            Self::OfAWorkload => Some("a call does not tell its workload"),
            Self::OfMore => Some("an endpoint sees calls, not requests or jobs"),
        }
    }
}

/// Why an expectation cannot be judged by calls alone.
const fn refused(expectation: &Expectation) -> Option<Judged> {
    if expectation.strategy.is_some() {
        return Some(Judged::OfAStrategy);
    }
    if matches!(expectation.slice, Slice::Workload(_) | Slice::CallOf(..)) {
        return Some(Judged::OfAWorkload);
    }
    let of_calls = matches!(
        expectation.metric,
        Metric::Attempts(_) | Metric::ThrottleRate | Metric::CallsPerSuccess | Metric::LimitUse
    );
    if of_calls { None } else { Some(Judged::OfMore) }
}
