//! What a log says of one published limit.

/// What a log says of a published limit.
#[derive(Debug, Clone, PartialEq)]
pub enum Stand {
    /// The published figures are inside the proved bounds.
    Agrees,
    /// The published limit does not explain the log; what the log says instead.
    Differs(String),
    /// The log cannot tell; why.
    Open(String),
}
