//! What each picture shows, in a sentence that stands above it: made of the figures that are drawn.

use super::Album;
use crate::metrics::Channel;
use crate::metrics::figures::{Metric, Slice, Statistic};
use crate::report::chart::Series;
use crate::report::measures::verb;
use crate::report::words;
use crate::study::{Fact, Runs};

impl Album<'_> {
    /// Who is best, and in what.
    pub(super) fn best_of_all(&self) -> String {
        let report = self.report;
        let rankings = report.rankings();
        let Some(ranked) = rankings.first().map(|ranking| &ranking.ranked) else {
            return self.most_throttled();
        };
        let first = ranked.places.iter().filter(|(_, place)| *place == 1);
        let first: Vec<String> = first.map(|(strategy, _)| self.name(*strategy)).collect();
        let (Some(lead), [best]) = (&ranked.lead, first.as_slice()) else {
            let tied = match first.len() {
                0..=2 => words::list(&first),
                many => format!("the best {many} strategies"),
            };
            return format!("No difference between {tied} matters");
        };
        let what = match &lead.by {
            Fact::Figure { metric, means: [Some(mean), _], .. } => {
                format!(": it {}", verb(*metric, *mean))
            }
            Fact::Figure { .. } | Fact::Expectations(_) => String::new(),
        };
        match lead.sure {
            true => format!("{best} is best{what}"),
            false => format!("{best} is ahead, but chance may have decided{what}"),
        }
    }

    /// Who is throttled most.
    pub(super) fn most_throttled(&self) -> String {
        self.extreme(Metric::ThrottleRate, |a, b| a > b).map_or(String::new(), |(all, rate)| {
            let of = self.among("of", &all);
            format!("{} of the calls{of} are throttled", words::percent(rate))
        })
    }

    /// Which limit throttles most, and how much.
    pub(super) fn most_throttling(&self) -> String {
        let Some((all, rate)) = self.extreme(Metric::ThrottleRate, |a, b| a > b) else {
            return "No call was made".into();
        };
        // Equally many calls may be throttled by other limits.
        let first = all[0];
        let names = &self.report.scenario.names.causes;
        let timeline = &self.report.study.strategies[first].total.timeline;
        let counted = (0u16..)
            .zip(names)
            .map(|(cause, name)| (timeline.channel(Channel::Throttled(cause)).sum::<u64>(), name));
        let all: u64 = timeline.throttled().sum();
        // The first of equals.
        let most = counted.reduce(|most, other| if other.0 > most.0 { other } else { most });
        match most {
            Some((count, name)) if count > 0 => {
                #[expect(clippy::cast_precision_loss)]
                let share = rate * count as f64 / all as f64;
                let of = self.among("of", &[first]);
                format!("“{name}” throttles {} of the calls{of}", words::percent(share))
            }
            _ => "No call is throttled".into(),
        }
    }

    /// Whose jobs are done soonest.
    pub(super) fn soonest(&self) -> String {
        let p95 = Metric::JobLatency(Statistic::Quantile(950));
        match self.extreme(p95, |a, b| a < b) {
            Some((all, p95s)) => self.first_of(&all, &verb(p95, p95s)),
            None => "No strategy completes 95 % of its jobs".into(),
        }
    }

    /// How far the worst account is from the median one, where that is farthest; shares ascend.
    pub(super) fn unequal(&self, series: &[Series<f64>]) -> String {
        let ends = |one: &Series<f64>| {
            let (last, middle) = (one.values.last()?, one.values.get(one.values.len() / 2)?);
            Some((*last, *middle, one.strategy.place))
        };
        // The first of equals.
        let farthest = series
            .iter()
            .filter_map(ends)
            .reduce(|most, other| if other.0 - other.1 > most.0 - most.1 { other } else { most });
        farthest.map_or(String::new(), |(worst, median, place)| {
            let of = self.among("of", &[place]);
            let [worst, median] = [worst, median].map(words::percent);
            format!("The worst account{of} has {worst} of its calls throttled, the median {median}")
        })
    }

    /// Whose data is oldest.
    pub(super) fn oldest(&self) -> String {
        let max = Metric::Age(Statistic::Max);
        let found = self.extreme(max, |a, b| a > b);
        found.map_or("Age of the data".into(), |(all, age)| self.first_of(&all, &verb(max, age)))
    }

    /// How many wait at most, `highest` being the most of each strategy.
    pub(super) fn longest_queue(&self, highest: &[f64]) -> String {
        let most = highest.iter().copied().fold(0.0, f64::max);
        let requests = if most == 1.0 { "request waits" } else { "requests wait" };
        let all = self.held_by(&highest.iter().map(|own| *own == most).collect::<Vec<_>>());
        let with = self.among("with", &all);
        format!("At most {} {requests}{with}", words::number(most))
    }

    /// Who leaves nothing of a limit, `lowest` being the least of each strategy; `title` names the
    /// limit.
    pub(super) fn least_left(&self, title: &str, lowest: &[u64]) -> String {
        let least = lowest.iter().min().copied().unwrap_or(0);
        match least {
            0 => {
                let used_up: Vec<bool> = lowest.iter().map(|left| *left == 0).collect();
                format!("{title}: nothing at times{}", self.with(&used_up))
            }
            least => format!("{title}: at least {}", words::count(least)),
        }
    }

    /// The strategies of which something holds, `held` saying so of each; nothing where there is
    /// only one.
    pub(super) fn with(&self, held: &[bool]) -> String {
        match self.among("with", &self.held_by(held)) {
            with if with.is_empty() => with,
            with => format!(",{with}"),
        }
    }

    /// The strategies of which something holds, by index.
    fn held_by(&self, held: &[bool]) -> Vec<usize> {
        let strategies = self.report.study.strategies.iter().zip(held);
        strategies.filter(|(_, held)| **held).map(|(runs, _)| runs.strategy).collect()
    }

    /// The strategies with the greatest figure by `more`, and that figure.
    fn extreme(&self, metric: Metric, more: fn(f64, f64) -> bool) -> Option<(Vec<usize>, f64)> {
        let strategies = self.report.study.strategies.iter();
        let figure = |runs: &Runs| Some((runs.strategy, runs.estimate(Slice::Whole, metric)?.mean));
        let all: Vec<(usize, f64)> = strategies.filter_map(figure).collect();
        let greatest = all.iter().map(|of| of.1).reduce(|a, b| if more(b, a) { b } else { a })?;
        let equal = all.iter().filter(|of| of.1 == greatest).map(|of| of.0);
        Some((equal.collect(), greatest))
    }

    /// What the first of equals does, and that others do so too.
    fn first_of(&self, equal: &[usize], does: &str) -> String {
        let others = match equal.len() {
            0 | 1 => String::new(),
            2 => ", like 1 other strategy".into(),
            many => format!(", like {} other strategies", many - 1),
        };
        format!("{} {does}{others}", self.name(equal[0]))
    }

    pub(super) fn name(&self, strategy: usize) -> String {
        format!("“{}”", self.report.scenario.names.label(strategy))
    }

    /// Which strategies are meant, after a preposition; nothing where there is only one.
    fn among(&self, preposition: &str, which: &[usize]) -> String {
        match (which, self.report.study.strategies.len()) {
            (_, 1) => String::new(),
            ([only], _) => format!(" {preposition} {}", self.name(*only)),
            (all, of) if all.len() == of => format!(" {preposition} every strategy"),
            (some, of) => format!(" {preposition} {} of {of} strategies", some.len()),
        }
    }
}
