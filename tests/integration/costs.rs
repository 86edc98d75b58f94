//! Calls that cost units: points that come back, tokens that only the answer tells, units a day.

use crate::{bad_input::told, scenario};
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::report::explanation::explain;
use throttlesim::scenario::Scenario;
use throttlesim::simulation::{Attempt, observe};
use throttlesim::study::Study;

const POINTS: &str = "[limit.points]\nscope = [\"account\"]\ncounts = \"points\"\n\
                      rule.token_bucket = { rate = \"100/s\", burst = 2000 }\n";
const TOKENS: &str = "[limit.requests]\nscope = [\"account\"]\n\
                      rule.token_bucket = { rate = \"500/min\", burst = 500 }\n\
                      [limit.tokens]\nscope = [\"account\"]\ncounts = \"tokens\"\n\
                      rule.token_bucket = { rate = \"90000/min\", burst = 90000 }\n";

fn with(limits: &str, work: &str, strategy: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\nstart = 2026-11-27T08:00:00Z\nduration = \"10m\"\n\
         drain = \"40h\"\n{limits}[service]\nlatency.constant = \"300ms\"\n\
         [workload.w]\n{work}\n[strategy.s]\n{strategy}\n"
    )
}

fn counts(text: &str) -> (Scenario, Counts) {
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let counts = study.strategies[0].counts(&scenario.plan, Slice::Whole);
    (scenario, counts)
}

/// How many attempts each cause refused.
fn causes(text: &str) -> Vec<(String, u64)> {
    let (scenario, counts) = counts(text);
    let names = scenario.names.causes.iter().cloned();
    names.zip(counts.attempts.throttled).filter(|(_, count)| *count > 0).collect()
}

/// 100 points a second in points times 10 ms, after all that happened before: a model of its own,
/// which keeps every call and every refund.
#[test]
fn what_a_query_does_not_use_comes_back_exactly() {
    let work = "arrivals.poisson = \"2/s\"\ncall = \"POST /graphql\"\n\
                cost.points = { requested = 500, used = 80 }";
    let scenario = scenario(&with(POINTS, work, ""));
    let (_, mut attempts) = observe(&scenario.plan, 0, 0, Vec::<Attempt>::new());
    attempts.sort_by_key(|attempt| attempt.sent);
    const POINT: i128 = 10_000_000;
    let (mut level, mut last) = (2_000 * POINT, 0i128);
    let mut refunds: std::collections::VecDeque<i128> = std::collections::VecDeque::new();
    let (mut admitted, mut refused) = (0, 0);
    for attempt in &attempts {
        let now = i128::from(attempt.sent.as_nanos());
        while let Some(at) = refunds.front().copied().filter(|at| *at <= now) {
            level = (level + (at - last)).min(2_000 * POINT);
            level = (level + 420 * POINT).min(2_000 * POINT);
            (last, _) = (at, refunds.pop_front());
        }
        level = (level + (now - last)).min(2_000 * POINT);
        last = now;
        let fits = level >= 500 * POINT;
        assert_eq!(attempt.cause.is_none(), fits, "at {} with {level}", attempt.sent);
        if fits {
            level -= 500 * POINT;
            refunds.push_back(now + 300_000_000);
            admitted += 1;
        } else {
            refused += 1;
        }
    }
    assert!(admitted > 500 && refused > 100, "{admitted} and {refused}");
}

/// A client that never asks beyond its points is never throttled, whatever the way takes; one that
/// asks as it likes is.
#[test]
fn a_client_that_knows_its_points_is_never_throttled() {
    let work = "arrivals.backlog = 400\ncall = \"POST /graphql\"\n\
                cost.points = { requested.uniform = [50, 900], used.uniform = [10, 400] }";
    let knows = "workers = 20\npace = { counts = \"points\", rate = \"100%\" }";
    for trip in ["0s", "80ms"] {
        let text = with(POINTS, work, knows);
        let text = text.replace("[service]\n", &format!("[service]\nround_trip = \"{trip}\"\n"));
        let (_, found) = counts(&text);
        assert_eq!((found.jobs.tally.completed, found.attempts.sent()), (400, 400), "{trip}");
    }
    let own = "pace = { counts = \"points\", rate = \"90/s\", burst = 1500 }";
    let (_, found) = counts(&with(POINTS, work, own));
    assert_eq!((found.jobs.tally.completed, found.attempts.sent()), (400, 400));
    let found = causes(&with(POINTS, work, "workers = 20\nretry.attempts = 1"));
    assert!(found.iter().any(|(cause, count)| cause == "points" && *count > 100), "{found:?}");
}

