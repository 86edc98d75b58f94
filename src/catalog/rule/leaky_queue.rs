//! The rule of a leaky queue: requests wait in a queue that drains at a rate.

use super::{Describe, Figures, Settings};
use crate::catalog::calendar::Calendar;
use crate::catalog::findings::Findings;
use crate::catalog::quantity::Quantity;
use crate::catalog::supplied::{Figure, Supplied};
use crate::limiter::{LeakyQueue, Limiter};
use crate::units::quantity::{rate, span};
use crate::units::{Rate, Span};
use serde::{Deserialize, Serialize};

/// A queue that drains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeakyQueueDocument {
    /// How fast it drains.
    pub rate: Quantity<Rate>,
    /// The longest time that a request may wait; otherwise it is refused.
    pub wait: Quantity<Span>,
}

impl Settings for LeakyQueueDocument {
    fn what(&self) -> &'static str {
        "a leaky queue"
    }

    fn limiter(&self, _: Option<Figures>, _: Calendar) -> Option<Limiter> {
        Some(Limiter::LeakyQueue(LeakyQueue::new(self.rate.0, self.wait.0)))
    }

    fn check(&self, _: &mut Findings) {}

    fn has(&self, figure: Figure) -> bool {
        figure == Figure::Rate
    }

    fn take(&mut self, figure: Figure, own: &Supplied) {
        if let (Figure::Rate, Some(rate)) = (figure, &own.rate) {
            self.rate = *rate.get_ref();
        }
    }

    fn ignores_rejected(&self) -> Option<&'static str> {
        Some("counts only what it admits")
    }
}

impl Describe for LeakyQueue {
    fn described(&self) -> String {
        let (rate, wait) = (rate(self.rate().per_second_f64()), span(self.longest_wait()));
        format!("queue that drains at {rate}; a request waits at most {wait}")
    }
}
