//! `report.md` of a fit, its pictures, and the same figures for programs.

use super::super::table::Medium;
use super::super::{File, ReportError, pictures as drawn, safe, words};
use super::against::{self, Compared};
use super::finding::{self, Finding};
use super::notes::unclear;
use super::pictures::{self, Named};
use super::{
    Fitting, both, days, figures, json, notes, probes, probes_json, said, sentences, split,
};
use crate::fit::model::Model;
use crate::fit::rows::Status;
use crate::parallel;
use comfy_table::CellAlignment;
use std::fmt::Write;

/// How the names of pictures begin that one fit draws and another may leave out.
pub const PICTURES: &[&str] = &["region-", "deficit-"];

/// Limits that have pictures.
const MOST_PICTURED: usize = 12;

/// What a user asked for beside the limits.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The log beside what a catalogue of this name publishes.
    pub against: Option<(&'a str, &'a [Compared])>,
    /// The cheapest probe with at most so many refusals.
    pub refusals: Option<i64>,
}

/// Every file of a fit, by name.
///
/// # Errors
/// A picture cannot be drawn.
pub fn files(fitting: Fitting<'_>, asked: Asked<'_>) -> Result<Vec<File>, ReportError> {
    let findings = finding::all(fitting.outcome);
    let pictured = findings.iter().enumerate().take(MOST_PICTURED);
    let albums: Vec<Vec<Named>> =
        pictured.map(|(nth, finding)| pictures::of(fitting, finding, nth + 1)).collect();
    let page = page(fitting, asked, &findings, &albums);
    let compared = asked.against.map(|(_, compared)| against::json(compared));
    let probes = asked.refusals.map(|refusals| probes_json(fitting, refusals));
    let mut files = vec![
        ("report.md".into(), safe::markdown(&page).into_bytes()),
        ("fit.json".into(), json::text(fitting, compared, probes).into_bytes()),
    ];
    let named: Vec<Named> = albums.into_iter().flatten().collect();
    let all = parallel::try_map(&named, |named| drawn::both(&named.file, &named.picture))?;
    files.extend(all.into_iter().flatten());
    Ok(files)
}

