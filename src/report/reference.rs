//! The reference of the scenario language as a page of Markdown, from its JSON Schema.
//!
//! ```text
//!   schema ─► values             durations, rates, …: what has no keys
//!          ─► [workload.NAME]    a section for each table and each choice, where it is used
//!          ─► distribution       at the end, what several keys use
//! ```
//!
//! The last sentence of a key's doc comment is its default, `Default: …`; it becomes a column.

mod kinds;

use kinds::{Kind, Said, description, entries, kind_of, plain, reference, toml};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const HEAD: &str = "\
# Scenario language

<!-- Written by `throttlesim schema --format markdown`, from the types that read a scenario. -->

This page lists every key of a scenario. [Writing scenarios](scenarios.md) shows them in examples.
`throttlesim explain FILE` shows a scenario with all defaults filled in, and `throttlesim schema`
prints the same reference as a JSON Schema for editors.

## Values

| value | meaning | examples |
|---|---|---|
";

/// More words than this are listed below a table.
const FEW: usize = 10;

/// The reference of the language that `schema` describes.
#[must_use]
pub fn markdown(schema: &Value) -> String {
    let mut page = Page {
        schema,
        uses: uses(schema),
        shared: Vec::new(),
        text: HEAD.into(),
        children: Vec::new(),
        long: Vec::new(),
    };
    page.values_section();
    page.section(Section { path: String::new(), heading: "Top level".into(), of: schema });
    let mut done = 0;
    while let Some(name) = page.shared.get(done).copied() {
        let section =
            Section { path: String::new(), heading: title(name), of: page.definition(name) };
        page.section(section);
        done += 1;
    }
    page.text
}

/// In how many keys each definition is used.
fn uses(schema: &Value) -> BTreeMap<&str, usize> {
    let definitions = schema["$defs"].as_object().into_iter().flat_map(serde_json::Map::values);
    let mut uses = BTreeMap::new();
    for (_, part) in definitions.chain([schema]).flat_map(entries) {
        let mut found = BTreeSet::new();
        references(schema, part, &mut found);
        found.into_iter().for_each(|name| *uses.entry(name).or_insert(0) += 1);
    }
    uses
}

/// The definitions that a part refers to, by way of those that have no section of their own too.
fn references<'a>(schema: &'a Value, of: &'a Value, found: &mut BTreeSet<&'a str>) {
    if let Some(name) = reference(of) {
        let definition = &schema["$defs"][name];
        if found.insert(name) && !has_section(definition) {
            references(schema, definition, found);
        }
    }
    let parts: Vec<&Value> = match of {
        Value::Object(keys) => keys.values().collect(),
        Value::Array(parts) => parts.iter().collect(),
        _ => Vec::new(),
    };
    parts.into_iter().for_each(|part| references(schema, part, found));
}

/// True of tables and choices.
fn has_section(of: &Value) -> bool {
    matches!(kind_of(of), Kind::Table | Kind::Choice(_))
}

/// A definition's name in words: `RawUniform` is `uniform`.
fn title(name: &str) -> String {
    let ends = ["Document", "Text", "Table"];
    let name = name.strip_prefix("Raw").unwrap_or(name);
    let name = ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// What a link to a heading says.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " _-".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// What a key means, and its default.
fn parts_of(text: &str) -> (&str, &str) {
    let (meaning, default) = text.rsplit_once("Default: ").unwrap_or((text, ""));
    (meaning.trim(), default.trim_end_matches('.'))
}

/// A table or a choice that gets a section.
struct Section<'a> {
    /// Where it is, in TOML's dotted form; empty where it is in several places.
    path: String,
    heading: String,
    of: &'a Value,
}

/// The page as it grows.
struct Page<'a> {
    schema: &'a Value,
    uses: BTreeMap<&'a str, usize>,
    /// What several keys use, as it is first met.
    shared: Vec<&'a str>,
    text: String,
    /// What the section that is written needs sections for.
    children: Vec<Section<'a>>,
    /// Its long lists of words, by key.
    long: Vec<(String, String)>,
}

