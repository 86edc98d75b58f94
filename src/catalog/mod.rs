//! Published limits as data, each figure with its source and every guess marked as one.
//!
//! ```text
//!   data/*.toml ─┐
//!                ├──► CatalogueDocument ──► Provider ──► Resolved ──► limits of an operation
//!   ./my-api.toml┘     as it is written     checked      one region, environment, reading
//! ```
//!
//! A provider is data only: copy `data/ecomdash.toml`, fill it in, and point a scenario at it with
//! `catalog = "./my-api.toml"`. A file names its source and the day it
//! was read. What the source leaves open is a reading with choices, what it does not say at all is
//! `assumed`; reports print those that they leaned on.

mod assumption;
mod cell;
mod check;
mod document;
mod limit;
mod problem;
mod provider;
mod quantity;
mod reading;
mod resolved;
mod revenue;
mod rule;

pub use cell::{Cell, CellDocument, CellsDocument, Environment};
pub use check::limit_problems;
pub use document::{
    CatalogueDocument, EnvironmentsDocument, FiguresDocument, Named, OperationDocument,
    ReadingDocument, SourceDocument, Standing,
};
pub use limit::{Factor, FiguresOf, LimitDocument, RetryAfterUnit, Scope, TellsDocument};
pub use problem::{Problem, nearest_names, one_of};
pub use provider::{Listing, Provider, Selection};
pub use quantity::{Quantity, Written};
pub use reading::Choice;
pub use resolved::{AppliedLimit, Resolved};
pub use revenue::{Earned, RevenueDocument};
pub use rule::{
    Figures, FixedWindowDocument, LeakyQueueDocument, LockoutDocument, QuotaDocument,
    RefillDocument, RestoreReading, RuleDocument, SlidingWindowDocument, TokenBucketDocument,
    WindowKind, WindowMethod,
};
