//! What a scenario serves: its providers, and the operations of each.

use super::{Scenario, resolve};
use crate::catalog::{Problem, Resolved};
use crate::wire::Operation;
use std::path::Path;

/// The name of all operations that an open catalogue does not list.
pub const OTHER: &str = "other calls";

/// A provider that answers calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Served {
    /// The scenario's name for it.
    pub name: String,
    /// Its operations, as the plan numbers them.
    pub calls: Vec<Operation>,
    /// All that its catalogue says, in the region and environment of the scenario.
    pub provider: Resolved,
}

impl Scenario {
    /// Reads a scenario for whoever answers calls: every operation of its providers may be called,
    /// whatever its workloads call.
    ///
    /// # Errors
    /// Everything that is wrong with it, with place and remedy.
    pub fn read_served(
        name: &str,
        text: &str,
        folder: &Path,
    ) -> Result<(Self, Vec<Served>), Vec<Problem>> {
        let (scenario, served) = resolve::read_served(name, text, folder)?;
        Ok((scenario.made_visible(), served))
    }
}
