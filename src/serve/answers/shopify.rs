//! Shopify's answers: what is used of a bucket in every one; GraphQL throttles with a 200.

use super::{Draft, Said, decimal};
use crate::limiter::Terms;
use serde_json::{Value, json};

/// The bucket: what is left, the most that it holds, and what comes back in a second.
fn bucket(said: &Said<'_>) -> Option<(u64, u64, f64)> {
    said.levels.iter().find_map(|level| match (level.left, level.terms) {
        (Some(left), Some(Terms::Rate { rate, burst })) => {
            Some((left, u64::from(burst), rate.per_second_f64()))
        }
        _ => None,
    })
}

pub(super) fn rest(said: &Said<'_>) -> Draft {
    let (status, body) = match said.is_success() {
        true => said.success(),
        false => (said.status(), json!({ "errors": message(said) })),
    };
    let mut draft = Draft::new(status, body).header("X-Request-Id", said.id());
    if let Some((left, most, _)) = bucket(said) {
        let used = most.saturating_sub(left);
        draft = draft.header("X-Shopify-Shop-Api-Call-Limit", format!("{used}/{most}"));
    }
    match said.retry_after() {
        Some(wait) => draft.header("Retry-After", format!("{wait}.0")),
        None => draft,
    }
}

/// The rate that a refusal names is that of the shop's plan.
fn message(said: &Said<'_>) -> String {
    match (said.status(), bucket(said)) {
        (429, Some((.., rate))) => format!(
            "Exceeded {} calls per second for api client. Reduce request rates to resume \
             uninterrupted service.",
            decimal(rate, 2)
        ),
        (429, None) => "Too Many Requests".into(),
        (400, _) => "Bad Request".into(),
        (503, _) => "Service Unavailable".into(),
        _ => "Internal Server Error".into(),
    }
}

pub(super) fn graphql(said: &Said<'_>) -> Draft {
    let mut body = match (said.is_success(), said.is_refused()) {
        (true, _) => json!({ "data": said.success().1 }),
        (false, true) => json!({ "errors": [{
            "message": "Throttled",
            "extensions": { "code": said.code.unwrap_or("THROTTLED") },
        }] }),
        (false, false) => json!({ "errors": [{ "message": message(said) }] }),
    };
    if let (Some((left, most, rate)), Value::Object(body)) = (bucket(said), &mut body) {
        let actual = if said.is_success() { Value::from(said.cost) } else { Value::Null };
        let cost = json!({ "cost": {
            "requestedQueryCost": said.cost,
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": most,
                "currentlyAvailable": left,
                "restoreRate": rate,
            },
        } });
        body.insert("extensions".into(), cost);
    }
    Draft::new(said.status(), body).header("X-Request-Id", said.id())
}
