//! What is wrong with a text, where, and what would be right.
//!
//! ```text
//!   burts = 30        unknown key `burts`          ← message, with the bytes it is about
//!   ^^^^^             did you mean `burst`?        ← help
//! ```

use std::ops::Range;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The bytes of the text that are at fault; `None` if it is the text as a whole.
    pub span: Option<Range<usize>>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn at(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span: Some(span), message: message.into(), help: None }
    }

    /// A problem of the text as a whole.
    #[must_use]
    pub fn whole(message: impl Into<String>) -> Self {
        Self { span: None, message: message.into(), help: None }
    }

    /// Says what would be right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A TOML text that cannot be read, or holds what it should not: names the nearest key that
    /// would be known in that place.
    #[must_use]
    pub fn from_toml(error: &toml::de::Error) -> Self {
        let (message, help) = reworded(error.message());
        Self { span: error.span(), message, help }
    }
}

/// What serde says, in the words of somebody who writes such a file.
fn reworded(message: &str) -> (String, Option<String>) {
    let Some((what, rest)) = message.split_once(" `") else { return (message.into(), None) };
    let Some((name, expected)) = rest.split_once('`') else { return (message.into(), None) };
    let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    match what {
        "unknown field" => (format!("unknown key `{name}`"), Some(one_of(name, &known))),
        "unknown variant" => (format!("`{name}` is no choice here"), Some(one_of(name, &known))),
        "missing field" => (format!("the key `{name}` is missing"), Some("add it".into())),
        _ => (message.into(), None),
    }
}

/// The remedy for a name that is none of `known`: the nearest of them, or all.
#[must_use]
pub fn one_of(name: &str, known: &[&str]) -> String {
    let near = nearest_names(name, known.iter().copied());
    match (near.is_empty(), known) {
        (false, _) => did_you_mean(&near),
        (true, []) => "leave it out".into(),
        (true, known) => format!("write {}", listed(known)),
    }
}

/// Asks whether one of a few names was meant.
pub(super) fn did_you_mean(names: &[&str]) -> String {
    format!("did you mean {}?", listed(names))
}

/// ``"`a`, `b` or `c`"``.
fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The known names nearest to a mistaken one, nearest first: as many as are equally near, at most
/// three, none if none is near.
#[must_use]
pub fn nearest_names<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut near: Vec<(usize, &str)> = known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len().max(name.len()) / 4)
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.into_iter().take_while(|(d, _)| *d == best).take(3).map(|(_, name)| name).collect()
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
            ("invalid type: integer `5`", "invalid type: integer `5`", None),
            ("duplicate key", "duplicate key", None),
        ] {
            assert_eq!(reworded(said), (message.into(), help.map(String::from)));
        }
    }

    #[test]
    fn nearest_names_are_near() {
        let known = ["getOrders", "getOrderItems", "createReport", "createReports"];
        assert_eq!(nearest_names("getOrderItem", known), ["getOrderItems"]);
        assert_eq!(nearest_names("createRepor", known), ["createReport"]);
        assert!(nearest_names("frobnicate", known).is_empty());
    }
}
