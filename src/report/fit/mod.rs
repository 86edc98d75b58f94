//! What a log says of the provider's limits: sentences first, then the evidence, model by model.

pub mod against;
mod against_days;
mod begins;
mod both;
pub mod catalogue;
mod days;
pub mod figures;
pub mod finding;
pub mod json;
mod next;
mod notes;
pub mod page;
mod pictures;
mod published;
mod split;
pub mod stand;
mod told;

pub use next::{json as probes_json, probes};
pub use notes::notes;

use super::table::Medium;
use super::words;
use crate::fit::change::Change;
use crate::fit::log::Heard;
use crate::fit::model::{Model, Survivor};
use crate::fit::outcome::{Outcome, grouped};
use crate::fit::rows::{Call, Part, Start};
use crate::fit::verdict::Verdict;
use crate::recorded::Attempts;
use crate::units::quantity::bounds;
use comfy_table::CellAlignment;
use finding::Finding;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The width of what is said of a model on a terminal \[characters\].
const CELL: usize = 40;

/// A log that was fitted.
#[derive(Debug, Clone, Copy)]
pub struct Fitting<'a> {
    /// What was found.
    pub outcome: &'a Outcome,
    /// The rows.
    pub attempts: &'a Attempts,
    /// The calls made of them.
    pub heard: &'a Heard,
    /// The names of the files, and the number of lines before each.
    pub files: &'a [(String, u64)],
    /// What the limits count.
    pub counted: figures::Counted,
    /// The name of the units, of limits that count these.
    pub unit: &'a str,
    /// What the user says of the limits when the log begins.
    pub start: Start,
}

impl Fitting<'_> {
    fn name(&self, part: Part, place: u32) -> String {
        let name = self.attempts.names[part as usize].get(place as usize);
        match name.filter(|name| !name.is_empty()) {
            Some(name) => name.clone(),
            None => match part {
                Part::Call => "all calls".into(),
                _ => format!("no {}", word(part)),
            },
        }
    }

    /// The calls of a limit, by the values of what it is counted by.
    fn calls(&self, finding: &Finding<'_>) -> BTreeMap<Vec<u32>, Vec<&Call>> {
        grouped(&self.heard.calls, &finding.limit.calls, &finding.limit.parts)
    }

    /// Whether the log has several values of a part.
    fn varies(&self, part: Part) -> bool {
        let mut keys = self.heard.calls.iter().map(|call| call.key[part as usize]);
        let first = keys.next();
        keys.any(|key| Some(key) != first)
    }

    /// The calls of a limit, and whose it is where figures differ.
    fn title(&self, finding: &Finding<'_>) -> String {
        let names: Vec<String> =
            finding.limit.calls.iter().map(|call| self.name(Part::Call, *call)).collect();
        self.title_of(finding, &words::list(&names))
    }

    /// A name of calls, and whose they are where figures differ.
    fn title_of(&self, finding: &Finding<'_>, calls: &str) -> String {
        let mut title = String::from(calls);
        for (part, place) in finding.limit.parts.iter().zip(finding.of.unwrap_or_default()) {
            if self.varies(*part) {
                let name = self.name(*part, *place);
                // Accounts that are called "account 1" need the word no second time.
                let is_said = name.to_lowercase().starts_with(word(*part));
                let _ = match is_said {
                    true => write!(title, ", {name}"),
                    false => write!(title, ", {} {name}", word(*part)),
                };
            }
        }
        title
    }

    /// A line: of which file, if there are several.
    fn line(&self, line: u32) -> String {
        let number = u64::from(line);
        let file = self.files.iter().rev().find(|(_, before)| *before < number);
        match file {
            Some((name, before)) if self.files.len() > 1 => {
                format!("{} of {name}", number - before)
            }
            _ => number.to_string(),
        }
    }

    fn lines(&self, (a, b): (u32, u32)) -> String {
        if a == b {
            return format!("line {}", self.line(a));
        }
        format!("lines {} and {}", self.line(a), self.line(b))
    }
}

/// What a part of a key is called.
#[must_use]
pub const fn word(part: Part) -> &'static str {
    match part {
        Part::Account => "account",
        Part::Application => "application",
        Part::Region => "region",
        Part::Call => "call",
    }
}

