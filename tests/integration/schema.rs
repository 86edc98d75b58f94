//! The JSON Schema allows what the program reads, and tells most of what a person gets wrong.

use crate::{root, shipped};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::path::Path;
use throttlesim::scenario::{Scenario, presets, schema};

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).expect("a schema")
}

/// As editors hand TOML to a schema: dates are strings.
fn seen(value: toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => table.into_iter().map(|(k, v)| (k, seen(v))).collect(),
        toml::Value::Array(list) => list.into_iter().map(seen).collect(),
        toml::Value::Datetime(date) => date.to_string().into(),
        plain => serde_json::to_value(plain).expect("plain"),
    }
}

fn table(text: &str) -> Value {
    seen(toml::Value::Table(text.parse().expect("TOML")))
}

fn holds(schema: &Validator, what: &str, instance: &Value) {
    let errors = schema.iter_errors(instance);
    let errors: Vec<_> = errors.map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[test]
fn it_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn what_ships_is_valid() {
    let schema = validator();
    let starters = std::fs::read_dir(root().join("src/cli/starters")).expect("the starters");
    let starters = starters.map(|entry| entry.expect("an entry").path());
    for file in shipped().into_iter().chain(starters) {
        let text = std::fs::read_to_string(&file).expect("a scenario");
        holds(&schema, &file.display().to_string(), &table(&text));
    }
    for page in ["README.md", "docs/scenarios.md"] {
        let text = std::fs::read_to_string(root().join(page)).expect("a page");
        let block = text.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        holds(&schema, page, &table(block.expect("a scenario")));
    }
}

/// A scenario that asks nothing much, with more of the test's own.
fn with(more: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\n[limit.all]\nscope = []\nrule.token_bucket = {{ rate = \
         \"1/s\", burst = 2 }}\n[workload.work]\narrivals.backlog = 3\ncall = \"x\"\n\
         [strategy.once]\n{more}"
    )
}

#[test]
fn every_preset_is_a_valid_strategy() {
    let schema = validator();
    for preset in presets() {
        let written = table(preset.text());
        let mut scenario = table(&with(""));
        scenario["strategy"] = json!({ "plain": written["strategy"] });
        if let Some(intended) = written.get("intended").and_then(|of| of.get("strategy")) {
            scenario["strategy"]["intended"] = intended.clone();
        }
        holds(&schema, preset.name, &scenario);
    }
}

/// Ways to write a value of which there is more than one.
#[test]
fn what_the_reader_takes_is_valid() {
    let schema = validator();
    for more in [
        "",
        "preset = \"botocore-standard\"",
        "retry = { backoff = \"none\", attempts = 3, deadline = \"1h\" }",
        "retry = { backoff.fixed = \"1s\", attempts = \"unlimited\" }",
        "retry = { backoff.fixed = \"1s\", budget = \"finagle\" }",
        "retry.backoff.fixed = \"1s\"\n\
         retry.deadline = { after = \"2m\", from = \"arrival\", last_wait = \"shorten\" }",
        "retry.backoff.exponential = { base = \"1s\", jitter.plus = \"1s\" }",
        "retry.backoff.exponential = { base = \"1s\", jitter = \"whole_seconds\" }",
        "retry.backoff.next_window = { every = \"1m\" }",
        "retry = { honour_retry_after = true, retry_after_at_most = \"30s\" }",
        "pace = { rate = \"1/s\", burst = 5, initial = 0 }",
        "pace = { calls = 99, each = \"10s\", window = \"fixed\" }",
        "retry = { backoff.fixed = \"1s\", budget.finagle = { percent = 0.1, ttl = \"1h 30m\" } }",
        "guard = [\"sre\", { breaker = { ratio = \"50%\" } }]",
        "workers = 3",
        "workers = { count = 16, shared = true }",
        "pace = { rate = \"0.45/s\", burst = 2 }",
        "pace = { rate = \"95%\", burst = \"50%\", follow_header = true }",
        "[service]\nround_trip = \"40ms\"\nfailure_rate = \"0.1%\"",
        "[service]\nround_trip.uniform = { low = \"1ms\", high = \".5s\" }\nfailure_rate = 0",
        "[workload.more]\nitems.poisson = 3\nsteps = [{ call = \"y\", per = \"item\" }]\n\
         arrivals.burst = [{ at = \"0s\" }, { at = \"1m\", count = 3 }]",
        "[[expect]]\nthat = \"jobs.completed==3\"",
    ] {
        let text = with(more);
        let read = Scenario::read("test", &text, Path::new(""));
        assert!(read.is_ok(), "{more}: {read:#?}");
        holds(&schema, more, &table(&text));
    }
}

#[test]
fn what_is_wrong_is_told() {
    let schema = validator();
    for more in [
        "retries = 3",
        "workers = true",
        "workers = 0",
        "workers = \"many\"",
        "preset = \"fixd\"",
        "hedge.after = \"5 parsecs\"",
        "hedge.after = 5",
        "hedge = { after = \"5s\", before = \"4s\" }",
        "retry.backoff = \"fixed\"",
        "retry.deadline = 5",
        "retry.deadline = { from = \"arrival\" }",
        "retry.deadline = { after = \"2m\", last_wait = \"cut\" }",
        "pace = { calls = 99, each = \"10s\", window = \"rolling\" }",
        "retry.backoff = { fixd = \"1s\" }",
        "retry.budget = { finagle = { percent = \"101%\" } }",
        "pace.rate = \"fast\"",
        "pace.turns = \"ticking\"",
        "[provider.amazon]\ncatalog = \"sp-ap\"",
        "[limit.more]\nscope = []\nrule.tokens = 3",
        "[limit.more]\nscope = []\nrule.fixed_window = { limit = 120 }",
        "[service]\nfailure_rate = 1.5",
        "[workload.more]\ncall = \"x\"",
        "[workload.more]\ncall = \"x\"\narrivals.poisson = \"0/s\"",
        "[workload.more]\ncall = \"x\"\narrivals = { rate = \"1/s\", poisson = \"1/s\" }",
        "[[expect]]\nthat = \"throttel_rate < 1%\"",
    ] {
        let text = with(more);
        assert!(Scenario::read("test", &text, Path::new("")).is_err(), "{more}");
        assert!(!schema.is_valid(&table(&text)), "{more}");
    }
    let two = with("retry.backoff = { fixed = \"1s\", linear = { step = \"1s\" } }");
    assert!(!schema.is_valid(&table(&two)));
    assert!(!schema.is_valid(&table(&with("").replace("schema = 1", "schema = 2"))));
    assert!(!schema.is_valid(&table(&with("").replace("question = \"?\"\n", ""))));
}

/// Tables are closed and every key is described: this is what an editor shows.
#[test]
fn every_key_says_what_it_is() {
    fn look(schema: &Value, path: &str, wrong: &mut Vec<String>) {
        let Value::Object(keys) = schema else {
            let list = schema.as_array().into_iter().flatten().enumerate();
            return list.for_each(|(n, part)| look(part, &format!("{path}/{n}"), wrong));
        };
        if let Some(Value::Object(properties)) = keys.get("properties") {
            if keys.get("additionalProperties") != Some(&false.into()) {
                wrong.push(format!("{path} is open"));
            }
            let silent = |of: &&Value| of.get("description").is_none_or(|text| text == "");
            let silent = properties.iter().filter(|(_, of)| silent(of));
            wrong.extend(silent.map(|(name, _)| format!("{path}: {name} is not described")));
        }
        for (key, part) in keys {
            look(part, &format!("{path}/{key}"), wrong);
        }
    }
    let (schema, mut wrong) = (schema(), Vec::new());
    look(&schema, "", &mut wrong);
    assert!(wrong.is_empty(), "{wrong:#?}");
    let text = schema.to_string();
    assert!(!text.contains("[`") && !text.contains("\"null\""), "nothing of Rust");
    assert_eq!(schema["$defs"]["Finagle"]["properties"]["ttl"]["default"], "10s");
    assert_eq!(schema["$defs"]["RevenueDocument"]["properties"]["max_tps"]["default"], 10);
}

/// What may be left out says what holds then; in a choice nothing is left out.
#[test]
fn every_key_states_its_default() {
    let schema = schema();
    let mut silent = Vec::new();
    let definitions = schema["$defs"].as_object().expect("definitions");
    for (name, of) in
        definitions.iter().map(|(name, of)| (name.as_str(), of)).chain([("", &schema)])
    {
        let required = of["required"].as_array().cloned().unwrap_or_default();
        for (key, part) in of["properties"].as_object().into_iter().flatten() {
            let text = part["description"].as_str().unwrap_or_default();
            if !required.contains(&key.as_str().into()) && !text.contains("Default: ") {
                silent.push(format!("{name} {key}: {text}"));
            }
        }
    }
    assert!(silent.is_empty(), "end with `Default: …`: {silent:#?}");
}

#[test]
fn the_page_of_the_language_is_what_the_program_prints() {
    let mut program = assert_cmd::Command::cargo_bin("throttlesim").expect("the program");
    let done = program.args(["schema", "--format", "markdown"]).assert().success();
    let printed = String::from_utf8_lossy(&done.get_output().stdout).to_string();
    let page = std::fs::read_to_string(root().join("docs/scenario-language.md")).expect("a page");
    let again = "cargo run -- schema --format markdown > docs/scenario-language.md";
    for (number, (printed, kept)) in printed.lines().zip(page.lines()).enumerate() {
        assert_eq!(kept, printed, "line {}; write it again: {again}", number + 1);
    }
    assert_eq!(page.len(), printed.len(), "write it again: {again}");
}

#[test]
fn the_command_prints_it() {
    let mut program = assert_cmd::Command::cargo_bin("throttlesim").expect("the program");
    let done = program.arg("schema").assert().success();
    let printed = serde_json::from_slice::<Value>(&done.get_output().stdout);
    assert_eq!(printed.ok(), Some(schema()));
}
