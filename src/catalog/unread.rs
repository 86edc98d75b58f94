//! Settings of a limit that its rule never reads: each is a problem at its key.
//!
//! ```text
//!   figures         a rule that takes none of an operation's, or has all of its own
//!   count_rejected  a rule that counts no refusals, or counts them anyway
//!   rate_header     a rule without a rate
//!   cool_down       a rule that says itself how long it refuses
//!   extends         a lockout without a time of its own
//!   counts          a rule that counts requests only
//!   initial         more than the bucket holds
//!   admits          a window that is counted exactly
//! ```

use super::limit::LimitDocument;
use super::problem::{Problem, ProblemKind};
use super::rule::{RefillDocument, RuleDocument, WindowMethod};
use super::spanned::Spanned;
use std::collections::HashSet;
use std::hash::Hash;

/// What of a limit nothing reads.
pub(super) fn problems(limit: &LimitDocument) -> Vec<Problem> {
    let mut found = Vec::new();
    twice(&limit.scope, "scope", &mut found);
    twice(limit.calls.as_deref().unwrap_or_default(), "calls", &mut found);
    let (rule, tells) = (&limit.rule, &limit.tells);
    let what = rule.what();
    if limit.figures.is_written() {
        let why = match rule {
            RuleDocument::TokenBucket(of) if of.rate.is_some() && of.burst.is_some() => {
                Some("the rule has a rate and a burst of its own".into())
            }
            RuleDocument::Quota(of) if of.restore.is_some() && of.burst.is_some() => {
                Some("the rule has a restore and a burst of its own".into())
            }
            RuleDocument::TokenBucket(_) | RuleDocument::Quota(_) => None,
            _ => Some(format!("{what} takes no figures of an operation")),
        };
        found.extend(why.map(|why| idle(&limit.figures, "figures", &why)));
    }
    if *limit.count_rejected.get_ref() {
        let why = match rule {
            RuleDocument::LeakyQueue(_) | RuleDocument::Concurrency(_) => {
                Some(format!("{what} counts only what it admits"))
            }
            RuleDocument::Lockout(_) => Some(format!("{what} counts refusals by their status")),
            _ => None,
        };
        found.extend(why.map(|why| idle(&limit.count_rejected, "count_rejected", &why)));
    }
    if let Some(cool_down) = &limit.cool_down {
        let why = match rule {
            RuleDocument::Lockout(_) => Some("a lockout has `lasts`"),
            RuleDocument::Revenue(_) => Some("a quota that follows revenue has days of its own"),
            _ => None,
        };
        found.extend(why.map(|why| idle(cool_down, "cool_down", why)));
    }
    if *tells.rate_header.get_ref() && !rule.has_rate() {
        found.push(idle(&tells.rate_header, "rate_header", &format!("{what} has no rate")));
    }
    if let Some(counts) = &limit.counts {
        let counting = match rule {
            RuleDocument::TokenBucket(of) => of.refill == RefillDocument::Continuous,
            RuleDocument::FixedWindow(_) => true,
            _ => false,
        };
        if !counting {
            let message = format!("{what} cannot count units");
            let help = "write a token_bucket with continuous refill, or a fixed_window";
            found.push(Problem::at(ProblemKind::Contradiction, counts.span(), message).help(help));
        } else if *limit.count_rejected.get_ref() {
            let why = "a refused call takes no units";
            found.push(idle(&limit.count_rejected, "count_rejected", why));
        }
        if counts.get_ref().trim().is_empty() {
            let kind = ProblemKind::Missing { what: "counts".into() };
            let problem = Problem::at(kind, counts.span(), "a unit without a name");
            found.push(problem.help("write counts = \"points\", for example"));
        }
    }
    of_rule(rule, &mut found);
    found
}

fn of_rule(rule: &RuleDocument, found: &mut Vec<Problem>) {
    match rule {
        RuleDocument::TokenBucket(rule) => {
            let burst = rule.burst.as_ref().map(Spanned::get_ref);
            if let (Some(initial), Some(burst)) = (&rule.initial, burst) {
                found.extend(overfull(initial, *burst));
            }
        }
        RuleDocument::SlidingWindow(rule) => {
            if let (Some(admits), WindowMethod::Log) = (&rule.admits, rule.method) {
                let why = "a log counts whole calls, for which both choices are the same";
                let problem = idle(admits, "admits", why);
                found.push(problem.help("write method = \"two-bucket\", or leave `admits` out"));
            }
        }
        RuleDocument::Lockout(rule) => {
            let mut seen = HashSet::new();
            let again = rule.status.get_ref().0.iter().find(|status| !seen.insert(**status));
            found.extend(again.map(|status| {
                let message = format!("{status} stands in `status` twice");
                let problem = Problem::at(ProblemKind::NoEffect, rule.status.span(), message);
                problem.help("leave one of them out")
            }));
            if *rule.extends.get_ref() && rule.lasts.is_none() {
                let why = "there is no `lasts` that a refusal could start again";
                found.push(idle(&rule.extends, "extends", why));
            }
        }
        _ => {}
    }
}

