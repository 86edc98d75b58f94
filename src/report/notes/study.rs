//! Notes that only a run can tell.

use crate::metrics::figures::Slice;
use crate::report::Report;
use crate::report::measures::verb;
use crate::report::words;
use crate::simulation::Trouble;

/// Outages and brown-outs that begin when all work of every strategy has ended.
pub(super) fn unmet(report: Report<'_>) -> Vec<String> {
    let Report { scenario, study } = report;
    let counts = || study.strategies.iter().map(|runs| runs.counts(&scenario.plan, Slice::Whole));
    if counts().any(|counts| counts.jobs.tally.unfinished() > 0) {
        return Vec::new();
    }
    let Some(last) = counts().map(|counts| counts.last_end).max() else { return Vec::new() };
    let all = scenario.plan.services.iter().flat_map(|service| &service.episodes);
    let late = all.filter(|episode| episode.from > last);
    let mut notes: Vec<String> = late
        .map(|episode| {
            let what = match episode.trouble {
                Trouble::Outage => "outage",
                Trouble::BrownOut { .. } => "brown-out",
            };
            let [from, to, last] = [episode.from, episode.to, last].map(words::moment);
            format!("The {what} from {from} to {to} meets no call: all work has ended by {last}.")
        })
        .collect();
    notes.dedup();
    notes
}

/// That the order of what happens at one instant decides figures, by the strategy of which it
/// changes one most.
pub(super) fn ties(report: Report<'_>) -> Option<String> {
    let Report { scenario, study } = report;
    let most = study.ties.iter().max_by(|a, b| a.share().total_cmp(&b.share()))?;
    let reversed = verb(most.metric, most.reversed);
    let usual = words::of(most.metric.measure())(most.usual);
    let others = match study.ties.len() {
        1 => String::new(),
        2 => "; 1 more strategy changes".into(),
        n => format!("; {} more strategies change", words::count(n as u64 - 1)),
    };
    let label = scenario.names.label(most.strategy);
    Some(format!(
        "Many events happen at the same instant, and their order decides figures: in the reverse \
         order “{label}” {reversed} instead of {usual}{others}. Real callers do not start \
         together: write `start.spread`, or a latency that varies."
    ))
}
