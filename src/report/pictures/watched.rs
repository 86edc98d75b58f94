//! The pictures that show a second look at the first run: backlog, and what is left of limits.

use super::super::chart::{Backlog, Band, Bands, BucketLevel, Heading, Series};
use super::super::words;
use super::headroom::{InUse, owned};
use super::{Album, Named, Pictures, too_large};
use crate::limiter::Rule;
use crate::metrics::figures::Metric;
use crate::metrics::{Channel, Extremes, Timeline};
use crate::scenario::{self, Scenario};
use crate::study::ideals;
use crate::study::{Look, Looks, Runs, Shown};
use crate::units::{Instant, Span};
use crate::wire::{Caller, Operation};

/// The instants of a line, and its values there.
type Line = Vec<(Instant, f64)>;

const BACKLOG: &str = "Backlog over time";

impl Album<'_> {
    /// A heading that says first how its figures were read.
    pub(super) fn read(&self, title: &str, reading: &str, runs: &str) -> Heading {
        let Scenario { question, name, plan, .. } = self.report.scenario;
        let subtitle = format!("{reading} · {question} · {name}, seed {}{runs}", plan.seed);
        Heading { title: title.into(), subtitle }
    }

    /// Which of several runs a second look was at.
    pub(super) fn first_run(&self) -> String {
        match self.report.study.replications {
            1 => ", 1 run".into(),
            n => format!(", the first of {n} runs"),
        }
    }

    /// The backlog of all accounts over time.
    pub(super) fn backlog(&self, looks: &Looks, pictures: &mut Pictures) {
        let whole: Option<Vec<&Look>> =
            looks.strategies.iter().map(|l| l.as_ref().filter(|look| look.whole)).collect();
        let (lines, bands, heading): (Vec<(Line, Line)>, Bands, Heading) = match whole {
            Some(looks) => {
                let reading = format!("{BACKLOG}, the highest of each interval");
                let lines: Vec<(Line, Line)> = looks.iter().map(|look| highest(look)).collect();
                let finding = self.longest_queue(&peaks(&lines));
                let bands = Bands::Extents(
                    looks.iter().map(|look| extents(&look.watched.backlog)).collect(),
                );
                (lines, bands, self.read(&finding, &reading, &self.first_run()))
            }
            None => {
                let strategies = self.report.study.strategies.iter();
                let lines: Vec<_> = strategies.clone().map(|runs| self.at_ends(runs)).collect();
                let bands = Bands::Intervals(strategies.map(band).collect());
                let reading = format!("{BACKLOG}, at the end of each interval");
                let finding = self.longest_queue(&peaks(&lines));
                (lines, bands, self.heading(&finding, &reading))
            }
        };
        if lines.iter().all(|(line, _)| line.iter().all(|(_, waiting)| *waiting == 0.0)) {
            pictures.left_out.push(format!("{BACKLOG}: no request took any time"));
            return;
        }
        let expected = self.report.scenario.expectations.iter();
        let by = |e: &&scenario::Expectation| e.comparison.bounds_above();
        let done = expected.filter(|e| e.metric == Metric::Completion).filter(by);
        let deadline = done.map(|e| Instant::ORIGIN + Span::from_secs_f64(e.value)).max();
        // Of several steps only those that have arisen wait, which no straight line shows.
        let ideal = match ideals(self.report.scenario).as_slice() {
            [one] if self.report.scenario.plan.workloads[one.workload].steps.len() == 1 => {
                one.line()
            }
            _ => Vec::new(),
        };
        let series = self.report.study.strategies.iter().zip(lines).map(|(runs, (line, lost))| {
            let of = |values| Series { strategy: self.strategy(runs), values };
            (of(line), of(lost))
        });
        let (series, lost) = series.unzip();
        let title = heading.title.clone();
        let picture =
            Backlog { heading, start: self.start, series, bands, lost, ideal, deadline }.draw();
        pictures.drawn.push(Named { title, file: "backlog".into(), picture });
    }

    /// The mean backlog at the end of each interval, and where requests were given up.
    fn at_ends(&self, runs: &Runs) -> (Line, Line) {
        let timeline = &runs.total.timeline;
        let ends = (1u64..).map(|n| Instant::ORIGIN + timeline.width().times(n));
        let line = ends.zip(timeline.backlog().map(|n| self.mean(n))).collect();
        let lost = given_up(timeline).into_iter().map(|(at, n)| (at, self.mean(n))).collect();
        (line, lost)
    }

    /// What is left of each limit over time, of the account that suffers most.
    pub(super) fn levels(&self, looks: &Looks, in_use: &[InUse], pictures: &mut Pictures) {
        let plan = &self.report.scenario.plan;
        for (number, (limit, operation)) in plan.watched().into_iter().enumerate() {
            let owner = owned(self.owner(looks, limit).as_ref());
            let title = self.level_title(limit, operation) + &owner;
            let looked: Option<Vec<&Look>> = looks.strategies.iter().map(Option::as_ref).collect();
            let Some(looked) = looked else {
                pictures.left_out.push(format!("{title}: {}", too_large()));
                continue;
            };
            let lines = || looked.iter().map(|look| &look.watched.limits[number].left);
            let most = lines().filter_map(Extremes::highest).max();
            let full = plan.most(limit, looks.account).max(most);
            if let Some(why) = dull(&lines().collect::<Vec<_>>(), number, in_use) {
                pictures.left_out.push(format!("{title}: {why}"));
                continue;
            }
            let values = |runs: &Runs| extents(&looked[runs.strategy].watched.limits[number].left);
            let lowest = lines().map(|line| line.lowest().unwrap_or(0));
            let title = self.least_left(&title, &lowest.collect::<Vec<_>>());
            let reading = self.level_reading(looks, limit);
            let heading = self.read(&title, &reading, &self.first_run());
            let burst = u32::try_from(full.unwrap_or(0)).unwrap_or(u32::MAX);
            let series = self.series(values);
            let unit = plan.limits[limit].rule.limiter.unit();
            let unit = unit.map(|unit| self.report.scenario.names.units[usize::from(unit)].clone());
            let unit = unit.unwrap_or_else(|| "requests".into());
            let picture = BucketLevel { heading, start: self.start, burst, unit, series }.draw();
            pictures.drawn.push(Named { title, file: format!("level-{}", number + 1), picture });
        }
    }

    pub(super) fn level_title(&self, limit: usize, operation: Operation) -> String {
        let rule = &self.report.scenario.plan.limits[limit].rule;
        let call = match rule.operations.len() > 1 && !rule.scope.operation {
            true => "all its calls",
            false => self.short_call(operation),
        };
        format!("Left of the limit “{}” for {call}", self.report.scenario.names.limits[limit])
    }

    /// How the levels of a limit were read, and whose limit it is.
    fn level_reading(&self, looks: &Looks, limit: usize) -> String {
        let Rule { scope, nodes, .. } = &self.report.scenario.plan.limits[limit].rule;
        let whose = if scope.account { self.whose(looks) } else { String::new() };
        let part = match nodes {
            1 => String::new(),
            nodes => format!(", of the first of {nodes} nodes"),
        };
        format!("The lowest and the highest of each interval{whose}{part}")
    }

    /// Whose limits were read, where there are several accounts.
    pub(super) fn whose(&self, looks: &Looks) -> String {
        let caller = Caller { account: looks.account, ..Caller::default() };
        let name = self.report.scenario.caller_name(caller);
        match looks.shown {
            Shown::Only => String::new(),
            Shown::MostThrottled => format!(" for {name}, which is throttled most"),
            Shown::MostCalling => format!(" for {name}, which calls most (none is throttled)"),
        }
    }
}

