//! One page for people: question, answer, expectations, what to mind, table, pictures, details, how
//! to repeat it.
//!
//! ```text
//!   terminal   line 1 the question, then the answer; the table fits the width; details with -v
//!   markdown   what a pull request needs
//!   report     report.md: everything
//! ```

use super::answer::verdict;
use super::fitted::Fit;
use super::table::Medium;
use super::{binding, details, headroom, league, notes, suffering, trace, verdicts, words};
use crate::report::Report;
use crate::scenario::Scenario;
use std::fmt::Write;

/// How a terminal shows a page.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// Its width \[characters\].
    pub width: usize,
    /// True if details are asked for; tables may then be wider than the terminal.
    pub verbose: bool,
}

/// Assumptions that a terminal shows without details.
const FEW: usize = 3;

impl Report<'_> {
    /// What a picture or table needs to be found again.
    #[must_use]
    pub fn subtitle(self) -> String {
        let Report { scenario, study } = self;
        let replications = match study.replications {
            1 => "1 run".to_string(),
            n => format!("mean of {} runs", words::count(n.into())),
        };
        format!("{}, seed {}, {replications}", scenario.name, scenario.plan.seed)
    }

    /// What a terminal shows after a run.
    #[must_use]
    pub fn terminal(self, view: View) -> String {
        let Report { scenario, study } = self;
        let width = if view.verbose { usize::MAX } else { view.width };
        let mut page = words::clipped(&scenario.question, width) + "\n";
        for note in notes::first(scenario) {
            page += &words::wrapped(&note, view.width, "");
        }
        page += &words::wrapped(&self.answer(), view.width, "");
        page.push('\n');
        if let Some(verdict) = verdict(study).filter(|_| study.strategies.len() > 1) {
            page += &words::wrapped(&verdict, view.width, "");
        }
        for line in verdicts::lines(self, view.verbose) {
            page += &words::wrapped(&line, view.width, "  ");
        }
        for line in to_mind(self, view.verbose) {
            page += &words::wrapped(&line, view.width, "  ");
        }
        let medium = Medium::Terminal;
        let league = league::tables(self, medium);
        let fit = if view.verbose { Fit::All } else { Fit::Width(view.width) };
        let table = league.clone().unwrap_or_else(|| self.comparison(medium, fit));
        let _ = writeln!(page, "\n{table}");
        for rule in self.rules() {
            page += &words::wrapped(&rule, view.width, "");
        }
        let hint = if view.verbose { "" } else { "; -v shows more" };
        page += &words::wrapped(&format!("{}{hint}", self.subtitle()), view.width, "");
        if view.verbose && league.is_none() {
            for (heading, part) in all_details(self, medium) {
                let _ = write!(page, "\n{heading}\n{part}\n");
            }
        }
        page + "\n"
    }

    /// What a pull request needs: question, answer, expectations, what to mind, table.
    #[must_use]
    pub fn markdown(self) -> String {
        let scenario = self.scenario;
        let mut page = format!("**{}**\n\n", scenario.question);
        page += &answered(self);
        let lines = trace::notes(scenario).into_iter().map(|note| format!("- Trace: {note}"));
        let assumed = scenario.assumptions.iter().map(|of| format!("- Assumed: {of}"));
        let lines: Vec<String> = lines.chain(assumed).collect();
        if !lines.is_empty() {
            let _ = writeln!(page, "{}\n", lines.join("\n"));
        }
        let _ = writeln!(page, "{}\n\n{}.\n", main_table(self), self.subtitle());
        page
    }

    /// `report.md`: everything on one page, `pictures` being each one's title and file, and
    /// `left_out` those that would show nothing, with the reason.
    #[must_use]
    pub fn page(self, pictures: &[(String, String)], left_out: &[String]) -> String {
        let scenario = self.scenario;
        let mut page = format!("# {}\n\n", scenario.question);
        page += &answered(self);
        page += &binding::asked_as_well(scenario);
        page += &why(scenario);
        let _ = writeln!(page, "{}\n", main_table(self));
        if self.study.replications > 1 {
            let runs = words::count(self.study.replications.into());
            let _ = writeln!(
                page,
                "Figures are means of {runs} runs, except in pictures that show the first run.\n"
            );
        }
        for (title, file) in pictures {
            let _ = writeln!(page, "![{title}]({file})\n");
        }
        if !left_out.is_empty() {
            let _ = writeln!(page, "Pictures that would show nothing:\n");
            for picture in left_out {
                let _ = writeln!(page, "- {picture}.");
            }
            page.push('\n');
        }
        if scenario.league.is_none() {
            let all = self.comparison(Medium::Markdown, Fit::All);
            let _ = writeln!(page, "## All columns\n\n{all}\n");
            for (heading, part) in all_details(self, Medium::Markdown) {
                let _ = writeln!(page, "## {heading}\n\n{part}\n");
            }
        }
        list(&mut page, "Read from the trace", &trace::notes(scenario));
        list(&mut page, "Assumptions", &scenario.assumptions);
        let _ = writeln!(
            page,
            "## How to repeat it\n\n`throttlesim run …/{}.toml --seed {}` with throttlesim {}: {}. \
             Every figure is in `summary.json`, where counts are totals over all runs{}.",
            scenario.name,
            scenario.plan.seed,
            env!("CARGO_PKG_VERSION"),
            self.subtitle(),
            if scenario.league.is_some() { "" } else { "; counts over time are in `timeline.csv`" },
        );
        page
    }
}

