//! What a part of a JSON Schema allows, as far as the language needs it, and in words.

use crate::catalog::reader;
use crate::report::words;
use serde_json::Value;

/// What a part of the schema allows.
pub(super) enum Kind<'a> {
    /// A table with keys.
    Table,
    /// A table with one of several keys, or a name.
    Choice(&'a [Value]),
    /// One of several words, each with its description, which may be empty.
    Words(Vec<(&'a Value, &'a str)>),
    /// Tables or values by name.
    Named(&'a Value),
    /// A list.
    List(&'a Value),
    /// One of several kinds.
    Either(&'a [Value]),
    /// Something without parts.
    Plain,
}

/// What may stand somewhere, in words: one of it, and several.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Said {
    pub one: String,
    pub many: String,
}

impl Said {
    /// A noun, with what is said of it: `whole number` ` from 1`.
    pub fn noun(noun: &str, more: &str) -> Self {
        Self { one: format!("{noun}{more}"), many: format!("{noun}s{more}") }
    }

    /// The same of one and of several: words to choose from.
    pub fn words(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { many: words.clone(), one: words }
    }

    /// A noun that leads to a section.
    pub fn link(noun: &str, anchor: &str) -> Self {
        Self { one: format!("[{noun}](#{anchor})"), many: format!("[{noun}s](#{anchor})") }
    }
}

/// The name of the definition that a part refers to.
pub(super) fn reference(part: &Value) -> Option<&str> {
    part.get("$ref")?.as_str()?.rsplit('/').next()
}

pub(super) fn kind_of(part: &Value) -> Kind<'_> {
    let list = |key: &str| part.get(key).and_then(Value::as_array).map(Vec::as_slice);
    if part.get("properties").is_some() || part.get("patternProperties").is_some() {
        return Kind::Table;
    }
    if let Some(ways) = list("oneOf") {
        let words = ways.iter().map(|way| Some((way.get("const")?, description(way))));
        return words.collect::<Option<_>>().map_or(Kind::Choice(ways), Kind::Words);
    }
    if let Some(words) = list("enum") {
        return Kind::Words(words.iter().map(|word| (word, "")).collect());
    }
    if let Some(word) = part.get("const") {
        return Kind::Words(vec![(word, "")]);
    }
    let named = part.get("additionalProperties").filter(|of| of.is_object());
    match (list("anyOf"), named, part.get("items")) {
        (Some(ways), ..) => Kind::Either(ways),
        (_, Some(named), _) => Kind::Named(named),
        (.., Some(items)) => Kind::List(items),
        _ => Kind::Plain,
    }
}

/// The description of a part, or nothing.
pub(super) fn description(part: &Value) -> &str {
    part.get("description").and_then(Value::as_str).unwrap_or_default()
}

/// The keys of a table, or of all choices; addresses stand for themselves.
pub(super) fn entries(of: &Value) -> Vec<(&str, &Value)> {
    let mut all = Vec::new();
    let ways = of.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    for part in std::iter::once(of).chain(ways) {
        if let Some(keys) = part.get("properties").and_then(Value::as_object) {
            all.extend(keys.iter().map(|(key, part)| (key.as_str(), part)));
        }
        if let Some(keys) = part.get("patternProperties").and_then(Value::as_object) {
            all.extend(keys.values().map(|part| ("ADDRESS", part)));
        }
    }
    all
}

/// A part without parts, in words; `None` if there is nothing to say.
pub(super) fn plain(part: &Value) -> Option<Said> {
    let kinds = match part.get("type")? {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => vec![kind.as_str()?],
    };
    let mut said: Vec<Said> = kinds.into_iter().filter_map(|kind| of_type(kind, part)).collect();
    match said.len() {
        0 | 1 => said.pop(),
        _ => {
            let words: Vec<String> = said.into_iter().map(|said| said.one).collect();
            Some(Said::words(words.join(" or ")))
        }
    }
}

fn of_type(kind: &str, part: &Value) -> Option<Said> {
    let bound = |key: &str| part.get(key).and_then(Value::as_f64);
    let number = match kind {
        "boolean" => return Some(Said::words("`true` or `false`")),
        "string" if part.get("pattern").is_some() => {
            let example = part.get("examples")?.get(0)?;
            return Some(Said::noun("string", &format!(" such as `{}`", toml(example))));
        }
        "integer" => "whole number",
        "number" => "number",
        "array" => return Some(Said::noun("list", "")),
        "object" => return Some(Said::noun("table", "")),
        other => return Some(Said::noun(other, "")),
    };
    let range = match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => {
            format!(" from {} to {}", words::digits(least), words::digits(most))
        }
        (Some(least), None) if least > 0.0 => format!(" from {}", words::digits(least)),
        _ => String::new(),
    };
    Some(Said::noun(number, &range))
}

/// A value as a scenario writes it.
pub(super) fn toml(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", "))
        }
        Value::Object(keys) => {
            let pairs =
                keys.iter().map(|(key, value)| format!("{} = {}", reader::key(key), toml(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        plain => plain.to_string(),
    }
}