/// The answer: one sentence or two for each limit, and what headers say of it.
#[must_use]
pub fn sentences(fitting: Fitting<'_>) -> Vec<String> {
    let said = |finding: &Finding<'_>| {
        let headers = told::sentences(fitting, finding);
        std::iter::once(sentence(fitting, finding)).chain(headers)
    };
    finding::all(fitting.outcome).iter().flat_map(said).collect()
}

fn sentence(fitting: Fitting<'_>, finding: &Finding<'_>) -> String {
    let title = fitting.title(finding);
    let [accepted, refused, other] = finding.counts.map(|count| count as u64);
    let mut counts = format!(
        "{} calls, {} refused",
        words::count(accepted + refused + other),
        words::count(refused)
    );
    if other > 0 {
        let _ = write!(counts, ", {} neither accepted nor refused", words::count(other));
    }
    if let Some(answer) = finding.answer() {
        let twin = match (finding.undecided(), finding.days) {
            (_, Some(days)) => &*format!("{} explains them too", days::of(fitting, days)),
            ([], None) => "nothing else that was tried explains them",
            _ => "only one token at a time, at ticks, explains them too",
        };
        let scope = scope(fitting, finding);
        return format!("{title}: {}{scope}; {counts}; {twin}.", figures::of(answer, fitting));
    }
    if accepted == 0 {
        return format!("{title}: no call was accepted, so the limit cannot be told; {counts}.");
    }
    let at_least = at_least(fitting, finding);
    if refused == 0 {
        return format!(
            "{title}: no call was refused, so the limit cannot be told; {counts}. {at_least}"
        );
    }
    if let Some(days) = finding.daily() {
        let scope = scope(fitting, finding);
        return days::sentence((fitting, finding), days, (&title, &scope, &counts));
    }
    if let Some(change) = finding.change {
        return changed(fitting, change, &title, &counts);
    }
    match finding.survivors {
        [] => {
            let scope = scope(fitting, finding);
            let words = (title.as_str(), scope.as_str(), counts.as_str());
            let two = both::sentence(fitting, finding, words);
            two.or_else(|| split::sentence(fitting, finding, words)).unwrap_or_else(|| {
                let near = near(fitting, finding);
                format!("{title}: no limit that was tried explains {counts}. {near}")
            })
        }
        [only] if !finding.trusted => format!(
            "{title}: the limit cannot be told unless the log has every call that counts (then use \
             --complete); {counts}. If it does: {}. {at_least}",
            figures::of(only, fitting)
        ),
        several => {
            let of = |left| figures::of(left, fitting);
            let shown: Vec<String> = several.iter().map(of).collect();
            format!(
                "{title}: the kind of limit cannot be told; {counts}. Each of these explains them: \
                 {}. {at_least}",
                shown.join("; or ")
            )
        }
    }
}

fn scope(fitting: Fitting<'_>, finding: &Finding<'_>) -> String {
    if fitting.outcome.scoped.scope.is_none() && finding.days.is_none() {
        return String::new();
    }
    let varied = |part: &&Part| fitting.varies(**part);
    let by: Vec<String> =
        finding.limit.parts.iter().filter(varied).map(|part| word(*part).into()).collect();
    let all: Vec<String> = Part::ALL[..3]
        .iter()
        .filter(varied)
        .filter(|part| !finding.limit.parts.contains(part))
        .map(|part| format!("{}s", word(*part)))
        .collect();
    match (by.is_empty(), all.is_empty()) {
        (true, true) => String::new(),
        (true, false) => format!(", one for all {}", words::list(&all)),
        (false, _) => format!(", counted per {}", words::list(&by)),
    }
}

/// A limit that changed, or a gap in the log.
fn changed(fitting: Fitting<'_>, change: &Change, title: &str, counts: &str) -> String {
    let when = format!(
        "between {} and {} after the first call ({})",
        words::seconds(change.within.0 as f64 / 1e9),
        words::seconds(change.within.1 as f64 / 1e9),
        fitting.lines(change.lines)
    );
    let of = |survivor: &Survivor| figures::of(survivor, fitting);
    match change.same() {
        Some(same) => format!(
            "{title}: {}, by the calls before and after a gap, if there is no other gap. In it, \
             {when}, calls are missing, or others used the limit. {counts}.",
            of(&same)
        ),
        None => format!(
            "{title}: the limit changed, {when}. Before: {}. After: {}. {counts}.",
            of(&change.before),
            of(&change.after)
        ),
    }
}

