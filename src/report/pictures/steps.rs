//! The picture of one account step by step, where it was refused most.

use super::{Album, Named, Pictures, too_large};
use crate::report::chart::{Bar, Heading, Stage, Steps};
use crate::report::steps::{What, ends, lanes};
use crate::report::words;
use crate::simulation::{Attempt, Window};
use crate::study::{Looks, Shown};
use crate::units::Instant;
use crate::wire::Caller;

const TITLE: &str = "Step by step";

impl Album<'_> {
    /// The strategy, of those that were looked at, whose account was refused most within a window.
    pub(super) fn steps(&self, looks: &Looks, pictures: &mut Pictures) {
        let windows = looks.strategies.iter().enumerate().filter_map(|(strategy, look)| {
            let steps = &look.as_ref()?.watched.steps;
            (steps.refused() > 0).then_some((strategy, steps))
        });
        // The first of equals.
        let worst =
            windows.max_by_key(|(strategy, steps)| (steps.refused(), std::cmp::Reverse(*strategy)));
        let Some((strategy, window)) = worst else {
            let why = match looks.strategies.iter().any(Option::is_none) {
                true => too_large(),
                false => "nothing was refused".into(),
            };
            pictures.left_out.push(format!("{TITLE}: {why}"));
            return;
        };
        let heading = self.steps_heading(looks, strategy, window);
        let title = heading.title.clone();
        let picture = self.drawn(heading, window).draw();
        pictures.drawn.push(Named { title, file: "steps".into(), picture });
    }

    fn steps_heading(&self, looks: &Looks, strategy: usize, window: &Window) -> Heading {
        let scenario = self.report.scenario;
        let label = scenario.names.label(self.report.study.strategies[strategy].strategy);
        let (refused, all) = (window.refused(), window.attempts.len());
        let title = format!("{TITLE}: “{label}” is refused {refused} of {all} times");
        let caller = Caller { account: looks.account, ..Caller::default() };
        let whose = match looks.shown {
            Shown::Only => String::new(),
            Shown::MostThrottled | Shown::MostCalling => {
                format!(" for {}", scenario.caller_name(caller))
            }
        };
        let reading = format!("The {all} attempts{whose} of which most are refused");
        self.read(&title, &reading, &self.first_run())
    }

    fn drawn(&self, heading: Heading, window: &Window) -> Steps {
        let (begin, end) = ends(window);
        let (bars, clear) = bars(window, begin, end);
        let limits = self.report.scenario.plan.watched().into_iter().enumerate();
        let levels = limits.map(|(number, (limit, operation))| {
            (self.level_title(limit, operation), level(window, number, begin, end))
        });
        Steps {
            heading,
            begins: words::seconds(begin.as_secs_f64()),
            length: end.since(begin),
            levels: levels.filter(|(_, values)| !values.is_empty()).collect(),
            bars,
            clear,
        }
    }
}

/// What a limit had left during the window.
#[expect(clippy::cast_precision_loss)]
fn level(window: &Window, limit: usize, begin: Instant, end: Instant) -> Vec<(f64, f64)> {
    let of = window.levels.iter().filter(|level| level.limit == limit && level.at <= end);
    let at = |at: Instant| at.max(begin).since(begin).as_secs_f64();
    let mut values: Vec<(f64, f64)> = of.map(|level| (at(level.at), level.left as f64)).collect();
    if let Some((_, last)) = values.last().copied() {
        values.push((at(end), last));
    }
    values
}

/// The bars of all requests, and when limits would have admitted what they refused.
fn bars(window: &Window, begin: Instant, end: Instant) -> (Vec<Bar>, Vec<(usize, f64)>) {
    let at = |at: Instant| at.max(begin).min(end).since(begin).as_secs_f64();
    let (mut bars, mut clear) = (Vec::new(), Vec::new());
    for lane in lanes(window) {
        for part in lane.parts(end) {
            let stage = match part.what {
                What::Attempt(attempt) => {
                    let when = attempt.clear_at.filter(|at| *at <= end);
                    clear.extend(when.map(|when| (lane.number, at(when))));
                    stage(attempt)
                }
                What::BackOff => Stage::BackOff,
                What::Turn => Stage::Turn,
            };
            bars.push(Bar { lane: lane.number, from: at(part.from), to: at(part.to), stage });
        }
    }
    (bars, clear)
}

fn stage(attempt: &Attempt) -> Stage {
    match (attempt.cause, attempt.status) {
        (Some(_), _) => Stage::Throttled,
        (None, Some(status)) if !status.is_success() => Stage::Failed,
        (None, _) => Stage::Admitted,
    }
}
