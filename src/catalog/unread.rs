//! Settings of a limit that its rule never reads: each is a problem at its key.
//!
//! ```text
//!   figures         a rule that takes none of an operation's, or has all of its own
//!   count_rejected  a rule that counts no refusals, or counts them anyway
//!   rate_header     a rule without a rate
//!   cool_down       a rule that says itself how long it refuses
//!   counts          a rule that counts requests only
//!   nodes           a rule that cannot be split
//! ```

use super::findings::Findings;
use super::limit::LimitDocument;
use super::problem::{Problem, ProblemKind};
use super::spanned::Spanned;
use std::collections::HashSet;
use std::hash::Hash;

/// Nodes that a limit is split among at most.
const MOST_NODES: u32 = 1_000;

/// What of a limit nothing reads. What of its rule nothing reads, the rule says itself.
pub(super) fn problems(limit: &LimitDocument, found: &mut Findings) {
    twice(&limit.scope, "scope", found);
    twice(limit.calls.as_deref().unwrap_or_default(), "calls", found);
    let (rule, tells) = (limit.rule.settings(), &limit.tells);
    let what = rule.what();
    if let (true, Some(why)) = (limit.figures.is_written(), rule.ignores_figures()) {
        found.no_effect(&limit.figures, "figures", &why);
    }
    let rejected = &limit.count_rejected;
    if let (true, Some(why)) = (*rejected.get_ref(), rule.ignores_rejected()) {
        found.no_effect(rejected, "count_rejected", &format!("{what} {why}"));
    }
    if let (Some(cool_down), Some(why)) = (&limit.cool_down, rule.ignores_cool_down()) {
        found.no_effect(cool_down, "cool_down", why);
    }
    if *tells.rate_header.get_ref() && !rule.has_rate() {
        found.no_effect(&tells.rate_header, "rate_header", &format!("{what} has no rate"));
    }
    if let Some(nodes) = &limit.nodes {
        if !rule.has_remaining() {
            found.no_effect(nodes, "nodes", &format!("{what} cannot be split"));
        }
        let number = *nodes.get_ref();
        let message = format!("{number} nodes");
        let wrong = !(2..=MOST_NODES).contains(&number);
        found.out_of_range(wrong, nodes.span(), &message, &format!("write 2 to {MOST_NODES}"));
    }
    if let Some(counts) = &limit.counts {
        if !rule.counts_units() {
            let message = format!("{what} cannot count units");
            let help = "write a token_bucket with continuous refill, or a fixed_window";
            let problem = Problem::at(ProblemKind::Contradiction, counts.span(), message);
            found.0.push(problem.help(help));
        } else if *rejected.get_ref() {
            found.no_effect(rejected, "count_rejected", "a refused call takes no units");
        }
        let help = "write counts = \"points\", for example";
        let empty = counts.get_ref().trim().is_empty();
        let kind = ProblemKind::Missing { what: "counts".into() };
        found.add(kind, empty, Some(counts.span()), "a unit without a name", help);
    }
}

/// A value that stands in a list before.
fn twice<T: Eq + Hash>(list: &[Spanned<T>], key: &str, found: &mut Findings) {
    let mut seen = HashSet::new();
    for value in list.iter().filter(|value| !seen.insert(value.get_ref())) {
        let message = format!("this stands in `{key}` twice");
        let problem = Problem::at(ProblemKind::NoEffect, value.span(), message);
        found.0.push(problem.help("leave one of them out"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::limit_problems;
    use crate::catalog::reader;

    /// What is said of a limit: each place and message.
    fn told(text: &str) -> Vec<String> {
        let limit: LimitDocument = reader::from_text(text).expect(text);
        let name = Spanned::new(0..0, "a".into());
        let problems = limit_problems(&name, &limit, None).into_iter();
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
