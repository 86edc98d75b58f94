//! Amazon's answers: Selling Partner API, Amazon Pay, PA-API 5 and the Creators API.

use super::{Draft, Said, decimal};
use serde_json::{Value, json};

/// A refusal has neither the rate header nor `Retry-After`, unless the scenario says so.
pub(super) fn sp_api(said: &Said<'_>) -> Draft {
    let (status, body) = match said.is_success() {
        true => said.success(),
        false => (said.status(), sp_api_errors(said)),
    };
    let mut draft = Draft::new(status, body).header("x-amzn-RequestId", said.id());
    if said.is_refused() {
        if status == 429 {
            draft = draft.header("x-amzn-ErrorType", "TooManyRequestsException");
        }
        draft = draft.header("x-amz-apigw-id", apigw(said));
    }
    if let Some(rate) = said.decided.response.rate_limit {
        // Amazon cuts fractions to four digits: 0.0167 is one a minute.
        draft = draft.header("x-amzn-RateLimit-Limit", decimal(rate.per_second_f64(), 4));
    }
    draft.retry_after(said)
}

fn sp_api_errors(said: &Said<'_>) -> Value {
    let (code, message) = match (said.status(), said.code) {
        (_, Some(code)) if said.is_refused() => {
            (code, "You exceeded your quota for the requested resource.")
        }
        (429, _) => ("QuotaExceeded", "You exceeded your quota for the requested resource."),
        (400, _) => ("InvalidInput", "The request is invalid."),
        (403, _) => ("Unauthorized", "Access to requested resource is denied."),
        (503, _) => ("ServiceUnavailable", "The service is temporarily unavailable."),
        _ => ("InternalFailure", "We encountered an internal error. Please try again."),
    };
    json!({ "errors": [{ "code": code, "message": message, "details": "" }] })
}

/// The words that clients look for to mint another token.
pub(super) fn sp_api_expired(id: String) -> Draft {
    let body = json!({ "errors": [{
        "code": "Unauthorized",
        "message": "Access to requested resource is denied.",
        "details": "The access token you provided has expired.",
    }] });
    Draft::new(403, body)
        .header("x-amzn-RequestId", id)
        .header("x-amzn-ErrorType", "AccessDeniedException")
}

/// An id like those of API Gateway: letters, digits and a `=`.
fn apigw(said: &Said<'_>) -> String {
    said.id().replace('-', "").chars().take(15).collect::<String>() + "="
}

pub(super) fn pay(said: &Said<'_>) -> Draft {
    let (status, body) = match said.is_success() {
        true => said.success(),
        false => {
            let (reason, message) = match said.status() {
                429 => ("TooManyRequests", "Too many requests: slow down."),
                400 => ("InvalidParameterValue", "A parameter has a value that is not allowed."),
                503 => ("ServiceUnavailable", "The service is temporarily unavailable."),
                403 => ("UnauthorizedAccess", "Access is denied."),
                _ => ("InternalServerError", "An internal error has occurred."),
            };
            let reason = said.code.unwrap_or(reason);
            (said.status(), json!({ "reasonCode": reason, "message": message }))
        }
    };
    Draft::new(status, body).header("x-amz-pay-request-id", said.id()).retry_after(said)
}

pub(super) fn pa_api(said: &Said<'_>) -> Draft {
    if said.is_success() {
        let (status, body) = said.success();
        return Draft::new(status, body).header("x-amzn-RequestId", said.id());
    }
    let (kind, code, message) = match said.status() {
        429 => (
            "TooManyRequestsException",
            "TooManyRequests",
            "The request was denied due to request throttling. Please verify the number of \
             requests made per second to the Amazon Product Advertising API.",
        ),
        403 => (
            "AssociateNotEligibleException",
            "AssociateNotEligible",
            "Your account does not currently meet the eligibility requirements to access the \
             Product Advertising API.",
        ),
        400 => {
            ("InvalidParameterValueException", "InvalidParameterValue", "The request is invalid.")
        }
        _ => ("InternalFailureException", "InternalFailure", "An internal error has occurred."),
    };
    let body = json!({
        "__type": format!("com.amazon.paapi5#{kind}"),
        "Errors": [{ "Code": code, "Message": message }],
    });
    Draft::new(said.status(), body).header("x-amzn-RequestId", said.id()).retry_after(said)
}

pub(super) fn creators(said: &Said<'_>) -> Draft {
    if said.is_success() {
        let (status, body) = said.success();
        return Draft::new(status, body).header("x-amzn-RequestId", said.id());
    }
    let body = match said.status() {
        429 => json!({ "message": "Rate exceeded", "type": "ThrottleException" }),
        403 => json!({
            "message": "The account does not meet the requirements for access.",
            "type": "AccessDeniedException",
            "reason": "AssociateNotEligible",
        }),
        400 => json!({ "message": "The request is invalid.", "type": "ValidationException" }),
        _ => json!({
            "message": "An internal error has occurred.",
            "type": "InternalServerException",
        }),
    };
    Draft::new(said.status(), body).header("x-amzn-RequestId", said.id()).retry_after(said)
}

pub(super) fn creators_expired() -> Draft {
    let body = json!({
        "message": "The token has expired.",
        "type": "UnauthorizedException",
        "reason": "TokenExpired",
    });
    Draft::new(401, body)
}
