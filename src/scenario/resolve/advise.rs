//! `[advise]`: what the best strategy is to reach, with all that it leaves out filled in.

use super::Resolver;
use super::indices::Known;
use crate::catalog::Spanned;
use crate::limiter::Population;
use crate::metrics::figures::Metric;
use crate::scenario::advise::RANGES;
use crate::scenario::raw::{RawAdvise, RawExpect, RawFreedom};
use crate::scenario::{Advise, Axis, Comparison, Expectation, Freedom, Ranking, nearest, preset};
use crate::strategy::Strategy;
use crate::workload::{View, Workload};

/// The parts of the scenario that an advice starts from.
pub(super) struct Basis<'a> {
    pub population: Population,
    pub workloads: &'a [Workload],
    pub strategies: &'a [Strategy],
    pub expectations: &'a [Expectation],
    pub ranking: &'a Ranking,
}

impl Resolver<'_> {
    pub(super) fn read_advise(&mut self, basis: &Basis<'_>) -> Advise {
        let raw = self.raw.advise.clone().unwrap_or_default();
        let may: Vec<Freedom> = match &raw.may {
            None => Freedom::ALL.to_vec(),
            Some(list) => {
                let named: Vec<Freedom> = list.get_ref().iter().map(|of| meant(*of)).collect();
                self.once_each(named.iter().map(|of| (of.name(), list.span())));
                if named.is_empty() {
                    let help = "name what may be chosen, or leave `may` out for everything";
                    self.incomplete(list.span(), "`may` allows nothing", help);
                }
                named
            }
        };
        if let Some(none) = raw.budget.as_ref().filter(|budget| *budget.get_ref() == 0) {
            self.out_of_range(none.span(), "a budget of no runs", "write 1 or more");
        }
        Advise {
            ranking: self.advised_ranking(&raw, basis),
            must: self.musts(&raw, basis),
            budget: raw.budget.as_ref().map(|budget| *budget.get_ref()),
            ranges: self.ranges(&raw, &may),
            routes: self.routes(&raw, &may, basis),
            routes_are_stated: raw.routes.is_some(),
            clients: self.advised_clients(&raw),
            may,
        }
    }

    fn advised_ranking(&mut self, raw: &RawAdvise, basis: &Basis<'_>) -> Ranking {
        let mut ranking = basis.ranking.clone();
        if raw.goal.is_some() {
            ranking.goals = self.goals(raw.goal.clone(), basis.population, basis.workloads);
        }
        // Of equals nobody wants the one that floods its provider.
        if !ranking.goals.is_empty() && !ranking.goals.contains(&Metric::CallsPerSuccess) {
            ranking.goals.push(Metric::CallsPerSuccess);
        }
        if let Some(worth) = self.worth(raw.worth.clone(), &ranking.goals) {
            ranking.worth = worth;
        }
        ranking
    }

    fn musts(&mut self, raw: &RawAdvise, basis: &Basis<'_>) -> Vec<Expectation> {
        let Some(list) = &raw.must else { return wishes(basis.expectations) };
        let parts = self.parts();
        let must = |that: &Spanned<String>| RawExpect {
            that: that.clone(),
            strategy: None,
            call: None,
            workload: None,
            account: None,
            why: None,
        };
        let all: Vec<RawExpect> = list.get_ref().iter().map(must).collect();
        all.iter().filter_map(|one| self.expectation(one, basis.population, &parts)).collect()
    }

    fn ranges(&mut self, raw: &RawAdvise, may: &[Freedom]) -> Vec<Axis> {
        let mut axes = Vec::new();
        for (key, value) in raw.range.iter().flatten() {
            let mut found = Vec::new();
            self.axes(key.get_ref(), value.get_ref(), &value.span(), &mut found);
            for axis in &found {
                self.check_range(key, &axis.address, may);
            }
            axes.extend(found);
        }
        axes
    }

    /// A range must be of a key that may be chosen.
    fn check_range(&mut self, key: &Spanned<String>, address: &str, may: &[Freedom]) {
        let names = || RANGES.iter().map(|(name, _)| *name);
        match RANGES.iter().find(|(known, _)| *known == address) {
            None => {
                let all = || format!("write one of {}", names().collect::<Vec<_>>().join(", "));
                let near = nearest(address, names());
                let help = near.map_or_else(all, |near| format!("did you mean `{near}`?"));
                self.unknown((address, key.span()), format!("no range of `{address}`"), &help);
            }
            Some((_, freedom)) if !may.contains(freedom) => {
                let message = format!("`{address}` has no effect: `may` does not name it");
                let help = format!("add \"{}\" to `may`, or leave the range out", freedom.name());
                self.no_effect(key.span(), message, &help);
            }
            Some(_) => {}
        }
    }

    fn routes(
        &mut self,
        raw: &RawAdvise,
        may: &[Freedom],
        basis: &Basis<'_>,
    ) -> Vec<Option<Vec<u16>>> {
        let Some(list) = &raw.routes else { return found_routes(may, basis) };
        let known = Known::of(self.names.workloads.iter().map(String::as_str));
        let mut routes = Vec::new();
        for names in list.get_ref() {
            if names.is_empty() {
                self.incomplete(list.span(), "a route of no workload", "name one or more");
            }
            self.once_each(names.iter().map(|name| (name.get_ref(), name.span())));
            let places = names.iter().filter_map(|name| self.named(Some(name), &known, "workload"));
            let places: Vec<u16> = places.filter_map(|place| u16::try_from(place).ok()).collect();
            routes.push((places.len() < known.len()).then_some(places));
        }
        if routes.is_empty() {
            let help = "write routes = [[\"patch\"], [\"feed\"]], or leave `routes` out";
            self.incomplete(list.span(), "`routes` names none", help);
        }
        routes
    }

    fn advised_clients(&mut self, raw: &RawAdvise) -> Vec<String> {
        let Some(list) = &raw.client else {
            let mut used: Vec<String> = Vec::new();
            for preset in self.raw.strategy.values().filter_map(|of| of.preset.as_ref()) {
                let name = preset.get_ref().replace('-', "_");
                if !used.contains(&name) {
                    used.push(name);
                }
            }
            return used;
        };
        let mut clients = Vec::new();
        for name in &list.get_ref().0 {
            match preset::find(name, list.span()) {
                Ok(found) => clients.push(found.name.to_string()),
                Err(help) => {
                    self.unknown(
                        (name, list.span()),
                        format!("no preset `{name}`"),
                        &help.to_string(),
                    );
                }
            }
        }
        clients
    }
}

