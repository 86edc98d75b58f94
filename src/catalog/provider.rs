//! A provider: a catalogue that has been read, and what can be asked before anything is chosen.
//!
//! ```text
//!   text ──read──► Provider ──resolve(region, environment, plan, readings)──► Resolved
//! ```

use super::cell::Environment;
use super::check;
use super::document::{CatalogueDocument, OperationDocument, ReadingDocument};
use super::limit::LimitDocument;
use super::problem::{Problem, ProblemKind, one_of};
use super::reading::{self, Choice};
use super::resolved::{Offer, Resolved};
use super::tolerant;
use serde::Serialize;
use std::borrow::Cow;
use toml::value::Date;

/// A catalogue and its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Provider {
    text: Cow<'static, str>,
    catalogue: CatalogueDocument,
}

/// What a scenario chooses of a provider. What it leaves out has a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Selection<'a> {
    /// The region; the first one if left out.
    pub region: Option<&'a str>,
    /// The environment; `live` if left out.
    pub environment: Option<&'a str>,
    /// The plan; the first one if left out.
    pub plan: Option<&'a str>,
    /// Choices for what the source leaves open; each reading's default if left out.
    pub readings: &'a [Choice<'a>],
}

/// An operation with all that is known of it, for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Listing<'a> {
    /// Its name.
    pub operation: &'a str,
    /// Where its figures come from.
    pub source: &'a str,
    /// Its figures and facts.
    #[serde(flatten)]
    pub facts: &'a OperationDocument,
}

impl Provider {
    /// Reads a catalogue that ships with the program, which its tests have checked.
    pub(super) fn trusted(text: &'static str) -> Result<Self, Vec<Problem>> {
        Self::parse(text.into())
    }

    /// Reads and checks a catalogue of a user's own.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once, as far as its form can be read at all.
    pub fn read(text: impl Into<String>) -> Result<Self, Vec<Problem>> {
        let provider = Self::parse(text.into().into())?;
        let mut problems = check::problems(&provider.catalogue);
        let plans = provider.plans().map(|plan| (Some(plan), None));
        let choices = provider.catalogue.reading.iter().flat_map(|(name, reading)| {
            let choices = reading.choices.keys();
            choices.map(|choice| (None, Some((name.get_ref().as_str(), choice.get_ref().as_str()))))
        });
        for (plan, choice) in plans.chain(choices) {
            let found = match reading::lay_over(&provider.text, plan, choice.as_slice()) {
                Ok(laid) => check::problems(&laid),
                Err(problem) => vec![problem],
            };
            let new: Vec<Problem> =
                found.into_iter().filter(|problem| !problems.contains(problem)).collect();
            problems.extend(new);
        }
        problems.sort_by_key(|problem| problem.span.as_ref().map(|span| (span.start, span.end)));
        if problems.is_empty() { Ok(provider) } else { Err(problems) }
    }

    fn parse(text: Cow<'static, str>) -> Result<Self, Vec<Problem>> {
        match tolerant::read(&text) {
            (Some(catalogue), problems) if problems.is_empty() => Ok(Self { text, catalogue }),
            (Some(catalogue), mut problems) => {
                problems.extend(check::problems(&catalogue));
                Err(problems)
            }
            (None, problems) => Err(problems),
        }
    }

