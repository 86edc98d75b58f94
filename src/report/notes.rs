//! The sentences of a scenario's notes, made here only.

use super::words;
use crate::catalog::{Offer, Standing};
use crate::scenario::{Note, Scenario};

/// Every note of a scenario as a sentence, the most important first.
pub fn sentences(scenario: &Scenario) -> impl Iterator<Item = String> {
    scenario.notes.iter().map(|note| sentence(scenario, note))
}

/// The notes as a Markdown list with an empty line after it; empty if there are none.
#[must_use]
pub fn markdown(scenario: &Scenario) -> String {
    let mut lines: Vec<String> =
        sentences(scenario).map(|note| format!("- **Note:** {note}\n")).collect();
    if !lines.is_empty() {
        lines.push("\n".into());
    }
    lines.concat()
}

/// A note as a sentence.
#[must_use]
pub fn sentence(scenario: &Scenario, note: &Note) -> String {
    match note {
        Note::Ends { provider, calls, offer } => ends(scenario, provider, calls, offer),
    }
}

/// That something is deprecated or retired: what, when, and what replaces it.
fn ends(scenario: &Scenario, provider: &str, calls: &[String], offer: &Offer) -> String {
    let quoted: Vec<String> = calls.iter().map(|call| format!("`{call}`")).collect();
    let what = match calls.len() {
        0 => provider.to_string(),
        _ => format!("{} ({provider})", words::list(&quoted)),
    };
    let verb = |one, many| if calls.len() > 1 { many } else { one };
    let successor = offer.successor.as_ref();
    if offer.status == Standing::Retired {
        let on = offer.until.map_or(String::new(), |day| format!(" on {day}"));
        let successor = successor.map_or(String::new(), |new| format!("; use {new} instead"));
        return format!("{what} {} retired{on}{successor}.", verb("was", "were"));
    }
    let start = scenario.start.map_or(String::new(), day_of);
    let by = offer.until.map_or(String::new(), |day| match start >= day.to_string() {
        true => format!(", and support ended on {day}"),
        false => format!("; support ends on {day}"),
    });
    let successor = successor.map_or(String::new(), |new| format!("; migrate to {new}"));
    format!("{what} {} deprecated{by}{successor}.", verb("is", "are"))
}

/// The calendar day of an instant \[s since 1970, UTC\], as TOML writes it.
fn day_of(second: i64) -> String {
    let start = jiff::Timestamp::from_second(second).unwrap_or_default();
    start.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGUE: &str = r#"
        name = "Example"
        source = "a page"
        retrieved = 2026-11-23
        open_operations = true
        [limit.all]
        scope = ["account"]
        rule.concurrency = 3
        [operation.old]
        status = "deprecated"
        until = 2027-03-27
        successor = "new"
        [operation.older]
        status = "deprecated"
        until = 2027-03-27
        successor = "new"
        [operation.gone]
        status = "retired"
        until = 2026-05-15
    "#;

    fn told(start: &str, calls: [&str; 2]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a directory");
        std::fs::write(folder.path().join("own.toml"), CATALOGUE).expect("written");
        let steps = calls.map(|call| format!("{{ call = \"{call}\" }}")).join(", ");
        let text = format!(
            "schema = 1\nquestion = \"?\"\nduration = \"1m\"\nstart = {start}T00:00:00Z\n\
             provider.example.catalog = \"own.toml\"\n[workload.w]\narrivals.backlog = 1\n\
             steps = [{steps}]\n[strategy.s]\n"
        );
        let scenario = Scenario::read("s", &text, folder.path()).expect("a scenario");
        sentences(&scenario).collect()
    }

    #[test]
    fn what_ends_is_said_with_date_and_successor() {
        assert_eq!(told("2026-11-27", ["new", "other"]), [""; 0]);
        let both = "`old` and `older` (Example) are deprecated; support ends on 2027-03-27; \
                    migrate to new.";
        assert_eq!(told("2026-11-27", ["old", "older"]), [both]);
        let one = "`old` (Example) is deprecated, and support ended on 2027-03-27; migrate to new.";
        let gone = "`gone` (Example) was retired on 2026-05-15.";
        assert_eq!(told("2027-03-27", ["old", "gone"]), [one, gone]);
    }
}