/// Why levels would show nothing, if they would not: they never change, or most of the limit is
/// left, which the picture of all limits shows.
fn dull(lines: &[&Extremes], number: usize, in_use: &[InUse]) -> Option<String> {
    // A run may end within its last interval.
    let same = |line: &&Extremes| match line.extents().split_last() {
        Some((_, all)) => all.windows(2).all(|pair| pair[0] == pair[1]),
        None => true,
    };
    if lines.iter().all(|line| line.lowest() == line.highest()) {
        let mut levels: Vec<u64> = lines.iter().filter_map(|line| line.lowest()).collect();
        levels.sort_unstable();
        levels.dedup();
        let levels: Vec<String> = levels.into_iter().map(words::count).collect();
        return Some(format!("it is {} all the time", words::list(&levels)));
    }
    if lines.iter().all(same) {
        let least = lines.iter().filter_map(|line| line.lowest()).min().map(words::count)?;
        let most = lines.iter().filter_map(|line| line.highest()).max().map(words::count)?;
        return Some(format!("it goes from {least} to {most} in every interval"));
    }
    let little = in_use.iter().any(|limit| limit.number == number && limit.peak() < 0.5);
    let least = lines.iter().filter_map(|line| line.lowest()).min()?;
    little.then(|| format!("at least {}, more than half", words::count(least)))
}

/// The lowest and the highest of each interval.
#[expect(clippy::cast_precision_loss)]
fn extents(of: &Extremes) -> Band {
    of.points().map(|(at, of)| (at, of.lowest as f64, of.highest as f64)).collect()
}

/// The interval of the mean backlog at the end of each interval of time; empty of a single run.
fn band(runs: &Runs) -> Band {
    let timeline = &runs.total.timeline;
    let ends = (1u64..).map(|n| Instant::ORIGIN + timeline.width().times(n));
    let means = runs.backlog_over_time(timeline).into_iter();
    ends.zip(means)
        .filter_map(|(at, of)| of.ci95.map(|[low, high]| (at, low.max(0.0), high)))
        .collect()
}

/// The most of each strategy.
fn peaks(lines: &[(Line, Line)]) -> Vec<f64> {
    let peak = |line: &Line| line.iter().map(|(_, waiting)| *waiting).fold(0.0, f64::max);
    lines.iter().map(|(line, _)| peak(line)).collect()
}

/// The highest backlog of each interval, and where requests were given up.
#[expect(clippy::cast_precision_loss)]
fn highest(look: &Look) -> (Line, Line) {
    let backlog = &look.watched.backlog;
    let mut line: Line = backlog.points().map(|(at, of)| (at, of.highest as f64)).collect();
    line.push((backlog.next(), line.last().map_or(0.0, |(_, waiting)| *waiting)));
    let lost = given_up(&look.watched.timeline);
    (line, lost.into_iter().map(|(at, n)| (at, n as f64)).collect())
}

/// The intervals in which requests were given up, and how many.
fn given_up(timeline: &Timeline) -> Vec<(Instant, u64)> {
    let width = timeline.width();
    let begins = (0u64..).map(|n| Instant::ORIGIN + width.times(n));
    begins.zip(timeline.channel(Channel::GivenUp)).filter(|(_, n)| *n > 0).collect()
}
