//! What was counted of one strategy in every replication, and the figures that follow.

use super::over_time::OverTime;
use crate::metrics::figures::{Counts, Metric, Slice};
use crate::metrics::{Estimate, Outcome, Peak, Timeline};
use crate::simulation::{Attempt, Plan};
use crate::wire::Operation;

/// All runs of one strategy.
#[derive(Debug, Clone)]
pub struct Runs {
    /// The strategy, by index.
    pub strategy: usize,
    /// Counts over all replications.
    pub total: Outcome,
    /// For each replication, the counts of every slice that is reported.
    replications: Vec<Vec<Counts>>,
    slices: Vec<Slice>,
    /// For each replication, the largest share in use of each of the plan's meters.
    shares: Vec<Vec<f64>>,
    over_time: OverTime,
    /// The attempts of the first replication in the order in which they were sent, if they are few
    /// enough to be read one by one.
    pub attempts: Vec<Attempt>,
}

impl Runs {
    /// The first replication, with the counts of these slices; `cells` names each of its cells.
    pub(super) fn first(
        strategy: usize,
        outcome: Outcome,
        slices: &[Slice],
        cells: &[(u16, Operation)],
    ) -> Self {
        let mut over_time = OverTime::default();
        over_time.add(&outcome.timeline);
        Self {
            strategy,
            over_time,
            replications: vec![counts(&outcome, slices, cells)],
            slices: slices.to_vec(),
            shares: vec![shares(&outcome)],
            total: outcome,
            attempts: Vec::new(),
        }
    }

    /// One more replication.
    pub(super) fn add(&mut self, outcome: &Outcome, cells: &[(u16, Operation)]) {
        self.total.merge(outcome);
        self.replications.push(counts(outcome, &self.slices, cells));
        self.shares.push(shares(outcome));
        self.over_time.add(&outcome.timeline);
    }

    /// The share of attempts that were throttled in each interval of a timeline of all
    /// replications; `None` where nobody called.
    #[must_use]
    pub fn throttle_rate_over_time(&self, timeline: &Timeline) -> Vec<Option<Estimate>> {
        self.over_time.throttle_rate(timeline.width())
    }

    /// Requests that wait at the end of each interval of a timeline of all replications: their
    /// mean.
    #[must_use]
    pub fn backlog_over_time(&self, timeline: &Timeline) -> Vec<Estimate> {
        self.over_time.backlog(timeline.width())
    }

    /// The counts of a slice over all replications.
    #[must_use]
    pub fn counts(&self, plan: &Plan, slice: Slice) -> Counts {
        Counts::of(&self.total, &plan.cell_names(), slice)
    }

    /// How many replications there were.
    #[must_use]
    pub fn replications(&self) -> usize {
        self.replications.len()
    }

    /// The largest share in use of one of the plan's meters, by index: the mean over the
    /// replications of the largest in each, and the largest of all; `None` if nobody used it.
    #[must_use]
    pub fn usage(&self, meter: usize) -> Option<(Estimate, Peak)> {
        let peak = self.total.peaks.get(meter).copied().flatten()?;
        let shares: Vec<f64> = self.shares.iter().map(|shares| shares[meter]).collect();
        Some((Estimate::of(&shares)?, peak))
    }

    /// A metric in each replication.
    #[must_use]
    pub fn values(&self, slice: Slice, metric: Metric) -> Vec<Option<f64>> {
        self.counts_of(slice).map(|counts| counts.value(metric)).collect()
    }

    /// The mean of a metric's difference to another strategy's in the same replication, which met
    /// the same arrivals, service times and faults; `None` where a replication of either has none.
    #[must_use]
    pub fn difference(&self, other: &Self, slice: Slice, metric: Metric) -> Option<Estimate> {
        let (left, right) = (self.values(slice, metric), other.values(slice, metric));
        let pairs = left.into_iter().zip(right);
        let differences: Option<Vec<f64>> = pairs.map(|(a, b)| Some(a? - b?)).collect();
        Estimate::of(&differences?)
    }

    /// A metric's mean over the replications, and its interval: the one definition of every figure
    /// that is shown. A replication that has nothing to take it from is left out.
    #[must_use]
    pub fn estimate(&self, slice: Slice, metric: Metric) -> Option<Estimate> {
        let value = |counts: &Counts| counts.value(metric);
        match metric.is_never_where_work_is_lost() {
            true => self.estimate_in_all(slice, value),
            false => Estimate::of(&self.counts_of(slice).filter_map(value).collect::<Vec<f64>>()),
        }
    }

    /// The mean of what each replication gives; `None` if one that had work gives nothing, for it
    /// would flatter to leave it out.
    #[must_use]
    pub fn estimate_in_all(
        &self,
        slice: Slice,
        value: impl Fn(&Counts) -> Option<f64>,
    ) -> Option<Estimate> {
        let worked = self.counts_of(slice).filter(|counts| counts.requests.arrived > 0);
        let values: Option<Vec<f64>> = worked.map(value).collect();
        Estimate::of(&values?)
    }

    /// The counts of a slice in each replication; none if nobody asked for it.
    fn counts_of(&self, slice: Slice) -> impl Iterator<Item = &Counts> {
        let place = self.slices.iter().position(|known| *known == slice);
        place.into_iter().flat_map(|place| self.replications.iter().map(move |all| &all[place]))
    }
}

fn counts(outcome: &Outcome, slices: &[Slice], cells: &[(u16, Operation)]) -> Vec<Counts> {
    slices.iter().map(|slice| Counts::of(outcome, cells, *slice)).collect()
}

/// The largest share in use of each meter.
fn shares(outcome: &Outcome) -> Vec<f64> {
    outcome.peaks.iter().map(|peak| peak.map_or(0.0, |peak| peak.usage.share())).collect()
}
