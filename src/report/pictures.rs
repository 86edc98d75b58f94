//! Which pictures a study deserves, and the figures that each of them shows.

mod findings;
mod headroom;
mod lateness;
mod steps;
mod watched;

use super::chart::{
    self, Accounts, AgeOfData, ChartError, Comparison, Expectation, Heading, LatencyPercentiles,
    Outcomes, Picture, RevenueQuota, Series, Standings, Strategy, ThrottleRate,
};
use super::{File, words};
use crate::limiter::Phase;
use crate::metrics::figures::{Counts, Ending, Metric, Slice, Statistic, within};
use crate::metrics::{Account, Channel, Timeline};
use crate::report::Report;
use crate::scenario::{self, Scenario};
use crate::study::{Looks, MOST_LOOKED_AT, Runs};
use crate::units::{Instant, Share, Span};
use jiff::civil::DateTime;

/// A picture with its title and the name of its file, without an ending.
pub(super) struct Named {
    pub title: String,
    pub file: String,
    pub picture: Picture,
}

/// Every picture of a study that shows something, and for each other one a line that says why not.
#[derive(Default)]
pub(super) struct Pictures {
    pub drawn: Vec<Named>,
    pub left_out: Vec<String>,
}

/// Every picture of a study, and of a second look at it.
pub(super) fn all(report: Report<'_>, looks: &Looks) -> Pictures {
    let Report { scenario, study } = report;
    let album = Album { report, start: start(scenario) };
    let mut pictures = Pictures::default();
    if let Some(league) = &scenario.league {
        for (number, (finding, measure, clients)) in
            (1..).zip(super::league::standings(report, league))
        {
            let heading = album.heading(&finding, &measure);
            let picture = Standings { heading, clients }.draw();
            pictures.drawn.push(Named {
                title: finding,
                file: format!("league-{number}"),
                picture,
            });
        }
        return pictures;
    }
    let drawn = &mut pictures.drawn;
    let best = album.best_of_all();
    drawn.push(album.named((&best, "Strategies side by side"), "comparison", Album::comparison));
    match study.strategies.iter().any(|runs| runs.total.timeline.throttled().any(|n| n > 0)) {
        true => {
            let titles = (&*album.most_throttled(), "Throttle rate over time");
            drawn.push(album.named(titles, "throttle-rate", Album::throttle_rate));
        }
        false => pictures.left_out.push("Throttle rate over time: nothing was throttled".into()),
    }
    let titles = (&*album.most_throttling(), "Attempts by outcome over time");
    drawn.push(album.named(titles, "outcomes", Album::outcomes));
    match study.strategies.iter().any(|runs| completes(scenario, runs)) {
        true => {
            let titles = (&*album.soonest(), LATENCY);
            drawn.push(album.named(titles, "latency", Album::latency));
        }
        false => pictures.left_out.push(format!("{LATENCY}: no job was completed")),
    }
    album.lateness(&mut pictures);
    album.backlog(looks, &mut pictures);
    if study.strategies.iter().any(|runs| has_age(scenario, runs)) {
        let titles = (&*album.oldest(), "Age of the data over time");
        pictures.drawn.push(album.named(titles, "age", Album::age));
    }
    album.accounts(&mut pictures);
    let in_use = album.headroom(looks, &mut pictures);
    album.levels(looks, &in_use, &mut pictures);
    album.steps(looks, &mut pictures);
    if study.strategies.iter().any(|runs| !runs.total.days.is_empty()) {
        let titles = ("The quota that revenue earns", "Day by day");
        pictures.drawn.push(album.named(titles, "quota", Album::quota));
    }
    pictures
}

fn start(scenario: &Scenario) -> Option<DateTime> {
    let start = jiff::Timestamp::from_second(scenario.start?).ok()?;
    Some(start.to_zoned(jiff::tz::TimeZone::UTC).datetime())
}

/// A run that is long enough to be drawn in whole seconds.
const READABLE: Span = Span::from_secs(20);

struct Album<'a> {
    report: Report<'a>,
    start: Option<DateTime>,
}

