//! Any limiter, as plain data: the algorithm is chosen once and matched on, not boxed.

mod cool_down;
mod dynamic;
mod told;

pub use cool_down::CoolDown;
pub use dynamic::{Change, Dynamic};

use super::{
    Facts, Limit, Limiter, Metered, MeteredRule, Outcome, Reason, Refill, Terms, Usage, Verdict,
};
use crate::units::{Instant, Rate, Span};
use crate::wire::Status;

/// Makes the enums of the table of limiters: that of all, and that of their names.
macro_rules! declare {
    (() $($(#[$doc:meta])* $name:ident($type:ty),)*) => {
        /// Any limiter.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Limiter {
            $($(#[$doc])* $name($type),)*
        }

        /// Which limiter it is.
        #[cfg(test)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Which {
            $($name,)*
        }

        #[cfg(test)]
        impl Which {
            /// Every limiter there is.
            const ALL: &[Self] = &[$(Self::$name),*];

            const fn of(limiter: &Limiter) -> Self {
                match limiter {
                    $(Limiter::$name(_) => Self::$name,)*
                }
            }
        }
    };
}

/// Calls a method of the limiter, whichever it is: `each!(limiter, limit => limit.level(now))`.
macro_rules! each {
    (($of:expr, $limit:ident => $call:expr) $($(#[$doc:meta])* $name:ident($type:ty),)*) => {
        match $of {
            $($crate::limiter::Limiter::$name($limit) => $call,)*
        }
    };
    ($of:expr, $limit:ident => $call:expr) => {
        $crate::limiter::limiters!(each! ($of, $limit => $call))
    };
}

pub(super) use declare;
pub(crate) use each;

impl Limiter {
    /// True if it learns how requests end.
    #[must_use]
    pub fn learns(&self) -> bool {
        each!(self, limit => limit.learns())
    }

    /// True if it matters when the run begins: its windows or days are those of the clock.
    #[must_use]
    pub fn follows_clock(&self) -> bool {
        each!(self, limit => limit.follows_clock())
    }

    /// The rule itself, without what changes its figures or shuts it after a refusal.
    #[must_use]
    pub const fn rule(&self) -> &Self {
        match self {
            Self::Dynamic(dynamic) => dynamic.limit().rule(),
            Self::CoolDown(cooling) => cooling.limit().rule(),
            rule => rule,
        }
    }

    /// True of a rule whose tokens come back one by one: what it admits at once is its burst.
    #[must_use]
    pub fn is_bucket(&self) -> bool {
        each!(self, limit => limit.is_bucket())
    }

    /// The unit that it counts, by index; `None`: it counts requests.
    #[must_use]
    pub fn unit(&self) -> Option<u16> {
        match self.rule() {
            Self::Metered(metered) => Some(metered.unit()),
            _ => None,
        }
    }

    /// True if what is given back to it stays with it: of all but windows.
    #[must_use]
    pub fn holds_back(&self) -> bool {
        match self.rule() {
            Self::Metered(metered) => matches!(metered.rule(), MeteredRule::Bucket(_)),
            _ => false,
        }
    }

    /// The same, but it counts a unit instead of requests; `None` of a rule that cannot.
    #[must_use]
    pub fn counting(self, unit: u16) -> Option<Self> {
        let rule = match self {
            Self::TokenBucket(bucket) if bucket.refill() == Refill::Continuous => {
                MeteredRule::Bucket(bucket)
            }
            Self::FixedWindow(window) => MeteredRule::Window(window),
            _ => return None,
        };
        Some(Self::Metered(Box::new(Metered::new(rule, unit))))
    }

    /// The part of it that one of so many nodes holds; all of what cannot be split.
    #[must_use]
    pub fn split(self, nodes: u32) -> Self {
        match self {
            whole if nodes <= 1 => whole,
            Self::Dynamic(dynamic) => Self::Dynamic(Box::new(dynamic.split(nodes))),
            Self::CoolDown(cooling) => {
                cooling.limit().clone().split(nodes).cooling(cooling.lasts())
            }
            rule => match rule.terms() {
                Some(terms) => rule.allowing(terms.part_of(nodes)),
                None => rule,
            },
        }
    }

    /// The same, which admits nothing for so long after each refusal.
    #[must_use]
    pub fn cooling(self, lasts: Span) -> Self {
        Self::CoolDown(Box::new(CoolDown::new(self, lasts)))
    }
}

impl Limiter {
    /// What it allows now, if that can change.
    #[must_use]
    pub fn terms(&self) -> Option<Terms> {
        each!(self, limit => limit.terms())
    }

    /// The same with other terms from the origin on, as far as they are of its kind.
    #[must_use]
    pub fn allowing(mut self, terms: Terms) -> Self {
        self.change(Instant::ORIGIN, terms);
        self
    }

    /// From `now` on it allows something else; terms of another kind change nothing.
    fn change(&mut self, now: Instant, terms: Terms) {
        each!(self, limit => limit.change(now, terms));
    }

    /// Remembers as much as it needs if it is to allow so many later on.
    fn remember(&mut self, terms: Terms) {
        each!(self, limit => limit.remember(terms));
    }

    /// The rate that a provider publishes for such terms of this limit, if it has one.
    fn published_for(&self, terms: Terms) -> Option<Rate> {
        match terms {
            Terms::Rate { rate, .. } => Some(rate),
            Terms::Number(_) => {
                let mut other = self.clone();
                other.change(Instant::ORIGIN, terms);
                other.published()
            }
        }
    }
}

impl Limiter {
    #[inline(never)]
    fn admit_rarer(&mut self, now: Instant) -> Result<Span, Reason> {
        each!(self, limit => limit.admit(now))
    }
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

    /// The most usual one first.
    #[inline(always)]
    fn admit(&mut self, now: Instant) -> Result<Span, Reason> {
        match self {
            Self::TokenBucket(bucket) => bucket.admit(now),
            other => other.admit_rarer(now),
        }
    }

    #[inline]
    fn settle(&mut self, now: Instant, outcome: Outcome) {
        each!(self, limit => limit.settle(now, outcome));
    }

    fn check_units(&self, now: Instant, units: u64) -> Verdict {
        each!(self, limit => limit.check_units(now, units))
    }

    fn charge_units(&mut self, now: Instant, units: u64) -> Span {
        each!(self, limit => limit.charge_units(now, units))
    }

    fn correct(&mut self, now: Instant, back: u64, more: u64) {
        each!(self, limit => limit.correct(now, back, more));
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
