//! What is left of a model, in words.

use super::{Fitting, begins};
use crate::fit::counter::Room;
use crate::fit::model::{Model, Survivor};
use crate::units::quantity::bounds::{rate, time, whole};

/// What a model is called.
#[must_use]
pub fn name(model: Model) -> String {
    let name = match model {
        Model::Concurrency => "calls at the same time",
        Model::Bucket { .. } => "token bucket",
        Model::FixedWindow => "fixed window",
        Model::SlidingLog { .. } => "sliding window",
        Model::Ticks => "token bucket with ticks",
        Model::SlidingCounter { room: Room::Whole, .. } => "sliding counter, room for a whole call",
        Model::SlidingCounter { room: Room::Any, .. } => "sliding counter, any room",
    };
    match model.counts_refused() {
        Some(true) => format!("{name}, refused calls count"),
        _ => name.into(),
    }
}

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Calls.
    Calls,
    /// Units, of which a call takes as many as it costs.
    Units,
}

/// What is left of a model: `0.5/s (0.4995/s to 0.5005/s), burst 10, continuous refill`.
#[must_use]
pub fn of(left: &Survivor, fitting: Fitting<'_>) -> String {
    let (capacity, window) = (whole(left.capacity()), left.window().map(time));
    let window = window.unwrap_or_default();
    let of_units = match fitting.counted {
        Counted::Calls => String::new(),
        Counted::Units => format!(", of {}", fitting.unit),
    };
    let many = |bounds| many(bounds, fitting);
    let text = match left.model {
        Model::Concurrency => format!("{} at the same time", of_calls(left.capacity())),
        Model::Bucket { .. } => {
            let rate = left.rate_per_s().map(rate).unwrap_or_default();
            format!("{rate}, burst {capacity}, continuous refill{of_units}")
        }
        Model::Ticks => {
            let rate = left.rate_per_s().map(rate).unwrap_or_default();
            let s = if left.tokens() == Some((1, Some(1))) { "" } else { "s" };
            let tokens = left.tokens().map(whole).unwrap_or_default();
            format!("{rate}, burst {capacity}, {tokens} token{s} at ticks every {window}{of_units}")
        }
        Model::FixedWindow => {
            let begins = begins::text(left, fitting.heard.first);
            format!("{} in each window of {window}{begins}", many(left.capacity()))
        }
        Model::SlidingLog { .. } => {
            format!("{} in any window of {window}", many(left.capacity()))
        }
        Model::SlidingCounter { .. } => {
            format!("{} in windows of {window}, estimated from two", many(left.capacity()))
        }
    };
    match left.model.counts_refused() {
        Some(true) => format!("{text}, refused calls count"),
        _ => text,
    }
}

/// The unit of a number that stands before: nothing of calls.
#[must_use]
pub fn of_units(fitting: Fitting<'_>) -> String {
    match fitting.counted {
        Counted::Calls => String::new(),
        Counted::Units => format!(" {}", fitting.unit),
    }
}

/// So many calls or units, within bounds.
#[must_use]
pub fn many(bounds: (i64, Option<i64>), fitting: Fitting<'_>) -> String {
    match fitting.counted {
        Counted::Calls => of_calls(bounds),
        Counted::Units => {
            let unit = fitting.unit;
            let is_one = bounds.1.unwrap_or(bounds.0) == 1;
            let unit = unit.strip_suffix('s').filter(|_| is_one).unwrap_or(unit);
            format!("{} {unit}", whole(bounds))
        }
    }
}

fn of_calls(bounds: (i64, Option<i64>)) -> String {
    let is_one = bounds.1.unwrap_or(bounds.0) == 1;
    format!("{} call{}", whole(bounds), if is_one { "" } else { "s" })
}
