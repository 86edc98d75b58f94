//! A sweep: the scenario at every point of its grid, each point for itself, in any order.
//!
//! ```text
//!   Grid ──► point 0 ─┐                       a point's findings are a line of JSON, so that
//!            point 1 ─┼─► Findings of a point   they can be kept, cut into shards and merged
//!            …       ─┘                       with the same bytes as in one go
//! ```

use super::{Study, StudyError, Verdict};
use crate::metrics::figures::{Metric, Slice, rounded};
use crate::scenario::{Draft, DraftError, Grid, Scenario};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What was found at a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointFindings {
    /// Its number.
    pub point: usize,
    /// One for each strategy.
    pub strategies: Vec<StrategyFindings>,
}

/// What was found at a point of one strategy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrategyFindings {
    /// Whether its expectations are met; `None` if it has none.
    pub verdict: Option<Verdict>,
    /// For each metric its mean and, of several replications, the ends of its 95 % interval;
    /// `None` where there is no value.
    pub figures: Vec<Option<Vec<f64>>>,
}

/// All points of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// What was found of each strategy: as [`swept_metrics`].
    pub metrics: Vec<Metric>,
    /// In the order of their numbers, none missing.
    pub points: Vec<PointFindings>,
}

/// The metrics that a sweep keeps: those that every sweep does, and those that it draws.
#[must_use]
pub fn swept_metrics(grid: &Grid) -> Vec<Metric> {
    let kept = Metric::all().into_iter().filter(|metric| metric.is_in_sweeps());
    let mut metrics: Vec<Metric> = kept.collect();
    for drawn in &grid.metrics {
        if !metrics.contains(drawn) {
            metrics.push(*drawn);
        }
    }
    metrics
}

/// Settings of an axis that are tried before a sweep begins, at most.
const TRIED: usize = 100;

/// What is wrong with the values of a grid, each for itself.
#[must_use]
pub fn wrong_settings(draft: &Draft, grid: &Grid) -> Vec<DraftError> {
    let mut wrong = Vec::new();
    for axis in &grid.axes {
        for setting in axis.settings.iter().take(TRIED) {
            let assignment = format!("{}={}", axis.address, setting.value);
            match draft.with(&[assignment]) {
                Ok(_) => {}
                Err(error) => {
                    wrong.push(error);
                    break;
                }
            }
        }
    }
    wrong
}

/// Runs one point.
///
/// # Errors
/// The scenario cannot be read with the point's values, or a run was given up.
pub fn run_point(draft: &Draft, grid: &Grid, point: usize) -> Result<PointFindings, StudyError> {
    let scenario = draft.with(&grid.assignments(point))?;
    let study = Study::settle(&scenario)?;
    Ok(findings(&study, &swept_metrics(grid), point))
}

fn findings(study: &Study, metrics: &[Metric], point: usize) -> PointFindings {
    let strategies = study.strategies.iter().map(|runs| {
        let own = study.findings.iter().filter(|finding| finding.strategy == runs.strategy);
        let figures = metrics.iter().map(|metric| {
            let estimate = runs.estimate(Slice::Whole, *metric)?;
            let ends = estimate.ci95.into_iter().flatten();
            Some(std::iter::once(estimate.mean).chain(ends).map(rounded).collect())
        });
        StrategyFindings {
            verdict: own.map(|finding| finding.verdict).max(),
            figures: figures.collect(),
        }
    });
    PointFindings { point, strategies: strategies.collect() }
}

/// What tells whether parts belong together: the text, all that it means, the metrics that are
/// kept, and the version.
#[must_use]
pub fn fingerprint(draft: &Draft, scenario: &Scenario) -> String {
    let kept = scenario.sweep.as_ref().map(swept_metrics);
    let meant = format!("{:?}{kept:?}", scenario.plan);
    let bytes = draft.text.bytes().chain(meant.bytes()).chain(env!("CARGO_PKG_VERSION").bytes());
    format!("{:016x}", fnv(bytes))
}

/// A digest that tells damage, not malice: FNV-1a of 64 bits, offset basis and prime as in its
/// specification.
#[must_use]
pub fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What of findings that were read cannot be of a point.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PointFault {
    /// The grid has no point of this number.
    NoPoint {
        /// How many it has.
        points: usize,
    },
    /// It has findings of more or fewer strategies than the scenario has.
    Strategies {
        /// How many it has.
        found: usize,
        /// How many there are.
        expected: usize,
    },
    /// A strategy has more or fewer figures than the sweep keeps.
    Figures {
        /// How many it has.
        found: usize,
        /// How many are kept.
        expected: usize,
    },
    /// A figure is not one that its metric can have.
    Figure {
        /// The metric.
        metric: Metric,
        /// What stands there: a mean, and the ends of its interval.
        figure: Vec<f64>,
    },
}

impl fmt::Display for PointFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPoint { points } => write!(out, "there are only {points} points"),
            Self::Strategies { found, expected } => {
                write!(out, "it has {found} strategies, not {expected}")
            }
            Self::Figures { found, expected } => {
                write!(out, "it has {found} figures, not {expected}")
            }
            Self::Figure { metric, figure } => {
                let few: Vec<String> = figure.iter().take(4).map(f64::to_string).collect();
                write!(out, "{} is [{}]", metric.key(), few.join(", "))
            }
        }
    }
}

impl PointFindings {
    /// What of findings that were read cannot be of a point of this grid, if anything.
    #[must_use]
    pub fn fault(&self, grid: &Grid, strategies: usize) -> Option<PointFault> {
        if self.point >= grid.len() {
            return Some(PointFault::NoPoint { points: grid.len() });
        }
        if self.strategies.len() != strategies {
            let found = self.strategies.len();
            return Some(PointFault::Strategies { found, expected: strategies });
        }
        let metrics = swept_metrics(grid);
        let faults = self.strategies.iter().filter_map(|strategy| {
            let figures = strategy.figures.len();
            if figures != metrics.len() {
                return Some(PointFault::Figures { found: figures, expected: metrics.len() });
            }
            let figures = metrics.iter().zip(&strategy.figures);
            let wrong = |(metric, figure): (&Metric, &Option<Vec<f64>>)| {
                let sound = figure.as_ref().is_none_or(|figure| is_sound(*metric, figure));
                let figure = || figure.clone().unwrap_or_default();
                (!sound).then(|| PointFault::Figure { metric: *metric, figure: figure() })
            };
            figures.filter_map(wrong).next()
        });
        { faults }.next()
    }
}

/// True of a mean, or of a mean within its interval, that the metric can have.
fn is_sound(metric: Metric, figure: &[f64]) -> bool {
    let ordered = match figure {
        [mean] => mean.is_finite(),
        [mean, low, high] => low <= mean && mean <= high && high - low < f64::INFINITY,
        _ => false,
    };
    ordered && (0.0..=metric.most()).contains(&figure[0])
}

impl Sweep {
    /// The sweep of all its points, in any order.
    #[must_use]
    pub fn of(grid: &Grid, mut points: Vec<PointFindings>) -> Self {
        points.sort_by_key(|point| point.point);
        Self { metrics: swept_metrics(grid), points }
    }

    /// A metric of a strategy at a point: mean, and the ends of its interval.
    #[must_use]
    pub fn figure(&self, point: usize, strategy: usize, metric: Metric) -> Option<&[f64]> {
        let place = self.metrics.iter().position(|known| *known == metric)?;
        self.points.get(point)?.strategies.get(strategy)?.figures.get(place)?.as_deref()
    }
}
