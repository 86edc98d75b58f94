//! Which presets wait between attempts as a client does.

use super::Test;
use throttlesim::report::served;
use throttlesim::units::Span;

/// Nothing is admitted but the first call.
const SCENARIO: &str = r#"
schema = 1
question = "Who waits so?"
[limit.small]
scope = ["account"]
rule.token_bucket = { rate = "1/300d", burst = 1 }
[workload.w]
arrivals.backlog = 1
call = "GET /items"
[strategy.client]
"#;

/// A stand-in whose only call that is admitted has been made.
fn spent() -> Test {
    let test = Test::scenario(SCENARIO);
    assert_eq!(test.get("/items").status(), 200);
    test
}

/// Makes requests one after the other, each with these waits before its further attempts \[ms\].
fn request(test: &Test, waits: &[u64]) {
    assert_eq!(test.get("/items").status(), 429);
    for wait in waits {
        test.pass(Span::from_millis(*wait));
        assert_eq!(test.get("/items").status(), 429);
    }
}

/// What is said of the waits.
fn said(test: &Test) -> String {
    let text = served::text(&test.stand.seen()).expect("calls");
    let text = text.replace("\n  ", " ");
    let line = text.lines().find(|line| line.contains(" wait"));
    line.unwrap_or_default().into()
}

#[test]
fn a_preset_is_found_by_its_waits() {
    for (preset, waits) in [
        ("pay_php", &[1000, 2200, 7000][..]),
        ("octokit_retry", &[1000, 4000, 9000]),
        ("urllib3", &[0, 2000, 4000, 8000, 16_000]),
    ] {
        let test = spent();
        (0..5).for_each(|_| request(&test, waits));
        let likeness = test.stand.seen().likeness();
        assert_eq!(likeness.presets, [preset], "{likeness:?}");
        // The first call of a request follows the last one of the request before.
        assert_eq!(likeness.waits, 5 * (waits.len() + 1) - 1);
        let line =
            format!("Clients waited between attempts as the preset `{preset}` ({} waits).", {
                likeness.waits
            });
        assert_eq!(said(&test), line);
    }
}

/// A wait on a network is a little longer than the client meant.
#[test]
fn timers_and_networks_may_be_late() {
    let test = spent();
    (0..6).for_each(|n| request(&test, &[1001 + n, 2203 + 2 * n, 7010 + 9 * n]));
    assert_eq!(test.stand.seen().likeness().presets, ["pay_php"]);
}

#[test]
fn random_waits_must_be_as_random_as_the_presets() {
    // Anything up to 2 s, after eight waits that grow up to it [ms].
    let caps = || (0..60).map(|n| 2000_u64.min(10 << n.min(20)));
    let (test, mut dice) = (spent(), crate::fit::Dice(5));
    request(&test, &caps().map(|cap| dice.next() % (cap + 1)).collect::<Vec<u64>>());
    let found = test.stand.seen().likeness();
    assert!(found.presets.contains(&"full".to_string()), "{found:?}");
    // All of these are among those that it draws, but they are all in the middle of them.
    let test = spent();
    request(&test, &caps().map(|cap| cap / 2).collect::<Vec<u64>>());
    let found = test.stand.seen().likeness();
    assert!(!found.presets.contains(&"full".to_string()), "{found:?}");
}

#[test]
fn waits_of_no_preset_and_few_waits_are_said_so() {
    let test = spent();
    (0..4).for_each(|_| request(&test, &[1000, 2200, 61_000]));
    let line = said(&test);
    assert!(line.starts_with("No preset waits between attempts as clients did: `"), "{line}");
    let test = spent();
    request(&test, &[1000, 2200, 7000]);
    assert_eq!(said(&test), "Clients tried again: 3 waits are too few to find a preset for.");
    let test = spent();
    assert_eq!(said(&test), "");
}
