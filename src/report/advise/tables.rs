//! The tables of an advice.

use super::answer::{circumstance, goal};
use super::wording::{described, reason, value};
use crate::metrics::figures::{Metric, Slice};
use crate::report::fitted::{self, Column, Fit, Need, Rows, both, broken, plain};
use crate::report::measures::difference;
use crate::report::table::Medium;
use crate::report::{safe, winner, words};
use crate::study::{Advice, Circumstance, Entrant, Fate, Runs, Standing, Verdict};
use csv::Writer;
use std::fmt::Write;

/// Candidates that a page lists, and reasons.
const LISTED: usize = 15;

/// The advised strategy, those that people wrote, and what is simpler.
pub(super) fn beside(advice: &Advice, medium: Medium, fit: Fit) -> String {
    let all = &advice.study.strategies;
    let label = |runs: &Runs| advice.scenario.names.label(runs.strategy).to_string();
    let column = |title: &str, need: Need, cell: &dyn Fn(&Runs) -> [String; 2]| Column {
        title: broken(title),
        need,
        cells: all.iter().map(cell).collect(),
    };
    let estimate = |metric: Metric| move |runs: &Runs| runs.estimate(Slice::Whole, metric);
    let share = |metric: Metric| move |runs: &Runs| both(estimate(metric)(runs), words::percent);
    let judged = |runs: &Runs| {
        let own = advice.study.findings.iter().filter(|of| of.strategy == runs.strategy);
        plain(own.map(|finding| finding.verdict).max().map_or("–", told).into())
    };
    let mut columns = vec![
        column("jobs lost", Need::Always, &share(Metric::LossRate)),
        column("throttle rate", Need::Main, &share(Metric::ThrottleRate)),
    ];
    let metric = Metric::SkippedRate;
    if winner::metrics(&advice.rule).any(|of| of == metric) {
        columns.insert(1, column("requests skipped", Need::Always, &share(metric)));
    }
    if !advice.scenario.expectations.is_empty() {
        columns.insert(0, column("conditions", Need::Always, &judged));
    }
    if let Some(goal) = goal(advice) {
        let cell = |runs: &Runs| match estimate(goal)(runs) {
            None => plain("never".into()),
            found => both(found, words::of(goal.measure())),
        };
        columns.push(column(&goal.title(), Need::Always, &cell));
    }
    let rows = Rows { title: "strategy", labels: all.iter().map(label).collect() };
    fitted::table(&rows, &columns, medium, fit)
}

const fn told(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::Inconclusive => "in doubt",
        Verdict::Failed => "failed",
    }
}

/// How the advised strategy, or each finalist, did in other circumstances.
pub(super) fn robust(advice: &Advice, medium: Medium, fit: Fit) -> Option<String> {
    let (robust, goal) = (&advice.robust, goal(advice)?);
    let scenario = &advice.field.scenario;
    let all: Vec<(usize, &Circumstance, &Standing)> = robust
        .standings
        .iter()
        .enumerate()
        .flat_map(|(nth, standings)| {
            robust.circumstances.iter().zip(standings).map(move |(of, how)| (nth, of, how))
        })
        .collect();
    let column = |title: &str, need: Need, cell: &dyn Fn(&Standing) -> String| Column {
        title: broken(title),
        need,
        cells: all.iter().map(|(_, _, how)| plain(cell(how))).collect(),
    };
    let size = |size: f64| match size.is_finite() {
        true => difference(goal.measure(), size),
        false => "–".into(),
    };
    let verdict = |how: &Standing| if how.holds { "met" } else { "failed" }.into();
    let mut columns = vec![
        column("jobs lost", Need::Always, &|how| how.lost.map_or("–".into(), words::percent)),
        column(&goal.title(), Need::Always, &|how| value(goal, how.goal)),
    ];
    if !advice.scenario.expectations.is_empty() {
        columns.insert(0, column("conditions", Need::Always, &verdict));
    }
    if robust.is_compared {
        columns.push(column("regret", Need::Main, &|how| size(how.regret)));
    }
    // The settings of each stand below the table.
    let number =
        |nth: usize| if robust.is_compared { format!("{}: ", nth + 1) } else { String::new() };
    let label = |(nth, of, _): &(usize, &Circumstance, &Standing)| {
        format!("{}{}", number(*nth), circumstance(scenario, of))
    };
    let title = format!("if the world is\n({} runs)", robust.runs);
    let rows = Rows { title: &title, labels: all.iter().map(label).collect() };
    let mut text = fitted::table(&rows, &columns, medium, fit);
    for (nth, place) in robust.order.iter().enumerate().filter(|_| robust.is_compared) {
        let entrant = &advice.field.entrants[*place];
        let name = entrant.written.as_ref().map_or(String::new(), |name| format!("“{name}” "));
        let settings = short(entrant);
        let line = match medium {
            Medium::Terminal => {
                let width = if let Fit::Width(width) = fit { width } else { 100 };
                words::wrapped(&format!("{}{name}{settings}", number(nth)), width, "   ")
            }
            Medium::Markdown => format!("\n- {}{name}`{settings}`", number(nth)),
        };
        let _ = write!(text, "\n{}", line.trim_end_matches('\n'));
    }
    Some(text)
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
        Fate::NotBetter(_) => "not better",
        Fate::Tied(_) => "as good",
        Fate::Alike(_) => "as good by the means",
        Fate::Endless => "more than about 10 attempts for each request",
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
