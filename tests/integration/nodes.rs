//! Limits on a best-effort basis: split among nodes that each decide by themselves, against counts
//! for each node.

use crate::{bad_input::told, scenario};
use std::collections::BTreeMap;
use throttlesim::report::explanation::explain;
use throttlesim::simulation::{Attempt, observe};

fn with(limits: &str, work: &str, strategy: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\nstart = 2026-11-27T08:00:00Z\nduration = \"2h\"\n\
         [clients]\naccounts = 2\n{limits}[workload.w]\n{work}\n[strategy.s]\n{strategy}\n"
    )
}

fn attempts(text: &str) -> Vec<Attempt> {
    let scenario = scenario(text);
    let (_, mut attempts) = observe(&scenario.plan, 0, 0, Vec::<Attempt>::new());
    attempts.sort_by_key(|attempt| attempt.sent);
    attempts
}

fn refused(attempts: &[Attempt]) -> usize {
    attempts.iter().filter(|attempt| attempt.cause.is_some()).count()
}

/// 30 an hour among three nodes: each refuses exactly what comes after its ten, and gets about a
/// third of all calls, of every attempt anew.
#[test]
fn each_node_holds_its_part_and_gets_its_part_of_the_calls() {
    let limit = "[limit.l]\nscope = [\"account\"]\nnodes = 3\n\
                 rule.fixed_window = { limit = 30, window = \"1h\" }\n";
    let work = "arrivals.poisson = \"1/20s\"\ncall = \"GET /x\"";
    let all = attempts(&with(limit, work, "retry = { attempts = 3, backoff.fixed = \"1m\" }"));
    let mut used: BTreeMap<(u32, u32, u64), u32> = BTreeMap::new();
    let mut dealt = [0i64; 3];
    for attempt in &all {
        let (hour, node) = (attempt.sent.as_nanos() / 3_600_000_000_000, attempt.caller.node % 3);
        let used = used.entry((attempt.caller.account, node, hour)).or_default();
        assert_eq!(attempt.cause.is_some(), *used >= 10, "{attempt:?} after {used}");
        *used += u32::from(attempt.cause.is_none());
        dealt[node as usize] += 1;
    }
    let n = i64::try_from(all.len()).expect("few");
    assert!(n > 1_000, "{n}");
    // Five deviations of a share of a third.
    let most = 5.0 * (n as f64 * 2.0 / 9.0).sqrt();
    assert!(dealt.iter().all(|one| (one - n / 3).abs() as f64 <= most), "{dealt:?} of {n}");
}

/// 4/s and 8 at once. A client that keeps to 95 % of it is never refused by one node, and sometimes
/// by four that have 1/s and 2 each; what they admit in all of a flood is the rate.
#[test]
fn a_pace_below_the_published_rate_is_no_longer_safe() {
    let limit = |more: &str| {
        format!(
            "[limit.l]\nscope = [\"account\"]\n{more}\
             rule.token_bucket = {{ rate = \"4/s\", burst = 8 }}\n"
        )
    };
    let work = "arrivals.backlog = 2000\ncall = \"GET /x\"";
    let exact = attempts(&with(&limit(""), work, "pace.rate = \"95%\""));
    assert_eq!((exact.len(), refused(&exact)), (4_000, 0));
    let split = attempts(&with(&limit("nodes = 4\n"), work, "pace.rate = \"95%\""));
    let share = refused(&split) as f64 / split.len() as f64;
    assert!((0.02..0.4).contains(&share), "{share}");
    let flood = "arrivals.rate = \"12/s\"\ncall = \"GET /x\"";
    let flood = attempts(&with(&limit("nodes = 4\n"), flood, ""));
    let admitted = (flood.len() - refused(&flood)) as f64 / 2.0;
    let most = 4.0 * 7_200.0 + 8.0;
    assert!(admitted <= most + 4.0 && admitted > 0.99 * most, "{admitted} of {most}");
}

#[test]
fn the_selling_partner_api_may_be_read_so() {
    let limit = "[provider.amazon]\ncatalog = \"sp-api\"\nregion = \"eu\"\n";
    let work = "arrivals.backlog = 200\ncall = \"orders/v0/getOrderItems\"";
    let exact = with(limit, work, "pace.rate = \"100%\"");
    assert_eq!(refused(&attempts(&exact)), 0);
    let chosen = format!("{limit}readings.enforcement = \"best-effort\"\n");
    let split = with(&chosen, work, "pace = { rate = \"100%\", burst = \"100%\" }");
    assert!(refused(&attempts(&split)) > 0);
    let explained = explain(&scenario(&split));
    assert!(explained.contains("split among 3 nodes"), "{explained}");
}

#[test]
fn nodes_that_split_nothing_are_told() {
    let work = "arrivals.backlog = 5\ncall = \"GET /x\"\nbad_request_rate = \"1%\"";
    for (limit, message) in [
        ("nodes = 1\nrule.concurrency = 5", "1 nodes"),
        ("nodes = 5000\nrule.concurrency = 5", "5000 nodes"),
        (
            "nodes = 3\nrule.lockout = { status = 400, count = 5, window = \"1m\" }",
            "`nodes` has no effect: a lockout cannot be split",
        ),
    ] {
        let found = told(&with(&format!("[limit.l]\nscope = []\n{limit}\n"), work, ""));
        assert!(found.contains(message), "{limit}: {found}");
    }
}
