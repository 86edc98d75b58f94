//! A stand-in for a provider: answers requests as the provider would, with the same limits that a
//! run simulates.
//!
//! ```text
//!   request ──► Desk::answer ──► what to answer, and when it may leave ──► Desk::left
//! ```
//!
//! What answers knows no socket, and what listens knows no provider: they meet at [`Desk`].

mod clock;
mod desk;
pub mod net;

pub use clock::{Clock, Pace, Stuck};
pub use desk::{Answer, Desk, Ticket, Wait};
