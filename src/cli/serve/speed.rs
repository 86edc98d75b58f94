//! How fast the provider's clock may go: calls at the fastest limit must still be decided on time.

use crate::cli::{Fault, error};
use crate::report::words;
use crate::scenario::Scenario;

/// Calls at one limit that are surely decided on time in a second.
///
/// A round trip on one machine takes about 0.1 ms, and clients wait to the millisecond: at 2,000
/// calls a second the next one is due after 0.5 ms.
const HELD: f64 = 2000.0;

/// Refuses a speed at which the limits of a scenario cannot be held.
pub(super) fn check(scenario: &Scenario, speed: u32) -> Result<(), Fault> {
    let calls = scenario.plan.calls.iter().zip(&scenario.names.calls);
    let rates = calls.filter_map(|(call, name)| Some((call.published?.per_second_f64(), name)));
    let Some((rate, name)) = rates.max_by(|a, b| a.0.total_cmp(&b.0)) else { return Ok(()) };
    if speed == 1 || rate * f64::from(speed) <= HELD {
        return Ok(());
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Below HELD.
    let most = ((HELD / rate) as u32).max(1);
    Err(Fault::new(error(&format!(
        "--speed {speed} is too fast: {name} allows {}, and at most {} can be answered on time\n  \
         help: write --speed {most} or less",
        words::rate(rate),
        words::rate(HELD)
    ))))
}
