//! `retry`: whether and when a client tries again, checked for contradictions.

use super::Resolver;
use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::scenario::raw::{
    DeadlineTable, DeadlineText, RawBackoff, RawBeyond, RawCounter, RawDeadlineFrom, RawLastWait,
    RawRetry, RawStrategy,
};
use crate::scenario::text::{Limitable, value};
use crate::simulation::Service;
use crate::strategy::{
    AtOnce, Backoff, Beyond, Counted, Deadline, DeadlineFrom, HeaderWait, LastWait, RestoreWait,
    Retry, RetryAfter, Wait,
};
use crate::units::Span;
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
            None => AtOnce.into(),
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
        let (mut backoff, found) = raw.meant();
        let is_sound = found.is_empty();
        self.check_block(place.clone(), found.into_iter().chain(raw.unsound()));
        match &mut backoff {
            Backoff::Window(window) => {
                self.check_restore_wait(place.clone());
                if is_sound {
                    window.width = Some(self.width(window.width, place, strategy));
                }
            }
            Backoff::NextWindow(next) => next.offset = self.calendar.offset(next.every, Span::ZERO),
            Backoff::RestoreWait(RestoreWait { extra }) => match extra.unknown {
                None => self.check_restore_wait(place),
                Some(_) if self.calls.iter().all(|call| call.published.is_some()) => {
                    let message = "`unknown` has no effect: every call has a published rate";
                    self.no_effect(place, message, "leave `unknown` out");
                }
                Some(_) => {}
            },
            Backoff::HeaderWait(HeaderWait { extra }) if extra.unknown.is_none() => {
                self.check_restore_wait(place);
            }
            _ => {}
        }
        backoff
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

/// Whether waits are so short that endless attempts would take all day to simulate.
pub(super) fn never_waits(backoff: &Backoff) -> bool {
    backoff.scale().is_some_and(|wait| wait < SHORTEST)
}
