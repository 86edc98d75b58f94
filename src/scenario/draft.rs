//! A scenario's text, with where it comes from, so that it can be read again with other values.

use super::{Scenario, set};
use crate::catalog::Problem;
use crate::files::Input;
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
    /// A sentence, if there is no such place.
    pub fn set(&self, assignment: &str) -> Result<Self, String> {
        Ok(Self { text: set(&self.text, assignment)?, ..self.clone() })
    }

    /// Reads it with other values.
    ///
    /// # Errors
    /// Sentences, if there is no such place, or the values do not fit.
    pub fn with(&self, assignments: &[String]) -> Result<Scenario, String> {
        let mut draft = self.clone();
        for assignment in assignments {
            draft = draft.set(assignment).map_err(|m| m.replace("`--set ", "`"))?;
        }
        let scenario = draft.scenario().map_err(|problems| {
            let told = |problem: &Problem| match &problem.help {
                Some(help) => format!("{} ({help})", problem.message),
                None => problem.message.clone(),
            };
            let told: Vec<String> = problems.iter().map(told).collect();
            format!("with {}: {}", assignments.join(", "), told.join("; "))
        })?;
        match scenario.inputs.iter().find(|input| self.had_other(input)) {
            Some(Input { path, .. }) => Err(format!(
                "`{}` has changed since the scenario was first read: run again with a copy that \
                 stays as it is",
                path.display()
            )),
            None => Ok(scenario),
        }
    }

    /// True if this file was read before, and had other bytes.
    fn had_other(&self, now: &Input) -> bool {
        self.inputs.iter().any(|before| before.path == now.path && before.digest != now.digest)
    }
}
