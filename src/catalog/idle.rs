//! Figures and sources of a catalogue that nothing reads.
//!
//! ```text
//!   [operation."NAME"] rate, burst, restore, application_…   that no limit of the operation takes
//!   [environment.sandbox]                                    that no limit takes
//!   [sources.NAME]                                           that no operation names
//! ```
//!
//! A limit that a reading touches may take anything, for a choice may change its rule.

use super::document::{CatalogueDocument, OperationDocument};
use super::figures::{Cell, CellDocument, FiguresDocument};
use super::limit::{FiguresOf, LimitDocument};
use super::problem::{Problem, ProblemKind};
use super::rule::{QuotaDocument, RuleDocument};
use super::spanned::Spanned;

/// The keys of the figures that an operation publishes.
const KEYS: [&str; 5] = ["rate", "burst", "restore", "application_rate", "application_burst"];

/// What of a catalogue nothing reads.
pub(super) fn problems(catalogue: &CatalogueDocument) -> Vec<Problem> {
    let mut found = Vec::new();
    for (name, operation) in &catalogue.operation {
        let given = all_figures(operation).fold([false; 5], |all, figures| {
            let given = given(&figures);
            std::array::from_fn(|key| all[key] || given[key])
        });
        for key in untaken(catalogue, given, |limit| limit.covers(name.get_ref())) {
            let message = format!("no limit of `{}` takes its `{key}`", name.get_ref());
            found.push(
                Problem::at(ProblemKind::NoEffect, name.span(), message)
                    .help(format!("leave `{key}` out")),
            );
        }
    }
    let environments = &catalogue.environment;
    for figures in environments.live.iter().chain(&environments.sandbox) {
        for key in untaken(catalogue, given(figures), |_| true) {
            let message = format!("no limit takes the `{key}` of an environment");
            found.push(
                Problem::whole(ProblemKind::NoEffect, message).help(format!("leave `{key}` out")),
            );
        }
    }
    found.extend(idle_restore_readings(catalogue));
    let named = |name: &&String| {
        let sources = catalogue.operation.values().filter_map(|of| of.rate_source.as_ref());
        sources.into_iter().any(|source| source.get_ref() == *name)
    };
    for name in catalogue.sources.keys().filter(|name| !named(name)) {
        let message = format!("no operation has its figures from source `{name}`");
        let help = format!("name it in an operation, rate_source = \"{name}\", or leave it out");
        found.push(Problem::whole(ProblemKind::NoEffect, message).help(help));
    }
    found
}

/// What a printed restore means, for quotas of which no restore is printed.
fn idle_restore_readings(catalogue: &CatalogueDocument) -> Vec<Problem> {
    let environments = catalogue.environment.live.iter().chain(&catalogue.environment.sandbox);
    let any_environment = environments.into_iter().any(|figures| figures.restore.is_some());
    let quotas = catalogue.limit.iter().filter_map(|(name, limit)| match &limit.rule {
        RuleDocument::Quota(rule) if rule.reading.is_written() && rule.restore.is_none() => {
            Some((name, limit, rule))
        }
        _ => None,
    });
    let idle = quotas.filter(|(name, limit, _)| {
        let mut covered =
            catalogue.operation.iter().filter(|(call, _)| limit.covers(call.get_ref()));
        let printed = covered
            .any(|(_, operation)| all_figures(operation).any(|figures| figures.restore.is_some()));
        !printed && !any_environment && !is_open(catalogue, name.get_ref())
    });
    let problem = |(_, _, rule): (_, _, &QuotaDocument)| {
        let message = "`reading` has no effect: no operation of this quota has a `restore`";
        Problem::at(ProblemKind::NoEffect, rule.reading.span(), message).help("leave `reading` out")
    };
    idle.map(problem).collect()
}

