//! Why a report cannot be made.

use super::chart::ChartError;
use std::fmt;

/// Why a report cannot be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReportError {
    /// A picture cannot be drawn, or not become a PNG.
    Picture(ChartError),
    /// A table cannot be written.
    Table(csv::Error),
}

impl fmt::Display for ReportError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(error) => error.fmt(out),
            Self::Table(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for ReportError {}

impl From<ChartError> for ReportError {
    fn from(error: ChartError) -> Self {
        Self::Picture(error)
    }
}

impl From<csv::Error> for ReportError {
    fn from(error: csv::Error) -> Self {
        Self::Table(error)
    }
}
