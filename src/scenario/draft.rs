//! A scenario's text, with where it comes from, so that it can be read again with other values.

use super::{Scenario, SetError, set};
use crate::catalog::Problem;
use crate::files::Input;
use std::fmt;
use std::path::PathBuf;

/// A scenario that has not been read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The file's name without its ending.
    pub name: String,
    /// What it says.
    pub text: String,
    /// The folder that paths in it start from.
    pub folder: PathBuf,
    /// The files that it read when it was first read: they must stay as they were.
    pub inputs: Vec<Input>,
}

/// Why a scenario cannot be read with other values.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DraftError {
    /// It has no such place.
    Set(SetError),
    /// It is not sound with them.
    Unsound {
        /// What was set.
        assignments: Vec<String>,
        /// Everything that is wrong.
        problems: Vec<Problem>,
    },
    /// A file that it reads is not what it was when the scenario was first read.
    Changed {
        /// The file.
        path: PathBuf,
    },
}

impl fmt::Display for DraftError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(error) => error.fmt(out),
            Self::Unsound { assignments, problems } => {
                write!(out, "with {}: ", assignments.join(", "))?;
                for (number, problem) in problems.iter().enumerate() {
                    let before = if number == 0 { "" } else { "; " };
                    write!(out, "{before}{}", problem.message)?;
                    if let Some(help) = &problem.help {
                        write!(out, " ({help})")?;
                    }
                }
                Ok(())
            }
            Self::Changed { path } => write!(
                out,
                "`{}` has changed since the scenario was first read: run again with a copy that \
                 stays as it is",
                path.display()
            ),
        }
    }
}

impl std::error::Error for DraftError {}

impl Draft {
    /// Reads it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn scenario(&self) -> Result<Scenario, Vec<Problem>> {
        Scenario::read(&self.name, &self.text, &self.folder)
    }

    /// The same with a value replaced: `strategy.paced.workers=4`.
    ///
    /// # Errors
    /// There is no such place.
    pub fn set(&self, assignment: &str) -> Result<Self, SetError> {
        Ok(Self { text: set(&self.text, assignment)?, ..self.clone() })
    }

    /// Reads it with other values.
    ///
    /// # Errors
    /// There is no such place, the values do not fit, or a file that it reads has changed.
    pub fn with(&self, assignments: &[String]) -> Result<Scenario, DraftError> {
        let mut draft = self.clone();
        for assignment in assignments {
            draft = draft.set(assignment).map_err(DraftError::Set)?;
        }
        let scenario = draft.scenario().map_err(|problems| DraftError::Unsound {
            assignments: assignments.to_vec(),
            problems,
        })?;
        match scenario.inputs.iter().find(|input| self.had_other(input)) {
            Some(Input { path, .. }) => Err(DraftError::Changed { path: path.clone() }),
            None => Ok(scenario),
        }
    }

    /// True if this file was read before, and had other bytes.
    fn had_other(&self, now: &Input) -> bool {
        self.inputs.iter().any(|before| before.path == now.path && before.digest != now.digest)
    }
}
