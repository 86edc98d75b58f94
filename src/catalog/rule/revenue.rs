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

use super::{Describe, Figures, Settings};
use crate::catalog::calendar::Calendar;
use crate::catalog::findings::Findings;
use crate::catalog::quantity::Quantity;
use crate::catalog::spanned::Spanned;
use crate::catalog::supplied::Figure;
use crate::limiter::{self, Limiter, Revenue, RevenueRule};
use crate::units::{Money, Span};
use serde::{Deserialize, Serialize};

/// A quota that revenue earns; the defaults are those of Amazon Associates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// The most that a request a day or a second may cost \[cents\].
const DEAREST: u64 = 100_000_000;
/// The most requests a second that revenue may earn.
const FASTEST: u32 = 1_000_000;

impl RevenueDocument {
    /// The figures of a revenue-derived quota, for an account that signed up as the run begins.
    #[must_use]
    pub fn rule(&self, calendar: Calendar) -> RevenueRule {
        let days = |span: Span| u32::try_from(span.as_nanos().div_ceil(Span::DAY.as_nanos()));
        let days = |span| days(span).unwrap_or(u32::MAX);
        RevenueRule {
            account_age: Span::ZERO,
            activation: self.activation.0,
            initial_period: self.initial_period.0,
            initial_tps: *self.initial_tps.get_ref(),
            initial_tpd: *self.initial_tpd.get_ref(),
            per_tpd: self.per_tpd.get_ref().0,
            per_tps: self.per_tps.get_ref().0,
            max_tps: *self.max_tps.get_ref(),
            min_tps: self.min_tps,
            earned: match self.earned {
                Earned::Replaces => limiter::Earned::Replaces,
                Earned::Adds => limiter::Earned::Adds,
            },
            trailing_days: *self.trailing_days.get_ref(),
            lost_after_days: days(self.lost_after.get_ref().0),
            returns_after_days: days(self.returns_after.0),
            burst: self.tps_burst.as_ref().map(|burst| *burst.get_ref()),
            ships_after: Span::ZERO,
            day_offset: calendar.offset(Span::DAY, self.day_start.0),
        }
    }
}

impl Settings for RevenueDocument {
    fn what(&self) -> &'static str {
        "a quota that follows revenue"
    }

    /// It is made for each account.
    fn limiter(&self, _: Option<Figures>, _: Calendar) -> Option<Limiter> {
        None
    }

    fn check(&self, found: &mut Findings) {
        found.count(Some(&self.initial_tps), "an initial quota");
        found.count(Some(&self.initial_tpd), "an initial quota");
        found.count(Some(&self.max_tps), "a quota");
        found.count(self.tps_burst.as_ref(), "a burst");
        found.count(Some(&self.trailing_days), "a period");
        found.length(Some(&self.lost_after), "period");
        found.statuses([*self.lost_status.get_ref()], &self.lost_status.span());
        for price in [&self.per_tpd, &self.per_tps] {
            let free = price.get_ref().0.cents() == 0;
            let message = "a quota that costs nothing has no end";
            found.out_of_range(free, price.span(), message, "write \"0.01 USD\" or more");
            let dear = price.get_ref().0.cents() > DEAREST;
            let message = format!("a price of {}", price.get_ref().0);
            found.out_of_range(dear, price.span(), &message, "write up to \"1000000 USD\"");
        }
        for rate in [&self.initial_tps, &self.max_tps] {
            let fast = *rate.get_ref() > FASTEST;
            let message = format!("{} requests a second", rate.get_ref());
            found.out_of_range(fast, rate.span(), &message, &format!("write up to {FASTEST}"));
        }
        let upside_down = self.min_tps > *self.max_tps.get_ref();
        let message = format!("max_tps is below min_tps, {}", self.min_tps);
        found.out_of_range(
            upside_down,
            self.max_tps.span(),
            &message,
            "raise it, or lower min_tps",
        );
    }

    fn has(&self, _: Figure) -> bool {
        false
    }

    fn ignores_cool_down(&self) -> Option<&'static str> {
        Some("a quota that follows revenue has days of its own")
    }

    fn has_rate(&self) -> bool {
        false
    }

    fn has_remaining(&self) -> bool {
        false
    }
}

impl Describe for Revenue {
    fn described(&self) -> String {
        "quota that follows revenue".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::reader;

    #[test]
    fn a_request_a_second_all_day_costs_the_same_by_the_day() {
        let figures = RevenueDocument::default();
        let (day, second) = (figures.per_tpd.get_ref().0, figures.per_tps.get_ref().0);
        assert_eq!(day.cents() * 86_400, second.cents());
    }

    #[test]
    fn figures_left_out_keep_their_defaults() {
        let written: RevenueDocument = reader::from_text("min_tps = 0").expect("figures");
        assert_eq!(written, RevenueDocument { min_tps: 0, ..RevenueDocument::default() });
        assert!(reader::from_text::<RevenueDocument>("mintps = 0").is_err());
    }

    /// A rule without figures takes the defaults of the limiter, and those are the published ones.
    #[test]
    fn the_two_sets_of_defaults_agree() {
        let built = RevenueDocument::default().rule(Calendar::default());
        assert_eq!(built, RevenueRule { ships_after: Span::ZERO, ..RevenueRule::default() });
    }
}
