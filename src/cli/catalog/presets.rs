//! `catalog --strategies [PRESET]`: clients by name, each with where it was read.

use super::{json, table};
use crate::cli::{Fault, Format, error};
use crate::scenario::{Preset, find_preset, presets};
use comfy_table::ContentArrangement;
use serde::Serialize;
use std::fmt::Write;

/// How wide a table of sentences may be \[columns\].
const WIDTH: u16 = 118;

/// What is told of a preset.
#[derive(Serialize)]
struct Told<'a> {
    preset: &'a str,
    says: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    intended: Option<&'a str>,
    source: &'a str,
    retrieved: String,
    assumed: &'a [String],
    strategy: &'a str,
}

fn told(preset: &Preset) -> Told<'_> {
    Told {
        preset: preset.name,
        says: &preset.says,
        intended: preset.intended.as_ref().map(|intended| intended.says.as_str()),
        source: &preset.source,
        retrieved: preset.retrieved.to_string(),
        assumed: &preset.assumed,
        strategy: preset.text(),
    }
}

/// All presets.
pub(super) fn all(format: Format) -> Result<String, Fault> {
    let presets = presets();
    if format == Format::Json {
        return json(&presets.iter().map(told).collect::<Vec<_>>());
    }
    let mut table = table(format, &["preset", "what it does", "read in"]);
    if format == Format::Table {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    }
    for preset in &presets {
        let mut says = preset.says.clone();
        if let Some(intended) = &preset.intended {
            let _ = write!(says, " Meant (`faithful = false`): {}", intended.says);
        }
        table.add_row([preset.name, &says, &preset.source]);
    }
    let hint = "In a scenario: [strategy.NAME] preset = \"…\"; what else it says goes before the \
                preset.";
    Ok(format!("{}\n\n{hint}\n", table.trim_fmt()))
}

/// One preset, and how the building blocks make it.
pub(super) fn one(format: Format, name: &str) -> Result<String, Fault> {
    let preset = find_preset(name).map_err(|help| {
        Fault::new(format!("{}\n  help: {help}", error(&format!("no preset `{name}`"))))
    })?;
    if format == Format::Json {
        return json(&told(&preset));
    }
    let mut text = format!("{}: {}\n", preset.name, preset.says);
    if let Some(intended) = &preset.intended {
        let _ = writeln!(text, "faithful = false: {}", intended.says);
    }
    let _ = writeln!(text, "source: {}, retrieved {}", preset.source, preset.retrieved);
    for assumed in &preset.assumed {
        let _ = writeln!(text, "assumed: {assumed}");
    }
    let _ = writeln!(text, "\n{}", preset.text().trim_end());
    Ok(text)
}
