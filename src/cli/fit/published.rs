//! The catalogue that a log is held against, and the unit that limits of both count.

use super::super::{Fault, catalog};
use super::columns::Names;
use super::fault;
use crate::catalog::{Provider, Resolved, Selection};
use crate::report::words;
use crate::scenario::nearest;
use clap::Args;

/// The catalogue that a log is held against.
#[derive(Debug, Args)]
pub(super) struct Against {
    /// Hold the log against a catalogue: sp-api, or a file; exit code 1 where they differ
    #[arg(long, value_name = "CATALOG")]
    against: Option<String>,
    /// Region of that catalogue
    #[arg(long = "catalog-region", value_name = "REGION", requires = "against")]
    catalog_region: Option<String>,
    /// Environment of that catalogue: live or sandbox
    #[arg(long, value_name = "ENVIRONMENT", requires = "against")]
    environment: Option<String>,
    /// Plan of that catalogue, such as standard of shopify
    #[arg(long, value_name = "PLAN", requires = "against")]
    plan: Option<String>,
}

impl Against {
    /// The name of the catalogue.
    pub(super) fn name(&self) -> Option<&str> {
        self.against.as_deref()
    }

    /// The catalogue, whole and as the user chooses of it.
    pub(super) fn open(&self) -> Result<Option<(Provider, Resolved)>, Fault> {
        let Some(name) = self.name() else { return Ok(None) };
        let provider = catalog::open(name)?;
        let selection = Selection {
            region: self.catalog_region.as_deref(),
            environment: self.environment.as_deref(),
            plan: self.plan.as_deref(),
            ..Selection::default()
        };
        let here = provider.resolve(&selection).map_err(catalog::faults)?;
        Ok(Some((provider, here)))
    }
}

/// The name of the units that calls cost.
pub(super) fn unit(
    names: &Names,
    published: Option<&(Provider, Resolved)>,
) -> Result<String, Fault> {
    let mut units: Vec<String> = Vec::new();
    let limits = published.iter().flat_map(|(_, here)| here.all_limits());
    for unit in limits.filter_map(|(_, limit)| limit.counts.as_ref()) {
        if !units.contains(unit.get_ref()) {
            units.push(unit.get_ref().clone());
        }
    }
    let provider = published.map_or("", |(provider, _)| provider.name());
    match (&names.unit, units.as_slice()) {
        (Some(unit), _) if unit.trim().is_empty() => {
            fault("--unit has no name", "write the name of what calls cost, such as --unit points")
        }
        (Some(unit), known) if !known.is_empty() && !known.contains(unit) => {
            let help = match nearest(unit, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean --unit {near}?"),
                None => format!("its limits count {}", words::list(known)),
            };
            fault(&format!("no limit of {provider} counts {unit}"), &help)
        }
        (Some(unit), _) => Ok(unit.clone()),
        (None, [_, _, ..]) if names.cost.is_some() => {
            let help = format!("say which the column has: --unit {}", units[0]);
            fault(&format!("limits of {provider} count {}", words::list(&units)), &help)
        }
        (None, [unit]) => Ok(unit.clone()),
        (None, _) => Ok("units".into()),
    }
}
