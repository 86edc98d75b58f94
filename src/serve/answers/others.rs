//! Answers of the other providers, and of APIs of the user's own.

use super::super::kind::Kind;
use super::{Draft, Said};
use crate::simulation::Level;
use crate::units::{Instant, Span};
use crate::wire::When;
use serde_json::{Value, json};

/// In the form of Azure API Management.
pub(super) fn ecomdash(said: &Said<'_>) -> Draft {
    if said.is_success() {
        return with_told(said, said.success());
    }
    let wait = said.retry_after();
    let message = match (said.status(), &wait) {
        (429, Some(wait)) => format!("Rate limit is exceeded. Try again in {wait} seconds."),
        (429, None) => "Rate limit is exceeded.".into(),
        (403, _) => "Forbidden: too many bad requests.".into(),
        (status, _) => reason(status).into(),
    };
    let body = json!({ "statusCode": said.status(), "message": message });
    with_told(said, (said.status(), body))
}

pub(super) fn stripe(said: &Said<'_>) -> Draft {
    if said.is_success() {
        return with_told(said, said.success());
    }
    let error = match said.status() {
        429 => json!({
            "type": "invalid_request_error",
            "code": said.code.unwrap_or("rate_limit"),
            "message": "Request rate limit exceeded.",
        }),
        status => json!({ "type": "api_error", "message": reason(status) }),
    };
    with_told(said, (said.status(), json!({ "error": error })))
}

pub(super) fn merchant(said: &Said<'_>) -> Draft {
    if said.is_success() {
        return with_told(said, said.success());
    }
    let (word, details) = match said.status() {
        429 => ("RESOURCE_EXHAUSTED", said.code.map(|code| json!([{ "reason": code }]))),
        400 => ("INVALID_ARGUMENT", None),
        503 => ("UNAVAILABLE", None),
        _ => ("INTERNAL", None),
    };
    let mut error =
        json!({ "code": said.status(), "message": reason(said.status()), "status": word });
    if let (Some(details), Value::Object(error)) = (details, &mut error) {
        error.insert("details".into(), details);
    }
    with_told(said, (said.status(), json!({ "error": error })))
}

/// An object with the code and the reason, for whoever has no form that is known.
pub(super) fn plain(said: &Said<'_>) -> Draft {
    if said.is_success() {
        return with_told(said, said.success());
    }
    let code = said.code.map_or_else(|| said.status().to_string(), String::from);
    let body = json!({ "error": { "code": code, "message": reason(said.status()) } });
    with_told(said, (said.status(), body))
}

const fn reason(status: u16) -> &'static str {
    match status {
        200..=299 | 429 => "Too many requests.",
        400 => "The request is invalid.",
        403 => "Access is denied.",
        503 => "The service is temporarily unavailable.",
        _ => "An internal error has occurred.",
    }
}

/// An answer with `Retry-After`, and with what it tells of limits.
fn with_told(said: &Said<'_>, (status, body): (u16, Value)) -> Draft {
    let draft = Draft::new(status, body).retry_after(said);
    let told = said.levels.iter().filter(|level| level.told.is_some());
    match said.kind {
        Kind::Etsy => told.fold(draft, |draft, level| etsy(draft, said, level)),
        Kind::Walmart => told.fold(draft, |draft, level| walmart(draft, said, level)),
        Kind::BigCommerce => told.fold(draft, |draft, level| big_commerce(draft, said, level)),
        // The tightest says most.
        _ => match told.min_by_key(|level| level.told.map(|told| told.remaining)) {
            Some(level) => draft_7(draft, said, level),
            None => draft,
        },
    }
}

fn etsy(draft: Draft, said: &Said<'_>, level: &Level) -> Draft {
    let (Some(told), Some(terms)) = (level.told, level.terms) else { return draft };
    let names = match said.limits[level.limit].contains("day") {
        true => ("x-limit-per-day", "x-remaining-today"),
        false => ("x-limit-per-second", "x-remaining-this-second"),
    };
    draft.header(names.0, terms.most()).header(names.1, told.remaining)
}

fn walmart(draft: Draft, said: &Said<'_>, level: &Level) -> Draft {
    let Some(told) = level.told else { return draft };
    let draft = draft.header("x-current-token-count", told.remaining);
    match told.next.map(|next| next.read(said.now)) {
        Some(at) => draft.header("X-Next-Replenishment-Time", unix_ms(said, at)),
        None => draft,
    }
}

fn big_commerce(draft: Draft, said: &Said<'_>, level: &Level) -> Draft {
    let Some(told) = level.told else { return draft };
    let mut draft = draft
        .header("X-Rate-Limit-Requests-Left", told.remaining)
        .header("X-Rate-Limit-Time-Window-Ms", 30_000);
    if let Some(terms) = level.terms {
        draft = draft.header("X-Rate-Limit-Requests-Quota", terms.most());
    }
    match told.reset {
        Some(reset) => {
            let wait = reset.read(said.now).since(said.now);
            draft.header("X-Rate-Limit-Time-Reset-Ms", wait.as_nanos().div_ceil(1_000_000))
        }
        None => draft,
    }
}

/// The headers of the drafts of a standard.
fn draft_7(draft: Draft, said: &Said<'_>, level: &Level) -> Draft {
    let Some(told) = level.told else { return draft };
    let mut draft = draft.header("RateLimit-Remaining", told.remaining);
    if let Some(terms) = level.terms {
        draft = draft.header("RateLimit-Limit", terms.most());
    }
    let seconds = |when: When| match when {
        When::After(wait) => {
            i64::try_from(wait.as_nanos().div_ceil(Span::SECOND.as_nanos())).unwrap_or(i64::MAX)
        }
        When::At(at) => said.unix(at),
    };
    for (name, when) in [("RateLimit-Reset", told.reset), ("RateLimit-Next", told.next)] {
        if let Some(when) = when {
            draft = draft.header(name, seconds(when));
        }
    }
    draft
}

fn unix_ms(said: &Said<'_>, at: Instant) -> i64 {
    let ms = i64::try_from(at.as_nanos() / 1_000_000).unwrap_or(i64::MAX);
    said.zero_s.saturating_mul(1000).saturating_add(ms)
}
