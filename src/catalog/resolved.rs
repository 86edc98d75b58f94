//! A provider as one scenario sees it: one region, one environment, one choice for each reading.
//!
//! ```text
//!   operation(name) ──► its facts, or the nearest names
//!   limits(name)    ──► every limit that holds for it: scope and figures
//!   assumptions(…)  ──► the guesses that all of that leaned on
//! ```
//!
//! Limits and figures that a scenario gives itself are laid on top.

use super::cell::{self, Environment};
use super::coverage::Coverage;
use super::document::{AdviceDocument, CatalogueDocument, OperationDocument, Standing};
use super::figures::FiguresDocument;
use super::limit::{FiguresOf, LimitDocument};
use super::problem::{Problem, ProblemKind, did_you_mean, nearest_names};
use super::rule::{Figures, RuleDocument};
use super::spanned::Spanned;
use super::supplied::Supplied;
use crate::limiter::Scope;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::collections::HashSet;
use toml::value::Date;

/// A provider in one region and environment, under one choice for each reading.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resolved {
    pub(super) catalogue: CatalogueDocument,
    pub(super) region: Option<String>,
    pub(super) region_given: bool,
    environment: Environment,
    pub(super) chosen: Vec<(String, String)>,
    plan: Option<String>,
    pub(super) plan_given: bool,
    pub(super) supplied: IndexMap<String, Supplied>,
    /// The limits that the scenario has put in place, by name.
    own: HashSet<String>,
    coverage: Coverage,
    /// The facts of an operation that is not listed: none.
    pub(super) unlisted: OperationDocument,
}

/// Whether something is still offered.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// Whether it is.
    pub status: Standing,
    /// If deprecated, the day by which clients must stop using it; if retired, the day it ended.
    pub until: Option<Date>,
    /// What to use instead.
    pub successor: Option<String>,
}

impl Offer {
    /// True if clients must stop using it, or had to.
    #[must_use]
    pub const fn ends(&self) -> bool {
        matches!(self.status, Standing::Deprecated | Standing::Retired)
    }
}

impl From<&CatalogueDocument> for Offer {
    fn from(catalogue: &CatalogueDocument) -> Self {
        let CatalogueDocument { status, until, successor, .. } = catalogue;
        Self { status: *status, until: *until, successor: successor.clone() }
    }
}

impl From<&OperationDocument> for Offer {
    fn from(operation: &OperationDocument) -> Self {
        let OperationDocument { status, until, successor, .. } = operation;
        Self { status: *status, until: *until, successor: successor.clone() }
    }
}

/// A limit that holds for an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedLimit<'a> {
    /// The limit's name, which is the cause of its refusals.
    pub name: &'a str,
    /// The limit.
    pub limit: &'a LimitDocument,
    /// Its rule, with the scenario's own figures for the operation.
    pub rule: Cow<'a, RuleDocument>,
    /// Whom one instance is for; without the account if the operation involves none.
    pub scope: Scope,
    /// The usage plan, if its rule is a bucket or quota.
    pub figures: Option<Figures>,
}

impl Resolved {
    pub(super) fn new(
        catalogue: CatalogueDocument,
        (region, region_given): (Option<String>, bool),
        environment: Environment,
        chosen: Vec<(String, String)>,
    ) -> Self {
        let coverage = Coverage::of(catalogue.limit.values());
        Self { catalogue, region, region_given, environment, chosen, coverage, ..Self::default() }
    }

    /// The same, of a plan and whether somebody has chosen it.
    pub(super) fn with_plan(self, (plan, plan_given): (Option<String>, bool)) -> Self {
        Self { plan, plan_given, ..self }
    }

    /// A provider without a catalogue: no limit, and any operation may be called.
    #[must_use]
    pub fn unlimited(name: &str) -> Self {
        let catalogue = CatalogueDocument { name: name.into(), ..CatalogueDocument::default() };
        Self { catalogue, ..Self::default() }
    }

