//! The cheapest experiment that would tell what a log leaves open: steps for a person, and a
//! workload for a scenario.

use super::super::{safe, words};
use super::figures::{self, Counted};
use super::finding::{self, Finding};
use super::{Fitting, json};
use crate::catalog::reader;
use crate::fit::guess::{Burst, Guess};
use crate::fit::model::Model;
use crate::fit::probe::{self, MOST_CALLS, Probe};
use crate::fit::rows::Part;
use crate::report::table::Medium;
use crate::units::Span;
use crate::units::quantity::bounds;
use comfy_table::CellAlignment;
use serde_json::{Value, json};
use std::fmt::Write;

/// Every limit that is not clear, with the probe that tells most; `None` if none tells.
fn all(fitting: Fitting<'_>, refusals: i64) -> Vec<(Finding<'_>, Option<Probe>)> {
    let open = finding::all(fitting.outcome).into_iter();
    let open = open.filter(|one| !one.is_told() || !one.unclear().is_empty());
    open.map(|finding| {
        let calls = fitting.calls(&finding);
        let costs = probe::costs(calls.values().flatten().copied());
        let first = finding.verdicts.first();
        let probe = first.and_then(|verdict| probe::next(verdict, refusals, &costs));
        (finding, probe)
    })
    .collect()
}

/// What to send and what each answer would mean, for every limit that is not clear; at most so many
/// refusals each.
#[must_use]
pub fn probes(fitting: Fitting<'_>, refusals: i64, (medium, width): (Medium, usize)) -> String {
    let mut text = String::new();
    let all = all(fitting, refusals);
    if all.is_empty() {
        text += "\nNothing is unclear: no probe is needed.\n";
    }
    for (place, (finding, probe)) in all.iter().enumerate() {
        let title = fitting.title(finding);
        let said = match probe {
            None if finding.daily().is_some_and(|days| days.begins.len() > 1) => {
                format!("{title}: no probe tells when a day begins; later logs do.")
            }
            None => format!(
                "{title}: no probe of at most {} calls at once, of which at most {refusals} are \
                 refused, would tell.",
                words::count(MOST_CALLS.unsigned_abs())
            ),
            Some(probe) => format!("{title}: {}", steps(fitting, probe)),
        };
        match medium {
            Medium::Terminal => text += &format!("\n{}", words::wrapped(&said, width, "  ")),
            Medium::Markdown => text += &format!("\n{}\n", safe::cell(&said)),
        }
        let Some(probe) = probe else { continue };
        text += &answers(fitting, probe, medium);
        let workload = workload(fitting, finding, probe, &name(place, all.len()));
        match medium {
            Medium::Terminal => text += &format!("\n{workload}"),
            Medium::Markdown => text += &format!("\n```toml\n{workload}```\n"),
        }
    }
    text
}

/// The name of the workload that is a probe: one of several has a number.
fn name(place: usize, of: usize) -> String {
    if of > 1 { format!("probe-{}", place + 1) } else { "probe".into() }
}

fn steps(fitting: Fitting<'_>, probe: &Probe) -> String {
    let time = |ns: i64| words::seconds(ns as f64 / 1e9);
    let send = |burst: Burst| {
        let calls = words::counted(burst.calls.unsigned_abs(), "call");
        match fitting.counted {
            Counted::Calls => format!("send {calls} at once"),
            Counted::Units => {
                let cost = words::count(burst.cost.into());
                format!("send {calls} of {cost} {} at once", fitting.unit)
            }
        }
    };
    let by_clock = probe.outcomes.iter().flat_map(|outcome| &outcome.1).any(|guess| {
        matches!(guess.model, Model::FixedWindow | Model::SlidingCounter { .. } | Model::Ticks)
    });
    let clock = match by_clock {
        true => {
            " The answers are those of windows and ticks that are half over at the first calls."
        }
        false => "",
    };
    format!(
        "send no call for {}; {}; wait {}; {}. At most {} are refused.{clock}",
        words::seconds((probe.idle as f64 / 1e9).ceil()),
        send(probe.burst),
        time(probe.pause),
        send(probe.again),
        words::count(probe.refusals.unsigned_abs())
    )
}