/// Notes, notes on traces, assumptions and headroom, one a line.
fn to_mind(report: Report<'_>, all: bool) -> Vec<String> {
    let scenario = report.scenario;
    let mut lines: Vec<String> = report.notes().map(|note| format!("note: {note}")).collect();
    lines.extend(trace::notes(scenario).into_iter().map(|note| format!("trace: {note}")));
    let assumptions = &scenario.assumptions;
    let shown = if all || assumptions.len() <= FEW { assumptions.len() } else { FEW - 1 };
    lines.extend(assumptions.iter().take(shown).map(|of| format!("assumed: {of}")));
    if assumptions.len() > shown {
        lines.push(format!("assumed: {} more (-v shows them)", assumptions.len() - shown));
    }
    let headroom = headroom::sentences(report).into_iter();
    lines.extend(headroom.map(|line| format!("headroom: {line}")));
    lines
}

/// The tables of details that there are, each with its heading.
fn all_details(report: Report<'_>, medium: Medium) -> impl Iterator<Item = (&'static str, String)> {
    let scenario = report.scenario;
    let parts = [
        ("By workload", details::workloads(report, medium)),
        ("By call", details::calls(report, medium)),
        ("Headroom", headroom::table(report, medium)),
        (
            "Accounts that suffer most: by lost work, then by throttle rate",
            suffering::table(report, medium),
        ),
        ("What throttled", details::causes(report, medium)),
        ("What clients spared the provider", details::spared(report, medium)),
        ("The soonest that any client could be done", details::ideal(scenario, medium)),
        ("Every attempt", details::attempts(report, medium)),
    ];
    parts.into_iter().filter_map(|(heading, part)| Some((heading, part?)))
}

/// The answer, the expectations, which limit binds, and the notes, in Markdown.
fn answered(report: Report<'_>) -> String {
    let mut page = notes::first_in_markdown(report.scenario);
    let _ = writeln!(page, "{}\n", report.answer());
    for rule in report.rules() {
        let _ = writeln!(page, "{rule}\n");
    }
    if let Some(expectations) = verdicts::table(report, Medium::Markdown) {
        let _ = writeln!(page, "{expectations}\n");
    }
    page + &binding::markdown(report)
        + &notes::markdown(report.notes())
        + &headroom::markdown(report)
}

/// The strategies side by side, or the league, in Markdown.
fn main_table(report: Report<'_>) -> String {
    let league = league::tables(report, Medium::Markdown);
    league.unwrap_or_else(|| report.comparison(Medium::Markdown, Fit::Main))
}

/// A section with a list; nothing if the list is empty.
fn list(page: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(page, "## {heading}\n");
    for line in lines {
        let _ = writeln!(page, "- {line}");
    }
    page.push('\n');
}

/// The reasons that the scenario gives for what it expects.
fn why(scenario: &Scenario) -> String {
    let given = scenario.expectations.iter().filter_map(|e| Some((&e.text, e.why.as_ref()?)));
    let mut lines: Vec<String> = given.map(|(text, why)| format!("- `{text}`: {why}\n")).collect();
    if !lines.is_empty() {
        lines.push("\n".into());
    }
    lines.concat()
}
