//! What headers say of a limit, beside what the calls prove.

use super::Fitting;
use super::finding::Finding;
use super::words;
use crate::fit::headers::{Claim, Headers, Waits};
use crate::fit::model::Survivor;
use crate::units::quantity::bounds;
use serde_json::{Value, json};

/// What the log proves of a rate that headers name.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Proof {
    /// The rate is at least so much \[1/s\], which is more.
    AtLeast(f64),
    /// A token bucket of this burst has at least so much \[1/s\], which is more.
    WithBurst(i64, f64),
    /// The rate is at most so much \[1/s\], which is less.
    AtMost(f64),
    /// Nothing else.
    Open,
}

/// The headers of the calls of a limit; `None` without any.
fn headers(fitting: Fitting<'_>, finding: &Finding<'_>) -> Option<Headers> {
    let told = &fitting.heard.told;
    if told.is_empty() {
        return None;
    }
    let groups = fitting.calls(finding);
    let own = groups.iter().filter(|(key, _)| finding.of.is_none_or(|of| of == key.as_slice()));
    let all = own.map(|(_, calls)| Headers::of(calls.iter().copied(), told));
    all.reduce(Headers::join).filter(|headers| !headers.is_empty())
}

/// Bounds of the rate of a limit \[1/s\]: of a window, its limit by its length.
#[expect(clippy::cast_precision_loss)]
fn proved(left: &Survivor) -> (f64, Option<f64>) {
    if let Some(rate) = left.rate_per_s() {
        return rate;
    }
    let (least, most) = left.capacity();
    let Some((short, long)) = left.window() else { return (0.0, None) };
    let low = long.map_or(0.0, |long| least as f64 * 1e9 / long as f64);
    (low, most.filter(|_| short > 0).map(|most| most as f64 * 1e9 / short as f64))
}

/// Whether calls contradict all the rates of headers, from the lowest to the highest \[1/s\].
fn proof(finding: &Finding<'_>, (lowest, highest): (f64, f64)) -> Proof {
    // Headers round their rates, mostly to three digits.
    const SLACK: f64 = 0.005;
    let (below, above) = (highest * (1.0 + SLACK), lowest * (1.0 - SLACK));
    let Some(answer) = finding.answer() else {
        let need = finding.at_least().into_iter().filter(|(_, rate)| *rate > below);
        let most = need.max_by_key(|(burst, _)| *burst);
        return most.map_or(Proof::Open, |(burst, rate)| Proof::WithBurst(burst, rate));
    };
    match proved(answer) {
        (low, _) if low > below => Proof::AtLeast(low),
        (_, Some(high)) if high < above => Proof::AtMost(high),
        _ => Proof::Open,
    }
}

/// What headers say of a limit, and whether its calls contradict it.
#[must_use]
pub fn sentences(fitting: Fitting<'_>, finding: &Finding<'_>) -> Vec<String> {
    let Some(headers) = headers(fitting, finding) else { return Vec::new() };
    let mut said: Vec<String> = Vec::new();
    if let Some((low, high)) = headers.rate {
        let told = match low < high {
            true => format!("{} to {}", words::rate(low), words::rate(high)),
            false => words::rate(low),
        };
        let proof = match proof(finding, (low, high)) {
            Proof::AtLeast(rate) => {
                format!("the log proves at least {}", bounds::rate_at_least(rate))
            }
            Proof::AtMost(rate) => format!("the log proves at most {}", bounds::rate_at_most(rate)),
            Proof::WithBurst(burst, rate) => format!(
                "the log proves at least {} even with a burst of {}",
                bounds::rate_at_least(rate),
                words::count(burst.unsigned_abs())
            ),
            Proof::Open => "the log does not contradict it".into(),
        };
        said.push(format!("headers say {told}; {proof}"));
    }
    said.extend(waits(fitting, "Retry-After", headers.retry_after));
    said.extend(waits(fitting, "the reset in headers", headers.reset));
    let left = "calls were left and the next call was refused";
    said.extend(claims(fitting, "the calls left in headers", &[(headers.remaining, left)]));
    let title = fitting.title(finding);
    said.into_iter().map(|what| format!("{title}: {what}.")).collect()
}

fn waits(fitting: Fitting<'_>, name: &str, waits: Waits) -> Option<String> {
    let wrong = [
        (waits.too_long, "a call was accepted sooner"),
        (waits.too_short, "the next call was refused after it"),
    ];
    claims(fitting, name, &wrong)
}

/// `Retry-After on 40 calls: 3 times a call was accepted sooner, first on lines 4 and 6`.
fn claims(fitting: Fitting<'_>, name: &str, claims: &[(Claim, &str)]) -> Option<String> {
    let told = claims.iter().map(|(claim, _)| claim.told).max().filter(|told| *told > 0)?;
    let mut wrong = Vec::new();
    for (claim, what) in claims {
        if let (count, Some(lines)) = claim.wrong {
            let times =
                if count == 1 { "once".into() } else { format!("{} times", words::count(count)) };
            wrong.push(format!("{times} {what}, first on {}", fitting.lines(lines)));
        }
    }
    let said = match wrong.is_empty() {
        true => "nothing contradicts it".into(),
        false => wrong.join("; "),
    };
    Some(format!("{name} on {}: {said}", words::counted(told, "call")))
}

/// The same for programs; `None` without headers.
#[must_use]
pub fn json(fitting: Fitting<'_>, finding: &Finding<'_>) -> Option<Value> {
    let headers = headers(fitting, finding)?;
    let wrong = |claim: Claim| json!({ "times": claim.wrong.0, "lines": claim.wrong.1 });
    let waits = |waits: Waits| {
        json!({
            "told": waits.too_long.told,
            "too_long": wrong(waits.too_long),
            "too_short": wrong(waits.too_short),
        })
    };
    let rate = headers.rate.map(|(low, high)| {
        let contradicted = proof(finding, (low, high)) != Proof::Open;
        json!({ "told_per_s": [low, high], "contradicted": contradicted })
    });
    Some(json!({
        "rate": rate,
        "retry_after": waits(headers.retry_after),
        "reset": waits(headers.reset),
        "remaining": { "told": headers.remaining.told, "wrong": wrong(headers.remaining) },
    }))
}