/// Of 500 requests and 90,000 tokens a minute the tokens bind for answers of 900, the requests for
/// answers of 90.
#[test]
fn either_of_two_limits_binds() {
    let work = |tokens: u32| {
        format!(
            "arrivals.rate = \"900/min\"\ncall = \"POST /chat\"\n\
             cost.tokens = {{ after = {tokens} }}"
        )
    };
    let binds = |tokens: u32| causes(&with(TOKENS, &work(tokens), "retry.attempts = 1"));
    let found = binds(900);
    let [(cause, count)] = &found[..] else { panic!("{found:?}") };
    // 90,000 at once and 90,000 in each of ten minutes, of 900 each: 1,100 and a few of debt.
    let expected = 9_000 - 1_100;
    assert!(cause == "tokens" && count.abs_diff(expected) <= 6, "{found:?}, not {expected}");
    let found = binds(90);
    let [(cause, count)] = &found[..] else { panic!("{found:?}") };
    let expected = 9_000 - 5_500;
    assert!(cause == "requests" && count.abs_diff(expected) <= 1, "{found:?}, not {expected}");
}

/// 10,000 units a day until midnight Pacific, of which a search takes 100 and a list 1.
#[test]
fn units_of_a_day_are_counted_by_call() {
    let limits = "[limit.day]\nscope = [\"application\"]\ncounts = \"units\"\n\
                  rule.fixed_window = { limit = 10000, window = \"1 day\", \
                  zone = \"America/Los_Angeles\" }\n";
    let work = "arrivals.backlog = 60\nsteps = [{ call = \"search.list\", count = 2, \
                cost.units = 100 }, { call = \"videos.list\" }]";
    let work = format!("on_failure = \"skip\"\n{work}");
    let (scenario, found) = counts(&with(limits, &work, "retry.attempts = 1"));
    // A hundred searches use up the day, so that all others and every list are refused.
    assert_eq!(found.attempts.throttled, [20 + 60]);
    assert_eq!(scenario.assumptions, ["`videos.list` costs 1 of `units`: no cost of it is given"]);
    let explained = explain(&scenario);
    for part in ["costs 100 units", "counts units", "10,000 in each day of the calendar"] {
        assert!(explained.contains(part), "{part} in\n{explained}");
    }
}

#[test]
fn costs_that_nothing_counts_are_told() {
    let work = |cost: &str| format!("arrivals.backlog = 1\ncall = \"GET /x\"\n{cost}");
    let hour = POINTS.replace(
        "rule.token_bucket = { rate = \"100/s\", burst = 2000 }",
        "rule.fixed_window = { limit = 2000, window = \"1h\" }",
    );
    for (limits, cost, strategy, message, help) in [
        (POINTS, "cost.point = 5", "", "no limit of `GET /x` counts `point`", "`points`"),
        (
            &hour,
            "cost.points = { requested = 5, used = 1 }",
            "",
            "a window gives no `points` back: it may have ended",
            "token_bucket",
        ),
        (
            &POINTS.replace("burst = 2000", "burst = 2000, refill = \"tick\""),
            "cost.points = 5",
            "",
            "a token bucket cannot count units",
            "continuous",
        ),
        (POINTS, "cost.points = { requested = 5 }", "", "a cost is a number", ""),
        (POINTS, "cost.points = { base = 5 }", "", "a cost is a number", "per_item"),
        (POINTS, "cost.points = { per_item = 5, after = 1 }", "", "a cost is a number", ""),
        (
            POINTS,
            "cost.points = { base = 5, per_item = 1 }",
            "",
            "a cost for each item: the job has no items",
            "items = 20",
        ),
        (
            POINTS,
            "cost.points = 5",
            "pace = { counts = \"tokens\", rate = \"100%\" }",
            "no limit counts `tokens`",
            "`points`",
        ),
        (
            POINTS,
            "cost.points = 5",
            "pace = { counts = \"points\", rate = \"100/s\" }",
            "a stated rate of units needs a `burst`",
            "burst = 2000",
        ),
        (
            POINTS,
            "cost.points = 5",
            "pace = { counts = \"points\", rate = \"100%\", split = true }",
            "`split` has no effect beside `counts`",
            "leave",
        ),
    ] {
        let told = told(&with(limits, &work(cost), strategy));
        assert!(told.contains(message) && told.contains(help), "{cost} {strategy}: {told}");
    }
}

