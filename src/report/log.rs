//! What a log holds, in words and as JSON, and the table that replays it.

use super::words::{count, counted, seconds, span};
use crate::metrics::figures::rounded;
use crate::recorded::{Format, Profile, Unit};
use crate::scenario::{is_hidden, visible};
use crate::units::Span;
use indexmap::IndexMap;
use serde::Serialize;

/// Patterns of calls that are proposed and listed.
const TOP: usize = 10;
/// Columns that are listed.
const LISTED: usize = 40;
/// How far rows may be out of order by default, and the share of bad rows \[1 of so many\].
const SORTED_WITHIN: Span = Span::from_secs(120);
const BAD_OF: u64 = 100;

/// What a log holds, as lines, and the table of a scenario that replays it.
#[must_use]
pub fn text(file: &str, profile: &Profile) -> String {
    let mut lines = head(file, profile);
    lines.extend(left_out(profile));
    if !profile.calls.is_empty() {
        let more = profile.calls.len().saturating_sub(TOP);
        let all = count(profile.calls.len() as u64);
        lines.push(format!(
            "calls: {all} patterns{}",
            if more > 0 { ", the first ten" } else { "" }
        ));
        let shown = profile.calls.iter().take(TOP);
        lines.extend(shown.map(|(call, rows)| format!("  {:>11}  {call}", count(*rows))));
    }
    let lines: Vec<String> = lines.iter().map(|line| visible(line)).collect();
    format!("{}\n\n{}", lines.join("\n"), table(file, profile))
}

fn head(file: &str, profile: &Profile) -> Vec<String> {
    let log = &profile.log;
    let gzip = if profile.is_compressed { ", compressed by gzip" } else { "" };
    let more = if profile.columns.len() > LISTED { ", …" } else { "" };
    let shown = profile.columns.len().min(LISTED);
    let mut lines = vec![
        format!("{file}: {}{gzip}", log.format.name()),
        format!("columns: {}{more}", profile.columns[..shown].join(", ")),
        format!("used: {}", used(profile).join(", ")),
    ];
    let rows = rows_of(profile.rows);
    lines.push(match profile.times {
        Some((first, last)) => format!(
            "{rows} from {} to {} ({})",
            moment(first),
            moment(last),
            seconds(Span::from_nanos(last.abs_diff(first)).as_secs_f64())
        ),
        None => rows,
    });
    if let Some(unit) = profile.unit.filter(|unit| *unit != Unit::Seconds) {
        lines.push(format!("times: numbers in {}", unit.name()));
    }
    match profile.accounts {
        Some((accounts, _)) => lines.push(format!("accounts: {}", count(accounts))),
        None if log.format.is_access_log() => {
            lines.push("accounts: none (--account user or --account host)".into());
        }
        None => lines.push("accounts: none".into()),
    }
    if !profile.statuses.is_empty() {
        let each = profile.statuses.iter();
        let each: Vec<String> = each.map(|(s, rows)| format!("{s} ({})", count(*rows))).collect();
        lines.push(format!("statuses: {}", each.join(", ")));
    }
    lines
}

fn used(profile: &Profile) -> Vec<String> {
    let columns = &profile.log.columns;
    let mut used = vec![format!("time `{}`", columns.time)];
    used.extend(columns.account.iter().map(|name| format!("account `{name}`")));
    if !columns.call.is_empty() {
        used.push(format!("call `{}`", columns.call.join("` and `")));
    }
    used.extend(columns.status.iter().map(|name| format!("status `{name}`")));
    let only = columns.only.iter();
    used.extend(only.map(|(name, pattern)| format!("where `{name}` is `{}`", pattern.text())));
    used
}

fn left_out(profile: &Profile) -> Vec<String> {
    let mut lines = Vec::new();
    if profile.filtered > 0 {
        let filtered = rows_of(profile.filtered);
        lines.push(format!("left out: {filtered} more that `where` does not match"));
    }
    if profile.refused() > 0 {
        let refused = rows_of(profile.refused());
        lines.push(format!("left out: {refused} with status 429 or 503 (attempts, not work)"));
    }
    if profile.bad > 0 {
        let listed = profile.bad_lines.iter().map(|(line, why)| format!("line {line}: {why}"));
        let listed: Vec<String> = listed.collect();
        let more = if profile.bad > listed.len() as u64 { "; …" } else { "" };
        let bad = rows_of(profile.bad);
        lines.push(format!("left out: {bad} that cannot be read ({}{more})", listed.join("; ")));
    }
    if let Some((_, without @ 1..)) = profile.accounts {
        lines.push(format!("left out: {} without an account", rows_of(without)));
    }
    if let (rows @ 1.., Some(first)) = &profile.strange {
        let rows = rows_of(*rows);
        lines.push(format!("without a status: {rows} where it is not a number, such as `{first}`"));
    }
    if profile.out_of_order > 0 {
        let (rows, by) = (rows_of(profile.out_of_order), span(profile.late_by));
        lines.push(format!("out of order: {rows}, by {by} at most"));
    }
    lines
}

/// A number of rows.
fn rows_of(number: u64) -> String {
    counted(number, "row")
}

/// A date, or the seconds since a zero that is not 1970.
fn moment(nanos: i64) -> String {
    match jiff::Timestamp::from_nanosecond(nanos.into()) {
        Ok(date) if date.as_second() >= 1_000_000_000 => date.to_string(),
        _ => seconds(Span::from_nanos(nanos.unsigned_abs()).as_secs_f64()),
    }
}

