//! What each fuzz target does with an input: `fuzz/` runs these under a fuzzer, and a test runs
//! them on mangled seeds.
//!
//! ```text
//!   scenario, run, catalogue, trace, expectation   a text, as somebody may write it
//!   set, results, parts                            choices: which edits of something sound
//! ```
//!
//! A text that chance has changed is seldom anything but broken JSON, or an address that is not
//! there. So the last three read their input as choices, two bytes each, and edit what is sound.

use serde_json::{Value, json};
use std::path::Path;
use std::sync::OnceLock;
use throttlesim::catalog::{Provider, Selection};
use throttlesim::metrics::figures::Metric;
use throttlesim::report::Report;
use throttlesim::report::compare::{self, Side};
use throttlesim::report::difference;
use throttlesim::report::explanation::explain;
use throttlesim::report::table::Medium;
use throttlesim::scenario::{Draft, Problems, Scenario, set};
use throttlesim::simulation::{Attempt, Bounds, observe, simulate};
use throttlesim::study::{PointFindings, Study, Sweep, run_point};

/// A scenario with a sweep, of which the results and the parts are edited.
const SWEPT: &str = r#"schema = 1
question = "?"
duration = "20s"
replications = 2
[limit.l]
scope = ["account"]
rule.token_bucket = { rate = "1/s", burst = 3 }
[clients]
accounts = 2
[workload.w]
arrivals.poisson = "2/s"
call = "get"
[strategy.hasty]
retry = { attempts = 3, backoff.fixed = "1s" }
[strategy.paced]
pace.rate = "90%"
workers = 2
[[expect]]
that = "throttle_rate < 50%"
[sweep]
"clients.accounts" = [1, 2]
"strategy.paced.workers" = [1, 2]
"#;

/// What stands in the place of a value.
fn odd_values() -> [Value; 16] {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e300),
        json!(-0.0),
        json!(0.5),
        json!(""),
        json!("\u{0}\u{1b}[2J\u{202e}"),
        json!("=1+1"),
        json!([]),
        json!({}),
        json!("x".repeat(3000)),
        deep,
    ]
}

/// What a `--set` may assign.
const ASSIGNED: [&str; 20] = [
    "0",
    "1",
    "-1",
    "4294967296",
    "0.5",
    "1e999",
    "nan",
    "true",
    "\"\"",
    "\"1s\"",
    "\"1/0s\"",
    "\"90%\"",
    "\"none\"",
    "[]",
    "[1, 2]",
    "{}",
    "{ fixed = \"1s\" }",
    "{ a = { b = 1 } }",
    "2026-11-27",
    "]",
];

/// An input as choices.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// One of so many; the first where the input is over.
    fn of(&mut self, number: usize) -> usize {
        let (taken, rest) = self.0.split_at(self.0.len().min(2));
        self.0 = rest;
        let choice = taken.iter().fold(0, |sum, byte| sum * 256 + usize::from(*byte));
        choice % number.max(1)
    }
}

/// What is refused is refused with a sentence that can be shown.
fn refused(text: &str, list: Vec<throttlesim::catalog::Problem>) {
    assert!(!list.is_empty(), "refused without a word");
    let told = Problems::new("fuzz.toml", text, list).to_string();
    assert!(told.contains("error"), "{told}");
}

fn read(text: &str) -> Option<Scenario> {
    let scenario = Scenario::read("fuzz", text, Path::new("scenarios"));
    scenario.map_err(|list| refused(text, list)).ok()
}

/// Reads a scenario and explains it, or shows what is wrong.
pub fn scenario(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(scenario) = read(text) {
        assert!(!explain(&scenario).is_empty());
    }
}

