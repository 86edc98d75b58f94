//! The rule of a concurrency: a number of requests at the same time. The number is all of it.

use super::{Describe, Figures, Settings};
use crate::catalog::calendar::Calendar;
use crate::catalog::findings::Findings;
use crate::catalog::spanned::Spanned;
use crate::catalog::supplied::{Figure, Supplied};
use crate::limiter::{Concurrency, Limiter};
use crate::units::quantity::count;

impl Settings for Spanned<u32> {
    fn what(&self) -> &'static str {
        "a concurrency limit"
    }

    fn limiter(&self, _: Option<Figures>, _: Calendar) -> Option<Limiter> {
        Some(Limiter::Concurrency(Concurrency::new(*self.get_ref())))
    }

    fn check(&self, found: &mut Findings) {
        found.count(Some(self), "a concurrency");
    }

    fn has(&self, figure: Figure) -> bool {
        figure == Figure::Limit
    }

    fn take(&mut self, figure: Figure, own: &Supplied) {
        own.put(figure, self);
    }

    fn ignores_rejected(&self) -> Option<&'static str> {
        Some("counts only what it admits")
    }

    fn has_rate(&self) -> bool {
        false
    }

    fn comes_back_by_clock(&self) -> bool {
        false
    }
}

impl Describe for Concurrency {
    fn described(&self) -> String {
        format!("{} at the same time", count(self.limit().into()))
    }
}
