//! Values as a scenario writes them: shares, counts and choices, with their place kept.

mod choice;
mod cost;
mod plan;

pub(super) use choice::{Choice, one_choice};
#[cfg(test)]
pub(super) use cost::CostTable;
pub(super) use cost::CostText;
pub(super) use plan::PlanText;

use crate::catalog::Spanned;
use crate::units::Share;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::ops::Range;

/// A share, written as a fraction (`0.001`) or a percentage (`"0.1%"`), from nothing to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fraction(pub Share);

impl<'de> Deserialize<'de> for Fraction {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Part;
        impl Visitor<'_> for Part {
            type Value = Fraction;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a share from 0 to 1, or from \"0%\" to \"100%\"")
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Fraction, E> {
                if (0.0..=1.0).contains(&value) {
                    return Ok(Fraction(Share::from_fraction(value)));
                }
                Err(E::custom(format!("{value} is no share: write 0.001 or \"0.1%\", from 0 to 1")))
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Fraction, E> {
                self.visit_f64(if (0..=1).contains(&value) { value as f64 } else { f64::NAN })
                    .map_err(|_: E| E::custom(format!("{value} is no share: write \"{value}%\"")))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Fraction, E> {
                let share: Share = text.parse().map_err(E::custom)?;
                if share > Share::WHOLE {
                    return Err(E::custom(format!("{share} is more than all: 100% at most")));
                }
                Ok(Fraction(share))
            }
        }
        from.deserialize_any(Part)
    }
}

/// Calls at once, or a share of what is published: `5`, `"50%"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BurstText {
    /// So many.
    Number(u32),
    /// So much of the published burst.
    Share(Share),
}

impl<'de> Deserialize<'de> for BurstText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Burst;
        impl Visitor<'_> for Burst {
            type Value = BurstText;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a whole number from 1, or a share of the published burst, \"50%\"")
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<BurstText, E> {
                u32::try_from(n)
                    .map(BurstText::Number)
                    .map_err(|_| E::custom(format!("a burst of {n}: write 1 or more, or \"50%\"")))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<BurstText, E> {
                text.parse().map(BurstText::Share).map_err(E::custom)
            }
        }
        from.deserialize_any(Burst)
    }
}

/// So many replications, or as many as a figure needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReplicationsText {
    /// So many.
    Number(i64),
    /// Until a figure is known so well.
    Until(UntilText),
}

/// `{ until = "throttle_rate ± 0.5%", at_most = 400 }`
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct UntilText {
    /// A metric, ± and half of its confidence interval: `throttle_rate ± 0.5%`.
    pub until: String,
    /// The greatest number of runs. Default: `400`.
    pub at_most: Option<i64>,
}

impl<'de> Deserialize<'de> for ReplicationsText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = ReplicationsText;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a whole number, or { until = \"throttle_rate ± 0.5%\" }")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<ReplicationsText, E> {
                Ok(ReplicationsText::Number(number))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ReplicationsText, A::Error> {
                let map = de::value::MapAccessDeserializer::new(map);
                UntilText::deserialize(map).map(ReplicationsText::Until)
            }
        }
        from.deserialize_any(Either)
    }
}

/// All presets (`"all"`), or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PresetsText(pub Option<Vec<String>>);

impl<'de> Deserialize<'de> for PresetsText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = PresetsText;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("\"all\", or a list of names")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<PresetsText, E> {
                match text {
                    "all" => Ok(PresetsText(None)),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<PresetsText, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(PresetsText(Some(names)))
            }
        }
        from.deserialize_any(All)
    }
}

/// A share that may be above the whole: `"125%"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShareText(pub Share);

impl<'de> Deserialize<'de> for ShareText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map(ShareText).map_err(de::Error::custom)
    }
}

/// A whole number, or a table of one choice.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum CountText {
    /// Always so many.
    Fixed(u32),
    /// Anything from the first to the second, both included, alike.
    Uniform([u32; 2]),
    /// Poisson distributed with this mean.
    Poisson(f64),
}

