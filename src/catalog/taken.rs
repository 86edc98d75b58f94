//! Which limits of a provider take the figures that a scenario supplies for some calls.

use super::glob::means;
use super::limit::{FiguresOf, LimitDocument};
use super::problem::{Problem, ProblemKind, and_listed};
use super::resolved::Resolved;
use super::rule::RuleDocument;
use super::supplied::{Figure, Supplied, Unclear};
use std::borrow::Cow;

impl Resolved {
    /// The scenario's own figures for a call: those under its name, else those under the first
    /// pattern of it.
    pub(super) fn supplied(&self, call: &str) -> Option<&Supplied> {
        let by_pattern = || self.supplied.iter().find(|(name, _)| means(name, call));
        self.supplied.get(call).or_else(|| by_pattern().map(|(_, own)| own))
    }

    /// The limits of a call that take an operation's own figures, not an application's.
    fn of_operation(&self, call: &str) -> impl Iterator<Item = (&str, &LimitDocument)> {
        self.covering(call).filter(|(_, limit)| *limit.figures.get_ref() == FiguresOf::Operation)
    }

    /// The one limit whose own figure is replaced; `None` if limits leave it to the operation.
    fn taker(&self, call: &str, figure: Figure) -> Result<Option<&str>, Unclear<'_>> {
        if self.of_operation(call).any(|(_, limit)| limit.rule.settings().leaves_out(figure)) {
            return Ok(None);
        }
        let having = self.of_operation(call).filter(|(_, limit)| limit.rule.settings().has(figure));
        only(having.map(|(name, _)| name).collect()).map(Some)
    }

    /// The rule of a limit for a call, with the scenario's own figures where they belong into it.
    pub(super) fn rule_for<'a>(
        &self,
        call: &str,
        (name, limit): (&str, &'a LimitDocument),
    ) -> Cow<'a, RuleDocument> {
        let mut rule = Cow::Borrowed(&limit.rule);
        let Some(own) = self.supplied(call) else { return rule };
        for (figure, _) in own.given() {
            if self.taker(call, figure) == Ok(Some(name)) {
                rule.to_mut().settings_mut().take(figure, own);
            }
        }
        rule
    }

    /// Figures of the scenario's own for a call that no limit takes, or several might.
    #[must_use]
    pub fn untaken(&self, call: &str) -> Vec<Problem> {
        let Some(own) = self.supplied(call) else { return Vec::new() };
        let untaken = own.given().filter_map(|(figure, place)| {
            let unclear = self.taker(call, figure).err()?;
            let key = figure.key();
            let problem = match unclear {
                Unclear::None => {
                    let others = [Figure::Rate, Figure::Limit].into_iter();
                    let other = others.filter(|other| *other != figure).find(|other| {
                        self.of_operation(call).any(|(_, limit)| limit.rule.settings().has(*other))
                    });
                    let help = match other {
                        Some(other) => format!("its limits have a `{}`: write that", other.key()),
                        None => format!("leave `{key}` out"),
                    };
                    Problem::at(
                        ProblemKind::NoEffect,
                        place,
                        format!("no limit of `{call}` has a `{key}`"),
                    )
                    .help(help)
                }
                Unclear::Several(names) => {
                    let names_listed = and_listed(&names);
                    let message = format!("{names_listed} of `{call}` each have a `{key}`");
                    let help =
                        format!("put a limit of your own in its place: [limit.{}]", names[0]);
                    Problem::at(ProblemKind::Contradiction, place, message).help(help)
                }
            };
            Some(problem)
        });
        untaken.collect()
    }

    /// The limits of a call that a changing plan is about, where it names none: those that leave
    /// their figures to the operation, else the only one whose figures can change.
    ///
    /// # Errors
    /// No limit can change, or several can.
    pub fn changing(&self, call: &str) -> Result<Vec<&str>, Unclear<'_>> {
        let own = |rule: &RuleDocument| {
            [Figure::Rate, Figure::Burst].iter().any(|figure| rule.settings().leaves_out(*figure))
        };
        let limits = self.of_operation(call).filter(|(_, limit)| own(&limit.rule));
        let of_operation: Vec<&str> = limits.map(|(name, _)| name).collect();
        if !of_operation.is_empty() {
            return Ok(of_operation);
        }
        let can = self.covering(call).filter(|(_, limit)| limit.rule.can_change());
        only(can.map(|(name, _)| name).collect()).map(|only| vec![only])
    }
}