/// The keys that are given and that none of these limits takes.
fn untaken(
    catalogue: &CatalogueDocument,
    given: [bool; 5],
    covers: impl Fn(&LimitDocument) -> bool,
) -> Vec<&'static str> {
    let limits = catalogue.limit.iter().filter(|(_, limit)| covers(limit));
    let limits: Vec<(&Spanned<String>, &LimitDocument)> = limits.collect();
    let takes = |key: &&str| {
        limits
            .iter()
            .any(|(name, limit)| is_open(catalogue, name.get_ref()) || takes(limit, key, given))
    };
    let keys = KEYS.into_iter().zip(given).filter(|(_, given)| *given).map(|(key, _)| key);
    keys.filter(|key| !takes(key)).collect()
}

/// True if a reading may change the limit.
fn is_open(catalogue: &CatalogueDocument, name: &str) -> bool {
    let choices = catalogue.reading.values().flat_map(|reading| reading.choices.values());
    let mut limits = choices.filter_map(|choice| choice.get("limit")?.as_table());
    limits.any(|limits| limits.contains_key(name))
}

/// True if a limit takes a figure of an operation that has these.
fn takes(limit: &LimitDocument, key: &str, given: [bool; 5]) -> bool {
    let [.., has_restore, has_application_rate, _] = given;
    let (rate, burst) = match limit.figures.get_ref() {
        FiguresOf::Operation => ("rate", "burst"),
        FiguresOf::Application if !has_application_rate => return false,
        FiguresOf::Application => ("application_rate", "application_burst"),
    };
    match &limit.rule {
        RuleDocument::TokenBucket(rule) => {
            (key == rate && rule.rate.is_none()) || (key == burst && rule.burst.is_none())
        }
        RuleDocument::Quota(rule) => {
            let rate = key == rate && !has_restore || key == "restore";
            (rate && rule.restore.is_none()) || (key == burst && rule.burst.is_none())
        }
        _ => false,
    }
}

fn given(figures: &FiguresDocument) -> [bool; 5] {
    [
        figures.rate.is_some(),
        figures.burst.is_some(),
        figures.restore.is_some(),
        figures.application_rate.is_some(),
        figures.application_burst.is_some(),
    ]
}

/// The figures of an operation, wherever they stand.
fn all_figures(operation: &OperationDocument) -> impl Iterator<Item = FiguresDocument> {
    let regional = operation.region.values().flat_map(|cells| [&cells.live, &cells.sandbox]);
    let cells = [&operation.live, &operation.sandbox].into_iter().chain(regional).flatten();
    let figures = cells.map(CellDocument::get_ref).filter_map(|cell| match cell {
        Cell::Figures(figures) => Some(figures.clone()),
        Cell::NotAvailable => None,
    });
    std::iter::once(operation.bare()).chain(figures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;

    #[test]
    fn figures_that_no_limit_takes_are_told() {
        let text = r#"
            [sources.page]
            title = "a page"
            [sources.other]
            title = "another"
            [environment.sandbox]
            restore = "4s"
            [limit.plan]
            scope = ["operation"]
            calls = ["a", "b"]
            rule.token_bucket = {}
            [limit.window]
            scope = []
            rule.fixed_window = { limit = 1, window = "1m" }
            [operation.a]
            rate = "1/s"
            burst = 2
            rate_source = "page"
            [operation.b]
            region.eu.live = { rate = "1/s", burst = 3, application_burst = 4 }
            [operation.c]
            burst = 3
        "#;
        let catalogue: CatalogueDocument = reader::from_text(text).expect("the form");
        let told: Vec<String> = problems(&catalogue).into_iter().map(|p| p.message).collect();
        let expected = [
            "no limit of `b` takes its `application_burst`",
            "no limit of `c` takes its `burst`",
            "no limit takes the `restore` of an environment",
            "no operation has its figures from source `other`",
        ];
        assert_eq!(told, expected);
        let open = format!(
            "{text}\n[reading.r]\nquestion = \"?\"\ndefault = \"one\"\nwhy = \".\"\n\
             choices.one = {{}}\nchoices.two.limit.window.rule.token_bucket = {{}}"
        );
        let catalogue: CatalogueDocument = reader::from_text(&open).expect("the form");
        let told: Vec<String> = problems(&catalogue).into_iter().map(|p| p.message).collect();
        assert_eq!(told, ["no operation has its figures from source `other`"]);
    }
}