/// A number that is drawn.
#[derive(serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, schemars(rename = "RandomNumber"))]
pub(super) enum Drawn {
    /// Poisson distributed, with this mean.
    Poisson(f64),
    /// Any whole number from the first to the second, all equally likely.
    Uniform([u32; 2]),
}

impl<'de> Deserialize<'de> for CountText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Count;
        impl<'de> Visitor<'de> for Count {
            type Value = CountText;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a whole number, `{ poisson = 30 }`, or `{ uniform = [1, 5] }`")
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<CountText, E> {
                let count = u32::try_from(n).ok().filter(|n| (1..=10_000_000).contains(n));
                count.map(CountText::Fixed).ok_or_else(|| {
                    E::custom(format!("{n} is no count: a step makes 1 to 10000000 requests"))
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<CountText, A::Error> {
                let drawn = one_choice::<Drawn, A>(map)?;
                Ok(match drawn {
                    Drawn::Poisson(mean) => CountText::Poisson(mean),
                    Drawn::Uniform(range) => CountText::Uniform(range),
                })
            }
        }
        from.deserialize_any(Count)
    }
}

/// A whole number, or the word `unlimited`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limitable {
    /// So many.
    Number(u32),
    /// Without end.
    Unlimited,
}

impl<'de> Deserialize<'de> for Limitable {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Bound;
        impl Visitor<'_> for Bound {
            type Value = Limitable;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a whole number from 1, or \"unlimited\"")
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<Limitable, E> {
                let number = u32::try_from(n).ok().filter(|n| *n >= 1);
                number.map(Limitable::Number).ok_or_else(|| {
                    E::custom(format!("{n} is too few: write 1 or more, or \"unlimited\""))
                })
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Limitable, E> {
                match text {
                    "unlimited" => Ok(Limitable::Unlimited),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }
        from.deserialize_any(Bound)
    }
}

/// Who shares something.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum RawAcross {
    /// All accounts.
    Accounts,
}

/// So many workers, alone or with who shares them: `16`, `{ count = 16, across = "accounts" }`.
#[derive(Debug, Clone, Copy)]
pub(super) struct WorkersText {
    pub count: Limitable,
    pub reserve: u32,
    pub shared: bool,
    pub across: Option<RawAcross>,
}

/// Workers, and who shares them.
#[derive(serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct CrewTable {
    /// The number of workers.
    count: Limitable,
    /// How many of them only serve the highest priority.
    #[serde(default)]
    reserve: u32,
    /// `true`: the processes of an account share them.
    #[serde(default)]
    shared: bool,
    /// Who else shares them. Default: nobody.
    across: Option<RawAcross>,
}

impl<'de> Deserialize<'de> for WorkersText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Crew;
        impl<'de> Visitor<'de> for Crew {
            type Value = WorkersText;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(
                    "a whole number from 1, \"unlimited\", or \
                     `{ count = 16, across = \"accounts\" }`",
                )
            }
            fn visit_i64<E: de::Error>(self, n: i64) -> Result<WorkersText, E> {
                let count = Limitable::deserialize(de::value::I64Deserializer::new(n))?;
                Ok(WorkersText { count, reserve: 0, shared: false, across: None })
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<WorkersText, E> {
                let count = Limitable::deserialize(de::value::StrDeserializer::new(text))?;
                Ok(WorkersText { count, reserve: 0, shared: false, across: None })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WorkersText, A::Error> {
                let crew = CrewTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let CrewTable { count, reserve, shared, across } = crew;
                Ok(WorkersText { count, reserve, shared, across })
            }
        }
        from.deserialize_any(Crew)
    }
}

/// The value and the place of something that may be absent.
pub(super) fn value<T: Copy>(spanned: Option<&Spanned<T>>) -> Option<T> {
    spanned.map(|spanned| *spanned.get_ref())
}

/// The place of something that may be absent, or another place.
pub(super) fn place<T>(spanned: Option<&Spanned<T>>, otherwise: Range<usize>) -> Range<usize> {
    spanned.map_or(otherwise, Spanned::span)
}
