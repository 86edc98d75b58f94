//! One over a rate of the provider: the published one, or the one that headers tell.
//!
//! Source: Amazon Pay's tip to resubmit by the restore value.

use super::Wait;
use crate::random::Draws;
use crate::strategy::{Unsound, View};
use crate::units::{Instant, Rate, Span};
use crate::wire::Status;

/// What is added to one over a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extra {
    /// How much.
    pub plus: Span,
    /// Instead of it all, where no rate has been told; `None` goes by the published rate.
    pub unknown: Option<Span>,
}

impl Extra {
    fn after(self, told: Option<Rate>, published: Option<Rate>) -> Span {
        let rate = match (told, self.unknown) {
            (None, Some(unknown)) => return unknown,
            (told, _) => told.or(published),
        };
        rate.map_or(Span::ZERO, Rate::period) + self.plus
    }
}

/// One over the published rate of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RestoreWait {
    /// What is added to it.
    pub extra: Extra,
}

impl RestoreWait {
    /// What is wrong with its settings: nothing.
    #[must_use]
    pub const fn problem(&self) -> Option<Unsound> {
        None
    }
}

impl Wait for RestoreWait {
    #[inline]
    fn delay(&self, _: Instant, view: &View, _: Status, _: &mut Draws) -> Span {
        self.extra.after(view.published, view.published)
    }

    fn scale(&self) -> Option<Span> {
        None
    }
}

/// One over the rate that the last response told, the published one before there was any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeaderWait {
    /// What is added to it.
    pub extra: Extra,
}

impl HeaderWait {
    /// What is wrong with its settings: nothing.
    #[must_use]
    pub const fn problem(&self) -> Option<Unsound> {
        None
    }
}

impl Wait for HeaderWait {
    #[inline]
    fn delay(&self, _: Instant, view: &View, _: Status, _: &mut Draws) -> Span {
        self.extra.after(view.told, view.published)
    }

    fn scale(&self) -> Option<Span> {
        None
    }

    fn reads_header(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::backoff::waits::{delays, delays_told};

    #[test]
    fn a_wait_by_the_rate_knows_the_published_one_or_the_header() {
        let extra = Extra { plus: Span::from_millis(1500), unknown: None };
        let lost = Extra { unknown: Some(Span::MINUTE), ..extra };
        let told = Rate::one_every(Span::from_secs(10));
        let plain = RestoreWait::default();
        assert_eq!(delays(&plain, 2, 0), [4000, 4000]);
        for (extra, unknown) in [(extra, 5_500), (lost, 60_000)] {
            let header = HeaderWait { extra };
            assert_eq!(delays(&header, 1, 0), [unknown]);
            assert_eq!(delays_told(&header, 1, 0, told), [11_500]);
        }
    }
}
