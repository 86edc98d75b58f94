//! `[service]` and distributions of spans, as they stand in the file.

use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::scenario::text::{Fraction, one_choice};
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::ops::Range;

/// `[service]`
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct ServiceWritten {
    /// How long the provider works on a call, by default no time.
    pub latency: Option<Spanned<DistributionWritten>>,
    /// There and back, by default no time.
    pub round_trip: Option<Spanned<RoundTripWritten>>,
    /// The share of calls that fail with a 500, by default none.
    pub failure_rate: Option<Spanned<Fraction>>,
    /// The share of calls answered with a 400, by default none.
    pub bad_request_rate: Option<Spanned<Fraction>>,
    /// The chance that a response carries the rate header, by default `100%`.
    pub header_probability: Option<Spanned<Fraction>>,
    /// How old the rate header's figures are, by default `0s`.
    pub header_staleness: Option<Spanned<Quantity<Span>>>,
    /// The chance of a 429 that no limit explains, by default none.
    pub transient_throttle_probability: Option<Spanned<Fraction>>,
    /// Times at which the provider is not there.
    pub outages: Option<Spanned<Vec<OutageWritten>>>,
    /// Times at which the provider is slow and fails.
    pub brown_outs: Option<Spanned<Vec<BrownOutWritten>>>,
}

impl ServiceWritten {
    /// The place of the first key that is given.
    pub fn first_key(&self) -> Option<Range<usize>> {
        let places = [
            self.latency.as_ref().map(Spanned::span),
            self.round_trip.as_ref().map(Spanned::span),
            self.failure_rate.as_ref().map(Spanned::span),
            self.bad_request_rate.as_ref().map(Spanned::span),
            self.header_probability.as_ref().map(Spanned::span),
            self.header_staleness.as_ref().map(Spanned::span),
            self.transient_throttle_probability.as_ref().map(Spanned::span),
            self.outages.as_ref().map(Spanned::span),
            self.brown_outs.as_ref().map(Spanned::span),
        ];
        places.into_iter().flatten().min_by_key(|place| place.start)
    }
}

/// A time at which a provider is not there.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct OutageWritten {
    /// When it begins.
    pub at: Quantity<Span>,
    /// How long it lasts.
    #[serde(rename = "for")]
    pub lasts: Quantity<Span>,
}

/// A time at which a provider is slow and fails.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct BrownOutWritten {
    /// When it begins.
    pub at: Quantity<Span>,
    /// How long it lasts.
    #[serde(rename = "for")]
    pub lasts: Quantity<Span>,
    /// How many times the latency, 1 to 1000; by default 1.
    #[serde(default)]
    pub slower: Option<f64>,
    /// The share of calls that fail, by default none.
    #[serde(default)]
    pub failure_rate: Option<Fraction>,
}

/// There and back: always the same, `"40ms"`, or a distribution.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct RoundTripWritten(pub DistributionWritten);

impl<'de> Deserialize<'de> for RoundTripWritten {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = RoundTripWritten;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a span, \"40ms\", or a distribution of spans")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<RoundTripWritten, E> {
                let span = text.parse().map_err(E::custom)?;
                Ok(RoundTripWritten(DistributionWritten::Constant(Quantity(span))))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RoundTripWritten, A::Error> {
                one_choice(map).map(RoundTripWritten)
            }
        }
        from.deserialize_any(Either)
    }
}

/// A distribution of spans.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum DistributionWritten {
    /// Always the same.
    Constant(Quantity<Span>),
    /// Anything between two spans, alike.
    #[serde(rename_all = "snake_case")]
    Uniform(UniformWritten),
    /// Exponential, with this mean.
    Exponential(Quantity<Span>),
    /// Lognormal.
    Lognormal(LognormalWritten),
    /// Gamma.
    Gamma(GammaWritten),
    /// A file of measured spans, one a line.
    Empirical(String),
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct GammaWritten {
    /// The mean.
    pub mean: Quantity<Span>,
    /// The shape; 1 is exponential.
    pub shape: f64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct UniformWritten {
    /// The shortest.
    pub low: Quantity<Span>,
    /// The longest.
    pub high: Quantity<Span>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct LognormalWritten {
    /// Half are shorter.
    pub median: Quantity<Span>,
    /// 99 of 100 are shorter.
    pub p99: Quantity<Span>,
}
