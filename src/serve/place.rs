//! What a request says where its account or its application is taken from.

use super::route::words;
use crate::scenario::Taken;
use http::request::Parts;
use std::borrow::Cow;
use std::net::IpAddr;

/// What a request from an address says at a place.
pub(super) fn said<'a>(place: &Taken, parts: &'a Parts, from: IpAddr) -> Option<Cow<'a, str>> {
    match place {
        Taken::Header(name) => parts.headers.get(name.as_str())?.to_str().ok().map(Into::into),
        Taken::Query(name) => {
            let mut pairs = parts.uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into())
        }
        Taken::Path(number) => words(parts.uri.path()).nth(number - 1).map(Into::into),
        Taken::Address => Some(from.to_string().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_at_a_place_is_found() {
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
            assert_eq!(said(&place, &parts, from).as_deref(), found, "{text}");
        }
    }
}
