//! Limits whose figures change, and figures of a scenario's own: for every rule and every scope, or
//! an error at the key.

use std::path::Path;
use throttlesim::metrics::figures::Slice;
use throttlesim::scenario::{Problems, Scenario};
use throttlesim::study::Study;
use throttlesim::wire::Status;

/// A scenario of a catalogue of the test's own, whose provider has more keys and which makes the
/// calls `GET /x` fifty times a minute.
fn read(limits: &str, provider: &str, more: &str) -> Result<Scenario, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let catalogue = format!(
        "name = \"Own\"\nsource = \"its page\"\nretrieved = 2026-11-23\nopen_operations = true\n\
         {limits}"
    );
    std::fs::write(folder.path().join("own.toml"), catalogue).expect("a catalogue");
    let text = format!(
        "schema = 1\nquestion = \"?\"\nstart = 2026-11-27T08:00:00Z\nduration = \"2h\"\n\
         drain = \"0s\"\n[provider.own]\ncatalog = \"./own.toml\"\n{provider}\n[workload.w]\n\
         arrivals.rate = \"50/min\"\ncall = \"GET /x\"\n{more}\n[strategy.once]\n"
    );
    let told = |list| Problems::new("bad.toml", &text, list).to_string();
    Scenario::read("test", &text, folder.path()).map_err(told)
}

/// How many calls of the first hour and of the second were admitted.
fn admitted(limits: &str, provider: &str, more: &str) -> [u64; 2] {
    let scenario = read(limits, provider, more).unwrap_or_else(|told| panic!("{told}"));
    let mut hours = [0, 0];
    let mut attempts = Vec::new();
    throttlesim::simulation::observe(&scenario.plan, 0, 0, &mut attempts);
    let succeeded = |status: Option<Status>| status.is_some_and(Status::is_success);
    for attempt in attempts.iter().filter(|attempt| succeeded(attempt.status)) {
        let hour = attempt.sent.as_nanos() / 3_600_000_000_000;
        hours[usize::from(hour >= 1)] += 1;
    }
    hours
}

fn told(limits: &str, provider: &str, more: &str) -> String {
    read(limits, provider, more).err().unwrap_or_default()
}

const WINDOW: &str = "[limit.minute]\nscope = [\"account\"]\n\
                      rule.fixed_window = { limit = 60, window = \"1m\" }\n";

/// Fifty a minute pass under sixty; a third of sixty lets twenty pass.
#[test]
fn a_window_falls_to_a_third_after_an_hour() {
    let plan = "dynamic.\"GET /x\".schedule = [{ at = \"1h\", factor = 0.333 }]";
    assert_eq!(admitted(WINDOW, plan, ""), [3_000, 1_200]);
    let limit = "dynamic.\"GET /**\".schedule = [{ at = \"1h\", limit = 20 }]";
    assert_eq!(admitted(WINDOW, limit, ""), [3_000, 1_200]);
    let sliding = WINDOW.replace("fixed_window", "sliding_window");
    assert_eq!(admitted(&sliding, plan, ""), [3_000, 1_200]);
    let two = sliding.replace("\"1m\" }", "\"1m\", method = \"two-bucket\" }");
    let [first, second] = admitted(&two, plan, "");
    assert_eq!(first, 3_000);
    assert!((1_100..=1_200).contains(&second), "{second}: an estimate is never below the count");
}

#[test]
fn buckets_quotas_queues_and_concurrency_change_too() {
    let plan = "dynamic.\"GET /x\".schedule = [{ at = \"1h\", factor = 0.5 }]";
    for (rule, second) in [
        ("token_bucket = { rate = \"60/min\", burst = 1, refill = \"tick\" }", 1_800),
        ("quota = { restore = \"1s\", burst = 1 }", 1_500),
        ("leaky_queue = { rate = \"60/min\", wait = \"0s\" }", 1_500),
    ] {
        let limit = format!("[limit.plan]\nscope = [\"account\"]\nrule.{rule}\n");
        let [before, after] = admitted(&limit, plan, "");
        assert_eq!(before, 3_000, "{rule}");
        // Every 1.2 s a call, every 2 s a turn: those that keep to a grid of ticks get one more.
        assert!((1_500..=second).contains(&after), "{rule}: {after}");
    }
    // Each call takes 2 s: with two at a time all of 50 a minute pass, with one every second.
    let concurrency = "[limit.plan]\nscope = [\"account\"]\nrule.concurrency = 2\n";
    let service = "[service]\nlatency.constant = \"2s\"\n";
    assert_eq!(admitted(concurrency, plan, service), [3_000, 1_499], "one runs at the hour");
}

