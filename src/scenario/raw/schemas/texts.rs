//! Schemas of the values that are read by hand, one for each type that reads itself.

use super::preset;
use crate::catalog::{Patterned, Text};
use crate::scenario::raw::{
    DeadlineTable, DeadlineText, RateOrNone, RawDistribution, RawRoundTrip,
};
use crate::scenario::text::{
    BurstText, Choice, CostTable, CostText, CountText, CrewTable, Drawn, Fraction, Limitable,
    PlanText, PresetsText, ReplicationsText, ShareText, UntilText, WorkersText,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};
use std::borrow::Cow;

impl Patterned for RateOrNone {
    const TEXT: Text = Text::RATE_OR_NONE;
}

/// `Name: |generator| schema` of a value that is always read alike.
macro_rules! texts {
    ($($text:ty, $name:literal: |$generator:pat_param| $schema:expr;)*) => {
        $(
            impl JsonSchema for $text {
                fn schema_name() -> Cow<'static, str> {
                    $name.into()
                }

                fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                    $schema
                }
            }
        )*
    };
}

texts! {
    Fraction, "ShareOrFraction": |_| json_schema!({
        "description": "A share from 0 % to 100 %, as a percentage or as a fraction.",
        "anyOf": [Text::PART.schema(), { "type": "number", "minimum": 0, "maximum": 1 }],
        "examples": ["0.1%", 0.001],
    });

    ShareText, "Share": |_| Text::SHARE.schema();

    BurstText, "NumberOrShare": |_| json_schema!({
        "description": "A whole number from 1, or a share of what is published.",
        "anyOf": [{ "type": "integer", "minimum": 1 }, Text::SHARE.schema()],
        "examples": [5, "50%"],
    });

    Limitable, "NumberOrUnlimited": |_| json_schema!({
        "description": "A whole number from 1, or `unlimited`.",
        "anyOf": [{ "type": "integer", "minimum": 1 }, { "type": "string", "enum": ["unlimited"] }],
        "examples": [8, "unlimited"],
    });

    DeadlineText, "Deadline": |generator| json_schema!({
        "description": "How long a request is tried again, alone or with its meaning.",
        "anyOf": [Text::SPAN.schema(), generator.subschema_for::<DeadlineTable>()],
        "examples": ["2m", { "after": "2m", "from": "arrival", "last_wait": "shorten" }],
    });

    WorkersText, "Workers": |generator| json_schema!({
        "description": "The number of workers, alone or with who shares them.",
        "anyOf": [
            generator.subschema_for::<Limitable>(),
            generator.subschema_for::<CrewTable>(),
        ],
        "examples": [16, "unlimited", { "count": 16, "across": "accounts" }],
    });

    CountText, "Count": |generator| json_schema!({
        "description": "A whole number, or a random one.",
        "anyOf": [
            { "type": "integer", "minimum": 1, "maximum": 10_000_000 },
            generator.subschema_for::<Drawn>(),
        ],
        "examples": [5, { "poisson": 30 }, { "uniform": [1, 5] }],
    });

    CostText, "Cost": |generator| json_schema!({
        "description": "Units: a number, a random one, by items, or known with the answer.",
        "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": 4_294_967_295_u32 },
            generator.subschema_for::<Drawn>(),
            generator.subschema_for::<CostTable>(),
        ],
        "examples": [
            100, { "base": 10, "per_item": 2 }, { "requested": 500, "used": 80 }, { "after": 800 },
        ],
    });

    PlanText, "Plan": |generator| json_schema!({
        "description": "The name of a plan, or the share of accounts that has each of several.",
        "anyOf": [
            { "type": "string" },
            { "type": "object", "additionalProperties": generator.subschema_for::<Fraction>() },
        ],
        "examples": ["plus", { "standard": 0.8, "plus": 0.2 }],
    });

    ReplicationsText, "Replications": |generator| json_schema!({
        "description": "A number of runs, or as many as a figure needs.",
        "anyOf": [
            { "type": "integer", "minimum": 1 },
            generator.subschema_for::<UntilText>(),
        ],
        "examples": [20, { "until": "throttle_rate ± 0.5%", "at_most": 400 }],
    });

    PresetsText, "Presets": |generator| json_schema!({
        "description": "All presets, or a list of them.",
        "anyOf": [
            { "type": "string", "enum": ["all"] },
            { "type": "array", "items": preset(generator) },
        ],
        "examples": ["all", ["full", "botocore_standard"]],
    });

    RawRoundTrip, "RoundTrip": |generator| json_schema!({
        "description": "A duration that is always the same, or a random one.",
        "anyOf": [Text::SPAN.schema(), generator.subschema_for::<RawDistribution>()],
        "examples": ["40ms", { "lognormal": { "median": "40ms", "p99": "200ms" } }],
    });
}

/// The choices of `T`, and the names of those that need no setting.
impl<T: JsonSchema> JsonSchema for Choice<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}OrName", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = T::json_schema(generator);
        let Some(Value::Array(ways)) = schema.get_mut("oneOf") else { return schema };
        let names: Vec<Value> = ways
            .iter()
            .filter_map(|way| {
                let (name, settings) = way.get("properties")?.as_object()?.iter().next()?;
                let says = way.get("description").cloned().unwrap_or_default();
                let name = json!({ "type": "string", "const": name, "description": says });
                (!needs_settings(settings, generator)).then_some(name)
            })
            .collect();
        ways.extend(names);
        schema
    }
}

/// Whether a table must hold something, or is no table.
fn needs_settings(settings: &Value, generator: &SchemaGenerator) -> bool {
    let named =
        settings.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
    let settings = named.and_then(|name| generator.definitions().get(name)).unwrap_or(settings);
    settings.get("type").is_none_or(|kind| kind != "object") || settings.get("required").is_some()
}
