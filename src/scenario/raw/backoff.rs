//! Settings of back-offs that are choices or tables themselves.

use super::block::{Meant, Shown};
use crate::catalog::Quantity;
use crate::scenario::text::ShareText;
use crate::strategy::{Extra, Jitter};
use crate::units::Span;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawJitter {
    /// No random part.
    None,
    /// A random time from 0 to the wait.
    Full,
    /// Half of the wait, plus a random time up to the other half.
    Equal,
    /// A random time from the base to three times the last wait.
    Decorrelated,
    /// A random time between two shares of the wait.
    Spread([ShareText; 2]),
    /// The wait, plus a random time up to this.
    Plus(Quantity<Span>),
    /// A random whole number of seconds from 0 to the wait.
    WholeSeconds,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(test, schemars(rename = "AddedWait"))]
pub(in crate::scenario) struct RawExtra {
    /// A time that is added to the wait. Default: `"0s"`.
    pub plus: Option<Quantity<Span>>,
    /// The wait where no rate is known. Default: one over the published rate, or no wait.
    pub unknown: Option<Quantity<Span>>,
}

impl Meant<Jitter> for RawJitter {
    fn meant(&self) -> Jitter {
        match *self {
            Self::None => Jitter::None,
            Self::Full => Jitter::Full,
            Self::Equal => Jitter::Equal,
            Self::Decorrelated => Jitter::Decorrelated,
            Self::Spread([low, high]) => Jitter::Spread(low.0, high.0),
            Self::Plus(most) => Jitter::Plus(most.0),
            Self::WholeSeconds => Jitter::WholeSeconds,
        }
    }
}

impl Shown for Jitter {
    fn shown(&self) -> String {
        match self {
            Self::None => "none".into(),
            Self::Full => "full".into(),
            Self::Equal => "equal".into(),
            Self::Decorrelated => "decorrelated".into(),
            Self::Spread(low, high) => format!("spread {low} to {high}"),
            Self::Plus(most) => format!("plus {most}"),
            Self::WholeSeconds => "whole_seconds".into(),
        }
    }
}

impl Meant<Extra> for RawExtra {
    fn meant(&self) -> Extra {
        let plus = self.plus.map_or(Span::ZERO, |plus| plus.0);
        Extra { plus, unknown: self.unknown.map(|unknown| unknown.0) }
    }
}

impl Shown for Extra {
    fn shown(&self) -> String {
        format!("plus {}, unknown {}", self.plus, self.unknown.shown())
    }
}