impl<'a> Page<'a> {
    fn definition(&self, name: &str) -> &'a Value {
        &self.schema["$defs"][name]
    }

    /// True of what has neither keys nor words of its own: durations, rates, numbers with a choice.
    fn is_value(&self, of: &Value) -> bool {
        match kind_of(of) {
            Kind::Plain => of.get("pattern").is_some(),
            Kind::Either(ways) => ways.iter().all(|way| match reference(way) {
                Some(name) => self.is_value(self.definition(name)),
                None => matches!(kind_of(way), Kind::Plain | Kind::Words(_)),
            }),
            _ => false,
        }
    }

    fn values_section(&mut self) {
        let definitions = self.schema["$defs"].as_object();
        for (name, of) in definitions.into_iter().flatten() {
            if self.is_value(of) {
                let cells = [title(name), description(of).to_string(), examples(of)];
                self.row(&cells);
            }
        }
    }

    fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        self.text += &format!("| {} |\n", cells.join(" | "));
    }

    /// Writes a section, and after it those of what it alone uses.
    fn section(&mut self, section: Section<'a>) {
        let Section { path, heading, of } = section;
        let level = if path.contains('.') && !heading.contains('[') { "###" } else { "##" };
        self.text += &format!("\n{level} {heading}\n\n");
        match kind_of(of) {
            Kind::Choice(ways) => self.choice(&path, &heading, ways),
            _ => self.table(&path, &heading, of),
        }
        for (key, words) in std::mem::take(&mut self.long) {
            self.text += &format!("\nNames for `{key}`: {words}.\n");
        }
        for child in std::mem::take(&mut self.children) {
            self.section(child);
        }
    }

    fn table(&mut self, path: &str, heading: &str, of: &'a Value) {
        self.text += "| key | values | default | meaning |\n|---|---|---|---|\n";
        let required = of.get("required").and_then(Value::as_array);
        for (key, part) in entries(of) {
            let values = self.values(&below(path, heading, key), key, part).one;
            let needed = required.is_some_and(|keys| keys.iter().any(|name| name == key));
            let (meaning, default) = parts_of(description(part));
            let default = if needed { "required" } else { default };
            let meaning = format!("{meaning}{}{}", self.words(part), self.examples(part));
            self.row(&[format!("`{key}`"), values, default.into(), meaning]);
        }
    }

    fn choice(&mut self, path: &str, heading: &str, ways: &'a [Value]) {
        self.text += "One of:\n\n| choice | values | meaning |\n|---|---|---|\n";
        let alone = |name: &str| ways.iter().any(|way| way.get("const").is_some_and(|c| c == name));
        for way in ways {
            if let Some((key, part)) = entries(way).pop() {
                let mut values = self.values(&below(path, heading, key), key, part).one;
                if alone(key) {
                    values += ", or the name alone";
                }
                let meaning = description(part).to_string() + &self.words(part);
                self.row(&[format!("`{key}`"), values, meaning]);
            } else if let Some(name) = way.get("const").and_then(Value::as_str) {
                let table = |of: &Value| entries(of).iter().any(|(key, _)| *key == name);
                if !ways.iter().any(table) {
                    self.row(&[format!("`\"{name}\"`"), "–".into(), description(way).into()]);
                }
            }
        }
    }

    /// What a key may be set to, with links to sections.
    fn values(&mut self, path: &str, key: &str, part: &'a Value) -> Said {
        let Some(name) = reference(part) else { return self.of_kind(path, key, part) };
        let of = self.definition(name);
        if self.is_value(of) {
            return Said::link(&title(name), "values");
        }
        if !has_section(of) {
            return self.of_kind(path, key, of);
        }
        if self.uses.get(name).is_some_and(|uses| *uses < 2) {
            return self.link(path, of);
        }
        if !self.shared.contains(&name) {
            self.shared.push(name);
        }
        Said::link(&title(name), &anchor(&title(name)))
    }

    fn of_kind(&mut self, path: &str, key: &str, part: &'a Value) -> Said {
        match kind_of(part) {
            Kind::Table | Kind::Choice(_) => self.link(path, part),
            Kind::Words(words) => {
                let many = words.len() > FEW;
                let words: Vec<_> =
                    words.iter().map(|(word, _)| format!("`{}`", toml(word))).collect();
                if many {
                    let listed = (key.to_string(), words.join(", "));
                    if !self.long.contains(&listed) {
                        self.long.push(listed);
                    }
                    return Said { one: "a name below".into(), many: "names below".into() };
                }
                Said::words(words.join(", "))
            }
            Kind::Named(of) => {
                let named = self.values(&format!("{path}.NAME"), key, of);
                Said::words(format!("by name: {}", named.one))
            }
            Kind::List(of) => {
                let path = if path.contains('.') { path.into() } else { format!("[{path}]") };
                Said::noun("list", &format!(" of {}", self.values(&path, key, of).many))
            }
            Kind::Either(ways) => {
                let mut all: Vec<Said> = Vec::new();
                for way in ways {
                    let mut said = self.values(path, key, way);
                    if all.iter().any(|one| said.one == format!("list of {}", one.many)) {
                        said = Said::words("a list of them");
                    }
                    if !said.one.is_empty() && !all.contains(&said) {
                        all.push(said);
                    }
                }
                match all.as_slice() {
                    [only] => only.clone(),
                    _ => {
                        let words: Vec<String> = all.into_iter().map(|said| said.one).collect();
                        Said::words(words.join(" or "))
                    }
                }
            }
            Kind::Plain => self.named_like(part).or_else(|| plain(part)).unwrap_or_default(),
        }
    }

    /// The value that is written as this part is, if it has a name.
    fn named_like(&self, part: &Value) -> Option<Said> {
        let pattern = part.get("pattern")?;
        let mut definitions = self.schema["$defs"].as_object()?.iter();
        let (name, _) = definitions.find(|(_, of)| of.get("pattern") == Some(pattern))?;
        Some(Said::link(&title(name), "values"))
    }

    /// A link to a section that is yet to be written.
    fn link(&mut self, path: &str, of: &'a Value) -> Said {
        let top = path.trim_end_matches(".NAME").matches('.').count() == 0;
        let heading = if top { format!("`[{path}]`") } else { format!("`{path}`") };
        let what = if matches!(kind_of(of), Kind::Table) { "table" } else { "choice" };
        let link = Said::link(what, &anchor(&heading));
        if !self.children.iter().any(|child| child.heading == heading) {
            self.children.push(Section { path: path.into(), heading, of });
        }
        link
    }

    /// What each word of a few means.
    fn words(&self, part: &Value) -> String {
        let of = reference(part).map_or(part, |name| self.definition(name));
        match kind_of(of) {
            Kind::Words(words) => words
                .iter()
                .filter(|(_, says)| !says.is_empty())
                .map(|(word, says)| format!(" `{}`: {}", toml(word), says))
                .collect(),
            Kind::List(of) => self.words(of),
            Kind::Either(ways) => ways.iter().map(|way| self.words(way)).collect(),
            _ => String::new(),
        }
    }

    /// Examples of what may be written in several ways.
    fn examples(&self, part: &Value) -> String {
        let of = reference(part).map_or(part, |name| self.definition(name));
        let (own, told) = (examples(part), examples(of));
        match (kind_of(of), if own.is_empty() { told } else { own }) {
            (Kind::Either(_), told) if !told.is_empty() && !self.is_value(of) => {
                format!(" For example {told}.")
            }
            _ => String::new(),
        }
    }
}

/// The path of a key of the table at `path`.
fn below(path: &str, heading: &str, key: &str) -> String {
    match (path, heading) {
        ("", "Top level") => key.into(),
        ("", heading) => format!("{heading}.{key}"),
        (path, _) => format!("{path}.{key}"),
    }
}

fn examples(of: &Value) -> String {
    let list = of.get("examples").and_then(Value::as_array).into_iter().flatten();
    list.map(|example| format!("`{}`", toml(example))).collect::<Vec<_>>().join(", ")
}