/// What holds in any case.
fn at_least(fitting: Fitting<'_>, finding: &Finding<'_>) -> String {
    let bounds: Vec<String> = finding
        .at_least()
        .iter()
        .map(|(burst, rate)| {
            format!(
                "{} with a burst of {}{}",
                bounds::rate_at_least(*rate),
                words::count(burst.unsigned_abs()),
                figures::of_units(fitting)
            )
        })
        .collect();
    match bounds.as_slice() {
        [] => "It was never called often enough to bound its rate.".into(),
        bounds => format!("In any case a token bucket has at least {}.", bounds.join(", or ")),
    }
}

/// Why nothing explains the calls, and what can be said all the same.
fn near(fitting: Fitting<'_>, finding: &Finding<'_>) -> String {
    let why = "Calls may be missing, others may use the limit, it may have changed, or there are \
               several.";
    let Some(near) = finding.nearest else {
        return format!("{why} {}", at_least(fitting, finding));
    };
    let total = finding.counts[0] + finding.counts[1];
    let first: Vec<String> =
        near.misjudged.iter().take(3).map(|line| fitting.line(*line)).collect();
    format!(
        "{why} An estimate, not proved: the token bucket of {} and burst {} misjudges {} of {} \
         calls, the first on line {}.",
        words::rate(near.rate_per_s),
        words::count(near.burst.unsigned_abs()),
        words::count(near.misjudged.len() as u64),
        words::count(total as u64),
        words::list(&first)
    )
}

/// The evidence: a table for each limit.
#[must_use]
pub fn tables(fitting: Fitting<'_>, medium: Medium) -> String {
    let mut text = String::new();
    for finding in finding::all(fitting.outcome) {
        if finding.counts[0] == 0 || finding.counts[1] == 0 {
            continue;
        }
        let mut table = medium.table(&[&fitting.title(&finding), "what the log says"]);
        if let Some(column) = table.column_mut(1) {
            column.set_cell_alignment(CellAlignment::Left);
        }
        let cell = |text: String| match medium {
            Medium::Terminal => words::wrapped(&text, CELL, "").trim_end().to_string(),
            Medium::Markdown => text,
        };
        for model in Model::simple().into_iter().chain(Model::further()) {
            if let Some(said) = said(fitting, &finding, model) {
                table.add_row([figures::name(model), cell(said)]);
            }
        }
        if let Some(days) = finding.days {
            table.add_row([days::NAME.into(), days::said(fitting, days)].map(cell));
        }
        for pair in finding.pairs {
            table.add_row([both::name(pair), both::said(fitting, &finding, pair)].map(cell));
        }
        if let Some(said) = split::said(fitting, &finding) {
            table.add_row([split::NAME.into(), said].map(cell));
        }
        let _ = write!(text, "\n{}\n", *table);
    }
    text
}

/// What the log says of a model; nothing of one that was not tried because simpler ones hold.
fn said(fitting: Fitting<'_>, finding: &Finding<'_>, model: Model) -> Option<String> {
    if let Some(left) = finding.survivors.iter().find(|left| left.model == model) {
        let rough = if left.rough { " (more work would narrow it)" } else { "" };
        if finding.answer().is_some_and(|answer| answer.model == model) {
            return Some(format!("explains every call{rough}"));
        }
        return Some(format!("explains every call: {}{rough}", figures::of(left, fitting)));
    }
    if let Some(pair) = finding.refuted(model) {
        return Some(format!("refuted by {}", fitting.lines(pair)));
    }
    let untried = finding.verdicts.iter().any(|verdict| verdict.untried.contains(&model));
    match (untried, model) {
        (true, Model::Concurrency) => Some("not tried: no times of answers".into()),
        (true, Model::SlidingCounter { .. }) => finding
            .survivors
            .is_empty()
            .then(|| "not refuted: the search ended before it found figures".into()),
        (true, _) => Some("only with a window that this log cannot bound".into()),
        (false, _) => Some("other figures for each account".into()),
    }
}
