//! `fit LOG…`: the limits that a log of calls and refusals proves.

mod columns;
mod published;

use super::output::Output;
use super::{Fault, Format, error, print, say, width};
use crate::catalog::Glob;
use crate::fit::log::{Heard, Told};
use crate::fit::outcome::fit_log;
use crate::fit::rows::{Start, Status};
use crate::fit::verdict::Options;
use crate::recorded::{self, Attempts, Log, MOST_CALLS};
use crate::report::fit::against::{self, Compared};
use crate::report::fit::figures::Counted;
use crate::report::fit::{self, Fitting, page};
use crate::report::table::Medium;
use crate::report::words;
use crate::units::Span;
use clap::{Args, ValueEnum};
use columns::Names;
use jiff::civil::Date;
use published::Against;
use std::path::{Path, PathBuf};

/// Find the provider's real limits in a log of calls and refusals.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct FitArgs {
    /// Logs: CSV, JSON Lines (also those of `run --events`) or access logs, in order of time
    #[arg(required = true, value_name = "LOG")]
    files: Vec<PathBuf>,
    /// The format of the logs [default: by the ending .csv, .jsonl, .ndjson or .log]
    #[arg(long, value_name = "FORMAT", value_parser = super::log::formats())]
    input: Option<recorded::Format>,
    #[command(flatten)]
    names: Names,
    /// The longest round trip over the network, such as 200ms
    #[arg(long, value_name = "SPAN")]
    round_trip: Option<Span>,
    /// Statuses that are refusals by the limit
    #[arg(long, value_name = "STATUS", default_value = "429", value_delimiter = ',')]
    #[arg(value_parser = clap::value_parser!(u16).range(100..=599))]
    refused: Vec<u16>,
    /// Calls that match a pattern are this call; others are left out: "GET /orders/*=getOrder"
    #[arg(long = "match", value_name = "PATTERN=CALL")]
    matches: Vec<String>,
    /// What the limits hold when the log begins
    #[arg(long, value_enum, default_value = "unknown")]
    start: StartArg,
    /// The log has every call that the limits count, of every process
    #[arg(long)]
    complete: bool,
    /// Also print the cheapest probe for what is not clear, with at most N refusals
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "20")]
    #[arg(value_parser = clap::value_parser!(i64).range(0..=1000))]
    next: Option<i64>,
    #[command(flatten)]
    against: Against,
    /// Also write what was found as a catalogue that a scenario can name
    #[arg(long, value_name = "FILE.toml")]
    catalog: Option<PathBuf>,
    /// The day on which the log was recorded, for --catalog [default: that of its last call]
    #[arg(long, value_name = "YYYY-MM-DD", requires = "catalog")]
    date: Option<Date>,
    /// Output directory: report.md, report.html, fit.json and pictures
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How results are printed
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// What limits hold when a log begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StartArg {
    /// Nothing has been counted before
    Full,
    /// Anything may have been counted before
    Unknown,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim fit calls.csv --round-trip 200ms
  throttlesim fit access.log --round-trip 1s --match 'GET /orders/*=getOrder'
  throttlesim fit calls.csv --round-trip 200ms --against sp-api
  throttlesim fit calls.csv --round-trip 200ms --catalog own.toml --date 2026-11-29
  throttlesim fit calls.csv --round-trip 200ms --out fitted
  throttlesim fit calls.jsonl --time sent_at --received answered_at --start full --next";

