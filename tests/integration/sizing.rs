//! `size` answers to the last step: the value it prints holds, and the next one does not.

use crate::{root, shipped};
use std::path::{Path, PathBuf};
use throttlesim::report::size::{Answers, sentences};
use throttlesim::scenario::{Amount, Draft, Goal, Sizing};
use throttlesim::study::{Sized, size_all};

fn sized(draft: &Draft) -> (Sizing, Vec<Sized>) {
    let sizing = draft.scenario().expect("it can be read").size.expect("a size");
    let sized = size_all(draft, &sizing).expect("sized");
    (sizing, sized)
}

/// The answer and the value next to it, as they are printed.
fn answer(sized: &Sized) -> (String, String) {
    let shown = |place: Option<usize>| {
        place.map_or("none".to_string(), |place| sized.probes[place].amount.to_string())
    };
    (shown(sized.answer), shown(sized.beyond))
}

fn draft(text: &str) -> Draft {
    Draft { name: "sized".into(), text: text.into(), folder: PathBuf::new(), inputs: Vec::new() }
}

/// A year of 0.05 USD a day earns 30 calls a day, which is what 300 products at ten a call take.
#[test]
fn revenue_is_found_to_the_cent() {
    let text = r#"
        schema = 1
        question = "What does a daily refresh of 300 products take?"
        start = 2026-01-01T00:00:00Z
        duration = "2d"
        drain = "1d"
        [provider.associates]
        catalog = "pa-api"
        [provider.associates.revenue]
        account_age = "365d"
        shipped.constant = "9 USD"
        [workload.refresh]
        arrivals.every.period = "1d"
        items = 300
        steps = [{ call = "GetItems", per = "batch" }]
        [strategy.patient]
        pace.rate = "0.95/s"
        workers = 1
        retry = { attempts = "unlimited", deadline = "24h", backoff.fixed = "10m" }
        [size]
        address = "provider.associates.revenue.shipped.constant"
        from = "0.01 USD"
        to = "20 USD"
        goal = "smallest"
        meet = ["jobs.given_up == 0"]
    "#;
    let (_, found) = sized(&draft(text));
    assert_eq!(answer(&found[0]), ("0.05 USD".into(), "0.04 USD".into()));
    assert_eq!(found[0].exception, None);
}

/// Of a backlog of `n`, a bucket of 10 admits 10 at once and one in each second from then on.
const BACKLOG: &str = r#"
    schema = 1
    question = "How many?"
    duration = "1h"
    [limit.rate]
    scope = ["account"]
    rule.token_bucket = { rate = "1/s", burst = 10 }
    [workload.w]
    arrivals.backlog = 20
    call = "c"
    [strategy.waits]
    retry = { attempts = 21, backoff.fixed = "1s" }
    [size]
    meet = ["jobs.lost == 0"]
"#;

#[test]
fn counts_times_and_rates_are_found_to_their_last_step() {
    for (replaced, address, ends, goal, expected, next) in [
        ("20", "workload.w.arrivals.backlog", "1,5000", "largest", "30", "31"),
        ("20", "strategy.waits.retry.attempts", "2,500", "smallest", "11", "10"),
        // Two retries: the 11th and 12th need a token each at their time.
        ("12", "strategy.waits.retry.backoff.fixed", "'1ms','1h'", "smallest", "1s", "999ms"),
        (
            "20",
            "limit.rate.rule.token_bucket.rate",
            "'0.2/s','3/s'",
            "smallest",
            "0.5/s",
            "0.499/s",
        ),
    ] {
        let (from, to) = ends.split_once(',').expect("two ends");
        let mut text = BACKLOG.replace("backlog = 20", &format!("backlog = {replaced}"));
        if replaced == "12" {
            text = text.replace("attempts = 21", "attempts = 3");
        }
        text += &format!("address = \"{address}\"\nfrom = {from}\nto = {to}\ngoal = \"{goal}\"\n");
        let (_, found) = sized(&draft(&text));
        assert_eq!(answer(&found[0]), (expected.into(), next.into()), "{address}");
        assert_eq!(found[0].exception, None, "{address}");
    }
}

