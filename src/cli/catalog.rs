//! `catalog [PROVIDER [OPERATION]]`: published limits with their sources; `--strategies`: presets.

mod limits;
mod presets;

use super::{Fault, Format, error, print};
use crate::catalog::{
    BUILT_IN, Listing, Offer, OperationDocument, Problem, Provider, RuleDocument, Selection,
    Standing, built_in,
};
use crate::limiter::Scope;
use crate::report::table::{Medium, SafeTable};
use clap::Args;
use comfy_table::CellAlignment;
use std::fmt::Write;
use std::path::Path;

/// Show published limits, and clients by name, with their sources.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CatalogArgs {
    /// A provider, such as sp-api or shopify, or a catalogue file of your own; with
    /// --strategies, a preset
    provider: Option<String>,
    /// One of its operations
    operation: Option<String>,
    /// Region of the provider, for one operation
    #[arg(long)]
    region: Option<String>,
    /// Environment: live or sandbox, for one operation
    #[arg(long)]
    environment: Option<String>,
    /// Plan of the provider's customers, for one operation
    #[arg(long)]
    plan: Option<String>,
    /// Show the presets for strategies: real and textbook clients
    #[arg(long, conflicts_with_all = ["operation", "region", "environment", "plan"])]
    strategies: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  throttlesim catalog
  throttlesim catalog sp-api orders/v0/getOrderItems
  throttlesim catalog --strategies fika";

pub(super) fn catalog(args: &CatalogArgs) -> Result<u8, Fault> {
    if args.strategies {
        let text = match &args.provider {
            Some(name) => presets::one(args.format, name)?,
            None => presets::all(args.format)?,
        };
        print(&text);
        return Ok(0);
    }
    let Some(name) = &args.provider else {
        print(&providers(args.format)?);
        return Ok(0);
    };
    let provider = open(name)?;
    let text = match &args.operation {
        Some(operation) => one(args, &provider, operation)?,
        None => all(args.format, &provider)?,
    };
    print(&text);
    Ok(0)
}

pub(super) fn open(name: &str) -> Result<Provider, Fault> {
    if !name.ends_with(".toml") {
        return built_in(name).map_err(faults);
    }
    let text = crate::files::read_text(Path::new(name))
        .map_err(|e| Fault::new(error(&format!("cannot read {name}: {e}"))))?;
    Provider::read(text.clone()).map_err(|problems| {
        let problems = crate::scenario::Problems::new(name, &text, problems);
        Fault::new(problems.to_string())
    })
}

pub(super) fn faults(problems: Vec<Problem>) -> Fault {
    let lines: Vec<String> = problems.into_iter().map(fault).collect();
    Fault::new(lines.join("\n"))
}

fn fault(problem: Problem) -> String {
    let help = problem.help.map_or(String::new(), |help| format!("\n  help: {help}"));
    format!("{}{help}", error(&problem.message))
}

fn table(format: Format, header: &[&str]) -> SafeTable {
    let medium = match format {
        Format::Markdown => Medium::Markdown,
        Format::Table | Format::Json => Medium::Terminal,
    };
    let mut table = medium.table(header);
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Left);
    }
    table
}

fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(|e| Fault::new(error(&e.to_string())))
}

fn providers(format: Format) -> Result<String, Fault> {
    let mut rows = Vec::new();
    for (name, _) in BUILT_IN {
        let provider = built_in(name).map_err(faults)?;
        let operations = provider.operations().count().to_string();
        let ends = end(&provider.standing()).map_or(String::new(), |ends| format!("; {ends}"));
        let title = format!("{}{ends}", provider.name());
        rows.push([name.to_string(), title, operations, provider.source().to_string()]);
    }
    if format == Format::Json {
        let keys = ["catalog", "name", "operations", "source"];
        let object = |row: &[String; 4]| -> serde_json::Map<String, serde_json::Value> {
            keys.into_iter().map(String::from).zip(row.iter().cloned().map(Into::into)).collect()
        };
        return json(&rows.iter().map(object).collect::<Vec<_>>());
    }
    let mut table = table(format, &["catalog", "provider", "operations", "source"]);
    rows.into_iter().for_each(|row| {
        table.add_row(row);
    });
    Ok(format!("{}\n", table.trim_fmt()))
}

