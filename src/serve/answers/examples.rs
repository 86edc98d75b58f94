//! Bodies of successes, from a table: the least that strict clients accept.

use super::super::kind::Kind;
use super::Said;
use crate::catalog::reader;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;

const TABLE: &str = include_str!("../data/examples.toml");

/// Successes by operation, of the providers that are served.
#[derive(Debug, Default)]
pub(in crate::serve) struct Examples(HashMap<String, Example>);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    #[serde(default = "ok")]
    status: u16,
    body: Option<String>,
}

const fn ok() -> u16 {
    200
}

impl Examples {
    /// Those of a provider, by the name in its catalogue.
    pub fn of_provider(name: &str) -> Self {
        let all: HashMap<String, HashMap<String, Example>> =
            reader::from_text(TABLE).unwrap_or_default();
        Self(all.get(name).cloned().unwrap_or_default())
    }

    /// The success of a call: its status and body; none of a 204.
    pub fn of(&self, said: &Said<'_>) -> (u16, Value) {
        match self.0.get(said.call) {
            Some(Example { status, body: None }) => (*status, Value::Null),
            Some(Example { status, body: Some(body) }) => (*status, filled(body, said)),
            None => (200, plainest(said.kind)),
        }
    }
}

/// The success of an operation that the table does not have.
fn plainest(kind: Kind) -> Value {
    match kind {
        Kind::SpApi => json!({ "payload": {} }),
        _ => json!({}),
    }
}

/// A body with the words of a path in the place of their numbers.
fn filled(body: &str, said: &Said<'_>) -> Value {
    let mut value: Value = serde_json::from_str(body).unwrap_or_default();
    fill(&mut value, said);
    value
}

fn fill(value: &mut Value, said: &Said<'_>) {
    match value {
        Value::String(text) if text.contains('{') => {
            let mut filled = text.replace("{id}", &said.id());
            for (number, word) in said.words.iter().enumerate() {
                filled = filled.replace(&format!("{{{number}}}"), word);
            }
            *text = filled;
        }
        Value::Array(values) => values.iter_mut().for_each(|value| fill(value, said)),
        Value::Object(fields) => fields.values_mut().for_each(|value| fill(value, said)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{BUILT_IN, built_in};

    /// Each is JSON, of an operation that there is, and asks for words that its path has.
    #[test]
    fn examples_are_json_of_operations_that_there_are() {
        let all: HashMap<String, HashMap<String, Example>> =
            reader::from_text(TABLE).expect("a table");
        let providers: Vec<_> =
            BUILT_IN.iter().map(|(name, _)| built_in(name).expect("sound")).collect();
        for (name, examples) in all {
            let of = providers.iter().find(|of| of.name() == name).expect("a provider");
            for (call, example) in examples {
                let known = of.operations().find(|listing| listing.operation == call);
                let path = known.expect("an operation").facts.path.clone().unwrap_or_default();
                let Some(body) = example.body else { continue };
                serde_json::from_str::<Value>(&body).expect("JSON");
                let most = path.matches('{').count();
                assert!(!body.contains(&format!("{{{most}}}")), "{name} {call}: {body}");
            }
        }
    }
}
