//! What a strategy means once its preset and every default is filled in.

use super::line;
use crate::catalog::Describe;
use crate::report::notes;
use crate::report::words::{self, span};
use crate::scenario::{Described, Scenario};
use crate::strategy::{
    Backoff, Beyond, Counted, Deadline, DeadlineFrom, Exponential, Extra, Heed, Heeding, Jitter,
    LastWait, Retry, RetryAfter, Sharing, Start, Strategy, Turns, WindowedKind,
};
use crate::units::Span;
use indexmap::IndexSet;

pub(super) fn explain(text: &mut String, scenario: &Scenario, strategy: &Strategy) {
    if let Some(list) = &strategy.workloads {
        let names = list.iter().map(|n| scenario.names.workloads[usize::from(*n)].as_str());
        line(text, "runs", names.collect::<Vec<_>>().join(", "));
    }
    let workers =
        scenario.crews(strategy).map_or("unlimited".into(), |crews| notes::crew(scenario, crews));
    let kept = match strategy.reserve {
        0 => String::new(),
        kept => format!(", {kept} of them for the highest priority"),
    };
    line(text, "workers", format!("{workers}{kept}{}", shared(strategy.crew)));
    if !strategy.pause.is_zero() {
        line(text, "after each call", format!("a worker rests for {}", span(strategy.pause)));
    }
    if let Some(concurrency) = &strategy.concurrency {
        line(text, "concurrency", block(&concurrency.into()));
    }
    explain_pace(text, scenario, strategy);
    explain_spared(text, scenario, strategy);
    for guard in &strategy.guards {
        line(text, "guard", block(&guard.into()));
    }
    explain_retry(text, scenario, &strategy.retry);
    if let Some(budget) = &strategy.budget {
        line(text, "retry budget", block(&budget.into()));
    }
    if strategy.retry.attempts != Some(1) {
        let held = match strategy.hold_worker {
            true => "keeps its worker (hold_worker = true)",
            false => "frees its worker (hold_worker = false)",
        };
        line(text, "while backing off", held);
    }
}

/// What happens before a first attempt, or beside it.
fn explain_spared(text: &mut String, scenario: &Scenario, strategy: &Strategy) {
    match strategy.start {
        None => {}
        Some(Start::Offset(period)) => line(text, "start", format!("offset over {}", span(period))),
        Some(Start::Spread(period)) => line(text, "start", format!("spread over {}", span(period))),
    }
    if let Some(batching) = &strategy.batch {
        let sizes = scenario.names.calls.iter().zip(&batching.sizes).filter(|(_, n)| **n > 1);
        let sizes: Vec<String> = sizes.map(|(call, size)| format!("{size} of {call}")).collect();
        let linger = span(batching.linger);
        line(text, "batches", format!("{}, lingering {linger}", sizes.join(", ")));
    }
    if let Some(caching) = &strategy.cache {
        let most = caching.capacity.map_or(String::new(), |n| format!(", {n} answers at most"));
        let who = shared(caching.sharing);
        line(text, "cache", format!("answers are good for {}{most}{who}", span(caching.ttl)));
    }
    if let Some(hedging) = &strategy.hedge {
        line(text, "hedge", format!("a second attempt after {}", span(hedging.after)));
    }
}

