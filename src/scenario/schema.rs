//! The JSON Schema of the language, by which editors complete and check scenario files.
//!
//! ```text
//!   the types that serde reads ──derive──► Schema ──plain──► what `throttlesim schema` prints
//!   texts read by hand ───────by hand──────┘   no null (TOML has none), defaults in words
//! ```
//!
//! A doc comment of a key is what an editor shows of it. The schema is never stricter than the
//! reader; what only the reader knows (references, contradictions, files) passes it.

mod texts;

use super::expectation::signs;
use super::mistake::metric_keys;
use super::preset;
use super::ranking::goal_names;
use super::raw::Raw;
use crate::catalog::{BUILT_IN, Text};
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

/// The JSON Schema (2020-12) of a scenario file.
#[must_use]
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(plain));
    let mut schema = settings.into_generator().into_root_schema_for::<Raw>();
    schema.insert("title".into(), "A scenario of throttlesim".into());
    schema.insert("description".into(), "One file is one question.".into());
    schema.to_value()
}

/// Leaves out what TOML cannot say or editors cannot use, and says all else where they look for it.
fn plain(schema: &mut Schema) {
    let Some(keys) = schema.as_object_mut() else { return };
    keys.remove("format");
    drop_null(keys);
    if let Some(Value::String(description)) = keys.get_mut("description") {
        *description = description.replace('\n', " ").replace("\\[", "[").replace("\\]", "]");
    }
    tell_default(keys);
    tell_choice(keys);
}

/// A value that may be left out is never null.
fn drop_null(keys: &mut Map<String, Value>) {
    let null = |kind: &Value| kind == "null";
    if let Some(Value::Array(kinds)) = keys.get_mut("type") {
        kinds.retain(|kind| !null(kind));
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            keys.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(ways)) = keys.get_mut("anyOf") {
        ways.retain(|way| !way.get("type").is_some_and(null));
        if let [Value::Object(only)] = ways.as_slice() {
            let only = only.clone();
            keys.remove("anyOf");
            for (key, value) in only {
                keys.entry(key).or_insert(value);
            }
        }
    }
}

/// A choice of a table is described where its one key is.
fn tell_choice(keys: &mut Map<String, Value>) {
    let Some(description) = keys.get("description").cloned() else { return };
    let Some(Value::Object(properties)) = keys.get_mut("properties") else { return };
    let mut settings = properties.values_mut().filter_map(Value::as_object_mut);
    if let (Some(only), None) = (settings.next(), settings.next()) {
        only.entry("description").or_insert(description);
    }
}

/// A default is told in words too, for editors show these.
fn tell_default(keys: &mut Map<String, Value>) {
    let told = match keys.get("default") {
        Some(Value::Null | Value::Array(_) | Value::Object(_)) => {
            keys.remove("default");
            return;
        }
        Some(raw) => raw.to_string(),
        None => return,
    };
    if let Some(Value::String(description)) = keys.get_mut("description") {
        description.push_str(&format!(" Default: `{told}`."));
    }
}

/// A block's default as a scenario would write it; null if there is none.
pub(super) fn default_of(shown: &str) -> Value {
    match serde_json::from_str(shown) {
        Ok(plain) => plain,
        Err(_) if shown == "none" => Value::Null,
        Err(_) => shown.into(),
    }
}

/// The one version of the language.
pub(super) fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "integer", "const": 1 })
}

/// A date or a date and time; bare in TOML, a string in what editors make of it.
pub(super) fn start(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}|$)",
        "examples": ["2026-11-27", "2026-11-27T22:00:00Z"],
    })
}

/// A catalogue that ships with the program, or a path.
pub(super) fn catalogue(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "string", "enum": BUILT_IN.map(|(name, _)| name) },
            { "type": "string", "pattern": "\\.toml$", "examples": ["./mine.toml"] },
        ],
    })
}

/// A preset, in whose name `-` is as good as `_`.
pub(super) fn preset(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "string", "enum": preset::names().collect::<Vec<_>>() },
            { "type": "string", "pattern": "-" },
        ],
    })
}

/// A share of what is published, or a rate.
pub(super) fn pace(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [Text::SHARE.schema(), Text::RATE.schema()] })
}

/// A number with a unit, or without.
pub(super) fn amount(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": ["number", "string"],
        "examples": [40, "15m", "95%", "0.45/s", "432 USD"],
    })
}

/// Lists and ranges by address, and what is drawn of them.
pub(super) fn sweep(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "properties": {
            "metrics": {
                "description": "The metrics to draw; the first two also against each other. \
                                Default: `[\"throttle_rate\", \"jobs.lost\", \
                                \"job_latency.p95\"]`.",
                "type": "array",
                "items": { "type": "string", "enum": metric_keys() },
                "minItems": 1,
            },
        },
        "patternProperties": {
            "^[a-z]": {
                "description": "The address of a value; a list of values, or a range.",
                "type": ["array", "object", "number", "string", "boolean"],
            },
        },
        "additionalProperties": false,
        "examples": [{
            "clients.processes": [1, 2, 4, 8],
            "strategy.paced.pace.rate": { "from": "50%", "to": "110%", "steps": 7 },
        }],
    })
}

/// A metric by which strategies are ranked, or several.
pub(super) fn goal(_: &mut SchemaGenerator) -> Schema {
    let one = json!({ "type": "string", "enum": goal_names() });
    json_schema!({
        "anyOf": [one, { "type": "array", "items": one, "minItems": 1, "uniqueItems": true }],
        "examples": ["job_latency.p95", ["completion", "calls_per_success"]],
    })
}

/// A share of a figure, or a time.
pub(super) fn worth(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "anyOf": [Text::PART.schema(), Text::SPAN.schema()], "examples": ["1%", "5s"] })
}

/// Several expectations.
pub(super) fn expectations(generator: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "items": expectation(generator), "minItems": 1 })
}

/// `metric[.statistic] operator value`
pub(super) fn expectation(_: &mut SchemaGenerator) -> Schema {
    let (metrics, signs) = (metric_keys().join("|").replace('.', r"\."), signs().join("|"));
    json_schema!({
        "type": "string",
        "pattern": format!(r"^\s*({metrics})\s*({signs})\s*\S"),
        "examples": ["throttle_rate < 1%", "job_latency.p95 <= 15m", "requests.given_up == 0"],
    })
}
