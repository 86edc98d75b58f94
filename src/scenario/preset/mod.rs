//! Presets: what real clients do, by name, each a file that says where it was read.
//!
//! ```toml
//! says = "what it does, in a sentence"
//! source = "repository, commit, files"
//! retrieved = 2026-11-23
//! assumed = ["what is a simplification, printed by every report that leaned on it"]
//! [strategy]                             # the blocks, in the language of [strategy.NAME]
//! [intended]                             # with `faithful = false`: what it was meant to do
//! says = "…"
//! [intended.strategy]                    # goes before the keys above
//! ```
//!
//! A strategy that names a preset says only what it does otherwise. Another preset is another file
//! here, and a name in the list of `shipped.rs`.

use super::nearest;
use super::raw::RawStrategy;
use super::shipped::FILES;
use crate::catalog::{Problem, reader};
use serde::Deserialize;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A client by name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What a scenario calls it.
    #[serde(skip)]
    pub name: &'static str,
    /// What it does, in a sentence.
    pub says: String,
    /// Where that was read: repository, commit, files.
    pub source: String,
    /// When.
    pub retrieved: toml::value::Datetime,
    /// Simplifications, printed by every report that leaned on them.
    #[serde(default)]
    pub assumed: Vec<String>,
    strategy: RawStrategy,
    /// What it was meant to do, where that is something else.
    pub intended: Option<Intended>,
}

/// What a client was meant to do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intended {
    /// The difference, in a sentence.
    pub says: String,
    strategy: RawStrategy,
}

/// All presets, in the order of the list.
///
/// # Panics
/// If one of them is no preset, which a test excludes.
#[must_use]
pub fn presets() -> Vec<Preset> {
    FILES.iter().map(|(name, text)| read(name, text, None).expect("a sound preset")).collect()
}

/// There is no preset of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownPreset {
    /// The preset whose name is nearest, if one is near.
    pub near: Option<&'static str>,
}

/// What would be right.
impl fmt::Display for UnknownPreset {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.near {
            Some(near) => {
                write!(out, "did you mean `{near}`? `catalog --strategies` lists them all")
            }
            None => out.write_str("`throttlesim catalog --strategies` lists them all"),
        }
    }
}

impl std::error::Error for UnknownPreset {}

/// The preset of a name, in which `-` is as good as `_`, with all places at `place`.
pub(super) fn find(name: &str, place: Range<usize>) -> Result<Preset, UnknownPreset> {
    let name = name.replace('-', "_");
    match FILES.iter().find(|(known, _)| *known == name) {
        Some((known, text)) => Ok(read(known, text, Some(place)).expect("a sound preset")),
        None => Err(UnknownPreset { near: nearest(&name, FILES.iter().map(|(known, _)| *known)) }),
    }
}

/// The preset of a name, in which `-` is as good as `_`.
///
/// # Errors
/// There is none.
pub fn find_preset(name: &str) -> Result<Preset, UnknownPreset> {
    find(name, 0..0)
}

impl Preset {
    /// Its blocks, as a scenario would write them.
    #[must_use]
    pub fn text(&self) -> &'static str {
        let text = FILES.iter().find(|(name, _)| *name == self.name).map_or("", |(_, text)| text);
        text.find("\n[").map_or(text, |start| &text[start + 1..])
    }

    /// What the preset says, as it was meant if `faithful` is false.
    pub(super) fn raw(self, faithful: bool) -> RawStrategy {
        match self.intended {
            Some(intended) if !faithful => intended.strategy.over(self.strategy),
            _ => self.strategy,
        }
    }
}

fn read(name: &'static str, text: &str, place: Option<Range<usize>>) -> Result<Preset, Problem> {
    let mut table = reader::parsed(text)?;
    if let Some(place) = place {
        table = Spanned::new(place.clone(), moved(table.into_inner(), &place));
    }
    let preset = reader::from_table::<Preset>(&table)?;
    Ok(Preset { name, ..preset })
}

/// A table with every place of it moved to one: a preset's mistakes are those of who names it.
fn moved<'i>(table: DeTable<'i>, place: &Range<usize>) -> DeTable<'i> {
    let entry = |(key, value): (Spanned<_>, Spanned<DeValue<'i>>)| {
        let key = Spanned::new(place.clone(), key.into_inner());
        (key, Spanned::new(place.clone(), moved_value(value.into_inner(), place)))
    };
    table.into_iter().map(entry).collect()
}

fn moved_value<'i>(value: DeValue<'i>, place: &Range<usize>) -> DeValue<'i> {
    let there = |value: Spanned<DeValue<'i>>| {
        Spanned::new(place.clone(), moved_value(value.into_inner(), place))
    };
    match value {
        DeValue::Table(table) => DeValue::Table(moved(table, place)),
        DeValue::Array(list) => DeValue::Array(list.into_iter().map(there).collect()),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_sound_and_says_where_it_was_read() {
        for preset in presets() {
            assert!(preset.says.ends_with('.'), "{}: {}", preset.name, preset.says);
            assert!(preset.source.len() > 10, "{}", preset.name);
            assert!(preset.strategy.preset.is_none(), "{}", preset.name);
        }
        let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        let listed = std::fs::read_dir("src/scenario/preset/data").expect("a folder").count();
        assert_eq!(names.len(), listed, "every file is in the list");
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest() {
        assert!(find("fixd", 0..0).is_err_and(|unknown| unknown.near == Some("fixed")));
    }

    #[test]
    fn all_places_of_a_preset_are_those_of_its_name() {
        let preset = find("fixed", 7..9).expect("a preset");
        let retry = preset.raw(true).retry.expect("it retries");
        assert_eq!(retry.span(), 7..9);
        assert_eq!(retry.get_ref().backoff.as_ref().map(|b| b.span()), Some(7..9));
    }
}
