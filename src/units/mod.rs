//! The quantities that the simulator counts in, all of them integers.
//!
//! [`Instant`] and [`Span`] are nanoseconds, a [`Period`] may be one of the calendar in a [`Zone`],
//! [`Rate`] is a count per span and never a quotient, [`Share`] is parts per million, [`Money`] is
//! cents. Nothing here rounds: a rate of 3/s stays "three in a second", where a quotient would
//! become 333 333 333 ns and drift.
//!
//! Each of them reads and writes the text form of the scenario language (`"250ms"`, `"0.5/s"`,
//! `"95%"`); a text that cannot be read gives an [`Unreadable`] that names the remedy.

mod calendar;
mod decimal;
mod money;
pub mod quantity;
mod rate;
mod share;
mod time;

pub use calendar::{CalendarUnit, Period, Zone};
pub use decimal::Unreadable;
pub use money::Money;
pub use rate::Rate;
pub use share::Share;
pub use time::{Instant, Span};
