//! Readings: what a source leaves open, and what each choice lays over the catalogue.
//!
//! ```text
//!   limit.basic.rule.fixed_window = { … }      catalogue
//!   limit.basic.rule.sliding_window = { … }    choice, laid over it
//!   ────────────────────────────────────────
//!   limit.basic.rule.sliding_window = { … }    a rule of another kind takes the place of the first
//! ```
//!
//! Tables are laid over key by key, so that a choice says only what differs and several readings
//! can touch one limit; everything else is replaced. Plans are laid over in the same way, before
//! the readings.

use super::document::CatalogueDocument;
use super::problem::{Problem, ProblemKind, one_of};
use super::reader;
use super::resolved::Resolved;
use toml::de::{DeTable, DeValue};

/// A choice for a reading, both by name.
pub type Choice<'a> = (&'a str, &'a str);

/// The choice that holds for each reading: the one that is given, or its default.
///
/// # Errors
/// Every choice that names what the catalogue does not have.
pub(super) fn choose<'a>(
    catalogue: &'a CatalogueDocument,
    given: &[Choice<'_>],
) -> Result<Vec<Choice<'a>>, Vec<Problem>> {
    let readings: Vec<&str> = catalogue.reading.keys().map(|key| key.get_ref().as_str()).collect();
    let mut problems = Vec::new();
    for (name, choice) in given {
        let Some(reading) = catalogue.reading.get(*name) else {
            let message = format!("{} has no reading `{name}`", catalogue.name);
            problems.push(
                Problem::whole(ProblemKind::unknown(*name), message).help(one_of(name, &readings)),
            );
            continue;
        };
        let choices: Vec<&str> = reading.choices.keys().map(|key| key.get_ref().as_str()).collect();
        if !choices.contains(choice) {
            let message = format!("the reading `{name}` has no choice `{choice}`");
            problems.push(
                Problem::whole(ProblemKind::unknown(*choice), message)
                    .help(one_of(choice, &choices)),
            );
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let chosen = catalogue.reading.iter().map(|(name, reading)| {
        let name = name.get_ref().as_str();
        let given = given.iter().rev().find(|(reading, _)| *reading == name);
        let choice = given.map_or(reading.default.get_ref().as_str(), |(_, choice)| choice);
        let known = reading.choices.keys().find(|key| key.get_ref() == choice);
        (name, known.map_or(reading.default.get_ref().as_str(), |key| key.get_ref().as_str()))
    });
    Ok(chosen.collect())
}

/// The catalogue of `text` with a plan and the choices laid over it. Places stay those of `text`.
///
/// # Errors
/// What results is no catalogue.
pub(super) fn lay_over(
    text: &str,
    plan: Option<&str>,
    chosen: &[Choice<'_>],
) -> Result<CatalogueDocument, Problem> {
    let mut root = reader::parsed(text)?;
    let of_plan = plan.map(|plan| vec!["plan", plan]);
    let of_readings =
        chosen.iter().map(|(reading, choice)| vec!["reading", reading, "choices", choice]);
    for path in of_plan.into_iter().chain(of_readings) {
        let table = (path.iter())
            .try_fold(root.get_ref(), |table, key| table.get(*key)?.get_ref().as_table());
        if let Some(over) = table.cloned() {
            merge(root.get_mut(), over);
        }
    }
    reader::from_table(&root)
}

impl Resolved {
    /// True if a reading changes anything that these calls meet: facts, or a limit of theirs that
    /// the scenario has not put its own in the place of.
    #[must_use]
    pub fn reads(&self, reading: &str, calls: &[&str]) -> bool {
        let Some(reading) = self.catalogue.reading.get(reading) else { return true };
        let limit_of = |call: &&str| self.limits(call).unwrap_or_default();
        let held: Vec<&str> = calls.iter().flat_map(limit_of).map(|limit| limit.name).collect();
        let met = |name: &str| held.contains(&name) && !self.is_own(name);
        reading.choices.values().flat_map(|choice| choice.iter()).any(|(key, below)| {
            key != "limit" || below.as_table().is_some_and(|limits| limits.keys().any(|l| met(l)))
        })
    }
}

impl Resolved {
    /// True if a plan changes a limit that these calls meet and the scenario has not put its own
    /// in the place of.
    #[must_use]
    pub fn plan_matters(&self, calls: &[&str]) -> bool {
        let limit_of = |call: &&str| self.limits(call).unwrap_or_default();
        let held: Vec<&str> = calls.iter().flat_map(limit_of).map(|limit| limit.name).collect();
        let touched = self.catalogue.plan.values().filter_map(|plan| plan.get("limit"));
        let mut touched = touched.filter_map(toml::Value::as_table).flat_map(toml::Table::keys);
        touched.any(|limit| held.contains(&limit.as_str()) && !self.is_own(limit))
    }
}

fn merge<'i>(base: &mut DeTable<'i>, over: DeTable<'i>) {
    for (key, value) in over {
        let below = base.get_mut(key.get_ref().as_ref()).map(toml::Spanned::get_mut);
        match (below, value.get_ref()) {
            (Some(DeValue::Table(below)), DeValue::Table(above))
                if key.get_ref() != "rule" || same_kind(below, above) =>
            {
                merge(below, above.clone());
            }
            _ => {
                base.insert(key, value);
            }
        }
    }
}

/// True if two rules are of one kind: the name of a rule is its only key.
fn same_kind(below: &DeTable<'_>, above: &DeTable<'_>) -> bool {
    above.keys().all(|kind| below.contains_key(kind.get_ref().as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::rule::{RuleDocument, WindowMethod};

    const TEXT: &str = r#"
        name = "Example"
        [limit.basic]
        scope = ["account"]
        rule.fixed_window = { limit = 120, window = "1m" }
        tells = { status = 429, retry_after = "seconds" }
        [reading.window]
        question = "Fixed or sliding?"
        default = "fixed"
        why = "the page speaks of the beginning of each minute"
        choices.fixed = {}
        choices.sliding.limit.basic.rule.sliding_window = { limit = 120, window = "1m" }
        [reading.limit]
        question = "Is a hundred meant?"
        default = "printed"
        why = "the page says 120"
        choices.printed = {}
        choices.hundred.limit.basic.rule.fixed_window.limit = 100
    "#;

    fn basic(chosen: &[Choice<'_>]) -> RuleDocument {
        let laid = lay_over(TEXT, None, chosen).expect("a catalogue");
        assert_eq!(laid.limit["basic"].tells.status.get_ref(), &429);
        laid.limit["basic"].rule.clone()
    }

    #[test]
    fn a_choice_says_only_what_differs() {
        match basic(&[("window", "fixed"), ("limit", "hundred")]) {
            RuleDocument::FixedWindow(rule) => assert_eq!(rule.limit.into_inner(), 100),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_rule_of_another_kind_takes_the_place() {
        match basic(&[("window", "sliding"), ("limit", "printed")]) {
            RuleDocument::SlidingWindow(rule) => assert_eq!(rule.method, WindowMethod::Log),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn defaults_fill_in_and_unknown_names_are_told_all_at_once() {
        let catalogue: CatalogueDocument = reader::from_text(TEXT).expect("a catalogue");
        let chosen = choose(&catalogue, &[("window", "sliding")]).expect("known");
        assert_eq!(chosen, [("window", "sliding"), ("limit", "printed")]);
        let problems = choose(&catalogue, &[("windw", "fixed"), ("window", "slding")]);
        let told: Vec<_> = problems.expect_err("unknown").into_iter().collect();
        assert_eq!(told[0].message, "Example has no reading `windw`");
        assert_eq!(told[0].help.as_deref(), Some("did you mean `window`?"));
        assert_eq!(told[1].message, "the reading `window` has no choice `slding`");
        assert_eq!(told[1].help.as_deref(), Some("did you mean `sliding`?"));
    }
}
