//! What is read of a sizing: one sentence a strategy, a table of what was tried, the curve.

use super::chart::{Curve, Curves, Heading, Series, Spread, Strategy};
use super::sweep::value_of;
use super::table::{Medium, estimated};
use super::{File, ReportError, pictures, safe};
use crate::scenario::{Goal, Scenario, Sizing};
use crate::study::{Judgement, Probe, Sized, Verdict};
use csv::Writer;
use std::fmt::Write;

/// A sizing of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a> {
    /// The scenario as it stands.
    pub scenario: &'a Scenario,
    /// What was sized.
    pub sizing: &'a Sizing,
    /// What was found, for each strategy.
    pub sized: &'a [Sized],
}

/// One sentence for each strategy.
#[must_use]
pub fn sentences(answers: Answers<'_>) -> Vec<String> {
    answers.sized.iter().map(|sized| sentence(answers, sized)).collect()
}

fn sentence(answers: Answers<'_>, sized: &Sized) -> String {
    let Answers { scenario, sizing, .. } = answers;
    let label = scenario.names.label(sized.strategy);
    let address = &sizing.address;
    let meet = must_hold(sizing, sized.strategy);
    let (superlative, edge, further) = match sizing.goal {
        Goal::Largest => ("at most", sizing.to.told(), "more"),
        Goal::Smallest => ("at least", sizing.from.told(), "less"),
    };
    let Some(answer) = sized.answer.map(|place| &sized.probes[place]) else {
        let closest = match sizing.goal {
            Goal::Largest => sized.probes.first(),
            Goal::Smallest => sized.probes.last(),
        };
        let at =
            closest.map_or(String::new(), |probe| format!("; {}", told(answers, sized, probe)));
        let tried = sized.probes.len();
        let (from, to) = (sizing.from.told(), sizing.to.told());
        return format!(
            "{label}: none of {tried} values of {address} from {from} to {to} holds {meet}{at}."
        );
    };
    let mut text = format!("{label}: {address} {} {superlative}, for {meet}", answer.amount.told());
    match sized.beyond.map(|place| &sized.probes[place]) {
        Some(beyond) => {
            let _ = write!(text, "; {}", told(answers, sized, beyond));
            text += &doubt(sized);
        }
        None => {
            let _ = write!(text, "; {edge} is the edge of the range, so it may be {further}");
        }
    }
    text.push('.');
    if let Some(exception) = sized.exception.map(|place| &sized.probes[place]) {
        let other = match sizing.goal {
            Goal::Largest => "smaller",
            Goal::Smallest => "larger",
        };
        let _ = write!(
            text,
            " Not every {other} value holds ({}), so that other values, not tried, may differ too.",
            told(answers, sized, exception)
        );
    }
    text
}

/// Between which values chance decides, if it does next to the answer.
fn doubt(sized: &Sized) -> String {
    let around = |verdict| sized.nearest(verdict).map(|place| sized.probes[place].amount.told());
    match (sized.is_sure(), around(Verdict::Met), around(Verdict::Failed)) {
        (true, ..) => String::new(),
        (false, Some(held), Some(failed)) => {
            format!("; beyond chance it holds at {held} and fails at {failed}")
        }
        (false, ..) => "; neither is beyond chance".into(),
    }
}

/// What must hold of a strategy.
fn must_hold(sizing: &Sizing, strategy: usize) -> String {
    let own = sizing.must_hold(strategy);
    let own: Vec<String> = own.map(|(_, meet)| format!("`{}`", meet.text)).collect();
    super::words::list(&own)
}

/// What a value that does not hold was found to do: `at 42 throttle_rate is 1.3 % ± 0.2 %`.
fn told(answers: Answers<'_>, sized: &Sized, probe: &Probe) -> String {
    let own = answers.sizing.must_hold(sized.strategy);
    let broken = own.zip(&probe.found).find(|((_, meet), found)| match found {
        Judgement::Value(estimate) => !meet.comparison.holds(estimate.mean, meet.value),
        Judgement::NoValue => true,
    });
    let Some(((_, meet), found)) = broken else {
        return format!("at {} it holds", probe.amount.told());
    };
    let name = meet.metric.key();
    match found {
        Judgement::NoValue => format!("at {} {name} is never reached", probe.amount.told()),
        Judgement::Value(estimate) => {
            let found = estimated(Some(*estimate), |value| value_of(meet.metric, value));
            format!("at {} {name} is {found}", probe.amount.told())
        }
    }
}

/// Every file of a sizing, by name.
///
/// # Errors
/// A picture or a table cannot be made.
pub fn files(answers: Answers<'_>) -> Result<Vec<File>, ReportError> {
    let picture = curves(answers).draw();
    let table = table(answers)?;
    let [png, svg] = pictures::both("size", &picture)?;
    Ok(vec![
        ("size.md".into(), safe::markdown(&page(answers)).into_bytes()),
        ("size.csv".into(), table),
        png,
        svg,
    ])
}