const fn meant(raw: RawFreedom) -> Freedom {
    match raw {
        RawFreedom::Workers => Freedom::Workers,
        RawFreedom::Pace => Freedom::Pace,
        RawFreedom::Retry => Freedom::Retry,
        RawFreedom::Batch => Freedom::Batch,
        RawFreedom::Cache => Freedom::Cache,
        RawFreedom::Processes => Freedom::Processes,
        RawFreedom::Spread => Freedom::Spread,
        RawFreedom::Notifications => Freedom::Notifications,
    }
}

/// What the scenario expects and can be wished for. An expectation of one strategy may also state
/// how bad it is, or an exact figure of it: that is nothing to reach, except nothing lost.
fn wishes(expectations: &[Expectation]) -> Vec<Expectation> {
    let mut wishes: Vec<Expectation> = Vec::new();
    for expected in expectations {
        let asks_for_more =
            matches!(expected.comparison, Comparison::Greater | Comparison::AtLeast);
        let asks_for_less = matches!(expected.comparison, Comparison::Less | Comparison::AtMost);
        let bad = if expected.metric.more_is_better() { asks_for_less } else { asks_for_more };
        let equals = matches!(expected.comparison, Comparison::Equal | Comparison::NotEqual);
        let nothing = expected.comparison == Comparison::Equal && expected.value == 0.0;
        let exact = equals && (!nothing || expected.metric.more_is_better());
        let of_one = expected.strategy.is_some() && (bad || exact);
        let wish = Expectation { strategy: None, why: None, ..expected.clone() };
        let same = |other: &Expectation| other.text == wish.text && other.slice == wish.slice;
        if !of_one && !wishes.iter().any(same) {
            wishes.push(wish);
        }
    }
    wishes
}

/// The lists of workloads that strategies name, where these are alternatives; otherwise all work
/// together, or the data that is polled and the data that is sent each by itself.
fn found_routes(may: &[Freedom], basis: &Basis<'_>) -> Vec<Option<Vec<u16>>> {
    if let Some(lists) = alternatives(basis.strategies) {
        return lists.into_iter().map(Some).collect();
    }
    let views: Vec<View> = basis.workloads.iter().map(|workload| workload.view).collect();
    if !views.contains(&View::Polled) || !views.contains(&View::Notified) {
        return vec![None];
    }
    let all = (0u16..).zip(&views);
    let plain = |view: &View| *view == View::None;
    let of = |wanted: View| {
        let own = all.clone().filter(|(_, view)| **view == wanted || plain(view));
        Some(own.map(|(place, _)| place).collect::<Vec<u16>>())
    };
    let sent = may.contains(&Freedom::Notifications).then(|| of(View::Notified));
    [of(View::Polled)].into_iter().chain(sent).collect()
}

/// The lists of workloads of all strategies, if each strategy names one and no list is a part of
/// another: then one list is enough.
fn alternatives(strategies: &[Strategy]) -> Option<Vec<Vec<u16>>> {
    let mut lists: Vec<Vec<u16>> = Vec::new();
    for strategy in strategies {
        let mut own = strategy.workloads.clone()?;
        own.sort_unstable();
        if !lists.contains(&own) {
            lists.push(own);
        }
    }
    let is_part = |one: &[u16], other: &[u16]| one.iter().all(|of| other.contains(of));
    let parts = lists
        .iter()
        .enumerate()
        .any(|(n, one)| lists.iter().enumerate().any(|(m, other)| n != m && is_part(one, other)));
    (!lists.is_empty() && !parts).then_some(lists)
}
