//! Which strategy is best, and by what rule: each sentence is made of the facts that decided.
//!
//! ```text
//!   difference of best and next in each run, both having met the same arrivals, service times and
//!   faults  ──►  its 95 % interval (Student's t)  ──►  beyond chance where that excludes zero
//! ```

use super::league::{self, Ranking};
use super::measures::{difference, estimated_difference, verb, worth};
use super::words;
use crate::metrics::figures::Metric;
use crate::report::Report;
use crate::study::{Basis, Criterion, Fact, Judged, Lead, Ranked, Rule, rank};

impl Report<'_> {
    /// Everything that is ranked: all strategies, or each workload of a league by itself. Nothing,
    /// if there is only one strategy.
    #[must_use]
    pub fn rankings(self) -> Vec<Ranking> {
        let Report { scenario, study } = self;
        if let Some(league) = &scenario.league {
            return league::rankings(self, league);
        }
        let all: Vec<usize> = study.strategies.iter().map(|runs| runs.strategy).collect();
        let several = all.len() > 1;
        let ranking = several.then(|| Ranking { of: None, ranked: rank(scenario, study, &all) });
        ranking.into_iter().collect()
    }

    /// The best of all strategies, by index; `None` where several share the first place, or where
    /// chance may have decided.
    #[must_use]
    pub fn best(self) -> Option<usize> {
        self.rankings().first().and_then(|ranking| ranking.ranked.best())
    }
}

impl Ranking {
    /// Who is best and why, in a sentence or a few.
    #[must_use]
    pub fn sentence(&self, report: Report<'_>) -> String {
        let Report { scenario, study } = report;
        let name = |strategy: usize| format!("“{}”", scenario.names.label(strategy));
        let of = self.of.as_ref().map_or(String::new(), |of| format!("{of}: "));
        let places = &self.ranked.places;
        let first: Vec<String> = places
            .iter()
            .filter(|(_, place)| *place == 1)
            .map(|(strategy, _)| name(*strategy))
            .collect();
        let Some(lead) = &self.ranked.lead else {
            let names = words::list(&first);
            return format!("{of}{names} tie: no difference between them matters.");
        };
        let runs = study.replications;
        let best = first.first().cloned().unwrap_or_default();
        let told = told(&lead.by, &name(lead.next));
        let mut text = match (lead.sure, runs) {
            (true, 1) if of.is_empty() => format!("In this one run {best} is best: it {told}."),
            (true, _) => format!("{of}{best} is best: it {told}."),
            (false, _) => format!(
                "{of}{best} is ahead of {}, but chance may have decided: it {told}.",
                name(lead.next)
            ),
        };
        text += &interval(lead, runs);
        text += &ties(lead, &best);
        text
    }
}

/// What the first does, against the next.
fn told(fact: &Fact, next: &str) -> String {
    match fact {
        Fact::Expectations([first, other]) => {
            format!("{}, and {next} {}", judged(*first), judged(*other))
        }
        Fact::Figure { metric, means: [Some(first), Some(other)], .. } => {
            let other = words::of(metric.measure())(*other);
            format!("{} instead of {other} ({next})", verb(*metric, *first))
        }
        Fact::Figure { metric, means: [first, _], .. } => {
            let first = first.map_or(String::new(), |first| verb(*metric, first));
            format!("{first}, and {next} has no such figure: it lost work")
        }
    }
}

/// How a strategy did in what is expected of all of them.
fn judged(judged: Judged) -> String {
    let Judged { all, failed, inconclusive } = judged;
    match (failed, inconclusive) {
        (0, 0) => "meets every expectation".into(),
        (0, doubtful) => format!("is inconclusive in {doubtful} of {all}"),
        (failed, _) => format!("fails {failed} of {all}"),
    }
}

