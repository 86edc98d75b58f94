//! The JSON Schema of the language, by which editors complete and check scenario files.
//!
//! The program carries it as a text: to derive it from the types takes a twelfth of the time in
//! which the program compiles. A test holds the text against the types.

#[cfg(test)]
mod derived;

use serde_json::Value;

/// The schema as `throttlesim schema` prints it.
const TEXT: &str = include_str!("schema/schema.json");

/// The JSON Schema (2020-12) of a scenario file.
#[must_use]
pub fn schema() -> Value {
    serde_json::from_str(TEXT).expect("a test holds it against the types")
}
