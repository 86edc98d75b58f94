//! What a reader must know before the results, found once the file is read.

use super::{ResolvedProvider, Resolver, callers};
use crate::catalog::Offer;
use crate::limiter::{Limit, Limiter};
use crate::scenario::{Crews, Note};
use crate::simulation::Plan;
use crate::strategy::{Sharing, Start, Strategy, Turns};
use crate::units::{Instant, Span};
use crate::wire::Operation;
use crate::workload::{Arrivals, Workload};
use indexmap::IndexMap;

impl Resolver<'_> {
    /// All notes, the most important first. `start` is virtual time 0 \[s since 1970, UTC\].
    pub(super) fn notes(&self, plan: &Plan, start: Option<i64>) -> Vec<Note> {
        let providers = || (0..).zip(&self.providers);
        let mut notes: Vec<Note> =
            providers().flat_map(|(number, provider)| self.ends(number, provider)).collect();
        if let Some(start) = start {
            let advised = providers()
                .flat_map(|(number, provider)| self.avoided((number, provider), plan, start));
            notes.extend(advised);
        }
        notes.extend(self.log_notes());
        notes.extend(workers(plan));
        let bursts = usable_bursts(plan);
        for (number, strategy) in plan.strategies.iter().enumerate() {
            notes.extend(self.unused_burst(plan, &bursts, number, strategy));
        }
        notes
    }

    /// Workloads that arrive in minutes of the hour that the provider advises against.
    fn avoided(
        &self,
        (number, provider): (usize, &ResolvedProvider),
        plan: &Plan,
        start: i64,
    ) -> Vec<Note> {
        let mut notes = Vec::new();
        if provider.resolved.advice().is_empty() {
            return notes;
        }
        let stays = stays(plan);
        for advice in provider.resolved.advice() {
            let avoid = advice.avoid_minutes.get_ref();
            for (place, workload) in plan.workloads.iter().enumerate() {
                let calls = |step: &crate::workload::Step| {
                    self.provider_of.get(usize::from(step.operation.0)) == Some(&number)
                };
                if !workload.steps.iter().any(calls) || !stays[place] {
                    continue;
                }
                let hit = arrivals(workload, plan.duration)
                    .find(|at| minute(start, *at).is_some_and(|minute| avoid.contains(&minute)));
                notes.extend(hit.map(|at| Note::AvoidedMinute {
                    provider: provider.resolved.name().into(),
                    workload: place,
                    at,
                    avoid: avoid.clone(),
                    instead: advice.use_minutes.get_ref().clone(),
                }));
            }
        }
        notes
    }

    /// The first call of a strategy that is paced with a smaller burst than its limits admit,
    /// though its work keeps coming: then each job waits for turns that the provider would give.
    fn unused_burst(
        &self,
        plan: &Plan,
        bursts: &[Option<u64>],
        number: usize,
        strategy: &Strategy,
    ) -> Option<Note> {
        let pace = strategy.pace.as_ref()?;
        let serves = |workload: u16| {
            strategy.workloads.as_ref().is_none_or(|served| served.contains(&workload))
        };
        let made = (0u16..).zip(&plan.workloads).filter(|(workload, _)| serves(*workload));
        let made: Vec<Operation> =
            made.flat_map(|(_, workload)| &workload.steps).map(|step| step.operation).collect();
        let calls = (0u16..).zip(&self.names.calls).zip(bursts);
        let found = calls.filter_map(|((call, name), published)| {
            let published = (*published).filter(|_| made.contains(&Operation(call)))?;
            let lane = pace.lane(Operation(call))?;
            let Turns::Pacer(pacer) = &pace.lanes[lane] else { return None };
            let unused = u64::from(pacer.burst) < published;
            unused.then(|| (name.clone(), pacer.rate, (u64::from(pacer.burst), published)))
        });
        let mut found: Vec<_> = found.collect();
        let most = (0..found.len()).max_by_key(|place| (found[*place].2.1, usize::MAX - place))?;
        let (call, rate, burst) = found.swap_remove(most);
        Some(Note::UnusedBurst { strategy: number, call: (call, found.len()), rate, burst })
    }

    /// What a provider does not offer any more, or not for long: all of it, or calls that are made.
    fn ends(&self, number: usize, provider: &ResolvedProvider) -> Vec<Note> {
        let calls = self.names.calls.iter().zip(&self.provider_of);
        let mut calls = calls.filter(|(_, of)| **of == number).map(|(call, _)| call).peekable();
        let note = |calls: Vec<String>, offer: Offer| Note::Ends {
            provider: provider.resolved.name().into(),
            calls,
            offer,
        };
        let whole = provider.resolved.standing();
        if whole.ends() && calls.peek().is_some() {
            return vec![note(Vec::new(), whole)];
        }
        let mut groups: Vec<(Offer, Vec<String>)> = Vec::new();
        for call in calls {
            let operation = provider.resolved.operation(call).map(Offer::from);
            let Some(offer) = operation.ok().filter(Offer::ends) else { continue };
            match groups.iter_mut().find(|(known, _)| *known == offer) {
                Some((_, calls)) => calls.push(call.clone()),
                None => groups.push((offer, vec![call.clone()])),
            }
        }
        groups.into_iter().map(|(offer, calls)| note(calls, offer)).collect()
    }
}

