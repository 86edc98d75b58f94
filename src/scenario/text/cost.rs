//! What a call costs in units, as a scenario writes it.
//!
//! ```text
//!   cost.units = 100                                   known before the call is sent
//!   cost.points = { requested = 500, used.uniform = [20, 90] }    the rest comes back
//!   cost.tokens = { after.uniform = [200, 3000] }      only the answer tells
//! ```

use super::CountText;
use schemars::JsonSchema;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;

/// What a call costs in a unit, and when that is known.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::scenario) enum CostText {
    /// Before it is sent.
    Before(CountText),
    /// So many are requested, and what is not used comes back.
    Requested { requested: CountText, used: CountText },
    /// With the answer.
    After(CountText),
}

/// The forms of a cost that is not known before.
#[derive(Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "CostTable")]
pub(in crate::scenario) struct CostTable {
    /// Units that are asked for before; those not used come back with the answer. Default: none.
    pub requested: Option<CountText>,
    /// Units that are used of those `requested`. Default: none.
    pub used: Option<CountText>,
    /// Units that only the answer tells; a limit may fall below zero by them. Default: none.
    pub after: Option<CountText>,
    #[schemars(skip)]
    poisson: Option<f64>,
    #[schemars(skip)]
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
                let CostTable { requested, used, after, poisson, uniform } = table;
                Ok(match (requested, used, after, poisson, uniform) {
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
                    _ => {
                        let form =
                            "a cost is a number, { requested = …, used = … } or { after = … }";
                        return Err(de::Error::custom(form));
                    }
                })
            }
        }
        from.deserialize_any(Cost)
    }
}
