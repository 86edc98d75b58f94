//! What limits refuse of Poisson arrivals that are not retried.

use super::formulas::{erlang_b, impatient_loss, tick_loss, window_loss};
use super::{agree, estimate};
use throttlesim::metrics::figures::Metric;

/// Holds the share that a rule refuses of so many calls a second to theory, of 1.2 million calls.
fn lost(rule: &str, latency: &str, rate: f64, theory: f64, tolerance: f64) {
    let text = format!(
        "[limit.l]\nscope = []\nrule.{rule}\n[service]\nlatency.{latency}\n\
         [workload.w]\narrivals.poisson = \"{rate}/s\"\ncall = \"c\"\n[strategy.s]\n"
    );
    let found = estimate(30_000.0 / rate, &text, Metric::ThrottleRate);
    agree(&format!("{rule}, {latency}, at {rate}/s"), found, theory, tolerance);
}

const NONE: &str = "constant = \"0s\"";

/// M/M/c/c: Erlang's loss formula for the offered load λ·1 s.
#[test]
fn a_concurrency_limit_is_an_m_m_c_c_system() {
    for (servers, rate, tolerance) in [(1, 0.5, 0.005), (3, 2.0, 0.01), (10, 8.0, 0.02)] {
        let (rule, theory) = (format!("concurrency = {servers}"), erlang_b(servers, rate));
        lost(&rule, "exponential = \"1s\"", rate, theory, tolerance);
    }
}

/// M/G/c/c: the loss formula knows nothing of a service but its mean.
#[test]
fn erlangs_loss_is_insensitive_to_the_service() {
    for (latency, load, tolerance) in [
        ("constant = \"1s\"", 2.0, 0.008),
        ("gamma = { mean = \"1s\", shape = 0.5 }", 2.0, 0.014),
        ("uniform = { low = \"0s\", high = \"3s\" }", 3.0, 0.005),
    ] {
        lost("concurrency = 3", latency, 2.0, erlang_b(3, load), tolerance);
    }
}

/// Continuous refill: M/D/1 with impatience, see the formula, which is exact.
#[test]
fn a_continuous_bucket_refuses_what_its_renewals_say() {
    let cases =
        [(0.5, 1, 0.005), (0.8, 3, 0.015), (1.0, 5, 0.02), (1.3, 2, 0.005), (2.5, 10, 0.0025)];
    for (rate, burst, tolerance) in cases {
        let rule = format!("token_bucket = {{ rate = \"1/s\", burst = {burst} }}");
        lost(&rule, NONE, rate, impatient_loss(rate, f64::from(burst - 1)), tolerance);
    }
    // Amazon Pay's quota is the same; 1 in 2 s, so that 0.4/s are 0.8 in a turn.
    lost("quota = { restore = \"2s\", burst = 3 }", NONE, 0.4, impatient_loss(0.8, 2.0), 0.015);
}

/// Refill by ticks: the chain of what is held after a tick, which is exact.
#[test]
fn a_ticking_bucket_refuses_what_its_chain_says() {
    let cases =
        [(0.5, 1, 0.008), (0.8, 3, 0.02), (1.0, 5, 0.02), (1.3, 2, 0.006), (2.5, 10, 0.0025)];
    for (rate, burst, tolerance) in cases {
        let text = format!("{{ rate = \"1/s\", burst = {burst}, refill = \"tick\" }}");
        let theory = tick_loss(rate, usize::try_from(burst).expect("small"));
        lost(&format!("token_bucket = {text}"), NONE, rate, theory, tolerance);
    }
}

/// A window of the clock: what of a Poisson number is above the limit.
#[test]
fn a_fixed_window_refuses_what_is_above_its_limit() {
    for (limit, rate, tolerance) in [(5, 0.5, 0.011), (10, 1.2, 0.011)] {
        let rule = format!("fixed_window = {{ limit = {limit}, window = \"10s\" }}");
        let theory = window_loss(usize::try_from(limit).expect("small"), 10.0 * rate);
        lost(&rule, NONE, rate, theory, tolerance);
    }
}

/// A log of a window: each call let in takes a place for exactly the window, M/D/c/c, and Erlang's
/// formula again.
#[test]
fn a_sliding_log_refuses_what_erlang_says() {
    for (limit, rate, tolerance) in [(5, 0.5, 0.006), (10, 1.2, 0.006)] {
        let rule = format!("sliding_window = {{ limit = {limit}, window = \"10s\" }}");
        lost(&rule, NONE, rate, erlang_b(limit, 10.0 * rate), tolerance);
    }
}
