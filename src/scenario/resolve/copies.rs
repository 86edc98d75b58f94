//! Turns that keep to a provider's rule itself, and turns that come at ticks.
//!
//! ```text
//!   a share of a window's rate, burst "100%"    a copy of the window with that share of its limit
//!   … of a bucket that does not begin full      a copy of the bucket
//!   … of any other bucket, quota or queue       a pacer: it admits exactly what the rule does
//!   ticks, "90/min"                             90 each minute of the client's clock
//!   ticks, "1.5/s" or a share                   one at every multiple of 1/rate
//! ```

use super::Resolver;
use super::lane::Lane;
use crate::catalog::{Quantity, Spanned};
use crate::limiter::{Limit, Limiter, Refill, Terms, TokenBucket};
use crate::scenario::raw::{RawDistribution, RawPace, RawRoundTrip, RawService, TurnsOrder};
use crate::scenario::text::{BurstText, value};
use crate::strategy::{BurstAndYield, Copied, Reservoir, Turns};
use crate::units::{Instant, Share, Span};
use crate::wire::Operation;

impl Resolver<'_> {
    /// The turns of a lane that is a copy of a limit; nothing for lanes that a pacer is exact for.
    pub(super) fn copied(&mut self, lane: Lane, pace: &RawPace) -> Option<Turns> {
        let order = value(pace.turns.as_ref());
        let follows = pace.follow_header.as_ref().is_some_and(|follow| *follow.get_ref());
        let empties = pace.emptied.as_ref().is_some_and(|emptied| *emptied.get_ref());
        let (number, share) = (lane.limit?, lane.share?);
        if follows || empties || order == Some(TurnsOrder::WholeSeconds) {
            return None;
        }
        let limit = self.published_limiter(number);
        match limit.terms()? {
            Terms::Number(most) => {
                let ticks = order == Some(TurnsOrder::Ticks);
                let burst = match (value(pace.burst.as_ref()), &pace.burst) {
                    (Some(BurstText::Share(burst)), _) => burst,
                    (None, _) if ticks => Share::WHOLE,
                    _ => return None,
                };
                self.check_whole_window(burst, pace);
                let late = pace.late.as_ref().is_some_and(|late| *late.get_ref());
                let most = u64::from(most) * share.ppm() / Share::WHOLE.ppm() + u64::from(late);
                let most = u32::try_from(most).unwrap_or(u32::MAX).max(1);
                let is_fixed = matches!(limit, Limiter::FixedWindow(_));
                let rests = order == Some(TurnsOrder::Bursts) && !is_fixed;
                let there = self.way_there(self.limits[number].rule.operations.first().copied());
                let copy = Copied::new(limit.allowing(Terms::Number(most)), there);
                Some(match rests {
                    true => copy.in_bursts(BurstAndYield::new(lane.rate, most)).into(),
                    false => copy.into(),
                })
            }
            Terms::Rate { burst, .. } => {
                let is_full = limit.level(Instant::ORIGIN) >= Some(u64::from(burst));
                let copies = matches!(value(pace.burst.as_ref()), Some(BurstText::Share(_)));
                if is_full || !copies || order.is_some_and(|order| order != TurnsOrder::Evenly) {
                    return None;
                }
                let there = self.way_there(self.limits[number].rule.operations.first().copied());
                let terms = Terms::Rate { rate: lane.rate, burst: lane.burst };
                Some(Copied::new(limit.allowing(terms), there).into())
            }
        }
    }

    /// The rule as it is published, which may change later on.
    fn published_limiter(&self, number: usize) -> Limiter {
        self.limits[number].rule.limiter.rule().clone()
    }

    fn check_whole_window(&mut self, share: Share, pace: &RawPace) {
        if let Some(burst) = pace.burst.as_ref().filter(|_| share != Share::WHOLE) {
            let message = "a window has no burst to take a share of";
            let help = "write burst = \"100%\" to send what the window holds at once, or a number";
            self.no_effect(burst.span(), message, help);
        }
    }

    /// How long a call is on its way to its provider, if it is always as long.
    pub(super) fn way_there(&self, operation: Option<Operation>) -> Span {
        let provider = operation.and_then(|of| self.provider_of.get(usize::from(of.0)));
        let provider = provider.and_then(|provider| self.providers.get(*provider));
        let own = provider.and_then(|provider| provider.raw.service.as_ref());
        let service: &RawService = own.unwrap_or(&self.raw.service);
        match service.round_trip.as_ref().map(Spanned::get_ref) {
            Some(RawRoundTrip(RawDistribution::Constant(Quantity(trip)))) => trip.divided_by(2),
            _ => Span::ZERO,
        }
    }

    /// Turns that come at ticks of the client's clock, at the rate as it is written.
    pub(super) fn ticks(&mut self, lane: Lane, pace: &RawPace) -> Turns {
        let Some((amount, each)) = lane.tick else {
            let (rate, burst) = (lane.rate, lane.burst);
            let bucket = TokenBucket::new(rate, burst, Refill::Tick, burst);
            return Copied::new(Limiter::TokenBucket(bucket), Span::ZERO).into();
        };
        let most = match &pace.burst {
            None => amount,
            Some(raw) if lane.burst < amount => {
                let message =
                    format!("a burst of {} loses turns: {amount} come at a tick", lane.burst);
                let help = format!("write {amount} or more, or leave `burst` out");
                self.out_of_range(raw.span(), message, &help);
                amount
            }
            Some(_) => lane.burst,
        };
        Reservoir::each(amount, each, most).into()
    }
}
