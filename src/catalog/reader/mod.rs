//! From a TOML text to the types of this program, with places and with mistakes as data.
//!
//! ```text
//!   text ──parse──► DeTable ──Node──► Deserialize of every type ──► value, or the first mistake
//! ```
//!
//! TOML itself is read by its own crate. What it holds is handed to types by one kind of
//! deserializer, [`Node`], for two reasons: a mistake is a [`Problem`] from the start, so that
//! nobody reads the sentences of an error; and each type is compiled once, not once for each reader
//! of tables, dates and places that a general crate has.
//!
//! Types ask by names of their own for what only files have: `Spanned` for a value with its place,
//! `OneOrMany` for one or several, and whoever says [`CHOSEN`] for a choice that may stand by its
//! name alone.

mod access;
mod deserializer;
mod error;
mod node;

pub use node::Node;

use super::problem::Problem;
use serde::Deserialize;
use std::borrow::Cow;
use toml::de::DeTable;

/// The name by which a choice without settings may also stand alone.
pub const CHOSEN: &str = "$a name, or a table of one name and its settings";

/// Reads a text as a whole.
///
/// # Errors
/// The text is not TOML, or the first thing in it that the type does not take.
pub fn from_text<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Problem> {
    from_table(&parsed(text)?)
}

/// Reads a table that has been parsed.
///
/// # Errors
/// The first thing in it that the type does not take.
pub fn from_table<'de, T: Deserialize<'de>>(
    table: &'de toml::Spanned<DeTable<'de>>,
) -> Result<T, Problem> {
    let read = T::deserialize(Node::whole(table));
    read.map_err(|error| error.within(&table.span()).into_problem())
}

/// A key as a file writes it: bare, or quoted.
#[must_use]
pub fn key(name: &str) -> Cow<'_, str> {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.into(),
        false => toml::Value::from(name).to_string().into(),
    }
}

/// Takes a text apart.
///
/// # Errors
/// It is not TOML.
pub fn parsed(text: &str) -> Result<toml::Spanned<DeTable<'_>>, Problem> {
    DeTable::parse(text).map_err(|error| Problem::not_toml(&error))
}

#[cfg(test)]
mod tests;
