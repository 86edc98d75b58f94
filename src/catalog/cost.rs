//! What a provider publishes of the cost of a call.
//!
//! ```text
//!   cost.points = 10                            each call
//!   cost.points = { base = 10, per_item = 2 }   by the items of a page or a batch
//! ```
//!
//! What depends on the query (points asked for and used, tokens of an answer) is for a scenario to
//! say: no provider can publish it.

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;

/// The cost of a call in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishedCost {
    /// So much, whatever it is for.
    Call(u32),
    /// So much, and more for each of the items that it is for.
    ByItems {
        /// Units of the call.
        base: u32,
        /// Units of each item, at least 1.
        per_item: u32,
    },
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    base: u32,
    per_item: u32,
}

impl<'de> Deserialize<'de> for PublishedCost {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Cost;
        impl<'de> Visitor<'de> for Cost {
            type Value = PublishedCost;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a number of units, or `{ base = 10, per_item = 2 }`")
            }
            fn visit_i64<E: de::Error>(self, units: i64) -> Result<PublishedCost, E> {
                u32::try_from(units).map(PublishedCost::Call).map_err(|_| {
                    E::custom(format!("{units} is no number of units: write 0 to 4294967295"))
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PublishedCost, A::Error> {
                let table = Table::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let Table { base, per_item } = table;
                if per_item == 0 {
                    let text =
                        "`per_item` of 0 costs nothing for items: write the cost as a number";
                    return Err(de::Error::custom(text));
                }
                Ok(PublishedCost::ByItems { base, per_item })
            }
        }
        from.deserialize_any(Cost)
    }
}

impl Serialize for PublishedCost {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Call(units) => out.serialize_u32(*units),
            Self::ByItems { base, per_item } => {
                let mut table = out.serialize_map(Some(2))?;
                table.serialize_entry("base", base)?;
                table.serialize_entry("per_item", per_item)?;
                table.end()
            }
        }
    }
}
