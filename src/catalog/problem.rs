//! What is wrong with a text, where, and what would be right.
//!
//! ```text
//!   burts = 30        unknown key `burts`          ← message, with the bytes it is about
//!   ^^^^^             did you mean `burst`?        ← help
//! ```

use std::borrow::Cow;
use std::ops::Range;

/// Characters that are quoted of a text that is not ours, and that all of a message has at most.
const QUOTED: usize = 200;
const LONGEST: usize = 2000;
/// Problems of a file that are shown: a person mends the first ones anyway.
pub(crate) const SHOWN: usize = 100;
/// Names that a mistaken one is compared with, and names that a remedy lists.
const MOST_COMPARED: usize = 5000;
/// A shorter part of a name says little \[bytes\].
const SHORTEST_PART: usize = 4;
const LISTED: usize = 100;

/// What sort of mistake a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// The text is not TOML.
    Syntax,
    /// A value is not of the type, or not in the form, that its key takes.
    Value,
    /// A key that is not known where it stands.
    UnknownKey {
        /// The key.
        key: String,
    },
    /// A name that nothing has: of a call, a choice, a region, a column, ….
    UnknownName {
        /// The name.
        name: String,
    },
    /// A key that must be there.
    Missing {
        /// The key, or what it would hold.
        what: String,
    },
    /// A value beyond what is possible.
    OutOfRange,
    /// Settings that exclude one another.
    Contradiction,
    /// A setting that changes nothing.
    NoEffect,
    /// A file that cannot be read, or does not hold what it should.
    Unreadable,
    /// What a provider does not offer, or of which it publishes no figure.
    NotOffered,
    /// More than can be simulated.
    TooMuch,
}

impl ProblemKind {
    /// A name that nothing has.
    #[must_use]
    pub fn unknown(name: impl Into<String>) -> Self {
        Self::UnknownName { name: name.into() }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What sort of mistake it is.
    pub kind: ProblemKind,
    /// The bytes of the text that are at fault; `None` if it is the text as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place, or of the text as a whole.
    #[must_use]
    pub fn new(kind: ProblemKind, span: Option<Range<usize>>, message: impl Into<String>) -> Self {
        Self { kind, span, message: shortened(message.into()), help: None }
    }

    /// A problem at a place.
    #[must_use]
    pub fn at(kind: ProblemKind, span: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(kind, Some(span), message)
    }

    /// A problem of the text as a whole.
    #[must_use]
    pub fn whole(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self::new(kind, None, message)
    }

    /// The same, at another place.
    #[must_use]
    pub fn moved_to(self, place: Range<usize>) -> Self {
        Self { span: Some(place), ..self }
    }

    /// Says what would be right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(shortened(help.into()));
        self
    }

    /// A TOML text that cannot be read, or holds what it should not: names the nearest key that
    /// would be known in that place.
    #[must_use]
    pub fn from_toml(error: &toml::de::Error) -> Self {
        let (kind, message, help) = reworded(error.message());
        let problem = Self::new(kind, error.span(), message);
        Self { help: help.map(shortened), ..problem }
    }
}

/// What is quoted of a text that is not ours: its first two hundred characters.
#[must_use]
pub fn excerpt(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// A message that quotes no more than it should, whatever it was made of.
fn shortened(text: String) -> String {
    if text.len() <= QUOTED {
        return text;
    }
    let words: Vec<Cow<'_, str>> = text.split(' ').map(excerpt).collect();
    let short = words.join(" ");
    match short.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &short[..end]),
        None => short,
    }
}

/// What serde says, in the words of somebody who writes such a file. Its errors are text alone, so
/// this is the one place that reads them.
fn reworded(message: &str) -> (ProblemKind, String, Option<String>) {
    let message = message.lines().next().unwrap_or(message);
    let as_it_is = || (ProblemKind::Value, message.to_string(), None);
    if message.starts_with("wanted exactly 1 element") {
        let help = "keep one of them".to_string();
        return (ProblemKind::Contradiction, "one choice only can stand here".into(), Some(help));
    }
    if let Some(rest) = message.strip_prefix("invalid value: ") {
        let (found, expected) = rest.split_once(", expected ").unwrap_or((rest, "something else"));
        let message = format!("{found} cannot stand here: write {}", plain(expected));
        return (ProblemKind::Value, message, None);
    }
    if let Some(rest) = message.strip_prefix("invalid type: ") {
        let (found, expected) = rest.split_once(", expected ").unwrap_or((rest, "something else"));
        let message = format!("{} belongs here, not {found}", plain(expected));
        return (ProblemKind::Value, message, None);
    }
    let Some((what, rest)) = message.split_once(" `") else { return as_it_is() };
    let Some((name, expected)) = rest.split_once('`') else { return as_it_is() };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    match what {
        "unknown field" => {
            let kind = ProblemKind::UnknownKey { key: name.into() };
            (kind, format!("unknown key `{name}`"), Some(one_of(name, &known)))
        }
        "unknown variant" => {
            let message = format!("`{name}` is no choice here");
            (ProblemKind::unknown(name), message, Some(one_of(name, &known)))
        }
        "missing field" => {
            let kind = ProblemKind::Missing { what: name.into() };
            (kind, format!("the key `{name}` is missing"), Some("add it".into()))
        }
        _ => as_it_is(),
    }
}

