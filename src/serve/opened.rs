//! What is served: a scenario's providers, or a catalogue as it stands.
//!
//! ```text
//!   catalogue ──► a scenario without work: a provider for each environment, and for each region
//!                 whose figures differ; 25 accounts of 4 applications
//! ```

use crate::catalog::{Problem, Provider, Resolved, RuleDocument, Selection};
use crate::limiter::Population;
use crate::scenario::{OTHER, Scenario, Served};
use std::fmt::Write;
use std::path::Path;

/// Accounts of a catalogue that is served as it stands.
const ACCOUNTS: u32 = 25;
/// Applications of such a catalogue.
const APPLICATIONS: u32 = 4;

/// A scenario that is open for calls.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The scenario, of whose providers every operation may be called.
    pub scenario: Scenario,
    /// Its providers.
    pub served: Vec<Served>,
}

impl Opened {
    /// Opens a scenario; paths in it start from `folder`.
    ///
    /// # Errors
    /// Everything that is wrong with it, with place and remedy.
    pub fn scenario(name: &str, text: &str, folder: &Path) -> Result<Self, Vec<Problem>> {
        let (scenario, served) = Scenario::read_served(name, text, folder)?;
        Ok(Self { scenario, served })
    }

    /// Opens a catalogue: one that ships with the program, or the path of one of the user's own.
    ///
    /// # Errors
    /// It serves nothing, or its figures make no scenario.
    pub fn catalogue(name: &str, provider: &Provider, folder: &Path) -> Result<Self, Vec<Problem>> {
        Self::scenario(name, &text_of(name, provider), folder)
    }

    /// Whom it keeps limits for: as many as the scenario has.
    #[must_use]
    pub const fn population(&self) -> Population {
        self.scenario.plan.population
    }
}

/// A scenario that has a catalogue's provider and nothing else.
fn text_of(name: &str, provider: &Provider) -> String {
    let quoted = toml::Value::from(name).to_string();
    let regions: Vec<&str> = provider.regions().map(|(region, _)| region).collect();
    let differ = provider.operations().any(|listing| !listing.facts.region.is_empty());
    let each: Vec<Option<&str>> = match differ {
        true => regions.iter().copied().map(Some).collect(),
        false => vec![None],
    };
    let mut text = format!(
        "schema = 1\nquestion = {}\n[clients]\naccounts = {ACCOUNTS}\n\
         applications = {APPLICATIONS}\n",
        toml::Value::from(format!("What does {} answer?", provider.name()))
    );
    if !differ && !regions.is_empty() {
        let _ = writeln!(text, "regions = {}", toml::Value::from(regions));
    }
    text += "[strategy.client]\n";
    let revenue = provider.limits().any(|(_, of)| matches!(of.rule, RuleDocument::Revenue(_)));
    for environment in provider.environments() {
        for region in &each {
            let environment = environment.name();
            let place = Selection {
                region: *region,
                environment: Some(environment),
                ..Selection::default()
            };
            let Ok(resolved) = provider.resolve(&place) else { continue };
            let Some(call) = first_call(&resolved) else { continue };
            let key = region.map_or(environment.into(), |region| format!("{region}-{environment}"));
            let _ = writeln!(text, "[provider.{key}]\ncatalog = {quoted}");
            let _ = writeln!(text, "environment = \"{environment}\"");
            if let Some(region) = region {
                let _ = writeln!(text, "region = \"{region}\"");
            }
            if revenue {
                // New enough to have the quota that every account begins with.
                let _ = writeln!(text, "revenue.account_age = \"2d\"");
            }
            let _ = writeln!(text, "[workload.{key}]\nprovider = \"{key}\"\narrivals.backlog = 1");
            let _ = writeln!(text, "call = {}", toml::Value::from(call));
        }
    }
    text
}

/// An operation that is served there.
fn first_call(resolved: &Resolved) -> Option<&str> {
    let mut all = resolved.operations().chain(resolved.knows(OTHER).then_some(OTHER));
    all.find(|call| resolved.limits(call).is_ok())
}
