//! What the person who started the server should know of its clients.

/// What happened to a client that its request does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// It speaks TLS, and TLS is off.
    TlsOff,
    /// It does not trust the certificate authority.
    Distrusted,
    /// It asked for a tunnel, and the server is not a proxy.
    ProxyOff,
    /// All connections were in use.
    Full,
    /// The system gave no further connection, mostly for want of file descriptors.
    NoConnection,
}
