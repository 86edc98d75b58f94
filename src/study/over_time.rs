//! How well counts over time are known: what the runs of a strategy have in each interval.

use crate::metrics::{Channel, Estimate, Student, Timeline};
use crate::units::Span;

/// What each replication counts over time, with refusals of all causes together.
#[derive(Debug, Clone, Default)]
pub(super) struct OverTime {
    runs: Vec<Timeline>,
}

impl OverTime {
    /// One more replication.
    pub fn add(&mut self, timeline: &Timeline) {
        self.runs.push(timeline.condensed());
    }

    /// The share of attempts that were throttled in each interval, over all replications; `None`
    /// where nobody called. Intervals must not be shorter than those of any replication.
    #[expect(clippy::cast_precision_loss)]
    pub fn throttle_rate(&self, width: Span) -> Vec<Option<Estimate>> {
        let counts = self.in_each(width, |timeline| {
            let [admitted, failed] =
                [Channel::Admitted, Channel::Failed].map(|channel| timeline.channel(channel));
            let counts = admitted.zip(failed).zip(timeline.throttled());
            counts.map(|((a, f), t)| (t as f64, (a + f + t) as f64)).collect()
        });
        let student = Student::of(self.runs.len());
        across(&counts, |_| (0.0, 0.0)).map(|all| student.share(&all)).collect()
    }

    /// Requests that wait at the end of each interval: the mean over the replications.
    #[expect(clippy::cast_precision_loss)]
    pub fn backlog(&self, width: Span) -> Vec<Estimate> {
        let waiting =
            self.in_each(width, |timeline| timeline.backlog().map(|n| n as f64).collect());
        let student = Student::of(self.runs.len());
        // What waits when a run is over waits for good.
        let last = |line: &[f64]| line.last().copied().unwrap_or(0.0);
        across(&waiting, last).filter_map(|all| student.mean(&all)).collect()
    }

    fn in_each<T>(&self, width: Span, read: impl Fn(&Timeline) -> Vec<T>) -> Vec<Vec<T>> {
        self.runs.iter().map(|timeline| read(&timeline.folded_to(width))).collect()
    }
}

/// What all lines have at each place; a line that is over has what `after` makes of it.
fn across<T: Copy>(lines: &[Vec<T>], after: impl Fn(&[T]) -> T) -> impl Iterator<Item = Vec<T>> {
    let most = lines.iter().map(Vec::len).max().unwrap_or(0);
    (0..most).map(move |n| {
        lines.iter().map(|line| line.get(n).copied().unwrap_or_else(|| after(line))).collect()
    })
}
