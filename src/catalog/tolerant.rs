//! Reading a file to the end although parts of it are wrong.
//!
//! A reader of TOML stops at the first mistake. This one notes it, blanks the offending entry out
//! with spaces (so that every other place stays where it was), and reads again, until what is left
//! is right. A mistaken key or value thus costs one problem and not the rest of the file.

use super::problem::{Problem, ProblemKind};
use super::reader;
use serde::de::DeserializeOwned;
use std::ops::Range;
use toml_edit::{Document, Item, Table, Value};

/// Mistakes noted at most; after so many a person mends the first ones anyway.
const MOST: usize = 50;

/// Reads what can be read, and says what cannot. `None` if the text is not TOML at all.
pub fn read<T: DeserializeOwned>(text: &str) -> (Option<T>, Vec<Problem>) {
    let mut text = text.to_string();
    let (mut problems, mut blanked) = (Vec::new(), Vec::new());
    while problems.len() < MOST && blanked.len() < 2 * MOST {
        let problem = match reader::from_text(&text) {
            Ok(read) => return (Some(read), problems),
            Err(problem) => problem,
        };
        let span = problem.span.clone().unwrap_or(0..0);
        let Ok(document) = Document::parse(text.as_str()) else {
            problems.push(problem);
            break;
        };
        let consequence = is_consequence(&problem, &blanked);
        if !consequence {
            problems.push(problem);
        }
        let Some(entry) = entry_at(document.as_table(), &span, &text) else { break };
        blanked.push(text[entry.clone()].to_string());
        blank(&mut text, entry);
    }
    (None, problems)
}

/// True if something is missing only because it was blanked out as mistaken.
fn is_consequence(problem: &Problem, blanked: &[String]) -> bool {
    let ProblemKind::Missing { what } = &problem.kind else { return false };
    blanked.iter().any(|entry| {
        let end = if entry.starts_with('[') { ']' } else { '=' };
        let key = entry.split(end).next().unwrap_or_default();
        key.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == what)
    })
}

/// The bytes of the smallest `key = value` (or `[header]` with what follows it) around `span`.
fn entry_at(table: &Table, span: &Range<usize>, text: &str) -> Option<Range<usize>> {
    let mut found = None;
    for name in table.iter().map(|(name, _)| name) {
        let (key, item) = table.get_key_value(name)?;
        let Some(key_span) = key.span() else { continue };
        if let Item::ArrayOfTables(tables) = item {
            let mut tables = tables.iter();
            let inner = tables.find_map(|table| {
                entry_at(table, span, text).or_else(|| section(table, span, text))
            });
            found = found.or(inner);
            continue;
        }
        let inner = match item {
            Item::Table(table) => {
                entry_at(table, span, text).or_else(|| section(table, span, text))
            }
            Item::Value(value) => entry_in(value, span, text),
            _ => None,
        };
        let whole = match item {
            Item::Table(_) => key_span.start..section_end(text, key_span.end),
            other => key_span.start..other.span().map_or(key_span.end, |value| value.end),
        };
        let at_key = holds(&key_span, span) && !span.is_empty();
        let hit = at_key || matches!(item, Item::Value(_)) && holds(&whole, span);
        found = found.or(inner).or(hit.then(|| statement_start(text, whole.start)..whole.end));
    }
    found
}

/// The section of a table whose header is at `span`, as that of a table that lacks a key is.
fn section(table: &Table, span: &Range<usize>, text: &str) -> Option<Range<usize>> {
    let header = table.span().filter(|header| header == span && !span.is_empty())?;
    Some(statement_start(text, header.start)..section_end(text, header.end))
}

