//! The rule of a token bucket: tokens return at a rate, up to a burst.

use super::{Describe, Figures, Settings, allowed};
use crate::catalog::calendar::Calendar;
use crate::catalog::figures::FiguresDocument;
use crate::catalog::findings::Findings;
use crate::catalog::quantity::Quantity;
use crate::catalog::spanned::Spanned;
use crate::catalog::supplied::{Figure, Supplied};
use crate::limiter::{Limit, Limiter, Refill, Terms, TokenBucket};
use crate::units::{Instant, Rate};
use serde::{Deserialize, Serialize};

/// A token bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenBucketDocument {
    /// How fast tokens return. Default: the operation's.
    pub rate: Option<Quantity<Rate>>,
    /// The size of the bucket, from 1. Default: the operation's.
    pub burst: Option<Spanned<u32>>,
    /// When tokens return.
    #[serde(default)]
    pub refill: RefillDocument,
    /// Tokens at the start, up to the burst. Default: the burst.
    pub initial: Option<Spanned<u32>>,
}

/// When tokens return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RefillDocument {
    /// One at every multiple of 1/rate on the clock.
    Tick,
    /// In proportion to the time that has passed.
    #[default]
    Continuous,
}

impl Settings for TokenBucketDocument {
    fn what(&self) -> &'static str {
        "a token bucket"
    }

    fn limiter(&self, figures: Option<Figures>, _: Calendar) -> Option<Limiter> {
        let Figures { rate, burst } = figures?;
        let refill = match self.refill {
            RefillDocument::Tick => Refill::Tick,
            RefillDocument::Continuous => Refill::Continuous,
        };
        let initial = self.initial.as_ref().map_or(burst, |initial| *initial.get_ref());
        Some(Limiter::TokenBucket(TokenBucket::new(rate, burst, refill, initial)))
    }

    fn check(&self, found: &mut Findings) {
        if let (Some(initial), Some(burst)) = (&self.initial, &self.burst) {
            let burst = burst.get_ref();
            let message =
                format!("`initial` is above the burst, {burst}: the bucket holds no more");
            let help = format!("write 0 to {burst}");
            found.out_of_range(initial.get_ref() > burst, initial.span(), &message, &help);
        }
        found.count(self.burst.as_ref(), "a burst");
    }

    fn has(&self, figure: Figure) -> bool {
        figure != Figure::Limit
    }

    fn leaves_out(&self, figure: Figure) -> bool {
        match figure {
            Figure::Rate => self.rate.is_none(),
            Figure::Burst => self.burst.is_none(),
            Figure::Limit => false,
        }
    }

    fn take(&mut self, figure: Figure, _: &Supplied) {
        match figure {
            Figure::Rate => self.rate = None,
            Figure::Burst => self.burst = None,
            Figure::Limit => {}
        }
    }

    fn figures(&self, published: &FiguresDocument) -> Result<Option<Figures>, &'static str> {
        let rate = self.rate.or(published.rate).ok_or("rate")?.0;
        let burst = self.burst.as_ref().or(published.burst.as_ref()).ok_or("burst")?;
        Ok(Some(Figures { rate, burst: *burst.get_ref() }))
    }

    fn ignores_figures(&self) -> Option<String> {
        let whole = self.rate.is_some() && self.burst.is_some();
        whole.then(|| "the rule has a rate and a burst of its own".into())
    }

    fn counts_units(&self) -> bool {
        self.refill == RefillDocument::Continuous
    }
}

impl Describe for TokenBucket {
    fn described(&self) -> String {
        let (rate, burst) = self.plan();
        let refill = match self.refill() {
            Refill::Tick => "one token at every multiple of 1/rate",
            Refill::Continuous => "refilled continuously",
        };
        let first = match self.level(Instant::ORIGIN) {
            Some(first) if first < u64::from(burst) => format!(", {first} at the start"),
            _ => String::new(),
        };
        format!("token bucket: {}, {refill}{first}", allowed(Terms::Rate { rate, burst }))
    }
}
