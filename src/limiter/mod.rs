//! The provider's limits, one algorithm a file, all with the same contract in two phases.
//!
//! ```text
//!   check(&self, now) ──► Admit ──► charge(&mut self, now) ──► … ──► settle(&mut self, …, outcome)
//!                    └──► Refuse(reason, retry_at): nothing has changed
//!   refused(&mut self, now, status): for limits that count refusals
//! ```
//!
//! `check` changes nothing, so a [`Gate`] asks every limit in scope before it charges any, and
//! nothing is ever rolled back. Laws that the tests hold for every limiter:
//!
//! - a refusal is free: asking any number of times changes no later answer. A refusal that is sent
//!   changes nothing but limits that punish or count refusals: those that count refused requests
//!   ([`Limit::charge_refused`]), lockouts, which count responses by status, whoever refused
//!   ([`Limit::refused`]), and those that shut after their own refusals ([`Limit::ran_out`]). That
//!   all of a limit was in use is noted ([`Usage`]), which changes no answer;
//! - `retry_at` is exact: refused at every instant before it, admitted at it, if nobody else is
//!   charged meanwhile; `None` says that no clock can tell (another call must end first);
//! - limiters schedule nothing and draw no random number; time never runs backwards for them.

mod any;
mod begins;
mod concurrency;
mod credits;
mod facts;
mod fixed_window;
mod gate;
#[cfg(test)]
mod laws;
mod leaky_queue;
mod lockout;
mod metered;
mod quota;
mod revenue;
mod sliding_counter;
mod sliding_log;
mod terms;
mod token_bucket;
mod usage;

pub use any::{Change, CoolDown, Dynamic};
pub use begins::Begins;
pub use concurrency::Concurrency;
pub use fixed_window::FixedWindow;
pub use gate::{Charge, Correction, Decision, Gate, Population, Rule, Scope};
pub use leaky_queue::LeakyQueue;
pub use lockout::{Lockout, LockoutRule, LockoutWindow};
pub use metered::{Metered, MeteredRule};
pub use quota::Quota;
pub use revenue::{Beyond, DailyQuota, Earned, Income, Phase, Revenue, RevenueRule};
pub use sliding_counter::{Room, SlidingCounter};
pub use sliding_log::SlidingLog;
pub use terms::Terms;
pub use token_bucket::{Refill, TokenBucket};
pub use usage::Usage;

pub(crate) use any::each;

use crate::units::{Instant, Money, Rate, Span};
use crate::wire::Status;
use any::declare;
use facts::Facts;

/// The table of limiters, for the macro `then`: the name of each in [`Limiter`], and its type.
macro_rules! limiters {
    ($then:ident! $with:tt) => {
        $then! { $with
            /// Tokens come back at a rate, up to a burst.
            TokenBucket(TokenBucket),
            /// Requests at once, restored one by one.
            Quota(Quota),
            /// A queue that is served at a rate.
            LeakyQueue(LeakyQueue),
            /// A number of requests in each window of the clock, or of a calendar.
            FixedWindow(FixedWindow),
            /// A number of requests in any window, by a log.
            SlidingLog(SlidingLog),
            /// A number of requests in any window, estimated from two counters.
            SlidingCounter(SlidingCounter),
            /// A number of requests at the same time.
            Concurrency(Concurrency),
            /// A limit of units instead of requests.
            Metered(Box<Metered>),
            /// Nothing after too many failures.
            Lockout(Box<Lockout>),
            /// What revenue earns.
            Revenue(Box<Revenue>),
            /// A limit whose figures change.
            Dynamic(Box<Dynamic>),
            /// A limit that admits nothing for a while after a refusal.
            CoolDown(Box<CoolDown>),
        }
    };
}

pub(crate) use limiters;

limiters!(declare!());

/// What a limiter says to one more request now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be charged.
    Admit,
    /// It must not be.
    Refuse(Refusal),
}

