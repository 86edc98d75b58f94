//! `log FILE`: what a log holds, and the table of a scenario that replays it.

use super::{Fault, error, print};
use crate::recorded::{Asked, Blank, Format, Profile};
use crate::report::log;
use crate::scenario::nearest;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Show what a log holds, and the `arrivals.trace` table that replays it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LogArgs {
    /// The log, which may be compressed by gzip
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The format of the log [default: what its lines look like]
    #[arg(long = "as", value_name = "FORMAT", value_parser = formats())]
    log_format: Option<Format>,
    /// The column or key of times [default: by its name]
    #[arg(long, value_name = "COLUMN")]
    time: Option<String>,
    /// The column or key of accounts [default: by its name]
    #[arg(long, value_name = "COLUMN")]
    account: Option<String>,
    /// The column or key of calls; name several to join them by spaces [default: by its name]
    #[arg(long, value_name = "COLUMN")]
    call: Vec<String>,
    /// The column or key of statuses [default: by its name]
    #[arg(long, value_name = "COLUMN")]
    status: Option<String>,
    /// Leave out rows whose column does not match a pattern, for example kind=access
    #[arg(long = "where", value_name = "COLUMN=PATTERN", value_parser = filter)]
    only: Vec<(String, String)>,
    /// How it is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Printed,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim log access.log
  throttlesim log gateway.jsonl.gz --where kind=access --call http.method --call http.path";

/// How it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Printed {
    /// Lines for a person, then the table to paste
    Text,
    /// The same as JSON
    Json,
}

pub(super) fn formats() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name)).map(|name| {
        let known = Format::ALL.into_iter().find(|format| format.name() == name);
        known.expect("one of those that are possible")
    })
}

fn filter(text: &str) -> Result<(String, String), String> {
    let (name, pattern) = text.split_once('=').ok_or("write COLUMN=PATTERN")?;
    Ok((name.into(), pattern.into()))
}

pub(super) fn log(args: &LogArgs) -> Result<u8, Fault> {
    let file = args.file.display().to_string();
    let asked = Asked {
        format: args.log_format,
        time: args.time.clone(),
        account: args.account.clone(),
        call: args.call.clone(),
        status: args.status.clone(),
        only: args.only.clone(),
    };
    let profile = Profile::of(&args.file, &asked);
    let profile = profile.map_err(|blank| Fault::new(error(&why(&file, &blank))))?;
    print(&match args.format {
        Printed::Text => log::text(&file, &profile),
        Printed::Json => log::json(&file, &profile),
    });
    Ok(0)
}

/// Why there is nothing to say about a log, and what to write instead.
fn why(file: &str, blank: &Blank) -> String {
    match blank {
        Blank::Unreadable(unreadable) => format!("cannot read {file}: {unreadable}"),
        Blank::NoFormat => {
            let names = Format::ALL.map(Format::name).join(", ");
            format!("the format of {file} is not known: write --as with one of {names}")
        }
        Blank::NoColumn { key, name, known } => {
            let near = nearest(name, known.iter().map(String::as_str));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write --{key} with one of: {}", known.join(", ")),
            };
            format!("{file} has no column `{name}`: {help}")
        }
        Blank::NoRow(format, lines) => {
            let lines = lines.iter().take(3).map(|(line, why)| format!("line {line}: {why}"));
            let lines: Vec<String> = lines.collect();
            let lines = if lines.is_empty() { "it has no row".into() } else { lines.join("; ") };
            format!("no row of {file} can be read as {}: {lines}", format.name())
        }
    }
}
