//! What goes out: status, headers and body, as each provider writes them.
//!
//! ```text
//!   Said (what was decided, of which call, what is left of its limits) ──► Response
//! ```

mod amazon;
mod examples;
mod others;
mod shopify;

pub(super) use examples::Examples;

use super::kind::Kind;
use crate::metrics::Fate;
use crate::simulation::{Decided, Level};
use crate::units::{Instant, Span};
use crate::wire::Stamp;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

/// Headers with the capitals that providers write them with.
pub const HEADERS: [&str; 25] = [
    "Content-Type",
    "Retry-After",
    "x-amzn-RequestId",
    "x-amzn-ErrorType",
    "x-amz-apigw-id",
    "x-amzn-RateLimit-Limit",
    "x-amz-pay-request-id",
    "X-Shopify-Shop-Api-Call-Limit",
    "X-Request-Id",
    "x-current-token-count",
    "X-Next-Replenishment-Time",
    "x-limit-per-second",
    "x-remaining-this-second",
    "x-limit-per-day",
    "x-remaining-today",
    "X-Rate-Limit-Requests-Quota",
    "X-Rate-Limit-Requests-Left",
    "X-Rate-Limit-Time-Window-Ms",
    "X-Rate-Limit-Time-Reset-Ms",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "RateLimit-Next",
    "X-Throttlesim-Notice",
    "Allow",
];

/// What is to be said to a client.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub kind: Kind,
    /// The operation, by name.
    pub call: &'a str,
    /// What stood for the words in braces of its path.
    pub words: &'a [&'a str],
    /// The number of the call.
    pub number: u64,
    pub now: Instant,
    pub decided: &'a Decided,
    /// The error code of a refusal, if it has one.
    pub code: Option<&'a str>,
    /// How its `Retry-After` is written.
    pub stamp: Option<Stamp>,
    /// What is left of its limits.
    pub levels: &'a [Level],
    /// The names of all limits.
    pub limits: &'a [String],
    /// What the call asks of limits that count units.
    pub cost: u64,
    /// The time of the wall at virtual time 0 \[s since 1970\].
    pub zero_s: i64,
    pub examples: &'a Examples,
}

/// A number with so many decimals at most, above 0, as a program writes it: `0.0167`, `2`.
fn decimal(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").trim_end_matches('0').trim_end_matches('.').into()
}

/// An answer before it is one of HTTP.
#[derive(Debug)]
pub(super) struct Draft {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

impl Draft {
    pub fn new(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body }
    }

    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    /// With `Retry-After`, if it is told.
    pub fn retry_after(self, said: &Said<'_>) -> Self {
        match said.retry_after() {
            Some(wait) => self.header("Retry-After", wait),
            None => self,
        }
    }

    /// The answer as it is sent.
    pub fn response(self) -> Response<Bytes> {
        let body = match &self.body {
            Value::Null => Bytes::new(),
            body => Bytes::from(body.to_string()),
        };
        let typed = !body.is_empty();
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if typed {
            let json = HeaderValue::from_static("application/json");
            headers.insert(http::header::CONTENT_TYPE, json);
        }
        for (name, value) in self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok();
            if let Some((name, value)) = name.zip(HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        }
        response
    }
}

impl Said<'_> {
    /// The status that was decided.
    pub const fn status(&self) -> u16 {
        self.decided.response.status.0
    }

    /// True if a limit, or chance in its place, has refused the call.
    pub const fn is_refused(&self) -> bool {
        self.decided.cause.is_some()
    }

    pub const fn is_success(&self) -> bool {
        matches!(self.decided.fate, Some(Fate::Success))
    }

    /// `Retry-After`, if it is told: whole seconds, or a date.
    pub fn retry_after(&self) -> Option<String> {
        let wait = self.decided.response.retry_after?;
        let seconds = wait.rounded_up_to(Span::SECOND).as_nanos() / Span::SECOND.as_nanos();
        match self.stamp.filter(|stamp| stamp.is_date()) {
            None => Some(seconds.to_string()),
            Some(_) => self.date(self.now + wait),
        }
    }

    /// An instant as HTTP writes it.
    pub fn date(&self, at: Instant) -> Option<String> {
        let at = jiff::Timestamp::from_second(self.unix(at)).ok()?;
        Some(at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    /// An instant in whole seconds since 1970, rounded up.
    pub fn unix(&self, at: Instant) -> i64 {
        let seconds = at.as_nanos().div_ceil(Span::SECOND.as_nanos());
        self.zero_s.saturating_add_unsigned(seconds)
    }

    /// A text like a UUID, another one for each call.
    pub fn id(&self) -> String {
        let mixed = |salt: u64| {
            let n = (self.number ^ salt).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (n ^ (n >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
        };
        let (a, b) = (format!("{:016x}", mixed(7)), format!("{:016x}", mixed(11)));
        format!("{}-{}-4{}-8{}-{}", &a[..8], &a[8..12], &a[13..], &b[1..4], &b[4..])
    }

    /// The body of a success, and its status.
    pub fn success(&self) -> (u16, Value) {
        self.examples.of(self)
    }
}

/// The answer to a call that a provider has decided about.
pub(super) fn answer(said: &Said<'_>) -> Draft {
    match said.kind {
        Kind::SpApi => amazon::sp_api(said),
        Kind::AmazonPay => amazon::pay(said),
        Kind::PaApi => amazon::pa_api(said),
        Kind::CreatorsApi => amazon::creators(said),
        Kind::ShopifyRest => shopify::rest(said),
        Kind::ShopifyGraphql => shopify::graphql(said),
        Kind::Ecomdash => others::ecomdash(said),
        Kind::Stripe => others::stripe(said),
        Kind::Merchant => others::merchant(said),
        Kind::Walmart | Kind::Etsy | Kind::BigCommerce | Kind::Plain => others::plain(said),
    }
}

/// The answer to a call whose token is too old.
pub(super) fn expired(kind: Kind, id: String) -> Draft {
    match kind {
        Kind::CreatorsApi => amazon::creators_expired(),
        _ => amazon::sp_api_expired(id),
    }
}