/// 10 points a call and 2 for each item, of a bucket of 100 with 10/s: when calls are admitted.
fn admitted_by_items(work: &str, strategy: &str) -> Vec<u64> {
    let limit = POINTS.replace("100/s", "10/s").replace("2000", "100");
    let scenario = scenario(&with(&limit, work, strategy));
    let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::<Attempt>::new());
    let admitted = attempts.iter().filter(|attempt| attempt.cause.is_none());
    let mut times: Vec<u64> = admitted.map(|at| at.sent.as_nanos() / 1_000_000).collect();
    times.sort_unstable();
    times
}

/// 45 items in batches of 20 cost 50, 50 and 20: the last one waits two seconds for its 20 points.
#[test]
fn a_batch_costs_by_its_items() {
    let cost = "cost.points = { base = 10, per_item = 2 }";
    let batches = |items: u32, more: &str| {
        format!(
            "arrivals.backlog = 1\nitems = {items}\n\
             steps = [{{ call = \"PATCH /items\", per = \"batch\", batch = 20{more}, {cost} }}]"
        )
    };
    let retry = "retry = { attempts = \"unlimited\", backoff.fixed = \"100ms\" }";
    assert_eq!(admitted_by_items(&batches(45, ""), retry), [0, 0, 2_000]);
    assert_eq!(admitted_by_items(&batches(40, ""), retry), [0, 0]);
    // Two calls for each batch: 50 each, of which two are there at once.
    assert_eq!(admitted_by_items(&batches(20, ", count = 2"), retry), [0, 0]);
    assert_eq!(admitted_by_items(&batches(21, ", count = 2"), retry), [0, 0, 1_200, 2_400]);
    // A job of one call is for all its items: 70 points, and then 40 more than are left.
    let whole = format!("arrivals.backlog = 2\nitems = 30\ncall = \"PATCH /items\"\n{cost}");
    assert_eq!(admitted_by_items(&whole, retry), [0, 4_000]);
    // A client that paces by points is never refused.
    let paced = "pace = { counts = \"points\", rate = \"100%\" }";
    assert_eq!(admitted_by_items(&batches(45, ""), paced), [0, 0, 2_000]);
}

/// A client gathers requests of one item: a call of three costs 16, one of two costs 14.
#[test]
fn a_call_that_a_client_gathers_costs_by_all_its_items() {
    let work = "arrivals.backlog = 1\nitems = 20\nsteps = [{ call = \"PATCH /items\", \
                per = \"item\", cost.points = { base = 10, per_item = 2 } }]";
    let client = "batch = { linger = \"10ms\", size = 3 }\n\
                  retry = { attempts = \"unlimited\", backoff.fixed = \"100ms\" }";
    // Six calls of 16 at once; the seventh, of 14 points, waits for 10 of them, and a tenth second.
    let times = admitted_by_items(work, client);
    assert_eq!(times, [0, 0, 0, 0, 0, 0, 1_010], "{times:?}");
}

/// The starter with 500 requests and 90,000 tokens a minute says which of the two binds.
#[test]
fn a_run_says_which_of_two_limits_binds() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut program = assert_cmd::Command::cargo_bin("throttlesim").expect("the program");
        let output = program.current_dir(folder.path()).args(arguments).output().expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8").replace('\n', " ")
    };
    run(&["init", "tokens", "mine.toml"]);
    let told = run(&["run", "mine.toml"]);
    let words: Vec<&str> = told.split_whitespace().collect();
    let told = words.join(" ");
    assert!(told.contains("“sdk” uses up to 100 % of the burst of `tokens`"), "{told}");
    let detail = run(&["run", "mine.toml", "-v"]);
    let rows: Vec<&str> = detail.split(" sdk ").collect();
    let refused = |limit: &str| {
        let row = rows.iter().find_map(|row| row.trim_start().strip_prefix(limit));
        row.unwrap_or_else(|| panic!("{limit}: {detail}"))
            .split_whitespace()
            .nth(3)
            .map(String::from)
    };
    assert_ne!(refused("tokens").as_deref(), Some("0"));
    assert_eq!(refused("requests").as_deref(), Some("0"));
}