pub(super) fn fit(args: &FitArgs) -> Result<u8, Fault> {
    let patterns = patterns(&args.matches)?;
    let published = args.against.open()?;
    let unit = published::unit(&args.names, published.as_ref())?;
    let (mut attempts, mut files) = (Attempts::default(), Vec::new());
    for file in &args.files {
        files.push((file.display().to_string(), attempts.lines));
        attempts.join(read(args, file)?);
    }
    if !patterns.is_empty() {
        attempts.rename(&patterns);
    }
    check(&attempts, &files)?;
    let round_trip = args.round_trip.map(|span| nanos(span.as_nanos()));
    let told = Told { round_trip, refused: args.refused.clone() };
    let heard = Heard::take(&mut attempts, &told);
    check_calls(&heard, &files[0].0)?;
    let start = match args.start {
        StartArg::Full => Start::Full,
        StartArg::Unknown => Start::Unknown,
    };
    let options =
        Options { start, complete: args.complete, epoch: heard.epoch(), ..Options::default() };
    let outcome = fit_log(&heard.calls, &options);
    let (outcome, attempts, heard, files) = (&outcome, &attempts, &heard, &files);
    let counted = if args.names.cost.is_some() { Counted::Units } else { Counted::Calls };
    let unit = unit.as_str();
    let fitting = Fitting { outcome, attempts, heard, files, counted, unit, start };
    let compared = published.map(|(provider, here)| against::all(fitting, &provider, &here));
    args.files.iter().for_each(|file| super::inputs::protect(file));
    if let Some(place) = &args.catalog {
        write_catalogue(args, fitting, place)?;
    }
    if let Some(folder) = &args.out {
        write_report(args, fitting, compared.as_deref(), folder)?;
    }
    print(&shown(args, fitting, compared.as_deref()));
    if let Some(folder) = &args.out {
        say(&format!("report: {}", folder.join("report.md").display()));
    }
    Ok(u8::from(compared.is_some_and(|compared| against::differs(&compared))))
}

/// Writes what was found as a catalogue, over no log.
fn write_catalogue(args: &FitArgs, fitting: Fitting<'_>, place: &Path) -> Result<(), Fault> {
    if place.extension().is_none_or(|ending| ending != "toml") {
        let help = "a scenario names a catalogue by a file such as own.toml";
        return fault(&format!("--catalog {} does not end in .toml", place.display()), help);
    }
    let name = place.file_stem().unwrap_or_default().to_string_lossy();
    let Some(day) = args.date.or_else(|| fit::catalogue::day(fitting)) else {
        let help = "say on which day it was recorded: --date 2026-11-29";
        return fault("a catalogue needs a date, and the times of the log are no dates", help);
    };
    let (text, limits) = fit::catalogue::text(fitting, &name, day);
    if limits == 0 {
        let help = "the sentences without --catalog say what is missing; --next prints a probe";
        return fault("the log proves no limit that a catalogue can hold", help);
    }
    let mut output = Output::default();
    output.add(place.into(), text);
    output.write()
}

/// Writes the report with its pictures, over no log.
fn write_report(
    args: &FitArgs,
    fitting: Fitting<'_>,
    compared: Option<&[Compared]>,
    folder: &Path,
) -> Result<(), Fault> {
    let against = args.against.name().zip(compared);
    let asked = page::Asked { against, refusals: args.next };
    let files = page::files(fitting, asked);
    Output::of(folder, files)?.replacing(page::PICTURES).write()
}

fn shown(args: &FitArgs, fitting: Fitting<'_>, compared: Option<&[Compared]>) -> String {
    let medium = match args.format {
        Format::Json => {
            let next = args.next.map(|refusals| fit::probes_json(fitting, refusals));
            return fit::json::text(fitting, compared.map(against::json), next);
        }
        Format::Table => Medium::Terminal,
        Format::Markdown => Medium::Markdown,
    };
    let wrapped = |text: &str| match medium {
        Medium::Terminal => words::wrapped(text, width(), "  "),
        Medium::Markdown => format!("- {text}\n"),
    };
    let mut text = String::new();
    if let (Some(compared), Some(name)) = (compared, args.against.name()) {
        text.extend(against::sentences(compared, name).iter().map(|one| wrapped(one)));
        text += &against::table(compared, medium);
        text.push('\n');
    }
    text.extend(fit::sentences(fitting).iter().map(|one| wrapped(one)));
    text += &fit::tables(fitting, medium);
    text.push('\n');
    for note in fit::notes(fitting) {
        text += &wrapped(&format!("note: {note}"));
    }
    if let Some(refusals) = args.next {
        text += &fit::probes(fitting, refusals, (medium, width()));
    }
    text
}

fn nanos(span: u64) -> i64 {
    i64::try_from(span).unwrap_or(i64::MAX / 4).min(i64::MAX / 4)
}