/// A no, with its reason and the instant from which it would be a yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Which part of the limit said no.
    pub reason: Reason,
    /// The first instant at which `check` would admit, if nobody is charged meanwhile.
    /// `None`: no clock can tell.
    pub retry_at: Option<Instant>,
}

impl Refusal {
    /// A refusal by a limiter of one rule, which admits again at `at`.
    #[must_use]
    pub const fn until(at: Instant) -> Self {
        Self { reason: Reason::Limit, retry_at: Some(at) }
    }
}

/// Which part of a limit refused, or is looked at. Most limits have one part only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The limit itself.
    Limit,
    /// The requests of a second are spent.
    PerSecond,
    /// The requests of a day are spent.
    PerDay,
    /// The account is too new to be served.
    NotActive,
    /// The account has lost its access.
    AccessLost,
}

impl Reason {
    /// How many there are.
    pub const COUNT: usize = Self::AccessLost as usize + 1;

    /// True of a part that admits so many requests, and refuses because they are in use.
    #[must_use]
    pub const fn is_used_up(self) -> bool {
        matches!(self, Self::Limit | Self::PerSecond | Self::PerDay)
    }
}

/// How an admitted request ended, as far as a limit cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// The status of the response.
    pub status: Status,
    /// The revenue that the call earned, which may raise a quota once it has shipped.
    pub earned: Money,
}

/// The contract of every limiter. See the module's laws.
pub trait Limit {
    /// Would one more request be admitted at `now`?
    fn check(&self, now: Instant) -> Verdict;

    /// Takes what `check` admitted at the same `now`, and tells how long the provider holds the
    /// request back before it serves it (zero for all but a queueing limiter).
    fn charge(&mut self, now: Instant) -> Span;

    /// Would a request that takes so many units be admitted at `now`? A limit that counts requests
    /// asks for one.
    fn check_units(&self, now: Instant, _units: u64) -> Verdict {
        self.check(now)
    }

    /// Takes what `check_units` admitted.
    fn charge_units(&mut self, now: Instant, _units: u64) -> Span {
        self.charge(now)
    }

    /// Learns at `now` that a request has used other units than it was charged: gives some back, or
    /// takes more.
    fn correct(&mut self, _now: Instant, _back: u64, _more: u64) {}

    /// Charges one more request if it is admitted: both phases at once, for a limit on its own.
    /// The instant of a refusal is left to [`Limit::check`], for hardly any provider tells it.
    #[inline]
    fn admit(&mut self, now: Instant) -> Result<Span, Reason> {
        match self.check(now) {
            Verdict::Admit => Ok(self.charge(now)),
            Verdict::Refuse(refusal) => {
                self.ran_out(now, refusal.reason);
                Err(refusal.reason)
            }
        }
    }

    /// Learns at `now` how a request that was charged earlier has ended.
    fn settle(&mut self, _now: Instant, _outcome: Outcome) {}

    /// Lets time pass until `now`, for limits that keep a calendar. It changes no answer, and saves
    /// `check` from working the calendar out again.
    fn roll(&mut self, _now: Instant) {}

    /// Learns at `now` that another limit, or the service itself, has refused a request in this
    /// limit's scope with this status.
    fn refused(&mut self, _now: Instant, _status: Status) {}

    /// Takes the price of a refused request, for providers that count those too.
    fn charge_refused(&mut self, _now: Instant) {}

    /// The rate that the provider publishes for this limit, if it has one.
    fn published(&self) -> Option<Rate>;

    /// Requests that would be admitted at once at `now`, if the limit counts any.
    fn level(&self, now: Instant) -> Option<u64>;

    /// Learns that this part of it has refused at `now`, and so has nothing left. It changes no
    /// answer but of limits that shut for a while, or longer, after a refusal of their own.
    fn ran_out(&mut self, now: Instant, part: Reason);

    /// The largest share of this part of it that was in use so far; `None` if nothing was charged.
    fn usage(&self, part: Reason) -> Option<Usage>;

    /// Forgets which share was in use so far.
    fn forget_usage(&mut self);
}
