//! The tables of an advice.

use super::answer::{circumstance, goal};
use super::wording::{described, reason, value};
use crate::metrics::figures::{Metric, Slice};
use crate::report::table::{Medium, estimated};
use crate::report::{safe, words};
use crate::study::{Advice, Entrant, Fate, Verdict};
use csv::Writer;
use std::fmt::Write;

/// Candidates that a page lists, and reasons.
const LISTED: usize = 15;

/// The advised strategy, those that people wrote, and what is simpler.
pub(super) fn beside(advice: &Advice, medium: Medium) -> String {
    let goal = goal(advice);
    let mut header = vec!["strategy", "conditions", "jobs lost", "throttle rate"];
    let title = goal.map(Metric::title).unwrap_or_default();
    if goal.is_some() {
        header.push(&title);
    }
    let mut table = medium.table(&header);
    for runs in &advice.study.strategies {
        let estimate = |metric| runs.estimate(Slice::Whole, metric);
        let own = advice.study.findings.iter().filter(|of| of.strategy == runs.strategy);
        let verdict = own.map(|finding| finding.verdict).max();
        let mut row = vec![
            advice.scenario.names.label(runs.strategy).to_string(),
            verdict.map_or("–", told).to_string(),
            estimated(estimate(Metric::LossRate), words::percent),
            estimated(estimate(Metric::ThrottleRate), words::percent),
        ];
        row.extend(goal.map(|goal| match estimate(goal) {
            None => "never".into(),
            found => estimated(found, words::of(goal.measure())),
        }));
        table.add_row(row);
    }
    table.trim_fmt()
}

const fn told(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Inconclusive => "in doubt",
        Verdict::Failed => "failed",
    }
}

/// How each finalist did in other circumstances; `None` if that was not asked for.
pub(super) fn robust(advice: &Advice, medium: Medium) -> Option<String> {
    let (robust, goal) = (advice.robust.as_ref()?, goal(advice)?);
    let mut table =
        medium.table(&["strategy", "circumstance", "conditions", "lost", &goal.title(), "regret"]);
    for (place, standings) in robust.order.iter().zip(&robust.standings) {
        let entrant = &advice.field.entrants[*place];
        for (number, (of, standing)) in robust.circumstances.iter().zip(standings).enumerate() {
            let name = match (number, &entrant.written) {
                (0, Some(name)) => name.clone(),
                (0, None) => short(entrant),
                _ => String::new(),
            };
            let difference = |size: f64| match size.is_finite() {
                true => crate::report::measures::difference(goal.measure(), size),
                false => "–".into(),
            };
            table.add_row([
                name,
                circumstance(&advice.field.scenario, of),
                if standing.holds { "met" } else { "failed" }.into(),
                standing.lost.map_or("–".into(), words::percent),
                value(goal, standing.goal),
                difference(standing.regret),
            ]);
        }
    }
    Some(table.trim_fmt())
}

/// A candidate on one line, as its settings.
pub(super) fn short(entrant: &Entrant) -> String {
    let settings = entrant.candidate.settings.iter();
    let line: Vec<String> = settings.map(|(key, value)| format!("{key} = {value}")).collect();
    line.join(", ")
}

/// The rounds of the race.
pub(super) fn rounds(advice: &Advice) -> String {
    let header = ["round", "accounts", "runs of each", "strategies", "left"];
    let mut table = Medium::Markdown.table(&header);
    for (number, round) in advice.race.rounds.iter().enumerate() {
        table.add_row([
            (number + 1).to_string(),
            words::count(round.accounts.into()),
            round.runs.to_string(),
            words::count(round.ran as u64),
            words::count(round.left as u64),
        ]);
    }
    table.trim_fmt()
}

/// The first of the candidates that ran to the end.
pub(super) fn best(advice: &Advice) -> String {
    let mut text = String::new();
    for (number, place) in advice.race.order.iter().take(LISTED).enumerate() {
        let entrant = &advice.field.entrants[*place];
        let tied = if number < advice.race.tied { "as good: " } else { "" };
        let tied = if number == 0 { "best: " } else { tied };
        let _ = writeln!(text, "- {tied}`{}`", short(entrant));
    }
    match advice.race.order.len().saturating_sub(LISTED) {
        0 => {}
        more => {
            let _ = writeln!(text, "- and {} more.", words::count(more as u64));
        }
    }
    text
}

/// The reasons for which candidates were not run, each with how many it is and an example.
pub(super) fn dropped(advice: &Advice) -> String {
    let mut groups: Vec<(String, usize, String)> = Vec::new();
    for dropped in &advice.field.dropped {
        let why = reason(&advice.scenario, &dropped.reason);
        match groups.iter_mut().find(|(known, ..)| *known == why) {
            Some((_, count, _)) => *count += 1,
            None => groups.push((why, 1, described(&advice.scenario, &dropped.candidate))),
        }
    }
    let mut text = String::new();
    for (why, count, example) in groups.iter().take(LISTED) {
        let _ = writeln!(text, "- {}: {why} For example: {example}.", words::count(*count as u64));
    }
    if groups.len() > LISTED {
        let _ = writeln!(text, "- and {} more reasons.", groups.len() - LISTED);
    }
    text
}

/// How a candidate ended, in a word.
pub(super) const fn fate(of: Fate) -> &'static str {
    match of {
        Fate::Worse(_) => "worse",
        Fate::Twin(_) => "the same in every run",
        Fate::Tied(_) => "as good",
        Fate::Endless => "more than about 20 attempts for each request",
        Fate::Left(_) => "left out by the budget",
        Fate::Last => "ran to the end",
    }
}

/// Every candidate with its last figure.
pub(super) fn csv(advice: &Advice) -> Result<Vec<u8>, csv::Error> {
    let goal = goal(advice);
    let mut csv = Writer::from_writer(Vec::new());
    let column = goal.map_or("goal".into(), Metric::column);
    csv.write_record(["strategy", "settings", "end", "rounds", &column])?;
    for (place, entrant) in advice.field.entrants.iter().enumerate() {
        let ran = advice.race.rounds.iter().filter_map(|round| {
            round.costs.iter().find(|(of, _)| *of == place).map(|(_, cost)| *cost)
        });
        let costs: Vec<f64> = ran.collect();
        let sign = if goal.is_some_and(Metric::more_is_better) { -1.0 } else { 1.0 };
        let last = costs.last().filter(|cost| cost.is_finite());
        let last = last.map_or(String::new(), |cost| {
            crate::metrics::figures::rounded(cost * sign).to_string()
        });
        csv.write_record([
            &safe::csv(entrant.written.as_deref().unwrap_or("")),
            &safe::csv(&short(entrant)),
            fate(advice.race.fates[place]),
            &costs.len().to_string(),
            &last,
        ])?;
    }
    for dropped in &advice.field.dropped {
        let entrant = Entrant { candidate: dropped.candidate.clone(), written: None, strategy: 0 };
        let why = reason(&advice.scenario, &dropped.reason);
        csv.write_record(["", &safe::csv(&short(&entrant)), &safe::csv(&why), "0", ""])?;
    }
    csv.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}
