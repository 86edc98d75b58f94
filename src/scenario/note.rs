//! What a reader must know before the results: data only, the report makes the sentences.

use crate::catalog::Offer;

/// Something that a reader must know before the results.
#[derive(Debug, Clone, PartialEq)]
pub enum Note {
    /// A whole API, or some of its operations, is deprecated or retired.
    Ends {
        /// The provider, as its catalogue names it.
        provider: String,
        /// The operations; empty for the whole API.
        calls: Vec<String>,
        /// Since or until when, and what replaces it.
        offer: Offer,
    },
}
