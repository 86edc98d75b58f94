//! What a type does not take, as a problem.

use crate::catalog::problem::{Problem, ProblemKind, one_of};
use serde::de::{Error, Expected, Unexpected};
use std::fmt;
use std::ops::Range;

/// A mistake in a file, as the types that read it tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(Box<Problem>);

impl ReadError {
    fn new(kind: ProblemKind, message: String) -> Self {
        Self(Box::new(Problem::whole(kind, message)))
    }

    fn help(self, help: String) -> Self {
        Self(Box::new(self.0.help(help)))
    }

    /// Another choice beside the one that may be made.
    pub(super) fn choices(first: &str, second: &str) -> Self {
        let message = format!("expected one choice, found `{first}` and `{second}`");
        Self::new(ProblemKind::Contradiction, message).help("keep one of them".into())
    }

    /// A table without the choice that it should make.
    pub(super) fn no_choice(known: &[&str]) -> Self {
        let kind = ProblemKind::Missing { what: "a choice".into() };
        Self::new(kind, "expected one choice, found none".into()).help(one_of("", known))
    }

    /// Something that is no choice.
    pub(super) fn not_a_choice(found: &str, known: &[&str]) -> Self {
        let message = format!("expected a choice and its settings, found {found}");
        Self::new(ProblemKind::Value, message).help(one_of("", known))
    }

    /// A choice that stands by its name alone, and cannot.
    pub(super) fn bare(name: &str) -> Self {
        Self::custom(format!("`{name}` needs its settings: write {{ {name} = … }}"))
    }

    /// A choice with settings that has none.
    pub(super) fn without_settings(name: &str) -> Self {
        Self::custom(format!("`{name}` has no settings: write \"{name}\""))
    }

    /// A number that none of the program's types holds.
    pub(super) fn too_large(written: &str) -> Self {
        Self::new(ProblemKind::OutOfRange, format!("the number {written} is too large"))
    }

    /// Something else than what was expected.
    pub(super) fn expected(expected: &dyn Expected, found: &str) -> Self {
        let message = format!("expected {}, found {found}", plain(&expected.to_string()));
        Self::new(ProblemKind::Value, message)
    }

    /// The same at a place, unless it has one already.
    pub(super) fn within(mut self, place: &Range<usize>) -> Self {
        self.0.span.get_or_insert_with(|| place.clone());
        self
    }

    /// What it says, for a person.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        *self.0
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.message)
    }
}

impl std::error::Error for ReadError {}

impl Error for ReadError {
    fn custom<M: fmt::Display>(message: M) -> Self {
        Self::new(ProblemKind::Value, message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected, &in_words(found))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected, &in_words(found))
    }

    fn unknown_variant(name: &str, known: &'static [&'static str]) -> Self {
        Self::new(ProblemKind::unknown(name), format!("unknown value `{name}`"))
            .help(one_of(name, known))
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Self::new(ProblemKind::UnknownKey { key: key.into() }, format!("unknown key `{key}`"))
            .help(one_of(key, known))
    }

    fn missing_field(key: &'static str) -> Self {
        let kind = ProblemKind::Missing { what: key.into() };
        Self::new(kind, format!("the key `{key}` is missing")).help("add it".into())
    }
}

/// What was found, as a person would say it.
fn in_words(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Str(text) => format!("the text \"{text}\""),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "a table".into(),
        other => other.to_string(),
    }
}

/// What was expected, as a person would say it.
fn plain(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0",
        "i64" => "a whole number",
        "f64" => "a number",
        "a string" => "a text in quotes",
        "a sequence" => "a list, for example [\"account\"]",
        "a boolean" => "true or false",
        "a map" => "a table",
        "a TOML datetime" => "a date or time without quotes, for example 2026-11-27T22:00:00Z",
        other if other.starts_with("struct ") => "a table",
        other => other,
    }
}
