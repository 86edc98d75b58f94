//! The pictures of an advice: what is traded for what, and the race.

use super::answer::goal;
use crate::metrics::figures::Metric;
use crate::report::File;
use crate::report::chart::{
    Curve, Curves, Estimate, Front, Heading, Load, Measure, Picture, Series, Spread, Strategy,
    Trade, TradePoint,
};
use crate::report::error::ReportError;
use crate::report::pictures::both;
use crate::report::words;
use crate::study::{Advice, Round};

/// Both pictures, each as PNG and SVG.
pub(super) fn pictures(advice: &Advice) -> Result<Vec<File>, ReportError> {
    let mut files = Vec::new();
    for (name, picture) in [("advice-trade-off", trade_off(advice)), ("advice-race", race(advice))]
    {
        files.extend(both(name, &picture)?);
    }
    Ok(files)
}

fn heading(advice: &Advice, title: String) -> Heading {
    let scenario = &advice.scenario;
    let subtitle =
        format!("{} · {}, seed {}", scenario.question, scenario.name, scenario.plan.seed);
    Heading { title, subtitle }
}

fn strategy(place: usize, label: &str) -> Strategy {
    Strategy { place, label: label.into() }
}

/// Every candidate by its throttle rate and its first goal, the advised one marked.
fn trade_off(advice: &Advice) -> Picture {
    let goal = goal(advice).unwrap_or(Metric::LossRate);
    let sign = if goal.more_is_better() { -1.0 } else { 1.0 };
    let point = |figures: &[f64; 2]| (figures[0], figures[1] * sign);
    let sound = advice.race.traded.iter().filter(|(_, [x, y])| x.is_finite() && y.is_finite());
    let sound: Vec<(usize, [f64; 2])> = sound.copied().collect();
    let of = |wanted: &dyn Fn(usize) -> bool| {
        let own = sound.iter().filter(|(place, _)| wanted(*place));
        let of = |(_, figures): &(usize, [f64; 2])| {
            let (x, y) = point(figures);
            let told = |metric: Metric, value: f64| {
                format!("{} {}", metric.noun(), words::of(metric.measure())(value))
            };
            let told = format!("{}, {}", told(Metric::ThrottleRate, x), told(goal, y));
            TradePoint { at: (x, y), told, label: None }
        };
        own.map(of).collect::<Vec<_>>()
    };
    let is_written = |place: usize| advice.field.entrants[place].written.is_some();
    let best = advice.best;
    let mut series = vec![
        Series {
            strategy: strategy(0, "tried"),
            values: of(&|place| place != best && !is_written(place)),
        },
        Series {
            strategy: strategy(1, "of the scenario"),
            values: of(&|place| place != best && is_written(place)),
        },
        Series { strategy: strategy(2, "advised"), values: of(&|place| place == best) },
    ];
    series.retain(|series| !series.values.is_empty());
    let beats = |a: [f64; 2], b: [f64; 2]| a[0] <= b[0] && a[1] <= b[1] && a != b;
    let unbeaten = |one: &&(usize, [f64; 2])| !sound.iter().any(|other| beats(other.1, one.1));
    let mut front: Vec<(f64, f64)> =
        sound.iter().filter(unbeaten).map(|(_, figures)| point(figures)).collect();
    front.sort_by(|a, b| a.0.total_cmp(&b.0));
    let trade = |metric: Metric| Trade { title: metric.noun(), measure: metric.measure() };
    Front {
        heading: heading(advice, format!("{} against throttle rate", goal.noun())),
        trades: [trade(Metric::ThrottleRate), trade(goal)],
        loads: vec![Load { series, front, ..Load::default() }],
    }
    .draw()
}

/// How many strategies each round left, and how good they were.
#[expect(clippy::cast_precision_loss)]
fn race(advice: &Advice) -> Picture {
    let rounds = &advice.race.rounds;
    let exact = |value: f64| Estimate { mean: value, low: value, high: value };
    let over = |of: &dyn Fn(&Round) -> Option<f64>| {
        let points = rounds.iter().enumerate().filter_map(|(number, round)| {
            Some(((number + 1) as f64, exact(of(round).filter(|value| value.is_finite())?)))
        });
        points.collect::<Vec<_>>()
    };
    let goal = goal(advice).unwrap_or(Metric::LossRate);
    let sign = if goal.more_is_better() { -1.0 } else { 1.0 };
    let own = |round: &Round| {
        let found = round.costs.iter().find(|(place, _)| *place == advice.best);
        found.map(|(_, cost)| cost * sign)
    };
    let ranked = |round: &Round| {
        let mut costs: Vec<f64> = round.costs.iter().map(|(_, cost)| *cost).collect();
        costs.sort_by(f64::total_cmp);
        costs
    };
    let least = |round: &Round| ranked(round).first().map(|cost| cost * sign);
    let middle = |round: &Round| {
        let costs = ranked(round);
        costs.get(costs.len() / 2).map(|cost| cost * sign)
    };
    let line = |place: usize, label: &str, values: Vec<(f64, Estimate)>| Series {
        strategy: strategy(place, label),
        values,
    };
    let names: Vec<(f64, String)> =
        (1..=rounds.len()).map(|number| (number as f64, number.to_string())).collect();
    Curves {
        heading: heading(advice, "The race: what each round left".into()),
        x: Spread { title: "round".into(), values: names, logarithmic: false },
        curves: vec![
            Curve {
                title: goal.noun(),
                measure: goal.measure(),
                series: vec![
                    line(0, "median of those that ran", over(&middle)),
                    line(1, "lowest of those that ran", over(&least)),
                    line(2, "advised", over(&own)),
                ],
                bound: None,
            },
            Curve {
                title: "strategies left".into(),
                measure: Measure::Number,
                series: vec![line(0, "left", over(&|round| Some(round.left as f64)))],
                bound: None,
            },
        ],
        answer: None,
    }
    .draw()
}