/// The paired difference with its interval, of several runs.
fn interval(lead: &Lead, runs: u32) -> String {
    let Fact::Figure { metric, difference: Some(found), .. } = &lead.by else {
        return String::new();
    };
    if found.ci95.is_none() {
        return String::new();
    }
    let size = estimated_difference(metric.measure(), *found);
    // Without chance in it, the difference is the same each time, and has no interval.
    if found.half().is_none_or(|half| half <= 0.0) {
        return format!(" The difference is {size} in each of {runs} paired runs.");
    }
    let zero = if lead.sure { "" } else { "; it includes 0" };
    format!(" The difference is {size} (95 % interval of {runs} paired runs{zero}).")
}

/// What counts more but does not tell the two apart, where they differ in it at all.
fn ties(lead: &Lead, best: &str) -> String {
    let tie = |fact: &Fact| match fact {
        Fact::Figure { metric, worth: up_to, means: [Some(first), Some(next)], .. }
            if (first - next).abs() > 1e-9 * first.abs().max(next.abs()) =>
        {
            let next_shown = words::of(metric.measure())(*next);
            Some(format!(
                "{best} {} instead of {next_shown}, a difference of {} and so within {}",
                verb(*metric, *first),
                difference(metric.measure(), first - next),
                worth(*metric, *up_to),
            ))
        }
        _ => None,
    };
    let told: Vec<String> = lead.ties.iter().filter_map(tie).collect();
    if told.is_empty() {
        String::new()
    } else {
        format!(" They tie in what counts more: {}.", told.join("; "))
    }
}

/// The rule by which strategies are ranked, in a sentence; what follows one another with the same
/// worth states it once.
#[must_use]
pub fn rule(rule: &Rule) -> String {
    rule_of(rule, "expectations met")
}

/// The same, with other words for the expectations.
#[must_use]
pub(super) fn rule_of(rule: &Rule, expected: &str) -> String {
    let up_to = |criterion: &Criterion| match criterion {
        Criterion::Expectations => None,
        Criterion::Figure(metric, up_to) => Some(worth(*metric, *up_to)),
    };
    let mut criteria: Vec<String> = Vec::new();
    let mut alike = 0;
    for (number, criterion) in rule.criteria.iter().enumerate() {
        let mut text = match criterion {
            Criterion::Expectations => expected.into(),
            Criterion::Figure(metric, _) if metric.more_is_better() => {
                format!("{} (more is better)", metric.noun())
            }
            Criterion::Figure(metric, _) => metric.noun(),
        };
        alike += 1;
        let next = rule.criteria.get(number + 1).and_then(up_to);
        if let Some(worth) = up_to(criterion).filter(|worth| next.as_ref() != Some(worth)) {
            let each = if alike > 1 { " each" } else { "" };
            text += &format!(" (ties up to {worth}{each})");
            alike = 0;
        }
        if *criterion == Criterion::Expectations {
            alike = 0;
        }
        criteria.push(text);
    }
    let basis = match rule.basis {
        Basis::Stated => "as the scenario states its goal",
        Basis::AtStart => "as all work is there at the start",
        Basis::Polled => "as all work fetches data again and again",
        Basis::KeepsComing => "as work keeps coming",
    };
    format!("Ranked by {}; {basis}.", criteria.join(", then "))
}

/// The name of what decided, as a goal writes it.
#[must_use]
pub fn decided_by(ranked: &Ranked) -> Option<String> {
    ranked.lead.as_ref().map(|lead| match lead.by {
        Fact::Expectations(_) => "expectations".into(),
        Fact::Figure { metric, .. } => metric.key(),
    })
}

/// The metrics that decide, in order.
pub(super) fn metrics(rule: &Rule) -> impl Iterator<Item = Metric> {
    rule.criteria.iter().filter_map(|criterion| match criterion {
        Criterion::Expectations => None,
        Criterion::Figure(metric, _) => Some(*metric),
    })
}

/// The criteria of a rule by name, as a goal writes them.
#[must_use]
pub fn criteria(rule: &Rule) -> Vec<String> {
    let name = |criterion: &Criterion| match criterion {
        Criterion::Expectations => "expectations".into(),
        Criterion::Figure(metric, _) => metric.key(),
    };
    rule.criteria.iter().map(name).collect()
}
