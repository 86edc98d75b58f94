//! Accounts step by step as a Chrome trace, which `ui.perfetto.dev` and `chrome://tracing` show.
//!
//! A strategy is a process, a lane a thread; what a limit has left is a counter.

use super::Report;
use super::steps::{What, ends, lanes};
use crate::simulation::{Attempt, Window};
use crate::study::Looks;
use crate::units::{Instant, Span};
use serde_json::{Value, json};

/// The events of a trace, of any number of studies.
#[derive(Debug, Default)]
pub struct Trace {
    events: Vec<Value>,
    /// How many strategies there are so far.
    strategies: usize,
}

impl Trace {
    /// Adds the windows that a second look at a study gave.
    pub fn add(&mut self, report: Report<'_>, looks: &Looks) {
        for (runs, look) in report.study.strategies.iter().zip(&looks.strategies) {
            let Some(look) = look else { continue };
            self.strategies += 1;
            let Report { scenario, .. } = report;
            let label = scenario.names.label(runs.strategy);
            let name = format!("{}: {label}", scenario.name);
            let pid = self.strategies;
            self.events.push(json!(
                {"ph": "M", "name": "process_name", "pid": pid, "args": {"name": name}}
            ));
            self.add_window(report, &look.watched.steps, pid);
        }
    }

    fn add_window(&mut self, report: Report<'_>, window: &Window, pid: usize) {
        let (_, end) = ends(window);
        for lane in lanes(window) {
            for part in lane.parts(end) {
                let (name, args) = match part.what {
                    What::Attempt(attempt) => described(report, attempt),
                    What::BackOff => ("back-off".into(), json!({})),
                    What::Turn => ("until a turn or a worker is free".into(), json!({})),
                };
                let ts = micros(part.from.since(Instant::ORIGIN));
                self.events.push(json!({
                    "ph": "X", "name": name, "pid": pid, "tid": lane.number + 1,
                    "ts": ts, "dur": micros(part.to.since(part.from)), "args": args,
                }));
            }
        }
        let watched = report.scenario.plan.watched();
        for level in &window.levels {
            let (limit, operation) = watched[level.limit];
            let names = &report.scenario.names;
            let call = &names.calls[usize::from(operation.0)];
            let name = format!("left of {} for {call}", names.limits[limit]);
            self.events.push(json!({
                "ph": "C", "name": name, "pid": pid,
                "ts": micros(level.at.since(Instant::ORIGIN)), "args": {"left": level.left},
            }));
        }
    }

    /// The trace as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        json!({"displayTimeUnit": "ms", "traceEvents": self.events}).to_string() + "\n"
    }
}

/// An attempt's name and what is known of it.
fn described(report: Report<'_>, attempt: &Attempt) -> (String, Value) {
    let names = &report.scenario.names;
    let call = names.calls[usize::from(attempt.operation.0)].as_str();
    let cause = attempt.cause.map(|cause| names.causes[usize::from(cause)].as_str());
    let name = match cause {
        Some(cause) => format!("{call}, attempt {}: refused by {cause}", attempt.attempt),
        None => format!("{call}, attempt {}", attempt.attempt),
    };
    let seconds = |at: Instant| at.as_secs_f64();
    let args = json!({
        "workload": names.workloads[usize::from(attempt.workload)],
        "account": report.scenario.caller_name(attempt.caller),
        "request": attempt.request + 1,
        "attempt": attempt.attempt,
        "arrived_s": seconds(attempt.arrived),
        "status": attempt.status.map(|status| status.0),
        "refused_by": cause,
        "would_be_admitted_from_s": attempt.clear_at.map(seconds),
        "retry_after_s": attempt.retry_after.map(|span| span.as_secs_f64()),
    });
    (name, args)
}

#[expect(clippy::cast_precision_loss)]
fn micros(span: Span) -> f64 {
    span.as_nanos() as f64 / 1e3
}
