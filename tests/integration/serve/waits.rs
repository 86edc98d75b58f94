//! Which presets wait between attempts as a client does.

use super::Test;
use throttlesim::serve::Likeness;
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
    let text = test.printed().expect("calls");
    let text = text.replace("\n  ", " ");
    let line = text.lines().find(|line| line.contains(" wait"));
    line.unwrap_or_default().into()
}

fn alike(preset: &str, waits: usize) -> Likeness {
    Likeness::Alike(vec![preset.into()], waits)
}

/// Between two requests nothing is waited, and no preset needs to explain it.
#[test]
fn a_preset_is_found_by_its_waits() {
    for (preset, waits) in [
        ("pay_php", &[1000, 2200, 7000][..]),
        ("octokit_retry", &[1000, 4000, 9000]),
        ("urllib3", &[0, 2000, 4000, 8000, 16_000]),
    ] {
        let test = spent();
        (0..5).for_each(|_| request(&test, waits));
        let count = 5 * waits.len();
        assert_eq!(test.stand.likeness(), alike(preset, count));
        let line =
            format!("Clients waited between attempts like the preset `{preset}` ({count} waits).");
        assert_eq!(said(&test), line);
    }
}

/// A wait on a network is a little longer than the client meant.
#[test]
fn timers_and_networks_may_be_late() {
    let test = spent();
    (0..6).for_each(|n| request(&test, &[1001 + n, 2203 + 2 * n, 7010 + 9 * n]));
    assert_eq!(test.stand.likeness(), alike("pay_php", 18));
}

/// A client of the AWS SDK that never retries this code, and one that retries any 429.
#[test]
fn codes_are_those_that_were_answered() {
    let coded = SCENARIO.replace(
        "burst = 1 }\n",
        "burst = 1 }\ntells = { status = 429, code = \"QuotaExceeded\" }\n",
    );
    let test = Test::scenario(&coded);
    assert_eq!(test.get("/items").status(), 200);
    let mut dice = crate::fit::Dice(3);
    (0..20).for_each(|_| request(&test, &[dice.next() % 1001, dice.next() % 2001]));
    let found = test.stand.likeness();
    let Likeness::Alike(presets, 40) = &found else { panic!("{found:?}") };
    assert!(presets.contains(&"botocore_2026".to_string()), "{presets:?}");
    assert!(!presets.contains(&"botocore_stock".to_string()), "{presets:?}");
}

#[test]
fn random_waits_must_be_as_random_as_the_presets() {
    // Anything up to 2 s, after eight waits that grow up to it [ms].
    let caps = || (0..60).map(|n| 2000_u64.min(10 << n.min(20)));
    let (test, mut dice) = (spent(), crate::fit::Dice(5));
    request(&test, &caps().map(|cap| dice.next() % (cap + 1)).collect::<Vec<u64>>());
    let is_full = |test: &Test| match test.stand.likeness() {
        Likeness::Alike(presets, _) => presets.contains(&"full".to_string()),
        _ => false,
    };
    assert!(is_full(&test), "{:?}", test.stand.likeness());
    // All of these are among those that it draws, but they are all in the middle of them.
    let test = spent();
    request(&test, &caps().map(|cap| cap / 2).collect::<Vec<u64>>());
    assert!(!is_full(&test), "{:?}", test.stand.likeness());
}

#[test]
fn waits_of_no_preset_and_few_waits_are_said_so() {
    let test = spent();
    (0..4).for_each(|_| request(&test, &[1000, 2200, 61_000]));
    let line = said(&test);
    assert!(line.starts_with("No preset waits between attempts like these clients: `"), "{line}");
    // Eleven gaps, of which nine are waits between attempts.
    let test = spent();
    (0..3).for_each(|_| request(&test, &[1000, 2200, 7000]));
    assert_eq!(said(&test), "Clients tried again: 9 waits are too few to find a preset.");
    assert_eq!(said(&spent()), "");
}

/// Without a published rate, no preset waits two days.
#[test]
fn waits_that_nobody_makes_are_said_so() {
    let bucket = "token_bucket = { rate = \"1/300d\", burst = 1 }";
    let window = "fixed_window = { limit = 1, window = \"300d\" }";
    let test = Test::scenario(&SCENARIO.replace(bucket, window));
    assert_eq!(test.get("/items").status(), 200);
    request(&test, &[172_800_000; 20]);
    assert_eq!(test.stand.likeness(), Likeness::Unlike(20));
    assert_eq!(said(&test), "No preset waits between attempts like these clients (20 waits).");
}
