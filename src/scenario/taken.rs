//! `[serve]`: from where of a request `throttlesim serve` takes its account and its application.
//!
//! ```toml
//! [serve]
//! account = "header:X-Account"     # or query:NAME, path:NUMBER, address
//! application = "query:app"
//! ```

use std::fmt;
use std::str::FromStr;

/// Where a request says who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// In a header, in lower case.
    Header(String),
    /// In a parameter of the query.
    Query(String),
    /// In this part of the path, from 1.
    Path(usize),
    /// By the address that it comes from.
    Address,
}

/// Which parts of requests say who calls; what is left out is as the provider's clients say it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Serving {
    /// Whose account.
    pub account: Option<Taken>,
    /// Which application.
    pub application: Option<Taken>,
}

/// A text is no place of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoPlace;

impl fmt::Display for NoPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("write header:X-Account, query:account, path:2 or address")
    }
}

impl std::error::Error for NoPlace {}

impl FromStr for Taken {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let (place, name) = text.split_once(':').unwrap_or((text, ""));
        match (place, name) {
            ("address", "") => Ok(Self::Address),
            ("header", name) if is_header(name) => Ok(Self::Header(name.to_ascii_lowercase())),
            ("query", name) if !name.is_empty() => Ok(Self::Query(name.into())),
            ("path", number) => match number.parse() {
                Ok(number @ 1..) => Ok(Self::Path(number)),
                _ => Err(NoPlace),
            },
            _ => Err(NoPlace),
        }
    }
}

/// True of what may be the name of a header: a token of HTTP (RFC 9110, 5.6.2).
fn is_header(name: &str) -> bool {
    let is_token = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
    !name.is_empty() && name.bytes().all(is_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read() {
        let header = Taken::Header("x-account".into());
        for (text, place) in [
            ("header:X-Account", header),
            ("query:a b", Taken::Query("a b".into())),
            ("path:2", Taken::Path(2)),
            ("address", Taken::Address),
        ] {
            assert_eq!(text.parse(), Ok(place), "{text}");
        }
        for wrong in ["", "header:", "header:a b", "query:", "path:0", "path:x", "cookie:a"] {
            assert_eq!(wrong.parse::<Taken>(), Err(NoPlace), "{wrong}");
        }
    }
}
