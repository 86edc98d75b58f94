//! What `may` allows is really varied, and nothing else is.

use super::{advice, bucket};
use std::collections::BTreeSet;

/// The keys of every candidate, run or not.
fn keys(text: &str) -> BTreeSet<String> {
    let advice = advice(text);
    let run = advice.field.entrants.iter().map(|of| &of.candidate);
    let all = run.chain(advice.field.dropped.iter().map(|of| &of.candidate));
    all.flat_map(|of| of.settings.iter().map(|(key, _)| key.clone())).collect()
}

/// Two processes, accounts that share a limit, work that begins at once and asks for the same
/// things again; polled data, of which notifications come too.
fn text(may: &str) -> String {
    let work = "[clients]\naccounts = 2\nprocesses = 2\n[workload.polled]\narrivals.every = { \
                period = \"5m\" }\nkeys.count = 10\ncall = \"GET /x\"\n[workload.notified]\n\
                arrivals.notifications = { rate = \"6/h\", delivery.constant = \"5s\" }\n\
                keys.count = 10\ncall = \"GET /x\"\n";
    let shared = bucket(work).replace("scope = [\"account\"]", "scope = [\"application\"]");
    shared + &format!("[advise]\nbudget = 40\nmay = [{may}]\n")
}

#[test]
fn every_freedom_varies_its_keys_and_no_other() {
    let cases: [(&str, &[&str]); 6] = [
        ("workers", &["workers"]),
        ("pace", &["pace.rate", "pace.burst"]),
        ("retry", &["retry.attempts", "retry.backoff"]),
        ("cache", &["cache.ttl"]),
        ("spread", &["start.offset"]),
        ("notifications", &["workloads"]),
    ];
    for (name, expected) in cases {
        let found = keys(&text(&format!("\"{name}\"")));
        for key in expected {
            assert!(found.contains(*key), "{name}: no {key} in {found:?}");
        }
        let own = |key: &String| {
            expected.iter().any(|of| key.starts_with(of.split('.').next().unwrap_or(of)))
        };
        let others: Vec<&String> =
            found.iter().filter(|key| !own(key) && *key != "workloads").collect();
        assert!(others.is_empty(), "{name}: {others:?}");
    }
}

#[test]
fn processes_share_or_split_what_else_may_be_chosen() {
    let with = keys(&text("\"pace\", \"workers\", \"processes\""));
    for key in ["pace.shared", "pace.split", "pace.across", "workers.shared", "workers.across"] {
        assert!(with.contains(key), "no {key} in {with:?}");
    }
    let without = keys(&text("\"pace\", \"workers\""));
    assert!(!without.iter().any(|key| key.ends_with("shared") || key.ends_with("split")));
}

#[test]
fn notifications_are_a_route_only_if_they_may_be_chosen() {
    let routes = |may: &str| {
        let advice = advice(&text(may));
        let all = advice.field.entrants.iter();
        all.filter_map(|of| of.candidate.get("workloads").map(String::from))
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(routes("\"workers\"").into_iter().collect::<Vec<_>>(), ["[\"polled\"]"]);
    let both = routes("\"workers\", \"notifications\"");
    assert_eq!(both.into_iter().collect::<Vec<_>>(), ["[\"notified\"]", "[\"polled\"]"]);
}

/// Starts that are spread at random are tried where the scenario states how far.
#[test]
fn a_stated_range_of_random_starts_is_tried() {
    let text = text("\"spread\"") + "range.\"start.spread\" = [\"10s\", \"1m\"]\n";
    assert!(keys(&text).contains("start.spread"));
}

/// Requests that are whole batches already are not gathered into larger ones.
#[test]
fn whole_batches_are_not_gathered_again() {
    let text = |per: &str| {
        format!(
            "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n[provider.amazon]\ncatalog = \
             \"sp-api\"\n[workload.offers]\narrivals.every.period = \"30m\"\nitems = 100\nsteps = \
             [{{ call = \"product-pricing/v0/getItemOffersBatch\", per = \"{per}\" }}]\n[advise]\n\
             budget = 20\nmay = [\"batch\"]\n"
        )
    };
    assert!(keys(&text("item")).contains("batch.linger"));
    assert!(!keys(&text("batch")).contains("batch.linger"));
}
