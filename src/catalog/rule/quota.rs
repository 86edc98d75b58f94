//! The rule of a quota: a number of requests at once, then one more after each restore.

use super::{Describe, Figures, Settings};
use crate::catalog::calendar::Calendar;
use crate::catalog::figures::FiguresDocument;
use crate::catalog::findings::Findings;
use crate::catalog::quantity::Quantity;
use crate::catalog::spanned::Spanned;
use crate::catalog::supplied::{Figure, Supplied};
use crate::limiter::{Limiter, Quota};
use crate::units::quantity::span;
use crate::units::{Rate, Span};
use serde::{Deserialize, Serialize};

/// A quota with restore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QuotaDocument {
    /// The restore as published. Default: the operation's.
    pub restore: Option<Spanned<Quantity<Span>>>,
    /// The most requests at once, from 1. Default: the operation's.
    pub burst: Option<Spanned<u32>>,
    /// What the published restore means.
    #[serde(default)]
    pub reading: Spanned<RestoreReading>,
}

/// What a published restore of `"4s"` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RestoreReading {
    /// One request every 4 seconds.
    #[default]
    SecondsPerRequest,
    /// 4 requests every second.
    RequestsPerSecond,
}

impl RestoreReading {
    /// The rate that a restore stands for; `None` for a restore of nothing.
    #[must_use]
    pub fn rate(self, restore: Span) -> Option<Rate> {
        match self {
            Self::SecondsPerRequest => Rate::one_every(restore),
            // Nanoseconds a thousand million seconds are seconds a second.
            Self::RequestsPerSecond => {
                Rate::new(restore.as_nanos(), Span::from_secs(1_000_000_000))
            }
        }
    }
}

impl Settings for QuotaDocument {
    fn what(&self) -> &'static str {
        "a quota with restore"
    }

    fn limiter(&self, figures: Option<Figures>, _: Calendar) -> Option<Limiter> {
        figures.map(|Figures { rate, burst }| Limiter::Quota(Quota::new(rate, burst)))
    }

    fn check(&self, found: &mut Findings) {
        found.count(self.burst.as_ref(), "a burst");
        found.length(self.restore.as_ref(), "restore");
    }

    fn has(&self, figure: Figure) -> bool {
        figure != Figure::Limit
    }

    fn leaves_out(&self, figure: Figure) -> bool {
        match figure {
            Figure::Rate => self.restore.is_none(),
            Figure::Burst => self.burst.is_none(),
            Figure::Limit => false,
        }
    }

    fn take(&mut self, figure: Figure, _: &Supplied) {
        match figure {
            Figure::Rate => self.restore = None,
            Figure::Burst => self.burst = None,
            Figure::Limit => {}
        }
    }

    fn figures(&self, published: &FiguresDocument) -> Result<Option<Figures>, &'static str> {
        let restore = self.restore.as_ref().or(published.restore.as_ref());
        let restored = restore.and_then(|span| self.reading.get_ref().rate(span.get_ref().0));
        let rate = restored.or(published.rate.map(|rate| rate.0)).ok_or("restore")?;
        let burst = self.burst.as_ref().or(published.burst.as_ref()).ok_or("burst")?;
        Ok(Some(Figures { rate, burst: *burst.get_ref() }))
    }

    fn ignores_figures(&self) -> Option<String> {
        let whole = self.restore.is_some() && self.burst.is_some();
        whole.then(|| "the rule has a restore and a burst of its own".into())
    }
}

impl Describe for Quota {
    fn described(&self) -> String {
        let (rate, burst) = self.plan();
        format!("quota: {burst} at once, one more every {}", span(rate.period()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_charge_restores_as_the_page_says() {
        let four = "4s".parse().expect("a span");
        for (reading, rate) in [
            (RestoreReading::SecondsPerRequest, "1/4s"),
            (RestoreReading::RequestsPerSecond, "4/s"),
        ] {
            assert_eq!(reading.rate(four), rate.parse().ok());
            assert_eq!(reading.rate(Span::ZERO), None);
        }
    }
}
