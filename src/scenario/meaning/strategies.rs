//! `[strategy.NAME]`: what each client does, checked for contradictions.

use super::Meaning;
use crate::catalog::Quantity;
use crate::limiter::Limit;
use crate::scenario::nearest;
use crate::scenario::text::{Limitable, value};
use crate::scenario::written::{
    AcrossWritten, BackoffWritten, JitterWritten, PaceWritten, RetryWritten, StrategyWritten,
};
use crate::simulation::Service;
use crate::strategy::{
    Backoff, Exponential, Extra, Jitter, Pace, Pacer, Retry, RetryAfter, Sharing, Strategy, Turns,
};
use crate::units::{Rate, Share, Span};
use crate::wire::{Operation, Status};
use std::ops::Range;
use toml::Spanned;

/// The least wait between endless attempts.
pub(super) const SHORTEST: Span = Span::from_nanos(1_000_000);
/// Attempts where a retry says no number.
const ATTEMPTS: u32 = 5;

impl Meaning<'_> {
    pub(super) fn read_strategies(&mut self, services: &[Service]) -> Vec<Strategy> {
        let all = self.written.strategy.clone();
        if all.is_empty() {
            let help = "add `[strategy.NAME]`; an empty one sends at once and never retries";
            self.missing(None, "a strategy", help);
        }
        let mut strategies = Vec::new();
        for (name, written) in all {
            let strategy = self.read_strategy(&name, &written, services);
            self.names.strategies.push((name.into_inner(), written.label));
            strategies.push(strategy);
        }
        self.check_unused(&strategies);
        strategies
    }

    /// Work that no strategy does, and priorities that decide nothing.
    fn check_unused(&mut self, strategies: &[Strategy]) {
        let names: Vec<(u16, std::ops::Range<usize>, String)> = (0u16..)
            .zip(self.written.workload.keys())
            .map(|(n, name)| (n, name.span(), name.get_ref().clone()))
            .collect();
        let runs = |strategy: &Strategy, n: u16| {
            strategy.workloads.as_ref().is_none_or(|list| list.contains(&n))
        };
        for (number, place, name) in names {
            if !strategies.is_empty() && !strategies.iter().any(|s| runs(s, number)) {
                let message = format!("no strategy runs workload `{name}`");
                self.problem(
                    place,
                    message,
                    "name it in a strategy's `workloads`, or leave it out",
                );
            }
        }
        let urgent = self.written.workload.values().any(|workload| workload.priority.is_some());
        let booking =
            |(strategy, _): &(&Strategy, _)| strategy.pace.is_some() && strategy.workers.is_none();
        let named = strategies.iter().zip(&self.names.strategies);
        for (_, (name, _)) in named.filter(|of| urgent && booking(of)) {
            self.assumptions.push(format!(
                "priorities decide nothing under strategy {name}: its pacer books turns in order \
                 of arrival, and workers, for whom requests would wait, are unlimited"
            ));
        }
    }

    fn read_strategy(
        &mut self,
        name: &Spanned<String>,
        written: &StrategyWritten,
        services: &[Service],
    ) -> Strategy {
        let retry = match &written.retry {
            Some(retry) => self.retry(retry, services),
            None => Retry::never(),
        };
        let crew = value(written.workers.as_ref());
        let workers = match crew.map(|crew| crew.count) {
            Some(Limitable::Number(number)) => Some(number),
            Some(Limitable::Unlimited) | None => None,
        };
        let reserve = crew.map_or(0, |crew| crew.reserve);
        if reserve > 0 && workers.is_none_or(|workers| reserve >= workers) {
            let place = written.workers.as_ref().map_or(name.span(), Spanned::span);
            let message = format!("a reserve of {reserve} leaves no worker for other work");
            self.problem(place, message, "write a reserve below the count");
        }
        if let Some(hold) = written.hold_worker.as_ref().filter(|h| *h.get_ref())
            && workers.is_none()
        {
            let message = "`hold_worker` holds nothing: workers are unlimited";
            self.problem(hold.span(), message, "add `workers`, or leave `hold_worker` out");
        }
        Strategy {
            retry,
            pace: written.pace.as_ref().and_then(|pace| self.pace(name, pace)),
            workers,
            reserve,
            crew: crew.map_or(Sharing::Process, |crew| sharing(crew.shared, crew.across)),
            hold_worker: written.hold_worker.as_ref().is_some_and(|hold| *hold.get_ref()),
            workloads: self.workloads_of(written),
            ..Strategy::default()
        }
    }

    fn workloads_of(&mut self, written: &StrategyWritten) -> Option<Vec<u16>> {
        let list = written.workloads.as_ref()?;
        let known = self.names.workloads.clone();
        let mut found = Vec::new();
        if list.get_ref().is_empty() {
            let help = "name one or more, or leave `workloads` out for all of them";
            self.problem(list.span(), "a strategy for no workload", help);
        }
        for name in list.get_ref() {
            match known.iter().position(|workload| workload == name.get_ref()) {
                Some(place) => found.extend(u16::try_from(place)),
                None => {
                    let near = nearest(name.get_ref(), known.iter().map(String::as_str));
                    let help = match near {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("the workloads are {}", known.join(", ")),
                    };
                    let message = format!("no workload `{}`", name.get_ref());
                    self.problem(name.span(), message, &help);
                }
            }
        }
        Some(found)
    }

    fn retry(&mut self, written: &Spanned<RetryWritten>, services: &[Service]) -> Retry {
        let retry = written.get_ref();
        let attempts = match value(retry.attempts.as_ref()) {
            Some(Limitable::Number(number)) => Some(number),
            Some(Limitable::Unlimited) => None,
            None => Some(ATTEMPTS),
        };
        let backoff = match &retry.backoff {
            Some(backoff) => self.backoff(backoff.get_ref(), backoff.span()),
            None => Backoff::None,
        };
        let deadline = value(retry.deadline.as_ref()).map(|Quantity(span)| span);
        let called = self.calls.iter().filter_map(|call| services.get(usize::from(call.service)));
        let instant = called.into_iter().any(|service| service.round_trip < SHORTEST);
        if attempts.is_none() && never_waits(&backoff) && instant {
            let message = "endless attempts with hardly any wait would never let time pass";
            let help = "add a back-off of 1 ms or more, bound `attempts`, or give [service] a \
                        `round_trip`";
            self.problem(written.span(), message, help);
        }
        if attempts == Some(1) && retry.backoff.is_some() {
            let place = retry.backoff.as_ref().map_or(written.span(), Spanned::span);
            let message = "a back-off that is never used: `attempts = 1` never retries";
            self.problem(place, message, "the first attempt counts: write 2 or more");
        }
        Retry {
            attempts,
            deadline,
            statuses: self.statuses(retry),
            backoff,
            retry_after: match retry.honour_retry_after {
                Some(true) => RetryAfter::Least,
                Some(false) | None => RetryAfter::Ignored,
            },
            ..Retry::never()
        }
    }

    fn statuses(&mut self, retry: &RetryWritten) -> Vec<Status> {
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
            self.problem(list.span(), message, "write statuses from 400 to 599");
        }
        list.get_ref().iter().map(|code| Status(*code)).collect()
    }

    fn backoff(&mut self, written: &BackoffWritten, place: Range<usize>) -> Backoff {
        let exponential = match written {
            BackoffWritten::None => return Backoff::None,
            BackoffWritten::Fixed(Quantity(span)) => return Backoff::Fixed(*span),
            BackoffWritten::RestoreWait => {
                self.check_restore_wait(place);
                return Backoff::RestoreWait(Extra::default());
            }
            BackoffWritten::HeaderWait => {
                self.check_restore_wait(place);
                return Backoff::HeaderWait(Extra::default());
            }
            BackoffWritten::Exponential(exponential) => exponential,
        };
        let (base, cap) = (exponential.base.0, exponential.cap.0);
        if base.is_zero() || base > cap {
            let message = format!("a back-off from {base} up to {cap}");
            self.problem(place.clone(), message, "the base is above 0 and not above the cap");
        }
        let factor = exponential.factor.unwrap_or(2.0);
        if !(1.0..=100.0).contains(&factor) {
            let message = format!("a back-off that grows by {factor}");
            self.problem(place, message, "write a factor from 1 to 100");
        }
        let jitter = match exponential.jitter {
            None | Some(JitterWritten::None) => Jitter::None,
            Some(JitterWritten::Full) => Jitter::Full,
            Some(JitterWritten::Equal) => Jitter::Equal,
            Some(JitterWritten::Decorrelated) => Jitter::Decorrelated,
        };
        let factor = Share::from_fraction(factor);
        Backoff::Exponential(Exponential { base, base_other: None, cap, factor, jitter })
    }

    fn check_restore_wait(&mut self, place: Range<usize>) {
        let unknown = self.calls.iter().position(|call| call.published.is_none());
        if let Some(call) = unknown {
            let message = format!("no rate is published for `{}`", self.names.calls[call]);
            let help = "a restore wait is one over the published rate: use another back-off";
            self.problem(place, message, help);
        }
    }

    /// The lanes of a paced client.
    fn pace(&mut self, name: &Spanned<String>, written: &Spanned<PaceWritten>) -> Option<Pace> {
        let pace = written.get_ref();
        let burst = value(pace.burst.as_ref()).unwrap_or(1);
        if let Some(zero) = pace.burst.as_ref().filter(|burst| *burst.get_ref() == 0) {
            self.problem(zero.span(), "a burst of 0 sends nothing", "write 1 or more");
        }
        let Some(rate) = &pace.rate else {
            let what = format!("`pace.rate` of strategy `{}`", name.get_ref());
            let help = "write pace.rate = \"95%\" of what is published, or \"0.45/s\"";
            self.missing(Some(written.span()), &what, help);
            return None;
        };
        if rate.get_ref().contains('%') {
            let mut lanes = self.shared_lanes(rate, burst.max(1));
            if let Some(lanes) = &mut lanes {
                let follows = pace.follow_header.as_ref().is_some_and(|follow| *follow.get_ref());
                lanes.sharing = sharing(pace.shared, pace.across);
                let share: Option<Share> = rate.get_ref().parse().ok().filter(|_| follows);
                for Turns::Pacer(pacer) in &mut lanes.lanes {
                    pacer.follow = share;
                }
            }
            return lanes;
        }
        if let Some(follow) = pace.follow_header.as_ref().filter(|follow| *follow.get_ref()) {
            let help = "write rate = \"95%\": the share of the header's rate to keep to";
            self.problem(follow.span(), "a stated rate follows no header", help);
        }
        let stated: Result<Rate, _> = rate.get_ref().parse();
        match stated {
            Ok(rate) => Some(Pace {
                lanes: vec![Pacer::new(rate, burst.max(1)).into()],
                lane_of: vec![Some(0); self.calls.len()],
                sharing: sharing(pace.shared, pace.across),
            }),
            Err(unreadable) => {
                self.problem(rate.span(), unreadable.0, "or a share, \"95%\"");
                None
            }
        }
    }

    /// A lane for each limit that the calls are paced by: the tightest published one of each.
    fn shared_lanes(&mut self, rate: &Spanned<String>, burst: u32) -> Option<Pace> {
        let share: Share = match rate.get_ref().parse() {
            Ok(share) => share,
            Err(unreadable) => {
                self.problem(rate.span(), unreadable.0, "write \"95%\"");
                return None;
            }
        };
        if share.ppm() > 2 * Share::WHOLE.ppm() {
            let message = format!("{share} of what is published");
            self.problem(
                rate.span(),
                message,
                "write up to \"200%\"; below 100% nothing is refused",
            );
        }
        let (mut lanes, mut keys, mut lane_of) = (Vec::new(), Vec::new(), Vec::new());
        for call in 0..self.calls.len() {
            let operation = Operation(u16::try_from(call).ok()?);
            let Some((limit, published)) = self.tightest(operation) else {
                let message = format!(
                    "no rate is published for `{}` to take a share of",
                    self.names.calls[call]
                );
                self.problem(rate.span(), message, "state a rate, such as \"0.45/s\"");
                return None;
            };
            let Some(rate_of) = published.share(share) else {
                let message = format!("{share} of {published} is nothing");
                self.problem(rate.span(), message, "write a share above 0%");
                return None;
            };
            let own = self.limits[limit].rule.scope.operation.then_some(operation);
            let lane = keys.iter().position(|key| *key == (limit, own)).unwrap_or_else(|| {
                keys.push((limit, own));
                lanes.push(Pacer::new(rate_of, burst).into());
                keys.len() - 1
            });
            lane_of.push(u16::try_from(lane).ok());
        }
        Some(Pace { lanes, lane_of, sharing: Sharing::Process })
    }

    /// The limit with the lowest published rate among those that hold for an operation.
    pub(super) fn tightest(&self, operation: Operation) -> Option<(usize, Rate)> {
        let limits = self.limits.iter().enumerate();
        let holds = limits.filter(|(_, limit)| limit.rule.operations.contains(&operation));
        let rates = holds.filter_map(|(n, limit)| Some((n, limit.rule.limiter.published()?)));
        rates.min_by_key(|(_, rate)| *rate)
    }
}

const fn sharing(shared: bool, across: Option<AcrossWritten>) -> Sharing {
    match (across, shared) {
        (Some(AcrossWritten::Accounts), _) => Sharing::Everybody,
        (None, true) => Sharing::Caller,
        (None, false) => Sharing::Process,
    }
}

/// Whether waits are so short that endless attempts would take all day to simulate.
fn never_waits(backoff: &Backoff) -> bool {
    match backoff {
        Backoff::None => true,
        Backoff::Fixed(wait) => *wait < SHORTEST,
        Backoff::Exponential(exponential) => exponential.base < SHORTEST,
        Backoff::Delays(delays) => delays.last().is_none_or(|wait| *wait < SHORTEST),
        Backoff::Linear { step, .. } => *step < SHORTEST,
        Backoff::Polly { base, .. } => *base < SHORTEST,
        Backoff::Window(_) | Backoff::RestoreWait(_) | Backoff::HeaderWait(_) => false,
    }
}
