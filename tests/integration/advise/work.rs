//! Which work is to be done: all of it, one of several routes, or what the scenario states.

use super::{advice, bucket, shipped};
use throttlesim::report::advise::sentences;
use throttlesim::scenario::Draft;
use throttlesim::study::{Reason, readable};

/// Two kinds of work, with strategies that name some of it.
fn two(strategies: &str) -> String {
    bucket(&format!(
        "[workload.a]\narrivals.backlog = 5\ncall = \"GET /a\"\n[workload.b]\narrivals.backlog = \
         20\ncall = \"GET /b\"\n{strategies}[advise]\nmay = [\"pace\"]\n"
    ))
}

const HINT: &str = "One of the lists in `workloads` is taken to be enough";

#[test]
fn all_work_is_done_and_a_strategy_for_a_part_of_it_does_not_compete() {
    let all = advice(&two("[strategy.all]\n[strategy.part]\nworkloads = [\"a\"]\n"));
    assert_eq!(all.scenario.advise.routes, [None]);
    assert!(!all.field.entrants[all.best].candidate.has("workloads"), "{}", all.toml());
    let other = all.field.dropped.iter().filter(|of| of.reason == Reason::OtherWork);
    assert_eq!(other.map(|of| of.candidate.has("workloads")).collect::<Vec<_>>(), [true]);
    let told = sentences(&all).join(" ");
    assert!(told.contains("all 25 jobs are done") && !told.contains(HINT), "{told}");
    // A list that is a part of another is no route to the same end.
    let parts =
        two("[strategy.both]\nworkloads = [\"a\", \"b\"]\n[strategy.part]\nworkloads = [\"a\"]\n");
    assert_eq!(routes(&parts), [None]);
}

#[test]
fn lists_of_all_strategies_are_alternatives_and_that_is_told() {
    let text = two("[strategy.one]\nworkloads = [\"a\"]\n[strategy.other]\nworkloads = [\"b\"]\n");
    assert_eq!(routes(&text), [Some(vec![0]), Some(vec![1])]);
    let told = sentences(&advice(&text)).join(" ");
    assert!(told.contains("run `a`") || told.contains("Run `a`"), "less work is done sooner");
    assert!(told.contains(HINT), "{told}");
    let stated = advice(&(text + "routes = [[\"b\"]]\n"));
    let told = sentences(&stated).join(" ");
    assert!(told.contains("all 20 jobs are done") && !told.contains(HINT), "{told}");
}

fn routes(text: &str) -> Vec<Option<Vec<u16>>> {
    let draft = super::draft(text);
    readable(&draft).scenario().expect("it reads").advise.routes
}

/// Some scenarios compare different work: for these one list is stated, or those that are routes.
#[test]
fn no_shipped_scenario_takes_different_work_for_routes() {
    for (name, count) in [
        ("sp-api-report-per-application", 1),
        ("sp-api-report-per-seller", 1),
        ("ecomdash-six-at-once", 1),
        ("amazon-pay-30-charges", 1),
        ("ebay-browse-day", 1),
        ("replay-access-log", 1),
        ("sp-api-repricing", 2),
        ("sp-api-forty-thousand-orders", 3),
        ("patch-or-feed", 2),
    ] {
        let draft: Draft = shipped(name);
        let advise = draft.scenario().unwrap_or_else(|why| panic!("{name}: {why:?}")).advise;
        assert_eq!(advise.routes.len(), count, "{name}");
    }
}
