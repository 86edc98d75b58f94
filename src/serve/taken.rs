//! From where of a request its account or application is taken, where a scenario's own API says so.

use super::route::words;
use http::request::Parts;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Where a request says who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// In a header.
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
pub struct Callers {
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
            ("header", name) if http::HeaderName::from_bytes(name.as_bytes()).is_ok() => {
                Ok(Self::Header(name.to_ascii_lowercase()))
            }
            ("query", name) if !name.is_empty() => Ok(Self::Query(name.into())),
            ("path", number) => match number.parse() {
                Ok(number @ 1..) => Ok(Self::Path(number)),
                _ => Err(NoPlace),
            },
            _ => Err(NoPlace),
        }
    }
}

impl Taken {
    /// What a request says there.
    pub(super) fn of<'a>(
        &self,
        parts: &'a Parts,
        from: IpAddr,
    ) -> Option<std::borrow::Cow<'a, str>> {
        match self {
            Self::Header(name) => parts.headers.get(name.as_str())?.to_str().ok().map(Into::into),
            Self::Query(name) => {
                let mut pairs =
                    parts.uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
                pairs.find(|(key, _)| key == name).map(|(_, value)| value.into())
            }
            Self::Path(number) => words(parts.uri.path()).nth(number - 1).map(Into::into),
            Self::Address => Some(from.to_string().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_and_found() {
        let request =
            http::Request::get("/stores/s7/orders?account=a9&x=1").header("X-Account", "h");
        let (parts, ()) = request.body(()).expect("a request").into_parts();
        let from = IpAddr::from([127, 0, 0, 1]);
        for (text, found) in [
            ("header:X-Account", Some("h")),
            ("header:X-Other", None),
            ("query:account", Some("a9")),
            ("path:2", Some("s7")),
            ("path:4", None),
            ("address", Some("127.0.0.1")),
        ] {
            let place: Taken = text.parse().expect(text);
            assert_eq!(place.of(&parts, from).as_deref(), found, "{text}");
        }
        for wrong in ["", "header:", "header:a b", "query:", "path:0", "path:x", "cookie:a"] {
            assert_eq!(wrong.parse::<Taken>(), Err(NoPlace), "{wrong}");
        }
    }
}
