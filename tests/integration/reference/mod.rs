//! Runs against an exact reference: random scenarios of the whole language are run, every decision
//! of every limit is read from the attempts, and a model that keeps all that was admitted before
//! counts it again.
//!
//! ```text
//!   random.rs      a random scenario: its text, and its limits as the test knows them
//!   replay.rs      attempts in the order of their decisions, each decided once more
//!   buckets.rs     token bucket (continuous, ticking), quota, leaky queue
//!   windows.rs     fixed window, sliding log, sliding counter in both readings
//!   calls.rs       concurrency, lockout
//!   relations.rs   what may change in a scenario without a change of its counts
//! ```
//!
//! The models share no code with the limiters, use whole numbers of 128 bits only, and say what a
//! limit means instead of how it is computed: of a bucket, that no interval up to now has more
//! admissions than its burst and what came back meanwhile.

mod buckets;
mod calls;
mod random;
mod relations;
mod replay;
mod windows;

use random::Family;
use throttlesim::random::{Draws, Purpose, Streams};

/// Scenarios of each family.
const SCENARIOS: u64 = 60;

fn draws(what: u64, case: u64) -> Draws {
    Streams::new(what, 0).stream(Purpose::Keys, 0).at(case)
}

/// Holds the decisions of many scenarios with limits of a family against the model.
fn hold(family: Family, what: u64) {
    let (mut admitted, mut refused) = (0, 0);
    for case in 0..SCENARIOS {
        let told = replay::check(&random::scenario(&mut draws(what, case), family));
        let (a, r) = told.unwrap_or_else(|wrong| panic!("case {case}: {wrong}"));
        (admitted, refused) = (admitted + a, refused + r);
    }
    println!("{family:?}: {admitted} admitted, {refused} refused");
    assert!(admitted > 2000 && refused > 500, "{admitted} admitted, {refused} refused");
}

#[test]
fn buckets_decide_as_their_envelope_says() {
    hold(Family::Buckets, 101);
}

#[test]
fn windows_decide_as_a_count_says() {
    hold(Family::Windows, 102);
}

#[test]
fn concurrency_and_lockouts_decide_as_a_count_says() {
    hold(Family::Calls, 103);
}

#[test]
fn limits_of_all_families_decide_together_as_each_says() {
    hold(Family::All, 104);
}
