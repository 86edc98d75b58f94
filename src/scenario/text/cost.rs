//! What a call costs in units, as a scenario writes it.
//!
//! ```text
//!   cost.units = 100                                   known before the call is sent
//!   cost.points = { base = 10, per_item = 2 }          … by the items of a page or a batch
//!   cost.points = { requested = 500, used.uniform = [20, 90] }    the rest comes back
//!   cost.tokens = { after.uniform = [200, 3000] }      only the answer tells
//! ```

use super::CountText;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;

/// What a call costs in a unit, and when that is known.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) enum CostText {
    /// Before it is sent.
    Before(CountText),
    /// Before it is sent, by the items that it is for.
    ByItems { base: u32, per_item: u32 },
    /// So many are requested, and what is not used comes back.
    Requested { requested: CountText, used: CountText },
    /// With the answer.
    After(CountText),
}

/// The forms of a cost that is not known before.
#[derive(Default, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(test, schemars(rename = "CostTable"))]
pub(in crate::scenario) struct CostTable {
    /// Units of a call, added to those of its items. Default: `0`.
    pub base: Option<u32>,
    /// Units of each item that a call is for. Default: none.
    pub per_item: Option<u32>,
    /// Units that are asked for before; those not used come back with the answer. Default: none.
    pub requested: Option<CountText>,
    /// Units that are used of those `requested`. Default: none.
    pub used: Option<CountText>,
    /// Units that only the answer tells; a limit may fall below zero by them. Default: none.
    pub after: Option<CountText>,
    #[cfg_attr(test, schemars(skip))]
    poisson: Option<f64>,
    #[cfg_attr(test, schemars(skip))]
    uniform: Option<[u32; 2]>,
}

impl<'de> Deserialize<'de> for CostText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Cost;
        impl<'de> Visitor<'de> for Cost {
            type Value = CostText;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(
                    "a number of units, `{ requested = 500, used = 80 }`, or `{ after = 800 }`",
                )
            }
            fn visit_i64<E: de::Error>(self, units: i64) -> Result<CostText, E> {
                let units = u32::try_from(units).map_err(|_| {
                    E::custom(format!("{units} is no number of units: write 0 to 4294967295"))
                })?;
                Ok(CostText::Before(CountText::Fixed(units)))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CostText, A::Error> {
                let table = CostTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let CostTable { base, per_item, requested, used, after, poisson, uniform } = table;
                if let Some(per_item) = per_item {
                    let others = requested.is_some() || used.is_some() || after.is_some();
                    if !others && poisson.is_none() && uniform.is_none() {
                        return Ok(CostText::ByItems { base: base.unwrap_or(0), per_item });
                    }
                }
                Ok(match (requested, used, after, poisson, uniform) {
                    _ if base.is_some() || per_item.is_some() => return Err(not_a_cost()),
                    (Some(requested), Some(used), None, None, None) => {
                        CostText::Requested { requested, used }
                    }
                    (None, None, Some(after), None, None) => CostText::After(after),
                    (None, None, None, Some(mean), None) => {
                        CostText::Before(CountText::Poisson(mean))
                    }
                    (None, None, None, None, Some(range)) => {
                        CostText::Before(CountText::Uniform(range))
                    }
                    _ => return Err(not_a_cost()),
                })
            }
        }
        from.deserialize_any(Cost)
    }
}

fn not_a_cost<E: de::Error>() -> E {
    E::custom(
        "a cost is a number, { base = …, per_item = … }, { requested = …, used = … } or \
         { after = … }",
    )
}