impl Album<'_> {
    fn named(
        &self,
        (finding, measure): (&str, &str),
        file: &str,
        draw: fn(&Self, Heading) -> Picture,
    ) -> Named {
        let heading = self.heading(finding, measure);
        Named { title: finding.into(), file: file.into(), picture: draw(self, heading) }
    }

    /// What a picture shows, and beneath it what is measured, and of what.
    fn heading(&self, finding: &str, measure: &str) -> Heading {
        let (question, run) = (&self.report.scenario.question, self.report.subtitle());
        Heading { title: finding.into(), subtitle: format!("{measure} · {question} · {run}") }
    }

    fn strategy(&self, runs: &Runs) -> Strategy {
        let label = self.report.scenario.names.label(runs.strategy).to_string();
        Strategy { place: runs.strategy, label }
    }

    fn series<T>(&self, values: impl Fn(&Runs) -> Vec<T>) -> Vec<Series<T>> {
        let of = |runs| Series { strategy: self.strategy(runs), values: values(runs) };
        self.report.study.strategies.iter().map(of).collect()
    }

    /// The timelines of all strategies, in intervals of one length.
    fn timelines(&self) -> Vec<Timeline> {
        let all = || self.report.study.strategies.iter().map(|runs| &runs.total.timeline);
        let widest = all().map(Timeline::width).max().unwrap_or(Span::ZERO);
        all().map(|timeline| timeline.folded_to(widest)).collect()
    }

    /// The timelines in intervals that a rate per second can be read from: 1 s or longer, unless
    /// the run itself is short.
    fn readable_timelines(&self) -> Vec<Timeline> {
        let timelines = self.timelines();
        let width = timelines.first().map_or(Span::ZERO, Timeline::width);
        let length = timelines.iter().map(|t| width.times(t.len() as u64)).max();
        if width < Span::SECOND && length.is_some_and(|length| length >= READABLE) {
            return timelines.iter().map(|t| t.folded_to(Span::SECOND)).collect();
        }
        timelines
    }

    /// A count over all replications as the mean of one.
    #[expect(clippy::cast_precision_loss)]
    fn mean(&self, count: u64) -> f64 {
        count as f64 / f64::from(self.report.study.replications)
    }

    fn throttle_rate(&self, heading: Heading) -> Picture {
        let timelines = self.timelines();
        let rates = |runs: &Runs| {
            let rates = runs.throttle_rate_over_time(&timelines[runs.strategy]);
            rates.into_iter().map(|rate| rate.map(drawn)).collect()
        };
        let bin = timelines.first().map_or(Span::SECOND, Timeline::width);
        ThrottleRate { heading, start: self.start, bin, series: self.series(rates) }.draw()
    }

    fn outcomes(&self, heading: Heading) -> Picture {
        let timelines = self.readable_timelines();
        let names = &self.report.scenario.names.causes;
        let used: Vec<u16> = (0u16..)
            .zip(names)
            .filter(|(cause, _)| {
                timelines.iter().any(|t| t.channel(Channel::Throttled(*cause)).any(|n| n > 0))
            })
            .map(|(cause, _)| cause)
            .collect();
        let attempts = |runs: &Runs| {
            let timeline = &timelines[runs.strategy];
            let of = |channel| timeline.channel(channel).map(|n| self.mean(n)).collect::<Vec<_>>();
            let (admitted, failed) = (of(Channel::Admitted), of(Channel::Failed));
            let causes: Vec<_> = used.iter().map(|c| of(Channel::Throttled(*c))).collect();
            let at = |n: usize| chart::Attempts {
                admitted: admitted[n],
                throttled: causes.iter().map(|counts| counts[n]).collect(),
                failed: failed[n],
            };
            (0..timeline.len()).map(at).collect()
        };
        let series = self.series(attempts);
        Outcomes {
            heading,
            start: self.start,
            bin: timelines.first().map_or(Span::SECOND, Timeline::width),
            causes: used.iter().map(|cause| names[usize::from(*cause)].clone()).collect(),
            published: self.published(),
            series,
        }
        .draw()
    }

    /// The published rate over all callers, where there is one call only \[1/s\].
    fn published(&self) -> Option<f64> {
        let plan = &self.report.scenario.plan;
        let [call] = plan.calls.as_slice() else { return None };
        let limits = plan.limits.iter();
        let tightest = limits.filter_map(|limit| limit.published_in_all(plan.population));
        call.published?;
        tightest.min_by(f64::total_cmp)
    }

    fn latency(&self, heading: Heading) -> Picture {
        let curve = |runs: &Runs| {
            let arrived = Metric::Jobs(Ending::Arrived);
            let arrived = runs.estimate(Slice::Whole, arrived).map_or(1.0, |of| of.mean.max(1.0));
            let percentiles = percentiles().filter(|p| *p <= 1.0 - 1.0 / arrived || *p <= 0.5);
            let at = |p: f64| {
                let share = Share::from_fraction(p);
                let within = |counts: &Counts| {
                    let jobs = &counts.jobs;
                    within(&jobs.latency, share, jobs.tally.arrived).map(Span::as_secs_f64)
                };
                runs.estimate_in_all(Slice::Whole, within)
            };
            let point = |p| Some((p, drawn(at(p)?)));
            percentiles.filter_map(point).collect()
        };
        let quantity = "from arrival to end; a curve ends where jobs are lost".into();
        LatencyPercentiles { heading, quantity, series: self.series(curve) }.draw()
    }

    /// Which accounts are throttled, where there are enough of them to tell.
    fn accounts(&self, pictures: &mut Pictures) {
        if self.report.scenario.plan.population.accounts < FEW_ACCOUNTS {
            return;
        }
        let rates = |runs: &Runs| {
            let accounts = runs.total.accounts.iter();
            let mut rates: Vec<f64> = accounts.filter_map(Account::throttle_rate).collect();
            rates.sort_by(f64::total_cmp);
            rates
        };
        let series = self.series(rates);
        if series.iter().all(|one| one.values.first() == one.values.last()) {
            let same = "with each strategy it is the same for all accounts";
            pictures.left_out.push(format!("{WHO}: {same}"));
            return;
        }
        let finding = self.unequal(&series);
        let heading = self.heading(&finding, WHO);
        let quantity = "throttled attempts / attempts".into();
        let picture = Accounts { heading, quantity, series }.draw();
        pictures.drawn.push(Named { title: finding, file: "accounts".into(), picture });
    }

    fn age(&self, heading: Heading) -> Picture {
        let oldest = |runs: &Runs| {
            let age = runs.counts(&self.report.scenario.plan, Slice::Whole).jobs.age;
            let (width, peaks) = age.peaks();
            let ends = (1u64..).map(|n| Instant::ORIGIN + width.times(n));
            ends.zip(peaks).collect()
        };
        AgeOfData { heading, start: self.start, series: self.series(oldest) }.draw()
    }

    fn quota(&self, heading: Heading) -> Picture {
        let with_days =
            self.report.study.strategies.iter().find(|runs| !runs.total.days.is_empty());
        let days = with_days.map_or(&[][..], |runs| &runs.total.days);
        #[expect(clippy::cast_precision_loss)]
        let days = days.iter().map(|day| chart::QuotaDay {
            revenue: day.revenue.dollars(),
            tpd: day.per_day as f64,
            tps: day.per_second.map_or(0.0, |rate| rate.per_second_f64()),
            used: day.used as f64,
            phase: match day.phase {
                Phase::NotActive => chart::Phase::NotActive,
                Phase::Initial => chart::Phase::Initial,
                Phase::Earned => chart::Phase::Earned,
                Phase::Lost => chart::Phase::Lost,
            },
        });
        RevenueQuota { heading, start: self.start, days: days.collect() }.draw()
    }

    fn comparison(&self, heading: Heading) -> Picture {
        let metrics = [
            Metric::ThrottleRate,
            Metric::CallsPerSuccess,
            Metric::Jobs(Ending::GivenUp),
            Metric::JobLatency(Statistic::Quantile(500)),
            Metric::JobLatency(Statistic::Quantile(950)),
            Metric::Completion,
        ];
        let metrics = metrics.map(|metric| chart::Metric {
            title: metric.title(),
            measure: metric.measure(),
            values: self
                .report
                .study
                .strategies
                .iter()
                .map(|runs| estimate(runs, metric))
                .collect(),
            expectation: self.expectation(metric),
        });
        let strategies =
            self.report.study.strategies.iter().map(|runs| self.strategy(runs)).collect();
        Comparison { heading, strategies, metrics: metrics.to_vec() }.draw()
    }

    fn expectation(&self, metric: Metric) -> Option<Expectation> {
        let all = self.report.scenario.expectations.iter();
        let alone = self.report.study.strategies.len() == 1;
        let of_all = |e: &&scenario::Expectation| e.strategy.is_none() || alone;
        let expected =
            all.filter(of_all).find(|e| e.metric == metric && e.slice == Slice::Whole)?;
        let bound = words::of(metric.measure())(expected.value);
        Some(Expectation {
            bound: expected.value,
            label: format!("{} {bound}", expected.comparison),
        })
    }
}

