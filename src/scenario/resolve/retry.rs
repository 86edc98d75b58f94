//! `retry`: whether and when a client tries again, checked for contradictions.

use super::Resolver;
use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::scenario::raw::{
    DeadlineTable, DeadlineText, RawBackoff, RawBeyond, RawCounter, RawDeadlineFrom,
    RawExponential, RawExtra, RawJitter, RawLastWait, RawRetry, RawStrategy,
};
use crate::scenario::text::{Limitable, value};
use crate::simulation::Service;
use crate::strategy::{
    Backoff, Beyond, Counted, Deadline, DeadlineFrom, Exponential, Extra, Jitter, LastWait,
    NextWindow, Retry, RetryAfter,
};
use crate::units::{Share, Span};
use crate::wire::{Code, Status};
use std::ops::Range;

/// Attempts where a retry says no number.
const ATTEMPTS: u32 = 5;

/// The least wait between endless attempts.
pub(super) const SHORTEST: Span = Span::from_nanos(1_000_000);

impl Resolver<'_> {
    pub(super) fn retry(&mut self, raw: &RawStrategy, services: &[Service]) -> Retry {
        let Some(spanned) = &raw.retry else { return Retry::never() };
        let retry = spanned.get_ref();
        let attempts = match value(retry.attempts.as_ref()) {
            Some(Limitable::Number(number)) => Some(number),
            Some(Limitable::Unlimited) => None,
            None => Some(ATTEMPTS),
        };
        let backoff = match &retry.backoff {
            Some(backoff) => self.backoff(&backoff.get_ref().0, backoff.span(), raw),
            None => Backoff::None,
        };
        let deadline = self.deadline(retry, attempts, raw.preset.is_some());
        let called = self.calls.iter().filter_map(|call| services.get(usize::from(call.service)));
        let instant =
            called.into_iter().any(|service| service.round_trip.mean() < SHORTEST.as_secs_f64());
        if attempts.is_none() && never_waits(&backoff) && instant {
            let message = "endless attempts with hardly any wait would never let time pass";
            let help = "add a back-off of 1 ms or more, bound `attempts`, or give [service] a \
                        `round_trip`";
            self.contradiction(spanned.span(), message, help);
        }
        if attempts == Some(1) && retry.backoff.is_some() && raw.preset.is_none() {
            let place = retry.backoff.as_ref().map_or(spanned.span(), Spanned::span);
            let message = "a back-off that is never used: `attempts = 1` never retries";
            self.no_effect(place, message, "the first attempt counts: write 2 or more");
        }
        let honour = value(retry.honour_retry_after.as_ref());
        if let (Some(_), Some(false), Some(place)) =
            (&retry.retry_after_within, honour, &retry.honour_retry_after)
        {
            let message = "a bound to a `Retry-After` that is not honoured";
            self.no_effect(place.span(), message, "leave one of them out");
        }
        let retry_after = match (value(retry.retry_after_within.as_ref()), honour) {
            (Some(Quantity(more)), None | Some(true)) => RetryAfter::Within(more),
            (None, Some(true)) => RetryAfter::Least,
            (_, Some(false)) | (None, None) => RetryAfter::Ignored,
        };
        Retry {
            attempts,
            counted: match value(retry.counter.as_ref()) {
                None | Some(RawCounter::Request) => Counted::Request,
                Some(RawCounter::Process) => Counted::Process,
                Some(RawCounter::Accounts) => Counted::Accounts,
            },
            deadline,
            statuses: self.statuses(retry),
            codes: self.codes(retry),
            refusals: value(retry.refusals.as_ref()).unwrap_or(true),
            backoff,
            retry_after,
            retry_after_at_most: self.retry_after_at_most(retry, retry_after),
            beyond: self.beyond(retry),
        }
    }

    /// The longest `Retry-After` that counts.
    fn retry_after_at_most(&mut self, retry: &RawRetry, of: RetryAfter) -> Span {
        let Some(raw) = &retry.retry_after_at_most else { return Span::LONGEST };
        if of == RetryAfter::Ignored {
            let message = "`retry_after_at_most` has no effect: `Retry-After` is ignored";
            let help = "add `honour_retry_after = true` or `retry_after_within = \"0s\"`";
            self.no_effect(raw.span(), message, help);
        }
        raw.get_ref().0
    }

    /// What a longer `Retry-After` does.
    fn beyond(&mut self, retry: &RawRetry) -> Beyond {
        let Some(raw) = &retry.retry_after_beyond else { return Beyond::Counts };
        if retry.retry_after_at_most.is_none() {
            let message = "`retry_after_beyond` has no effect: any `Retry-After` is waited for";
            self.no_effect(raw.span(), message, "add `retry_after_at_most = \"1m\"`");
        }
        match raw.get_ref() {
            RawBeyond::Cap => Beyond::Counts,
            RawBeyond::Ignore => Beyond::Ignored,
            RawBeyond::GiveUp => Beyond::GivesUp,
        }
    }

    fn deadline(
        &mut self,
        retry: &RawRetry,
        attempts: Option<u32>,
        is_preset: bool,
    ) -> Option<Deadline> {
        let raw = retry.deadline.as_ref()?;
        let DeadlineText(DeadlineTable { after: Quantity(after), from, last_wait }) =
            *raw.get_ref();
        if after.is_zero() {
            self.out_of_range(raw.span(), "a deadline must be above 0", "write \"1s\" or more");
        }
        let deadline = Deadline {
            after,
            from: match from {
                Some(RawDeadlineFrom::Arrival) => DeadlineFrom::Arrival,
                Some(RawDeadlineFrom::FirstAttempt) | None => DeadlineFrom::FirstAttempt,
            },
            last_wait: match last_wait {
                Some(RawLastWait::Skip) | None => LastWait::Skip,
                Some(RawLastWait::Shorten) => LastWait::Shorten,
                Some(RawLastWait::Full) => LastWait::Full,
            },
        };
        let waits_in_line =
            deadline.from == DeadlineFrom::Arrival && deadline.last_wait != LastWait::Full;
        if attempts == Some(1) && !waits_in_line && !is_preset {
            let message = "`deadline` has no effect: `attempts = 1` never retries";
            let help =
                "write 2 attempts or more, or deadline = { after = \"2m\", from = \"arrival\" }";
            self.no_effect(raw.span(), message, help);
        }
        Some(deadline)
    }

    fn statuses(&mut self, retry: &RawRetry) -> Vec<Status> {
        let Some(list) = &retry.statuses else {
            return vec![
                Status::TOO_MANY_REQUESTS,
                Status::INTERNAL_ERROR,
                Status(502),
                Status::UNAVAILABLE,
                Status(504),
            ];
        };
        if let Some(wrong) = list.get_ref().iter().find(|code| !(400..=599).contains(*code)) {
            let message = format!("{wrong} is no status of a failure");
            self.out_of_range(list.span(), message, "write statuses from 400 to 599");
        }
        list.get_ref().iter().map(|code| Status(*code)).collect()
    }

    /// The codes of a list that a provider of this scenario may send; the others never come.
    fn codes(&mut self, retry: &RawRetry) -> Vec<Code> {
        let listed = retry.codes.iter().flat_map(Spanned::get_ref);
        listed.filter_map(|code| self.known_code(code)).collect()
    }

    pub(super) fn known_code(&self, name: &str) -> Option<Code> {
        self.indices.codes.get(name).copied().map(Code)
    }

    fn backoff(
        &mut self,
        raw: &RawBackoff,
        place: Range<usize>,
        strategy: &RawStrategy,
    ) -> Backoff {
        let cap = |cap: Option<Quantity<Span>>| cap.map_or(Span::LONGEST, |Quantity(cap)| cap);
        match raw {
            RawBackoff::None => Backoff::None,
            RawBackoff::Fixed(Quantity(span)) => Backoff::Fixed(*span),
            RawBackoff::Delays(delays) => {
                if delays.is_empty() {
                    let help = "write one wait for each retry, or backoff = \"none\"";
                    self.incomplete(place, "a list of no waits", help);
                }
                Backoff::Delays(delays.iter().map(|Quantity(span)| *span).collect())
            }
            RawBackoff::Memoryless(Quantity(mean)) => Backoff::Memoryless(*mean),
            RawBackoff::Linear(linear) => {
                let (step, cap) = (linear.step.0, cap(linear.cap));
                self.check_first_wait(("step", step), cap, place);
                Backoff::Linear { step, cap }
            }
            RawBackoff::Polly(polly) => {
                let (base, cap) = (polly.base.0, cap(polly.cap));
                self.check_first_wait(("base", base), cap, place);
                Backoff::Polly { base, cap }
            }
            RawBackoff::Window(window) => {
                self.check_restore_wait(place.clone());
                Backoff::Window(self.width(window.width, place, strategy))
            }
            RawBackoff::NextWindow(next) => {
                let (every, spread) = (next.every.0, next.spread.map(|Quantity(span)| span));
                if every.is_zero() {
                    self.out_of_range(
                        place,
                        "`every` must be above 0",
                        "write \"1m\", for example",
                    );
                }
                let offset = self.calendar.offset(every, Span::ZERO);
                let spread = spread.unwrap_or(Span::ZERO);
                Backoff::NextWindow(NextWindow { every, offset, spread })
            }
            RawBackoff::RestoreWait(extra) => {
                match extra.unknown {
                    None => self.check_restore_wait(place),
                    Some(_) if self.calls.iter().all(|call| call.published.is_some()) => {
                        let message = "`unknown` has no effect: every call has a published rate";
                        self.no_effect(place, message, "leave `unknown` out");
                    }
                    Some(_) => {}
                }
                Backoff::RestoreWait(extra_wait(*extra))
            }
            RawBackoff::HeaderWait(extra) => {
                if extra.unknown.is_none() {
                    self.check_restore_wait(place);
                }
                Backoff::HeaderWait(extra_wait(*extra))
            }
            RawBackoff::Exponential(exponential) => {
                self.exponential(exponential, place, cap(exponential.cap))
            }
        }
    }

    /// The first wait is above 0 and not above the longest.
    fn check_first_wait(&mut self, (key, first): (&str, Span), cap: Span, place: Range<usize>) {
        if first.is_zero() || first > cap {
            let message = match cap < Span::LONGEST {
                true => format!("a back-off from {first} up to {cap}"),
                false => format!("a back-off from {first}"),
            };
            let help = format!("the {key} is above 0 and not above the cap");
            self.out_of_range(place, message, &help);
        }
    }

    fn exponential(&mut self, raw: &RawExponential, place: Range<usize>, cap: Span) -> Backoff {
        let base = raw.base.0;
        self.check_first_wait(("base", base), cap, place.clone());
        if let Some(Quantity(other)) = raw.base_other {
            self.check_first_wait(("base_other", other), cap, place.clone());
        }
        if let (Some(_), Some(RawJitter::Decorrelated)) = (raw.factor, raw.jitter) {
            let message = "`factor` has no effect: a decorrelated wait goes by the one before";
            self.no_effect(
                place.clone(),
                message,
                "leave `factor` out, or choose another `jitter`",
            );
        }
        if raw.factor.is_some() && base == cap {
            let message = "`factor` has no effect: the first wait is the longest";
            self.no_effect(place.clone(), message, "raise `cap`, or leave `factor` out");
        }
        let factor = raw.factor.unwrap_or(2.0);
        if !(1.0..=100.0).contains(&factor) {
            let message = format!("a back-off that grows by {factor}");
            self.out_of_range(place.clone(), message, "write a factor from 1 to 100");
        }
        let jitter = match raw.jitter {
            None | Some(RawJitter::None) => Jitter::None,
            Some(RawJitter::Full) => Jitter::Full,
            Some(RawJitter::Equal) => Jitter::Equal,
            Some(RawJitter::Decorrelated) => Jitter::Decorrelated,
            Some(RawJitter::Spread([low, high])) => {
                if low.0 > high.0 {
                    let message = format!("a spread from {} to {}", low.0, high.0);
                    self.out_of_range(place.clone(), message, "the lower share stands first");
                }
                Jitter::Spread(low.0, high.0)
            }
            Some(RawJitter::Plus(Quantity(most))) => {
                if most.is_zero() {
                    let help = "write jitter.plus = \"1s\", or leave `jitter` out";
                    self.out_of_range(place.clone(), "a jitter of no time", help);
                }
                Jitter::Plus(most)
            }
            Some(RawJitter::WholeSeconds) => Jitter::WholeSeconds,
        };
        if raw.jitter.is_some_and(|jitter| matches!(jitter, RawJitter::WholeSeconds))
            && (base < Span::SECOND || raw.base_other.is_some_and(|of| of.0 < Span::SECOND))
        {
            let message = "`jitter = \"whole_seconds\"` makes no wait of less than a second";
            self.out_of_range(place.clone(), message, "write a base of \"1s\" or more");
        }
        let base_other = raw.base_other.map(|Quantity(base)| base);
        let factor = Share::from_fraction(factor);
        Backoff::Exponential(Exponential { base, base_other, cap, factor, jitter })
    }

    /// How many calls a windowed back-off spreads: as many as are made at once, if none is given.
    fn width(&mut self, width: Option<u32>, place: Range<usize>, strategy: &RawStrategy) -> u32 {
        let processes = value(self.raw.clients.processes.as_ref()).unwrap_or(1);
        let processes = u32::try_from(processes).unwrap_or(1).max(1);
        let workers = match value(strategy.workers.as_ref()).map(|crew| crew.count) {
            Some(Limitable::Number(workers)) => Some(workers),
            Some(Limitable::Unlimited) | None => None,
        };
        match width.or(workers.map(|workers| workers.saturating_mul(processes))) {
            Some(0) => {
                self.out_of_range(place, "a window of no calls", "write a width of 1 or more");
                1
            }
            Some(width) => width,
            None => {
                let message = "a window over how many calls? workers are unlimited";
                self.contradiction(
                    place,
                    message,
                    "write backoff.window.width = 16, or add `workers`",
                );
                1
            }
        }
    }

    fn check_restore_wait(&mut self, place: Range<usize>) {
        let unknown = self.calls.iter().position(|call| call.published.is_none());
        if let Some(call) = unknown {
            let message = format!("no rate is published for `{}`", self.names.calls[call]);
            let help = "a restore wait is one over the published rate: use another back-off";
            self.incomplete(place, message, help);
        }
    }
}

fn extra_wait(raw: RawExtra) -> Extra {
    let plus = raw.plus.map_or(Span::ZERO, |Quantity(plus)| plus);
    Extra { plus, unknown: raw.unknown.map(|Quantity(unknown)| unknown) }
}

/// Whether waits are so short that endless attempts would take all day to simulate.
pub(super) fn never_waits(backoff: &Backoff) -> bool {
    match backoff {
        Backoff::None => true,
        Backoff::Fixed(wait) | Backoff::Memoryless(wait) => *wait < SHORTEST,
        Backoff::Exponential(exponential) => exponential.base < SHORTEST,
        Backoff::Delays(delays) => delays.last().is_none_or(|wait| *wait < SHORTEST),
        Backoff::Linear { step, .. } => *step < SHORTEST,
        Backoff::Polly { base, .. } => *base < SHORTEST,
        Backoff::NextWindow(next) => next.every < SHORTEST,
        Backoff::Window(_) | Backoff::RestoreWait(_) | Backoff::HeaderWait(_) => false,
    }
}
