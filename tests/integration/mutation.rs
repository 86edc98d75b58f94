//! Every setting of every shipped scenario is heeded: a change of it changes what a user can see
//! before anything is simulated: the plan, the problems, the notes or the explanation.
//!
//! ```text
//!   file ──► leaves: each key with its place ──► mutants of its value, and the file without it
//!   mutant ──► Invalid: it has problems │ Other: something else comes out │ Same: nothing heeds it
//! ```
//!
//! A key is heeded if a mutant of it is a valid scenario from which something else comes out, or if
//! no mutant of it is valid, as with names.

use crate::{root, shipped};
use std::fmt::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use throttlesim::catalog::Provider;
use throttlesim::report::explanation::explain;
use throttlesim::scenario::{Scenario, schema};
use toml_edit::{Document, Item, TableLike, Value};

/// What a file may state although it would be so anyway: without the key nothing changes.
const DEFAULTS: [(&str, &str); 19] = [
    ("duration", "\"1h\""),
    ("drain", "\"24h\""),
    ("drain", "\"1d\""),
    ("seed", "42"),
    ("environment", "\"live\""),
    ("retry.attempts", "5"),
    ("pace.burst", "1"),
    ("burst.count", "1"),
    ("tells.status", "429"),
    ("exponential.jitter", "\"none\""),
    ("token_bucket.refill", "\"continuous\""),
    // As published, or as the shares and the series beside them make it.
    ("schedule.burst", "20"),
    ("page_size", "100"),
    ("split.pace.burst", "\"50%\""),
    ("revenue.before", "\"9 USD\""),
    ("lockout.extends", "false"),
    ("advise.worth", "\"1%\""),
    ("advise.client", "\"python_sp_api\""),
    ("advise.routes", "[[\"patch\"], [\"feed\"]]"),
];

/// Bounds, which hold whether they are met or not: this log has no bad row.
const BOUNDS: [&str; 1] = ["trace.bad_rows"];

/// Rows of a log that are enough: nothing is simulated.
const ROWS: usize = 400;

/// A setting of a file.
struct Leaf {
    key: String,
    /// The place of the key.
    from: usize,
    /// The place of its value.
    at: Range<usize>,
}

/// Every setting that a text has, values of lists of tables included.
fn leaves(text: &str) -> Vec<Leaf> {
    let document = Document::parse(text).expect("TOML");
    let mut found = Vec::new();
    of_table(document.as_table(), "", &mut found);
    found
}

fn of_table(table: &dyn TableLike, path: &str, found: &mut Vec<Leaf>) {
    for (name, item) in table.iter() {
        let key = table.key(name).and_then(toml_edit::Key::span).expect("the place of a key");
        let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        match item {
            Item::Value(value) => of_value(value, &path, key.start, found),
            Item::Table(table) => of_table(table, &path, found),
            Item::ArrayOfTables(list) => {
                list.iter().for_each(|table| of_table(table, &path, found));
            }
            Item::None => {}
        }
    }
}

fn of_value(value: &Value, path: &str, from: usize, found: &mut Vec<Leaf>) {
    let tables = |list: &toml_edit::Array| list.iter().all(Value::is_inline_table);
    match value {
        Value::InlineTable(table) => of_table(table, path, found),
        Value::Array(list) if !list.is_empty() && tables(list) => {
            list.iter().for_each(|value| of_value(value, path, from, found));
        }
        _ => {
            let at = value.span().expect("the place of a value");
            found.push(Leaf { key: path.to_string(), from, at });
        }
    }
}

