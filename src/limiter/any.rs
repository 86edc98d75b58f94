//! Any limiter, as plain data: the algorithm is chosen once and matched on, not boxed.

use super::{
    Concurrency, Dynamic, FixedWindow, LeakyQueue, Limit, Lockout, Outcome, Quota, Reason, Revenue,
    SlidingCounter, SlidingLog, TokenBucket, Usage, Verdict,
};
use crate::units::{Instant, Rate, Span};
use crate::wire::Status;

/// Any limiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limiter {
    /// Tokens come back at a rate, up to a burst.
    TokenBucket(TokenBucket),
    /// Requests at once, restored one by one.
    Quota(Quota),
    /// A queue that is served at a rate.
    LeakyQueue(LeakyQueue),
    /// So many in each window of the clock.
    FixedWindow(FixedWindow),
    /// So many in any window, by a log.
    SlidingLog(SlidingLog),
    /// So many in any window, estimated from two counters.
    SlidingCounter(SlidingCounter),
    /// So many at the same time.
    Concurrency(Concurrency),
    /// Nobody after too many failures.
    Lockout(Box<Lockout>),
    /// What revenue earns.
    Revenue(Box<Revenue>),
    /// One whose figures change.
    Dynamic(Box<Dynamic>),
}

impl Limiter {
    /// True if it learns how requests end.
    pub(super) const fn learns(&self) -> bool {
        match self {
            Self::Concurrency(_) | Self::Lockout(_) | Self::Revenue(_) => true,
            Self::Dynamic(dynamic) => dynamic.learns(),
            _ => false,
        }
    }
}

macro_rules! each {
    ($self:ident, $limit:ident => $call:expr) => {
        match $self {
            Self::TokenBucket($limit) => $call,
            Self::Quota($limit) => $call,
            Self::LeakyQueue($limit) => $call,
            Self::FixedWindow($limit) => $call,
            Self::SlidingLog($limit) => $call,
            Self::SlidingCounter($limit) => $call,
            Self::Concurrency($limit) => $call,
            Self::Lockout($limit) => $call,
            Self::Revenue($limit) => $call,
            Self::Dynamic($limit) => $call,
        }
    };
}

impl Limit for Limiter {
    #[inline]
    fn check(&self, now: Instant) -> Verdict {
        each!(self, limit => limit.check(now))
    }

    #[inline]
    fn charge(&mut self, now: Instant) -> Span {
        each!(self, limit => limit.charge(now))
    }

    #[inline(always)]
    fn admit(&mut self, now: Instant) -> Result<Span, Reason> {
        each!(self, limit => limit.admit(now))
    }

    #[inline]
    fn settle(&mut self, now: Instant, outcome: Outcome) {
        each!(self, limit => limit.settle(now, outcome));
    }

    fn roll(&mut self, now: Instant) {
        each!(self, limit => limit.roll(now));
    }

    fn refused(&mut self, now: Instant, status: Status) {
        each!(self, limit => limit.refused(now, status));
    }

    fn charge_refused(&mut self, now: Instant) {
        each!(self, limit => limit.charge_refused(now));
    }

    fn published(&self) -> Option<Rate> {
        each!(self, limit => limit.published())
    }

    fn level(&self, now: Instant) -> Option<u64> {
        each!(self, limit => limit.level(now))
    }

    fn ran_out(&mut self, now: Instant, part: Reason) {
        each!(self, limit => limit.ran_out(now, part));
    }

    fn usage(&self, part: Reason) -> Option<Usage> {
        each!(self, limit => limit.usage(part))
    }

    fn forget_usage(&mut self) {
        each!(self, limit => limit.forget_usage());
    }
}
