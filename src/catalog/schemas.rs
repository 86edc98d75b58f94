//! What schemas know of the texts of quantities: a pattern, examples, and what they mean.
//!
//! Schemas are derived in tests only, which hold the one that the program carries against them.
//!
//! A pattern is never stricter than the reader of the unit, whose message is the better one; what
//! only arithmetic can tell (finer than a nanosecond, more than a hundred years) passes it.

use super::{OneOrMany, Quantity, Spanned, Written};
use crate::units::{Money, Period, Rate, Share, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A kind of text.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// What it is called.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub description: &'static str,
    /// A regular expression that every such text matches, from its beginning to its end.
    pub pattern: &'static str,
    /// Such texts.
    pub examples: &'static [&'static str],
}

/// A number: digits, and some more after a point.
macro_rules! number {
    () => {
        r"([0-9]+(\.[0-9]*)?|\.[0-9]+)"
    };
}

/// The same, but not 0.
macro_rules! above_zero {
    () => {
        r"(0*[1-9][0-9]*(\.[0-9]*)?|0*\.0*[1-9][0-9]*)"
    };
}

macro_rules! unit {
    () => {
        r"(ns|us|µs|μs|ms|s|min|m|h|d|w)"
    };
}

/// After a count: `/s`, `/60s`, `/1h 30m`.
macro_rules! per {
    () => {
        concat!(
            r"\s*/\s*(",
            number!(),
            r"\s*)?",
            unit!(),
            r"\s*(",
            number!(),
            r"\s*",
            unit!(),
            r"\s*)*"
        )
    };
}

impl Text {
    /// A length of time.
    pub const SPAN: Self = Self {
        name: "Duration",
        description: "Numbers with the units ns, us, ms, s, m (or min), h, d or w.",
        pattern: concat!(r"^\s*(", number!(), r"\s*", unit!(), r"\s*)+$"),
        examples: &["250ms", "15m", "1h 30m"],
    };

    /// A length of time, or a period of the calendar.
    pub const PERIOD: Self = Self {
        name: "Period",
        description: "A duration, or `1 day`, `1 week` or `1 month` of the calendar.",
        pattern: concat!(r"^\s*(1\s+(day|week|month)\s*|(", number!(), r"\s*", unit!(), r"\s*)+)$"),
        examples: &["1m", "24h", "1 day"],
    };

    /// A count in a time.
    pub const RATE: Self = Self {
        name: "Rate",
        description: "A number per time, above 0.",
        pattern: concat!(r"^\s*", above_zero!(), per!(), r"$"),
        examples: &["0.5/s", "120/min", "1/60s"],
    };

    /// A count in a time, which may be nothing.
    pub const RATE_OR_NONE: Self = Self {
        name: "RateOrZero",
        description: "A number per time; `0/s` is nothing.",
        pattern: concat!(r"^\s*", number!(), per!(), r"$"),
        examples: &["0.5/s", "0/s"],
    };

    /// A part of a whole, or more than it.
    pub const SHARE: Self = Self {
        name: "Share",
        description: "A percentage.",
        pattern: concat!(r"^\s*", number!(), r"\s*%\s*$"),
        examples: &["95%", "0.1%"],
    };

    /// A part of a whole.
    pub const PART: Self = Self {
        name: "Part",
        description: "A share from 0% to 100%.",
        pattern: r"^\s*0*(100(\.0*)?|[0-9]{1,2}(\.[0-9]*)?|\.[0-9]+)\s*%\s*$",
        examples: &["95%", "0.1%"],
    };

    /// Revenue.
    pub const MONEY: Self = Self {
        name: "Amount",
        description: "An amount of money in whole cents.",
        pattern: concat!(r"^\s*(\$\s*", number!(), r"|", number!(), r"\s*USD)\s*$"),
        examples: &["432 USD", "$0.05"],
    };

    /// The schema of such texts.
    #[must_use]
    pub fn schema(&self) -> Schema {
        json_schema!({
            "type": "string",
            "description": self.description,
            "pattern": self.pattern,
            "examples": self.examples,
        })
    }
}

/// A unit whose text schemas know.
pub trait Patterned: Written {
    /// What they know of it.
    const TEXT: Text;
}

impl Patterned for Span {
    const TEXT: Text = Text::SPAN;
}

impl Patterned for Period {
    const TEXT: Text = Text::PERIOD;
}

impl Patterned for Rate {
    const TEXT: Text = Text::RATE;
}

impl Patterned for Share {
    const TEXT: Text = Text::SHARE;
}

impl Patterned for Money {
    const TEXT: Text = Text::MONEY;
}

impl<T: Patterned> JsonSchema for Quantity<T> {
    fn schema_name() -> Cow<'static, str> {
        T::TEXT.name.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        T::TEXT.schema()
    }
}

/// No part of the schema: a value looks the same wherever it stands.
impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// No part of the schema by a name of its own, but of what holds it.
impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

mod tests {
    use super::*;
    use std::str::FromStr;

    /// Every text that the unit reads matches, and none that it does not, of those that a person
    /// might write.
    fn agrees<T: FromStr>(text: Text, good: &[&str], bad: &[&str]) {
        let schema = text.schema().to_value();
        let matches = |text: &&str| jsonschema::is_valid(&schema, &(**text).into());
        for text in good.iter().chain(text.examples) {
            assert!(text.parse::<T>().is_ok() && matches(text), "{text}");
        }
        for text in bad {
            assert!(text.parse::<T>().is_err() && !matches(text), "{text}");
        }
    }

    #[test]
    fn patterns_agree_with_the_readers() {
        agrees::<Span>(
            Text::SPAN,
            &["1.5s", "1h30min", " 1 h 30 m ", "0s", ".5s", "1.s", "2µs", "2μs", "1w 2d", "5ns"],
            &["", "64", "1.5", "5 parsecs", "-1s", "1h30", "s", "1e3s", "1..5s", "."],
        );
        agrees::<Rate>(
            Text::RATE,
            &["0.0167/s", "10 / s", "1/2h", "1/h", "17/15s", "1/1h 30m", ".5/s", "2./min"],
            &["0.5", "0/s", "0.0/s", "-1/s", "", "/", "1/", "/s", "NaN/s", "1e3/s", "1/-1s"],
        );
        agrees::<Share>(
            Text::SHARE,
            &["99.95%", "0%", "110%", " 5 % ", ".5%"],
            &["95", "", "%", "-5%", "NaN%"],
        );
        agrees::<Money>(
            Text::MONEY,
            &["0.05 USD", "4320USD", "$ 5", "0 USD"],
            &["432", "", "USD", "-1 USD", "1e9 USD", "$5 USD"],
        );
    }
}