fn verdict(probe: &Probe) -> &'static str {
    match probe.verdict {
        Verdict::Met => "holds",
        Verdict::Failed => "fails",
        Verdict::Inconclusive if probe.holds => "holds, within chance",
        Verdict::Inconclusive => "fails, within chance",
    }
}

fn table(answers: Answers<'_>) -> Result<Vec<u8>, csv::Error> {
    let mut csv = Writer::from_writer(Vec::new());
    csv.write_record(["strategy", "value", "must_hold", "mean", "low", "high", "verdict", "runs"])?;
    for sized in answers.sized {
        let name = &safe::csv(&answers.scenario.names.strategies[sized.strategy].0);
        for probe in &sized.probes {
            let own = answers.sizing.must_hold(sized.strategy);
            for ((_, meet), found) in own.zip(&probe.found) {
                let numbers = match found {
                    Judgement::Value(estimate) => {
                        let [low, high] = estimate.ends();
                        [estimate.mean, low, high]
                            .map(|v| crate::metrics::figures::rounded(v).to_string())
                    }
                    Judgement::NoValue => [const { String::new() }; 3],
                };
                let [mean, low, high] = numbers;
                let (value, runs) =
                    (safe::csv(&probe.amount.to_string()), probe.replications.to_string());
                let row = [name, &value, &meet.text, &mean, &low, &high, verdict(probe), &runs];
                csv.write_record(row)?;
            }
        }
    }
    csv.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))
}

fn page(answers: Answers<'_>) -> String {
    let Answers { scenario, sizing, sized } = answers;
    let mut page = format!("# {}\n\n", scenario.question);
    page += &super::notes::first_in_markdown(scenario);
    for sentence in sentences(answers) {
        let _ = writeln!(page, "- {sentence}");
    }
    page += &super::notes::markdown(super::notes::sentences(scenario));
    let _ = writeln!(page, "\n![What {} decides](size.png)\n", sizing.address);
    for one in sized {
        let _ = writeln!(page, "## {}\n", scenario.names.label(one.strategy));
        let mut table = Medium::Markdown.table(&[&sizing.address, "", "runs"]);
        for probe in &one.probes {
            let runs = probe.replications.to_string();
            table.add_row([probe.amount.told(), verdict(probe).into(), runs]);
        }
        let _ = writeln!(page, "{}\n", table.trim_fmt());
    }
    let _ = writeln!(page, "## Assumptions\n");
    if scenario.assumptions.is_empty() {
        page.push_str("None.\n");
    }
    for assumption in &scenario.assumptions {
        let _ = writeln!(page, "- {assumption}");
    }
    let _ = writeln!(
        page,
        "\n## To repeat it\n\n`throttlesim size …/{}.toml --seed {}` with throttlesim {}. A value \
         is run until all intervals (95 %) lie on one side of their bounds, {} times at most. The \
         search ends at one step of {}. It assumes that every {} value than one that holds also \
         holds; the values in the table are all that were tried.",
        scenario.name,
        scenario.plan.seed,
        env!("CARGO_PKG_VERSION"),
        crate::study::AT_MOST,
        sizing.steps().step(),
        match sizing.goal {
            Goal::Largest => "smaller",
            Goal::Smallest => "larger",
        },
    );
    page
}

fn curves(answers: Answers<'_>) -> Curves {
    let Answers { scenario, sizing, sized } = answers;
    let title = format!("What {} decides", sizing.address);
    let subtitle =
        format!("{} · {}, seed {}", scenario.question, scenario.name, scenario.plan.seed);
    let series = |number: usize| {
        let one = |sized: &Sized| {
            let label = scenario.names.label(sized.strategy).to_string();
            let curve = sized.curve(sizing, number).into_iter();
            let curve = curve.map(|(at, found)| (at, pictures::drawn(found)));
            Series { strategy: Strategy { place: sized.strategy, label }, values: curve.collect() }
        };
        sized.iter().map(one).collect()
    };
    let curve = |(number, meet): (usize, &crate::scenario::Expectation)| Curve {
        title: meet.metric.key(),
        measure: meet.metric.measure(),
        series: series(number),
        bound: Some(meet.value),
    };
    let wide = sizing.is_wide();
    let ticks = (0..=6).map(|n| sizing.from.towards(&sizing.to, f64::from(n) / 6.0, wide));
    let mut values: Vec<(f64, String)> =
        ticks.map(|amount| (amount.number, amount.told())).collect();
    values.dedup();
    debug_assert!(sizing.from.number < sizing.to.number);
    let answer = match sized {
        [one] => one.answer.map(|place| &one.probes[place].amount),
        _ => None,
    };
    Curves {
        heading: Heading { title, subtitle },
        x: Spread { title: sizing.address.clone(), values, logarithmic: wide },
        curves: sizing.meet.iter().enumerate().map(curve).collect(),
        answer: answer.map(|amount| (amount.number, amount.told())),
    }
}
