//! What people get wrong about what a client does: place and remedy.

use crate::bad_input::{Mistake, assert_told};

const OWN: &str = "retry = { attempts = 3, backoff.fixed = \"1s\" }";

const PRESETS: &[Mistake] = &[
    (OWN, "preset = \"pyton-sp-api\"", "14:10", &["no preset", "did you mean `python_sp_api`?"]),
    (OWN, "preset = \"fixed\"\nfaithful = false", "15:12", &["what it was meant to do"]),
    ("retry", "faithful = false\nretry", "14:12", &["faithful to which preset?"]),
    (
        "[clients]",
        "[league]\npresets = [\"fixd\"]\nworkers = [1]\n[clients]",
        "7:11",
        &["`fixed`?"],
    ),
    (
        "[clients]",
        "[league]\npresets = \"x\"\nworkers = [1]\n[clients]",
        "7:11",
        &["expected \"all\""],
    ),
    ("[clients]", "[league]\npresets = \"all\"\nworkers = [0]\n[clients]", "8:11", &["[1, 4, 16]"]),
];

const PACES: &[Mistake] = &[
    ("retry", "pace = { rate = \"95%\", margin = \"120%\" }\nretry", "14:33", &["100% at most"]),
    ("retry", "pace = { rate = \"95%\", margin = \"100%\" }\nretry", "14:33", &["below 100%"]),
    (
        "retry",
        "pace = { rate = \"95%\", adaptive = \"aws_sdk\" }\nretry",
        "14:17",
        &["`rate` decides nothing", "leave `rate` or `adaptive` out"],
    ),
    ("retry", "pace = { adaptive = \"aws\" }\nretry", "14:21", &["write `aimd_rate` or `aws_sdk`"]),
    (
        "retry",
        "pace = { rate = \"9%\", split = true, shared = true }\nretry",
        "14:31",
        &["not split"],
    ),
    (
        "retry",
        "pace = { rate = \"95%\", turns = \"bursts\", follow_header = true }\nretry",
        "14:58",
        &["follow no header"],
    ),
    (
        "retry",
        "pace = { rate = \"95%\", turns = \"ticks\", emptied = true }\nretry",
        "14:51",
        &["not taken away"],
    ),
    (
        "retry",
        "pace = { rate = \"1/s\", follow_header = true }\nretry",
        "14:40",
        &["rate = \"95%\""],
    ),
    ("retry", "guard = \"no_waiting\"\nretry", "14:9", &["without `pace`", "add `pace`"]),
    ("accounts = 2", "processes = 2\nprocess_weights = []", "8:19", &["no weight", "[5, 1]"]),
    ("accounts = 2", "processes = 2\nprocess_weights = [1, 2, 3]", "8:19", &["3 weights for 2"]),
    ("accounts = 2", "processes = 2\nprocess_weights = [0]", "8:19", &["weights of 0 in all"]),
    ("[service]", "[service]\nround_trip = \"fast\"", "9:14", &["is not a duration"]),
    ("[service]", "[service]\nround_trip.gauss = \"1s\"", "9:12", &["unknown value `gauss`"]),
];

const BLOCKS: &[Mistake] = &[
    ("retry", "guard = \"braker\"\nretry", "14:9", &["did you mean `breaker`?"]),
    ("retry", "guard.breaker.ratio = \"0%\"\nretry", "14:1", &["stays open", "above 0"]),
    ("retry", "concurrency = \"vega\"\nretry", "14:15", &["did you mean `vegas`?"]),
    (
        "retry",
        "concurrency.aimd = { least = 50, most = 20 }\nretry",
        "14:1",
        &["1 <= least <= most"],
    ),
    (OWN, "retry = { attempts = \"unlimited\", backoff = \"none\" }", "14:9", &["let time pass"]),
    ("backoff.fixed = \"1s\"", "budget = \"awsquota\"", "14:34", &["did you mean `aws_quota`?"]),
    ("backoff.fixed = \"1s\"", "budget.finagle.ttl = \"0s\"", "14:25", &["forgets at once"]),
    ("backoff.fixed = \"1s\"", "backoff = \"exponential\"", "14:35", &["needs its settings"]),
    (
        "backoff.fixed = \"1s\"",
        "backoff.exponential = { base = \"1m\", cap = \"1s\", jitter = \"full\" }",
        "14:25",
        &["from 1m up to 1s", "not above the cap"],
    ),
    (
        "backoff.fixed = \"1s\"",
        "backoff.exponential = { base = \"1s\", jitter = \"fuller\" }",
        "14:71",
        &["did you mean `full`?"],
    ),
    (
        "backoff.fixed = \"1s\"",
        "backoff = { fixed = \"1s\", linear = { step = \"1s\" } }",
        "14:",
        &["expected one choice", "`linear`"],
    ),
    ("backoff.fixed = \"1s\"", "backoff.delays = []", "14:25", &["a list of no waits"]),
    ("backoff.fixed = \"1s\"", "backoff.window.width = 0", "14:25", &["a window of no calls"]),
    (
        "backoff.fixed = \"1s\"",
        "honour_retry_after = false, retry_after_within = \"5s\"",
        "14:46",
        &["is not honoured", "leave one of them out"],
    ),
    ("retry", "cache.ttl = \"1h\"\nretry", "14:1", &["answers to what?", "write keys ="]),
    ("retry", "batch = { linger = \"1s\", size = 1 }\nretry", "14:9", &["one request at a time"]),
    ("retry", "start.spread = \"0s\"\nretry", "14:1", &["not put off at all"]),
];

#[test]
fn each_mistake_about_a_strategy_has_its_place_and_its_remedy() {
    assert_told(PRESETS);
    assert_told(PACES);
    assert_told(BLOCKS);
}

/// A request that a step makes for a whole batch takes no others with it.
#[test]
fn whole_batches_cannot_be_gathered() {
    let with = |batch: &str| {
        let text = format!(
            "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n[provider.amazon]\ncatalog = \
             \"sp-api\"\n[workload.w]\narrivals.backlog = 1\nitems = 100\nsteps = [{{ call = \
             \"product-pricing/v0/getItemOffersBatch\", per = \"batch\" }}]\n[strategy.s]\n\
             {batch}\n"
        );
        let read = throttlesim::scenario::Scenario::read("s", &text, crate::root());
        read.map_or_else(|all| all.into_iter().map(|of| of.message).collect(), |_| Vec::new())
    };
    assert_eq!(with(""), Vec::<String>::new());
    assert_eq!(with("batch.linger = \"1s\""), ["no call takes more than one request at a time"]);
    let named = "batch = { linger = \"1s\", calls = [\"product-pricing/v0/getItemOffersBatch\"] }";
    let each = "each request of `product-pricing/v0/getItemOffersBatch` is a whole batch";
    assert!(with(named).iter().any(|message| message == each), "{:?}", with(named));
}
