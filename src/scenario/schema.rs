//! The JSON Schema of the language, by which editors complete and check scenario files.
//!
//! The program carries it as a text, so that it compiles sooner: what derives it from the types is
//! compiled for a test, which holds the text against them.

#[cfg(test)]
mod derived;

use serde_json::Value;

/// The schema as `throttlesim schema` prints it.
pub const SCHEMA: &str = include_str!("schema/schema.json");

/// The JSON Schema (2020-12) of a scenario file.
#[must_use]
pub fn schema() -> Value {
    serde_json::from_str(SCHEMA).expect("a test holds it against the types")
}
