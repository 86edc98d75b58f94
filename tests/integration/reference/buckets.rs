//! Token buckets, quotas and leaky queues by what they promise.
//!
//! A bucket admits a call if and only if no interval that ends with it holds more calls than the
//! bucket allows: from any earlier call on, its burst and what came back since; from the origin on,
//! what it held there and what came back. A queue gives each call the first turn that is `1/rate`
//! after the turn of the call before.

/// `count` tokens in each `per` \[ns\]; a quota is a bucket that is full at first.
#[derive(Debug, Clone)]
pub struct Bucket {
    pub count: u64,
    pub per: u64,
    pub burst: u32,
    pub initial: u32,
    /// Tokens come whole, at the multiples of `per / count`.
    pub tick: bool,
}

/// A queue that is served at `count` in each `per` \[ns\].
#[derive(Debug, Clone)]
pub struct Queue {
    pub count: u64,
    pub per: u64,
    /// The longest wait \[ns\].
    pub wait: u64,
}

impl Bucket {
    /// What comes back from one instant to a later one, in parts of `per` of a token.
    fn back(&self, from: u64, to: u64) -> u128 {
        let credits = |at: u64| u128::from(at) * u128::from(self.count);
        let per = u128::from(self.per);
        match self.tick {
            true => (credits(to) / per - credits(from) / per) * per,
            false => credits(to) - credits(from),
        }
    }

    /// True if one more call fits beside those that were admitted, which are in order.
    pub fn admits(&self, admitted: &[u64], now: u64) -> bool {
        let per = u128::from(self.per);
        let fits = |calls: usize, held: u32, from: u64| {
            (calls as u128 + 1) * per <= u128::from(held) * per + self.back(from, now)
        };
        let later = |first: usize| admitted.len() - first;
        fits(admitted.len(), self.initial, 0)
            && fits(0, self.burst, now)
            && (0..admitted.len()).all(|first| fits(later(first), self.burst, admitted[first]))
    }
}

impl Queue {
    /// How long one more call would wait for its turn \[ns\].
    pub fn wait(&self, admitted: &[u64], now: u64) -> u64 {
        let count = u128::from(self.count);
        let turns = admitted.iter().enumerate().map(|(place, at)| {
            let behind = (admitted.len() - place) as u128;
            u128::from(*at) * count + behind * u128::from(self.per)
        });
        let turn = turns.max().unwrap_or(0).div_ceil(count);
        u64::try_from(turn).expect("within the run").saturating_sub(now)
    }
}
