//! The picture of how much of each limit is in use over time, by the account that suffers most.

use super::{Album, Named, Pictures, too_large};
use crate::report::chart::{Headroom, Series};
use crate::report::words;
use crate::scenario::Scenario;
use crate::simulation::Reading;
use crate::study::{Look, Looks};
use crate::units::Instant;
use crate::wire::{Caller, Operation};

const TITLE: &str = "Share of each limit in use over time";

/// The share of a limit in use, strategy by strategy.
pub(super) struct InUse {
    /// The limit, by its place among those that are read.
    pub number: usize,
    /// The limit and its call.
    name: String,
    /// Whose it is, where accounts have one each.
    owner: Option<String>,
    series: Vec<Series<(Instant, f64)>>,
    /// The largest share of each strategy.
    peaks: Vec<f64>,
}

impl InUse {
    /// The largest share of all strategies.
    pub fn peak(&self) -> f64 {
        self.peaks.iter().copied().fold(0.0, f64::max)
    }
}

impl Album<'_> {
    /// The picture, where several limits can be compared; and what it shows of each limit.
    pub(super) fn headroom(&self, looks: &Looks, pictures: &mut Pictures) -> Vec<InUse> {
        let looked: Option<Vec<&Look>> = looks.strategies.iter().map(Option::as_ref).collect();
        if self.report.scenario.plan.watched().len() < 2 {
            return Vec::new();
        }
        let Some(looked) = looked else {
            pictures.left_out.push(format!("{TITLE}: {}", too_large()));
            return Vec::new();
        };
        let mut limits = self.in_use(looks, &looked);
        if limits.len() < 2 {
            let why = match limits.as_slice() {
                [] => "no limit is used".into(),
                [one, ..] => format!("only {} is used", one.name),
            };
            pictures.left_out.push(format!("{TITLE}: {why}"));
            return Vec::new();
        }
        // The first of equals.
        limits.sort_by(|a, b| b.peak().total_cmp(&a.peak()));
        let owner = limits.iter().find_map(|limit| limit.owner.as_ref());
        let whose = owner.map_or(String::new(), |owner| format!("For {owner}: "));
        let finding = whose + &self.binding(&limits);
        let reading = format!("{TITLE}, the largest of each interval{}", self.whose(looks));
        let heading = self.read(&finding, &reading, &self.first_run());
        let drawn = limits.iter().map(|limit| {
            let InUse { name, owner, series, .. } = limit;
            (format!("{name}{}", owned(owner.as_ref())), series.clone())
        });
        let picture = Headroom { heading, start: self.start, limits: drawn.collect() }.draw();
        pictures.drawn.push(Named { title: finding, file: "headroom".into(), picture });
        limits
    }

    /// The limits that any strategy uses.
    fn in_use(&self, looks: &Looks, looked: &[&Look]) -> Vec<InUse> {
        let one = |(number, (limit, operation)): (usize, (usize, Operation))| {
            let shares = looked.iter().map(|look| shares(&look.watched.limits[number]));
            let shares: Vec<Vec<(Instant, f64)>> = shares.collect();
            let peak = |line: &Vec<(Instant, f64)>| line.iter().map(|of| of.1).fold(0.0, f64::max);
            let peaks: Vec<f64> = shares.iter().map(peak).collect();
            let strategies = self.report.study.strategies.iter().zip(shares);
            let series = strategies.map(|(runs, values)| {
                let strategy = self.strategy(runs);
                Series { strategy, values }
            });
            let series = series.collect();
            let name = self.short_name(limit, operation);
            let owner = self.owner(looks, limit);
            let used = peaks.iter().any(|peak| *peak > 0.0);
            used.then_some(InUse { number, name, owner, series, peaks })
        };
        self.report.scenario.plan.watched().into_iter().enumerate().filter_map(one).collect()
    }

    /// A limit and its call if there are several, without the folders of the call's name.
    fn short_name(&self, limit: usize, operation: Operation) -> String {
        let names = &self.report.scenario.names;
        let rule = &self.report.scenario.plan.limits[limit].rule;
        let limit = &names.limits[limit];
        if names.calls.len() == 1 || rule.operations.len() > 1 && !rule.scope.operation {
            return format!("“{limit}”");
        }
        format!("“{limit}” of {}", self.short_call(operation))
    }

    /// The name of a call, without its folders.
    pub(super) fn short_call(&self, operation: Operation) -> &str {
        let call = self.report.scenario.names.calls[usize::from(operation.0)].as_str();
        let is_path = !call.contains([' ', '{']);
        let last = call.rsplit('/').next().filter(|last| is_path && !last.is_empty());
        last.unwrap_or(call)
    }

    /// Whose instance of a limit is read, where accounts have one each.
    pub(super) fn owner(&self, looks: &Looks, limit: usize) -> Option<String> {
        let Scenario { plan, .. } = self.report.scenario;
        let caller = Caller { account: looks.account, ..Caller::default() };
        let several = plan.limits[limit].rule.scope.account && plan.population.accounts > 1;
        several.then(|| self.report.scenario.caller_name(caller))
    }

    /// Which limit binds, and how near the next one is; the limit most in use stands first.
    fn binding(&self, limits: &[InUse]) -> String {
        let first = &limits[0];
        if first.peak() < 1.0 {
            let by: Vec<bool> = first.peaks.iter().map(|peak| *peak == first.peak()).collect();
            let (share, name, with) = (words::percent(first.peak()), &first.name, self.with(&by));
            return format!("At most {share} of a limit is in use: of {name}{with}");
        }
        let by: Vec<bool> = first.peaks.iter().map(|peak| *peak >= 1.0).collect();
        let used_up = format!("{} is used up at times{}", first.name, self.with(&by));
        match limits.iter().find(|limit| limit.peak() < 1.0) {
            None => format!("{used_up}; so is every other limit"),
            Some(next) => {
                let share = words::percent(next.peak());
                format!("{used_up}; of {} at most {share} is in use", next.name)
            }
        }
    }
}

/// After the name of a limit: ` (account 149)`.
pub(super) fn owned(owner: Option<&String>) -> String {
    owner.map_or(String::new(), |owner| format!(" ({owner})"))
}

/// The largest share of a limit in use in each interval, until it is idle for good.
fn shares(reading: &Reading) -> Vec<(Instant, f64)> {
    let mut shares: Vec<(Instant, f64)> = reading.shares().collect();
    shares.extend(shares.last().map(|(_, last)| (reading.in_use.next(), *last)));
    let used = shares.iter().rposition(|(_, share)| *share > 0.0);
    shares.truncate(used.map_or(0, |last| last + 2));
    shares
}
