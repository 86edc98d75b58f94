//! The league of presets: a row for each client, a group of columns for each number of workers, one
//! table for each workload, in the order of places with the most workers.

use super::chart::Standing;
use super::table::{Medium, estimated, time};
use super::words;
use crate::metrics::figures::{Ending, Metric, Slice, Statistic};
use crate::report::Report;
use crate::scenario::{League, Scenario};
use crate::study::{Ranked, Runs, rank};
use std::fmt::Write;

/// Strategies that are compared with each other, ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// Which part of a league it is: `orders, 16 workers`; `None` of all strategies.
    pub of: Option<String>,
    /// The places and how the first leads.
    pub ranked: Ranked,
}

/// The figures of each number of workers.
const COLUMNS: [Metric; 4] = [
    Metric::Jobs(Ending::Lost),
    Metric::CallsPerSuccess,
    Metric::JobLatency(Statistic::Quantile(950)),
    Metric::Completion,
];

/// A client of the league against one workload, with each number of workers.
struct Row<'a> {
    preset: &'a str,
    runs: Vec<&'a Runs>,
}

/// One workload's clients, best first.
struct Division<'a> {
    workload: Option<u16>,
    rows: Vec<Row<'a>>,
    /// The places of the clients with the most workers.
    ranked: Option<Ranked>,
}

/// The numbers of workers, in the order of their first mention.
fn workers(league: &League) -> Vec<u32> {
    let mut workers: Vec<u32> = league.players.iter().flatten().map(|of| of.workers).collect();
    workers.sort_unstable();
    workers.dedup();
    workers
}

fn divisions<'a>(report: Report<'a>, league: &'a League) -> Vec<Division<'a>> {
    let Report { scenario, study } = report;
    let mut divisions: Vec<Division<'a>> = Vec::new();
    for (runs, player) in study.strategies.iter().zip(&league.players) {
        let Some(player) = player else { continue };
        let strategy = &scenario.plan.strategies[runs.strategy];
        let workload = strategy.workloads.as_ref().and_then(|list| list.first().copied());
        let place = divisions.iter().position(|of| of.workload == workload);
        let place = place.unwrap_or_else(|| {
            divisions.push(Division { workload, rows: Vec::new(), ranked: None });
            divisions.len() - 1
        });
        let rows = &mut divisions[place].rows;
        match rows.iter_mut().find(|row| row.preset == player.preset) {
            Some(row) => row.runs.push(runs),
            None => rows.push(Row { preset: &player.preset, runs: vec![runs] }),
        }
    }
    for division in &mut divisions {
        let last = |row: &Row<'_>| row.runs.last().map_or(usize::MAX, |runs| runs.strategy);
        let strategies: Vec<usize> = division.rows.iter().map(last).collect();
        let ranked = rank(scenario, study, &strategies);
        division.rows.sort_by_key(|row| ranked.place(last(row)));
        division.ranked = Some(ranked);
    }
    divisions
}

/// The clients with the most workers, ranked for each workload by itself.
pub(super) fn rankings(report: Report<'_>, league: &League) -> Vec<Ranking> {
    let scenario = report.scenario;
    let most = workers(league).last().copied().unwrap_or(0);
    let workers = words::counted(most.into(), "worker");
    let ranking = |division: Division<'_>| {
        let of = Some(format!("{}, {workers}", title(scenario, &division)));
        let ranked = division.ranked.filter(|ranked| ranked.places.len() > 1)?;
        Some(Ranking { of, ranked })
    };
    divisions(report, league).into_iter().filter_map(ranking).collect()
}

fn title(scenario: &Scenario, division: &Division<'_>) -> String {
    let number = usize::from(division.workload.unwrap_or(0));
    scenario.names.workloads.get(number).cloned().unwrap_or_default()
}

/// The tables, one for each workload; `None` without a league.
#[must_use]
pub fn tables(report: Report<'_>, medium: Medium) -> Option<String> {
    let scenario = report.scenario;
    let league = scenario.league.as_ref()?;
    let workers = workers(league);
    let mut text = String::new();
    for division in divisions(report, league) {
        let mut header = vec!["client".to_string()];
        for count in &workers {
            header.extend(COLUMNS.map(|metric| format!("{count}: {}", metric.title())));
        }
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let mut table = medium.table(&header);
        for row in &division.rows {
            let mut cells = vec![row.preset.to_string()];
            cells.extend(row.runs.iter().flat_map(|runs| cells_of(runs)));
            table.add_row(cells);
        }
        let title = title(scenario, &division);
        let _ = writeln!(
            text,
            "{title}, best first with the most workers. Before each colon, how many \
             workers.\n\n{}\n",
            table.trim_fmt()
        );
    }
    Some(text.trim_end().to_string())
}

/// Lost work, calls per success, the tail and the end of one client with one number of workers.
fn cells_of(runs: &Runs) -> [String; 4] {
    COLUMNS.map(|metric| match metric {
        Metric::Jobs(_) => estimated(runs.estimate(Slice::Whole, metric), words::number),
        Metric::CallsPerSuccess => estimated(runs.estimate(Slice::Whole, metric), words::digits),
        metric => time(runs, Slice::Whole, metric),
    })
}

/// A picture for each workload, of the clients with the most workers: its title, what is measured,
/// and the clients.
pub(super) fn standings(
    report: Report<'_>,
    league: &League,
) -> Vec<(String, String, Vec<Standing>)> {
    let most = workers(league).last().copied().unwrap_or(0);
    let workers = words::counted(most.into(), "worker");
    let divisions = divisions(report, league).into_iter().map(|division| {
        let title = title(report.scenario, &division);
        let last = division.rows.iter().filter_map(|row| Some((row.preset, row.runs.last()?)));
        let clients: Vec<Standing> = last.map(|(name, runs)| standing(name, runs)).collect();
        let whole = clients.iter().filter(|client| client.lost == 0.0).count();
        let finding = format!("{title}: {whole} of {} clients lose nothing", clients.len());
        (finding, format!("What is lost, and calls per success, with {workers}"), clients)
    });
    divisions.collect()
}

fn standing(name: &str, runs: &Runs) -> Standing {
    let mean = |metric| runs.estimate(Slice::Whole, metric).map(|estimate| estimate.mean);
    let lost = mean(Metric::LossRate).unwrap_or(0.0);
    Standing { name: name.into(), lost, calls: mean(Metric::CallsPerSuccess) }
}