fn only(names: Vec<&str>) -> Result<&str, Unclear<'_>> {
    match names[..] {
        [] => Err(Unclear::None),
        [only] => Ok(only),
        _ => Err(Unclear::Several(names)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Provider, Quantity, Selection, Spanned};

    const TEXT: &str = r#"
        name = "Example"
        source = "a page"
        retrieved = 2026-11-23
        open_operations = true
        [limit.minute]
        scope = ["account"]
        calls = ["GET /**"]
        rule.fixed_window = { limit = 60, window = "1m" }
        [limit.at-once]
        scope = ["account"]
        calls = ["GET /slow", "GET /queue"]
        rule.concurrency = 3
        [limit.steady]
        scope = ["account", "operation"]
        calls = ["POST /**"]
        rule.token_bucket = { rate = "1/s", burst = 5 }
        [limit.queue]
        scope = []
        calls = ["GET /queue"]
        rule.leaky_queue = { rate = "2/s", wait = "5s" }
    "#;

    fn resolve(own: &[(&str, Supplied)]) -> Resolved {
        let provider = Provider::read(TEXT).expect("a catalogue");
        let mut resolved = provider.resolve(&Selection::default()).expect("defaults");
        for (name, own) in own {
            resolved.put_figures(name, own.clone());
        }
        resolved
    }

    fn own(rate: Option<&str>, burst: Option<u32>, limit: Option<u32>) -> Supplied {
        let at = |n| Spanned::new(1..2, n);
        let rate = rate.map(|rate| Spanned::new(1..2, Quantity(rate.parse().expect("a rate"))));
        Supplied { rate, burst: burst.map(at), limit: limit.map(at) }
    }

    #[test]
    fn figures_go_to_the_only_limit_that_has_them() {
        let here = resolve(&[
            ("GET /fast", own(None, None, Some(20))),
            ("POST /**", own(Some("2/s"), Some(9), None)),
        ]);
        let rules = |call: &str| -> Vec<(String, RuleDocument)> {
            let limits = here.limits(call).expect("limits").into_iter();
            limits.map(|limit| (limit.name.to_string(), limit.rule.into_owned())).collect()
        };
        match &rules("GET /fast")[..] {
            [(name, RuleDocument::FixedWindow(rule))] => {
                assert_eq!((name.as_str(), rule.limit.get_ref()), ("minute", &20));
            }
            other => panic!("{other:?}"),
        }
        let figures = here.limits("POST /orders/{id}").expect("limits")[0].figures;
        let figures = figures.map(|figures| (figures.rate.to_string(), figures.burst));
        assert_eq!(figures, Some(("2/s".into(), 9)));
        assert!(here.untaken("GET /fast").is_empty() && here.untaken("POST /a").is_empty());
    }

    #[test]
    fn figures_that_nothing_takes_are_told() {
        let told = |call: &str, own| {
            let problems = resolve(&[(call, own)]).untaken(call).into_iter();
            problems.map(|p| format!("{}; {}", p.message, p.help.unwrap_or_default())).collect()
        };
        let both: Vec<String> = told("GET /fast", own(Some("1/s"), Some(3), None));
        let expected = [
            "no limit of `GET /fast` has a `rate`; its limits have a `limit`: write that",
            "no limit of `GET /fast` has a `burst`; its limits have a `limit`: write that",
        ];
        assert_eq!(both, expected);
        let two: Vec<String> = told("GET /slow", own(None, None, Some(1)));
        let expected = "`minute` and `at-once` of `GET /slow` each have a `limit`; put a limit of \
                        your own in its place: [limit.minute]";
        assert_eq!(two, [expected]);
        assert_eq!(told("GET /queue", own(Some("1/s"), None, None)), Vec::<String>::new());
    }

    #[test]
    fn a_changing_plan_is_about_one_limit_unless_it_says_which() {
        let here = resolve(&[]);
        assert_eq!(here.changing("GET /fast"), Ok(vec!["minute"]));
        assert_eq!(here.changing("POST /a"), Ok(vec!["steady"]));
        assert_eq!(here.changing("PUT /a"), Err(Unclear::None));
        let several = Unclear::Several(vec!["minute", "at-once"]);
        assert_eq!(here.changing("GET /slow"), Err(several));
    }
}
