//! Schemas of the keys whose values are read by hand.

mod texts;

use crate::catalog::{BUILT_IN, Text};
use crate::metrics::figures::Metric;
use crate::scenario::expectation::OPERATORS;
use crate::scenario::mistake::metric_keys;
use crate::scenario::ranking::is_goal;
use crate::scenario::shipped::FILES;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

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
            { "type": "string", "enum": FILES.iter().map(|(name, _)| name).collect::<Vec<_>>() },
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

/// Lists and ranges by the key of a strategy.
pub(super) fn ranges(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "object",
        "patternProperties": {
            "^[a-z]": {
                "description": "The key of a strategy; a list of values, or a range.",
                "type": ["array", "object", "number", "string"],
            },
        },
        "additionalProperties": false,
        "examples": [{
            "workers": [1, 2, 4],
            "pace.rate": { "from": "50%", "to": "100%", "steps": 6 },
        }],
    })
}

/// One preset, or several.
pub(super) fn clients(generator: &mut SchemaGenerator) -> Schema {
    let one = preset(generator);
    json_schema!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
}

/// A part of a request.
pub(super) fn place(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "pattern": "^(header:[!#$%&'*+.^_`|~0-9A-Za-z-]+|query:.+|path:[1-9][0-9]*|address)$",
        "examples": ["header:X-Account", "path:2"],
    })
}

/// A metric by which strategies are ranked, or several.
pub(super) fn goal(_: &mut SchemaGenerator) -> Schema {
    let goals = Metric::all().into_iter().filter(|metric| is_goal(*metric));
    let names: Vec<String> = goals.map(Metric::key).collect();
    let one = json!({ "type": "string", "enum": names });
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
    let metrics = metric_keys().join("|").replace('.', r"\.");
    let signs = OPERATORS.map(|(sign, _)| sign).join("|");
    json_schema!({
        "type": "string",
        "pattern": format!(r"^\s*({metrics})\s*({signs})\s*\S"),
        "examples": ["throttle_rate < 1%", "job_latency.p95 <= 15m", "requests.given_up == 0"],
    })
}