/// Runs a scenario within small bounds: nothing is lost, and watching changes nothing.
pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if text.contains("trace") {
        return;
    }
    let Some(mut scenario) = read(text) else { return };
    let plan = &mut scenario.plan;
    plan.bounds = Bounds { events: 20_000, waiting: 2_000 };
    plan.replications = 1;
    let people = plan.population;
    let callers = [people.accounts, people.applications, people.regions, plan.population.processes];
    let is_large = callers.iter().map(|n| u64::from(*n)).fold(1, u64::saturating_mul) > 200
        || plan.workloads.iter().any(|workload| workload.mean_requests() > 200.0)
        || plan.limits.len() > 200;
    if is_large {
        return;
    }
    for strategy in 0..plan.strategies.len().min(3) {
        let counted = simulate(plan, strategy, 0, 0..plan.population.accounts);
        let (watched, _) = observe(plan, strategy, 0, Vec::<Attempt>::new());
        if counted.excess.is_none() && watched.excess.is_none() {
            assert_eq!(counted.cells, watched.cells, "watching changes nothing");
        }
    }
}

/// Reads a catalogue, and asks for the limits of what it lists.
pub fn catalogue(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match Provider::read(text) {
        Err(list) => refused(text, list),
        Ok(provider) => {
            let Ok(resolved) = provider.resolve(&Selection::default()) else { return };
            for listing in provider.operations().take(20) {
                let _ = resolved.limits(listing.operation);
                let _ = resolved.assumptions(&[listing.operation]);
            }
        }
    }
}

/// Reads a recorded log in each of its formats, from a folder of its own.
pub fn trace(input: &[u8], folder: &Path) {
    for (name, more) in [
        ("t.csv", ""),
        ("t.jsonl", ""),
        ("t.log", "bad_rows = \"100%\", "),
        ("t.w3c", "format = \"w3c\", bad_rows = \"100%\", "),
        ("t.alb", "format = \"alb\", bad_rows = \"100%\", "),
        ("t.har", "bad_rows = \"100%\", "),
    ] {
        std::fs::write(folder.join(name), input).expect("written");
        let text = format!(
            "schema = 1\nquestion = \"?\"\nduration = \"1m\"\n[limit.l]\nscope = []\n\
             rule.concurrency = 1\n[workload.w]\ncall = \"get\"\nper = \"scenario\"\n\
             arrivals.trace = {{ file = \"{name}\", {more}speed = 2.0 }}\n[strategy.s]\n"
        );
        if let Err(list) = Scenario::read("fuzz", &text, folder) {
            refused(&text, list);
        }
    }
}

/// Reads an expectation, and a metric: its name means the same metric again.
pub fn expectation(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(known) = Metric::of_key(text) {
        assert_eq!(known.key(), text);
    }
    let quoted = toml::Value::String(text.into());
    let head = SWEPT.split("[[expect]]").next().unwrap_or_default();
    let until = format!("replications = {{ until = {quoted} }}");
    for text in [
        format!("{head}[[expect]]\nthat = {quoted}\n"),
        head.replace("replications = 2", &until),
        head.replace("replications = 2", &format!("goal = {quoted}\nworth = {quoted}")),
    ] {
        scenario(text.as_bytes());
    }
}

/// The addresses of all values of a table, and of the tables themselves.
fn addresses(table: &toml::Table, before: &str, found: &mut Vec<String>) {
    for (key, value) in table {
        let address = format!("{before}{}", toml::Value::String(key.clone()));
        found.push(address.clone());
        match value {
            toml::Value::Table(inner) => addresses(inner, &format!("{address}."), found),
            toml::Value::Array(list) => {
                found.extend((0..=list.len()).map(|n| format!("{address}[{n}]")));
            }
            _ => {}
        }
    }
}

/// Sets values of a scenario one after another, chosen by the input.
pub fn settings(input: &[u8]) {
    let mut choices = Choices(input);
    let mut text = String::from(SWEPT);
    for _ in 0..6 {
        if choices.is_over() {
            break;
        }
        let mut known = Vec::new();
        let table = text.parse::<toml::Table>().expect("what was set is TOML");
        addresses(&table, "", &mut known);
        let address = known.get(choices.of(known.len() + 1)).map_or("strategy.new.workers", |a| a);
        let address = match choices.of(4) {
            0 => address.replace('"', ""),
            _ => address.to_string(),
        };
        match set(&text, &format!("{address}={}", ASSIGNED[choices.of(ASSIGNED.len())])) {
            Ok(changed) => text = changed,
            Err(error) => assert!(!error.to_string().is_empty(), "refused without a word"),
        }
    }
    scenario(text.as_bytes());
}

