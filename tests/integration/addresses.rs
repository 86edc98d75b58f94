//! Limits for each process (an IP address) and for each thing that requests ask for, against counts
//! of their own.

use crate::{bad_input::told, scenario};
use std::collections::BTreeMap;
use throttlesim::report::explanation::explain;
use throttlesim::simulation::{Attempt, observe};

fn with(clients: &str, limits: &str, work: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\nstart = 2026-11-27T08:00:00Z\nduration = \"2h\"\n\
         [clients]\n{clients}\n{limits}[workload.w]\n{work}\n[strategy.s]\n"
    )
}

fn attempts(text: &str) -> Vec<Attempt> {
    let scenario = scenario(text);
    let (_, mut attempts) = observe(&scenario.plan, 0, 0, Vec::<Attempt>::new());
    attempts.sort_by_key(|attempt| attempt.sent);
    attempts
}

/// Every attempt is refused exactly if its own instance has admitted 30 in the hour; the instances
/// that were met, and those that were full.
fn check<T: Ord>(attempts: &[Attempt], whose: impl Fn(&Attempt) -> T) -> (usize, usize) {
    let mut used: BTreeMap<(T, u64), u32> = BTreeMap::new();
    for attempt in attempts {
        let hour = attempt.sent.as_nanos() / 3_600_000_000_000;
        let used = used.entry((whose(attempt), hour)).or_default();
        assert_eq!(attempt.cause.is_some(), *used >= 30, "{attempt:?} after {used}");
        *used += u32::from(attempt.cause.is_none());
    }
    (used.len(), used.values().filter(|used| **used == 30).count())
}

fn limit(scope: &str) -> String {
    format!("[limit.l]\nscope = [{scope}]\nrule.fixed_window = {{ limit = 30, window = \"1h\" }}\n")
}

/// Three accounts with four processes each: four machines that all share, or twelve.
#[test]
fn a_limit_for_each_address_counts_by_process() {
    let clients = "accounts = 3\nprocesses = 4";
    let work = "arrivals.poisson = \"1/15s\"\ncall = \"GET /x\"";
    let shared = attempts(&with(clients, &limit("\"process\""), work));
    assert_eq!(check(&shared, |attempt| attempt.caller.process), (8, 8));
    let own = attempts(&with(clients, &limit("\"account\", \"process\""), work));
    let whose = |attempt: &Attempt| (attempt.caller.account, attempt.caller.process);
    let (instances, full) = check(&own, whose);
    assert_eq!(instances, 24);
    assert!(full > 20, "{full}");
    let text = with(clients, &limit("\"account\", \"process\""), work);
    let explained = explain(&scenario(&text));
    assert!(explained.contains("one for each account, process"), "{explained}");
}

/// 40 things, asked for unequally: the popular ones are used up, the others never.
#[test]
fn a_limit_for_each_thing_counts_by_key() {
    let work = "arrivals.poisson = \"1/10s\"\ncall = \"POST /x\"\n\
                keys = { count = 40, zipf = 1.0 }";
    let all = attempts(&with("accounts = 3", &limit("\"account\", \"key\""), work));
    let whose = |attempt: &Attempt| (attempt.caller.account, attempt.caller.key);
    let (instances, full) = check(&all, whose);
    assert!(instances > 200 && (6..60).contains(&full), "{full} of {instances}");
    let all = attempts(&with("accounts = 3", &limit("\"key\""), work));
    let (instances, full) = check(&all, |attempt| attempt.caller.key);
    assert!(instances > 70 && (10..40).contains(&full), "{full} of {instances}");
}

/// A share of a rate is one of a limit for calls, not of one for each thing.
#[test]
fn a_limit_by_key_paces_no_client() {
    let limits = format!(
        "{}[limit.rate]\nscope = [\"account\"]\n\
         rule.token_bucket = {{ rate = \"2/s\", burst = 2 }}\n",
        limit("\"key\"")
    );
    let work = "arrivals.backlog = 50\ncall = \"POST /x\"\nkeys = { count = 40 }";
    let text = with("accounts = 1", &limits, work) + "pace.rate = \"100%\"\n";
    let explained = explain(&scenario(&text));
    assert!(explained.contains("2/s, burst 1"), "{explained}");
}

#[test]
fn what_a_limit_by_key_needs_is_told() {
    let work = "arrivals.backlog = 5\ncall = \"POST /x\"";
    let found = told(&with("accounts = 1", &limit("\"key\""), work));
    let says = "workload `w` does not say what its requests ask for";
    assert!(found.contains(says) && found.contains("keys = { count"), "{found}");
    let many = format!("{work}\nkeys = {{ count = 2000000 }}");
    let found = told(&with("accounts = 9", &limit("\"account\", \"key\""), &many));
    assert!(found.contains("copies of a limit by key would take too much memory"), "{found}");
    let idle = format!("{work}\nkeys = {{ count = 20 }}");
    let found = told(&with("accounts = 1", &limit("\"account\""), &idle));
    assert!(found.contains("`keys` has no effect") && found.contains("scope = "), "{found}");
}