    /// The provider's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.catalogue.name
    }

    /// Whether the API as a whole is still offered, until when, and what replaces it.
    #[must_use]
    pub fn standing(&self) -> Offer {
        Offer::from(&self.catalogue)
    }

    /// What the provider advises its clients.
    #[must_use]
    pub fn advice(&self) -> &[AdviceDocument] {
        &self.catalogue.advice
    }

    /// The region, if the provider has any.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The environment.
    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// The plan, if the provider has any.
    #[must_use]
    pub fn plan(&self) -> Option<&str> {
        self.plan.as_deref()
    }

    /// The choice that holds for each reading.
    pub fn choices(&self) -> impl Iterator<Item = (&str, &str)> {
        self.chosen.iter().map(|(reading, choice)| (reading.as_str(), choice.as_str()))
    }

    /// All limits by name, in order.
    pub fn all_limits(&self) -> impl Iterator<Item = (&str, &LimitDocument)> {
        self.catalogue.limit.iter().map(|(name, limit)| (name.get_ref().as_str(), limit))
    }

    /// The limits that cover a call, in order.
    pub(super) fn covering(&self, call: &str) -> impl Iterator<Item = (&str, &LimitDocument)> {
        let places = self.coverage.candidates(call).into_iter();
        places.filter_map(move |(place, is_named)| {
            let (name, limit) = self.catalogue.limit.get_index(place)?;
            (is_named || limit.covers(call)).then(|| (name.get_ref().as_str(), limit))
        })
    }

    /// Adds a limit, or puts it in the place of the one of that name.
    pub fn put_limit(&mut self, name: &str, limit: LimitDocument) {
        let key = Spanned::new(0..0, name.to_string());
        let (place, before) = self.catalogue.limit.insert_full(key, limit);
        if let Some(before) = before {
            self.coverage.forget(place, &before);
        }
        self.coverage.put(place, &self.catalogue.limit[place]);
        self.own.insert(name.into());
    }

    /// True if a limit is one that the scenario has put in place.
    #[must_use]
    pub fn is_own(&self, limit: &str) -> bool {
        self.own.contains(limit)
    }

    /// Gives a call, or all calls of a pattern, figures of the scenario's own, each before the
    /// published one.
    pub fn put_figures(&mut self, name: &str, figures: Supplied) {
        self.supplied.insert(name.into(), figures);
    }

    /// True if an operation of this name may be called.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let operations = &self.catalogue.operation;
        self.catalogue.open_operations || operations.is_empty() || operations.contains_key(name)
    }

    /// The operations that are listed, in the order of the file.
    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.catalogue.operation.keys().map(|name| name.get_ref().as_str())
    }

    /// The regions of its catalogue.
    pub fn regions(&self) -> impl Iterator<Item = &str> {
        self.catalogue.regions.keys().map(String::as_str)
    }

    /// An operation's facts.
    ///
    /// # Errors
    /// There is no such operation; the help names the nearest.
    pub fn operation(&self, name: &str) -> Result<&OperationDocument, Problem> {
        let operations = &self.catalogue.operation;
        match operations.get(name) {
            Some(operation) => Ok(operation),
            None if self.knows(name) => Ok(&self.unlisted),
            None => Err(self.unknown(name)),
        }
    }

    fn unknown(&self, name: &str) -> Problem {
        let known = || self.catalogue.operation.keys().map(|key| key.get_ref().as_str());
        let mut near = nearest_names(name, known());
        if near.is_empty() || !name.contains('/') {
            let shorts = nearest_names(last_part(name), known().map(last_part));
            near = known().filter(|full| shorts.contains(&last_part(full))).collect();
        }
        let help = match near.is_empty() {
            true => "`throttlesim catalog PROVIDER` lists the operations".into(),
            false => did_you_mean(&near),
        };
        Problem::whole(
            ProblemKind::unknown(name),
            format!("{} has no operation `{name}`", self.name()),
        )
        .help(help)
    }

    /// What is published for an operation here, under what the scenario supplies. A scenario that
    /// supplies figures says that the operation is served here, whatever is published.
    pub(super) fn figures(&self, name: &str) -> Result<FiguresDocument, Problem> {
        let operation = (name, self.operation(name)?);
        let region = self.region.as_deref();
        let published = cell::published(&self.catalogue, operation, region, self.environment);
        match self.supplied(name) {
            Some(own) => Ok(own.over(published.unwrap_or_default())),
            None => published,
        }
    }

    /// Every limit that holds for an operation.
    ///
    /// # Errors
    /// There is no such operation, it is not served here, or nothing is published for it.
    pub fn limits(&self, name: &str) -> Result<Vec<AppliedLimit<'_>>, Problem> {
        let operation = self.operation(name)?;
        let figures = self.figures(name)?;
        let mut applied = Vec::new();
        for (limit_name, limit) in self.covering(name) {
            let published = match (*limit.figures.get_ref(), figures.application_rate) {
                (FiguresOf::Operation, _) => figures.clone(),
                (FiguresOf::Application, None) => continue,
                (FiguresOf::Application, rate) => FiguresDocument {
                    rate,
                    burst: figures.application_burst.clone(),
                    ..FiguresDocument::default()
                },
            };
            let rule = self.rule_for(name, (limit_name, limit));
            let plan = rule.figures(&published);
            let figures = plan.map_err(|figure| self.unpublished(name, limit_name, figure))?;
            let mut scope = limit.scope();
            scope.account &= !operation.grantless;
            applied.push(AppliedLimit { name: limit_name, limit, rule, scope, figures });
        }
        Ok(applied)
    }

    fn unpublished(&self, name: &str, limit: &str, figure: &str) -> Problem {
        let message =
            format!("{} publishes no {figure} for `{name}`, which `{limit}` needs", self.name());
        let pair = if figure == "restore" { "restore and burst" } else { "rate and burst" };
        Problem::whole(ProblemKind::NotOffered, message)
            .help(format!("supply {pair} for it in the scenario"))
    }
}

