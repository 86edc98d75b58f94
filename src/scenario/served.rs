//! What a scenario serves: its providers, and the operations of each.

use crate::catalog::Resolved;
use crate::wire::Operation;

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
