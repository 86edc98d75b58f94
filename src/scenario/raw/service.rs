//! `[service]` and distributions of spans, as they stand in the file.

use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::scenario::text::{Fraction, one_choice};
use crate::units::Span;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::ops::Range;

/// `[service]`
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct RawService {
    /// How long the provider works on an admitted call. Default: no time.
    pub latency: Option<Spanned<RawDistribution>>,
    /// The time to the provider and back, which every attempt takes. Default: no time.
    pub round_trip: Option<Spanned<RawRoundTrip>>,
    /// The share of admitted calls that fail with status 500. Default: `"0%"`.
    pub failure_rate: Option<Spanned<Fraction>>,
    /// The share of admitted calls that are answered with status 400. Default: `"0%"`.
    pub bad_request_rate: Option<Spanned<Fraction>>,
    /// The probability that a response has the rate header and tells what remains, where a limit
    /// does so. Default: `"100%"`.
    pub header_probability: Option<Spanned<Fraction>>,
    /// The age of the figure in the rate header. Default: `"0s"`.
    pub header_staleness: Option<Spanned<Quantity<Span>>>,
    /// The probability of a 429 that no limit explains. Default: `"0%"`.
    pub transient_throttle_probability: Option<Spanned<Fraction>>,
    /// Times at which every call is answered with status 503. Default: none.
    pub outages: Option<Spanned<Vec<RawOutage>>>,
    /// Times at which calls are slow or fail. Default: none.
    pub brown_outs: Option<Spanned<Vec<RawBrownOut>>>,
}

impl RawService {
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

/// A time at which every call is answered with status 503.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawOutage {
    /// The start, in virtual time.
    pub at: Quantity<Span>,
    /// How long it lasts.
    #[serde(rename = "for")]
    pub lasts: Quantity<Span>,
}

/// A time at which calls are slow or fail.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawBrownOut {
    /// The start, in virtual time.
    pub at: Quantity<Span>,
    /// How long it lasts.
    #[serde(rename = "for")]
    pub lasts: Quantity<Span>,
    /// The factor of the latency, from 1 to 1000. Default: `1`.
    #[serde(default)]
    pub slower: Option<f64>,
    /// The share of calls that fail. Default: `"0%"`.
    #[serde(default)]
    pub failure_rate: Option<Fraction>,
}

/// There and back: always the same, `"40ms"`, or a distribution.
#[derive(Debug, Clone)]
pub(in crate::scenario) struct RawRoundTrip(pub RawDistribution);

impl<'de> Deserialize<'de> for RawRoundTrip {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = RawRoundTrip;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a span, \"40ms\", or a distribution of spans")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<RawRoundTrip, E> {
                let span = text.parse().map_err(E::custom)?;
                Ok(RawRoundTrip(RawDistribution::Constant(Quantity(span))))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawRoundTrip, A::Error> {
                one_choice(map).map(RawRoundTrip)
            }
        }
        from.deserialize_any(Either)
    }
}

/// A random duration.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum RawDistribution {
    /// Always the same.
    Constant(Quantity<Span>),
    /// Any duration between two, all equally likely.
    #[serde(rename_all = "snake_case")]
    Uniform(RawUniform),
    /// Exponential, with this mean.
    Exponential(Quantity<Span>),
    /// Lognormal, by two percentiles.
    Lognormal(RawLognormal),
    /// Gamma, by mean and shape.
    Gamma(RawGamma),
    /// Drawn from a file of measured durations, one on each line.
    Empirical(String),
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawGamma {
    /// The mean.
    pub mean: Quantity<Span>,
    /// The shape, above 0; 1 is exponential.
    pub shape: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawUniform {
    /// The shortest duration.
    pub low: Quantity<Span>,
    /// The longest duration.
    pub high: Quantity<Span>,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct RawLognormal {
    /// The median.
    pub median: Quantity<Span>,
    /// The 99th percentile.
    pub p99: Quantity<Span>,
}
