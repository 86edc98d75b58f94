//! Decisions of the real botocore, recorded with a virtual clock, against those of our blocks.
//!
//! `tests/recorded/botocore_decisions.py` says how `botocore.json` was recorded. C's `pow` stands
//! there where we have a cube root and a product: rates agree to 1e-12, turns to a nanosecond.

use crate::root;
use serde_json::Value;
use throttlesim::strategy::{Answer, AwsQuota, AwsSdk, Ended, Spend, Turn};
use throttlesim::units::{Instant, Span};
use throttlesim::wire::{Response, Status};

fn recorded() -> Value {
    let text = std::fs::read_to_string(root().join("tests/recorded/botocore.json"));
    serde_json::from_str(&text.expect("the recording")).expect("JSON")
}

fn at(ns: &Value) -> Instant {
    Instant::from_nanos(ns.as_u64().expect("nanoseconds"))
}

fn answer(kind: &str) -> Ended {
    let status = match kind {
        "throttle" | "429" => Status::TOO_MANY_REQUESTS,
        "success" | "ok" => Status::OK,
        "400" => Status::BAD_REQUEST,
        // Its limiter takes an unlisted 429 for a success, and so any answer but a throttle.
        _ => Status::INTERNAL_ERROR,
    };
    Ended::first(&Response::bare(status))
}

fn assert_close(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().expect("a number");
    let error = (found - expected).abs() / expected.abs().max(1.0);
    assert!(error <= 1e-12, "{what}: {found}, not {expected}");
}

/// Columns: kind, at, asked at, waits for \[s\], measured, enabled, fill, capacity, tokens,
/// `w_max`.
#[test]
fn the_adaptive_limiter_decides_as_botocores() {
    let (recorded, mut rows) = (recorded(), 0);
    for timeline in recorded["adaptive"]["timelines"].as_array().expect("timelines") {
        let mut limiter = AwsSdk::default().made_at(at(&timeline["start"]));
        for row in timeline["rows"].as_array().expect("rows") {
            let what = format!("{} {row}", timeline["name"]);
            let (kind, now) = (row[0].as_str().expect("a kind"), at(&row[1]));
            match kind {
                "wait" => {
                    let wait = row[3].as_f64().expect("seconds") * 1e9;
                    let wait = Span::from_secs_f64(wait.ceil().max(1.0) / 1e9);
                    let expected = now + wait;
                    let ready = limiter.ready_at(now);
                    let off = ready.as_nanos().abs_diff(expected.as_nanos());
                    assert!(off <= 1, "{what}: {ready:?}, not {expected:?}");
                }
                "gone" => {
                    // A hair below a token there can be one here, and the other way round.
                    let ready = limiter.ready_at(now);
                    assert!(ready.since(now) <= Span::from_nanos(1), "{what}: {ready:?}");
                    limiter.take(now);
                }
                kind => limiter.learn(now, &answer(kind)),
            }
            let [fill, capacity, tokens, measured] = limiter.figures();
            assert_eq!(limiter.is_enabled(), row[5].as_bool().expect("enabled"), "{what}");
            for (figure, column) in [(measured, 4), (fill, 6), (capacity, 7), (tokens, 8)] {
                assert_close(figure, &row[column], &what);
            }
            rows += 1;
        }
    }
    assert!(rows > 1_000, "{rows} rows");
}

/// Calls of the recording, attempt by attempt: what failed, whether it was retried, tokens left.
#[test]
fn the_retry_quota_decides_as_botocores() {
    let (recorded, mut calls) = (recorded(), 0);
    for run in recorded["quota"]["runs"].as_array().expect("runs") {
        let new_rules = run["new_rules"].as_bool().expect("a flag");
        let failed = if new_rules { 14 } else { 5 };
        let most = if new_rules && run["service"] == "dynamodb" { 4 } else { 3 };
        let mut quota = quota_of(failed);
        for call in run["calls"].as_array().expect("calls") {
            let attempts = call["attempts"].as_array().expect("attempts");
            // Today's rules price time-outs apart, and nothing times out here.
            if !new_rules
                && attempts.iter().any(|a| a[0].as_str().expect("an end").contains("timeout"))
            {
                let spent = 500 - call["after"].as_u64().expect("tokens");
                quota = spent_quota(failed, spent);
                continue;
            }
            let mut before: Option<Answer> = None;
            for (attempt, made) in attempts.iter().zip(1..) {
                let ended = Ended { before, ..answer(attempt[0].as_str().expect("an end")) };
                quota.learn(Instant::ORIGIN, &ended);
                let worth = !ended.answer.is_accepted() && attempt[0] != "429";
                let last = made == most;
                let again = worth && !last && quota.grant(Instant::ORIGIN, &ended);
                assert_eq!(again, attempt[1].is_number(), "{call}");
                before = Some(ended.answer);
            }
            assert_eq!(u64::from(quota.left()), call["after"].as_u64().expect("tokens"), "{call}");
            calls += 1;
        }
    }
    assert!(calls > 50, "{calls} calls");
}

/// A full quota whose retries cost so much.
fn quota_of(failed: u32) -> AwsQuota {
    let mut quota = AwsQuota::default();
    quota.failed = failed;
    quota
}

/// A quota of which so many tokens are out.
fn spent_quota(failed: u32, tokens: u64) -> AwsQuota {
    let mut quota = quota_of(1);
    for _ in 0..tokens {
        assert!(quota.grant(Instant::ORIGIN, &answer("500")));
    }
    quota.failed = failed;
    quota
}
