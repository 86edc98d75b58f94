//! What serde cannot see in a catalogue: what is missing, nothing at all, or names nothing.
//!
//! Every problem of a file is found in one go, each with its place and its remedy.

use super::document::{CatalogueDocument, OperationDocument, ReadingDocument, Standing};
use super::figures::{Cell, CellDocument, CellsDocument, FiguresDocument};
use super::findings::Findings;
use super::glob::{is_pattern, means};
use super::idle;
use super::limit::LimitDocument;
use super::problem::{Problem, ProblemKind, SHOWN, one_of};
use super::spanned::Spanned;
use super::{tells, unread};
use indexmap::IndexSet;
use std::collections::HashSet;
use std::ops::Range;

/// All that is wrong with a catalogue.
#[must_use]
pub(super) fn problems(catalogue: &CatalogueDocument) -> Vec<Problem> {
    let mut found = Findings::default();
    found.heading(catalogue);
    let environments = &catalogue.environment;
    for figures in environments.live.iter().chain(&environments.sandbox) {
        found.figures(figures);
    }
    for (name, operation) in &catalogue.operation {
        found.name(name, "operation");
        found.operation(operation, catalogue);
        let ends = operation.until.is_some() || operation.successor.is_some();
        found.standing(operation.status, ends, Some(name.span()));
    }
    let known: Option<IndexSet<&str>> = (!catalogue.open_operations
        && !catalogue.operation.is_empty())
    .then(|| catalogue.operation.keys().map(|key| key.get_ref().as_str()).collect());
    found.costs(catalogue);
    for (name, limit) in &catalogue.limit {
        found.name(name, "limit");
        found.limit(name, limit, known.as_ref());
        found.wanted(name, limit, catalogue);
    }
    for (name, reading) in &catalogue.reading {
        found.name(name, "reading");
        found.reading(reading);
    }
    found.0.extend(idle::problems(catalogue));
    found.0
}

/// All that is wrong with one limit, `known` being the operations that there are; `None` if any
/// name may be called.
#[must_use]
pub fn limit_problems(
    name: &Spanned<String>,
    limit: &LimitDocument,
    known: Option<&IndexSet<&str>>,
) -> Vec<Problem> {
    let mut found = Findings::default();
    found.name(name, "limit");
    found.limit(name, limit, known);
    found.0
}

impl Findings {
    fn name(&mut self, name: &Spanned<String>, what: &str) {
        let message = format!("the {what} has an empty name");
        let empty = name.get_ref().trim().is_empty();
        self.missing(empty, Some(name.span()), &message, "name it: reports show the name");
    }

    fn heading(&mut self, catalogue: &CatalogueDocument) {
        let required = [
            (catalogue.name.is_empty(), "name", "name = \"Ecomdash\""),
            (catalogue.source.is_empty(), "source", "source = \"title of the page, its address\""),
            (catalogue.retrieved.is_none(), "retrieved", "retrieved = 2026-11-23"),
        ];
        for (missing, key, example) in required {
            let message = format!("a catalogue needs `{key}`");
            let kind = ProblemKind::Missing { what: key.into() };
            let help = format!("add, say, {example} at the top");
            self.add(kind, missing, None, &message, &help);
        }
        self.standing(
            catalogue.status,
            catalogue.until.is_some() || catalogue.successor.is_some(),
            None,
        );
        for advice in &catalogue.advice {
            self.minutes(&advice.avoid_minutes);
            self.minutes(&advice.use_minutes);
            let (none, place) = (advice.avoid_minutes.get_ref().is_empty(), &advice.avoid_minutes);
            let help = "name the minutes of the hour, such as [0, 30], or remove the advice";
            self.missing(none, Some(place.span()), "advice without a minute to keep off", help);
        }
        let message = "a catalogue without a limit";
        let help = "add a table such as [limit.per-minute]";
        self.missing(catalogue.limit.is_empty(), None, message, help);
    }

    fn minutes(&mut self, minutes: &Spanned<Vec<u8>>) {
        let wrong = minutes.get_ref().iter().find(|minute| **minute > 59);
        let message = format!("an hour has no minute {}", wrong.copied().unwrap_or_default());
        self.out_of_range(wrong.is_some(), minutes.span(), &message, "write minutes from 0 to 59");
    }