/// Why a run has not been looked at again.
fn too_large() -> String {
    let most = words::count(MOST_LOOKED_AT);
    format!("a run of more than {most} attempts is not run twice for it")
}

/// Fewer accounts than this are in the table of those that suffer most.
const FEW_ACCOUNTS: u32 = 3;
const WHO: &str = "Throttle rate, account by account";
const LATENCY: &str = "Latency percentiles of all jobs";

fn completes(scenario: &Scenario, runs: &Runs) -> bool {
    runs.counts(&scenario.plan, Slice::Whole).jobs.tally.completed > 0
}

fn has_age(scenario: &Scenario, runs: &Runs) -> bool {
    !runs.counts(&scenario.plan, Slice::Whole).jobs.age.is_empty()
}

fn estimate(runs: &Runs, metric: Metric) -> Option<chart::Estimate> {
    runs.estimate(Slice::Whole, metric).map(drawn)
}

/// An estimate as a chart draws it.
pub(super) fn drawn(estimate: crate::metrics::Estimate) -> chart::Estimate {
    let [low, high] = estimate.ends();
    chart::Estimate { mean: estimate.mean, low, high }
}

/// The two files of a picture: as PNG and as SVG.
///
/// # Errors
/// It cannot be drawn as one of them.
pub(super) fn both(file: &str, picture: &Picture) -> Result<[File; 2], ChartError> {
    let (png, svg) = (picture.png()?, picture.svg()?.into_bytes());
    Ok([(format!("{file}.png"), png), (format!("{file}.svg"), svg)])
}

/// Percentiles that a logarithmic tail shows evenly, from none to 99.999 %.
fn percentiles() -> impl Iterator<Item = f64> {
    (0..=250).map(|n| 1.0 - 10f64.powf(-f64::from(n) / 50.0))
}
