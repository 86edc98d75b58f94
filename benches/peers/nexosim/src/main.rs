//! Workload W1 in NeXosim, a discrete-event framework of actors: each account is a model that
//! schedules its own arrivals, attempts and answers, on one thread.
//!
//! `cargo run --release -- SECONDS FIRST RUNS` prints a line of figures for each of RUNS runs,
//! whose seeds count up from FIRST. Bucket, draws and histogram are those of the bare loop, so that
//! what is measured is the framework.

#[path = "../../../shared/counts.rs"]
mod counts;

use counts::Counts;
use nexosim::model::{Context, Model, schedulable};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const ACCOUNTS: u64 = 100;
const SECOND: u64 = 1_000_000_000;
const BETWEEN: u64 = SECOND / 10;
const DEPTH: u64 = 19 * BETWEEN;

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Request {
    arrived: u64,
    attempts: u32,
}

#[derive(Serialize, Deserialize)]
struct Account {
    end: u64,
    full_at: u64,
    #[serde(skip, default = "any")]
    rng: SmallRng,
    #[serde(skip)]
    counts: Arc<Mutex<Counts>>,
}

fn any() -> SmallRng {
    SmallRng::seed_from_u64(0)
}

fn now(cx: &Context<Account>) -> u64 {
    let since = cx.time().duration_since(MonotonicTime::EPOCH);
    since.as_secs() * SECOND + u64::from(since.subsec_nanos())
}

#[Model]
impl Account {
    /// At least a nanosecond, for an event must lie ahead.
    fn exponential(&mut self, mean: f64) -> Duration {
        let unit: f64 = Exp1.sample(&mut self.rng);
        Duration::from_nanos(((unit * mean) as u64).max(1))
    }

    fn expect_arrival(&mut self, cx: &Context<Self>) {
        let gap = self.exponential(1e9 / 12.0);
        cx.schedule_event(gap, schedulable!(Self::arrive), ()).expect("ahead");
    }

    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.expect_arrival(cx);
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, _: (), cx: &Context<Self>) {
        let now = now(cx);
        if now < self.end {
            self.expect_arrival(cx);
            self.counts.lock().expect("one thread").arrived += 1;
            self.send(Request { arrived: now, attempts: 0 }, cx);
        }
    }

    #[nexosim(schedulable)]
    async fn again(&mut self, request: Request, cx: &Context<Self>) {
        self.send(request, cx);
    }

    #[nexosim(schedulable)]
    async fn served(&mut self, arrived: u64, cx: &Context<Self>) {
        self.counts.lock().expect("one thread").latency.record(now(cx) - arrived);
    }

    fn send(&mut self, mut request: Request, cx: &Context<Self>) {
        let now = now(cx);
        request.attempts += 1;
        let start = self.full_at.max(now);
        if start - now <= DEPTH {
            self.full_at = start + BETWEEN;
            self.counts.lock().expect("one thread").sent += 1;
            let time = self.exponential(5e7);
            cx.schedule_event(time, schedulable!(Self::served), request.arrived).expect("ahead");
            return;
        }
        {
            let mut counts = self.counts.lock().expect("one thread");
            counts.sent += 1;
            counts.refused += 1;
            counts.given_up += u64::from(request.attempts == 5);
        }
        if request.attempts < 5 {
            let most = ((SECOND / 10) << (request.attempts - 1)).min(20 * SECOND);
            let wait = Duration::from_nanos(self.rng.random_range(0..=most).max(1));
            cx.schedule_event(wait, schedulable!(Self::again), request).expect("ahead");
        }
    }
}

fn run(seconds: u64, seed: u64) -> String {
    let counts = Arc::new(Mutex::new(Counts::default()));
    let mut bench = SimInit::with_num_threads(1);
    let mut root = SmallRng::seed_from_u64(seed);
    for number in 0..ACCOUNTS {
        let rng = SmallRng::seed_from_u64(root.random());
        let end = seconds * SECOND;
        let account = Account { end, full_at: 0, rng, counts: counts.clone() };
        bench = bench.add_model(account, Mailbox::new(), &format!("account-{number}"));
    }
    let mut simulation = bench.init(MonotonicTime::EPOCH).expect("it begins");
    simulation.run().expect("it ends");
    counts.lock().expect("one thread").line()
}

fn main() {
    let number = |place: usize| -> u64 {
        let argument = std::env::args().nth(place);
        argument.and_then(|text| text.parse().ok()).expect("w1-nexosim SECONDS FIRST RUNS")
    };
    let (seconds, first, runs) = (number(1), number(2), number(3));
    for seed in first..first + runs {
        println!("{}", run(seconds, seed));
    }
}