    /// A date or a successor says something of what is deprecated or retired only.
    fn standing(&mut self, status: Standing, ends: bool, place: Option<Range<usize>>) {
        let left = matches!(status, Standing::Deprecated | Standing::Retired);
        let message = "`until` and `successor` have no effect without a `status`";
        let help = "add status = \"deprecated\" or status = \"retired\"";
        self.add(ProblemKind::NoEffect, ends && !left, place, message, help);
    }

    fn figures(&mut self, figures: &FiguresDocument) {
        self.count(figures.burst.as_ref(), "a burst");
        self.count(figures.application_burst.as_ref(), "a burst");
        self.length(figures.restore.as_ref(), "restore");
    }

    /// Costs in units that no limit counts.
    fn costs(&mut self, catalogue: &CatalogueDocument) {
        let counts = |limit: &'_ LimitDocument| limit.counts.clone().map(Spanned::into_inner);
        let counted: HashSet<String> = catalogue.limit.values().filter_map(counts).collect();
        for operation in catalogue.operation.values() {
            for (unit, cost) in operation.cost.iter().filter(|(unit, _)| !counted.contains(*unit)) {
                let message = format!("no limit in this file counts `{unit}`");
                let help = format!("write counts = \"{unit}\" in a limit, or leave this cost out");
                self.add(ProblemKind::NoEffect, true, Some(cost.span()), &message, &help);
            }
        }
    }

    fn operation(&mut self, operation: &OperationDocument, catalogue: &CatalogueDocument) {
        self.figures(&operation.bare());
        self.count(operation.batch_limit.as_ref(), "a batch");
        self.count(operation.page_size.as_ref(), "a page");
        if let Some(source) = &operation.rate_source {
            let known = catalogue.sources.keys().map(String::as_str).collect();
            self.reference(source, &known, "source");
        }
        let own =
            CellsDocument { live: operation.live.clone(), sandbox: operation.sandbox.clone() };
        self.cells(&own);
        let known = catalogue.regions.keys().map(String::as_str).collect();
        for (region, cells) in &operation.region {
            self.reference(region, &known, "region");
            self.cells(cells);
        }
    }

    fn cells(&mut self, cells: &CellsDocument) {
        for cell in cells.live.iter().chain(&cells.sandbox).map(CellDocument::get_ref) {
            if let Cell::Figures(figures) = cell {
                self.figures(figures);
            }
        }
    }

    fn reference(&mut self, name: &Spanned<String>, known: &IndexSet<&str>, what: &str) {
        if known.contains(name.get_ref().as_str()) {
            return;
        }
        let message = format!("no {what} `{name}` in this file");
        // Nobody reads so many remedies, and each looks at every name.
        let known: Vec<&str> = match self.0.len() {
            0..SHOWN => known.iter().copied().collect(),
            _ => Vec::new(),
        };
        let help = one_of(name.get_ref(), &known);
        self.add(ProblemKind::unknown(name.get_ref()), true, Some(name.span()), &message, &help);
    }

    fn limit(
        &mut self,
        name: &Spanned<String>,
        limit: &LimitDocument,
        known: Option<&IndexSet<&str>>,
    ) {
        for call in limit.calls.iter().flatten() {
            let Some(known) = known else { continue };
            if !is_pattern(call.get_ref()) {
                self.reference(call, known, "operation");
            } else if !known.iter().any(|known| means(call.get_ref(), known)) {
                let message = format!("no operation in this file matches `{call}`");
                let help = "`*` stays within a segment, `**` crosses them";
                self.add(
                    ProblemKind::unknown(call.get_ref()),
                    true,
                    Some(call.span()),
                    &message,
                    help,
                );
            }
        }
        let none = limit.calls.as_ref().is_some_and(Vec::is_empty);
        let message = format!("the limit `{name}` holds for no call");
        self.missing(none, Some(name.span()), &message, "leave `calls` out to mean every call");
        tells::problems(&limit.tells, &limit.rule, self);
        self.length(limit.cool_down.as_ref(), "cool-down");
        unread::problems(limit, self);
        limit.rule.settings().check(self);
    }

