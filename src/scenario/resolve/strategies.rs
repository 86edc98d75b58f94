//! `[strategy.NAME]`: what each client does, checked for contradictions.

use super::Resolver;
use super::indices::Known;
use super::retry::never_waits;
use crate::catalog::{Quantity, Spanned};
use crate::scenario::raw::RawStrategy;
use crate::scenario::text::{Limitable, RawAcross, value};
use crate::scenario::{League, preset};
use crate::simulation::Service;
use crate::strategy::{Budget, Flaw, Guard, Hedging, Sharing, Strategy, Unsound};
use crate::units::Span;
use std::collections::HashSet;
use std::ops::Range;

impl Resolver<'_> {
    pub(super) fn read_strategies(
        &mut self,
        services: &[Service],
    ) -> (Vec<Strategy>, Option<League>) {
        let all = self.raw.strategy.clone();
        if all.is_empty() && self.raw.league.is_none() {
            let help = "add `[strategy.NAME]`; an empty one sends at once and never retries; \
                        or let `throttlesim advise` find one";
            self.missing(None, "a strategy", help);
        }
        let (mut strategies, mut players) = (Vec::new(), Vec::new());
        let known = Known::of(self.names.workloads.iter().map(String::as_str));
        let entrants = self.read_league().into_iter();
        let written_out = all.into_iter().map(|(name, raw)| (name, raw, None));
        let entrants = entrants.map(|of| (of.name, of.raw, Some(of.player)));
        for (name, raw, player) in written_out.chain(entrants) {
            strategies.push(self.read_strategy((&name, &raw), services, &known));
            self.names.strategies.push((name.into_inner(), raw.label));
            players.push(player);
        }
        self.check_unused(&strategies);
        self.check_keys(&strategies);
        (strategies, self.league(players))
    }

    /// Work that no strategy does.
    fn check_unused(&mut self, strategies: &[Strategy]) {
        let lists: Option<Vec<&Vec<u16>>> =
            strategies.iter().map(|strategy| strategy.workloads.as_ref()).collect();
        let Some(lists) = lists.filter(|lists| !lists.is_empty()) else { return };
        let run: HashSet<u16> = lists.into_iter().flatten().copied().collect();
        let names = (0u16..).zip(self.raw.workload.keys());
        let idle = names.filter(|(number, _)| !run.contains(number)).map(|(_, name)| name.clone());
        for name in idle.collect::<Vec<_>>() {
            let message = format!("no strategy runs workload `{}`", name.get_ref());
            let help = "name it in a strategy's `workloads`, or leave it out";
            self.no_effect(name.span(), message, help);
        }
    }

    fn read_strategy(
        &mut self,
        (name, raw): (&Spanned<String>, &RawStrategy),
        services: &[Service],
        workloads: &Known,
    ) -> Strategy {
        let own = raw;
        let raw = &self.with_preset(raw.clone());
        let strategy = self.meant(name, raw, (services, workloads));
        self.check_workers(name, raw, &strategy);
        self.check_guards(raw, &strategy);
        self.check_unused_settings(own, &strategy);
        self.check_replaced(name, own, &strategy, (services, workloads));
        strategy
    }

    /// What a strategy means, once its preset is filled in.
    pub(super) fn meant(
        &mut self,
        name: &Spanned<String>,
        raw: &RawStrategy,
        (services, workloads): (&[Service], &Known),
    ) -> Strategy {
        let retry = self.retry(raw, services);
        let crew = value(raw.workers.as_ref());
        let workers = match crew.map(|crew| crew.count) {
            Some(Limitable::Number(number)) => Some(number),
            Some(Limitable::Unlimited) | None => None,
        };
        let concurrency = raw.concurrency.as_ref().map(|concurrency| {
            let (block, found) = concurrency.get_ref().0.meant();
            self.check_block(concurrency.span(), found);
            block
        });
        Strategy {
            budget: self.budget(raw),
            guards: self.guards(raw),
            pace: raw.pace.as_ref().and_then(|pace| self.pace(name, pace)),
            retry,
            workers,
            reserve: crew.map_or(0, |crew| crew.reserve),
            crew: crew.map_or(Sharing::Process, |crew| sharing(crew.shared, crew.across)),
            concurrency,
            start: self.put_off(raw),
            cache: self.cache(raw),
            batch: self.batch(raw),
            hedge: raw.hedge.as_ref().map(|hedge| Hedging { after: hedge.get_ref().after.0 }),
            hold_worker: raw.hold_worker.as_ref().is_some_and(|hold| *hold.get_ref()),
            pause: value(raw.pause.as_ref()).map_or(Span::ZERO, |Quantity(pause)| pause),
            workloads: self.workloads_of(raw, workloads),
        }
    }

    /// What a strategy says, and where it says nothing what its preset says.
    fn with_preset(&mut self, raw: RawStrategy) -> RawStrategy {
        let faithful = value(raw.faithful.as_ref()).unwrap_or(true);
        let Some(preset) = &raw.preset else {
            if let Some(faithful) = &raw.faithful {
                let help = "name one with `preset`, or leave `faithful` out";
                self.contradiction(faithful.span(), "faithful to which preset?", help);
            }
            return raw;
        };
        let place = preset.span();
        let found = match preset::find(preset.get_ref(), place.clone()) {
            Ok(found) => found,
            Err(unknown) => {
                let message = format!("no preset `{}`", preset.get_ref());
                self.unknown((preset.get_ref(), place), message, &unknown.to_string());
                return raw;
            }
        };
        if !faithful && found.intended.is_none() {
            let place = raw.faithful.as_ref().map_or(place, Spanned::span);
            let message = format!("`{}` does what it was meant to do", found.name);
            self.no_effect(place, message, "leave `faithful` out");
        }
        for assumed in &found.assumed {
            let assumption = format!("preset {}: {assumed}", found.name);
            self.assume(assumption);
        }
        raw.over(found.raw(faithful))
    }

    /// What is wrong with the settings of a block.
    pub(super) fn check_block(
        &mut self,
        place: Range<usize>,
        found: impl IntoIterator<Item = Unsound>,
    ) {
        for Unsound { flaw, wrong, remedy } in found {
            let place = place.clone();
            match flaw {
                Flaw::Contradiction => self.contradiction(place, wrong, &remedy),
                Flaw::OutOfRange => self.out_of_range(place, wrong, &remedy),
                Flaw::Incomplete => self.incomplete(place, wrong, &remedy),
                Flaw::NoEffect => self.no_effect(place, wrong, &remedy),
            }
        }
    }

    fn check_workers(&mut self, name: &Spanned<String>, raw: &RawStrategy, strategy: &Strategy) {
        let reserve = strategy.reserve;
        if reserve > 0 && strategy.workers.is_none_or(|workers| reserve >= workers) {
            let place = raw.workers.as_ref().map_or(name.span(), Spanned::span);
            let message = format!("a reserve of {reserve} leaves no worker for other work");
            self.contradiction(place, message, "write a reserve below the count");
        }
        let unbounded = strategy.workers.is_none() && strategy.concurrency.is_none();
        // A preset holds its worker whether the scenario bounds them or not.
        let hold = raw.hold_worker.as_ref().filter(|h| *h.get_ref() && raw.preset.is_none());
        if let Some(hold) = hold.filter(|_| unbounded) {
            let message = "`hold_worker` holds nothing: workers are unlimited";
            self.no_effect(hold.span(), message, "add `workers`, or leave `hold_worker` out");
        }
        let Some(pause) = &raw.pause else { return };
        if strategy.pause.is_zero() {
            self.out_of_range(
                pause.span(),
                "a pause must be above 0",
                "write \"1s\", or leave it out",
            );
        } else if unbounded {
            let message = "`pause` has no effect: workers are unlimited, and another one sends";
            self.no_effect(pause.span(), message, "add `workers = 1`, or leave `pause` out");
        }
    }

    fn budget(&mut self, raw: &RawStrategy) -> Option<Budget> {
        let retry = raw.retry.as_ref()?.get_ref();
        let budget = retry.budget.as_ref()?;
        if value(retry.attempts.as_ref()) == Some(Limitable::Number(1)) {
            let message = "a budget for retries that are never made: `attempts = 1`";
            self.no_effect(budget.span(), message, "the first attempt counts: write 2 or more");
        }
        let (block, found) = budget.get_ref().0.meant();
        self.check_block(budget.span(), found);
        Some(block)
    }

    fn guards(&mut self, raw: &RawStrategy) -> Vec<Guard> {
        let Some(list) = &raw.guard else { return Vec::new() };
        let meant = list.get_ref().0.iter().map(|guard| {
            let (block, found) = guard.0.meant();
            let idle = guard.0.idle().filter(|_| found.is_empty());
            (block, found.into_iter().chain(idle))
        });
        let (guards, found): (Vec<Guard>, Vec<_>) = meant.unzip();
        self.check_block(list.span(), found.into_iter().flatten());
        guards
    }

    /// Guards that could never refuse, or could be asked for ever at one instant.
    fn check_guards(&mut self, raw: &RawStrategy, strategy: &Strategy) {
        let Some(list) = &raw.guard else { return };
        let waits = strategy.guards.iter().any(|guard| matches!(guard, Guard::NoWaiting(_)));
        if waits && strategy.pace.is_none() {
            let message = "`no_waiting` refuses nothing: without `pace` nothing has to wait";
            self.no_effect(list.span(), message, "add `pace`, or leave this guard out");
        }
        let retry = &strategy.retry;
        if retry.attempts.is_none() && retry.refusals && never_waits(&retry.backoff) {
            let message = "a refused attempt that is tried again without end and without a wait";
            let help = "add a back-off of 1 ms or more, bound `attempts`, or write \
                        `retry.refusals = false`";
            self.contradiction(list.span(), message, help);
        }
    }

    fn workloads_of(&mut self, raw: &RawStrategy, known: &Known) -> Option<Vec<u16>> {
        let list = raw.workloads.as_ref()?;
        let mut found = Vec::new();
        if list.get_ref().is_empty() {
            let help = "name one or more, or leave `workloads` out for all of them";
            self.incomplete(list.span(), "a strategy for no workload", help);
        }
        self.once_each(list.get_ref().iter().map(|name| (name.get_ref(), name.span())));
        for name in list.get_ref() {
            match known.place(name.get_ref()) {
                Some(place) => found.extend(u16::try_from(place)),
                None => {
                    let help = self.remedy(name.get_ref(), known, "the workloads are");
                    let message = format!("no workload `{}`", name.get_ref());
                    self.unknown((name.get_ref(), name.span()), message, &help);
                }
            }
        }
        Some(found)
    }
}

pub(super) const fn sharing(shared: bool, across: Option<RawAcross>) -> Sharing {
    match (across, shared) {
        (Some(RawAcross::Accounts), _) => Sharing::Everybody,
        (None, true) => Sharing::Caller,
        (None, false) => Sharing::Process,
    }
}
