//! All that crosses the counter between a client and a provider.
//!
//! ```text
//!            Caller, Operation                 check every limit in scope
//!   client ─────────────────────► provider ──────────────────────────────► admit or refuse
//!          ◄─────────────────────
//!            Response: status, Retry-After, rate header: what this provider would really tell
//!            Told: what its limits still hold, for clients that act on it
//! ```
//!
//! A client learns nothing that is not in a [`Response`], or [`Told`] beside it: neither the cause
//! of a refusal, nor how full a bucket is unless the provider says so.

mod told;

pub use told::{Rounds, Since, Stamp, Told, When};

use crate::units::{Rate, Span};
use std::fmt;

/// An operation of a provider, as an index into the plan's operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Operation(pub u16);

/// Who calls: an application on behalf of an account in a region, each an index from 0.
///
/// Providers scope their limits over subsets of these and the operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Caller {
    /// The developer application.
    pub application: u32,
    /// The account (selling partner, merchant, associate) on whose behalf it calls.
    pub account: u32,
    /// The regional account whose credentials it uses.
    pub region: u32,
    /// The number of its process, which is the same machine for all accounts where a limit says so.
    pub process: u32,
    /// What the request asks for, where a limit tells that apart.
    pub key: u32,
    /// Which node of a provider decides, of however many a limit has: any number, modulo those.
    pub node: u32,
}

/// An HTTP status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Status(pub u16);

impl Status {
    /// 200: the request succeeded.
    pub const OK: Self = Self(200);
    /// 400: the request broke the provider's validation rules.
    pub const BAD_REQUEST: Self = Self(400);
    /// 403: the caller may not, at least not now.
    pub const FORBIDDEN: Self = Self(403);
    /// 404: there is no such thing.
    pub const NOT_FOUND: Self = Self(404);
    /// 429: throttled.
    pub const TOO_MANY_REQUESTS: Self = Self(429);
    /// 500: the provider failed.
    pub const INTERNAL_ERROR: Self = Self(500);
    /// 503: the provider is out.
    pub const UNAVAILABLE: Self = Self(503);

    /// True if a failure with it is a throttled call: 429, and 2xx, with which nothing else fails.
    #[must_use]
    pub const fn is_throttling(self) -> bool {
        self.0 == 429 || self.is_success()
    }

    /// True for 2xx.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self.0, 200..=299)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// An error code in a response's body (`QuotaExceeded`), as an index into the plan's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub u16);

/// What a client gets back for an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: Status,
    /// The error code in its body, where this provider sends one.
    pub code: Option<Code>,
    /// The `Retry-After` header, where this provider sends one.
    pub retry_after: Option<Span>,
    /// The rate header (`x-amzn-RateLimit-Limit`), where this provider sends one.
    pub rate_limit: Option<Rate>,
}

impl Response {
    /// A response of `status` and nothing else.
    #[must_use]
    pub const fn bare(status: Status) -> Self {
        Self { status, code: None, retry_after: None, rate_limit: None }
    }

    /// True if the request succeeded: a status of 2xx without an error code in the body, with which
    /// some APIs throttle.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        self.status.is_success() && self.code.is_none()
    }
}
