//! Quantities as a file writes them: strings with a unit, read by the units' own rules.
//!
//! ```text
//!   window = "1m"      Quantity<Span>        rate = "0.5/s"    Quantity<Rate>
//!   per_tpd = "$0.05"  Quantity<Money>       share = "95%"     Quantity<Share>
//! ```
//!
//! What cannot be read fails with the message of the unit, at the value's own place. A bare number
//! is read as if it were quoted, so that its message asks for the unit it lacks.

use crate::units::{Money, Period, Rate, Share, Span, Unreadable};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

/// A quantity of the units module, written as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quantity<T>(pub T);

/// A unit that files can write.
pub trait Written: FromStr<Err = Unreadable> + fmt::Display {
    /// What is expected, with an example.
    const EXPECTED: &'static str;
}

impl Written for Span {
    const EXPECTED: &'static str = "a duration such as \"30s\"";
}

impl Written for Period {
    const EXPECTED: &'static str = "a duration such as \"30s\", or \"1 day\"";
}

impl Written for Rate {
    const EXPECTED: &'static str = "a rate such as \"0.5/s\"";
}

impl Written for Share {
    const EXPECTED: &'static str = "a share such as \"95%\"";
}

impl Written for Money {
    const EXPECTED: &'static str = "an amount such as \"432 USD\"";
}

impl<'de, T: Written> Deserialize<'de> for Quantity<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader(PhantomData))
    }
}

impl<T: Written> Serialize for Quantity<T> {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        into.collect_str(&self.0)
    }
}

struct Reader<T>(PhantomData<T>);

impl<T: Written> Visitor<'_> for Reader<T> {
    type Value = Quantity<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map(Quantity).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        self.visit_str(&number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Row {
        window: Quantity<Span>,
    }

    #[test]
    fn a_quantity_reads_as_its_unit_does() {
        let row: Row = reader::from_text("window = \"1h 30m\"").expect("a row");
        assert_eq!(row.window, Quantity(Span::from_secs(5_400)));
        assert_eq!(reader::from_text::<[Quantity<Rate>; 0]>("").ok(), None);
    }

    #[test]
    fn what_is_wrong_stands_at_its_place() {
        for (value, message) in [
            ("64", "duration \"64\" has no unit: write \"64s\" or \"64ms\""),
            ("1.5", "duration \"1.5\" has no unit: write \"1.5s\" or \"1.5ms\""),
            (
                "\"5 parsecs\"",
                "\"parsecs\" is no unit of time: use ns, us, ms, s, m (or min), h, d or w",
            ),
            ("true", "expected a duration such as \"30s\", found true"),
        ] {
            let error = reader::from_text::<Row>(&format!("window = {value}")).expect_err("bad");
            assert_eq!(error.message, message);
            assert_eq!(error.span, Some(9..9 + value.len()), "{value}");
        }
    }
}