fn explain_pace(text: &mut String, scenario: &Scenario, strategy: &Strategy) {
    let Some(pace) = &strategy.pace else {
        return line(text, "pace", "none: sends as soon as it can");
    };
    for (number, lane) in (0u16..).zip(&pace.lanes) {
        let of = pace.lane_of.iter().zip(&scenario.names.calls);
        let calls: Vec<&str> =
            of.filter(|(l, _)| **l == Some(number)).map(|(_, c)| c.as_str()).collect();
        let who = shared(pace.sharing);
        let lane = match lane {
            Turns::Pacer(pacer) => {
                let follows = pacer.follow.map_or("", |_| ", following the rate header");
                let emptied = if pacer.emptied { ", emptied by a 429" } else { "" };
                let initial = match pacer.in_hand_at_first() {
                    all if all == pacer.burst => String::new(),
                    initial => format!(", {initial} at first"),
                };
                let (rate, burst) = (pacer.rate, pacer.burst);
                format!("{rate}, burst {burst}{initial}{who}{follows}{emptied}")
            }
            Turns::BurstAndYield(lane) => {
                let (rate, burst) = (lane.rate, lane.burst);
                format!("{burst} at once, and again when {rate} has restored them{who}")
            }
            Turns::Copied(lane) => {
                format!("a copy of the limit: {}{who}", lane.limit().described())
            }
            Turns::Reservoir(lane) => {
                let (amount, every, most) = (lane.amount, span(lane.every), lane.most);
                format!("{amount} more each {every}, {most} at most{who}")
            }
            Turns::Heeding(lane) => heeding(scenario, lane) + who,
            Turns::Windowed(lane) => {
                let (calls, each) = (lane.calls, span(lane.each));
                match lane.kind {
                    WindowedKind::Sliding => format!("{calls} in any {each}{who}"),
                    WindowedKind::Fixed => {
                        format!("{calls} in each window of {each}, begun by its first call{who}")
                    }
                    WindowedKind::Strict => {
                        format!("{calls} in any {each}, kept apart after the first {calls}{who}")
                    }
                }
            }
            adaptive @ (Turns::AimdRate(_) | Turns::AwsSdk(_)) => {
                let initial = match adaptive {
                    Turns::AimdRate(lane) => format!(" from {}", lane.initial),
                    _ => String::new(),
                };
                format!("adaptive{initial}, {}{who}", block(&adaptive.into()))
            }
        };
        line(text, "pace", format!("{lane}, for {}", calls.join(", ")));
    }
}

/// What a client does with what it is told.
fn heeding(scenario: &Scenario, lane: &Heeding) -> String {
    let names = lane.limits.iter().map(|of| scenario.names.limits[usize::from(of.limit)].clone());
    let names: Vec<String> = names.collect::<IndexSet<_>>().into_iter().collect();
    let what = match lane.heed {
        Heed::Reset => "waits until the reset when too little remains",
        Heed::Spread => "spreads what remains over the time to the reset",
        Heed::Level => "waits until what remains covers the next call",
    };
    format!("{what}, as told of {}", words::list(&names))
}

fn explain_retry(text: &mut String, scenario: &Scenario, retry: &Retry) {
    if retry.attempts == Some(1) {
        line(text, "retries", "never");
        let in_line = retry.deadline.filter(|of| of.from == DeadlineFrom::Arrival);
        return in_line.map(deadline).into_iter().for_each(|of| line(text, "deadline", of));
    }
    let attempts =
        retry.attempts.map_or("unlimited".into(), |n| format!("{n}, the first included"));
    let together = match retry.counted {
        Counted::Request => "",
        Counted::Process => ", counted over all requests of a process for the operation",
        Counted::Accounts => ", counted over all requests of all accounts for the operation",
    };
    line(text, "attempts", format!("{attempts}{together}"));
    line(text, "back-off", backoff(&retry.backoff));
    line(text, "deadline", retry.deadline.map_or("none".into(), deadline));
    let statuses = retry.statuses.iter().map(ToString::to_string);
    let codes = retry.codes.iter().map(|code| scenario.names.codes[usize::from(code.0)].clone());
    let worth: Vec<String> = statuses.chain(codes).collect();
    line(text, "retries on", worth.join(", "));
    let at_most = match retry.retry_after_at_most {
        Span::LONGEST => String::new(),
        most => match retry.beyond {
            Beyond::Counts => format!(", {} at most", span(most)),
            Beyond::Ignored => format!(", up to {}: the back-off if it is longer", span(most)),
            Beyond::GivesUp => format!(", up to {}: given up if it is longer", span(most)),
        },
    };
    line(text, "Retry-After", retry_after(retry.retry_after) + &at_most);
}

