//! What a test asks of the stand-in itself, under `/_throttlesim/`.
//!
//! | request | does |
//! |---|---|
//! | `GET clock`, `POST clock {"advance": "45m"}` | tells the time; moves a clock by hand |
//! | `GET state` | what is left of each limit, for each caller and operation that has called |
//! | `GET log` | the last lines of the log |
//! | `GET expect` | what the scenario expects, judged by what was seen |
//! | `GET metrics` | counts in the form of Prometheus |
//! | `POST reset` | all limits are full again, and nothing is counted |

use super::answers::Draft;
use super::clock::{Pace, Stuck};
use super::seen::Seen;
use super::state::State;
use crate::limiter::Terms;
use crate::units::{Instant, Span};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response};
use indexmap::IndexSet;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::atomic::Ordering;

/// Where requests of this kind begin.
pub(super) const PREFIX: &str = "/_throttlesim";

const KNOWN: &str = "GET or POST clock, GET state, GET log, GET expect, GET metrics, POST reset";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance: String,
}

/// Answers a request about the stand-in.
pub(super) fn answer(
    state: &State,
    (method, path): (&Method, &str),
    body: &Bytes,
) -> Response<Bytes> {
    match (method.as_str(), path.trim_matches('/')) {
        ("GET", "clock") => clock(state, state.clock.now()),
        ("POST", "clock") => advance(state, body),
        ("GET", "state") => levels(state),
        ("GET", "log") => text(state.books().journal.recent(), "application/x-ndjson"),
        ("GET", "expect") => expect(state),
        ("GET", "metrics") => text(metrics(state), "text/plain; version=0.0.4"),
        ("POST", "reset") => {
            state.books().reset();
            clock(state, state.clock.now())
        }
        _ => Draft::new(404, json!({ "message": format!("known under {PREFIX}/: {KNOWN}") }))
            .response(),
    }
}

fn text(body: String, kind: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn clock(state: &State, now: Instant) -> Response<Bytes> {
    let goes = match state.clock.pace() {
        Pace::ByHand => json!("by hand"),
        Pace::Times(speed) => json!(speed),
    };
    Draft::new(200, json!({ "now_s": now.as_secs_f64(), "now_ns": now.as_nanos(), "speed": goes }))
        .response()
}

fn advance(state: &State, body: &Bytes) -> Response<Bytes> {
    let wrong = |message: String| Draft::new(400, json!({ "message": message })).response();
    let asked: Move = match serde_json::from_slice(body) {
        Ok(asked) => asked,
        Err(error) => return wrong(format!("write {{\"advance\": \"45m\"}}: {error}")),
    };
    let by: Span = match asked.advance.parse() {
        Ok(by) => by,
        Err(error) => return wrong(format!("`{}` is no span: {error}", asked.advance)),
    };
    match state.clock.advance(by) {
        Ok(now) => clock(state, now),
        Err(Stuck::Goes) => {
            wrong("the clock goes by itself: start with --clock manual to move it".into())
        }
        Err(Stuck::End) => wrong("time ends before that".into()),
    }
}

/// What is left of each limit, of whoever has called.
fn levels(state: &State) -> Response<Bytes> {
    let (names, plan) = (&state.opened.scenario.names, &state.opened.scenario.plan);
    let mut books = state.books();
    let now = state.clock.now();
    books.counter.pass(now);
    // An instance that several callers or operations share is told once.
    let mut limits: IndexSet<String> = IndexSet::new();
    for (caller, operation) in books.past() {
        for level in books.counter.levels(now, (caller, operation)) {
            let scope = plan.limits[level.limit].rule.scope;
            let mut of = serde_json::Map::new();
            of.insert("limit".into(), names.limits[level.limit].clone().into());
            let account = match caller.account < plan.population.accounts {
                true => Value::from(caller.account + 1),
                false => Value::Null,
            };
            let told = [
                (scope.application, "application", Value::from(caller.application + 1)),
                (scope.account, "account", account),
                (scope.region, "region", names.regions[caller.region as usize].clone().into()),
                (scope.operation, "call", names.calls[usize::from(operation.0)].clone().into()),
            ];
            let told = told.into_iter().filter(|(scoped, ..)| *scoped);
            of.extend(told.map(|(_, name, value)| (name.into(), value)));
            of.insert("left".into(), level.left.into());
            of.insert("most".into(), level.terms.map(Terms::most).into());
            limits.insert(Value::Object(of).to_string());
        }
    }
    drop(books);
    let limits: Vec<Value> =
        limits.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
    Draft::new(200, json!({ "now_s": now.as_secs_f64(), "limits": limits })).response()
}

fn expect(state: &State) -> Response<Bytes> {
    let seen = Seen::of(state);
    let list: Vec<Value> = seen
        .verdicts()
        .map(|(expectation, verdict)| {
            json!({
                "that": expectation.text,
                "line": expectation.line,
                "verdict": verdict.key(),
                "value": verdict.value(),
                "why": verdict.reason(),
            })
        })
        .collect();
    Draft::new(200, json!({ "expectations": list, "met": seen.is_met() })).response()
}

/// Counts in the form of Prometheus.
fn metrics(state: &State) -> String {
    let seen = Seen::of(state);
    let names = &state.opened.scenario.names;
    let mut out = String::new();
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
    out += "# HELP throttlesim_calls_total Calls that were decided about.\n\
            # TYPE throttlesim_calls_total counter\n";
    for row in seen.rows() {
        let call = escaped(row.call);
        for (outcome, count) in [("admitted", row.admitted), ("failed", row.failed)] {
            let _ = writeln!(
                out,
                "throttlesim_calls_total{{call=\"{call}\",outcome=\"{outcome}\"}} {count}"
            );
        }
        for (cause, count) in row.refused.iter().enumerate().filter(|(_, count)| **count > 0) {
            let cause = escaped(&names.causes[cause]);
            let _ = writeln!(
                out,
                "throttlesim_calls_total{{call=\"{call}\",outcome=\"refused\",limit=\"{cause}\"}} \
                 {count}"
            );
        }
    }
    let manners = seen.manners;
    for (name, help, count) in [
        ("early_total", "Calls that came before the time that a refusal had told.", manners.early),
        ("hopeless_total", "Calls repeated that cannot succeed.", manners.hopeless),
        ("lost_total", "Calls to paths that there are not.", manners.lost),
    ] {
        let _ = writeln!(
            out,
            "# HELP throttlesim_{name} {help}\n# TYPE throttlesim_{name} counter\n\
             throttlesim_{name} {count}"
        );
    }
    let waiting = state.under_way.load(Ordering::Relaxed);
    let now = state.clock.now().as_secs_f64();
    for (name, help, value) in [
        ("under_way", "Answers that have not left yet.", waiting.to_string()),
        ("clock_seconds", "The time of the clock.", now.to_string()),
    ] {
        let _ = writeln!(
            out,
            "# HELP throttlesim_{name} {help}\n# TYPE throttlesim_{name} gauge\n\
             throttlesim_{name} {value}"
        );
    }
    out
}
