//! Pictures show what happened between two readings, say what is lost, and are left out where they
//! would show nothing.

use crate::scenario;
use std::collections::BTreeMap;
use throttlesim::report::Report;
use throttlesim::study::{Shown, Study};
use throttlesim::units::{Instant, Span};

fn files(text: &str) -> BTreeMap<String, String> {
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let files = Report::new(&scenario, &study).files().expect("a report");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    files.into_iter().map(|(name, bytes)| (name, text(bytes))).collect()
}

const BURSTS: &str = "schema = 1\nquestion = \"?\"\nduration = \"6h\"\n\
    [limit.l]\nscope = [\"account\"]\nrule.token_bucket = { rate = \"1/s\", burst = 30 }\n\
    [clients]\naccounts = 3\nskew.weights = [1, 8, 1]\n[service]\nlatency.constant = \"100ms\"\n\
    [workload.w]\nper = \"scenario\"\narrivals.burst = [{ at = \"1h\", count = 60 }]\n\
    call = \"get\"\n[strategy.s]\n";

/// A burst that is over after a tenth of a second is seen in intervals of a minute, and so is the
/// bucket that it empties, which fills again within half a minute.
#[test]
fn what_happens_within_an_interval_is_seen() {
    let scenario = scenario(BURSTS);
    let study = Study::run(&scenario).expect("within its bounds");
    let looks = study.look_again(&scenario.plan);
    assert_eq!((looks.account, looks.shown), (1, Shown::MostThrottled));
    let look = looks.strategies[0].as_ref().expect("a small run");
    let hour = Instant::ORIGIN + Span::HOUR;
    let at = |points: Vec<(Instant, u64)>| {
        let within = points.into_iter().rfind(|(from, _)| *from <= hour);
        within.expect("an interval").1
    };
    let admitted = study.strategies[0].total.cells[0].attempts.admitted;
    assert_eq!(at(look.watched.backlog.points().collect()), admitted);
    assert!(admitted >= 30);
    assert_eq!(at(look.watched.levels[0].points().collect()), 0);
    let backlog = &files(BURSTS)["backlog.svg"];
    assert!(backlog.contains("The highest of each interval"), "{backlog:.2000}");
    let level = &files(BURSTS)["level-1.svg"];
    assert!(level.contains("for account 2, which is throttled most"), "{level:.2000}");
}

/// A second look at a run sees the run that was counted.
#[test]
fn looking_again_counts_the_same() {
    let scenario = scenario(BURSTS);
    let study = Study::run(&scenario).expect("within its bounds");
    let looks = study.look_again(&scenario.plan);
    let seen = &looks.strategies[0].as_ref().expect("a small run").watched.timeline;
    assert_eq!(seen.backlog().collect::<Vec<_>>(), {
        study.strategies[0].total.timeline.backlog().collect::<Vec<_>>()
    });
}

#[test]
fn work_that_is_given_up_is_marked_where_it_leaves() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n\
        [limit.l]\nscope = []\nrule.token_bucket = { rate = \"1/s\", burst = 5 }\n\
        [workload.w]\narrivals.backlog = 60\ncall = \"get\"\n\
        [strategy.loses]\nretry = { attempts = 4, backoff.fixed = \"2s\" }\n\
        [strategy.keeps]\npace.rate = \"95%\"\n";
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let lost = study.strategies[0].total.cells[0].requests.given_up;
    assert!(lost > 20, "{lost}");
    let backlog = &files(text)["backlog.svg"];
    assert!(backlog.contains(&format!("loses: {lost} given up")), "{lost}");
    assert!(!backlog.contains("keeps: "));
}

#[test]
fn pictures_that_show_nothing_are_left_out_with_a_reason() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1m\"\n\
        [limit.l]\nscope = []\nrule.token_bucket = { rate = \"10/s\", burst = 5 }\n\
        [limit.other]\nscope = []\ncalls = [\"list\"]\nrule.concurrency = 9\n\
        [workload.w]\narrivals.every.period = \"10s\"\n\n\
        steps = [{ call = \"get\" }, { call = \"list\", count.poisson = 0.000001 }]\n\
        [strategy.s]\n";
    let files = files(text);
    for name in ["throttle-rate.svg", "backlog.svg", "level-2.svg"] {
        assert!(!files.contains_key(name), "{name}");
    }
    let page = &files["report.md"];
    for line in [
        "- Throttle rate over time: nothing was throttled.",
        "- Backlog over time: no request took any time.",
        "- Left of the limit “other” for list: it is 9 all the time.",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    assert!(!page.contains("throttle-rate.png"));
}

/// A call that never ends waits until time is over, though nothing happens after it was sent.
#[test]
fn work_that_does_not_end_stays_in_the_backlog() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1s\"\ndrain = \"1s\"\n\
        [limit.l]\nscope = []\nrule.concurrency = 1\n[service]\nlatency.constant = \"1h\"\n\
        [workload.w]\narrivals.backlog = 1\ncall = \"get\"\n[strategy.s]\n";
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let looks = study.look_again(&scenario.plan);
    let backlog = &looks.strategies[0].as_ref().expect("a small run").watched.backlog;
    assert!(backlog.values().iter().all(|waiting| *waiting == 1));
    assert_eq!(backlog.next(), Instant::ORIGIN + Span::from_secs(2));
}
