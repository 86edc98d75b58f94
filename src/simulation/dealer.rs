//! Dealing one stream of work to several callers: in turn, or by weight.
//!
//! `P(account k) = w_k / Σ w`; Zipf's weights are `w_k = 1 / k^s`. A draw belongs to the number of
//! the job, so that every strategy deals alike.

use super::plan::Skew;
use crate::random::{Draws, Purpose, Streams};
use crate::wire::Caller;

/// Who gets the jobs of one stream.
#[derive(Debug, Clone, Default)]
pub(super) struct Dealer {
    /// The callers that it deals to, by number.
    callers: Vec<u32>,
    /// The sum of weights up to each caller, or nothing if all are alike.
    sums: Vec<f64>,
}

/// A job's caller, and the process of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dealt {
    pub caller: u32,
    pub process: u32,
}

impl Dealer {
    /// Deals to these callers, whose accounts have these weights.
    pub fn new(callers: impl Iterator<Item = (u32, Caller)>, skew: &Skew) -> Self {
        let callers: Vec<(u32, Caller)> = callers.collect();
        let mut sum = 0.0;
        let sums = match skew {
            Skew::Equal => Vec::new(),
            Skew::Weights(weights) => {
                let weight = |caller: &Caller| weights.get(caller.account as usize).unwrap_or(&0.0);
                let mut up_to = |(_, caller): &(u32, Caller)| {
                    sum += weight(caller);
                    sum
                };
                callers.iter().map(&mut up_to).collect()
            }
        };
        Self { callers: callers.into_iter().map(|(number, _)| number).collect(), sums }
    }

    /// Who gets job `number` of workload `owner`, with such a rota of processes: the caller that it
    /// names by its place, or else each in turn or by weight.
    #[expect(clippy::cast_possible_truncation)]
    pub fn deal(
        &self,
        streams: &Streams,
        owner: u64,
        (number, named): (u64, Option<u32>),
        rota: &[u32],
    ) -> Dealt {
        let count = self.callers.len().max(1);
        let any = |draws: &mut Draws| rota[draws.below(rota.len() as u64) as usize];
        if let Some(named) = named {
            let place = named as usize % count;
            let mut draws = streams.stream(Purpose::Dealing, owner).at(number);
            let process = any(&mut draws);
            return Dealt { caller: self.callers.get(place).copied().unwrap_or(0), process };
        }
        let Some(total) = self.sums.last() else {
            let place = (number % count as u64) as usize;
            let process = rota[(number / count as u64 % rota.len() as u64) as usize];
            return Dealt { caller: self.callers.get(place).copied().unwrap_or(0), process };
        };
        let mut draws = streams.stream(Purpose::Dealing, owner).at(number);
        let point = draws.uniform() * total;
        let place = self.sums.partition_point(|sum| *sum <= point).min(count - 1);
        let process = any(&mut draws);
        Dealt { caller: self.callers[place], process }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dealt(skew: &Skew, jobs: u64) -> Vec<u32> {
        let caller = |account| Caller { account, ..Caller::default() };
        let dealer = Dealer::new((0..4).map(|n| (n, caller(n))), skew);
        let streams = Streams::new(9, 0);
        let mut counts = vec![0; 4];
        for number in 0..jobs {
            counts[dealer.deal(&streams, 0, (number, None), &[0, 1]).caller as usize] += 1;
        }
        counts
    }

    #[test]
    fn equals_are_dealt_to_in_turn() {
        assert_eq!(dealt(&Skew::Equal, 10), [3, 3, 2, 2]);
    }

    /// Binomial: five standard deviations of the largest share, 250.
    #[test]
    fn weights_are_kept() {
        let counts = dealt(&Skew::Weights(vec![4.0, 0.0, 1.0, 5.0]), 10_000);
        for (count, expected) in counts.iter().zip([4_000i64, 0, 1_000, 5_000]) {
            assert!((i64::from(*count) - expected).abs() <= 250, "{counts:?}");
        }
        assert_eq!(counts[1], 0);
    }
}
