//! What a reader must know before the results: data only, the report makes the sentences.

use crate::catalog::Offer;
use crate::units::{Instant, Rate, Span};

/// Something that a reader must know before the results.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// A whole API, or some of its operations, is deprecated or retired.
    Ends {
        /// The provider, as its catalogue names it.
        provider: String,
        /// The operations; empty for the whole API.
        calls: Vec<String>,
        /// Since or until when, and what replaces it.
        offer: Offer,
    },
    /// Work arrives in minutes of the hour that the provider advises against.
    AvoidedMinute {
        /// The provider, as its catalogue names it.
        provider: String,
        /// The workload, by index.
        workload: usize,
        /// The first arrival in such a minute.
        at: Instant,
        /// The minutes to keep off.
        avoid: Vec<u8>,
        /// The minutes that the provider recommends instead.
        instead: Vec<u8>,
    },
    /// Strategies have so many workers several times over.
    Workers {
        /// The strategies, by index.
        strategies: Vec<usize>,
        /// How many, and for how many each.
        crews: Crews,
    },
    /// A pace leaves a burst unused that the provider publishes, though work waits for it.
    UnusedBurst {
        /// The strategy, by index.
        strategy: usize,
        /// The call, and how many others share the pace or have one like it.
        call: (String, usize),
        /// How often it sends.
        rate: Rate,
        /// How many it sends at once, and how many the provider admits at once.
        burst: (u64, u64),
    },
    /// Settings that change nothing here, though they may be meant: for a sweep, or because the
    /// client or the provider is so.
    Idle {
        /// Their addresses, such as `strategy.paced.pace.shared`.
        keys: Vec<String>,
        /// Why nothing comes of them.
        why: Idle,
    },
    /// A recorded log is not what its settings say, or not as it may be expected.
    Log {
        /// The file, as the scenario names it.
        file: String,
        /// What was found.
        found: LogNote,
    },
}

/// Why a setting changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idle {
    /// There is only one strategy to rank.
    OneStrategy,
    /// There is only one account.
    OneAccount,
    /// There is only one process for each account.
    OneProcess,
    /// There is only one process in all.
    OneInAll,
    /// No strategy keeps anything for each process.
    NothingPerProcess,
    /// No limit of the strategy's calls sends `Retry-After`.
    NoRetryAfter,
    /// No limit of the strategy's calls sends a rate header.
    NoRateHeader,
    /// No limit of the strategy's calls tells what it acts on.
    NothingTold,
    /// No call of the strategy is answered with a status that it tries again.
    NoSuchStatus,
    /// All answers are there before a second attempt would be sent.
    AnsweredBefore,
    /// No limit of the strategy's calls answers with these codes.
    NoSuchCode(Vec<String>),
    /// No call of the strategy fails in another way than by throttling.
    OnlyThrottling,
    /// All retries are over before the last waits of a list.
    FewRetries,
    /// All workloads have the same priority.
    OnePriority,
    /// No strategy of the work lets requests wait for one another.
    NothingWaits,
    /// There are never so many requests of the step.
    FewRequests,
    /// Answers take no time that could grow.
    NoLatency,
    /// The account has no day before the run.
    NoHistory,
    /// The account is past its initial period.
    PastInitialPeriod,
    /// All days of the run are over before.
    AfterTheEnd,
    /// No clock tells when the limit admits again.
    NoClock,
    /// The limit admits nothing until its next window or tick anyway, and no other limit refuses
    /// its calls.
    CountedAlone,
}

/// Workers of a strategy, and for how many each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Crews {
    /// Workers of one crew.
    pub workers: u64,
    /// Callers (accounts, times applications and regions) that have crews of their own.
    pub callers: u64,
    /// Processes of each of them that have crews of their own.
    pub processes: u64,
}

impl Crews {
    /// All workers together.
    #[must_use]
    pub const fn all(self) -> u64 {
        self.workers.saturating_mul(self.callers).saturating_mul(self.processes)
    }
}

/// What was found in a recorded log.
#[derive(Debug, Clone, PartialEq)]
pub enum LogNote {
    /// More than 1 % of its rows stood after one of a later time.
    OutOfOrder {
        /// How many.
        moved: u64,
        /// Of how many.
        rows: u64,
        /// How far rows may be out of order: they are sorted.
        within: Span,
    },
    /// Rows whose status is not a number from 100 to 599: whether they were refused is not known.
    StrangeStatuses {
        /// How many.
        rows: u64,
        /// The first such status.
        first: String,
    },
    /// Patterns of `calls` by which no row is matched.
    IdlePatterns(Vec<String>),
    /// No row tells how it was answered, but this column may: what was refused counts as work.
    UnreadStatus(String),
    /// Refused rows are kept, but there is none.
    NothingRefused,
    /// It is to begin again when it is over, but arrivals stop before.
    NeverLoops,
}
