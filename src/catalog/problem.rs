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

    /// A text that is not TOML.
    #[must_use]
    pub fn not_toml(error: &toml::de::Error) -> Self {
        let said = error.message();
        let said = said.lines().next().unwrap_or(said);
        Self::new(ProblemKind::Syntax, error.span(), format!("this is not TOML: {said}"))
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
    match name.len() <= QUOTED {
        true => nearest_of(name, &known.into_iter().take(MOST_COMPARED).collect::<Vec<_>>()),
        false => Vec::new(),
    }
}

fn nearest_of<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .copied()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(name.len()) / 4)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let Some(best) = near.first().map(|(distance, _)| *distance) else {
        return parts_of_names(name, known);
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
    use crate::catalog::reader;

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
        let text = format!("a = '{long}'");
        let said = reader::from_text::<std::collections::BTreeMap<String, u32>>(&text);
        let said = said.expect_err("no number").message;
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
