//! `check FILE…`: run, compare with what is recorded, fail on a difference or an expectation.
//!
//! Results of the same version and seed are the same bytes, so that figures are compared exactly
//! unless a tolerance is given. Sentences and verdicts follow from figures and are not compared.
//! `--accept` records, and says what moved; a scenario of which nothing changed is not touched, so
//! that its pictures stay the same files.

use super::output::Output;
use super::{Fault, Loudness, ScenarioArgs, error, given_up, print, say, scenarios};
use crate::files::{Unreadable, read_text};
use crate::report::difference::{Difference, differences};
use crate::report::{PICTURES, Report, distrust, safe};
use crate::scenario::Scenario;
use crate::study::{Study, Verdict};
use crate::units::Share;
use clap::{Args, ValueEnum};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Run scenarios and compare with recorded results; fail on a difference or an unmet expectation.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    scenarios: ScenarioArgs,
    /// Directory of recorded results; one subdirectory for each scenario
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    /// Record the results of this run, and print what changed
    #[arg(long)]
    accept: bool,
    /// Allowed relative difference of each figure, for example 2%
    #[arg(long, value_name = "SHARE", default_value = "0%", conflicts_with = "accept")]
    tolerance: Share,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: CheckFormat,
    #[command(flatten)]
    loudness: Loudness,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim check scenarios/*.toml
  throttlesim check scenarios/*.toml --format github
  throttlesim check mine.toml --accept";

/// How the outcome of a check is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// Lines for people
    Text,
    /// A list of scenarios with their differences
    Json,
    /// JUnit's XML, one test case for each scenario
    Junit,
    /// Annotations as GitHub's runners read them
    Github,
}

/// Differences of one scenario that people read; `-v` shows all.
const FEW: usize = 12;

/// What became of one scenario.
#[derive(Debug, Serialize)]
struct Checked {
    scenario: String,
    file: String,
    recorded: bool,
    accepted: bool,
    differences: Vec<Difference>,
    unmet: Vec<String>,
}

impl Checked {
    fn passed(&self) -> bool {
        (self.accepted || (self.recorded && self.differences.is_empty())) && self.unmet.is_empty()
    }

    /// What became of it, in a few words.
    fn verdict(&self) -> &'static str {
        match (self.recorded || self.accepted, self.accepted || self.differences.is_empty()) {
            (false, _) => "is not recorded",
            (true, false) => "differs",
            (true, true) if self.unmet.is_empty() => "is the same",
            (true, true) => "does not meet its expectations",
        }
    }

    /// What is wrong, the whole before its parts, and not too much of it.
    fn lines(&self, most: usize) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.recorded && !self.accepted {
            lines.push("nothing is recorded: run `throttlesim check --accept`".into());
        }
        lines.extend(self.differences.iter().take(most).map(ToString::to_string));
        if self.differences.len() > most {
            lines.push(format!("… and {} more figures", self.differences.len() - most));
        }
        lines.extend(self.unmet.iter().map(|unmet| format!("expectation not met: {unmet}")));
        lines
    }
}

pub(super) fn check(args: &CheckArgs) -> Result<u8, Fault> {
    scenarios::check_folders(&args.scenarios.files, &args.out)?;
    let scenarios = scenarios::load(&args.scenarios)?;
    let mut checked = Vec::new();
    for (scenario, file) in scenarios.iter().zip(&args.scenarios.files) {
        let one = check_one(args, scenario, file)?;
        if args.loudness.verbose {
            say(&format!("{} {}", one.scenario, one.verdict()));
        }
        checked.push(one);
    }
    print(&match args.format {
        CheckFormat::Text => text(&checked, if args.loudness.verbose { usize::MAX } else { FEW }),
        CheckFormat::Json => json(&checked)?,
        CheckFormat::Junit => junit(&checked)?,
        CheckFormat::Github => github(&checked),
    });
    Ok(u8::from(!checked.iter().all(Checked::passed)))
}

fn check_one(args: &CheckArgs, scenario: &Scenario, file: &Path) -> Result<Checked, Fault> {
    let study = Study::settle(scenario);
    let mut study = study.map_err(|why| given_up(scenario, &why))?;
    study.find_ties(scenario);
    let report = Report::new(scenario, &study);
    let folder = args.out.join(&scenario.name);
    let place = folder.join("summary.json");
    let now = report.summary().to_json();
    let recorded = match read_text(&place) {
        Ok(text) => Some(text),
        Err(Unreadable::Failed(e)) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(e) => {
            return Err(Fault::new(error(&format!("cannot read {}: {e}", place.display()))));
        }
    };
    let known = recorded.is_some();
    let differences = match &recorded {
        Some(old) if *old != now => match compare(old, &now, &place, args.tolerance) {
            // What cannot be compared is recorded again.
            Err(_) if args.accept => Vec::new(),
            found => found?,
        },
        _ => Vec::new(),
    };
    // Words and pictures may have changed although no figure has.
    if args.accept {
        record(report, &folder)?;
    }
    Ok(Checked {
        scenario: scenario.name.clone(),
        file: file.display().to_string(),
        recorded: known,
        accepted: args.accept,
        differences,
        unmet: unmet(report),
    })
}

fn compare(old: &str, new: &str, place: &Path, tolerance: Share) -> Result<Vec<Difference>, Fault> {
    let parse = |text: &str| serde_json::from_str(text).map_err(|e| e.to_string());
    let wrong = |what: String| {
        let message = format!("{} cannot be compared: {what}", place.display());
        Fault::new(error(&format!("{message}\n  help: record it anew with `check --accept`")))
    };
    let (old, new) = (parse(old).map_err(wrong)?, parse(new).map_err(wrong)?);
    if let Some(what) = distrust::wrong(&old) {
        return Err(wrong(what.to_string()));
    }
    Ok(differences(&old, &new, tolerance.as_f64()))
}

fn record(report: Report<'_>, folder: &Path) -> Result<(), Fault> {
    let output = Output::of(folder, report.files())?;
    output.replacing(PICTURES).write()
}

fn unmet(report: Report<'_>) -> Vec<String> {
    let Report { scenario, study } = report;
    let failed = study.findings.iter().filter(|finding| finding.verdict == Verdict::Failed);
    failed
        .map(|finding| {
            let expectation = &scenario.expectations[finding.expectation];
            let strategy = scenario.names.label(finding.strategy);
            format!("{} ({strategy}, line {})", expectation.text, expectation.line)
        })
        .collect()
}

fn text(checked: &[Checked], most: usize) -> String {
    let mut lines = Vec::new();
    for one in checked {
        let verdict = match (one.passed(), one.accepted, one.differences.is_empty()) {
            (true, true, _) if !one.recorded => "recorded",
            (true, true, false) => "recorded anew",
            (true, ..) => "same",
            (false, ..) => "FAILED",
        };
        lines.push(format!("{}: {verdict}", one.scenario));
        lines.extend(one.lines(most).iter().map(|line| format!("  {line}")));
    }
    let failed = checked.iter().filter(|one| !one.passed()).count();
    lines.push(match failed {
        0 => format!("{} checked, all as they should be", checked.len()),
        n => format!("{n} of {} failed", checked.len()),
    });
    lines.join("\n") + "\n"
}

fn json(checked: &[Checked]) -> Result<String, Fault> {
    let text = serde_json::to_string_pretty(checked);
    text.map(|text| text + "\n").map_err(|e| Fault::new(error(&e.to_string())))
}

fn junit(checked: &[Checked]) -> Result<String, Fault> {
    let told = |e: std::io::Error| Fault::new(error(&e.to_string()));
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    let declaration = Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None));
    xml.write_event(declaration).map_err(told)?;
    let failed = checked.iter().filter(|one| !one.passed()).count();
    let suite = |xml: &mut Writer<Vec<u8>>| {
        let element = xml.create_element("testsuite").with_attributes([
            ("name", "throttlesim check"),
            ("tests", checked.len().to_string().as_str()),
            ("failures", failed.to_string().as_str()),
        ]);
        let cases = |xml: &mut Writer<Vec<u8>>| checked.iter().try_for_each(|one| case(xml, one));
        element.write_inner_content(cases).map(drop)
    };
    xml.create_element("testsuites").write_inner_content(suite).map_err(told)?;
    let text = String::from_utf8_lossy(&xml.into_inner()).into_owned();
    Ok(text + "\n")
}

/// The test case of a scenario.
fn case(xml: &mut Writer<Vec<u8>>, one: &Checked) -> std::io::Result<()> {
    let (name, file) = (safe::xml(&one.scenario), safe::xml(&one.file));
    let attributes = [("name", name.as_str()), ("classname", file.as_str())];
    let element = xml.create_element("testcase").with_attributes(attributes);
    if one.passed() {
        return element.write_empty().map(drop);
    }
    let lines: Vec<String> = one.lines(usize::MAX).iter().map(|line| safe::xml(line)).collect();
    let first = lines.first().map_or("", String::as_str);
    let failure = |xml: &mut Writer<Vec<u8>>| {
        let element = xml.create_element("failure").with_attribute(("message", first));
        element.write_text_content(BytesText::new(&lines.join("\n"))).map(drop)
    };
    element.write_inner_content(failure).map(drop)
}

/// One annotation for each scenario that failed.
fn github(checked: &[Checked]) -> String {
    let annotation = |one: &Checked| {
        let message = safe::github(&one.lines(FEW).join("\n"));
        let (file, name) = (safe::github_property(&one.file), safe::github_property(&one.scenario));
        format!("::error file={file},title={name} {}::{message}\n", one.verdict())
    };
    let failed: String = checked.iter().filter(|one| !one.passed()).map(annotation).collect();
    let verdict = if failed.is_empty() { "notice" } else { "error" };
    let count = checked.iter().filter(|one| !one.passed()).count();
    format!("{failed}::{verdict} title=throttlesim check::{count} of {} failed\n", checked.len())
}