/// A bucket that would hold more at the start than ever again.
pub(super) fn overfull(initial: &Spanned<u32>, burst: u32) -> Option<Problem> {
    let message = format!("`initial` is above the burst, {burst}: the bucket holds no more");
    let problem = || Problem::at(ProblemKind::OutOfRange, initial.span(), message);
    (*initial.get_ref() > burst).then(|| problem().help(format!("write 0 to {burst}")))
}

/// A value that stands in a list before.
fn twice<T: Eq + Hash>(list: &[Spanned<T>], key: &str, found: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for value in list.iter().filter(|value| !seen.insert(value.get_ref())) {
        let message = format!("this stands in `{key}` twice");
        found.push(
            Problem::at(ProblemKind::NoEffect, value.span(), message).help("leave one of them out"),
        );
    }
}

fn idle<T>(value: &Spanned<T>, key: &str, why: &str) -> Problem {
    let message = format!("`{key}` has no effect: {why}");
    Problem::at(ProblemKind::NoEffect, value.span(), message).help(format!("leave `{key}` out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a limit: each place and message.
    fn told(text: &str) -> Vec<String> {
        let limit: LimitDocument = toml::from_str(text).expect(text);
        let problems = problems(&limit).into_iter();
        let place = |p: &Problem| text[p.span.clone().expect("a place")].to_string();
        problems.map(|p| format!("{} | {}", place(&p), p.message)).collect()
    }

    #[test]
    fn settings_that_a_rule_never_reads_are_told() {
        let window = "rule.fixed_window = { limit = 1, window = \"1m\" }";
        let bucket = "rule.token_bucket = { rate = \"1/s\", burst = 5 }";
        let lockout = "rule.lockout = { status = 400, count = 5, window = \"1m\" }";
        let log = "rule.sliding_window = { limit = 1, window = \"1m\", admits = \"any-room\" }";
        let concurrency = "rule.concurrency = 3";
        for (rule, more, expected) in [
            (
                window,
                "figures = \"application\"",
                "\"application\" | `figures` has no effect: \
             a fixed window takes no figures of an operation",
            ),
            (
                bucket,
                "figures = \"operation\"",
                "\"operation\" | `figures` has no effect: the \
             rule has a rate and a burst of its own",
            ),
            (
                concurrency,
                "count_rejected = true",
                "true | `count_rejected` has no effect: a \
             concurrency limit counts only what it admits",
            ),
            (
                lockout,
                "count_rejected = true",
                "true | `count_rejected` has no effect: a lockout \
             counts refusals by their status",
            ),
            (
                concurrency,
                "tells.rate_header = true",
                "true | `rate_header` has no effect: a \
             concurrency limit has no rate",
            ),
            (
                "rule.token_bucket = { rate = \"1/s\", burst = 5, initial = 6 }",
                "",
                "6 | `initial` is above the burst, 5: the bucket holds no more",
            ),
            (
                log,
                "",
                "\"any-room\" | `admits` has no effect: a log counts whole calls, for which \
             both choices are the same",
            ),
            (window, "calls = [\"a\", \"b\", \"a\"]", "\"a\" | this stands in `calls` twice"),
            (
                lockout,
                "cool_down = \"1m\"",
                "\"1m\" | `cool_down` has no effect: a lockout has `lasts`",
            ),
            (
                "rule.lockout = { status = 400, count = 5, window = \"1m\", extends = true }",
                "",
                "true | `extends` has no effect: there is no `lasts` that a refusal could start \
                 again",
            ),
        ] {
            assert_eq!(told(&format!("scope = []\n{rule}\n{more}")), [expected], "{rule} {more}");
        }
    }

    #[test]
    fn a_value_of_a_list_stands_there_once() {
        let scope = "scope = [\"account\", \"account\"]\nrule.concurrency = 3";
        assert_eq!(told(scope), ["\"account\" | this stands in `scope` twice"]);
    }

    #[test]
    fn a_status_that_stands_twice_and_a_rule_without_units_are_told() {
        let twice = "rule.lockout = { status = [400, 429, 400], count = 5, window = \"1m\" }";
        let expected = ["[400, 429, 400] | 400 stands in `status` twice"];
        assert_eq!(told(&format!("scope = []\n{twice}")), expected);
        let counts = "counts = \"points\"\nrule.quota = { restore = \"1s\", burst = 2 }";
        let expected = ["\"points\" | a quota with restore cannot count units"];
        assert_eq!(told(&format!("scope = []\n{counts}")), expected);
    }

    #[test]
    fn settings_that_a_rule_reads_are_not() {
        for good in [
            "rule.fixed_window = { limit = 1, window = \"1m\" }\ncount_rejected = true\n\
             tells = { retry_after = \"seconds\", rate_header = true }",
            "rule.token_bucket = { initial = 90 }\nfigures = \"application\"",
            "rule.token_bucket = { rate = \"1/s\", burst = 5, initial = 5 }",
            "rule.concurrency = 3\ncount_rejected = false\ntells.rate_header = false",
            "rule.sliding_window = { limit = 1, window = \"1m\", method = \"two-bucket\", \
             admits = \"any-room\" }",
        ] {
            assert_eq!(told(&format!("scope = []\n{good}")), Vec::<String>::new(), "{good}");
        }
    }
}
