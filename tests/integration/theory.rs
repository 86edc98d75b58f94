//! Runs against queueing theory: mean waits, losses and identities that hold whatever happens.
//!
//! Every figure is a mean over 40 replications. Its tolerance is stated with it, and is itself
//! tested: it must be some five standard errors of the mean, so that a right simulator fails by
//! chance in one of a million figures, and a wrong one does not pass for want of a sharp look.
//! A queue that starts empty flatters the mean wait by some tens of customers' worth of it; runs
//! are long enough for that to be less than half a standard error.

mod formulas;
mod identities;
mod losses;
mod waits;

use crate::scenario;
use throttlesim::metrics::Estimate;
use throttlesim::metrics::figures::{Metric, Slice, Statistic};
use throttlesim::scenario::Scenario;
use throttlesim::study::{Runs, Study};

const REPLICATIONS: u32 = 40;
/// Student's t for 39 degrees of freedom, at 97.5 %.
const STUDENT: f64 = 2.022_691;

const MEAN_LATENCY: Metric = Metric::Latency(Statistic::Mean);

/// A limit that never says no, for what bounds itself.
const OPEN: &str = "[limit.none]\nscope = []\nrule.concurrency = 1000000\n";

/// A scenario that goes on for so many seconds.
fn planned(seconds: f64, text: &str) -> Scenario {
    scenario(&format!(
        "schema = 1\nquestion = \"?\"\nduration = \"{seconds:.0}s\"\n\
         replications = {REPLICATIONS}\n{text}"
    ))
}

/// The runs of its only strategy.
fn runs(seconds: f64, text: &str) -> Runs {
    Study::run(&planned(seconds, text)).expect("within its bounds").strategies.remove(0)
}

fn estimate(seconds: f64, text: &str, metric: Metric) -> Estimate {
    runs(seconds, text).estimate(Slice::Whole, metric).expect("it was measured")
}

/// The same measure from another beginning: a mean wait is a mean latency less the mean service.
fn less(found: Estimate, by: f64) -> Estimate {
    let ci95 = found.ci95.map(|[low, high]| [low - by, high - by]);
    Estimate { mean: found.mean - by, ci95 }
}

/// Holds what was found to theory within a relative tolerance, and the tolerance to some five
/// standard errors.
fn agree(what: &str, found: Estimate, theory: f64, tolerance: f64) {
    let [low, high] = found.ci95.expect("replications");
    let error = (high - low) / 2.0 / STUDENT;
    let (off, within) = ((found.mean - theory) / error, tolerance * theory / error);
    let told = format!(
        "{what}: {} for {theory} of theory, off by {off:.1} standard errors of {:.3} %",
        found.mean,
        100.0 * error / theory
    );
    assert!((found.mean - theory).abs() <= tolerance * theory, "{told}");
    assert!((3.0..8.0).contains(&within), "{told}, {within:.1} are tolerated");
}