/// Like [`entry_at`], within a value: inline tables, and lists of them.
fn entry_in(value: &Value, span: &Range<usize>, text: &str) -> Option<Range<usize>> {
    match value {
        Value::InlineTable(table) => table.iter().find_map(|(name, value)| {
            let key = table.get_key_value(name)?.0.span()?;
            let whole = key.start..value.span()?.end;
            if !holds(&whole, span) {
                return None;
            }
            let start = statement_start(text, whole.start);
            entry_in(value, span, text).or_else(|| Some(with_comma(text, start..whole.end)))
        }),
        Value::Array(list) => list.iter().find_map(|value| entry_in(value, span, text)),
        _ => None,
    }
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// Where a dotted key begins, or the bracket of a header.
fn statement_start(text: &str, key: usize) -> usize {
    let before = &text[..key];
    before.rfind(['\n', '{', ',']).map_or(0, |place| place + 1)
}

/// Where the section of a header ends: at the next header, or with the text.
fn section_end(text: &str, from: usize) -> usize {
    text[from..].find("\n[").map_or(text.len(), |place| from + place)
}

/// An entry of an inline table goes with the comma behind it, or else the one before it.
fn with_comma(text: &str, entry: Range<usize>) -> Range<usize> {
    let behind = &text[entry.end..];
    let gap = behind.len() - behind.trim_start().len();
    if behind[gap..].starts_with(',') {
        return entry.start..entry.end + gap + 1;
    }
    let before = text[..entry.start].trim_end();
    if before.ends_with(',') { before.len() - 1..entry.end } else { entry }
}

fn blank(text: &mut String, range: Range<usize>) {
    let spaces: String =
        text[range.clone()].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &spaces);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct File {
        seed: u64,
        pace: Pace,
        workload: BTreeMap<String, Pace>,
        list: Vec<Pace>,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    struct Pace {
        rate: String,
        burst: u32,
    }

    fn messages(text: &str) -> (Option<File>, Vec<String>) {
        let (file, problems) = read::<File>(text);
        (file, problems.into_iter().map(|p| p.message).collect())
    }

    #[test]
    fn every_mistake_is_noted_and_the_rest_is_read() {
        let text = "seeed = 4\nseed = 7\nlist = [{ burst = 1, rat = \"x\" }]\n\
                    pace = { rate = 5, burst = 3 }\n[workload.a]\nrate = \"1/s\"\nburst = \"two\"\n\
                    [wrokload.b]\nrate = \"1/s\"\n";
        let (file, found) = messages(text);
        let file = file.expect("what is right");
        assert_eq!((file.seed, file.pace.burst, file.list[0].burst), (7, 3, 1));
        assert_eq!(file.workload["a"].rate, "1/s");
        assert_eq!(found.len(), 5, "{found:#?}");
        for part in ["unknown key `seeed`", "unknown key `rat`", "unknown key `wrokload`"] {
            assert!(found.iter().any(|message| message == part), "{part} in {found:?}");
        }
    }

    #[test]
    fn dotted_keys_and_last_entries_are_blanked_whole() {
        let (file, found) = messages("seed = 1\npace.burst = \"x\"\npace.rate = \"1/s\"\n");
        assert_eq!((file.map(|f| f.pace.rate), found.len()), (Some("1/s".into()), 1));
        let (file, found) = messages("pace = { rate = \"1/s\", burst = true }\n");
        assert_eq!((file.map(|f| f.pace.rate), found.len()), (Some("1/s".into()), 1));
    }

    #[test]
    fn a_section_that_lacks_a_key_hides_none_behind_it() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Needy {
            #[serde(default)]
            needs: BTreeMap<String, Needs>,
            #[serde(default)]
            list: Vec<Needs>,
            #[serde(default)]
            seed: u64,
        }
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Needs {
            a: u32,
            b: u32,
        }
        let text = "[needs.one]\na = \"x\"\nb = 1\n[[list]]\na = 1\n[[list]]\na = 1\nb = 2\n\
                    [needs.two]\na = 1\nb = 2\nc = 3\n[seed]\n";
        let (file, problems) = read::<Needy>(text);
        let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        let expected = [
            "expected a whole number from 0, found the text \"x\"",
            "the key `b` is missing",
            "unknown key `c`",
            "expected a whole number from 0, found a table",
        ];
        for one in expected {
            assert!(said.contains(&one), "{one} in {said:?}");
        }
        assert_eq!(said.len(), expected.len(), "{said:?}");
        let file = file.expect("what is right");
        assert_eq!((file.needs.len(), file.list.len(), file.seed), (1, 1, 0));
        assert_eq!((file.needs["two"].a, file.list[0].b, file.needs["two"].b), (1, 2, 2));
        assert_eq!(file.list[0].a, 1);
    }

    #[test]
    fn what_is_not_toml_is_said_once() {
        let (file, found) = messages("seed = = 4\n");
        assert_eq!((file, found.len()), (None, 1));
        assert!(found[0].starts_with("this is not TOML"), "{found:?}");
        assert_eq!(messages("").1.len(), 0);
    }
}
