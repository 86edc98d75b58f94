//! Why there is no advice.

use crate::catalog::Problem;
use crate::scenario::{DraftError, SetError};
use crate::study::{GivenUp, StudyError};
use std::fmt;

/// Why there is no advice.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdviseError {
    /// The scenario cannot be read.
    Unsound(Vec<Problem>),
    /// A run of it has no result.
    Study(StudyError),
    /// The ranges make more strategies than are tried.
    TooMany {
        /// How many they make.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// No strategy is left to try.
    NothingToTry,
    /// Every strategy makes more than about 10 attempts for each request.
    Endless,
    /// The search was told to end before it was done.
    Stopped,
}

impl fmt::Display for AdviseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsound(problems) => {
                let assignments = Vec::new();
                let problems = problems.clone();
                DraftError::Unsound { assignments, problems }.fmt(out)
            }
            Self::Study(error) => error.fmt(out),
            Self::TooMany { count, most } => write!(
                out,
                "the ranges of [advise] make {count} strategies to try: write ranges that make up \
                 to {most}"
            ),
            Self::NothingToTry => out
                .write_str("[advise] leaves no strategy to try: allow more with `may` or `range`"),
            Self::Endless => {
                out.write_str("every strategy makes more than about 10 attempts for each request")
            }
            Self::Stopped => out.write_str("the search was stopped before it was done"),
        }
    }
}

impl std::error::Error for AdviseError {}

impl From<Vec<Problem>> for AdviseError {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Unsound(problems)
    }
}

impl From<StudyError> for AdviseError {
    fn from(error: StudyError) -> Self {
        Self::Study(error)
    }
}

impl From<GivenUp> for AdviseError {
    fn from(error: GivenUp) -> Self {
        Self::Study(error.into())
    }
}

impl From<DraftError> for AdviseError {
    fn from(error: DraftError) -> Self {
        Self::Study(error.into())
    }
}

impl From<SetError> for AdviseError {
    fn from(error: SetError) -> Self {
        DraftError::Set(error).into()
    }
}
