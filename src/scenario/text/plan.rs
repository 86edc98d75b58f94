//! The plan of a provider's customers, as a scenario writes it.
//!
//! ```text
//!   plan = "plus"                             every account has this one
//!   plan = { standard = 0.8, plus = 0.2 }     shares of the accounts, of 1 in all
//! ```

use super::Fraction;
use crate::catalog::Spanned;
use indexmap::IndexMap;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;

/// One plan, or the share of the accounts that have each.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) enum PlanText {
    /// All accounts have it.
    One(String),
    /// Shares of the accounts.
    Shares(IndexMap<Spanned<String>, Fraction>),
}

impl<'de> Deserialize<'de> for PlanText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Plan;
        impl<'de> Visitor<'de> for Plan {
            type Value = PlanText;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("the name of a plan, or shares, { standard = 0.8, plus = 0.2 }")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<PlanText, E> {
                Ok(PlanText::One(name.into()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PlanText, A::Error> {
                let shares = de::value::MapAccessDeserializer::new(map);
                IndexMap::deserialize(shares).map(PlanText::Shares)
            }
        }
        from.deserialize_any(Plan)
    }
}
