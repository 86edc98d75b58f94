//! Small exact limiters and workloads that are taken for the truth.
use std::collections::VecDeque;
use throttlesim::fit::rows::{Call, Status, Within};

pub const MS: i64 = 1_000_000;
pub const S: i64 = 1_000_000_000;

/// SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn below(&mut self, n: i64) -> i64 {
        (self.next() % n.max(1) as u64) as i64
    }
    pub fn from(&mut self, lo: i64, hi: i64) -> i64 {
        lo + self.below(hi - lo + 1)
    }
    pub fn exp(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }
    pub fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.unit()).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
    /// Log-normal with this median [ns].
    pub fn delay(&mut self, median: i64, sigma: f64) -> i64 {
        (median as f64 * (sigma * self.normal()).exp()) as i64
    }
}

#[derive(Debug, Clone)]
pub enum Truth {
    /// count per `per` ns, burst, tokens missing at the start in 1/1000, refused calls count
    Bucket {
        count: i64,
        per: i64,
        burst: i64,
        missing: i64,
        counted: bool,
    },
    /// k tokens every `period` from `phase`, burst, missing at the start
    Ticks {
        k: i64,
        period: i64,
        phase: i64,
        burst: i64,
        missing: i64,
    },
    Sliding {
        window: i64,
        limit: i64,
        counted: bool,
    },
    Concurrency {
        limit: i64,
    },
    /// two counters, `whole` needs room for a whole call
    Counter {
        window: i64,
        phase: i64,
        limit: i64,
        counted: bool,
    },
    /// Two limits, both of which must admit a call.
    Both(Box<[Truth; 2]>),
    /// So many nodes, each with this limit of its own, among which calls are dealt by chance.
    Split {
        nodes: i64,
        node: Box<Truth>,
        seed: u64,
    },
}

/// What has happened so far, for any truth.
#[derive(Clone, Default)]
pub struct State {
    deficit: i128,
    last: i64,
    log: VecDeque<(i64, i64)>,
    ends: Vec<i64>,
    window: i64,
    current: i64,
    previous: i64,
    begun: bool,
    /// When the first call was sent, at which so many tokens are missing.
    pub origin: i64,
    /// That of each of two limits, or of each node.
    parts: Vec<State>,
    /// Calls that were dealt among nodes.
    dealt: u64,
}

impl State {
    fn counter(
        &mut self,
        now: i64,
        (window, phase): (i64, i64),
        (limit, counted): (i64, bool),
        cost: i64,
    ) -> bool {
        let number = (now - phase).div_euclid(window);
        if !self.begun || number != self.window {
            let next = self.begun && number == self.window + 1;
            self.previous = if next { self.current } else { 0 };
            self.current = 0;
            self.window = number;
            self.begun = true;
        }
        let elapsed = (now - phase).rem_euclid(window);
        let room = i128::from(limit - self.current - cost) * i128::from(window);
        let weighed = i128::from(self.previous) * i128::from(window - elapsed);
        let ok = room >= weighed;
        if ok || counted {
            self.current += cost;
        }
        ok
    }
}

impl Truth {
    pub fn decide(&self, state: &mut State, now: i64, cost: i64, ends: i64) -> bool {
        match *self {
            Truth::Both(ref limits) => decide_both(limits, state, (now, cost, ends)),
            Truth::Split { nodes, ref node, seed } => {
                let origin = state.origin;
                let fresh = || State { origin, ..State::default() };
                state.parts.resize_with(nodes as usize, fresh);
                state.dealt += 1;
                let place = Dice(seed.wrapping_add(state.dealt << 20)).below(nodes);
                node.decide(&mut state.parts[place as usize], now, cost, ends)
            }
            Truth::Bucket { count, per, burst, missing, counted } => {
                let (count, per) = (i128::from(count), i128::from(per));
                if !state.begun {
                    state.begun = true;
                    state.deficit = i128::from(missing) * per * i128::from(burst) / 1000;
                    state.last = state.origin;
                }
                state.deficit = (state.deficit - i128::from(now - state.last) * count).max(0);
                state.last = now;
                let ok = state.deficit + i128::from(cost) * per <= i128::from(burst) * per;
                if ok {
                    state.deficit += i128::from(cost) * per;
                } else if counted {
                    state.deficit = i128::from(burst) * per;
                }
                ok
            }
            Truth::Ticks { k, period, phase, burst, missing } => {
                let tick = |at: i64| (at - phase).div_euclid(period);
                if !state.begun {
                    state.begun = true;
                    state.deficit = i128::from(missing * burst / 1000);
                    state.last = state.origin;
                }
                let ticks = i128::from(tick(now) - tick(state.last));
                state.deficit = (state.deficit - ticks * i128::from(k)).max(0);
                state.last = now;
                let ok = state.deficit + i128::from(cost) <= i128::from(burst);
                if ok {
                    state.deficit += i128::from(cost);
                }
                ok
            }
            Truth::Sliding { window, limit, counted } => {
                while state.log.front().is_some_and(|x| x.0 + window <= now) {
                    state.log.pop_front();
                }
                let used: i64 = state.log.iter().map(|x| x.1).sum();
                let ok = used + cost <= limit;
                if ok || counted {
                    state.log.push_back((now, cost));
                }
                ok
            }
            Truth::Concurrency { limit } => {
                state.ends.retain(|end| *end > now);
                let ok = (state.ends.len() as i64) < limit;
                if ok {
                    state.ends.push(ends);
                }
                ok
            }
            Truth::Counter { window, phase, limit, counted } => {
                state.counter(now, (window, phase), (limit, counted), cost)
            }
        }
    }
}