    /// The provider's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.catalogue.name
    }

    /// Title and address of the page that publishes the limits.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.catalogue.source
    }

    /// When that page was read.
    #[must_use]
    pub const fn retrieved(&self) -> Option<Date> {
        self.catalogue.retrieved
    }

    /// What a reader should know of all of it.
    #[must_use]
    pub fn note(&self) -> Option<&str> {
        self.catalogue.note.as_deref()
    }

    /// Whether the API as a whole is still offered, until when, and what replaces it.
    #[must_use]
    pub fn standing(&self) -> Offer {
        Offer::from(&self.catalogue)
    }

    /// The regions and what each one is; the first is the default. Empty if there are none.
    pub fn regions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.catalogue.regions.iter().map(|(name, title)| (name.as_str(), title.as_str()))
    }

    /// The plans that customers buy; the first is the default. Empty if there are none.
    pub fn plans(&self) -> impl Iterator<Item = &str> {
        self.catalogue.plan.keys().map(|name| name.get_ref().as_str())
    }

    /// The environments that it publishes figures for.
    #[must_use]
    pub fn environments(&self) -> &'static [Environment] {
        let catalogue = &self.catalogue;
        let sandbox = catalogue.environment.sandbox.is_some()
            || catalogue.operation.values().any(|operation| {
                operation.sandbox.is_some()
                    || operation.region.values().any(|cells| cells.sandbox.is_some())
            });
        if sandbox { &Environment::ALL } else { &Environment::ALL[..1] }
    }

    /// What its source leaves open, by name.
    pub fn readings(&self) -> impl Iterator<Item = (&str, &ReadingDocument)> {
        self.catalogue.reading.iter().map(|(name, reading)| (name.get_ref().as_str(), reading))
    }

    /// Its limits by name, under the default readings.
    pub fn limits(&self) -> impl Iterator<Item = (&str, &LimitDocument)> {
        self.catalogue.limit.iter().map(|(name, limit)| (name.get_ref().as_str(), limit))
    }

    /// Its operations, in the order of the file.
    pub fn operations(&self) -> impl Iterator<Item = Listing<'_>> {
        self.catalogue.operation.iter().map(|(name, facts)| {
            let second = facts.rate_source.as_ref();
            let second = second.and_then(|key| self.catalogue.sources.get(key.get_ref()));
            let source = second.map_or(self.source(), |source| source.title.as_str());
            Listing { operation: name.get_ref(), source, facts }
        })
    }

    /// The provider in one region and environment, under one choice for each reading.
    ///
    /// # Errors
    /// Everything that the selection names and the catalogue does not have.
    pub fn resolve(&self, selection: &Selection<'_>) -> Result<Resolved, Vec<Problem>> {
        let mut problems = Vec::new();
        let region = self.region(selection.region).map_err(|p| problems.push(p)).ok();
        let environment =
            self.environment(selection.environment).map_err(|p| problems.push(p)).ok();
        let plan = self.plan(selection.plan).map_err(|p| problems.push(p)).ok();
        let chosen = reading::choose(&self.catalogue, selection.readings)
            .map_err(|found| problems.extend(found))
            .ok();
        let (Some(region), Some(environment), Some(plan), Some(chosen)) =
            (region, environment, plan, chosen)
        else {
            return Err(problems);
        };
        let silent = chosen.iter().all(|(name, choice)| {
            self.catalogue.reading[*name].choices.get(*choice).is_none_or(toml::Table::is_empty)
        });
        let plain = plan.is_none_or(|plan| self.catalogue.plan[plan].is_empty());
        let catalogue = match silent && plain {
            true => self.catalogue.clone(),
            false => {
                reading::lay_over(&self.text, plan, &chosen).map_err(|problem| vec![problem])?
            }
        };
        let chosen = chosen.into_iter().map(|(r, c)| (r.to_string(), c.to_string())).collect();
        let given = selection.region.is_some();
        let region = (region.map(String::from), given);
        let plan = (plan.map(String::from), selection.plan.is_some());
        Ok(Resolved::new(catalogue, region, environment, chosen).with_plan(plan))
    }

    fn plan<'a>(&'a self, name: Option<&'a str>) -> Result<Option<&'a str>, Problem> {
        let known: Vec<&str> = self.plans().collect();
        match name {
            None => Ok(known.first().copied()),
            Some(name) if known.contains(&name) => Ok(Some(name)),
            Some(name) => {
                let message = format!("{} has no plan `{name}`", self.name());
                let problem = Problem::whole(ProblemKind::unknown(name), message);
                Err(problem.help(match known.is_empty() {
                    true => "leave `plan` out".into(),
                    false => one_of(name, &known),
                }))
            }
        }
    }

    fn region<'a>(&'a self, name: Option<&'a str>) -> Result<Option<&'a str>, Problem> {
        let known: Vec<&str> = self.regions().map(|(name, _)| name).collect();
        match name {
            None => Ok(known.first().copied()),
            Some(name) if known.contains(&name) => Ok(Some(name)),
            Some(name) if known.is_empty() => {
                let message = format!("{} has no regions, so none is called `{name}`", self.name());
                Err(Problem::whole(ProblemKind::unknown(name), message).help("leave `region` out"))
            }
            Some(name) => Err(Problem::whole(
                ProblemKind::unknown(name),
                format!("{} has no region `{name}`", self.name()),
            )
            .help(one_of(name, &known))),
        }
    }

    fn environment(&self, name: Option<&str>) -> Result<Environment, Problem> {
        let Some(name) = name else { return Ok(Environment::Live) };
        let known = self.environments();
        known.iter().find(|environment| environment.name() == name).copied().ok_or_else(|| {
            let known: Vec<&str> = known.iter().map(|environment| environment.name()).collect();
            Problem::whole(
                ProblemKind::unknown(name),
                format!("{} has no environment `{name}`", self.name()),
            )
            .help(one_of(name, &known))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::RuleDocument;

    const TEXT: &str = r#"
        name = "Example"
        source = "a page"
        retrieved = 2026-11-23
        [limit.basic]
        scope = ["account"]
        rule.fixed_window = { limit = 120, window = "1m" }
    "#;

    #[test]
    fn the_smallest_catalogue_needs_no_operation() {
        let provider = Provider::read(TEXT).expect("a catalogue");
        assert_eq!((provider.name(), provider.source()), ("Example", "a page"));
        assert_eq!(provider.environments(), [Environment::Live]);
        let here = provider.resolve(&Selection::default()).expect("defaults");
        assert_eq!(here.limits("anything").map(|limits| limits.len()), Ok(1));
    }

    #[test]
    fn a_selection_is_refused_for_everything_that_there_is_not() {
        let provider = Provider::read(TEXT).expect("a catalogue");
        let selection = Selection {
            region: Some("eu"),
            environment: Some("sandbox"),
            plan: Some("plus"),
            readings: &[("window", "sliding")],
        };
        let told: Vec<_> = provider
            .resolve(&selection)
            .expect_err("nothing of it exists")
            .into_iter()
            .map(|p| format!("{}; {}", p.message, p.help.unwrap_or_default()))
            .collect();
        let expected = [
            "Example has no regions, so none is called `eu`; leave `region` out",
            "Example has no environment `sandbox`; write `live`",
            "Example has no plan `plus`; leave `plan` out",
            "Example has no reading `window`; leave it out",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_plan_is_laid_over_and_a_wrong_one_is_found_on_reading() {
        let text = format!(
            "{TEXT}\n[plan.small]\n[plan.large]\n\
             limit.basic.rule.fixed_window.limit = 600"
        );
        let provider = Provider::read(text.clone()).expect("a catalogue");
        assert_eq!(provider.plans().collect::<Vec<_>>(), ["small", "large"]);
        let limit = |plan: Option<&str>| {
            let here = provider.resolve(&Selection { plan, ..Selection::default() });
            let here = here.expect("a plan");
            let rule = here.limits("anything").expect("open")[0].rule.clone().into_owned();
            match rule {
                RuleDocument::FixedWindow(rule) => rule.limit.into_inner(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!([limit(None), limit(Some("small")), limit(Some("large"))], [120, 120, 600]);
        let selection = Selection { plan: Some("larg"), ..Selection::default() };
        let wrong = provider.resolve(&selection).expect_err("no such plan");
        assert_eq!(wrong[0].help.as_deref(), Some("did you mean `large`?"));
        let wrong = text.replace("= 600", "= 0");
        let problems = Provider::read(wrong).expect_err("a plan of nothing");
        assert_eq!(problems[0].message, "a limit of 0 admits nothing");
    }

    #[test]
    fn a_wrong_choice_is_found_on_reading() {
        let text = format!(
            "{TEXT}\n[reading.window]\nquestion = \"?\"\ndefault = \"fixed\"\nwhy = \".\"\n\
             choices.fixed = {{}}\n\
             choices.none.limit.basic.rule.fixed_window = {{ limit = 0, widow = \"1m\" }}\n\
             choices.zero.limit.basic.rule.fixed_window.limit = 0"
        );
        let problems = Provider::read(text.clone()).expect_err("two wrong choices");
        let told: Vec<_> = problems
            .into_iter()
            .map(|p| (p.span.map_or("", |span| &text[span]).to_string(), p.message))
            .collect();
        let expected = [("widow", "unknown key `widow`"), ("0", "a limit of 0 admits nothing")];
        assert_eq!(told, expected.map(|(place, message)| (place.into(), message.into())));
    }
}
