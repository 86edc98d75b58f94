//! A stand-in for a provider: answers requests as the provider would, with the same limits that a
//! run simulates.
//!
//! ```text
//!   request ──► Desk::answer ──► what to answer, and when it may leave ──► Desk::left
//! ```
//!
//! What answers knows no socket, and what listens knows no provider: they meet at [`Desk`].
//!
//! | when | take |
//! |---|---|
//! | at the start | [`Opened::scenario`] or [`Opened::catalogue`], then [`Stand::new`]: the desk |
//! | | [`Stand::assumptions`], to be said; [`HEADERS`], to be written with their capitals |
//! | at the end | [`Stand::seen`]: a table (`report::served`), and whether expectations are met |
//! | later | [`replay`]: the log decides alike on the virtual clock |

mod answers;
mod books;
mod clock;
mod control;
mod desk;
mod journal;
mod kind;
pub mod net;
mod opened;
mod place;
mod route;
mod seen;
mod stand;
mod state;
mod token;
mod waits;

pub use answers::HEADERS;
pub use books::Manners;
pub use clock::{Clock, Pace, Stuck};
pub use desk::{Answer, Desk, Ticket, Wait};
pub use journal::{Line, ReplayError, Replayed, replay};
pub use opened::Opened;
pub use seen::{Judged, Row, Seen};
pub use stand::{Notify, Stand};
pub use waits::Likeness;
