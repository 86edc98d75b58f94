//! Measures in words: what a strategy does with each, and how two differ.

use super::words::{self, plural};
use crate::metrics::figures::{Metric, Part, Statistic};
use crate::metrics::{Estimate, Measure};
use crate::scenario::Width;

/// What a strategy with this figure does: `completes 95 % of its jobs within 5.72 s`.
#[must_use]
pub(super) fn verb(metric: Metric, value: f64) -> String {
    let shown = words::of(metric.measure())(value);
    match metric {
        Metric::CallsPerSuccess if shown == "1" => "needs 1 call per success".into(),
        Metric::CallsPerSuccess => format!("needs {shown} calls per success"),
        Metric::Completion => format!("has done all jobs after {shown}"),
        Metric::LastEnd => format!("finishes after {shown}"),
        Metric::LossRate => format!("loses {shown} of its jobs"),
        Metric::SkippedRate => format!("skips {shown} of its requests"),
        Metric::LimitUse => format!("uses at most {shown} of a limit"),
        Metric::Latency(statistic) => within("request", statistic, &shown),
        Metric::JobLatency(statistic) => within("job", statistic, &shown),
        Metric::Age(Statistic::Mean) => format!("has data {shown} old on average"),
        Metric::Age(Statistic::Max) => format!("has data at most {shown} old"),
        Metric::Age(Statistic::Quantile(permille)) => {
            format!("has data at most {shown} old for {} of the time", share(permille))
        }
        Metric::Requests(ending) => has("request", &shown, Part::Ending(ending)),
        Metric::Jobs(ending) => has("job", &shown, Part::Ending(ending)),
        Metric::Attempts(answer) => has("attempt", &shown, Part::Answer(answer)),
        Metric::Amplification => format!("has an {} of {shown}", metric.noun()),
        Metric::Goodput
        | Metric::Fairness
        | Metric::ThrottleRate
        | Metric::FirstTryThrottleRate => format!("has a {} of {shown}", metric.noun()),
    }
}

/// The size of a difference: shares differ by percentage points.
#[must_use]
pub(super) fn difference(measure: Measure, size: f64) -> String {
    match measure {
        Measure::Share => {
            let points = words::digits(size.abs() * 100.0);
            let unit = plural("percentage point", &points);
            format!("{points} {unit}")
        }
        measure => words::of(measure)(size.abs()),
    }
}

/// The size of a difference and half of its interval, if it has one: `1 min 44 s ± 3 s`.
#[must_use]
pub(super) fn estimated_difference(measure: Measure, found: Estimate) -> String {
    let size = difference(measure, found.mean);
    match (measure, found.half().filter(|half| *half > 0.0)) {
        (_, None) => size,
        (Measure::Share, Some(half)) => {
            let [size, half] = [found.mean.abs(), half].map(|share| words::digits(share * 100.0));
            format!("{size} ± {half} percentage points")
        }
        (_, Some(half)) => format!("{size} ± {}", difference(measure, half)),
    }
}

/// The largest difference that is a tie: `1 %`, `5 s`, `0.1 percentage points`.
#[must_use]
pub(super) fn worth(metric: Metric, worth: Width) -> String {
    match worth {
        none if none.at(1.0) <= 0.0 => "0".into(),
        Width::Relative(share) => words::percent(share),
        Width::Absolute(size) => difference(metric.measure(), size),
    }
}

fn has(what: &str, shown: &str, part: Part) -> String {
    format!("has {shown} {} {}", plural(what, shown), part.word())
}

fn within(what: &str, statistic: Statistic, shown: &str) -> String {
    match statistic {
        Statistic::Mean => format!("takes {shown} for a {what} on average"),
        Statistic::Max => format!("completes its slowest {what} within {shown}"),
        Statistic::Quantile(permille) => {
            format!("completes {} of its {what}s within {shown}", share(permille))
        }
    }
}

fn share(permille: u16) -> String {
    words::percent(f64::from(permille) / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::figures::Ending;

    #[test]
    fn every_metric_has_words() {
        for metric in Metric::all() {
            let told = verb(metric, 2.0);
            assert!(told.contains(&words::of(metric.measure())(2.0)), "{told}");
        }
        let p95 = Metric::JobLatency(Statistic::Quantile(950));
        assert_eq!(verb(p95, 5.72), "completes 95 % of its jobs within 5.72 s");
        assert_eq!(verb(Metric::CallsPerSuccess, 1.0), "needs 1 call per success");
        assert_eq!(verb(Metric::CallsPerSuccess, 38.87), "needs 38.9 calls per success");
        assert_eq!(verb(Metric::Jobs(Ending::Lost), 1.0), "has 1 job lost");
        assert_eq!(difference(Measure::Share, -0.167), "16.7 percentage points");
        assert_eq!(difference(Measure::Share, 0.01), "1 percentage point");
    }
}
