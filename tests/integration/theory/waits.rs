//! How long work waits: workers are servers, a pacer is a server that takes 1/rate, and so is a
//! queue at the provider.

use super::formulas::{
    erlang_c, impatient_loss, impatient_wait, pollaczek_khinchine, work_integral,
};
use super::{MEAN_LATENCY, OPEN, agree, estimate, less, runs};
use throttlesim::metrics::figures::{Metric, Slice, Statistic};

/// Workers that serve Poisson arrivals, one call each.
fn served(workers: u32, rate: f64, latency: &str) -> String {
    format!(
        "{OPEN}[service]\nlatency.{latency}\n[workload.w]\narrivals.poisson = \"{rate}/s\"\n\
         call = \"c\"\n[strategy.s]\nworkers = {workers}\n"
    )
}

/// M/M/c, services of a second: `Wq = C(c, λ) / (c - λ)`; for one worker `λ / (1 - λ)`.
#[test]
fn workers_are_an_m_m_c_queue() {
    let cases = [(1, 0.5, 0.025), (1, 0.7, 0.03), (3, 2.0, 0.04), (8, 6.0, 0.07)];
    for (workers, rate, tolerance) in cases {
        let text = served(workers, rate, "exponential = \"1s\"");
        let seconds = 40_000.0 / rate;
        let found = less(estimate(seconds, &text, MEAN_LATENCY), 1.0);
        let wait = erlang_c(workers, rate) / (f64::from(workers) - rate);
        agree(&format!("M/M/{workers} at {rate}/s"), found, wait, tolerance);
    }
}

/// M/M/1 not only in the mean: the time in the system is exponential, `P(T > t) = e^(-(1-λ)t)`.
/// The histogram itself may be off by up to 0.8 %.
#[test]
fn the_time_at_one_worker_is_exponential() {
    let runs = runs(60_000.0, &served(1, 0.5, "exponential = \"1s\""));
    for (permille, tolerance) in [(100, 0.015), (500, 0.012), (900, 0.015), (990, 0.027)] {
        let metric = Metric::Latency(Statistic::Quantile(permille));
        let found = runs.estimate(Slice::Whole, metric).expect("latencies");
        let theory = -(1.0 - f64::from(permille) / 1000.0).ln() / 0.5;
        agree(&format!("quantile {permille}"), found, theory, tolerance);
    }
}

/// M/G/1: Pollaczek and Khinchine's `λ·E[S²] / (2(1 - λ·E[S]))`. Lognormal with median m and
/// `σ = ln(p99/m) / 2.326348`: `E[S] = m·e^(σ²/2)`, `E[S²] = m²·e^(2σ²)`; uniform:
/// `E[S²] = (l² + lh + h²) / 3`; gamma of shape k: `E[S²] = E[S]²·(1 + 1/k)`.
#[test]
fn one_worker_is_an_m_g_1_queue() {
    let sigma = (2.0f64 / 0.5).ln() / 2.326_347_874;
    let lognormal = (0.5 * (sigma * sigma / 2.0).exp(), 0.25 * (2.0 * sigma * sigma).exp());
    let cases = [
        ("lognormal = { median = \"500ms\", p99 = \"2s\" }", lognormal, 0.02),
        ("uniform = { low = \"200ms\", high = \"1s\" }", (0.6, (0.04 + 0.2 + 1.0) / 3.0), 0.018),
        ("gamma = { mean = \"600ms\", shape = 0.5 }", (0.6, 0.36 * 3.0), 0.027),
        ("constant = \"600ms\"", (0.6, 0.36), 0.013),
    ];
    for (latency, (mean, square), tolerance) in cases {
        let found = estimate(50_000.0, &served(1, 0.9, latency), MEAN_LATENCY);
        let wait = pollaczek_khinchine(0.9, mean, square);
        agree(latency, less(found, mean), wait, tolerance);
    }
}

/// M/D/1: a pacer of 1/s with `burst` turns in hand makes nobody wait who has less than
/// `x = burst - 1` turns in front: `E[max(V - x, 0)] = λ/(2(1-λ)) - x + (1-λ)·∫₀ˣ G`, V being the
/// work of M/D/1. With no turn in hand it is the mean wait of M/D/1.
#[test]
fn a_pacer_is_an_m_d_1_queue() {
    for (rate, burst, tolerance) in [(0.5, 1, 0.02), (0.8, 1, 0.03), (0.8, 3, 0.055), (0.9, 5, 0.1)]
    {
        let text = format!(
            "{OPEN}[workload.w]\narrivals.poisson = \"{rate}/s\"\ncall = \"c\"\n\
             [strategy.s]\npace = {{ rate = \"1/s\", burst = {burst} }}\n"
        );
        let found = estimate(50_000.0, &text, MEAN_LATENCY);
        let x = f64::from(burst - 1);
        let part = if burst == 1 { 0.0 } else { (1.0 - rate) * work_integral(rate, x) };
        let wait = pollaczek_khinchine(rate, 1.0, 1.0) - x + part;
        agree(&format!("pacer at {rate} with {burst} in hand"), found, wait, tolerance);
    }
}

/// A queue at the provider, in which a call waits at most 3 s for its turn, is M/D/1 with
/// impatience: the share lost and the mean wait of the others, also where more comes than leaves.
#[test]
fn a_leaky_queue_is_m_d_1_with_impatience() {
    for (rate, lost_within, wait_within) in [(0.8, 0.02, 0.006), (1.2, 0.008, 0.004)] {
        let runs = runs(
            50_000.0,
            &format!(
                "[limit.l]\nscope = []\nrule.leaky_queue = {{ rate = \"1/s\", wait = \"3s\" }}\n\
                 [workload.w]\narrivals.poisson = \"{rate}/s\"\ncall = \"c\"\n[strategy.s]\n"
            ),
        );
        let found = |metric| runs.estimate(Slice::Whole, metric).expect("calls");
        let lost = impatient_loss(rate, 3.0);
        agree(&format!("lost at {rate}/s"), found(Metric::ThrottleRate), lost, lost_within);
        // What is lost has no latency; the mean is that of the others.
        let wait = impatient_wait(rate, 3.0);
        agree(&format!("waits at {rate}/s"), found(MEAN_LATENCY), wait, wait_within);
    }
}

/// Machines and one repairman, `N` of them, up for 5 s and in repair for 1 s on average:
/// `throughput = 1 - p₀`, `1/p₀ = Σ N!/(N-k)!·(1/5)^k`, and by Little's law for the whole loop the
/// time in repair is `N/throughput - 5`.
#[test]
fn a_closed_population_is_the_machine_repair_model() {
    for (machines, tolerance) in [(2, 0.012), (6, 0.011)] {
        let text = format!(
            "{OPEN}[service]\nlatency.exponential = \"1s\"\n[workload.w]\n\
             arrivals.closed = {{ population = {machines}, think.exponential = \"5s\" }}\n\
             call = \"c\"\n[strategy.s]\nworkers = 1\n"
        );
        let found = estimate(20_000.0, &text, MEAN_LATENCY);
        let ways = (0..machines).scan(1.0, |ways, k| {
            *ways *= f64::from(machines - k) / 5.0;
            Some(*ways)
        });
        let idle = 1.0 / (1.0 + ways.sum::<f64>());
        let repair = f64::from(machines) / (1.0 - idle) - 5.0;
        agree(&format!("{machines} machines"), found, repair, tolerance);
    }
}
