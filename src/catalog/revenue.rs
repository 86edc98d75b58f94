//! The figures of a quota that revenue earns, as a file writes them; every one has a default.
//!
//! ```text
//!   sign-up ─activation─► initial_tps, initial_tpd ─initial_period─► earned from the trailing days
//!                                                                       │ no sale for lost_after
//!                                                    returns_after ◄────┘ lost_status
//!   TPD = revenue / per_tpd          TPS = revenue / per_tps, from min_tps to max_tps
//! ```
//!
//! Source: Amazon, "API Rates" (Product Advertising API 5.0), as the Associates pages quote it.

use super::quantity::Quantity;
use super::spanned::Spanned;
use crate::units::{Money, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A quota that revenue earns; the defaults are those of Amazon Associates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RevenueDocument {
    /// The time from sign-up to the first request that is served.
    pub activation: Quantity<Span>,
    /// How long the initial quota lasts.
    pub initial_period: Quantity<Span>,
    /// The initial quota in requests a second.
    pub initial_tps: Spanned<u32>,
    /// The initial quota in requests a day.
    pub initial_tpd: Spanned<u32>,
    /// The revenue that earns one request a day.
    pub per_tpd: Spanned<Quantity<Money>>,
    /// The revenue that earns one request a second.
    pub per_tps: Spanned<Quantity<Money>>,
    /// The most that revenue can earn, in requests a second.
    pub max_tps: Spanned<u32>,
    /// The least of an account with access, in requests a second; with 0, little revenue earns a
    /// fraction.
    pub min_tps: u32,
    /// What earned quota does to the initial quota.
    pub earned: Earned,
    /// The number of days of shipped revenue that count.
    pub trailing_days: Spanned<u32>,
    /// The time without a referred sale after which access is lost.
    pub lost_after: Spanned<Quantity<Span>>,
    /// The time from the shipping of a referred sale until access is back.
    pub returns_after: Quantity<Span>,
    /// Requests at once. Default: the requests of a second, at least 1.
    pub tps_burst: Option<Spanned<u32>>,
    /// The status without access, lost or not yet active.
    pub lost_status: Spanned<u16>,
    /// When the quota's day begins, after midnight UTC.
    pub day_start: Quantity<Span>,
}

/// What earned quota does to the initial quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Earned {
    /// It replaces it.
    Replaces,
    /// It is added to it.
    Adds,
}

impl Default for RevenueDocument {
    fn default() -> Self {
        let bare = |n: u32| Spanned::new(0..0, n);
        let cents = |n: u64| Spanned::new(0..0, Quantity(Money::from_cents(n)));
        Self {
            activation: Quantity(Span::DAY.times(2)),
            initial_period: Quantity(Span::DAY.times(30)),
            initial_tps: bare(1),
            initial_tpd: bare(8_640),
            per_tpd: cents(5),
            per_tps: cents(432_000),
            max_tps: bare(10),
            min_tps: 1,
            earned: Earned::Replaces,
            trailing_days: bare(30),
            lost_after: Spanned::new(0..0, Quantity(Span::DAY.times(30))),
            returns_after: Quantity(Span::DAY.times(2)),
            tps_burst: None,
            lost_status: Spanned::new(0..0, 403),
            day_start: Quantity(Span::ZERO),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_a_second_all_day_costs_the_same_by_the_day() {
        let figures = RevenueDocument::default();
        let (day, second) = (figures.per_tpd.get_ref().0, figures.per_tps.get_ref().0);
        assert_eq!(day.cents() * 86_400, second.cents());
    }

    #[test]
    fn figures_left_out_keep_their_defaults() {
        let written: RevenueDocument = toml::from_str("min_tps = 0").expect("figures");
        assert_eq!(written, RevenueDocument { min_tps: 0, ..RevenueDocument::default() });
        assert!(toml::from_str::<RevenueDocument>("mintps = 0").is_err());
    }
}
