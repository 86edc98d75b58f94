//! What holds of any queue: Little's law; and what renewal theory says of single attempts.

use super::{OPEN, REPLICATIONS, agree, planned};
use throttlesim::metrics::{Cell, Estimate};
use throttlesim::simulation::{observe, simulate};
use throttlesim::units::Instant;

/// Little's law, `L = λ·W`, as the identity that it is: the backlog summed over time is what all
/// latencies add up to. The two are counted apart; the backlog is read once a second, so that they
/// differ by the chance of where in its second a request begins and ends. It must not be for long
/// on one side: mean of the ratio over 40 runs of 400 s, within five standard errors.
#[test]
fn little_holds_whatever_the_client_does() {
    let bucket = "[limit.b]\nscope = []\nrule.token_bucket = { rate = \"2/s\", burst = 5 }\n";
    let full = "{ attempts = \"unlimited\", backoff.exponential = { base = \"1s\", cap = \"20s\", \
                jitter = \"full\" } }";
    let clients = [
        (OPEN, String::from("workers = 2"), 0.0045),
        (OPEN, String::from("pace = { rate = \"2.2/s\", burst = 3 }"), 0.007),
        (bucket, format!("retry = {full}"), 0.005),
        (bucket, format!("workers = 3\nhold_worker = true\nretry = {full}"), 0.0045),
        (bucket, String::from("pace.rate = \"98%\"\nworkers = 2"), 0.0007),
        (
            bucket,
            String::from("batch = { linger = \"2s\", size = 3 }\npace.rate = \"90%\""),
            0.0125,
        ),
    ];
    for (limit, client, tolerance) in clients {
        let text = format!(
            "{limit}[service]\nlatency.exponential = \"800ms\"\nround_trip = \"100ms\"\n\
             [workload.w]\narrivals.poisson = \"1.9/s\"\ncall = \"c\"\n[strategy.s]\n{client}\n"
        );
        let plan = planned(400.0, &text).plan;
        let ratio = |replication| {
            let outcome = simulate(&plan, 0, replication, 0..1);
            let Cell { requests, latency, .. } = &outcome.cells[0];
            assert_eq!(requests.completed, requests.arrived, "{client}: none is lost");
            let width = outcome.timeline.width().as_secs_f64();
            let backlog = outcome.timeline.backlog().sum::<u64>() as f64 * width;
            backlog / (latency.mean_s().expect("latencies") * latency.count() as f64)
        };
        let ratios: Vec<f64> = (0..REPLICATIONS).map(ratio).collect();
        agree(&client, Estimate::of(&ratios).expect("runs"), 1.0, tolerance);
    }
}

/// How far gaps are from exponential ones, Kolmogorov's `√n·sup |F̂ - F|`: above 2.6 by chance in
/// three of a million.
fn far_from_exponential(mut gaps: Vec<f64>, rate: f64) -> f64 {
    gaps.sort_by(f64::total_cmp);
    let n = gaps.len() as f64;
    let far = |(below, gap): (f64, &f64)| {
        let exact = 1.0 - (-rate * gap).exp();
        (below / n - exact).abs().max(((below + 1.0) / n - exact).abs())
    };
    let places = std::iter::successors(Some(0.0), |place| Some(place + 1.0));
    places.zip(&gaps).map(far).fold(0.0, f64::max) * n.sqrt()
}

/// How much a gap says about the next one, in standard errors `1/√n` of the correlation.
fn memory(gaps: &[f64]) -> f64 {
    let n = gaps.len() as f64;
    let mean = gaps.iter().sum::<f64>() / n;
    let spread: f64 = gaps.iter().map(|gap| (gap - mean).powi(2)).sum();
    let joint: f64 = gaps.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    joint / spread * n.sqrt()
}

/// What a bucket of one token lets in of Poisson arrivals is a renewal process: a second for the
/// token, then as long as it takes until somebody comes. Its gaps less a second are exponential,
/// know nothing of each other, and so do the gaps between all attempts, as they arrive.
#[test]
fn gaps_between_admissions_renew_themselves() {
    let plan = planned(
        100_000.0,
        "[limit.b]\nscope = []\nrule.token_bucket = { rate = \"1/s\", burst = 1 }\n\
         [workload.w]\narrivals.poisson = \"1.5/s\"\ncall = \"c\"\n[strategy.s]\n",
    )
    .plan;
    let (_, attempts) = observe(&plan, 0, 0, Vec::new());
    let gaps = |of: Vec<Instant>| -> Vec<f64> {
        of.windows(2).map(|pair| pair[1].since(pair[0]).as_secs_f64()).collect()
    };
    let all = gaps(attempts.iter().map(|attempt| attempt.sent).collect());
    let admitted = attempts.iter().filter(|attempt| attempt.cause.is_none());
    let admitted = gaps(admitted.map(|attempt| attempt.sent).collect());
    assert!(admitted.iter().all(|gap| *gap >= 1.0), "a token takes a second");
    let idle: Vec<f64> = admitted.iter().map(|gap| gap - 1.0).collect();
    for (what, gaps) in [("arrivals", all), ("admissions", idle)] {
        assert!(gaps.len() > 50_000);
        let memory = memory(&gaps);
        let far = far_from_exponential(gaps, 1.5);
        assert!(far < 2.6, "{what}: {far}");
        assert!(memory.abs() < 5.0, "{what}: {memory}");
    }
}