fn page(
    fitting: Fitting<'_>,
    asked: Asked<'_>,
    findings: &[Finding<'_>],
    albums: &[Vec<Named>],
) -> String {
    let names: Vec<String> = fitting.files.iter().map(|(name, _)| safe::cell(name)).collect();
    let mut page = format!("# Which limits does {} show?\n\n", words::list(&names));
    if let Some((name, compared)) = asked.against {
        list(&mut page, against::sentences(compared, name));
        let _ = writeln!(page, "{}\n", against::table(compared, Medium::Markdown).trim());
    }
    list(&mut page, sentences(fitting));
    let begin = fitting.heard.calls.iter().map(|call| call.decided.lo).min().unwrap_or(0);
    for (nth, finding) in findings.iter().enumerate() {
        let _ = writeln!(page, "## {}\n", safe::cell(&fitting.title(finding)));
        limit(&mut page, (fitting, begin), finding);
        for named in albums.get(nth).into_iter().flatten() {
            let _ = writeln!(page, "![{}]({}.png)\n", safe::cell(&named.title), named.file);
        }
    }
    if findings.len() > albums.len() {
        let all = words::count(findings.len() as u64);
        let _ = writeln!(page, "Only the first {MOST_PICTURED} of {all} limits have pictures.\n");
    }
    if let Some(refusals) = asked.refusals {
        let probes = probes(fitting, refusals, (Medium::Markdown, 0));
        if !probes.is_empty() {
            let _ = writeln!(page, "## The cheapest probe\n\n{}\n", probes.trim());
        }
    }
    page += "## What to mind\n\n";
    list(&mut page, notes(fitting));
    let version = env!("CARGO_PKG_VERSION");
    let _ = writeln!(
        page,
        "Bounds are proved: no figures outside them explain the log, whenever within its bounds \
         each call was decided. Every figure is in `fit.json`. Made by throttlesim {version}."
    );
    page
}

fn list(page: &mut String, lines: Vec<String>) {
    for line in &lines {
        let _ = writeln!(page, "- {}", safe::cell(line));
    }
    if !lines.is_empty() {
        page.push('\n');
    }
}

/// The evidence of one limit in a log that begins at `begin` \[ns\]: a row for each kind, and what
/// cannot be told.
fn limit(page: &mut String, (fitting, begin): (Fitting<'_>, i64), finding: &Finding<'_>) {
    if finding.counts[0] > 0 && finding.counts[1] > 0 {
        let mut table =
            Medium::Markdown.table(&["kind of limit", "figures, proved", "what the log says"]);
        for column in table.column_iter_mut() {
            column.set_cell_alignment(CellAlignment::Left);
        }
        for model in Model::simple().into_iter().chain(Model::further()) {
            if let Some([figures, says]) = row((fitting, begin), finding, model) {
                table.add_row([figures::name(model), figures, says]);
            }
        }
        if let Some(days) = finding.days {
            let row = [days::NAME.into(), days::of(fitting, days), "explains every call".into()];
            table.add_row(row);
        }
        for pair in finding.pairs {
            let shown = if pair.is_shown() { both::of(fitting, pair) } else { "–".into() };
            table.add_row([both::name(pair), shown, both::said(fitting, finding, pair)]);
        }
        if let Some(says) = split::said(fitting, finding) {
            let shown = finding.nodes().map_or("–".into(), |(_, one)| split::proved(&one.proved));
            table.add_row([split::NAME.into(), shown, says]);
        }
        let _ = writeln!(page, "{}\n", *table);
    }
    let mut open: Vec<String> = unclear(finding).map(String::from).collect();
    let undecided: Vec<String> =
        finding.undecided().iter().map(|left| figures::name(left.model)).collect();
    match finding.answer() {
        Some(_) if undecided.is_empty() => {}
        Some(answer) => open.push(format!(
            "{} cannot be told apart from {}",
            figures::name(answer.model),
            words::list(&undecided)
        )),
        None if finding.counts[0] == 0 => open.push("no call was accepted".into()),
        None if finding.counts[1] == 0 => open.push("no call was refused".into()),
        None if undecided.len() > 1 => {
            open.push(format!("these cannot be told apart: {}", words::list(&undecided)));
        }
        None if undecided.len() == 1 => {
            open.push("the figures hold only if no call is missing from the log".into());
        }
        None if finding.both().is_some() => {}
        None if finding.daily().is_some_and(|days| days.begins.len() == 1) => {
            if !finding.trusted {
                open.push("the figures hold only if no call is missing from the log".into());
            }
        }
        None if finding.daily().is_some() => open.push("when a day begins".into()),
        None if !finding.pairs.is_empty() => {
            open.push("which two limits there are at once, or what their figures are".into());
        }
        None if finding.nodes().is_some() => {
            open.push("how many nodes there are: no greater number is ever refuted".into());
        }
        None => open.push("no kind of limit that was tried explains every call".into()),
    }
    if !open.is_empty() {
        let _ = writeln!(page, "What cannot be told:\n");
        list(page, open);
    }
}

/// Figures of a kind of limit, and what the log says of it.
fn row(
    (fitting, begin): (Fitting<'_>, i64),
    finding: &Finding<'_>,
    model: Model,
) -> Option<[String; 2]> {
    if let Some(left) = finding.survivors.iter().find(|left| left.model == model) {
        let rough = if left.rough { " (more work would narrow the figures)" } else { "" };
        return Some([figures::of(left, fitting), format!("explains every call{rough}")]);
    }
    let mut says = said(fitting, finding, model)?;
    if let Some((a, b)) = finding.refuted(model) {
        let lines = if a == b { vec![a] } else { vec![a, b] };
        let told: Vec<String> =
            lines.iter().filter_map(|line| told((fitting, begin), *line)).collect();
        if !told.is_empty() {
            says += &format!(": {}", told.join("; "));
        }
    }
    Some(["–".into(), says])
}

/// What happened on a line: `line 5 was refused 3.2 s after the first call`.
fn told((fitting, begin): (Fitting<'_>, i64), line: u32) -> Option<String> {
    let call = fitting.heard.calls.iter().find(|call| call.line == line)?;
    let what = match call.status {
        Status::Accepted => "accepted",
        Status::Refused => "refused",
        Status::Other => "neither accepted nor refused",
    };
    let after = words::seconds((call.decided.lo - begin) as f64 / 1e9);
    Some(format!("line {} was {what} {after} after the first call", fitting.line(line)))
}
