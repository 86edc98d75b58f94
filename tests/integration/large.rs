//! Large files: reading takes time in proportion to what they hold, whatever they hold many of, and
//! what is more than can be counted is a problem in a sentence.
//!
//! Each kind of file is read with 400 and with 3,200 of a thing. Linear reading takes 8 times as
//! long, quadratic reading 64 times; the test asks for less than 24.

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use throttlesim::catalog::Problem;
use throttlesim::report::explanation::explain;
use throttlesim::scenario::{Problems, Scenario};

const HEAD: &str = "schema = 1\nquestion = \"?\"\nstart = 2026-11-27T00:00:00Z\n";
const LIMIT: &str = "[limit.l]\nscope = []\nrule.token_bucket = { rate = \"1/s\", burst = 5 }\n";
const WORKLOAD: &str = "[workload.w]\narrivals.poisson = \"1/s\"\ncall = \"get\"\n";
const STRATEGY: &str = "[strategy.s]\n";

fn read(text: &str) -> Result<Scenario, Vec<Problem>> {
    Scenario::read("large", text, Path::new("."))
}

/// So many times a text in which `#` stands for a number.
fn many(number: usize, template: &str) -> String {
    (0..number).fold(String::new(), |mut text, n| {
        let _ = writeln!(text, "{}", template.replace('#', &n.to_string()));
        text
    })
}

/// A scenario of many limits, workloads, strategies, expectations, and whatever else.
fn scenario(limits: &str, workloads: &str, strategies: &str, more: &str) -> String {
    let or = |text: &str, one: &'static str| match text {
        "" => one.to_string(),
        _ => text.to_string(),
    };
    let (limits, workloads) = (or(limits, LIMIT), or(workloads, WORKLOAD));
    format!("{HEAD}{limits}{workloads}{}{more}", or(strategies, STRATEGY))
}

/// How long reading a text takes, and explaining it or rendering its problems.
fn takes(text: &str) -> Duration {
    let begun = Instant::now();
    match read(text) {
        Ok(scenario) => drop(explain(&scenario)),
        Err(list) => drop(Problems::new("large.toml", text, list).to_string()),
    }
    begun.elapsed()
}

/// What of a scenario there are many of, by what it is called here.
fn kinds(number: usize) -> Vec<(&'static str, String)> {
    let of = |template: &str| many(number, template);
    let limit = "[limit.l#]\nscope = [\"account\"]\nrule.concurrency = 1";
    let own = "[limit.l#]\nscope = []\ncalls = [\"c#\"]\nrule.concurrency = 1\ntells.code = \"C#\"";
    let bucket = "[limit.l#]\nscope = [\"account\"]\n\
                  rule.token_bucket = { rate = \"1/s\", burst = 5 }";
    let lockout = "[limit.l#]\nscope = []\nrule.lockout = { status = 429, count = 5, \
                   window = \"1m\" }";
    let workload = "[workload.w#]\narrivals.poisson = \"1/s\"\ncall = \"c#\"";
    let listed = "[strategy.s#]\nworkloads = [\"w#\"]\nworkers = #1";
    let paced = "[strategy.s#]\npace.rate = \"95%\"\nlabel = \"s #\"";
    let expected = "[[expect]]\nthat = \"throttle_rate < 1%\"\nstrategy = \"s\"\nworkload = \"w\"";
    let unknown = "[[expect]]\nthat = \"throttle_rate < 1%\"\nstrategy = \"other#\"";
    let names: String = (0..number).fold(String::new(), |names, n| names + &format!("\"c{n}\","));
    vec![
        ("limits", scenario(&of(limit), "", "", "")),
        ("limits with calls of their own", scenario(&of(own), &of(workload), "", "")),
        ("paced limits", scenario(&of(bucket), "", "[strategy.s]\npace.rate = \"95%\"\n", "")),
        ("lockouts", scenario(&format!("{LIMIT}{}", of(lockout)), "", "", "")),
        ("workloads", scenario("", &of(workload), "", "")),
        ("workloads and strategies", scenario("", &of(workload), &of(listed), "")),
        ("paced strategies", scenario("", "", &of(paced), "")),
        ("expectations", scenario("", "", "", &of(expected))),
        ("unknown names", scenario("", "", &of("[strategy.s#]"), &of(unknown))),
        (
            "idle names",
            scenario(
                &format!("[limit.l]\nscope = []\ncalls = [{names}]\nrule.concurrency = 1\n"),
                "",
                "",
                "",
            ),
        ),
    ]
}

#[test]
fn reading_is_linear_in_everything_that_there_may_be_many_of() {
    let mut slow = Vec::new();
    for ((what, few), (_, many)) in kinds(400).into_iter().zip(kinds(3200)) {
        // Other work on the machine may slow one measurement down, and not each of three.
        let ratio = || takes(&many).as_secs_f64() / takes(&few).min(takes(&few)).as_secs_f64();
        if (0..3).all(|_| ratio() > 24.0) {
            slow.push(what);
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

/// What is said of a text.
fn told(text: &str) -> String {
    match read(text) {
        Ok(_) => "nothing".into(),
        Err(list) => Problems::new("large.toml", text, list).to_string(),
    }
}

#[test]
fn what_no_index_can_count_is_refused() {
    let workload = "[workload.w#]\narrivals.backlog = 1\ncall = \"get\"";
    let beyond = told(&scenario("", &many(32_769, workload), "", ""));
    for part in ["a scenario has at most 32768 workloads", "large.toml:98311:11", "divide it"] {
        assert!(beyond.contains(part), "{part}: {beyond}");
    }
    // 132 jobs of 249 steps: 32,868 steps.
    let steps: String = (0..249).map(|_| "{ call = \"get\" }, ").collect();
    let job = format!("[workload.w#]\narrivals.backlog = 1\nsteps = [{steps}]");
    assert_eq!(told(&scenario("", &many(131, &job), "", "")), "nothing");
    let beyond = told(&scenario("", &many(132, &job), "", ""));
    assert!(beyond.contains("the workloads have 32868 steps together"), "{beyond}");
    let limit = "[limit.l#]\nscope = []\nrule.concurrency = 1";
    let beyond = told(&scenario(&many(65_537, limit), "", "", ""));
    assert!(beyond.contains("there are more than 65536 causes of refusals"), "{beyond}");
    let provider = "[provider.p#]\ncatalog = \"ecomdash\"";
    let beyond = told(&scenario("", "", "", &many(251, provider)));
    assert!(beyond.contains("a scenario has at most 250 providers"), "{beyond}");
    let crowd = "max_accounts = 9000000000000000000\n[clients]\naccounts = 4000000000\n\
                 applications = 4\n";
    let text = scenario("", "", "", "").replace("[limit.l]", &format!("{crowd}[limit.l]"));
    let beyond = told(&text.replace("scope = []", "scope = [\"account\", \"application\"]"));
    for what in ["clients", "sources of work", "copies of limits"] {
        let sentence = format!("16000000000 {what} are more than a run can number");
        assert!(beyond.contains(&sentence), "{what}: {beyond}");
    }
}

#[test]
fn a_hundred_problems_are_shown_and_the_others_counted() {
    let unknown = "[[expect]]\nthat = \"throttle_rate < 1%\"\nstrategy = \"other#\"";
    let shown = told(&scenario("", "", "", &many(5000, unknown)));
    assert_eq!(shown.matches("error: ").count(), 100);
    assert!(shown.ends_with("4900 more problems are not shown"), "{shown}");
    assert!(shown.contains("no strategy `other99` here"), "{shown}");
}
