//! The cheapest experiment that would tell what a log leaves open, as steps for a person.

use super::super::words;
use super::{Fitting, finding};
use crate::fit::probe;
use std::fmt::Write;

/// What to send and what each answer would mean, for every limit that is not clear; at most so many
/// refusals each.
#[must_use]
pub fn probes(fitting: Fitting<'_>, refusals: i64) -> String {
    let mut text = String::new();
    for finding in finding::all(fitting.outcome) {
        let title = fitting.title(&finding);
        if finding.answer().is_some() && finding.unclear().is_empty() {
            continue;
        }
        let found = finding.verdicts.first().and_then(|verdict| probe::next(verdict, refusals));
        let Some(probe) = found else {
            let _ =
                write!(text, "\n{title}: no probe with at most {refusals} refusals would tell.\n");
            continue;
        };
        let time = |ns: i64| words::seconds((ns as f64 / 1e9).ceil());
        let _ = write!(
            text,
            "\n{title}: send no call for {}; send {} at once; wait {}; send {} at once. At most {} \
             are refused.\n",
            time(probe.idle),
            probe.burst,
            words::seconds(probe.pause as f64 / 1e9),
            probe.again,
            probe.refusals
        );
        for (answer, guesses) in &probe.outcomes {
            let accepted: Vec<String> = answer.iter().map(ToString::to_string).collect();
            let mut models: Vec<String> = guesses
                .iter()
                .map(|guess| format!("{} of {}", super::figures::name(guess.model), guess.capacity))
                .collect();
            models.dedup();
            models.truncate(4);
            let (accepted, models) = (accepted.join(" and then "), models.join("; "));
            let _ = writeln!(text, "  if {accepted} are accepted: {models}");
        }
    }
    text
}