fn all(format: Format, provider: &Provider) -> Result<String, Fault> {
    let operations: Vec<Listing<'_>> = provider.operations().collect();
    if format == Format::Json {
        return json(&operations);
    }
    let mut text = heading(provider);
    text += &limits::table_of(format, provider)?;
    let mut table = table(format, &["operation", "rate", "burst", "batch", "page", "notes"]);
    for column in table.column_iter_mut().skip(1).take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    if !operations.is_empty() {
        operations.iter().for_each(|listing| {
            table.add_row(row(listing));
        });
        let _ = writeln!(text, "\n{}", table.trim_fmt());
    }
    text += &limits::assumed(provider)?;
    Ok(text)
}

fn heading(provider: &Provider) -> String {
    let mut text = format!("{}\n{}\n", provider.name(), provider.source());
    if let Some(line) = end(&provider.standing()) {
        let _ = writeln!(text, "{line}");
    }
    if let Some(day) = provider.retrieved() {
        let _ = writeln!(text, "retrieved {day}");
    }
    if let Some(note) = provider.note() {
        let _ = writeln!(text, "{note}");
    }
    for (name, reading) in provider.readings() {
        let choices: Vec<&str> = reading.choices.keys().map(|k| k.get_ref().as_str()).collect();
        let _ = writeln!(
            text,
            "reading `{name}`: {} {} (default {})",
            reading.question,
            choices.join(" or "),
            reading.default.get_ref()
        );
    }
    text
}

/// Whose calls are counted together: `account, operation`.
fn counted_per(scope: Scope) -> String {
    let named: Vec<&str> = scope.factors().iter().filter(|of| of.0).map(|of| of.1).collect();
    if named.is_empty() { "everybody shares it".into() } else { named.join(", ") }
}

/// The end of an API or operation, announced or reached, with what to use instead.
fn end(offer: &Offer) -> Option<String> {
    let successor = offer.successor.as_deref();
    match offer.status {
        Standing::Current | Standing::SandboxOnly => None,
        Standing::Retired => {
            let on = offer.until.map_or(String::new(), |day| format!(" on {day}"));
            let instead = successor.map_or(String::new(), |new| format!(": use {new} instead"));
            Some(format!("retired{on}{instead}"))
        }
        Standing::Deprecated => {
            let migrate =
                successor.map_or("stop using it".into(), |new| format!("migrate to {new}"));
            let before = offer.until.map_or(String::new(), |day| format!(" before {day}"));
            Some(format!("deprecated: {migrate}{before}"))
        }
    }
}

/// A rule with its figures, `fixed_window: limit 120, window 1m`.
fn rule(rule: &RuleDocument) -> String {
    use serde_json::Value;
    let plain = |value: &Value| value.as_str().map_or(value.to_string(), String::from);
    let Ok(Value::Object(rule)) = serde_json::to_value(rule) else { return String::new() };
    let words = rule.iter().map(|(kind, figures)| match figures {
        Value::Object(figures) => {
            let given = figures.iter().filter(|(_, figure)| !figure.is_null());
            let given: Vec<String> = given.map(|(k, v)| format!("{k} {}", plain(v))).collect();
            format!("{kind}: {}", given.join(", "))
        }
        figure => format!("{kind}: {}", plain(figure)),
    });
    words.collect::<Vec<_>>().join("; ")
}

