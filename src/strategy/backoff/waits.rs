//! Waits of one request, one after another, for the tests of back-offs.

use super::{View, Wait};
use crate::random::{Purpose, Streams};
use crate::units::{Instant, Rate, Span};
use crate::wire::{Operation, Status};

/// Waits \[ms\] after attempts that are answered at once, from 100 s on.
pub(super) fn delays_told(
    backoff: &impl Wait,
    n: u32,
    number: u64,
    told: Option<Rate>,
) -> Vec<u64> {
    let stream = Streams::new(5, 0).stream(Purpose::Jitter, number);
    let mut view = View {
        operation: Operation(0),
        published: Rate::one_every(Span::from_secs(4)),
        told,
        since: Instant::ORIGIN,
        attempts: 0,
        delay: Span::ZERO,
        waited: Span::ZERO,
    };
    (0..n)
        .map(|retry| {
            view.attempts += 1;
            let mut draws = stream.at(u64::from(retry));
            view.delay = {
                let now = Instant::ORIGIN + Span::from_secs(100) + view.waited;
                backoff.delay(now, &view, Status::TOO_MANY_REQUESTS, &mut draws)
            };
            view.waited = view.waited + view.delay;
            view.delay.as_nanos() / 1_000_000
        })
        .collect()
}

pub(super) fn delays(backoff: &impl Wait, n: u32, number: u64) -> Vec<u64> {
    delays_told(backoff, n, number, None)
}
