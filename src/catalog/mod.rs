//! Published limits as data, each figure with its source and every guess marked as one.
//!
//! ```text
//!   data/*.toml ─┐
//!                ├──► CatalogueDocument ──► Provider ──► Resolved ──► limits of an operation
//!   ./my-api.toml┘     as it is written     checked      one region, environment, reading
//! ```
//!
//! A provider is data only: copy `data/ecomdash.toml`, fill it in, and point a scenario at it with
//! `catalog = "./my-api.toml"`, or add it to [`BUILT_IN`]. A file names its source and the day it
//! was read. What the source leaves open is a reading with choices, what it does not say at all is
//! `assumed`; reports print those that they leaned on.

mod assumption;
mod calendar;
mod cell;
mod check;
mod cost;
mod coverage;
mod document;
mod figures;
mod findings;
mod glob;
mod idle;
mod limit;
mod one_or_many;
mod problem;
mod provider;
mod quantity;
pub(crate) mod reader;
mod reading;
mod resolved;
mod rule;
#[cfg(test)]
mod schemas;
mod spanned;
mod supplied;
mod taken;
mod tells;
mod tolerant;
mod unread;

#[cfg(test)]
mod published;

pub use calendar::Calendar;
pub use cell::Environment;
pub use check::limit_problems;
pub use cost::PublishedCost;
pub use document::{
    AdviceDocument, CatalogueDocument, EnvironmentsDocument, Named, OperationDocument,
    ReadingDocument, SourceDocument, Standing,
};
pub use figures::{Cell, CellDocument, CellsDocument, FiguresDocument};
pub use glob::{Glob, is_pattern, means};
pub use limit::{Factor, FiguresOf, LimitDocument};
pub use one_or_many::OneOrMany;
pub(crate) use problem::SHOWN;
pub use problem::{Problem, ProblemKind, and_listed, excerpt, nearest_names, one_of};
pub use provider::{Listing, Provider, Selection};
pub use quantity::{Quantity, Written};
pub use reading::Choice;
pub use resolved::{AppliedLimit, Offer, Resolved};
pub use rule::*;
#[cfg(test)]
pub use schemas::{Patterned, Text};
pub use spanned::Spanned;
pub use supplied::{Supplied, Unclear};
pub use tells::{TellsDocument, TimeForm, TimeRounding};
pub use tolerant::read as read_all;

use std::sync::OnceLock;

/// The catalogues that ship with the program, by the name that a scenario gives them.
pub const BUILT_IN: [(&str, &str); 13] = [
    ("sp-api", include_str!("data/sp-api.toml")),
    ("amazon-pay", include_str!("data/amazon-pay.toml")),
    ("pa-api", include_str!("data/pa-api.toml")),
    ("creators-api", include_str!("data/creators-api.toml")),
    ("ecomdash", include_str!("data/ecomdash.toml")),
    ("shopify", include_str!("data/shopify.toml")),
    ("shopify-rest", include_str!("data/shopify-rest.toml")),
    ("walmart", include_str!("data/walmart.toml")),
    ("ebay", include_str!("data/ebay.toml")),
    ("etsy", include_str!("data/etsy.toml")),
    ("stripe", include_str!("data/stripe.toml")),
    ("bigcommerce", include_str!("data/bigcommerce.toml")),
    ("google-merchant", include_str!("data/google-merchant.toml")),
];

/// A catalogue that ships with the program.
///
/// # Errors
/// There is none of that name; the help names the nearest.
pub fn built_in(name: &str) -> Result<Provider, Vec<Problem>> {
    static READ: [OnceLock<Provider>; BUILT_IN.len()] = [const { OnceLock::new() }; _];
    let Some(place) = BUILT_IN.iter().position(|(known, _)| *known == name) else {
        let known = BUILT_IN.map(|(name, _)| name);
        let is_near = !nearest_names(name, known).is_empty();
        let or = if is_near { " Or" } else { ", or" };
        let help = format!("{}{or} give the path of a file of your own", one_of(name, &known));
        return Err(vec![
            Problem::whole(ProblemKind::unknown(name), format!("no catalogue `{name}`")).help(help),
        ]);
    };
    // Sweeps read a scenario again for each point; its catalogue stays the same.
    if let Some(known) = READ[place].get() {
        return Ok(known.clone());
    }
    let provider = Provider::trusted(BUILT_IN[place].1)?;
    Ok(READ[place].get_or_init(|| provider).clone())
}
