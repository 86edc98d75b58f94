//! Figures that depend on the environment and the region: the cells of a printed table.
//!
//! ```text
//!   region.us.live    = { burst = 10, restore = "4s" }
//!   region.us.sandbox = "N/A"                             not available there
//! ```
//!
//! The first that exists counts: `region.R.E`, then the operation's own `E`, then the catalogue's
//! `[environment.E]`, then the figures that stand bare.

use super::document::{CatalogueDocument, OperationDocument, Standing};
use super::figures::{Cell, CellDocument, FiguresDocument};
use super::problem::{Problem, ProblemKind};
use serde::{Deserialize, Serialize};

/// Which of a provider's endpoints is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// Production.
    #[default]
    Live,
    /// The provider's test environment.
    Sandbox,
}

impl Environment {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Live, Self::Sandbox];

    /// As files write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Sandbox => "sandbox",
        }
    }

    const fn of<T>(self, live: Option<T>, sandbox: Option<T>) -> Option<T>
    where
        T: Copy,
    {
        match self {
            Self::Live => live,
            Self::Sandbox => sandbox,
        }
    }
}

/// What is published for an operation in a region and environment.
///
/// # Errors
/// The operation does not exist in the region, is not available in the environment, or exists in
/// the sandbox only.
pub(super) fn published(
    catalogue: &CatalogueDocument,
    (name, operation): (&str, &OperationDocument),
    region: Option<&str>,
    environment: Environment,
) -> Result<FiguresDocument, Problem> {
    if operation.status == Standing::SandboxOnly && environment != Environment::Sandbox {
        return Err(sandbox_only(name));
    }
    let cells = match region {
        Some(region) if !operation.region.is_empty() => {
            Some(operation.region.get(region).ok_or_else(|| no_region(operation, name, region))?)
        }
        _ => None,
    };
    let regional = cells.and_then(|c| environment.of(c.live.as_ref(), c.sandbox.as_ref()));
    let own = environment.of(operation.live.as_ref(), operation.sandbox.as_ref());
    match regional.or(own) {
        Some(cell) => match cell.get_ref() {
            Cell::Figures(figures) => Ok(figures.clone()),
            Cell::NotAvailable => Err(not_available(cell, name, environment)),
        },
        None => {
            let shared = &catalogue.environment;
            let shared = environment.of(shared.live.as_ref(), shared.sandbox.as_ref());
            Ok(shared.cloned().unwrap_or_else(|| operation.bare()))
        }
    }
}

fn sandbox_only(name: &str) -> Problem {
    Problem::whole(
        ProblemKind::NotOffered,
        format!("`{name}` exists in the sandbox only: no rate is published elsewhere"),
    )
    .help("choose environment = \"sandbox\", or supply rate and burst for it in the scenario")
}

fn no_region(operation: &OperationDocument, name: &str, region: &str) -> Problem {
    let others: Vec<&str> = operation.region.keys().map(|key| key.get_ref().as_str()).collect();
    Problem::whole(ProblemKind::NotOffered, format!("`{name}` does not exist in region `{region}`"))
        .help(format!("it is published for {}", others.join(" and ")))
}

fn not_available(cell: &CellDocument, name: &str, environment: Environment) -> Problem {
    let here = environment.name();
    let message = format!("`{name}` is not available in environment `{here}`: its table says N/A");
    Problem::at(ProblemKind::NotOffered, cell.span(), message)
        .help(format!("leave the call out, or do not choose the environment `{here}`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Spanned;
    use crate::catalog::reader;

    const TABLE: &str = r#"
        environment.sandbox = { rate = "5/s", burst = 15 }
        [operation.plain]
        rate = "1/s"
        burst = 2
        [operation.split]
        live = { burst = 20 }
        region.us.live = { burst = 40 }
        region.us.sandbox = "N/A"
        region.jp = {}
        [operation.trial]
        status = "sandbox-only"
    "#;

    fn burst(name: &str, region: &str, environment: Environment) -> Result<u32, String> {
        let catalogue: CatalogueDocument = reader::from_text(TABLE).expect("a catalogue");
        let operation = (name, &catalogue.operation[name]);
        published(&catalogue, operation, Some(region), environment)
            .map(|figures| figures.burst.map_or(0, Spanned::into_inner))
            .map_err(|problem| problem.message)
    }

    #[test]
    fn the_nearest_cell_counts() {
        use Environment::{Live, Sandbox};
        for (name, region, environment, expected) in [
            ("plain", "us", Live, Ok(2)),
            ("plain", "us", Sandbox, Ok(15)),
            ("trial", "us", Sandbox, Ok(15)),
            (
                "trial",
                "us",
                Live,
                Err("`trial` exists in the sandbox only: no rate is published elsewhere"),
            ),
            ("split", "us", Live, Ok(40)),
            ("split", "jp", Live, Ok(20)),
            ("split", "jp", Sandbox, Ok(15)),
            ("split", "eu", Live, Err("`split` does not exist in region `eu`")),
            (
                "split",
                "us",
                Sandbox,
                Err("`split` is not available in environment `sandbox`: its table says N/A"),
            ),
        ] {
            assert_eq!(burst(name, region, environment), expected.map_err(String::from));
        }
    }

    #[test]
    fn a_cell_is_figures_or_not_available() {
        let error = |cell: &str| {
            let text = format!("[operation.a]\nlive = {cell}");
            let error = reader::from_text::<CatalogueDocument>(&text).expect_err("bad");
            (error.message, error.span.map(|span| text[span].to_string()))
        };
        let (message, place) = error("\"n/a\"");
        let expected = "restore = \"4s\" }, or \"N/A\", found the text \"n/a\"";
        assert!(message.ends_with(expected), "{message}");
        assert_eq!(place.as_deref(), Some("\"n/a\""));
        let (message, place) = error("{ burts = 1 }");
        assert!(message.starts_with("unknown key `burts`"), "{message}");
        assert_eq!(place.as_deref(), Some("burts"));
    }
}
