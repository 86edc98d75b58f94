//! Rates that change, in words.

use super::words;
use crate::units::Span;
use crate::workload::{OnOff, Profile, Stage};

/// What a profile does: its stages, or its cycle.
pub(super) fn profile(of: &Profile) -> String {
    let Some(phase) = of.phase() else {
        let stages: Vec<String> = of.stages().map(stage).collect();
        return format!("Poisson, {}, then nothing", stages.join(", then "));
    };
    let rates = || of.stages().map(|stage| stage.from);
    let least = words::rate(rates().fold(f64::INFINITY, f64::min));
    let most = words::rate(rates().fold(0.0, f64::max));
    let cycle = if of.stages().count() == 24 { "day" } else { "week" };
    let mean = words::rate(of.mean());
    let begins = clock(phase, cycle == "week");
    format!(
        "Poisson, {mean} on average, by the hour of the {cycle} {least} to {most}, from {begins}"
    )
}

fn stage(of: &Stage) -> String {
    let (from, to) = (words::rate(of.from), words::rate(of.to));
    let length = words::span(of.length);
    match (of.from + of.to <= 0.0, from == to) {
        (true, _) => format!("nothing for {length}"),
        (_, true) => format!("{from} for {length}"),
        (_, false) => format!("{from} to {to} within {length}"),
    }
}

/// A time of the week or the day.
fn clock(phase: Span, with_day: bool) -> String {
    const DAYS: [&str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let minutes = phase.as_nanos() / Span::MINUTE.as_nanos();
    let time = format!("{:02}:{:02} UTC", minutes / 60 % 24, minutes % 60);
    let day = DAYS.iter().cycle().nth((minutes / 1_440 % 7) as usize).filter(|_| with_day);
    day.map_or(time.clone(), |day| format!("{day} {time}"))
}

/// What a process that is on or off does.
pub(super) fn on_off(of: &OnOff) -> String {
    let on = words::rate(of.on.per_second_f64());
    let off = of.off.map_or("nothing".into(), |rate| words::rate(rate.per_second_f64()));
    let (mean_on, mean_off) = (words::span(of.mean_on), words::span(of.mean_off));
    format!("Poisson in bouts: {on} for {mean_on} on average, then {off} for {mean_off} on average")
}