/// Each row tells what its call cost: 30 units and one a second more admit 10 at 0 s and 20 at 1 s,
/// leave 2 for the 30 of 2 s, and have 12 for the 12 of 12 s.
#[test]
fn rows_of_a_log_tell_what_their_calls_cost() {
    let folder = tempfile::tempdir().expect("a folder");
    let log =
        "time,call,units\n1,GET /a,10\n2,GET /b,20\n3,GET /a,30\n13,GET /b,12\n14,GET /a,many\n";
    std::fs::write(folder.path().join("log.csv"), log).expect("written");
    let text = |trace: &str, more: &str| {
        let limit = POINTS.replace("100/s", "1/s").replace("2000", "30");
        let work =
            format!("arrivals.trace = {{ file = \"log.csv\", bad_rows = \"50%\"{trace} }}\n{more}");
        with(&limit, &work, "")
    };
    let read = |text: &str| Scenario::read("s", text, folder.path());
    let named = text(", items = \"units\"", "cost.points = { per_item = 1 }");
    let both = text(", items = \"units\"", "call = \"GET /x\"\ncost.points = { per_item = 1 }");
    for text in [&named, &both] {
        let scenario = read(text).expect("a scenario");
        assert!(
            explain(&scenario).contains("its row tells, 18 on average"),
            "{}",
            explain(&scenario)
        );
        let found = &scenario.traces[0].found;
        assert_eq!(found.bad_lines, [(6, "its number of items is no whole number")]);
        let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::<Attempt>::new());
        let mut fates: Vec<(u64, bool)> = attempts
            .iter()
            .map(|attempt| (attempt.sent.as_nanos() / 1_000_000_000, attempt.cause.is_none()))
            .collect();
        fates.sort_unstable();
        assert_eq!(fates, [(0, true), (1, true), (2, false), (12, true)]);
    }
    for (trace, more, message, help) in [
        (", items = \"unit\"", "cost.points = { per_item = 1 }", "no column `unit`", "`units`"),
        (", items = \"units\"", "", "no step makes requests for these items", "per_item"),
        (
            ", items = \"units\"",
            "items = 5\ncost.points = { per_item = 1 }",
            "the rows of the trace tell the items of each job, and so does this",
            "leave it out",
        ),
        ("", "cost.points = { per_item = 1 }", "the job has no items", "items"),
    ] {
        let problems = format!("{:?}", read(&text(trace, more)).expect_err("a mistake"));
        assert!(
            problems.contains(message) && problems.contains(help),
            "{trace} {more}: {problems}"
        );
    }
}

/// A catalogue says what a call costs for each item that it is for.
#[test]
fn a_catalogue_has_costs_by_items() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = |cost: &str| {
        format!(
            "name = \"Own\"\nsource = \"its page\"\nretrieved = 2026-11-29\n[limit.points]\n\
             scope = [\"account\"]\ncounts = \"points\"\n\
             rule.token_bucket = {{ rate = \"10/s\", burst = 100 }}\n\
             [operation.write]\nbatch_limit = 20\ncost.points = {cost}\n"
        )
    };
    let read = |cost: &str, work: &str| {
        std::fs::write(folder.path().join("own.toml"), own(cost)).expect("written");
        let strategy = "retry = { attempts = \"unlimited\", backoff.fixed = \"100ms\" }";
        let text = with("provider.own.catalog = \"own.toml\"\n", work, strategy);
        Scenario::read("s", &text, folder.path())
    };
    let batches =
        "arrivals.backlog = 1\nitems = 45\nsteps = [{ call = \"write\", per = \"batch\" }]";
    let scenario = read("{ base = 10, per_item = 2 }", batches).expect("a scenario");
    let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::<Attempt>::new());
    let admitted = attempts.iter().filter(|attempt| attempt.cause.is_none());
    let mut times: Vec<u64> = admitted.map(|at| at.sent.as_nanos() / 1_000_000).collect();
    times.sort_unstable();
    assert_eq!(times, [0, 0, 2_000], "50 and 50 points, then 20");
    let said = |cost: &str, work: &str| format!("{:?}", read(cost, work).expect_err("a mistake"));
    let one = "arrivals.backlog = 1\ncall = \"write\"";
    assert!(said("{ per_item = 2 }", one).contains("the job has no items"));
    assert!(said("{ per_item = 0 }", batches).contains("costs nothing for items"));
    assert!(said("\"2\"", batches).contains("a number of units"));
}
