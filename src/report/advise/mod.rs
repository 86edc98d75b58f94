//! What is read of an advice: the strategy in a sentence, its table to paste, and what each of its
//! settings is worth.
//!
//! ```text
//!   wording   strategies and reasons in words
//!   answer    the sentences, in order
//!   tables    what people wrote beside it; every candidate; other circumstances
//!   json      `advice.json`
//!   album     the trade-off with the winner marked, and the race
//! ```

mod album;
mod answer;
mod json;
mod library;
mod tables;
mod wording;

pub use answer::sentences;
pub use json::json;
pub use library::{InLibrary, in_libraries};

use super::fitted::Fit;
use super::table::Medium;
use super::{File, ReportError, notes, safe, words};
use crate::study::Advice;
use std::fmt::Write;

/// What a terminal shows: question, answer, the table to paste, the figures beside it.
#[must_use]
pub fn terminal(advice: &Advice, width: usize) -> String {
    let scenario = &advice.scenario;
    let mut text = words::clipped(&scenario.question, width) + "\n";
    let sentences = sentences(advice);
    let (answer, rest) = sentences.split_first().expect("an answer");
    for note in notes::first(scenario) {
        text += &words::wrapped(&note, width, "");
    }
    text += &words::wrapped(answer, width, "");
    let _ = write!(text, "\n{}\n", advice.toml());
    for sentence in rest {
        text += &words::wrapped(sentence, width, "  ");
    }
    let fit = Fit::Width(width);
    let _ = write!(text, "\n{}\n", tables::beside(advice, Medium::Terminal, fit));
    if let Some(robust) = tables::robust(advice, Medium::Terminal, fit) {
        let _ = write!(text, "\n{robust}\n");
    }
    text += &words::wrapped(&rule(advice), width, "");
    for note in notes::sentences(scenario) {
        text += &words::wrapped(&format!("note: {note}"), width, "  ");
    }
    for assumption in &scenario.assumptions {
        text += &words::wrapped(&format!("assumed: {assumption}"), width, "  ");
    }
    text
}

/// `advice.md`: everything on one page.
#[must_use]
pub fn page(advice: &Advice) -> String {
    let scenario = &advice.scenario;
    let sentences = sentences(advice);
    let (answer, rest) = sentences.split_first().expect("an answer");
    let mut page = format!("# {}\n\n", scenario.question);
    page += &notes::first_in_markdown(scenario);
    let _ = writeln!(page, "**{answer}**\n");
    let _ = write!(page, "```toml\n{}```\n\n", advice.toml());
    for sentence in rest {
        let _ = writeln!(page, "- {sentence}");
    }
    page += &notes::markdown(notes::sentences(scenario));
    page += &in_your_library(advice);
    let _ = writeln!(page, "\n{}\n", tables::beside(advice, Medium::Markdown, Fit::All));
    let _ = writeln!(page, "{}\n", rule(advice));
    let _ = writeln!(page, "![What is traded for what](advice-trade-off.png)\n");
    let _ = writeln!(page, "![The race](advice-race.png)\n");
    if let Some(robust) = tables::robust(advice, Medium::Markdown, Fit::All) {
        let _ = writeln!(page, "## In other circumstances\n\n{robust}\n");
    }
    let _ = writeln!(page, "## The race\n\n{}\n", tables::rounds(advice));
    let _ = writeln!(page, "## The best candidates\n\n{}\n", tables::best(advice));
    let dropped = tables::dropped(advice);
    if !dropped.is_empty() {
        let _ = writeln!(page, "## Not run\n\n{dropped}");
    }
    let _ = writeln!(page, "## Assumptions\n");
    if scenario.assumptions.is_empty() {
        page.push_str("None.\n");
    }
    for assumption in &scenario.assumptions {
        let _ = writeln!(page, "- {assumption}");
    }
    page += &sureness(advice);
    let robust = if advice.robust.is_compared { " --robust" } else { "" };
    let _ = writeln!(
        page,
        "\n## How to repeat it\n\n`throttlesim advise …/{}.toml --seed {}{robust}` with \
         throttlesim {}. The strategies in the first table have {} runs, those in changed \
         circumstances {}. Every candidate is in `advice.csv`.",
        scenario.name,
        scenario.plan.seed,
        env!("CARGO_PKG_VERSION"),
        advice.study.replications,
        advice.robust.runs,
    );
    page
}

/// By what strategies are ranked.
fn rule(advice: &Advice) -> String {
    super::winner::rule_of(&advice.rule, "conditions met or nearest to being met")
}

/// What the confidence is of, and what it is not of.
fn sureness(advice: &Advice) -> String {
    let runs = advice.margin.map_or(0, |margin| margin.runs);
    let rare = match runs / 3 {
        0 | 1 => "events that are rare".into(),
        some => format!("events that are rarer than one run in {some}"),
    };
    let sampled = advice.race.rounds.iter().map(|round| round.accounts).min();
    let sampled = sampled.filter(|some| *some < advice.scenario.plan.population.accounts);
    let sampled = sampled.map_or(String::new(), |some| {
        format!(
            " The first rounds simulate {some} of the accounts, which are alike and independent."
        )
    });
    format!(
        "\n## How sure this is\n\nThe advised strategy was run {runs} times in the search, \
         the others as often or less, all with the same arrivals, service times and faults. If the \
         whole search were repeated with other random seeds, the bound that is stated would hold \
         in at least 95 % of all cases: its level is shared by all strategies, measures and looks \
         (Student's bound of paired differences).{sampled} The confidence is not of the scenario: \
         it does not say how well the limits, service times and work that you state describe the \
         world. It is not of strategies that were not run, of {rare}, nor of other measures than \
         the first goal: there the means decide.\n"
    )
}

/// The libraries whose settings wait as the advised strategy does; none if it is one itself.
fn libraries(advice: &Advice) -> Vec<InLibrary> {
    match advice.field.entrants[advice.best].candidate.has("preset") {
        true => Vec::new(),
        false => in_libraries(&advice.scenario, advice.advised),
    }
}

/// The retries in the words of libraries; empty if none waits so.
fn in_your_library(advice: &Advice) -> String {
    let mut text = String::new();
    for InLibrary { library, code, .. } in libraries(advice) {
        if text.is_empty() {
            text.push_str("\n## The retries in your library\n\n");
        }
        let _ = writeln!(text, "- {library}: `{code}`");
    }
    text
}

/// Every file of an advice, by name.
///
/// # Errors
/// A picture or table cannot be made.
pub fn files(advice: &Advice) -> Result<Vec<File>, ReportError> {
    let mut files = vec![
        ("advice.md".into(), safe::markdown(&page(advice)).into_bytes()),
        ("advice.json".into(), json(advice).into_bytes()),
        ("advice.csv".into(), tables::csv(advice)?),
    ];
    files.extend(album::pictures(advice)?);
    Ok(files)
}