/// A block in the language's own words: `finagle: ttl 10s, percent 20%`.
fn block(of: &Described) -> String {
    let settings: Vec<String> =
        of.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
    if settings.is_empty() {
        return of.name.clone();
    }
    format!("{}: {}", of.name, settings.join(", "))
}

const fn shared(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Process => "",
        Sharing::Caller => ", shared by the processes of an account",
        Sharing::Everybody => ", shared by all accounts",
    }
}

fn deadline(of: Deadline) -> String {
    let from = match of.from {
        DeadlineFrom::Arrival => "arrival",
        DeadlineFrom::FirstAttempt => "the first attempt",
    };
    let last = match of.last_wait {
        LastWait::Skip => "a wait that would end later is skipped",
        LastWait::Shorten => "the last wait is cut to end then",
        LastWait::Full => "the last wait is kept in full",
    };
    format!("{} after {from}; {last}", span(of.after))
}

fn retry_after(of: RetryAfter) -> String {
    match of {
        RetryAfter::Ignored => "ignored".into(),
        RetryAfter::Least => "honoured".into(),
        RetryAfter::Within(more) => format!("honoured, and at most {} more", span(more)),
    }
}

fn backoff(of: &Backoff) -> String {
    match of {
        Backoff::Fixed(of) => format!("fixed, {}", span(of.wait)),
        Backoff::Delays(of) => {
            of.waits.iter().map(|wait| span(*wait)).collect::<Vec<_>>().join(", ")
        }
        Backoff::Memoryless(of) => format!("exponentially distributed, mean {}", span(of.mean)),
        Backoff::Linear(of) => format!("linear, by {}{}", span(of.step), up_to(of.cap)),
        Backoff::Polly(of) => format!("Polly's, from {}{}", span(of.base), up_to(of.cap)),
        Backoff::Window(of) => {
            format!("anything up to what restores {} calls", of.width.unwrap_or(1))
        }
        Backoff::NextWindow(next) => {
            let spread = match next.spread {
                Span::ZERO => String::new(),
                spread => format!(", and up to {} more", span(spread)),
            };
            format!("to the next window of {} of the clock{spread}", span(next.every))
        }
        Backoff::RestoreWait(of) => {
            format!("one over the published rate of the call{}", more(of.extra))
        }
        Backoff::HeaderWait(of) => {
            format!("one over the rate that the last response told{}", more(of.extra))
        }
        Backoff::Exponential(Exponential { base, base_other, cap, factor, jitter }) => {
            let jitter = match jitter {
                Jitter::Spread(low, high) => format!("times {low} to {high}"),
                Jitter::Plus(most) => format!("and up to {} more", span(*most)),
                Jitter::WholeSeconds => "a whole number of seconds from 0 up to it".into(),
                jitter => format!("{jitter:?} jitter").to_lowercase(),
            };
            let other = base_other
                .map_or(String::new(), |base| format!(" ({} if not throttled)", span(base)));
            let grows = match factor.as_f64() {
                2.0 => "doubling".into(),
                factor => format!("{} times as long each time", words::digits(factor)),
            };
            let base = span(*base);
            format!("exponential: {base}{other}, {grows}{}, {jitter}", up_to(*cap))
        }
        other => block(&other.into()),
    }
}

fn up_to(cap: Span) -> String {
    if cap == Span::LONGEST { String::new() } else { format!(", capped at {}", span(cap)) }
}

fn more(extra: Extra) -> String {
    let plus = match extra.plus {
        Span::ZERO => String::new(),
        plus => format!(", and {} more", span(plus)),
    };
    let unknown =
        extra.unknown.map_or(String::new(), |wait| format!(", {} if it told none", span(wait)));
    plus + &unknown
}