/// Words of which a setting has one: those that the schema lists together.
fn families() -> Vec<Vec<String>> {
    fn look(schema: &serde_json::Value, found: &mut Vec<Vec<String>>) {
        let words = |list: &serde_json::Value| -> Vec<String> {
            let list = list.as_array().into_iter().flatten();
            list.filter_map(|word| word.get("const").unwrap_or(word).as_str())
                .map(String::from)
                .collect()
        };
        for key in ["enum", "oneOf", "anyOf"] {
            found.extend(schema.get(key).map(words).filter(|words| words.len() > 1));
        }
        match schema {
            serde_json::Value::Array(list) => list.iter().for_each(|part| look(part, found)),
            serde_json::Value::Object(keys) => keys.values().for_each(|part| look(part, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    look(&schema(), &mut found);
    found
}

/// Other values of the same kind, the most telling first.
fn mutants(value: &str, families: &[Vec<String>]) -> Vec<String> {
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(text) = quoted {
        return strings(text, families).iter().map(|text| format!("\"{text}\"")).collect();
    }
    match value {
        "true" => return vec!["false".into()],
        "false" => return vec!["true".into()],
        _ => {}
    }
    if let Some(list) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return lists(list, families);
    }
    if let Some((year, rest)) = value.split_once('-').filter(|(year, _)| year.len() == 4) {
        let later = year.parse::<u32>().expect("a year") + 1;
        return vec![format!("{later}-{rest}"), format!("{year}-{}", rest.replace("T0", "T1"))];
    }
    match value.replace('_', "").parse::<i64>() {
        Ok(n) => {
            [n * 2, n + 1, n - 1, n / 2].iter().filter(|m| **m != n).map(i64::to_string).collect()
        }
        Err(_) => match value.parse::<f64>() {
            Ok(x) => [x * 2.0, x / 2.0, x + 0.1].iter().map(|x| format!("{x:?}")).collect(),
            Err(_) => vec![value.replace('"', "")],
        },
    }
}

fn strings(text: &str, families: &[Vec<String>]) -> Vec<String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    if let Ok(number) = text[..digits].parse::<f64>() {
        let unit = &text[digits..];
        let changed = [number * 2.0, number / 2.0, number + 1.0, number - 1.0, 0.0].into_iter();
        return changed.filter(|n| *n >= 0.0).map(|n| format!("{n}{unit}")).collect();
    }
    let others = families.iter().filter(|words| words.iter().any(|word| word == text));
    let mut words: Vec<String> =
        others.flatten().filter(|word| *word != text).take(20).cloned().collect();
    // An expectation, or a precision: another value.
    if let Some((start, end)) = text.rsplit_once(' ') {
        words.extend(strings_of_number(end).into_iter().map(|end| format!("{start} {end}")));
    }
    if words.is_empty() {
        words.push(format!("{text}x"));
    }
    words
}

fn strings_of_number(text: &str) -> Vec<String> {
    match text.starts_with(|c: char| c.is_ascii_digit()) {
        true => strings(text, &[]),
        false => Vec::new(),
    }
}

/// A list without its last value, or with another first one.
fn lists(list: &str, families: &[Vec<String>]) -> Vec<String> {
    let list = list.trim().trim_end_matches(',');
    // The one list that ships empty is the scope of a limit for all.
    if list.is_empty() {
        return vec!["[\"account\"]".into()];
    }
    let mut found = Vec::new();
    if let Some((rest, _)) = list.rsplit_once(',') {
        found.push(format!("[{rest}]"));
    }
    let (first, rest) = list
        .split_once(',')
        .map_or((list, String::new()), |(first, rest)| (first, format!(", {rest}")));
    let firsts = mutants(first.trim(), families).into_iter();
    found.extend(firsts.map(|first| format!("[{first}{rest}]")));
    found
}

/// All that comes of a scenario.
fn seen(scenario: &Scenario) -> String {
    let mut expectations = scenario.expectations.clone();
    // Where something stands is nothing that comes out.
    expectations.iter_mut().for_each(|expectation| expectation.line = 0);
    let mut sizing = scenario.size.clone();
    sizing.iter_mut().flat_map(|of| &mut of.meet).for_each(|expectation| expectation.line = 0);
    let mut advise = scenario.advise.clone();
    advise.must.iter_mut().for_each(|expectation| expectation.line = 0);
    let Scenario { plan, names, until, ranking, league, sweep, readings, notes, traces, .. } =
        scenario;
    let mut seen = format!("{plan:?}{names:?}{until:?}{ranking:?}{league:?}{sweep:?}");
    let _ = write!(seen, "{readings:?}{notes:?}{traces:?}{expectations:?}{sizing:?}{advise:?}");
    seen
}

/// A scenario without problems.
fn read(text: &str, folder: &Path) -> Option<Scenario> {
    Scenario::read("mutant", text, folder).ok()
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Invalid,
    Other,
    Same,
}

/// How a text is seen, beside that of which it is a mutant.
fn outcome(text: &str, folder: &Path, original: &(String, String)) -> Outcome {
    match read(text, folder) {
        None => Outcome::Invalid,
        Some(mutant) if seen(&mutant) != original.0 => Outcome::Other,
        Some(mutant) if explain(&mutant) != original.1 => Outcome::Other,
        Some(_) => Outcome::Same,
    }
}

/// The text without a setting.
fn without(text: &str, leaf: &Leaf) -> String {
    let before = text[..leaf.from].rfind(['\n', '{', ',']).map_or(0, |place| place + 1);
    let (start, rest) = (&text[..before], &text[leaf.at.end..]);
    let spaces = rest.len() - rest.trim_start_matches([' ', '\n']).len();
    match rest[spaces..].strip_prefix(',') {
        Some(rest) => format!("{start}{rest}"),
        None => format!("{}{rest}", start.strip_suffix(',').unwrap_or(start)),
    }
}

/// The settings of a file that nothing heeds, and those that may be left out.
fn unheeded(
    name: &str,
    text: &str,
    families: &[Vec<String>],
    outcome: impl Fn(&str) -> Outcome,
) -> (Vec<String>, Vec<String>) {
    let (mut idle, mut spare) = (Vec::new(), Vec::new());
    let leaves = leaves(text).into_iter();
    for leaf in leaves.filter(|leaf| !BOUNDS.iter().any(|bound| leaf.key.ends_with(bound))) {
        let line = text[..leaf.from].matches('\n').count() + 1;
        let value = &text[leaf.at.clone()];
        let place = format!("{name}:{line}: {} = {value}", leaf.key);
        let mut any_same = false;
        let heeded = mutants(value, families).iter().any(|mutant| {
            let changed = format!("{}{mutant}{}", &text[..leaf.at.start], &text[leaf.at.end..]);
            let outcome = outcome(&changed);
            any_same |= outcome == Outcome::Same;
            outcome == Outcome::Other
        });
        if !heeded && any_same {
            idle.push(place.clone());
        }
        let states_default =
            DEFAULTS.iter().any(|(key, same)| leaf.key.ends_with(key) && value == *same);
        if !states_default && outcome(&without(text, &leaf)) == Outcome::Same {
            spare.push(place);
        }
    }
    (idle, spare)
}

/// The same of a scenario that ships.
fn unheeded_in(file: &Path, folder: &Path, families: &[Vec<String>]) -> (Vec<String>, Vec<String>) {
    let text = std::fs::read_to_string(file).expect("a scenario");
    let original = read(&text, folder).expect("a scenario without problems");
    let original = (seen(&original), explain(&original));
    let name = file.strip_prefix(root()).expect("within the repository").display().to_string();
    unheeded(&name, &text, families, |text| outcome(text, folder, &original))
}

/// The catalogue that users copy, seen by the scenario that uses it, and as `catalog` prints it.
#[test]
fn every_setting_of_the_catalogue_to_copy_is_heeded() {
    let (folder, families) = (folder(), families());
    let scenario = std::fs::read_to_string(root().join("scenarios/my-own-api.toml"));
    let scenario = scenario.expect("a scenario");
    let catalogue = folder.path().join("limits/my-own-api.toml");
    let text = std::fs::read_to_string(&catalogue).expect("a catalogue");
    let look = |text: &str| {
        let provider = Provider::read(text).ok()?;
        std::fs::write(&catalogue, text).expect("written");
        let scenario = read(&scenario, folder.path())?;
        let head = format!("{} {} {:?}", provider.name(), provider.source(), provider.retrieved());
        Some(head + &seen(&scenario) + &explain(&scenario))
    };
    let original = look(&text).expect("a catalogue without problems");
    let found = unheeded("my-own-api.toml", &text, &families, |text| match look(text) {
        None => Outcome::Invalid,
        Some(seen) if seen == original => Outcome::Same,
        Some(_) => Outcome::Other,
    });
    // Calls that are not listed may be made where none is: the file says so for its reader.
    let open = "my-own-api.toml:5: open_operations = true".to_string();
    assert_eq!(found, (vec![open.clone()], vec![open]));
}

/// A copy of the folder of the scenarios, with logs of fewer rows.
fn folder() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a directory");
    for below in ["limits", "data"] {
        std::fs::create_dir(copy.path().join(below)).expect("a directory");
        let files = std::fs::read_dir(root().join("scenarios").join(below)).expect("files");
        for file in files.map(|entry| entry.expect("an entry").path()) {
            let text = std::fs::read_to_string(&file).expect("a text");
            let rows: String = text.split_inclusive('\n').take(ROWS).collect();
            let name = file.file_name().expect("a name");
            std::fs::write(copy.path().join(below).join(name), rows).expect("written");
        }
    }
    copy
}

fn files() -> Vec<PathBuf> {
    let starters = std::fs::read_dir(root().join("src/cli/starters")).expect("the starters");
    let starters = starters.map(|entry| entry.expect("an entry").path());
    shipped().into_iter().chain(starters).collect()
}

#[test]
fn every_setting_that_ships_is_heeded() {
    let (families, files, folder) = (families(), files(), folder());
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut found = (Vec::new(), Vec::new());
        while let Some(file) = files.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let (idle, spare) = unheeded_in(file, folder.path(), &families);
            found.0.extend(idle);
            found.1.extend(spare);
        }
        found
    };
    let (idle, spare) = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        let found = threads.into_iter().map(|thread| thread.join().expect("a thread"));
        found.fold((Vec::new(), Vec::new()), |(mut idle, mut spare), (more, others)| {
            idle.extend(more);
            spare.extend(others);
            (idle, spare)
        })
    });
    assert!(idle.is_empty(), "nothing heeds these settings: {idle:#?}");
    assert!(spare.is_empty(), "nothing changes without these settings: {spare:#?}");
}