/// What an operation is called within its API: `getOrders` of `orders/v0/getOrders`.
fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;
    use crate::catalog::{Provider, Quantity, Selection};

    const TEXT: &str = r#"
        name = "Example"
        source = "a page"
        retrieved = 2026-11-23
        [limit.plan]
        scope = ["account", "operation"]
        rule.token_bucket = { refill = "tick" }
        [limit.total]
        scope = []
        calls = ["a/get"]
        rule.concurrency = 3
        [operation."a/get"]
        rate = "1/s"
        burst = 2
        [operation."a/put"]
        grantless = true
    "#;

    fn resolve() -> Resolved {
        let provider = Provider::read(TEXT).expect("a catalogue");
        provider.resolve(&Selection::default()).expect("defaults")
    }

    #[test]
    fn what_the_scenario_gives_comes_first() {
        let mut here = resolve();
        assert!(here.limits("a/put").is_err());
        let rate = Spanned::new(1..2, Quantity("3/s".parse().expect("a rate")));
        let burst = Some(Spanned::new(1..2, 4));
        here.put_figures("a/put", Supplied { rate: Some(rate), burst, limit: None });
        let applied = here.limits("a/put").expect("figures");
        assert_eq!(applied.len(), 1);
        assert_eq!(
            applied[0].figures.map(|f| (f.rate.to_string(), f.burst)),
            Some(("3/s".into(), 4))
        );
        assert_eq!(applied[0].scope, Scope { operation: true, ..Scope::default() });
    }

    #[test]
    fn without_a_catalogue_only_own_limits_hold() {
        let mut own = Resolved::unlimited("own");
        assert_eq!(own.limits("anything").map(|limits| limits.len()), Ok(0));
        let limit =
            reader::from_text("scope = [\"account\"]\nrule.concurrency = 3").expect("a limit");
        own.put_limit("at-once", limit);
        let names: Vec<_> = own.limits("anything").expect("open").iter().map(|l| l.name).collect();
        assert_eq!(names, ["at-once"]);
    }
}
