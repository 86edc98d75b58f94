//! Settings of a strategy of which another one of it makes sure that nothing reads them.
//!
//! ```text
//!   attempts = 1          whatever says when and why to try again
//!   attempts = unlimited  a counter of attempts
//!   no guard              refusals that count as attempts
//!   no wait               a worker that is held through waits
//!   unlimited workers     who shares them
//!   workloads             keys, calls and answers of others
//!   a preset              whose every setting is replaced
//! ```
//!
//! A preset's own settings may be idle: it describes a client wherever it is.

use super::Resolver;
use super::indices::Known;
use crate::catalog::Spanned;
use crate::scenario::find_preset;
use crate::scenario::raw::{RawPace, RawRetry, RawStrategy};
use crate::simulation::Service;
use crate::strategy::{Backoff, RetryAfter, Strategy};
use std::ops::Range;

impl Resolver<'_> {
    /// Notes what a strategy writes itself (`own`) and what nothing reads in what it means.
    pub(super) fn check_unused_settings(&mut self, own: &RawStrategy, strategy: &Strategy) {
        if let Some(retry) = &own.retry {
            self.unused_retry(retry.get_ref(), strategy, own.preset.is_some());
        }
        let hold = own.hold_worker.as_ref().filter(|hold| *hold.get_ref() && own.preset.is_none());
        if let Some(hold) = hold.filter(|_| strategy.has_bound() && never_sleeps(strategy)) {
            let message = "`hold_worker` has no effect: no request waits for another attempt";
            let help = "add `retry` with a `backoff`, or leave `hold_worker` out";
            self.no_effect(hold.span(), message, help);
        }
        if let Some(crew) = &own.workers {
            let of = crew.get_ref();
            if of.shared && of.across.is_some() {
                self.shared_beside_across(crew.span());
            }
            if !strategy.has_bound() && (of.shared || of.across.is_some()) {
                let message = "workers without bound have nothing to share";
                self.no_effect(crew.span(), message, "write a `count`, or leave the sharing out");
            }
        }
        self.unused_work(own, strategy);
    }

    fn unused_retry(&mut self, retry: &RawRetry, strategy: &Strategy, is_preset: bool) {
        let never = strategy.retry.attempts == Some(1) && (!is_preset || retry.attempts.is_some());
        let honours = retry.honour_retry_after.as_ref().filter(|of| *of.get_ref());
        let idle = [
            (place(retry.counter.as_ref()), "counter"),
            (place(retry.statuses.as_ref()), "statuses"),
            (place(retry.codes.as_ref()), "codes"),
            (place(retry.refusals.as_ref()), "refusals"),
            (place(honours), "honour_retry_after"),
            (place(retry.retry_after_within.as_ref()), "retry_after_within"),
            (place(retry.retry_after_at_most.as_ref()), "retry_after_at_most"),
            (place(retry.retry_after_beyond.as_ref()), "retry_after_beyond"),
        ];
        if never {
            return self.idle_keys(&idle, |key| {
                let message = format!("`{key}` has no effect: `attempts = 1` never retries");
                (message, format!("write 2 or more, or leave `{key}` out"))
            });
        }
        if let Some(counter) = retry.counter.as_ref().filter(|_| strategy.retry.attempts.is_none())
        {
            let message = "`counter` has no effect: attempts are unlimited";
            self.no_effect(counter.span(), message, "bound `attempts`, or leave `counter` out");
        }
        if let Some(refusals) = retry.refusals.as_ref().filter(|_| strategy.guards.is_empty()) {
            let message = "`refusals` has no effect: no guard refuses anything";
            self.no_effect(refusals.span(), message, "add a `guard`, or leave `refusals` out");
        }
        if let Some(deadline) = retry.deadline.as_ref()
            && deadline.get_ref().0.last_wait.is_some()
            && never_sleeps(strategy)
        {
            let message = "`last_wait` has no effect: no request waits for another attempt";
            self.no_effect(deadline.span(), message, "add a `backoff`, or leave `last_wait` out");
        }
        let empty = retry.statuses.as_ref().filter(|list| list.get_ref().is_empty());
        if let Some(empty) = empty.filter(|_| retry.codes.is_none()) {
            let message = "nothing is tried again: `statuses` names none";
            let help = "name one or more, or write attempts = 1 instead";
            self.incomplete(empty.span(), message, help);
        }
    }

    /// Answers to remember, of work that the strategy does not do.
    fn unused_work(&mut self, own: &RawStrategy, strategy: &Strategy) {
        let Some(cache) = &own.cache else { return };
        let runs = |number: u16| strategy.workloads.as_ref().is_none_or(|of| of.contains(&number));
        let mut asked = self.raw.workload.values().zip(0u16..);
        let any_keys = self.raw.workload.values().any(|workload| workload.keys.is_some());
        if any_keys && !asked.any(|(workload, n)| workload.keys.is_some() && runs(n)) {
            let message = "no workload of this strategy says what its requests ask for";
            let help = "write keys = { count = 10000, zipf = 0.8 } in one that it runs";
            self.no_effect(cache.span(), message, help);
        }
    }

    /// What a workload asks for, where no strategy remembers any answer.
    pub(super) fn check_keys(&mut self, strategies: &[Strategy]) {
        let keys = self.raw.workload.values().map(|workload| place(workload.keys.as_ref()));
        let keys: Vec<(Option<Range<usize>>, u16)> = keys.zip(0u16..).collect();
        for (place, number) in keys {
            let caches = |strategy: &Strategy| {
                let runs = strategy.workloads.as_ref().is_none_or(|of| of.contains(&number));
                runs && strategy.cache.is_some()
            };
            let is_keyed = self.keyed.get(usize::from(number)).copied().unwrap_or(false);
            let is_idle = !is_keyed && !strategies.iter().any(caches);
            if let Some(place) = place.filter(|_| is_idle) {
                let message = "`keys` has no effect: no strategy of this work has a `cache`";
                let help = "add a `cache` to one, or a limit with scope = [\"key\"], or leave \
                            `keys` out";
                self.no_effect(place, message, help);
            }
        }
    }

    /// A preset of which every setting is replaced, and a choice between two of its forms that
    /// differ only in what is replaced.
    pub(super) fn check_replaced(
        &mut self,
        name: &Spanned<String>,
        own: &RawStrategy,
        strategy: &Strategy,
        known: (&[Service], &Known),
    ) {
        let RawStrategy { retry, pace, guard, concurrency, start, cache, batch, .. } = own;
        let replaces = retry.is_some()
            || pace.is_some()
            || guard.is_some()
            || concurrency.is_some()
            || start.is_some()
            || cache.is_some()
            || batch.is_some();
        if !replaces {
            return;
        }
        let before = self.problems.len();
        let Some(preset) = &own.preset else { return };
        let Ok(found) = find_preset(preset.get_ref()) else { return };
        let bare = RawStrategy { preset: None, faithful: None, ..own.clone() };
        let faithful = own.faithful.as_ref().filter(|faithful| !*faithful.get_ref());
        let other = faithful.map(|_| bare.clone().over(found.clone().raw(true)));
        let alone = RawStrategy { workers: own.workers.clone(), ..RawStrategy::default() };
        let preset_name = found.name;
        let of_preset = alone.clone().over(found.raw(faithful.is_none()));
        let mut means = |raw: &RawStrategy| {
            let meant = self.meant(name, raw, known);
            let sound = self.problems.len() == before;
            self.problems.truncate(before);
            sound.then_some(meant)
        };
        let is_plain = means(&of_preset) == means(&alone);
        let replaced = !is_plain && means(&bare).as_ref() == Some(strategy);
        let alike = other.is_some_and(|other| means(&other).as_ref() == Some(strategy));
        if replaced {
            let message = format!("preset `{}` has no effect: all of it is replaced", preset_name);
            self.no_effect(preset.span(), message, "leave `preset` out, or what replaces it");
        } else if let Some(faithful) = faithful.filter(|_| alike) {
            let message = "`faithful` has no effect: what it changes is replaced";
            self.no_effect(faithful.span(), message, "leave `faithful` out, or what replaces it");
        }
    }

    /// Reports each of these keys that is written: it has no effect. `say` tells what is wrong with
    /// a key, and what to do.
    fn idle_keys(
        &mut self,
        keys: &[(Option<Range<usize>>, &str)],
        say: impl Fn(&str) -> (String, String),
    ) {
        for (place, key) in keys {
            if let Some(place) = place {
                let (message, help) = say(key);
                self.no_effect(place.clone(), message, &help);
            }
        }
    }

    /// Reports each key of a pace that says when calls leave and is written, but for those that are
    /// `read`. `say` is as in [`Self::idle_keys`].
    pub(super) fn idle_pace(
        &mut self,
        pace: &RawPace,
        read: &[&str],
        say: impl Fn(&str) -> (String, String),
    ) {
        let mut idle = vec![
            (place(pace.rate.as_ref()), "rate"),
            (place(pace.margin.as_ref()), "margin"),
            (place(pace.burst.as_ref()), "burst"),
            (place(pace.initial.as_ref()), "initial"),
            (place(pace.calls.as_ref()), "calls"),
            (place(pace.each.as_ref()), "each"),
            (place(pace.window.as_ref()), "window"),
            (place(pace.follow_header.as_ref()), "follow_header"),
            (place(pace.adaptive.as_ref()), "adaptive"),
            (place(pace.turns.as_ref()), "turns"),
            (place(pace.split.as_ref()), "split"),
            (place(pace.late.as_ref()), "late"),
            (place(pace.emptied.as_ref()), "emptied"),
        ];
        idle.retain(|(_, key)| !read.contains(key));
        self.idle_keys(&idle, say);
    }

    pub(super) fn shared_beside_across(&mut self, place: Range<usize>) {
        let message = "`shared` has no effect beside `across`: all accounts share it";
        self.no_effect(place, message, "leave `shared` or `across` out");
    }
}

/// True if no request ever waits between two attempts.
fn never_sleeps(strategy: &Strategy) -> bool {
    let retry = &strategy.retry;
    retry.attempts == Some(1)
        || matches!(retry.backoff, Backoff::AtOnce(_)) && retry.retry_after == RetryAfter::Ignored
}

/// Where a key is written, if it is.
fn place<T>(key: Option<&Spanned<T>>) -> Option<Range<usize>> {
    key.map(Spanned::span)
}