/// True if a strategy moves its first attempts away from the arrival of the work.
const fn is_moved(strategy: &Strategy) -> bool {
    matches!(&strategy.start, Some(Start::Offset(_) | Start::Spread(_)))
}

/// For each workload, true if a strategy that does not move it runs it.
fn stays(plan: &Plan) -> Vec<bool> {
    let mut stays = vec![false; plan.workloads.len()];
    for strategy in plan.strategies.iter().filter(|strategy| !is_moved(strategy)) {
        match &strategy.workloads {
            Some(list) => list.iter().for_each(|of| stays[usize::from(*of)] = true),
            None => stays.fill(true),
        }
    }
    stays
}

/// Instants at which much of a workload arrives at once, as many as a day may have.
fn arrivals(workload: &Workload, duration: Span) -> Box<dyn Iterator<Item = Instant> + '_> {
    const MOST: u64 = 24 * 60;
    match &workload.arrivals {
        Arrivals::Burst(bursts) => Box::new(bursts.iter().map(|burst| burst.at)),
        Arrivals::Every { period, offset, jitter, spread }
            if *jitter < Span::MINUTE && *spread < Span::MINUTE =>
        {
            let times = (0..MOST).map(|n| Instant::ORIGIN + *offset + period.times(n));
            Box::new(times.take_while(move |at| *at < Instant::ORIGIN + duration))
        }
        _ => Box::new(std::iter::empty()),
    }
}

/// The minute of the hour at an instant.
fn minute(start: i64, at: Instant) -> Option<u8> {
    let since = i64::try_from(at.as_nanos() / 1_000_000_000).ok()?;
    u8::try_from(start.checked_add(since)?.div_euclid(60).rem_euclid(60)).ok()
}

/// For each call the requests that every limit admits at once; `None` without a limit, with one
/// that has no burst, or if its work does not keep coming.
fn usable_bursts(plan: &Plan) -> Vec<Option<u64>> {
    let mut keeps_coming = vec![false; plan.calls.len()];
    let coming = plan.workloads.iter().filter(|of| !matches!(of.arrivals, Arrivals::Burst(_)));
    for step in coming.flat_map(|workload| &workload.steps) {
        keeps_coming[usize::from(step.operation.0)] = true;
    }
    let mut bursts: Vec<Option<u64>> = vec![None; plan.calls.len()];
    let mut is_bounded = vec![true; plan.calls.len()];
    for limit in &plan.limits {
        let level = match &limit.rule.limiter {
            limiter @ (Limiter::TokenBucket(_) | Limiter::Quota(_) | Limiter::Dynamic(_)) => {
                limiter.level(Instant::ORIGIN)
            }
            _ => None,
        };
        for operation in &limit.rule.operations {
            let call = usize::from(operation.0);
            is_bounded[call] &= level.is_some();
            bursts[call] = bursts[call].map_or(level, |least| level.map(|level| level.min(least)));
        }
    }
    let usable =
        is_bounded.into_iter().zip(keeps_coming).map(|(bounded, coming)| bounded && coming);
    bursts.into_iter().zip(usable).map(|(burst, usable)| burst.filter(|_| usable)).collect()
}

/// Workers that there are several times over, one note for each number of them.
fn workers(plan: &Plan) -> Vec<Note> {
    let mut groups: IndexMap<Crews, Vec<usize>> = IndexMap::new();
    for (number, strategy) in plan.strategies.iter().enumerate() {
        let Some(crews) = crews(plan, strategy).filter(|crews| crews.all() > crews.workers) else {
            continue;
        };
        groups.entry(crews).or_default().push(number);
    }
    let note = |(crews, strategies)| Note::Workers { strategies, crews };
    groups.into_iter().map(note).collect()
}

/// The workers of a strategy; `None` if they are unlimited.
pub(in crate::scenario) fn crews(plan: &Plan, strategy: &Strategy) -> Option<Crews> {
    let workers = u64::from(strategy.workers?);
    let (callers, processes) = (callers(plan.population), u64::from(plan.population.processes));
    Some(match strategy.crew {
        Sharing::Process => Crews { workers, callers, processes },
        Sharing::Caller => Crews { workers, callers, processes: 1 },
        Sharing::Everybody => Crews { workers, callers: 1, processes: 1 },
    })
}
