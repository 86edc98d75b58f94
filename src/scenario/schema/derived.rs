//! The schema as the types say it, which tests derive.
//!
//! ```text
//!   the types that serde reads ──derive──► Schema ──plain──► schema.json
//!   texts read by hand ───────by hand──────┘   no null (TOML has none), defaults in words
//! ```
//!
//! A doc comment of a key is what an editor shows of it. The schema is never stricter than the
//! reader; what only the reader knows (references, contradictions, files) passes it.

use crate::scenario::raw::Raw;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value};

/// The JSON Schema (2020-12) of a scenario file.
fn schema() -> Value {
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

/// Derives it anew, into the file that the program carries, if the environment says `ACCEPT=1`.
#[test]
fn the_program_carries_what_the_types_say() {
    let derived = format!("{:#}\n", schema());
    if std::env::var_os("ACCEPT").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/scenario/schema/schema.json");
        std::fs::write(file, &derived).expect("a file that can be written");
        return;
    }
    assert!(
        derived == super::SCHEMA,
        "the language is not what src/scenario/schema/schema.json says: derive it anew by \
         `ACCEPT=1 cargo test --release --lib schema`"
    );
}