/// Ten in each ten seconds; ten of twenty calls come again after the back-off, and then or 20 s
/// later ten others. What comes again from 10 s on is served, but not between 20 s and 30 s.
#[test]
fn a_value_that_contradicts_the_order_is_named() {
    let text = r#"
        schema = 1
        question = "After how long is it best to come again?"
        duration = "1m"
        [limit.window]
        scope = ["account"]
        rule.fixed_window = { limit = 10, window = "10s" }
        [workload.w]
        arrivals.burst = [{ at = "0s", count = 20 }, { at = "20s", count = 10 }]
        call = "c"
        [strategy.once-more]
        retry = { attempts = 2, backoff.fixed = "1s" }
        [size]
        address = "strategy.once-more.retry.backoff.fixed"
        from = "1s"
        to = "40s"
        goal = "smallest"
        meet = ["jobs.lost == 0"]
    "#;
    let draft = draft(text);
    let (sizing, found) = sized(&draft);
    assert_eq!(answer(&found[0]), ("10s".into(), "9s 999ms".into()));
    let exception = &found[0].probes[found[0].exception.expect("a value that fails")];
    assert!((20.0..30.0).contains(&exception.amount.number), "{}", exception.amount);
    let scenario = draft.scenario().expect("it can be read");
    let answers = Answers { scenario: &scenario, sizing: &sizing, sized: &found };
    let said = sentences(answers).join("\n");
    assert!(said.contains("Not every larger value holds (at 20s 500ms jobs.lost is 10)"), "{said}");
}

/// A value of a recorded table, as the scenario's file would state it.
fn amount(text: &str) -> Amount {
    let number = format!("x = {text}").parse::<toml::Table>();
    let table = number.or_else(|_| format!("x = \"{text}\"").parse()).expect("TOML");
    Amount::read(&table["x"]).expect("an amount")
}

/// What is recorded of a sizing: of each strategy the value furthest towards the goal that holds.
fn recorded(name: &str, goal: Goal) -> Vec<Amount> {
    let path = root().join("reports").join(name).join("size.csv");
    let mut rows = csv::Reader::from_path(&path).expect("a recorded sizing");
    let mut by_strategy: Vec<(String, Amount)> = Vec::new();
    for row in rows.records() {
        let row = row.expect("a row");
        if !row[6].starts_with("holds") {
            continue;
        }
        let value = amount(&row[1]);
        match by_strategy.iter_mut().find(|(strategy, _)| *strategy == row[0]) {
            Some((_, best)) if goal == Goal::Largest => *best = value,
            Some(_) => {}
            None => by_strategy.push((row[0].into(), value)),
        }
    }
    by_strategy.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn what_is_recorded_of_shipped_sizes_holds_and_the_next_step_does_not() {
    let mut seen = 0;
    for file in shipped() {
        let text = std::fs::read_to_string(&file).expect("a scenario");
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        let folder = file.parent().unwrap_or(Path::new("")).into();
        let whole = Draft { name: name.clone(), text, folder, inputs: Vec::new() };
        let Some(sizing) = whole.scenario().expect("it can be read").size else { continue };
        let steps = sizing.steps();
        for value in recorded(&name, sizing.goal) {
            let tick = steps.nearest(&value);
            let next = match sizing.goal {
                Goal::Largest => tick + 1,
                Goal::Smallest => tick - 1,
            };
            let end = |tick: i64| steps.amount(tick).value();
            let narrow = whole.set(&format!("size.from={}", end(tick.min(next))));
            let narrow = narrow.and_then(|d| d.set(&format!("size.to={}", end(tick.max(next)))));
            let (_, found) = sized(&narrow.expect("both are there"));
            let told = (steps.amount(tick).to_string(), steps.amount(next).to_string());
            assert_eq!(answer(&found[0]), told, "{name}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen}");
}
