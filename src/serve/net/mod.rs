//! Listens for requests: one port for HTTP and TLS, and for clients that take it for a proxy.
//!
//! ```text
//!   TCP ──► first byte ──► HTTP/1.1 ──────────────────────► Desk::answer ──► wait ──► Desk::left
//!              │ 0x16          ▲  │ CONNECT (--proxy)
//!              └──► TLS ───────┘  └──► the tunnel ends here: first byte, TLS, HTTP/1.1
//! ```
//!
//! Nothing here opens a connection to anywhere: whatever host a client names, the desk answers.
//! What a client may cost is bounded ([`Bounds`]), however slow, large or broken its requests are.

mod ask;
mod authority;
mod bounds;
mod casing;
mod connection;
mod hub;
mod notice;
mod options;
mod server;
mod stream;

pub use authority::Authority;
pub use bounds::Bounds;
pub use hub::Hub;
pub use notice::Notice;
pub use options::Options;
pub use server::{Listener, Server, StartError};
