//! Runs a scenario and reads its figures: `cargo run --example run_scenario [FILE]`.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use throttlesim::{Metric, Problems, Scenario, Slice, Statistic, Study};

/// Thirty charges at once, sent in two ways.
pub const CHARGES: &str = r#"
    schema = 1
    question = "Thirty charges at once: how many calls are throttled?"
    service.latency.lognormal = { median = "300ms", p99 = "2s" }
    replications = 20

    [provider.pay]
    catalog = "amazon-pay"

    [workload.charges]
    arrivals.backlog = 30
    call = "CreateCharge"

    [strategy.naive]
    retry = { attempts = 5, backoff = "none" }

    [[expect]]
    that = "throttle_rate < 1%"
    strategy = "paced"

    [strategy.paced]
    pace.rate = "90%"
    retry = { attempts = 5, backoff.exponential = { base = "1s", cap = "1m", jitter = "full" } }
"#;

/// What is worth reading of a scenario's runs, line by line.
pub fn figures(name: &str, text: &str, folder: &Path) -> Result<String, Box<dyn Error>> {
    // Everything that is wrong with the text comes at once, each with its place and a remedy.
    let scenario = Scenario::read(name, text, folder)
        .map_err(|problems| Problems::new(name, text, problems))?;
    let study = Study::run(&scenario)?;

    let mut lines = format!("{}\n", scenario.question);
    for runs in &study.strategies {
        // A figure is a mean over the replications, with its 95 % interval.
        let shown = |metric: Metric| match runs.estimate(Slice::Whole, metric) {
            Some(found) => format!("{:.3} ± {:.3}", found.mean, found.half().unwrap_or(0.0)),
            None => "none".to_string(),
        };
        writeln!(
            lines,
            "{}: throttle rate {}, job latency p95 {} s, calls per success {}",
            scenario.names.label(runs.strategy),
            shown(Metric::ThrottleRate),
            shown(Metric::JobLatency(Statistic::Quantile(950))),
            shown(Metric::CallsPerSuccess),
        )?;
    }
    for finding in &study.findings {
        let expected = &scenario.expectations[finding.expectation].text;
        writeln!(lines, "{expected}: {:?}", finding.verdict)?;
    }
    Ok(lines)
}

fn main() -> Result<(), Box<dyn Error>> {
    let lines = match std::env::args().nth(1) {
        Some(file) => {
            let folder = Path::new(&file).parent().unwrap_or(Path::new(""));
            figures(&file, &std::fs::read_to_string(&file)?, folder)?
        }
        None => figures("charges", CHARGES, Path::new(""))?,
    };
    print!("{lines}");
    Ok(())
}
