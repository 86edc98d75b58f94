//! What a search takes, in runs: these are counted, so that they are the same on every machine.

use super::advice;
use throttlesim::report::advise::sentences;
use throttlesim::study::{Advice, MOST_RUNS};

/// Every 15 minutes `getOrders`, then `getOrderItems` of about so many orders, for so many sellers.
fn order_sync(sellers: u32, hours: u32, orders: u32) -> String {
    format!(
        "schema = 1\nquestion = \"When is the order sync of {sellers} sellers done?\"\nduration = \
         \"{hours}h\"\n[provider.amazon]\ncatalog = \"sp-api\"\nregion = \"eu\"\n[clients]\n\
         accounts = {sellers}\n[service]\nlatency.lognormal = {{ median = \"180ms\", p99 = \
         \"900ms\" }}\nround_trip = \"40ms\"\n[workload.sync]\narrivals.every = {{ period = \
         \"15m\", jitter = \"30s\" }}\nsteps = [{{ call = \"orders/v0/getOrders\" }}, {{ call = \
         \"orders/v0/getOrderItems\", count.poisson = {orders} }}]\n[advise]\nmust = \
         [\"throttle_rate < 1%\"]\n"
    )
}

/// Runs of the race, and of a grid of the same candidates.
fn runs(advice: &Advice) -> (u64, u64) {
    (advice.race.runs, advice.field.entrants.len() as u64 * u64::from(MOST_RUNS))
}

/// One of many sellers stands for all, until few candidates are left.
#[test]
fn a_race_of_many_sellers_takes_few_runs_of_all() {
    let text = order_sync(16, 1, 2)
        + "may = [\"pace\", \"workers\"]\nrange.workers = [1, 4]\nrange.\"pace.rate\" = \
           [\"95%\", \"100%\"]\n";
    let advice = advice(&text);
    let first = &advice.race.rounds[0];
    assert_eq!((first.accounts, first.runs, first.ran), (1, 1, advice.field.entrants.len()));
    let (race, grid) = runs(&advice);
    assert!(race * 10 < grid, "{race} of {grid}");
    assert!(advice.reporting > 0);
    let told = sentences(&advice).join(" ");
    assert!(told.contains("The search simulated"), "{told}");
    assert!(told.contains(&format!("{} more.", advice.reporting + advice.robust.spent)), "{told}");
}

#[test]
#[ignore = "minutes without optimisation: prints what the search of 40 sellers takes"]
fn forty_sellers() {
    let advice = advice(&order_sync(40, 24, 30));
    let (race, grid) = runs(&advice);
    println!(
        "{} candidates: {race} runs of the race, {} for the tables; a full grid {grid}",
        advice.field.entrants.len(),
        advice.reporting + advice.robust.spent
    );
    assert!(race * 20 < grid, "{race} of {grid}");
}
