//! What was read from the traces of a scenario, and what of it was left out.
//!
//! ```text
//!   data/access.log (workload doubled): 3 000 rows in 2 h, from 2026-11-26T10:00:00Z; 2 890 are
//!   replayed
//!   left out: 80 that match none of `calls`, the first being `GET /health`; …
//! ```

use super::words::{self, count, percent, seconds};
use crate::metrics::figures::rounded;
use crate::recorded::Unit;
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
    #[serde(skip_serializing_if = "is_none")]
    filtered: u64,
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

/// True of a count that is only written where there is something to count.
#[expect(clippy::trivially_copy_pass_by_ref)]
const fn is_none(rows: &u64) -> bool {
    *rows == 0
}

impl TraceSummary {
    pub fn new(reading: &TraceReading) -> Self {
        let found = &reading.found;
        let listed = found.bad_lines.iter().copied();
        Self {
            workload: reading.workload.clone(),
            file: reading.file.clone(),
            rows: found.rows,
            work: found.replayed,
            filtered: found.filtered,
            unmatched: found.unmatched,
            throttled: found.throttled,
            throttled_kept: found.throttled_kept,
            bad: found.bad,
            bad_lines: listed.map(|(line, reason)| BadLine { line, reason }).collect(),
            out_of_order: found.out_of_order,
            after_end: found.after_end,
            accounts: found.accounts,
            span_s: rounded(found.span.as_secs_f64()),
            throttle_rate: found.throttle_rate().map(rounded),
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
    let found = &reading.found;
    let from = found.starts.and_then(|start| jiff::Timestamp::from_second(start).ok());
    let from = from.map_or(String::new(), |from| format!(", from {from}"));
    let span = seconds(found.span.as_secs_f64());
    let accounts = found.accounts.map_or(String::new(), |accounts| match accounts {
        1 => ", of one account".into(),
        accounts => format!(", of {} accounts", count(accounts)),
    });
    let (rows, replayed) = (count(found.rows), count(found.replayed));
    let mut lines = vec![format!("{rows} rows in {span}{from}; {replayed} are work{accounts}")];
    if !reading.calls.is_empty() {
        let calls = reading.calls.iter();
        let calls: Vec<String> = calls.map(|(call, n)| format!("{} {call}", count(*n))).collect();
        lines.push(format!("called: {}", calls.join(", ")));
    }
    if let Some(unit) = found.unit.filter(|unit| *unit != Unit::Seconds) {
        lines.push(format!("times are numbers in {}", unit.name()));
    }
    if found.filtered > 0 {
        lines.push(format!("left out: {} that do not match `where`", count(found.filtered)));
    }
    if found.unmatched > 0 {
        let first = found.first_unmatched.as_deref().unwrap_or_default();
        let unmatched = count(found.unmatched);
        lines.push(format!("left out: {unmatched} that match no call, the first `{first}`"));
    }
    if found.throttled > 0 && !found.throttled_kept {
        let throttled = count(found.throttled);
        lines.push(format!("left out: {throttled} that were refused with a 429 or 503"));
    }
    if let Some(rate) = found.throttle_rate() {
        lines.push(format!("refused with a 429 or 503 when it was recorded: {}", percent(rate)));
    }
    if found.bad > 0 {
        let listed = found.bad_lines.iter();
        let listed: Vec<String> = listed.map(|(line, why)| format!("line {line}: {why}")).collect();
        let more = if found.bad > listed.len() as u64 { "; …" } else { "" };
        let (bad, listed) = (count(found.bad), listed.join("; "));
        lines.push(format!("left out: {bad} bad rows ({listed}{more})"));
    }
    if found.out_of_order > 0 {
        let (moved, within) = (count(found.out_of_order), words::span(found.sorted_within));
        lines.push(format!("out of order: {moved} rows, sorted by time within {within}"));
    }
    if found.after_end > 0 {
        let late = count(found.after_end);
        lines.push(format!("not reached: {late} come after arrivals stop"));
    }
    lines
}