/// The limits that would give an answer, each kind with its least and greatest figure.
fn meanings(fitting: Fitting<'_>, guesses: &[Guess]) -> Vec<String> {
    let mut kinds: Vec<(Model, (i64, i64))> = Vec::new();
    for Guess { model, capacity, .. } in guesses {
        match kinds.iter_mut().find(|kind| kind.0 == *model) {
            Some((_, ends)) => *ends = (ends.0.min(*capacity), ends.1.max(*capacity)),
            None => kinds.push((*model, (*capacity, *capacity))),
        }
    }
    let said = kinds.into_iter().map(|(model, (least, most))| {
        let unit =
            if model == Model::Concurrency { String::new() } else { figures::of_units(fitting) };
        format!("{} of {}{unit}", figures::name(model), bounds::whole((least, Some(most))))
    });
    said.collect()
}

/// A row for each answer that is possible.
fn answers(fitting: Fitting<'_>, probe: &Probe, medium: Medium) -> String {
    let sent = |which: &str, burst: Burst| {
        format!("accepted of {which} {}", words::count(burst.calls.unsigned_abs()))
    };
    let header =
        [sent("the first", probe.burst), sent("the next", probe.again), "then it is".into()];
    let mut table = medium.table(&header.each_ref().map(String::as_str));
    for (column, place) in table.column_iter_mut().zip(0..) {
        let is_number = place < 2;
        let alignment = if is_number { CellAlignment::Right } else { CellAlignment::Left };
        column.set_cell_alignment(alignment);
    }
    for (answer, guesses) in &probe.outcomes {
        let means = meanings(fitting, guesses).join("; or ");
        let means = match medium {
            Medium::Terminal => words::wrapped(&means, super::CELL, "").trim_end().to_string(),
            Medium::Markdown => means,
        };
        let accepted = answer.iter().map(|calls| words::count(calls.unsigned_abs()));
        table.add_row(accepted.chain([means]));
    }
    let between = match probe.outcomes.len() {
        ..=2 => "",
        _ => "An answer between two rows is that of figures between theirs.\n",
    };
    format!("\n{}\n\n{between}", *table)
}

/// The probe as a scenario writes it: one workload, or one for each burst where costs differ. A
/// scenario begins with nothing counted.
fn workload(fitting: Fitting<'_>, finding: &Finding<'_>, probe: &Probe, name: &str) -> String {
    let call = finding.limit.calls.first().map(|call| fitting.name(Part::Call, *call));
    let call = toml::Value::from(call.unwrap_or_default());
    let at = |ns: i64, burst: Burst| {
        let at = Span::from_nanos(ns.unsigned_abs());
        format!("{{ at = \"{at}\", count = {} }}", burst.calls)
    };
    let of = |name: &str, arrivals: &str, cost: u32| {
        let mut text = format!("[workload.{name}]\narrivals.burst = {arrivals}\ncall = {call}\n");
        if fitting.counted == Counted::Units {
            let _ = writeln!(text, "cost.{} = {cost}", reader::key(fitting.unit));
        }
        text
    };
    let (first, again) = (at(0, probe.burst), at(probe.pause, probe.again));
    if probe.burst.cost == probe.again.cost {
        return of(name, &format!("[{first}, {again}]"), probe.burst.cost);
    }
    let second = of(&format!("{name}-again"), &again, probe.again.cost);
    format!("{}\n{second}", of(name, &first, probe.burst.cost))
}

/// The same for programs; a limit that no probe tells has `probe` null.
#[must_use]
pub fn json(fitting: Fitting<'_>, refusals: i64) -> Value {
    let seconds = |ns: i64| ns as f64 / 1e9;
    let burst = |burst: Burst| json!({ "calls": burst.calls, "cost": burst.cost });
    let of = |finding: &Finding<'_>, probe: &Probe, name: &str| {
        let answers = probe.outcomes.iter().map(|(accepted, guesses)| {
            json!({ "accepted": accepted, "limits": meanings(fitting, guesses) })
        });
        json!({
            "idle_s": seconds(probe.idle),
            "first": burst(probe.burst),
            "pause_s": seconds(probe.pause),
            "again": burst(probe.again),
            "refusals": probe.refusals,
            "answers": answers.collect::<Vec<_>>(),
            "workload": workload(fitting, finding, probe, name),
        })
    };
    let all = all(fitting, refusals);
    let names = (0..all.len()).map(|place| name(place, all.len()));
    let all = all.iter().zip(names).map(|((finding, probe), name)| {
        let mut one = json!({ "calls": json::calls(fitting, finding) });
        if let Some(key) = json::key(fitting, finding) {
            one["key"] = key;
        }
        one["probe"] = probe.as_ref().map(|probe| of(finding, probe, &name)).into();
        one
    });
    all.collect()
}
