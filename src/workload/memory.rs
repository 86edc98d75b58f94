//! What an arrival process knows besides the number and the instant of the arrival before.

use super::on_off::Phase;
use super::trace::Replay;
use crate::units::Span;

/// What a process knows besides the number and the instant of the arrival before.
#[derive(Debug)]
pub(super) enum Memory {
    /// No more than that.
    Nothing,
    /// How much later its schedule begins than that of the first caller.
    Lag(Span),
    /// The state of a process that is on or off, once it has begun.
    Phase(Box<Option<Phase>>),
    /// Where a trace stands.
    Replay(Box<Replay>),
}