fn fault<T>(message: &str, help: &str) -> Result<T, Fault> {
    Err(Fault::new(error(&format!("{message}\n  help: {help}"))))
}

fn patterns(matches: &[String]) -> Result<Vec<(Glob, String)>, Fault> {
    let read = |text: &String| match text.rsplit_once('=') {
        Some((pattern, name)) if !pattern.trim().is_empty() && !name.trim().is_empty() => {
            Ok((Glob::new(pattern.trim()), name.trim().to_string()))
        }
        _ => fault(
            &format!("--match {text} is not a pattern and a call"),
            "write --match 'GET /orders/*=getOrder'",
        ),
    };
    matches.iter().map(read).collect()
}

fn read(args: &FitArgs, file: &Path) -> Result<Attempts, Fault> {
    let shown = file.display().to_string();
    let format = args.input.or_else(|| recorded::Format::of(&shown));
    let Some(format) = format else {
        let message = format!("{shown}: the ending does not tell the format");
        return fault(&message, "write --input csv or the name of another format");
    };
    let cannot =
        |why: crate::files::Unreadable| Fault::new(error(&format!("cannot read {shown}: {why}")));
    let separator = recorded::separator_of(file).map_err(cannot)?;
    let known = Log::columns_of(file, format, separator).map_err(cannot)?;
    let columns = args.names.columns(format, &known, &shown)?;
    let mut log = Log::new(file.into(), format, columns);
    log.separator = separator;
    let attempts = Attempts::of(&log).map_err(cannot)?;
    if attempts.rows.is_empty() {
        let (message, help) = match attempts.bad_lines.first() {
            None => (format!("{shown} has no rows"), "write the file of a log with calls"),
            Some((line, bad)) => {
                let rows = words::count(attempts.bad);
                let why = bad.reason();
                let message = format!("{shown}:{line}: {why}; none of {rows} rows can be read");
                (message, "name the columns: --time, --call, --status; or the format: --input")
            }
        };
        return fault(&message, help);
    }
    Ok(attempts)
}

fn check(attempts: &Attempts, files: &[(String, u64)]) -> Result<(), Fault> {
    let file = &files[0].0;
    if attempts.rows.is_empty() {
        let help = "write --match 'GET /orders/*=getOrder' with a pattern that occurs";
        return fault(&format!("no row of {file} matches a pattern of --match"), help);
    }
    if let Some(line) = attempts.uncosted {
        let place = files.iter().rev().find(|(_, before)| *before < line);
        let (name, before) = place.map_or((file, 0), |(name, before)| (name, *before));
        let help = "write how many whole units the call costs, such as 1, or name another column";
        return fault(&format!("{name}:{}: its cost is not a whole number", line - before), help);
    }
    if attempts.rows.iter().all(|row| row.status.is_none()) {
        let help = "a status is a number from 100 to 599; name its column: --status COLUMN";
        return fault(&format!("no row of {file} has a status"), help);
    }
    if attempts.names[3].len() > MOST_CALLS + 1 {
        let help = "say which are which: --match 'GET /orders/*=getOrder'";
        return fault(&format!("{file} names more than {MOST_CALLS} calls"), help);
    }
    if attempts.too_many_names {
        let help = "name another column: --account, --application or --region";
        return fault(&format!("{file} names more accounts than can be told apart"), help);
    }
    if attempts.lines > u64::from(u32::MAX) {
        return fault(&format!("{file} has more lines than can be counted"), "split the log");
    }
    Ok(())
}

fn check_calls(heard: &Heard, file: &str) -> Result<(), Fault> {
    if heard.unbounded == heard.calls.len() as u64 {
        let help = "write the longest round trip, such as --round-trip 200ms, or the column of the \
                    answer's time: --received COLUMN";
        return fault(&format!("{file} does not say when calls were decided"), help);
    }
    if heard.calls.iter().all(|call| call.status == Status::Other) {
        let help = "statuses below 500 are accepted calls; those of --refused are refusals";
        return fault(&format!("no call of {file} was accepted or refused"), help);
    }
    Ok(())
}
