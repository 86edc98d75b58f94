//! `init [PROVIDER]`: a commented scenario to start from, printed or written to a new file.

use super::{Fault, error, output, print, say};
use crate::report::notes;
use crate::scenario::Scenario;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Print a commented scenario to start from, or write it to a new file.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct InitArgs {
    /// The provider whose limits it models
    #[arg(value_enum, default_value = "own")]
    provider: Starter,
    /// A new file [default: standard output]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim init sp-api my-question.toml";

/// What a starter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Starter {
    /// Amazon's Selling Partner API
    SpApi,
    /// Amazon Pay
    AmazonPay,
    /// The Product Advertising API of Amazon Associates
    PaApi,
    /// Ecomdash
    Ecomdash,
    /// Shopify's GraphQL Admin API: points by plan
    Shopify,
    /// An API with limits of requests and of tokens, as language models have
    Tokens,
    /// An API of your own
    Own,
}

impl Starter {
    const fn text(self) -> &'static str {
        match self {
            Self::SpApi => include_str!("starters/sp-api.toml"),
            Self::AmazonPay => include_str!("starters/amazon-pay.toml"),
            Self::PaApi => include_str!("starters/pa-api.toml"),
            Self::Ecomdash => include_str!("starters/ecomdash.toml"),
            Self::Shopify => include_str!("starters/shopify.toml"),
            Self::Tokens => include_str!("starters/tokens.toml"),
            Self::Own => include_str!("starters/own.toml"),
        }
    }
}

pub(super) fn init(args: &InitArgs) -> Result<u8, Fault> {
    let text = &commented(args.provider.text());
    let Some(file) = &args.file else {
        print(text);
        return Ok(0);
    };
    if file.exists() {
        let message = format!("{} exists: name a new file", file.display());
        return Err(Fault::new(error(&message)));
    }
    output::write_one(file, "--out", |out| out.write_all(text.as_bytes()))?;
    say(&format!("written: {0}; next: throttlesim run {0}", file.display()));
    Ok(0)
}

/// The starter, with what its reader must know first as comments at its top.
fn commented(text: &str) -> String {
    let notes = Scenario::read("starter", text, Path::new(""));
    let notes = notes.map_or(Vec::new(), |scenario| notes::all(&scenario).collect());
    let notes: String = notes.iter().map(|note| format!("# NOTE: {note}\n")).collect();
    let line = if notes.is_empty() { "" } else { "#\n" };
    notes + line + text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::{Study, Verdict};

    #[test]
    fn a_starter_about_a_retired_api_says_so_first() {
        let text = commented(Starter::PaApi.text());
        let first = "# NOTE: PA-API was retired on 2026-05-15; use Creators API instead.";
        assert_eq!(text.lines().next(), Some(first));
        assert_eq!(commented(Starter::Own.text()), Starter::Own.text());
    }

    /// Every starter reads, runs, and meets or fails its expectation with a value.
    #[test]
    fn starters_are_scenarios_that_run() {
        for starter in Starter::value_variants() {
            let scenario = Scenario::read("starter", starter.text(), Path::new(""));
            let scenario = scenario.unwrap_or_else(|problems| panic!("{starter:?}: {problems:#?}"));
            let study = Study::run(&scenario).expect("within its bounds");
            assert!(!study.findings.is_empty(), "{starter:?}");
            for finding in &study.findings {
                assert_ne!(finding.verdict, Verdict::Inconclusive, "{starter:?}: {finding:?}");
            }
        }
    }
}
