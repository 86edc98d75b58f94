//! What a hand-written W1 counts, and the line of figures in which every program of
//! `benches/peers/run` tells it.

#![allow(clippy::cast_possible_truncation)]

/// What was counted.
#[derive(Debug, Default)]
pub struct Counts {
    /// Requests that arrived.
    pub arrived: u64,
    /// Attempts, of which the next ones were refused.
    pub sent: u64,
    /// Attempts refused.
    pub refused: u64,
    /// Requests given up.
    pub given_up: u64,
    /// Latencies of the others.
    pub latency: Histogram,
}

/// Counts by power of two and 128th of it.
#[derive(Debug)]
pub struct Histogram {
    buckets: Vec<u64>,
    sum: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: vec![0; 58 * 128], sum: 0 }
    }
}

impl Histogram {
    pub fn record(&mut self, nanos: u64) {
        let shift = (nanos | 128).ilog2() - 7;
        self.buckets[(u64::from(shift) * 128 + (nanos >> shift)) as usize] += 1;
        self.sum += nanos;
    }

    /// The mean \[s\].
    fn mean(&self) -> f64 {
        self.sum as f64 / self.buckets.iter().sum::<u64>() as f64 / 1e9
    }

    /// The 95th percentile, as if a bucket's latencies lay evenly in it \[s\].
    fn p95(&self) -> f64 {
        let rank = self.buckets.iter().sum::<u64>() as f64 * 0.95;
        let mut below = 0.0;
        for (number, count) in (0u64..).zip(&self.buckets) {
            let count = *count as f64;
            if below + count >= rank {
                let power = (number / 128).max(1) - 1;
                let first = if power == 0 { number } else { (number % 128 + 128) << power };
                let share = (rank - below) / count.max(1.0);
                return (first as f64 + share * (1u64 << power) as f64) / 1e9;
            }
            below += count;
        }
        0.0
    }
}

impl Counts {
    /// One line of JSON.
    pub fn line(&self) -> String {
        let counted = [self.arrived, self.sent, self.refused, self.given_up];
        line(counted, self.latency.mean(), self.latency.p95())
    }
}

/// One line of JSON: counts of arrivals, attempts, refusals and requests given up, and the mean
/// and 95th percentile of latencies \[s\].
pub fn line([arrived, sent, refused, given_up]: [u64; 4], mean: f64, p95: f64) -> String {
    format!(
        r#"{{"arrivals":{arrived},"attempts":{sent},"refused":{refused},"given_up":{given_up},"#
    ) + &format!(r#""mean":{mean},"p95":{p95}}}"#)
}
