//! What clients may cost.

use tokio::time::Duration;

/// What one client, or all of them, may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Connections that are open at one time; one more is answered 503.
    pub connections: usize,
    /// Bytes of a request line and its headers; more are answered 431.
    pub head: usize,
    /// Headers of a request; more are answered 431.
    pub headers: usize,
    /// Bytes of a request's body; more are answered 413.
    pub body: usize,
    /// Bytes of all bodies that are being received; one more body is answered 503.
    pub bodies: usize,
    /// Bytes of a body too large that are read and dropped, so that its client reads the answer.
    pub dropped: usize,
    /// How long a connection may be idle, or take to send a request's headers.
    pub idle: Duration,
    /// How long a handshake may take.
    pub handshake: Duration,
    /// How long a body may take; then it is answered 408.
    pub receive: Duration,
    /// How long a client may leave an answer unread.
    pub send: Duration,
    /// How long open answers may take once the server stops.
    pub stop: Duration,
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 16_384,
            head: 32 * KIB,
            headers: 100,
            body: 10 * MIB,
            bodies: 256 * MIB,
            dropped: 64 * MIB,
            idle: Duration::from_secs(75),
            handshake: Duration::from_secs(10),
            receive: Duration::from_secs(60),
            send: Duration::from_secs(30),
            stop: Duration::from_secs(2),
        }
    }
}