/// A walk is drawn for a window as for a bucket; it stays within its bounds.
#[test]
fn a_window_walks() {
    let walk =
        "dynamic.\"GET /x\".walk = { every = \"1m\", spread = 1.0, least = 0.5, most = 1.0 }";
    let hours = admitted(WINDOW, walk, "");
    assert!(hours.iter().all(|hour| (1_800..3_000).contains(hour)), "{hours:?}");
}

#[test]
fn own_figures_go_where_they_belong() {
    let limit = "operation.\"GET /x\".limit = 20";
    assert_eq!(admitted(WINDOW, limit, ""), [1_200, 1_200]);
    let bucket = "[limit.plan]\nscope = [\"account\"]\n\
                  rule.token_bucket = { rate = \"1/s\", burst = 5 }\n";
    let figures = "operation.\"GET /**\" = { rate = \"1/6s\", burst = 10 }";
    assert_eq!(admitted(bucket, figures, ""), [10 + 599, 600]);
    let calls = "[limit.a]\nscope = [\"account\", \"operation\"]\nrule.concurrency = 9\n";
    assert_eq!(read(calls, "operation.\"GET /x\".limit = 1", "").map(|_| ()), Ok(()));
}

/// What is said of a plan or of figures that cannot work, and where.
#[test]
fn what_cannot_work_is_told_at_its_key() {
    let twice = "[limit.at-once]\nscope = [\"account\"]\nrule.concurrency = 3\n";
    let both = format!("{WINDOW}{twice}");
    let lockout = "[limit.shut]\nscope = []\n\
                   rule.lockout = { status = 400, count = 5, window = \"1m\" }\n";
    let schedule = "schedule = [{ at = \"1h\", factor = 0.5 }]";
    let bucket = "[limit.plan]\nscope = [\"account\"]\n\
                  rule.token_bucket = { rate = \"1/s\", burst = 5 }\n";
    let dynamic = |of: &str| format!("dynamic.\"GET /x\" = {{ {of} }}");
    let change = |of: &str| dynamic(&format!("schedule = [{{ at = \"1h\", {of} }}]"));
    for (limits, provider, part) in [
        (WINDOW, "dynamic.\"GET /z\".schedule = []".into(), "no workload calls `GET /z`"),
        (WINDOW, change("rate = \"1/s\""), "have no `rate` to change"),
        (WINDOW, change("factor = 0.5, burst = 3"), "have no `burst` to change"),
        (WINDOW, change("factor = 0.001"), "0.001 of 60 calls is less than one"),
        (WINDOW, change("factor = 0.5, limit = 3"), "a change is a factor or a limit"),
        (WINDOW, dynamic(""), "neither `schedule` nor `walk` is given"),
        (WINDOW, dynamic("schedule = []"), "a schedule without a change"),
        (
            WINDOW,
            "dynamic.\"GET /x\".schedule = [{ at = \"2h\", factor = 0.5 }]".into(),
            "comes after the end",
        ),
        (bucket, change("limit = 3"), "a rate has no `limit` to change"),
        (bucket, change("factor = 0.5, rate = \"1/s\""), "a change is a factor or a rate"),
        (lockout, dynamic(schedule), "no limit of `GET /x` has figures that can change"),
        (&both, dynamic(schedule), "limits = [\"minute\"]"),
        (&both, dynamic(&format!("limits = [\"minut\"], {schedule}")), "did you mean `minute`?"),
        (
            lockout,
            dynamic(&format!("limits = [\"shut\"], {schedule}")),
            "a lockout has no figures that can change",
        ),
        (WINDOW, "operation.\"GET /x\".rate = \"1/s\"".into(), "no limit of `GET /x` has a `rate`"),
        (&both, "operation.\"GET /x\".limit = 1".into(), "each have a `limit`"),
        (WINDOW, "operation.\"GET /z\".limit = 1".into(), "no workload calls `GET /z`"),
        (WINDOW, "operation.\"GET /x\" = {}".into(), "no figure is given"),
    ] {
        let told = told(limits, &provider, "");
        assert!(told.contains(part) && told.contains("bad.toml:8:"), "{provider}: {told}");
    }
    let named = dynamic(&format!("limits = [\"minute\"], {schedule}"));
    assert_eq!(told(&both, &named, ""), "");
}

