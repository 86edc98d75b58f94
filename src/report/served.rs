//! What a stand-in has seen, when it stops: calls by operation, how clients behave, expectations.

use super::summary::verdict_name;
use super::table::Medium;
use super::words;
use crate::metrics::figures::ratio;
use crate::serve::{Judged, Likeness, Manners, Row, Seen};
use crate::units::Span;

/// All of it, as a terminal shows it; `None` if nothing was called.
#[must_use]
pub fn text(seen: &Seen, alike: &Likeness) -> Option<String> {
    let rows = seen.rows();
    if rows.is_empty() && seen.manners == Manners::default() {
        return None;
    }
    let until = words::seconds(seen.until.as_secs_f64());
    let mut text = match rows.is_empty() {
        true => format!("No call was decided about in {until}.\n"),
        false => format!("Calls in {until}:\n{}\n", table(seen, &rows)),
    };
    for line in manners(seen, &rows, alike)
        .into_iter()
        .chain(expectations(seen))
        .chain(guesses(seen, &rows))
    {
        text += &words::wrapped(&line, 100, "  ");
    }
    Some(text)
}

fn table(seen: &Seen, rows: &[Row<'_>]) -> String {
    let head = ["call", "calls", "admitted", "failed", "refused", "refused by", "limit in use"];
    let mut table = Medium::Terminal.table(&head);
    for row in rows {
        let refused: u64 = row.refused.iter().sum();
        table.add_row([
            row.call.to_string(),
            words::count(row.calls),
            words::count(row.admitted),
            words::count(row.failed),
            words::count(refused),
            causes(seen, row),
            usage(seen, row).map_or_else(|| "–".into(), words::percent),
        ]);
    }
    table.trim_fmt()
}

/// The limits that refused calls, the one that refused most first.
fn causes(seen: &Seen, row: &Row<'_>) -> String {
    let names = &seen.opened.scenario.names.causes;
    let mut all: Vec<(u64, &str)> = row
        .refused
        .iter()
        .zip(names)
        .filter(|(count, _)| **count > 0)
        .map(|(count, name)| (*count, name.as_str()))
        .collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let several = all.len() > 1;
    let word = |(count, name): &(u64, &str)| match several {
        true => format!("{name} {}", words::count(*count)),
        false => (*name).to_string(),
    };
    match all.is_empty() {
        true => "–".into(),
        false => all.iter().map(word).collect::<Vec<_>>().join(", "),
    }
}

/// The largest share of a limit of this operation that was in use.
fn usage(seen: &Seen, row: &Row<'_>) -> Option<f64> {
    let plan = &seen.opened.scenario.plan;
    let meters = plan.meters();
    let of_row =
        meters.iter().zip(&seen.outcome.peaks).filter(|(meter, _)| match meter.operation {
            Some(operation) => usize::from(operation.0) == row.operation,
            None => {
                let rule = &plan.limits[meter.limit].rule;
                rule.operations.iter().any(|of| usize::from(of.0) == row.operation)
            }
        });
    let shares = of_row.filter_map(|(_, peak)| peak.map(|peak| peak.usage.share()));
    shares.max_by(f64::total_cmp)
}

/// How clients behave, a sentence for each thing that there is to say.
fn manners(seen: &Seen, rows: &[Row<'_>], alike: &Likeness) -> Vec<String> {
    let Manners { early, earliest, told, hopeless, lost } = seen.manners;
    let calls = rows.iter().map(|row| row.calls).sum();
    let successes = seen.outcome.cells.iter().map(|cell| cell.requests.completed).sum();
    let mut lines = Vec::new();
    if let Some(needed) = ratio(calls, successes) {
        let needed = words::digits(needed);
        let calls = words::plural("call", &needed);
        lines.push(format!("Clients needed {needed} {calls} per success."));
    }
    match (told, early) {
        (0, _) => {}
        (_, 0) => lines.push("No client came back before its Retry-After.".into()),
        (_, _) => lines.push(format!(
            "{} came back before {} Retry-After, by up to {}.",
            words::counted(early, "call"),
            if early == 1 { "its" } else { "their" },
            words::span(rounded(earliest))
        )),
    }
    lines.extend(likeness(alike));
    if hopeless > 0 {
        lines.push(format!(
            "{} repeated one that was answered with 400, 403 or 404: it cannot succeed.",
            words::counted(hopeless, "call")
        ));
    }
    if lost > 0 {
        let calls = words::counted(lost, "call");
        lines.push(format!("{calls} asked for a path that there is not."));
    }
    lines
}

/// Which presets wait as clients did; nothing if they never tried again.
fn likeness(alike: &Likeness) -> Option<String> {
    let waits = |count: &usize| words::counted(*count as u64, "wait");
    Some(match alike {
        Likeness::Untried => return None,
        Likeness::Few(count) => {
            format!("Clients tried again: {} are too few to find a preset.", waits(count))
        }
        Likeness::Unlike(count) => {
            format!("No preset waits between attempts like these clients ({}).", waits(count))
        }
        Likeness::Nearest(name, [explained, count]) => format!(
            "No preset waits between attempts like these clients: `{name}` is nearest, with {} of \
             {}.",
            words::count(*explained as u64),
            waits(count)
        ),
        Likeness::Alike(names, count) => {
            let named: Vec<String> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
            let more = words::count(names.len().saturating_sub(3) as u64);
            let named = match named.as_slice() {
                [only] => format!("preset {only}"),
                [..] if names.len() > 3 => format!("presets {} and {more} more", named.join(", ")),
                several => format!("presets {}", words::list(several)),
            };
            format!("Clients waited between attempts like the {named} ({}).", waits(count))
        }
    })
}

/// To the millisecond: no network is more exact.
fn rounded(span: Span) -> Span {
    span.rounded_up_to(Span::from_millis(1))
}

fn expectations(seen: &Seen) -> Vec<String> {
    let scenario = &seen.opened.scenario;
    let line = |(expectation, judged): (&crate::scenario::Expectation, &Judged)| {
        let of = scenario.slice_name(expectation.slice);
        let of = of.map_or_else(String::new, |of| format!(" ({of})"));
        let text = &expectation.text;
        match (judged.verdict(), judged.reason()) {
            (Some(verdict), _) => {
                let written = words::of(expectation.metric.measure());
                let found = judged.value().map_or_else(|| "no value".into(), written);
                format!("{}: {text}{of}: found {found}", verdict_name(verdict))
            }
            (None, reason) => format!("not judged: {text}{of}: {}", reason.unwrap_or_default()),
        }
    };
    seen.verdicts().map(line).collect()
}

/// The guesses that limits of what was called lean on, besides those of all calls.
fn guesses(seen: &Seen, rows: &[Row<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for served in &seen.opened.served {
        let calls: Vec<&str> = rows
            .iter()
            .filter(|row| served.calls.iter().any(|of| usize::from(of.0) == row.operation))
            .map(|row| row.call)
            .collect();
        let known: Vec<&str> =
            calls.iter().copied().filter(|call| *call != crate::scenario::OTHER).collect();
        let told = &seen.opened.scenario.assumptions;
        let guesses = served.provider.assumptions(&known).into_iter();
        let guesses = guesses.filter(|guess| !told.contains(guess));
        lines.extend(guesses.map(|guess| format!("assumed: {guess}")));
    }
    lines.sort();
    lines.dedup();
    lines
}
