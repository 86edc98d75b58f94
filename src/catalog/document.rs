//! The form of a catalogue file, exactly as it is written; nothing is resolved here.
//!
//! ```text
//!   name, source, retrieved, note          what it is and where it comes from
//!   [[advice]]                             minutes of the hour to keep off
//!   regions, [environment.sandbox]         what figures may depend on
//!   [limit.NAME]                           scope, rule, what a refusal tells
//!   [operation."NAME"]                     figures and facts of one operation
//!   [reading.NAME]                         what the source leaves open, and the choices
//!   [plan.NAME]                            what a plan that customers buy changes
//!   [sources]                              where single figures come from instead
//! ```
//!
//! Unknown keys are errors; what serde cannot see keeps its place ([`Spanned`]) for the checks.

use super::cost::PublishedCost;
use super::figures::{CellDocument, CellsDocument, FiguresDocument};
use super::limit::LimitDocument;
use super::quantity::Quantity;
use super::spanned::Spanned;
use crate::units::{Rate, Span};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize, Serializer};
use toml::value::Date;

/// Tables by name, in the order of the file.
pub type Named<T> = IndexMap<Spanned<String>, T>;

/// A catalogue file.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogueDocument {
    /// The provider's name.
    pub name: String,
    /// Title and address of the page that publishes the limits; required.
    pub source: String,
    /// When the page was read; required.
    pub retrieved: Option<Date>,
    /// What a reader should know of all of it.
    pub note: Option<String>,
    /// Whether the API as a whole is still offered.
    pub status: Standing,
    /// See [`OperationDocument::until`].
    pub until: Option<Date>,
    /// See [`OperationDocument::successor`].
    pub successor: Option<String>,
    /// What the provider advises its clients.
    pub advice: Vec<AdviceDocument>,
    /// The regions, with what each one is; the first is the default.
    pub regions: IndexMap<String, String>,
    /// Where figures come from that are not from `source`.
    pub sources: IndexMap<String, SourceDocument>,
    /// Figures of all operations in an environment.
    pub environment: EnvironmentsDocument,
    /// The limits.
    pub limit: Named<LimitDocument>,
    /// What the source leaves open.
    pub reading: Named<ReadingDocument>,
    /// The plans that customers buy, and what each one lays over the catalogue; the first one is
    /// the default.
    pub plan: Named<toml::Table>,
    /// True if operations that are not listed may be called too; so they may where none is.
    pub open_operations: bool,
    /// The operations.
    pub operation: Named<OperationDocument>,
}

/// Advice of a provider: minutes of the hour at which clients had better not call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceDocument {
    /// The minutes to keep off, 0 to 59.
    pub avoid_minutes: Spanned<Vec<u8>>,
    /// Minutes that it recommends instead, 0 to 59.
    #[serde(default)]
    pub use_minutes: Spanned<Vec<u8>>,
}

/// A second source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceDocument {
    /// What it is called.
    pub title: String,
    /// What is guessed by taking figures from it.
    pub assumed: Option<String>,
}

/// Figures that hold for every operation in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnvironmentsDocument {
    /// In production.
    pub live: Option<FiguresDocument>,
    /// In the sandbox.
    pub sandbox: Option<FiguresDocument>,
}

/// What the source leaves open.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadingDocument {
    /// What is asked.
    pub question: String,
    /// The choice that is taken where nobody chooses.
    pub default: Spanned<String>,
    /// Why it is; printed as assumed wherever the default is used.
    pub why: String,
    /// What each choice lays over the catalogue.
    pub choices: Named<toml::Table>,
}

