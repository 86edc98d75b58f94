//! Measures in words: what each is called, what a strategy does with it, and how two differ.

use super::words;
use crate::metrics::figures::{Answer, Ending, Metric, Statistic};
use crate::metrics::{Estimate, Measure};
use crate::scenario::Width;

/// A measure as a noun: `95th percentile of job latency`.
#[must_use]
pub(super) fn noun(metric: Metric) -> String {
    match metric {
        Metric::ThrottleRate => "throttle rate".into(),
        Metric::FirstTryThrottleRate => "first-try throttle rate".into(),
        Metric::Amplification => "amplification".into(),
        Metric::CallsPerSuccess => "calls per success".into(),
        Metric::Goodput => "goodput".into(),
        Metric::Completion => "time until all jobs are done".into(),
        Metric::LastEnd => "time until the last job ends".into(),
        Metric::LossRate => "share of jobs lost".into(),
        Metric::LimitUse => "largest share of a limit in use".into(),
        Metric::Fairness => "fairness".into(),
        Metric::Latency(statistic) => format!("{} of request latency", rank(statistic)),
        Metric::JobLatency(statistic) => format!("{} of job latency", rank(statistic)),
        Metric::Age(statistic) => format!("{} of data age", rank(statistic)),
        Metric::Requests(ending) => format!("requests {}", ended(ending)),
        Metric::Jobs(ending) => format!("jobs {}", ended(ending)),
        Metric::Attempts(answer) => format!("attempts {}", answered(answer)),
    }
}

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
        Metric::LimitUse => format!("uses at most {shown} of a limit"),
        Metric::Latency(statistic) => within("request", statistic, &shown),
        Metric::JobLatency(statistic) => within("job", statistic, &shown),
        Metric::Age(Statistic::Mean) => format!("has data {shown} old on average"),
        Metric::Age(Statistic::Max) => format!("has data at most {shown} old"),
        Metric::Age(Statistic::Quantile(permille)) => {
            format!("has data at most {shown} old for {} of the time", share(permille))
        }
        Metric::Requests(ending) => {
            format!("has {shown} {} {}", plural("request", &shown), ended(ending))
        }
        Metric::Jobs(ending) => format!("has {shown} {} {}", plural("job", &shown), ended(ending)),
        Metric::Attempts(answer) => {
            format!("has {shown} {} {}", plural("attempt", &shown), answered(answer))
        }
        Metric::Amplification | Metric::Goodput | Metric::Fairness => {
            format!("has {} {} of {shown}", article(metric), noun(metric))
        }
        Metric::ThrottleRate | Metric::FirstTryThrottleRate => {
            format!("has a {} of {shown}", noun(metric))
        }
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

/// A noun for so many, as they are shown.
#[must_use]
pub(super) fn plural(noun: &str, shown: &str) -> String {
    if shown == "1" { noun.into() } else { format!("{noun}s") }
}

const fn article(metric: Metric) -> &'static str {
    if matches!(metric, Metric::Amplification) { "an" } else { "a" }
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

fn rank(statistic: Statistic) -> String {
    match statistic {
        Statistic::Mean => "mean".into(),
        Statistic::Max => "maximum".into(),
        Statistic::Quantile(500) => "median".into(),
        Statistic::Quantile(permille) => {
            format!("{}th percentile", words::digits(f64::from(permille) / 10.0))
        }
    }
}

const fn ended(ending: Ending) -> &'static str {
    match ending {
        Ending::Arrived => "arrived",
        Ending::Completed => "completed",
        Ending::GivenUp => "given up",
        Ending::Unfinished => "unfinished",
        Ending::Lost => "lost",
    }
}

const fn answered(answer: Answer) -> &'static str {
    match answer {
        Answer::Sent => "sent",
        Answer::Admitted => "admitted",
        Answer::Throttled => "throttled",
        Answer::Failed => "failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{metric, metric_names};

    #[test]
    fn every_metric_has_words() {
        for name in metric_names() {
            let metric = metric(&name).expect("a metric");
            let told = verb(metric, 2.0);
            assert!(told.contains(&words::of(metric.measure())(2.0)), "{told}");
            assert!(noun(metric).len() > 3, "{name}");
        }
        let p95 = Metric::JobLatency(Statistic::Quantile(950));
        assert_eq!(verb(p95, 5.72), "completes 95 % of its jobs within 5.72 s");
        assert_eq!(noun(p95), "95th percentile of job latency");
        assert_eq!(verb(Metric::CallsPerSuccess, 1.0), "needs 1 call per success");
        assert_eq!(verb(Metric::CallsPerSuccess, 38.87), "needs 38.9 calls per success");
        assert_eq!(verb(Metric::Jobs(Ending::Lost), 1.0), "has 1 job lost");
        assert_eq!(difference(Measure::Share, -0.167), "16.7 percentage points");
        assert_eq!(difference(Measure::Share, 0.01), "1 percentage point");
    }
}
