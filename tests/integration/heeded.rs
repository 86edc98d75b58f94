//! What if nothing reads it? Each key of the language has its answer in `heeded.toml`: a run always
//! reads it, or an idle one is an error at its place, or a note that names it.

use crate::root;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use throttlesim::report::notes;
use throttlesim::scenario::{Scenario, schema};
use toml::Table;

fn answers() -> Table {
    let text = std::fs::read_to_string(root().join("tests/integration/heeded.toml"));
    text.expect("the answers").parse().expect("TOML")
}

/// Every key of every definition of the schema.
fn keys() -> BTreeMap<String, BTreeSet<String>> {
    fn look(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Array(list) => list.iter().for_each(|part| look(part, found)),
            Value::Object(object) => {
                let own = object.get("properties").and_then(Value::as_object);
                found.extend(own.into_iter().flat_map(|own| own.keys().cloned()));
                let parts = object.iter().filter(|(name, _)| *name != "$defs");
                parts.for_each(|(_, part)| look(part, found));
            }
            _ => {}
        }
    }
    let schema = schema();
    let mut all = BTreeMap::new();
    let definitions = schema["$defs"].as_object().expect("definitions");
    let definitions = definitions.iter().map(|(name, of)| (name.as_str(), of));
    for (name, of) in definitions.chain([("Scenario", &schema)]) {
        let mut found = BTreeSet::new();
        look(of, &mut found);
        all.insert(name.to_string(), found);
    }
    all.retain(|_, keys| !keys.is_empty());
    all
}

#[test]
fn every_key_of_the_language_has_an_answer() {
    let mut answered = BTreeMap::new();
    for (definition, of) in answers() {
        let always = of.get("always").and_then(toml::Value::as_array).into_iter().flatten();
        let mut keys: Vec<String> =
            always.map(|key| key.as_str().expect("a key").to_string()).collect();
        let idle = of.get("idle").and_then(toml::Value::as_table).into_iter().flatten();
        keys.extend(idle.map(|(key, _)| key.clone()));
        let count = keys.len();
        let keys: BTreeSet<String> = keys.into_iter().collect();
        assert_eq!(keys.len(), count, "{definition} answers for a key twice");
        answered.insert(definition, keys);
    }
    assert_eq!(answered, keys());
}

/// A plain scenario with parts of a case in it.
fn with(case: &Table) -> String {
    let part = |name: &str, otherwise: &'static str| {
        case.get(name).map_or(otherwise, |part| part.as_str().expect("a text")).to_string()
    };
    let limit = "scope = [\"account\"]\nrule.fixed_window = { limit = 60, window = \"1m\" }";
    let limit = match part("limit", limit).as_str() {
        "" => String::new(),
        limit => format!("[limit.l]\n{limit}"),
    };
    let limit = match case.contains_key("catalogue") {
        true => "provider.own.catalog = \"own.toml\"".to_string(),
        false => limit,
    };
    format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n{}\n{limit}\n[workload.w]\n{}\n\
         [strategy.s]\n{}\n{}\n",
        part("top", ""),
        part("work", "arrivals.rate = \"1/s\"\ncall = \"GET /x\""),
        part("strategy", ""),
        part("more", "")
    )
}

/// What is wrong with a case, if anything is.
fn wrong(case: &Table) -> Option<String> {
    let (text, says) = (with(case), case["says"].as_str().expect("a text"));
    let folder = tempfile::tempdir().expect("a directory");
    let (folder, _kept) = match case.get("catalogue") {
        Some(catalogue) => {
            let head = "name = \"Own\"\nsource = \"a page\"\nretrieved = 2026-11-23\n";
            let catalogue = format!("{head}{}", catalogue.as_str().expect("a text"));
            std::fs::write(folder.path().join("own.toml"), catalogue).expect("written");
            (folder.path().to_path_buf(), Some(folder))
        }
        None => (root().to_path_buf(), None),
    };
    let at = case.get("at").map(|at| at.as_str().expect("a text"));
    match (Scenario::read("case", &text, &folder), at) {
        (Err(problems), Some(at)) => {
            let place = |span: std::ops::Range<usize>| text.get(span).unwrap_or_default();
            let found = problems.iter().any(|problem| {
                let there = problem.span.clone().is_some_and(|span| place(span) == at);
                there && problem.message.contains(says)
            });
            let others = problems.len() > 1;
            (!found || others).then(|| format!("no “{says}” at `{at}` alone: {problems:#?}"))
        }
        (Ok(scenario), None) => {
            let told: Vec<String> = notes::sentences(&scenario).collect();
            let found = told.iter().any(|note| note.contains(says));
            (!found).then(|| format!("no “{says}” in {told:#?}"))
        }
        (Err(problems), None) => Some(format!("no note, but {problems:#?}")),
        (Ok(_), Some(_)) => Some(format!("nobody says “{says}”")),
    }
}

#[test]
fn what_nothing_reads_is_an_error_at_its_place_or_a_note() {
    let mut all = Vec::new();
    for (definition, of) in answers() {
        let idle = of.get("idle").and_then(toml::Value::as_table).into_iter().flatten();
        for (key, case) in idle {
            let wrong = wrong(case.as_table().expect("a case"));
            all.extend(wrong.map(|wrong| format!("{definition}.{key}: {wrong}")));
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// The plain scenario is heeded as a whole.
#[test]
fn the_plain_scenario_has_no_note() {
    let scenario = crate::scenario(&with(&Table::new()));
    assert_eq!(notes::sentences(&scenario).collect::<Vec<_>>(), [""; 0]);
}