    /// A rule without figures of its own needs operations that have some.
    fn wanted(&mut self, name: &Spanned<String>, limit: &LimitDocument, c: &CatalogueDocument) {
        let Err(figure) = limit.rule.figures(&FiguresDocument::default()) else { return };
        let shared = &c.environment;
        let has = |figures: &FiguresDocument| limit.rule.figures(figures).is_ok();
        if shared.live.as_ref().is_some_and(has) && shared.sandbox.as_ref().is_none_or(has) {
            return;
        }
        let open = c.open_operations || c.operation.is_empty();
        let message = format!("the limit `{name}` has no {figure}, and calls need not be listed");
        let help = format!("give its rule a `{figure}`, or list the operations with theirs");
        self.missing(open, Some(name.span()), &message, &help);
    }

    fn reading(&mut self, reading: &ReadingDocument) {
        let known = reading.choices.keys().map(|key| key.get_ref().as_str()).collect();
        self.reference(&reading.default, &known, "choice");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let text = r#"
            regions = { us = "United States" }
            [limit.""]
            scope = []
            rule.fixed_window = { limit = 0, window = "0s" }
            tells.status = 200
            calls = ["getOrdrs", "getOrders"]
            [limit.b]
            scope = []
            rule.revenue = { max_tps = 1, min_tps = 2, per_tpd = "0 USD" }
            calls = []
            [reading.r]
            question = "?"
            default = "on"
            why = "."
            choices.one = {}
            [operation.getOrders]
            burst = 0
            rate_source = "sdk"
            live = { restore = "0s" }
            region.su.live = { burst = 0 }
        "#;
        let catalogue: CatalogueDocument = reader::from_text(text).expect("the form");
        let told: Vec<String> = problems(&catalogue)
            .into_iter()
            .map(|p| {
                let place = p.span.map_or("", |span| &text[span]).trim();
                format!("{place} | {} | {}", p.message, p.help.unwrap_or_default())
            })
            .collect();
        let expected = [
            " | a catalogue needs `name` | add, say, name = \"Ecomdash\" at the top",
            " | a catalogue needs `source` | \
             add, say, source = \"title of the page, its address\" at the top",
            " | a catalogue needs `retrieved` | add, say, retrieved = 2026-11-23 at the top",
            "0 | a burst of 0 admits nothing | write 1 or more",
            "\"sdk\" | no source `sdk` in this file | leave it out",
            "\"0s\" | a restore of no time | write \"1s\" or more",
            "su | no region `su` in this file | did you mean `us`?",
            "0 | a burst of 0 admits nothing | write 1 or more",
            "\"\" | the limit has an empty name | name it: reports show the name",
            "\"getOrdrs\" | no operation `getOrdrs` in this file | did you mean `getOrders`?",
            "200 | 200 without a `code` is a success | \
             write 429, or the code in the body: code = \"THROTTLED\"",
            "0 | a limit of 0 admits nothing | write 1 or more",
            "\"0s\" | a window of no time | write \"1s\" or more",
            "b | the limit `b` holds for no call | leave `calls` out to mean every call",
            "\"0 USD\" | a quota that costs nothing has no end | write \"0.01 USD\" or more",
            "1 | max_tps is below min_tps, 2 | raise it, or lower min_tps",
            "\"on\" | no choice `on` in this file | did you mean `one`?",
            "getOrders | no limit of `getOrders` takes its `burst` | leave `burst` out",
            "getOrders | no limit of `getOrders` takes its `restore` | leave `restore` out",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_bucket_without_figures_needs_operations_with_some() {
        let text = "name = \"a\"\nsource = \"b\"\nretrieved = 2026-11-23\n\
                    [limit.plan]\nscope = []\nrule.token_bucket = {}";
        let catalogue: CatalogueDocument = reader::from_text(text).expect("the form");
        let told = problems(&catalogue);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].message, "the limit `plan` has no rate, and calls need not be listed");
    }
}