/// Changes a value somewhere within a JSON value, or drops or repeats it.
fn edit(value: &mut Value, choices: &mut Choices<'_>) {
    let number = match value {
        Value::Object(map) => map.len(),
        Value::Array(list) => list.len(),
        _ => 0,
    };
    if number == 0 || choices.of(12) == 0 {
        let odd = odd_values();
        *value = odd[choices.of(odd.len())].clone();
        return;
    }
    let (place, act) = (choices.of(number), choices.of(12));
    match value {
        Value::Object(map) => {
            let key = map.keys().nth(place).cloned().unwrap_or_default();
            match act {
                0 => drop(map.remove(&key)),
                1 => drop(map.insert("other".into(), json!(1))),
                _ => map.get_mut(&key).into_iter().for_each(|inner| edit(inner, choices)),
            }
        }
        Value::Array(list) => match act {
            0 => drop(list.remove(place)),
            1 => list.push(list[place].clone()),
            _ => edit(&mut list[place], choices),
        },
        _ => {}
    }
}

fn sound() -> &'static (Draft, Scenario, Value, Vec<Value>) {
    static SOUND: OnceLock<(Draft, Scenario, Value, Vec<Value>)> = OnceLock::new();
    SOUND.get_or_init(|| {
        let (name, text) = (String::from("fuzz"), SWEPT.to_string());
        let draft = Draft { name, text, folder: ".".into(), inputs: Vec::new() };
        let scenario = draft.scenario().expect("a sound scenario");
        let study = Study::run(&scenario).expect("a run");
        let summary = Report::new(&scenario, &study).summary().to_json();
        let grid = scenario.sweep.as_ref().expect("a sweep");
        let point = |n| run_point(&draft, grid, n).expect("a point");
        let points = (0..grid.len()).map(|n| json!(point(n))).collect();
        let summary = serde_json::from_str(&summary).expect("JSON");
        (draft, scenario, summary, points)
    })
}

/// Compares results that were edited with those that are sound.
pub fn results(input: &[u8]) {
    let (_, _, sound, _) = sound();
    let (mut edited, mut choices) = (sound.clone(), Choices(input));
    while !choices.is_over() {
        edit(&mut edited, &mut choices);
    }
    let _ = difference::differences(sound, &edited, 0.0);
    let sides = match (Side::earlier(sound), Side::earlier(&edited)) {
        (Ok(sound), Ok(edited)) => [sound, edited],
        (sound, edited) => {
            assert!(sound.is_ok() && edited.is_err());
            return;
        }
    };
    let _ = compare::table(&sides, Medium::Terminal);
    let _ = compare::differences(&sides);
}

/// Puts points together that were edited, as `merge` does: each is refused, or is in the sweep.
pub fn parts(input: &[u8]) {
    let (_, scenario, _, points) = sound();
    let grid = scenario.sweep.as_ref().expect("a sweep");
    let mut choices = Choices(input);
    let mut edited = Value::Array(points.clone());
    while !choices.is_over() {
        edit(&mut edited, &mut choices);
    }
    let lines = edited.as_array().cloned().unwrap_or_default();
    let read = lines.iter().filter_map(|line| {
        let point: PointFindings = serde_json::from_str(&line.to_string()).ok()?;
        point.fault(grid, scenario.plan.strategies.len()).is_none().then_some(point)
    });
    let mut read: Vec<PointFindings> = read.collect();
    read.sort_by_key(|point| point.point);
    read.dedup_by_key(|point| point.point);
    if read.len() == grid.len() {
        let sweep = Sweep::of(grid, read);
        for metric in &sweep.metrics {
            for (point, strategy) in (0..grid.len()).zip([0, 1].into_iter().cycle()) {
                let figure = sweep.figure(point, strategy, *metric);
                assert!(figure.is_none_or(|of| of.iter().all(|v| v.is_finite())), "{figure:?}");
            }
        }
    }
}
