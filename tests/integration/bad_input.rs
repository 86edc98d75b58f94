//! What people get wrong, and what they are told: place, mistake, remedy; all at once.

use crate::root;
use throttlesim::scenario::{Problems, Scenario};

const GOOD: &str = r#"schema = 1
question = "Will it fit?"
duration = "1h"
[provider.amazon]
catalog = "sp-api"
[clients]
accounts = 2
[service]
latency.exponential = "200ms"
[workload.sync]
arrivals.poisson = "1/10s"
call = "orders/v0/getOrders"
[strategy.plain]
retry = { attempts = 3, backoff.fixed = "1s" }
[[expect]]
that = "throttle_rate < 5%"
strategy = "plain"
"#;

/// What is said of a text: all problems as a terminal shows them.
pub fn told(text: &str) -> String {
    match Scenario::read("bad", text, &root().join("scenarios")) {
        Ok(_) => String::new(),
        Err(list) => Problems::new("bad.toml", text, list).to_string(),
    }
}

/// The good scenario with a part of it replaced.
pub fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replace(from, to)
}

#[test]
fn the_good_scenario_is_good() {
    assert_eq!(told(GOOD), "");
}

/// A part of the good scenario, what stands in its place, where the mistake is, what is said.
pub type Mistake = (&'static str, &'static str, &'static str, &'static [&'static str]);

const ITEMLESS: &str = "steps = [{ call = \"orders/v0/getOrders\", per = \"item\" }]";
const FIRST: &str = "steps = [{ call = \"orders/v0/getOrders\", per = \"request\" }]";

const MISTAKES: &[Mistake] = &[
    ("schema = 1", "schema = 2", "1:10", &["schema 2 is not known", "schema = 1"]),
    ("schema = 1", "", "bad.toml", &["`schema` is missing", "begin the file"]),
    (
        "question = \"Will it fit?\"",
        "question = 5",
        "2:12",
        &["expected a text in quotes, found the number 5"],
    ),
    ("duration", "durration", "3:1", &["unknown key `durration`", "did you mean `duration`?"]),
    ("\"1h\"", "\"64\"", "3:12", &["has no unit", "\"64s\""]),
    ("\"1h\"", "\"-5s\"", "3:12", &["is not a duration"]),
    ("\"1h\"", "\"0s\"", "3:12", &["a run of no time"]),
    ("\"1h\"", "\"900000d\"", "3:12", &["longer than 36500d"]),
    ("\"1h\"", "\"99999999999999999999w\"", "3:12", &["duration"]),
    ("\"1h\"", "60", "3:12", &["60"]),
    ("\"sp-api\"", "\"sp-apy\"", "5:11", &["no catalogue `sp-apy`", "did you mean `sp-api`"]),
    ("\"sp-api\"", "\"./no-such.toml\"", "5:11", &["cannot read `./no-such.toml`"]),
    ("catalog", "katalog", "5:1", &["unknown key `katalog`", "did you mean `catalog`?"]),
    ("\"sp-api\"", "\"sp-api\"\nregion = \"mars\"", "6:10", &["no region `mars`"]),
    ("\"sp-api\"", "\"sp-api\"\nenvironment = \"prod\"", "6:15", &["no environment `prod`"]),
    ("\"sp-api\"", "\"sp-api\"\nreadings.refil = \"tick\"", "6:10", &["no reading `refil`"]),
    ("\"sp-api\"", "\"sp-api\"\nreadings.refill = \"tock\"", "6:19", &["no choice `tock`"]),
    ("= 2", "= 0", "7:12", &["0 accounts", "1 or more"]),
    ("= 2", "= -3", "7:12", &["-3 accounts"]),
    ("= 2", "= 1000000", "7:12", &["1,000,000 clients", "MB", "max_accounts = 1000000"]),
    ("= 2", "= 2.5", "7:12", &["expected a whole number"]),
    ("\"200ms\"", "\"200 parsecs\"", "9:23", &["is no unit of time"]),
    ("exponential", "exponental", "9:9", &["unknown value `exponental`", "`exponential`"]),
    (
        "exponential = \"200ms\"",
        "lognormal = { median = \"2s\", p99 = \"1s\" }",
        "9:1",
        &["a median of 2s with a p99 of 1s"],
    ),
    (
        "exponential = \"200ms\"",
        "uniform = { low = \"2s\", high = \"1s\" }",
        "9:1",
        &["low, 2s, is above high, 1s"],
    ),
    ("[service]", "[service]\nfailure_rate = 1.5", "9:16", &["1.5 is no share"]),
    ("[service]", "[service]\nfailure_rate = nan", "9:16", &["is no share"]),
    ("[service]", "[service]\nfailure_rate = \"150%\"", "9:16", &["100% at most"]),
    ("\"1/10s\"", "\"-1/s\"", "11:20", &["is no count"]),
    ("\"1/10s\"", "\"0/s\"", "11:20", &["nothing at all"]),
    ("\"1/10s\"", "\"0.5\"", "11:20", &["needs a period"]),
    ("\"1/10s\"", "\"inf/s\"", "11:20", &["is no count"]),
    ("\"1/10s\"", "\"NaN/s\"", "11:20", &["is no count"]),
    ("\"1/10s\"", "\"99999999999999/s\"", "11:20", &["above a million million"]),
    ("\"1/10s\"", "\"1000000/s\"", "3:12", &["requests would arise", "max_jobs"]),
    ("poisson = \"1/10s\"", "every = { period = \"0s\" }", "11:1", &["a period of no time"]),
    (
        "poisson = \"1/10s\"",
        "every = { period = \"1m\", jitter = \"2m\" }",
        "11:1",
        &["a jitter of 2m"],
    ),
    ("poisson = \"1/10s\"", "every = { perid = \"1m\" }", "11:20", &["unknown key `perid`"]),
    ("poisson = \"1/10s\"", "burst = { at = \"2h\" }", "11:1", &["after arrivals stop"]),
    ("poisson = \"1/10s\"", "backlog = 0", "11:1", &["a backlog of nothing"]),
    ("arrivals.poisson = \"1/10s\"", "", "10:11", &["`arrivals` of workload `sync` is missing"]),
    (
        "arrivals.poisson = \"1/10s\"",
        "arrivals.poisson = \"1/s\"\narrivals.rate = \"1/s\"",
        "12:10",
        &["expected one choice"],
    ),
    ("getOrders", "getOrder5", "12:8", &["no operation `orders/v0/getOrder5`", "getOrders"]),
    ("orders/v0/getOrders", "getOrders", "12:8", &["orders/v0/getOrders"]),
    ("call = \"orders/v0/getOrders\"", "", "10:11", &["`call` of workload `sync` is missing"]),
    (
        "call = \"orders/v0/getOrders\"",
        "call = \"orders/v0/getOrders\"\nsteps = []",
        "12:8",
        &["both `call` and `steps`"],
    ),
    (
        "call = \"orders/v0/getOrders\"",
        "steps = [{ call = \"orders/v0/getOrders\", count = 0 }]",
        "12:50",
        &["0 is no count"],
    ),
    (
        "call = \"orders/v0/getOrders\"",
        "steps = [{ call = \"orders/v0/getOrders\", count.poisson = -2.0 }]",
        "12:",
        &["-2 is no mean"],
    ),
    ("call =", "accounts = [3]\ncall =", "12:12", &["no account 3", "from 1 to 2"]),
    ("call =", "regions = [\"eu\"]\ncall =", "12:11", &["no region `eu`"]),
    (
        "call =",
        "provider = \"amazn\"\ncall =",
        "12:12",
        &["no provider `amazn`", "did you mean `amazon`?"],
    ),
    (
        "attempts = 3, backoff.fixed = \"1s\"",
        "attempts = \"unlimited\", backoff.fixed = \"1us\"",
        "14:9",
        &["would never let time pass", "1 ms or more"],
    ),
    (
        "latency.exponential = \"200ms\"\n[workload.sync]\narrivals.poisson = \"1/10s\"",
        "[workload.sync]\narrivals.closed = { population = 2, think.constant = \"0s\" }",
        "10:1",
        &["would never let time pass"],
    ),
    ("[service]", "skew.zipf = 1.0\n[service]", "8:1", &["no workload is dealt", "per ="]),
    (
        "[service]",
        "[service]\nbrown_outs = [{ at = \"1h\", for = \"1m\", slower = 0.5 }]",
        "9:14",
        &["a latency 0.5 times as long", "slower = 1 to 1000"],
    ),
    (
        "latency.exponential = \"200ms\"",
        "latency.gamma = { mean = \"1s\", shape = -1 }",
        "9:1",
        &["a shape of -1", "0.01 to 1000"],
    ),
    (
        "latency.exponential = \"200ms\"",
        "latency.empirical = \"no-such.txt\"",
        "9:1",
        &["cannot read `no-such.txt`"],
    ),
    ("call = \"orders/v0/getOrders\"", ITEMLESS, "12:48", &["no items", "items = 40000"]),
    ("call = \"orders/v0/getOrders\"", FIRST, "12:48", &["no step before the first"]),
    (
        "call = \"orders/v0/getOrders\"",
        "items = 9\nsteps = [{ call = \"orders/v0/getOrder\", per = \"page\" }]",
        "13:47",
        &["the catalogue has no page size", "page_size = 20"],
    ),
    (
        "call = \"orders/v0/getOrders\"",
        "steps = [{ call = \"orders/v0/getOrders\", page_size = 9 }]",
        "12:54",
        &["`per` is no page"],
    ),
    (
        "call = \"orders/v0/getOrders\"",
        "steps = [{ call = \"orders/v0/getOrders\", count.uniform = [5, 2] }]",
        "12:",
        &["from 5 to 2 there is nothing"],
    ),
    (
        "[service]",
        "[service]\noutages = [{ at = \"60h\", for = \"1m\" }]",
        "9:11",
        &["after the end"],
    ),
    ("retry =", "pace.rate = \"950%\"\nretry =", "14:13", &["950% of what", "200%"]),
    ("retry =", "workloads = []\nretry =", "14:13", &["a strategy for no workload"]),
    ("call =", "call = \"\" #", "12:8", &["a call without a name"]),
    ("attempts = 3", "attempts = 0", "14:22", &["0 is too few"]),
    ("attempts = 3", "attempts = \"forever\"", "14:22", &["unlimited"]),
    ("attempts = 3", "attempts = 1", "14:", &["a back-off that is never used"]),
    (
        "attempts = 3, backoff.fixed = \"1s\"",
        "attempts = \"unlimited\"",
        "14:9",
        &["endless attempts", "back-off"],
    ),
    ("backoff.fixed = \"1s\"", "backoff = \"nnoe\"", "14:", &["unknown value `nnoe`", "`none`"]),
    (
        "backoff.fixed = \"1s\"",
        "backoff.exponential = { base = \"9s\", cap = \"1s\" }",
        "14:",
        &["from 9s up to 1s"],
    ),
    (
        "backoff.fixed = \"1s\"",
        "backoff.exponential = { cap = \"1s\" }",
        "14:",
        &["key `base` is missing"],
    ),
    ("backoff.fixed = \"1s\"", "statuses = [200]", "14:", &["200 is no status of a failure"]),
    ("retry =", "pace.rate = \"95\"\nretry =", "14:13", &["needs a period", "\"95%\""]),
    ("retry =", "pace.rate = \"0%\"\nretry =", "14:13", &["is nothing"]),
    ("retry =", "pace = { burst = 4 }\nretry =", "14:8", &["`pace.rate`", "is missing"]),
    ("retry =", "pace = { rate = \"1/s\", burst = 0 }\nretry =", "14:", &["a burst of 0"]),
    ("retry =", "workers = 0\nretry =", "14:11", &["0 is too few"]),
    ("retry =", "hold_worker = true\nretry =", "14:15", &["workers are unlimited"]),
    (
        "retry =",
        "workloads = [\"snyc\"]\nretry =",
        "14:14",
        &["no workload `snyc`", "did you mean `sync`?"],
    ),
    (
        "throttle_rate < 5%",
        "trottle_rate < 5%",
        "16:8",
        &["no metric `trottle_rate`", "`throttle_rate`"],
    ),
    ("throttle_rate < 5%", "throttle_rate", "16:8", &["has no comparison"]),
    ("throttle_rate < 5%", "completion < 5", "16:8", &["a time"]),
    ("strategy = \"plain\"", "strategy = \"plan\"", "17:12", &["no strategy `plan`", "`plain`"]),
    ("strategy = \"plain\"", "account = 9", "17:11", &["no account 9"]),
    (
        "strategy = \"plain\"",
        "call = \"orders/v0/getOrders\"\nthat = 1",
        "18:1",
        &["duplicate key"],
    ),
];

/// Asserts that each mistake is told as it should be.
pub fn assert_told(mistakes: &[Mistake]) {
    let mut wrong = Vec::new();
    for (from, to, place, parts) in mistakes {
        let said = told(&changed(from, to));
        for part in parts.iter().chain([place]).filter(|part| !said.contains(**part)) {
            wrong.push(format!("{to}: no “{part}” in\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn each_mistake_has_its_place_and_its_remedy() {
    assert_told(MISTAKES);
}

#[test]
fn all_mistakes_are_told_at_once() {
    let mut text = GOOD.to_string();
    for (from, to) in [
        ("duration = \"1h\"", "durration = \"1h\""),
        ("= 2", "= 0"),
        ("\"200ms\"", "\"200\""),
        ("getOrders", "getOrderz"),
        ("attempts = 3", "atempts = 3"),
        ("throttle_rate", "throtle_rate"),
    ] {
        text = text.replace(from, to);
    }
    let said = told(&text);
    assert_eq!(said.matches("error: ").count(), 6, "{said}");
    for line in ["3:1", "7:12", "9:23", "12:8", "14:11", "16:8"] {
        assert!(said.contains(&format!("bad.toml:{line}")), "{line} in\n{said}");
    }
}

#[test]
fn cells_that_are_not_published_are_said_so() {
    let pay = |region: &str, environment: &str, call: &str| {
        let provider = format!(
            "catalog = \"amazon-pay\"\nregion = \"{region}\"\nenvironment = \"{environment}\""
        );
        let text = changed("catalog = \"sp-api\"", &provider);
        told(&text.replace("orders/v0/getOrders", call))
    };
    assert_eq!(pay("us", "live", "GetAuthorizationToken"), "");
    assert!(pay("us", "sandbox", "GetAuthorizationToken").contains("N/A"));
    assert!(pay("eu", "live", "CreateMerchantAccount").contains("does not exist in region `eu`"));
    let unpublished = changed(
        "orders/v0/getOrders",
        "amazon-warehousing-and-distribution/2024-05-09/listReplenishmentOrders",
    );
    let said = told(&unpublished);
    assert!(said.contains("publishes no rate") && said.contains("rate and burst"), "{said}");
    let supplied = unpublished.replace(
        "[clients]",
        "operation.\"amazon-warehousing-and-distribution/2024-05-09/listReplenishmentOrders\" = \
         { rate = \"1/s\", burst = 2 }\n[clients]",
    );
    assert_eq!(told(&supplied), "");
}

#[test]
fn no_text_at_all_makes_it_panic() {
    for text in [
        "",
        "\u{0}",
        "schema",
        "= = =",
        "[[[",
        "[provider.a]\ncatalog = \"pa-api\"",
        "schema = 99999999999999999999999",
        "schema = 1\nquestion = \"?\"\n[limit.x]\nscope = []\nrule.concurrency = 0\n",
        "question = \"\"\"\nunclosed",
        "expect = 5",
        "workload = []\nstrategy = 3",
        "[workload.w]\nsteps = [{ call = \"x\" , count = { poisson = nan } }]\narrivals = \"now\"",
    ] {
        assert!(told(text).contains("error: "), "{text:?}: {}", told(text));
    }
    // Every prefix of a real scenario, as an editor saves it half-written.
    for end in 0..GOOD.len() {
        let _ = told(&GOOD[..end]);
    }
}

#[test]
fn a_catalogue_of_ones_own_is_checked_where_it_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("mine.toml");
    let rule = "rule.fixed_window = { limit = 0, window = \"1m\" }";
    let mine = format!("name = \"Mine\"\n[limit.a]\nscope = []\n{rule}\n");
    std::fs::write(&file, mine).expect("written");
    let text = changed("\"sp-api\"", "\"mine.toml\"");
    let list = Scenario::read("bad", &text, folder.path()).expect_err("problems");
    let said = Problems::new("bad.toml", &text, list).to_string();
    for part in ["5:11", "mine.toml:4:", "a limit of 0 admits nothing", "needs `source`"] {
        assert!(said.contains(part), "{part} in\n{said}");
    }
}