/// A limit that two calls share has one plan.
#[test]
fn calls_that_share_a_limit_share_its_plan() {
    let more = "[workload.other]\narrivals.rate = \"1/min\"\ncall = \"GET /y\"\n";
    let plan = "schedule = [{ at = \"1h\", factor = 0.5 }]";
    for one in [format!("dynamic.\"GET /x\".{plan}"), "operation.\"GET /y\".limit = 3".into()] {
        let told = told(WINDOW, &one, more);
        let part = "`minute` is one limit for `GET /x` and `GET /y` together";
        assert!(told.contains(part) && told.contains("bad.toml:8:"), "{told}");
    }
    assert_eq!(told(WINDOW, &format!("dynamic.\"GET /*\".{plan}"), more), "");
    let split = WINDOW.replace("[\"account\"]", "[\"account\", \"operation\"]");
    assert_eq!(told(&split, &format!("dynamic.\"GET /x\".{plan}"), more), "");
}

/// What is said of a provider, and read by nobody.
#[test]
fn settings_of_a_provider_that_nothing_reads_are_told() {
    let reading = "[reading.calls]\nquestion = \"?\"\ndefault = \"few\"\nwhy = \".\"\n\
                   choices.few = {}\nchoices.many.limit.other.rule.concurrency = 9\n\
                   [limit.other]\nscope = []\ncalls = [\"GET /y\"]\nrule.concurrency = 3\n";
    let limits = format!("{WINDOW}{reading}");
    for (provider, more, part) in [
        ("readings.calls = \"many\"", "", "`calls` changes no limit of a call that is made"),
        ("revenue.shipped.constant = \"1 USD\"", "", "no limit of Own follows revenue"),
        ("service.header_probability = 0.5", "", "no limit sends a rate header"),
        ("service.header_staleness = \"1m\"", "", "no rate header changes"),
        (
            "service.latency.constant = \"1s\"",
            "[service]\nround_trip = \"1s\"\n",
            "[service] has no effect",
        ),
        ("[provider.more]\ncatalog = \"ecomdash\"", "", "`provider` of workload `w` is missing"),
    ] {
        let told = told(&limits, provider, more);
        assert!(told.contains(part), "{provider}: {told}");
    }
    let two = "[provider.more]\ncatalog = \"ecomdash\"";
    let text = "schema = 1\nquestion = \"?\"\n[provider.pay]\ncatalog = \"amazon-pay\"\n";
    let text = format!(
        "{text}{two}\n[workload.w]\nprovider = \"pay\"\narrivals.backlog = 1\n\
         call = \"CreateCharge\"\n[strategy.once]\n"
    );
    let problems = Scenario::read("test", &text, Path::new("")).expect_err("nobody calls it");
    assert_eq!(problems[0].message, "no workload calls provider `more`");
}

/// The header of a window is its limit over its length, and falls with it.
#[test]
fn a_window_sends_its_rate_in_a_header() {
    let limits = format!("{WINDOW}tells.rate_header = true\n");
    let plan = "dynamic.\"GET /x\".schedule = [{ at = \"1h\", factor = 0.5 }]";
    let scenario = read(&limits, plan, "").expect("a scenario");
    let mut attempts = Vec::new();
    throttlesim::simulation::observe(&scenario.plan, 0, 0, &mut attempts);
    let sent = |attempt: &throttlesim::simulation::Attempt| {
        attempt.rate_limit.map(|rate| rate.per_second_f64() * 60.0)
    };
    assert_eq!(attempts.first().and_then(sent), Some(60.0));
    assert_eq!(attempts.iter().rev().find_map(sent), Some(30.0));
    let study = Study::run(&scenario).expect("within its bounds");
    let counts = study.strategies[0].counts(&scenario.plan, Slice::Whole);
    assert_eq!(counts.attempts.admitted, 3_000 + 1_800);
}
