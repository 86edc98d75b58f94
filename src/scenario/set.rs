//! `--set ADDRESS=VALUE`: one scalar of a scenario replaced, by its address in TOML's dotted form.
//!
//! The text is edited and read again, so that a value from the command line meets exactly the
//! checks of one in the file, and the rest of the file stays as written.

use super::nearest;
use std::fmt;
use toml_edit::{DocumentMut, Item, Key, TableLike, Value};

/// Why a value cannot be set.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetError {
    /// The assignment has no `=`.
    NoValue {
        /// The whole of it.
        assignment: String,
    },
    /// What stands before the `=` is not an address in TOML's dotted form.
    NoAddress {
        /// What stands there.
        address: String,
    },
    /// The scenario is not TOML.
    NotToml,
    /// A key within the address holds a value, not a table.
    NoTable {
        /// The whole address.
        address: String,
        /// The key.
        key: String,
    },
    /// The scenario has no strategy, workload, provider or limit of this name.
    Unknown {
        /// The whole address.
        address: String,
        /// What is named: `strategy`.
        family: String,
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
}

impl SetError {
    /// The same, of an assignment that was an option of the command line: `--set`.
    #[must_use]
    pub fn of_option<'a>(&'a self, option: &'a str) -> impl fmt::Display + 'a {
        Said { error: self, option: Some(option) }
    }
}

/// What is said of an error, with the option whose value it is about.
struct Said<'a> {
    error: &'a SetError,
    option: Option<&'a str>,
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const EXAMPLE: &str = "write it as `--set strategy.paced.workers=4`";
        let option = self.option.map_or(String::new(), |option| format!("{option} "));
        match self.error {
            SetError::NoValue { assignment } => {
                write!(out, "`{option}{assignment}` has no `=`: {EXAMPLE}")
            }
            SetError::NoAddress { address } => {
                write!(out, "`{address}` is not an address: {EXAMPLE}")
            }
            SetError::NotToml => out.write_str("the file is not TOML"),
            SetError::NoTable { address, key } => {
                write!(out, "`{option}{address}`: `{key}` is not a table in this scenario")
            }
            SetError::Unknown { address, family, name, known } => {
                write!(out, "`{option}{address}`: this scenario has no {family} `{name}`: ")?;
                match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => write!(out, "did you mean `{near}`?"),
                    None => write!(out, "it has {}", known.join(", ")),
                }
            }
        }
    }
}

impl fmt::Display for SetError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        Said { error: self, option: None }.fmt(out)
    }
}

impl std::error::Error for SetError {}

/// The text with `assignment` (`strategy.paced.workers=4`) carried out.
///
/// A value that is no TOML is taken as a string, so that `duration=2h` needs no second quotes.
///
/// # Errors
/// The text is not TOML, the assignment has no `=`, or its address leads through something that is
/// no table, or to a part that the scenario does not have.
pub fn set(text: &str, assignment: &str) -> Result<String, SetError> {
    let (address, value) = split(assignment)
        .ok_or_else(|| SetError::NoValue { assignment: assignment.to_string() })?;
    let no_address = || SetError::NoAddress { address: address.to_string() };
    let path = Key::parse(address.trim()).map_err(|_| no_address())?;
    let mut document: DocumentMut = text.parse().map_err(|_| SetError::NotToml)?;
    let value = read_value(value.trim());
    let (last, parents) = path.split_last().ok_or_else(no_address)?;
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for (depth, key) in parents.iter().enumerate() {
        let family = depth.checked_sub(1).map(|above| parents[above].get());
        if depth == 1 && !table.contains_key(key.get()) && family.is_some_and(is_family) {
            return Err(SetError::Unknown {
                address: address.to_string(),
                family: family.unwrap_or_default().to_string(),
                name: key.get().to_string(),
                known: table.iter().map(|(name, _)| name.to_string()).collect(),
            });
        }
        let item = table.entry(key.get()).or_insert_with(toml_edit::table);
        table = item.as_table_like_mut().ok_or_else(|| SetError::NoTable {
            address: address.to_string(),
            key: key.get().to_string(),
        })?;
    }
    replace(table, last, value);
    Ok(document.to_string())
}

/// Tables that hold parts by name: a new name there is a slip, not a wish.
fn is_family(table: &str) -> bool {
    ["provider", "workload", "strategy", "limit"].contains(&table)
}

/// The address may hold an `=` within quotes; the first one outside them divides.
fn split(assignment: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let place = assignment.char_indices().find_map(|(place, c)| {
        quoted ^= c == '"';
        (c == '=' && !quoted).then_some(place)
    })?;
    Some((&assignment[..place], &assignment[place + 1..]))
}

fn read_value(text: &str) -> Value {
    text.parse().unwrap_or_else(|_| Value::from(text))
}

fn replace(table: &mut dyn TableLike, key: &Key, value: Value) {
    match table.get_mut(key.get()) {
        Some(Item::Value(old)) => {
            let decor = old.decor().clone();
            *old = value;
            *old.decor_mut() = decor;
        }
        _ => {
            table.insert(key.get(), Item::Value(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_replaced_where_it_stands_and_the_rest_is_kept() {
        let text = "seed = 1 # root\n[strategy.paced]\nworkers = 2\n";
        let cases = [
            ("seed=7", "seed = 7 # root\n[strategy.paced]\nworkers = 2\n"),
            ("strategy.paced.workers=4", "seed = 1 # root\n[strategy.paced]\nworkers = 4\n"),
            ("duration=2h", "seed = 1 # root\nduration = \"2h\"\n[strategy.paced]\nworkers = 2\n"),
        ];
        for (assignment, expected) in cases {
            assert_eq!(set(text, assignment), Ok(expected.to_string()), "{assignment}");
        }
        let inline = set("pace = { rate = \"1/s\" }\n", "pace.rate=90%");
        assert_eq!(inline, Ok("pace = { rate = \"90%\" }\n".to_string()));
    }

    #[test]
    fn a_wrong_assignment_says_what_would_be_right() {
        for (assignment, part) in [
            ("seed", "has no `=`"),
            ("seed.deeper=1", "`--set seed.deeper`: `seed` is not a table"),
            ("a b=1", "is not an address"),
            ("strategy.pacd.workers=4", "no strategy `pacd`: did you mean `paced`?"),
        ] {
            let text = "seed = 1\n[strategy.paced]\n";
            let error = set(text, assignment).expect_err("an error");
            let message = error.of_option("--set").to_string();
            assert!(message.contains(part), "{message}");
            let option = format!("--set {}", assignment.split('=').next().unwrap_or_default());
            assert!(!error.to_string().contains(&option), "{error}");
        }
    }
}