/// What a planner should know of an operation besides its figures.
fn notes(facts: &OperationDocument) -> Vec<&'static str> {
    let mut notes = Vec::new();
    notes.extend(facts.dynamic.then_some("dynamic"));
    notes.extend(facts.grantless.then_some("grantless"));
    notes.extend(facts.superseded.then_some("superseded"));
    match facts.status {
        Standing::Current => {}
        Standing::Deprecated => notes.push("deprecated"),
        Standing::Retired => notes.push("retired"),
        Standing::SandboxOnly => notes.push("sandbox only"),
    }
    notes.extend(facts.application_rate.is_some().then_some("limit per application"));
    notes
}

fn row(listing: &Listing<'_>) -> Vec<String> {
    let facts = listing.facts;
    let number = |n: &Option<crate::catalog::Spanned<u32>>| {
        n.as_ref().map_or(String::new(), |n| n.get_ref().to_string())
    };
    vec![
        listing.operation.to_string(),
        facts.rate.map_or(String::new(), |rate| rate.0.to_string()),
        number(&facts.burst),
        number(&facts.batch_limit),
        number(&facts.page_size),
        notes(facts).join(", "),
    ]
}

/// One operation: every limit that holds for it, its facts, its source.
fn one(args: &CatalogArgs, provider: &Provider, operation: &str) -> Result<String, Fault> {
    let selection = Selection {
        region: args.region.as_deref(),
        environment: args.environment.as_deref(),
        plan: args.plan.as_deref(),
        readings: &[],
    };
    let resolved = provider.resolve(&selection).map_err(faults)?;
    let facts = resolved.operation(operation).map_err(|problem| Fault(fault(problem)))?;
    let listing = provider.operations().find(|listing| listing.operation == operation);
    if args.format == Format::Json {
        return json(&listing);
    }
    let limits = resolved.limits(operation).map_err(|problem| Fault(fault(problem)))?;
    let mut text = format!("{} {operation}\n", provider.name());
    if let (Some(method), Some(path)) = (&facts.method, &facts.path) {
        let _ = writeln!(text, "{method} {path}");
    }
    let environment = resolved.environment().name();
    let mut place = resolved.region().map_or(environment.into(), |r| format!("{r}, {environment}"));
    if let Some(plan) = resolved.plan() {
        let _ = write!(place, ", plan {plan}");
    }
    let header = ["limit", "rule", "rate", "burst", "counted per", "in"];
    let mut table = table(args.format, &header);
    for limit in limits {
        table.add_row(vec![
            limit.name.to_string(),
            rule(&limit.limit.rule),
            limit.figures.map_or("–".into(), |figures| figures.rate.to_string()),
            limit.figures.map_or("–".into(), |figures| figures.burst.to_string()),
            counted_per(limit.scope),
            place.clone(),
        ]);
    }
    let _ = writeln!(text, "{}", table.trim_fmt());
    let notes = notes(facts);
    if !notes.is_empty() {
        let _ = writeln!(text, "{}", notes.join(", "));
    }
    for (most, of, unit) in [
        (&facts.batch_limit, &facts.batch_parameter, "in a request"),
        (&facts.page_size, &facts.page_parameter, "on a page"),
    ] {
        if let Some(most) = most {
            let of = of.as_ref().map_or(String::new(), |of| format!(" ({of})"));
            let _ = writeln!(text, "{} at most {unit}{of}", most.get_ref());
        }
    }
    for line in [provider.standing(), Offer::from(facts)].iter().filter_map(end) {
        let _ = writeln!(text, "{line}");
    }
    if let Some(printed) = facts.printed.as_ref().filter(|_| environment == "live") {
        let _ = writeln!(text, "printed as {printed}/s");
    }
    if let Some(note) = &facts.note {
        let _ = writeln!(text, "note: {note}");
    }
    let source = listing.map_or(provider.source(), |listing| listing.source);
    let _ = writeln!(text, "source: {source}");
    for assumption in resolved.assumptions(&[operation]) {
        let _ = writeln!(text, "assumed: {assumption}");
    }
    Ok(text)
}
