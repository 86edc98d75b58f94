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
        self.extreme(Metric::ThrottleRate, |a, b| a > b).map_or(String::new(), |(runs, rate)| {
            let of = self.among("of", runs.strategy);
            format!("{} of the calls{of} are throttled", words::percent(rate))
        })
    }

    /// Which limit throttles most, and how much.
    pub(super) fn most_throttling(&self) -> String {
        let Some((runs, rate)) = self.extreme(Metric::ThrottleRate, |a, b| a > b) else {
            return "No call was made".into();
        };
        let names = &self.report.scenario.names.causes;
        let timeline = &runs.total.timeline;
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
                let of = self.among("of", runs.strategy);
                format!("“{name}” throttles {} of the calls{of}", words::percent(share))
            }
            _ => "No call is throttled".into(),
        }
    }

    /// Whose jobs are done soonest.
    pub(super) fn soonest(&self) -> String {
        let p95 = Metric::JobLatency(Statistic::Quantile(950));
        match self.extreme(p95, |a, b| a < b) {
            Some((runs, p95s)) => format!("{} {}", self.name(runs.strategy), verb(p95, p95s)),
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
            let of = self.among("of", place);
            let [worst, median] = [worst, median].map(words::percent);
            format!("The worst account{of} has {worst} of its calls throttled, the median {median}")
        })
    }

    /// Whose data is oldest.
    pub(super) fn oldest(&self) -> String {
        let max = Metric::Age(Statistic::Max);
        let found = self.extreme(max, |a, b| a > b);
        found.map_or("Age of the data".into(), |(runs, age)| {
            format!("{} {}", self.name(runs.strategy), verb(max, age))
        })
    }

    /// How many wait at most, `highest` being the most of each strategy.
    pub(super) fn longest_queue(&self, highest: &[f64]) -> String {
        let strategies = self.report.study.strategies.iter().zip(highest);
        let most = strategies.rev().max_by(|(_, a), (_, b)| a.total_cmp(b));
        most.map_or(String::new(), |(runs, most)| {
            let requests = if *most == 1.0 { "request waits" } else { "requests wait" };
            let with = self.among("with", runs.strategy);
            format!("At most {} {requests}{with}", words::number(*most))
        })
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
        let strategies = self.report.study.strategies.iter().zip(held);
        let which: Vec<usize> =
            strategies.filter(|(_, held)| **held).map(|(runs, _)| runs.strategy).collect();
        match (which.as_slice(), held.len()) {
            (_, 1) => String::new(),
            ([only], _) => format!(", with {}", self.name(*only)),
            (all, of) if all.len() == of => ", with every strategy".into(),
            (some, of) => format!(", with {} of {of} strategies", some.len()),
        }
    }

    /// The strategy with the greatest figure by `more`, the first of equals.
    fn extreme(&self, metric: Metric, more: fn(f64, f64) -> bool) -> Option<(&Runs, f64)> {
        let figure = |runs| Some((runs, Runs::estimate(runs, Slice::Whole, metric)?.mean));
        self.report
            .study
            .strategies
            .iter()
            .filter_map(figure)
            .reduce(|best, other| if more(other.1, best.1) { other } else { best })
    }

    pub(super) fn name(&self, strategy: usize) -> String {
        format!("“{}”", self.report.scenario.names.label(strategy))
    }

    /// Which strategy is meant, after a preposition; nothing where there is only one.
    fn among(&self, preposition: &str, strategy: usize) -> String {
        match self.report.study.strategies.len() {
            1 => String::new(),
            _ => format!(" {preposition} {}", self.name(strategy)),
        }
    }
}
