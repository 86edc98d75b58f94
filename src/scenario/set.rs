//! `--set ADDRESS=VALUE`: one scalar of a scenario replaced, by its address in TOML's dotted form.
//!
//! The text is edited and read again, so that a value from the command line meets exactly the
//! checks of one in the file, and the rest of the file stays as written.

use super::nearest;
use toml_edit::{DocumentMut, Item, Key, TableLike, Value};

/// The text with `assignment` (`strategy.paced.workers=4`) carried out.
///
/// A value that is no TOML is taken as a string, so that `duration=2h` needs no second quotes.
///
/// # Errors
/// A sentence, if the text is not TOML, the assignment has no `=`, or its address leads through
/// something that is no table.
pub fn set(text: &str, assignment: &str) -> Result<String, String> {
    let example = "write it as `--set strategy.paced.workers=4`";
    let (address, value) =
        split(assignment).ok_or_else(|| format!("`--set {assignment}` has no `=`: {example}"))?;
    let path =
        Key::parse(address.trim()).map_err(|_| format!("`{address}` is no address: {example}"))?;
    let mut document: DocumentMut = text.parse().map_err(|_| "the file is not TOML".to_string())?;
    let value = read_value(value.trim());
    let (last, parents) = path.split_last().ok_or_else(|| format!("no address: {example}"))?;
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for (depth, key) in parents.iter().enumerate() {
        let family = depth.checked_sub(1).map(|above| parents[above].get());
        if depth == 1 && !table.contains_key(key.get()) && family.is_some_and(is_family) {
            return Err(unknown(address, family.unwrap_or_default(), key.get(), table));
        }
        let item = table.entry(key.get()).or_insert_with(toml_edit::table);
        table = item.as_table_like_mut().ok_or_else(|| {
            format!("`--set {address}`: `{}` is no table in this scenario", key.get())
        })?;
    }
    replace(table, last, value);
    Ok(document.to_string())
}

/// Tables that hold parts by name: a new name there is a slip, not a wish.
fn is_family(table: &str) -> bool {
    ["provider", "workload", "strategy", "limit"].contains(&table)
}

fn unknown(address: &str, family: &str, name: &str, table: &dyn TableLike) -> String {
    let known: Vec<&str> = table.iter().map(|(name, _)| name).collect();
    let help = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has {}", known.join(", ")),
    };
    format!("`--set {address}`: this scenario has no {family} `{name}`: {help}")
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
            assert_eq!(set(text, assignment).as_deref(), Ok(expected), "{assignment}");
        }
        let inline = set("pace = { rate = \"1/s\" }\n", "pace.rate=90%");
        assert_eq!(inline.as_deref(), Ok("pace = { rate = \"90%\" }\n"));
    }

    #[test]
    fn a_wrong_assignment_says_what_would_be_right() {
        for (assignment, part) in [
            ("seed", "has no `=`"),
            ("seed.deeper=1", "`seed` is no table"),
            ("a b=1", "is no address"),
            ("strategy.pacd.workers=4", "no strategy `pacd`: did you mean `paced`?"),
        ] {
            let text = "seed = 1\n[strategy.paced]\n";
            let message = set(text, assignment).expect_err("an error");
            assert!(message.contains(part), "{message}");
        }
    }
}
