//! The figures that a provider publishes for an operation, and the cells of a printed table.

use super::quantity::Quantity;
use super::spanned::Spanned;
use crate::units::{Rate, Span};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize as Derive, Serialize};
use std::fmt;

/// Figures that a provider publishes for an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Derive)]
#[serde(default, deny_unknown_fields)]
pub struct FiguresDocument {
    /// How fast requests come back.
    pub rate: Option<Quantity<Rate>>,
    /// The most requests at once.
    pub burst: Option<Spanned<u32>>,
    /// The restore of a quota, as printed.
    pub restore: Option<Spanned<Quantity<Span>>>,
    /// The rate of a second limit, over all accounts of an application.
    pub application_rate: Option<Quantity<Rate>>,
    /// The burst of that limit.
    pub application_burst: Option<Spanned<u32>>,
}

/// One cell of a table: figures, or `"N/A"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// What is published.
    Figures(FiguresDocument),
    /// The operation is not available there.
    NotAvailable,
}

/// A cell and its place in the file.
pub type CellDocument = Spanned<Cell>;

/// The cells of a region.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Derive)]
#[serde(default, deny_unknown_fields)]
pub struct CellsDocument {
    /// Figures in production.
    pub live: Option<CellDocument>,
    /// Figures in the sandbox.
    pub sandbox: Option<CellDocument>,
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(CellReader)
    }
}

struct CellReader;

impl<'de> Visitor<'de> for CellReader {
    type Value = Cell;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("figures such as { burst = 10, restore = \"4s\" }, or \"N/A\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Cell, E> {
        match text {
            "N/A" => Ok(Cell::NotAvailable),
            other => Err(E::invalid_value(serde::de::Unexpected::Str(other), &self)),
        }
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Cell, M::Error> {
        FiguresDocument::deserialize(MapAccessDeserializer::new(map)).map(Cell::Figures)
    }
}