/// A type of the program's, as a person would say it.
fn plain(expected: &str) -> &str {
    match expected {
        "u16" | "u32" | "u64" => "a whole number from 0",
        "i64" => "a whole number",
        "f64" => "a number",
        "a string" | "string" => "a text in quotes",
        "a sequence" => "a list in brackets, such as [\"account\"]",
        "a boolean" => "true or false",
        "a map" | "map" | "table" => "a table",
        "string or table" => "a choice, such as `constant = …`",
        "a TOML datetime" => "a date or time, such as 2026-11-27T22:00:00Z, without quotes",
        other if other.starts_with("struct ") => "a table",
        other => other,
    }
}

/// The remedy for a name that is none of `known`: the nearest of them, or all.
#[must_use]
pub fn one_of(name: &str, known: &[&str]) -> String {
    let near = nearest_names(name, known.iter().copied());
    match (near.is_empty(), known) {
        (false, _) => did_you_mean(&near),
        (true, []) => "leave it out".into(),
        (true, known) if known.len() > LISTED => {
            format!("write {} or one of {} others", listed(&known[..3]), known.len() - 3)
        }
        (true, known) => format!("write {}", listed(known)),
    }
}

/// Asks whether one of a few names was meant.
pub(super) fn did_you_mean(names: &[&str]) -> String {
    format!("did you mean {}?", listed(names))
}

/// ``"`a`, `b` or `c`"``.
fn listed(names: &[&str]) -> String {
    joined(names, "or")
}

/// ``"`a`, `b` and `c`"``.
#[must_use]
pub fn and_listed(names: &[&str]) -> String {
    joined(names, "and")
}

fn joined(names: &[&str], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {word} {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The known names nearest to a mistaken one, nearest first: as many as are equally near, at most
/// three, none if none is near.
#[must_use]
pub fn nearest_names<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    // A long text is no mistyped name, and takes long to compare.
    let known = known.into_iter().take(MOST_COMPARED).filter(|_| name.len() <= QUOTED);
    let known: Vec<&str> = known.collect();
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .copied()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(name.len()) / 4)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let Some(best) = near.first().map(|(distance, _)| *distance) else {
        return parts_of_names(name, &known);
    };
    near.into_iter().take_while(|(d, _)| *d == best).take(3).map(|(_, name)| name).collect()
}

/// The names that are a part of what was written, or of which it is one, with the fewest letters
/// more or less.
fn parts_of_names<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let is_part = |of: &&&str| {
        let (short, long) = (of.len().min(name.len()), of.len().max(name.len()));
        // Less than half of a name says little of it.
        let is_long = short >= SHORTEST_PART && 2 * short >= long;
        is_long && (name.contains(**of) || of.contains(name))
    };
    let parts = || known.iter().filter(is_part).copied();
    let best = parts().map(|part| part.len().abs_diff(name.len())).min();
    parts().filter(|part| Some(part.len().abs_diff(name.len())) == best).take(3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_is_reworded() {
        for (said, message, help) in [
            (
                "unknown field `burts`, expected one of `rate`, `burst`",
                "unknown key `burts`",
                Some("did you mean `burst`?"),
            ),
            (
                "unknown variant `weekly`, expected `fixed` or `sliding`",
                "`weekly` is no choice here",
                Some("write `fixed` or `sliding`"),
            ),
            ("missing field `scope`", "the key `scope` is missing", Some("add it")),
            (
                "invalid type: integer `5`, expected a string",
                "a text in quotes belongs here, not integer `5`",
                None,
            ),
            (
                "wanted exactly 1 element, more than 1 element",
                "one choice only can stand here",
                Some("keep one of them"),
            ),
            ("duplicate key", "duplicate key", None),
        ] {
            let (_, found, remedy) = reworded(said);
            assert_eq!((found, remedy), (message.into(), help.map(String::from)));
        }
    }

    #[test]
    fn little_is_quoted_of_what_is_long() {
        let (long, many) = ("é".repeat(100_000), "é ".repeat(100_000));
        let quoted = format!("no call `{}… here", "é".repeat(QUOTED - 1));
        assert_eq!(
            Problem::whole(ProblemKind::Value, format!("no call `{long}` here")).message,
            quoted
        );
        let problem =
            Problem::at(ProblemKind::Value, 0..1, format!("no call `{many}`")).help(many.clone());
        for text in [Some(problem.message), problem.help] {
            assert!(text.is_some_and(|text| text.chars().count() == LONGEST + 1));
        }
        let said =
            toml::from_str::<std::collections::BTreeMap<String, u8>>(&format!("a = '{long}'"));
        let said = Problem::from_toml(&said.expect_err("no number")).message;
        assert!(said.chars().count() < 400 && said.contains('…'), "{said}");
        assert!(nearest_names(&long, ["é"]).is_empty());
        assert_eq!(excerpt("short"), "short");
    }

    #[test]
    fn nearest_names_are_near() {
        let known = ["getOrders", "getOrderItems", "createReport", "createReports"];
        assert_eq!(nearest_names("getOrderItem", known), ["getOrderItems"]);
        assert_eq!(nearest_names("createRepor", known), ["createReport"]);
        assert!(nearest_names("frobnicate", known).is_empty());
    }
}
