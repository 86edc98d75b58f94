//! `[service]` and distributions of spans, as they stand in the file.

use crate::catalog::Quantity;
use crate::scenario::text::Fraction;
use crate::units::Span;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use toml::Spanned;

/// `[service]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::scenario) struct ServiceWritten {
    pub latency: Option<Spanned<DistributionWritten>>,
    pub round_trip: Option<Spanned<RoundTripWritten>>,
    pub failure_rate: Option<Spanned<Fraction>>,
    pub bad_request_rate: Option<Spanned<Fraction>>,
    pub header_probability: Option<Spanned<Fraction>>,
    pub header_staleness: Option<Spanned<Quantity<Span>>>,
    pub transient_throttle_probability: Option<Spanned<Fraction>>,
    pub outages: Option<Spanned<Vec<OutageWritten>>>,
    pub brown_outs: Option<Spanned<Vec<BrownOutWritten>>>,
}

/// A time at which a provider is not there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct OutageWritten {
    pub at: Quantity<Span>,
    #[serde(rename = "for")]
    pub lasts: Quantity<Span>,
}

/// A time at which a provider is slow and fails.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct BrownOutWritten {
    pub at: Quantity<Span>,
    #[serde(rename = "for")]
    pub lasts: Quantity<Span>,
    #[serde(default)]
    pub slower: Option<f64>,
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
                let map = MapAccessDeserializer::new(map);
                DistributionWritten::deserialize(map).map(RoundTripWritten)
            }
        }
        from.deserialize_any(Either)
    }
}

/// A distribution of spans.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::scenario) enum DistributionWritten {
    Constant(Quantity<Span>),
    #[serde(rename_all = "snake_case")]
    Uniform(UniformWritten),
    Exponential(Quantity<Span>),
    Lognormal(LognormalWritten),
    Gamma(GammaWritten),
    Empirical(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct GammaWritten {
    pub mean: Quantity<Span>,
    pub shape: f64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct UniformWritten {
    pub low: Quantity<Span>,
    pub high: Quantity<Span>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::scenario) struct LognormalWritten {
    pub median: Quantity<Span>,
    pub p99: Quantity<Span>,
}
