//! `schema`: the scenario language as a JSON Schema, by which editors complete and check, or as the
//! page of the documentation that lists every key.

use super::print;
use crate::report::reference;
use crate::scenario;
use clap::{Args, ValueEnum};

/// Print the scenario language: a JSON Schema for editors, or a page that lists every key.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct SchemaArgs {
    /// How the language is printed
    #[arg(long, value_enum, default_value = "json")]
    format: SchemaFormat,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim schema > throttlesim.schema.json
  throttlesim schema --format markdown > scenario-language.md";

/// How the language is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaFormat {
    /// A JSON Schema, for editors
    Json,
    /// A page with a table of keys for each table of the language
    Markdown,
}

pub(super) fn schema(args: &SchemaArgs) -> u8 {
    match args.format {
        SchemaFormat::Json => print(scenario::SCHEMA),
        SchemaFormat::Markdown => print(&reference::markdown(&scenario::schema())),
    }
    0
}