/// The table of a scenario that replays the log, with what does not go without saying.
fn table(file: &str, profile: &Profile) -> String {
    let (log, columns) = (&profile.log, &profile.log.columns);
    let usual = log.format.usual();
    let mut keys = vec![("file", quoted(file))];
    if Format::of(file) != Some(log.format) {
        keys.push(("format", quoted(log.format.name())));
    }
    if log.format.is_table() && log.separator != b',' {
        keys.push(("separator", quoted(&char::from(log.separator).to_string())));
    }
    if columns.time != usual.time {
        keys.push(("time", quoted(&columns.time)));
    }
    if let Some(account) = columns.account.as_ref().filter(|name| usual.account != Some(*name)) {
        keys.push(("account", quoted(account)));
    }
    if !columns.call.iter().eq(usual.call) && !columns.call.is_empty() {
        let parts: Vec<String> = columns.call.iter().map(|part| quoted(part)).collect();
        let list = format!("[{}]", parts.join(", "));
        keys.push(("call", if parts.len() == 1 { parts[0].clone() } else { list }));
    }
    if let Some(status) = columns.status.as_ref().filter(|name| usual.status != **name) {
        keys.push(("status", quoted(status)));
    }
    let is_usual = columns
        .only
        .iter()
        .map(|(name, p)| (name.clone(), p.text()))
        .eq(usual.only.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())));
    if !is_usual {
        let only = columns.only.iter();
        let only: Vec<String> =
            only.map(|(name, p)| format!("{} = {}", quoted(name), quoted(&p.text()))).collect();
        keys.push(("where", format!("{{ {} }}", only.join(", "))));
    }
    if profile.late_by > SORTED_WITHIN {
        let minutes = profile.late_by.as_secs_f64().div_euclid(60.0) + 1.0;
        keys.push(("sort_within", format!("\"{minutes:.0}m\"")));
    }
    let bad = profile.bad + profile.accounts.map_or(0, |(_, without)| without);
    if bad * BAD_OF > profile.rows {
        keys.push(("bad_rows", format!("\"{}%\"", (bad * 100).div_ceil(profile.rows.max(1)))));
    }
    if profile.has_requests() {
        keys.push(("calls", calls(profile)));
    }
    let keys = keys.iter().map(|(key, value)| format!("{key} = {value}\n"));
    format!("{}[workload.recorded.arrivals.trace]\n{}", clients(profile), keys.collect::<String>())
}

/// What else the scenario has to say.
fn clients(profile: &Profile) -> String {
    match profile.accounts {
        Some((accounts, _)) => format!("[clients]\naccounts = {accounts}\n\n"),
        None => String::new(),
    }
}

fn calls(profile: &Profile) -> String {
    // What cannot be seen is not proposed to be pasted.
    let shown = profile.calls.iter().filter(|(call, _)| !call.contains(is_hidden));
    let each = shown.take(TOP).map(|(call, rows)| {
        let call = quoted(call);
        format!("  {{ match = {call}, call = {call} }}, # {}\n", rows_of(*rows))
    });
    format!("[ # name the operation of each as its provider does\n{}]", each.collect::<String>())
}

/// A text of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

/// What a log holds, for programs.
#[derive(Debug, Serialize)]
struct Json<'a> {
    file: &'a str,
    format: &'static str,
    compressed: bool,
    columns: &'a [String],
    used: Used<'a>,
    rows: u64,
    first: Option<String>,
    last: Option<String>,
    span_s: Option<f64>,
    time_unit: Option<&'static str>,
    accounts: Option<u64>,
    statuses: IndexMap<String, u64>,
    calls: IndexMap<&'a str, u64>,
    other_calls: u64,
    filtered: u64,
    refused: u64,
    bad: u64,
    bad_lines: Vec<BadLine>,
    without_account: u64,
    strange_statuses: u64,
    out_of_order: u64,
    out_of_order_by_s: f64,
    table: String,
}

#[derive(Debug, Serialize)]
struct Used<'a> {
    time: &'a str,
    account: Option<&'a str>,
    call: &'a [String],
    status: Option<&'a str>,
    r#where: IndexMap<&'a str, String>,
}

#[derive(Debug, Serialize)]
struct BadLine {
    line: u64,
    reason: &'static str,
}

/// What a log holds, as JSON.
#[must_use]
pub fn json(file: &str, profile: &Profile) -> String {
    let columns = &profile.log.columns;
    let (first, last) = profile.times.unzip();
    let statuses = profile.statuses.iter().map(|(status, rows)| (status.to_string(), *rows));
    let bad_lines = profile.bad_lines.iter().copied();
    let json = Json {
        file,
        format: profile.log.format.name(),
        compressed: profile.is_compressed,
        columns: &profile.columns,
        used: Used {
            time: &columns.time,
            account: columns.account.as_deref(),
            call: &columns.call,
            status: columns.status.as_deref(),
            r#where: columns.only.iter().map(|(name, p)| (name.as_str(), p.text())).collect(),
        },
        rows: profile.rows,
        first: first.map(moment),
        last: last.map(moment),
        span_s: profile
            .times
            .map(|(first, last)| rounded(Span::from_nanos(last.abs_diff(first)).as_secs_f64())),
        time_unit: profile.unit.map(Unit::name),
        accounts: profile.accounts.map(|(accounts, _)| accounts),
        statuses: statuses.collect(),
        calls: profile.calls.iter().map(|(call, rows)| (call.as_str(), *rows)).collect(),
        other_calls: profile.other_calls,
        filtered: profile.filtered,
        refused: profile.refused(),
        bad: profile.bad,
        bad_lines: bad_lines.map(|(line, reason)| BadLine { line, reason }).collect(),
        without_account: profile.accounts.map_or(0, |(_, without)| without),
        strange_statuses: profile.strange.0,
        out_of_order: profile.out_of_order,
        out_of_order_by_s: rounded(profile.late_by.as_secs_f64()),
        table: table(file, profile),
    };
    serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
}
