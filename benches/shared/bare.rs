//! Workload W1 as a bare loop, the mark that the simulator is measured against.
//!
//! It is what somebody would write by hand who wanted this one workload as fast as it can be, and
//! nothing else: a radix heap, a token bucket as a GCRA on integers, one exponential draw for each
//! arrival and each service, one uniform draw for each wait, and a histogram of latencies. It has
//! no strategies, no causes, no timeline, no per-account figures, no common random numbers and no
//! second operation; constants are constants.

#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

use crate::counts::Counts;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1};

/// Least first. Keys never go below the last taken.
struct RadixHeap {
    last: u64,
    filled: u64,
    buckets: Vec<Vec<(u64, u32)>>,
}

impl RadixHeap {
    fn push(&mut self, key: u64, event: u32) {
        let bucket = 64 - (key ^ self.last).leading_zeros() as usize;
        self.filled |= 1 << bucket;
        self.buckets[bucket].push((key, event));
    }

    fn pop(&mut self) -> Option<(u64, u32)> {
        let number = self.filled.trailing_zeros() as usize;
        if number == 64 {
            return None;
        }
        if number > 0 && self.buckets[number].len() > 1 {
            let mut entries = std::mem::take(&mut self.buckets[number]);
            self.last = entries.iter().map(|entry| entry.0).min().expect("not empty");
            self.filled &= !(1 << number);
            entries.drain(..).for_each(|(key, event)| self.push(key, event));
            self.buckets[number] = entries;
            return self.pop();
        }
        let entry = self.buckets[number].pop()?;
        self.last = entry.0;
        if self.buckets[number].is_empty() {
            self.filled &= !(1 << number);
        }
        Some(entry)
    }
}

#[derive(Clone, Copy)]
struct Request {
    account: u32,
    attempts: u32,
    arrived: u64,
}

const SECOND: u64 = 1_000_000_000;
const BETWEEN: u64 = SECOND / 10;
const DEPTH: u64 = 19 * BETWEEN;
const ARRIVAL: u32 = 1 << 30;
const SERVED: u32 = 1 << 31;

/// `accounts` on one clock, for `seconds` of arrivals and until all have ended.
pub fn run(accounts: u32, seconds: u64, seed: u64) -> Counts {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut counts = Counts::default();
    let mut heap = RadixHeap { last: 0, filled: 0, buckets: vec![Vec::new(); 64] };
    let mut full_at = vec![0u64; accounts as usize];
    let mut requests: Vec<Request> = Vec::new();
    let mut free: Vec<u32> = Vec::new();
    let exponential = |rng: &mut SmallRng, mean: f64| -> u64 {
        let unit: f64 = Exp1.sample(rng);
        (unit * mean) as u64
    };
    for account in 0..accounts {
        heap.push(exponential(&mut rng, 1e9 / 12.0), ARRIVAL | account);
    }
    while let Some((now, event)) = heap.pop() {
        let number = if event & SERVED != 0 {
            let number = event & !SERVED;
            counts.latency.record(now - requests[number as usize].arrived);
            free.push(number);
            continue;
        } else if event & ARRIVAL != 0 {
            let account = event & !ARRIVAL;
            if now >= seconds * SECOND {
                continue;
            }
            heap.push(now + exponential(&mut rng, 1e9 / 12.0), event);
            counts.arrived += 1;
            let request = Request { account, attempts: 0, arrived: now };
            match free.pop() {
                Some(number) => {
                    requests[number as usize] = request;
                    number
                }
                None => {
                    requests.push(request);
                    requests.len() as u32 - 1
                }
            }
        } else {
            event
        };
        let request = &mut requests[number as usize];
        request.attempts += 1;
        counts.sent += 1;
        let full = &mut full_at[request.account as usize];
        let start = (*full).max(now);
        if start - now <= DEPTH {
            *full = start + BETWEEN;
            heap.push(now + exponential(&mut rng, 5e7), SERVED | number);
        } else {
            counts.refused += 1;
            if request.attempts == 5 {
                counts.given_up += 1;
                free.push(number);
            } else {
                let most = ((SECOND / 10) << (request.attempts - 1)).min(20 * SECOND);
                heap.push(now + rng.random_range(0..=most), number);
            }
        }
    }
    counts
}
