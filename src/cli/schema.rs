//! `schema`: the JSON Schema of the scenario language, by which editors complete and check.

use super::{Fault, print};
use crate::scenario;

pub(super) fn schema() -> Result<u8, Fault> {
    print(&format!("{:#}\n", scenario::schema()));
    Ok(0)
}
