//! What to mind of a fitted log: rows that were left out, what was supposed, what cannot be told.

use super::finding::{self, Finding};
use super::words;
use super::{Fitting, figures, word};
use crate::fit::rows::{Part, Start};
use crate::fit::verdict::Unclear;

/// What to mind: what was left out or supposed, and what cannot be told.
#[must_use]
pub fn notes(fitting: Fitting<'_>) -> Vec<String> {
    let Fitting { outcome, attempts, heard, start, .. } = fitting;
    let mut notes = Vec::new();
    let mut say = |n: u64, what: &str| {
        if n > 0 {
            notes.push(format!("{} {what}", words::counted(n, "row")));
        }
    };
    say(attempts.bad, "cannot be read: left out");
    say(attempts.unmatched, "of calls that match no pattern of --match: left out");
    say(attempts.unanswered, "without a status: such a call may have been counted or not");
    say(attempts.strange, "with a status that is not a number from 100 to 599: taken as unknown");
    say(
        heard.others.saturating_sub(attempts.unanswered + attempts.strange),
        "with a server error as status: such a call may have been counted or not",
    );
    say(attempts.backwards, "with an answer's time that cannot be read or is before the time sent");
    say(attempts.out_of_order, "after a row of a later time: sorted");
    say(heard.unbounded, "without an answer's time: each may have been decided until the log ends");
    if attempts.strange_headers > 0 {
        let count = words::count(attempts.strange_headers);
        notes.push(format!("{count} of the headers cannot be read: left out"));
    }
    if heard.grain == 1_000_000_000 {
        notes.push("times are whole seconds: each call was sent within its second".into());
    }
    if start == Start::Unknown {
        let from = "what was counted before the log is unknown; --start full if nothing was";
        notes.push(from.into());
    }
    if fitting.counted == figures::Counted::Units {
        let unit = fitting.unit;
        notes.push(format!("limits count {unit}, of which a call takes what its cost says"));
    }
    let findings = finding::all(outcome);
    let simpler = |finding: &Finding<'_>| finding.counts[1] > 0 && !finding.survivors.is_empty();
    if findings.iter().any(simpler) {
        notes.push(
            "sliding counters are tried only where nothing simpler explains every call".into(),
        );
    }
    for finding in findings {
        notes.extend(unclear(&finding).map(|what| format!("{}: {what}", fitting.title(&finding))));
        if finding.of.is_none() && finding.limit.verdicts.len() > 1 && finding.answer().is_some() {
            let title = fitting.title(&finding);
            let keys = words::count(finding.limit.verdicts.len() as u64);
            notes.push(format!(
                "{title}: the figures are taken to be the same for all {keys} of them"
            ));
        }
    }
    notes.extend(of_scope(fitting));
    notes
}

pub(super) fn unclear(finding: &Finding<'_>) -> impl Iterator<Item = &'static str> {
    finding.unclear().into_iter().filter_map(|what| match what {
        Unclear::FewRefusals => Some("fewer than ten refusals: figures may rest on two or three"),
        Unclear::Capacity => Some("no upper bound of the burst: it was never full after a pause"),
        Unclear::Rate => Some("no upper bound of the rate"),
        Unclear::NoAcceptances
        | Unclear::NoRefusals
        | Unclear::NoModel
        | Unclear::Models
        | Unclear::Nodes
        | Unclear::Completeness => None,
    })
}

fn of_scope(fitting: Fitting<'_>) -> Vec<String> {
    let scoped = &fitting.outcome.scoped;
    let per = |parts: &[Part]| {
        let parts: Vec<String> = parts.iter().map(|part| word(*part).into()).collect();
        if parts.is_empty() { "one for all".into() } else { format!("per {}", words::list(&parts)) }
    };
    let mut notes = Vec::new();
    if scoped.scope.is_some() {
        for (parts, pair) in &scoped.refuted {
            let pair = pair.map_or(String::new(), |pair| {
                format!(", because of {}", fitting.lines(finding::lines(pair)))
            });
            notes.push(format!("limits are not counted {}{pair}", per(parts)));
        }
    } else if finding::all(fitting.outcome).iter().any(|finding| finding.days.is_none()) {
        notes.push("no way to count explains all calls: each was looked at on its own".into());
    }
    for parts in &scoped.undecided {
        notes.push(format!("limits counted {} would explain the log as well", per(parts)));
    }
    let names = |calls: &[u32]| {
        let names: Vec<String> = calls.iter().map(|call| fitting.name(Part::Call, *call)).collect();
        words::list(&names)
    };
    for (a, b) in &scoped.may_share {
        notes.push(format!(
            "{} and {} may share one limit: the log cannot tell",
            names(a),
            names(b)
        ));
    }
    notes
}