/// Both are asked, and neither counts what the other refuses.
fn decide_both(limits: &[Truth; 2], state: &mut State, (now, cost, ends): (i64, i64, i64)) -> bool {
    let origin = state.origin;
    state.parts.resize_with(2, || State { origin, ..State::default() });
    let mut next = state.parts.clone();
    let each = limits.iter().zip(&mut next);
    let admits = each.map(|(limit, state)| limit.decide(state, now, cost, ends));
    let ok = admits.filter(|admits| !admits).count() == 0;
    if ok {
        state.parts = next;
    }
    ok
}

#[derive(Debug, Clone, Copy)]
pub struct Net {
    pub one_way: i64,
    pub sigma: f64,
    /// Service time of an accepted call [ns].
    pub service: i64,
    /// The log has a bound of the round trip.
    pub bound: bool,
}

impl Net {
    pub fn ms(ms: i64) -> Self {
        Net { one_way: ms * MS, sigma: 0.5, service: 0, bound: false }
    }
}

/// Calls `(arrival, cost)` in order of arrival -> the log.
pub fn log(truth: &Truth, arrivals: &[(i64, i64)], net: Net, dice: &mut Dice) -> Vec<Call> {
    let mut rows: Vec<(i64, Call)> = Vec::new();
    let delays: Vec<(i64, i64)> = arrivals
        .iter()
        .map(|_| match net.one_way {
            0 => (0, 0),
            m => (dice.delay(m, net.sigma), dice.delay(m, net.sigma)),
        })
        .collect();
    let sent = arrivals.iter().zip(&delays).map(|(arrival, delay)| arrival.0 - delay.0);
    let mut state = State { origin: sent.min().unwrap_or(0), ..State::default() };
    for (&(at, cost), &(there, back)) in arrivals.iter().zip(&delays) {
        let service = if net.service > 0 { dice.exp(net.service as f64) as i64 } else { 0 };
        let ok = truth.decide(&mut state, at, cost, at + service);
        let end = if ok { at + service } else { at };
        let trip = net.bound.then_some(there + back + (there + back) / 4);
        let status = if ok { Status::Accepted } else { Status::Refused };
        let sent = Within::exactly(at - there);
        let mut call = Call::timed(0, sent, Some(end + back), trip, status).expect("times");
        call.cost = cost as u32;
        rows.push((at - there, call));
    }
    rows.sort_by_key(|row| row.0);
    rows.iter()
        .enumerate()
        .map(|(i, row)| {
            let mut call = row.1;
            call.line = i as u32 + 2;
            call
        })
        .collect()
}

/// Poisson arrivals at `rate` per second.
pub fn poisson(n: usize, rate: f64, dice: &mut Dice) -> Vec<(i64, i64)> {
    let mut at = 0.0;
    (0..n)
        .map(|_| {
            at += dice.exp(1.0 / rate);
            ((at * 1e9) as i64, 1)
        })
        .collect()
}

/// Every so often, at a constant rate per second.
pub fn steady(n: usize, rate: f64) -> Vec<(i64, i64)> {
    (0..n).map(|i| ((i as f64 / rate * 1e9) as i64, 1)).collect()
}

/// Bursts of random size after random pauses.
pub fn bursts(n: usize, size: i64, pause: f64, gap: f64, dice: &mut Dice) -> Vec<(i64, i64)> {
    let (mut at, mut out) = (0.0, Vec::new());
    while out.len() < n {
        for _ in 0..dice.from(1, size) {
            out.push(((at * 1e9) as i64, 1));
            at += dice.exp(gap);
        }
        at += dice.exp(pause);
    }
    out.truncate(n);
    out
}

/// A random workload around `rate` per second and `burst`.
pub fn any_work(n: usize, rate: f64, burst: i64, dice: &mut Dice) -> Vec<(i64, i64)> {
    let load = 0.5 + 3.0 * dice.unit();
    match dice.below(4) {
        0 => poisson(n, rate * load, dice),
        1 => steady(n, rate * load),
        2 => bursts(n, burst * 2, burst as f64 / rate / load, 0.01 / rate, dice),
        _ => bursts(n, burst * 3, burst as f64 / rate / load * 2.0, 0.2 / rate, dice),
    }
}