/// An operation: its figures and the facts that workloads use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperationDocument {
    /// The HTTP method.
    pub method: Option<String>,
    /// The path, with its parameters in braces.
    pub path: Option<String>,
    /// See [`FiguresDocument::rate`].
    pub rate: Option<Quantity<Rate>>,
    /// The rate as printed, where `rate` is the exact fraction that was cut short.
    pub printed: Option<String>,
    /// See [`FiguresDocument::burst`].
    pub burst: Option<Spanned<u32>>,
    /// See [`FiguresDocument::restore`].
    pub restore: Option<Spanned<Quantity<Span>>>,
    /// See [`FiguresDocument::application_rate`].
    pub application_rate: Option<Quantity<Rate>>,
    /// See [`FiguresDocument::application_burst`].
    pub application_burst: Option<Spanned<u32>>,
    /// Which of `sources` the rate and burst come from; `source` itself if left out.
    pub rate_source: Option<Spanned<String>>,
    /// True if the plan changes with the account's business.
    pub dynamic: bool,
    /// True if no account is involved: it drops out of every limit's scope.
    pub grantless: bool,
    /// Whether it is still offered.
    pub status: Standing,
    /// If deprecated, the day by which clients must stop using it; if retired, the day on which
    /// it ended.
    #[serde(serialize_with = "write_date")]
    pub until: Option<Date>,
    /// What to use instead of a deprecated or retired one.
    pub successor: Option<String>,
    /// True if a later version of its API has been published.
    pub superseded: bool,
    /// The most items in one request.
    pub batch_limit: Option<Spanned<u32>>,
    /// The parameter that holds them.
    pub batch_parameter: Option<String>,
    /// The most results on one page.
    pub page_size: Option<Spanned<u32>>,
    /// The parameter that asks for so many.
    pub page_parameter: Option<String>,
    /// What a call costs in each unit that limits count.
    pub cost: IndexMap<String, Spanned<PublishedCost>>,
    /// What a reader should know.
    pub note: Option<String>,
    /// Guesses, printed by every report that leaned on them.
    pub assumed: Vec<String>,
    /// Figures in production.
    pub live: Option<CellDocument>,
    /// Figures in the sandbox.
    pub sandbox: Option<CellDocument>,
    /// Figures by region; a region that is missing beside others does not have the operation.
    pub region: Named<CellsDocument>,
}

/// Whether an operation or a whole API is still offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is.
    #[default]
    Current,
    /// It is, but clients must migrate.
    Deprecated,
    /// It is not offered any more.
    Retired,
    /// In the sandbox only.
    SandboxOnly,
}

impl OperationDocument {
    /// The figures that depend on neither region nor environment.
    #[must_use]
    pub fn bare(&self) -> FiguresDocument {
        FiguresDocument {
            rate: self.rate,
            burst: self.burst.clone(),
            restore: self.restore.clone(),
            application_rate: self.application_rate,
            application_burst: self.application_burst.clone(),
        }
    }
}

/// Writes a date as a string: TOML's own form of it means nothing elsewhere.
fn write_date<S: Serializer>(date: &Option<Date>, into: S) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => into.collect_str(date),
        None => into.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;

    #[test]
    fn an_operation_reads_as_the_design_writes_it() {
        let text = "[operation.\"orders/v0/getOrderItems\"]\nrate = \"0.5/s\"\nburst = 30\n\
                    page_size = 100\ndynamic = true\nuntil = 2027-03-27";
        let catalogue: CatalogueDocument = reader::from_text(text).expect("a catalogue");
        let operation = &catalogue.operation["orders/v0/getOrderItems"];
        assert_eq!(operation.page_size.as_ref().map(Spanned::get_ref), Some(&100));
        assert!(operation.dynamic && !operation.grantless);
        let figures = reader::from_text("rate = \"0.5/s\"\nburst = 30");
        assert_eq!(Ok(operation.bare()), figures);
        let json = serde_json::to_value(operation).expect("plain");
        assert_eq!((&json["rate"], &json["until"]), (&"0.5/s".into(), &"2027-03-27".into()));
    }

    #[test]
    fn unknown_keys_stand_at_their_place() {
        let text = "[operation.a]\nburts = 30";
        let read = reader::from_text::<CatalogueDocument>(text);
        let problem = read.expect_err("a typing error");
        assert_eq!(problem.message, "unknown key `burts`");
        assert_eq!(problem.help.as_deref(), Some("did you mean `burst`?"));
        assert_eq!(problem.span.map(|span| &text[span]), Some("burts"));
    }
}
