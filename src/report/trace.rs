//! What was read from the traces of a scenario, and what of it was left out.
//!
//! ```text
//!   data/access.log (workload doubled): 3 000 rows in 2 h, from 2026-11-26T10:00:00Z; 2 890 are
//!   replayed
//!   left out: 80 that match none of `calls`, the first being `GET /health`; …
//! ```

use super::words::{self, count, percent, seconds};
use crate::metrics::figures::rounded;
use crate::scenario::{Scenario, TraceReading};
use indexmap::IndexMap;
use serde::Serialize;

/// What was found in a trace, for `summary.json`.
#[derive(Debug, Serialize)]
pub(super) struct TraceSummary {
    workload: String,
    file: String,
    rows: u64,
    work: u64,
    unmatched: u64,
    throttled: u64,
    throttled_kept: bool,
    bad: u64,
    bad_lines: Vec<BadLine>,
    out_of_order: u64,
    after_end: u64,
    accounts: Option<u64>,
    span_s: f64,
    throttle_rate: Option<f64>,
    by_call: IndexMap<String, u64>,
}

#[derive(Debug, Serialize)]
struct BadLine {
    line: u64,
    reason: &'static str,
}

impl TraceSummary {
    pub fn new(reading: &TraceReading) -> Self {
        let listed = reading.bad_lines.iter().copied();
        Self {
            workload: reading.workload.clone(),
            file: reading.file.clone(),
            rows: reading.rows,
            work: reading.replayed,
            unmatched: reading.unmatched,
            throttled: reading.throttled,
            throttled_kept: reading.throttled_kept,
            bad: reading.bad,
            bad_lines: listed.map(|(line, reason)| BadLine { line, reason }).collect(),
            out_of_order: reading.out_of_order,
            after_end: reading.after_end,
            accounts: reading.accounts,
            span_s: rounded(reading.span.as_secs_f64()),
            throttle_rate: reading.throttle_rate().map(rounded),
            by_call: reading.calls.iter().cloned().collect(),
        }
    }
}

/// What was found in each trace, a line for each thing worth knowing.
#[must_use]
pub fn notes(scenario: &Scenario) -> Vec<String> {
    let mut told: Vec<(Vec<&str>, &str, Vec<String>)> = Vec::new();
    for reading in &scenario.traces {
        let lines = lines(reading);
        let same = told.iter_mut().find(|(_, file, said)| *file == reading.file && *said == lines);
        match same {
            Some((workloads, ..)) => workloads.push(&reading.workload),
            None => told.push((vec![&reading.workload], &reading.file, lines)),
        }
    }
    let one = |(workloads, file, lines): (Vec<&str>, &str, Vec<String>)| {
        let plural = if workloads.len() > 1 { "s" } else { "" };
        let of = format!("`{file}` (workload{plural} {})", workloads.join(", "));
        let mut lines = lines.into_iter();
        let first = lines.next().map(|first| format!("{of}: {first}"));
        first.into_iter().chain(lines).collect::<Vec<String>>()
    };
    told.into_iter().flat_map(one).collect()
}

fn lines(reading: &TraceReading) -> Vec<String> {
    let from = reading.starts.and_then(|start| jiff::Timestamp::from_second(start).ok());
    let from = from.map_or(String::new(), |from| format!(", from {from}"));
    let span = seconds(reading.span.as_secs_f64());
    let accounts = reading.accounts.map_or(String::new(), |accounts| match accounts {
        1 => ", of one account".into(),
        accounts => format!(", of {} accounts", count(accounts)),
    });
    let (rows, replayed) = (count(reading.rows), count(reading.replayed));
    let mut lines = vec![format!("{rows} rows in {span}{from}; {replayed} are work{accounts}")];
    if !reading.calls.is_empty() {
        let calls = reading.calls.iter();
        let calls: Vec<String> = calls.map(|(call, n)| format!("{} {call}", count(*n))).collect();
        lines.push(format!("called: {}", calls.join(", ")));
    }
    if reading.unmatched > 0 {
        let first = reading.first_unmatched.as_deref().unwrap_or_default();
        let unmatched = count(reading.unmatched);
        lines.push(format!("left out: {unmatched} that match no call, the first `{first}`"));
    }
    if reading.throttled > 0 && !reading.throttled_kept {
        let throttled = count(reading.throttled);
        lines.push(format!("left out: {throttled} that were refused with a 429 or 503"));
    }
    if let Some(rate) = reading.throttle_rate() {
        lines.push(format!("refused with a 429 or 503 when it was recorded: {}", percent(rate)));
    }
    if reading.bad > 0 {
        let listed = reading.bad_lines.iter();
        let listed: Vec<String> = listed.map(|(line, why)| format!("line {line}: {why}")).collect();
        let more = if reading.bad > listed.len() as u64 { "; …" } else { "" };
        let (bad, listed) = (count(reading.bad), listed.join("; "));
        lines.push(format!("left out: {bad} bad rows ({listed}{more})"));
    }
    if reading.out_of_order > 0 {
        let (moved, within) = (count(reading.out_of_order), words::span(reading.sorted_within));
        lines.push(format!("out of order: {moved} rows, sorted by time within {within}"));
    }
    if reading.after_end > 0 {
        let late = count(reading.after_end);
        lines.push(format!("not reached: {late} come after arrivals stop"));
    }
    lines
}
