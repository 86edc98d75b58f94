//! The guesses that results lean on: only those of what is called, each told once.
//!
//! ```text
//!   limit that holds for a call ──► its `assumed`
//!   reading left at its default ──► `why`, if a choice would change such a limit
//!   figures from a stand-in     ──► `assumed` of that source, where they are the ones in use
//!   region that nobody chose    ──► its name, if a call's figures depend on it
//!   plan that nobody chose      ──► its name, if a limit of a call depends on it
//! ```

use super::limit::LimitDocument;
use super::resolved::Resolved;
use indexmap::{IndexMap, IndexSet};

impl Resolved {
    /// The guesses that results lean on if these operations are called, each once.
    #[must_use]
    pub fn assumptions(&self, operations: &[&str]) -> Vec<String> {
        let mut told = IndexSet::new();
        let who = self.name();
        let regional =
            |name: &&str| self.operation(name).is_ok_and(|operation| !operation.region.is_empty());
        if let (Some(region), false) = (&self.region, self.region_given)
            && operations.iter().any(regional)
        {
            told.insert(format!("{who}: region {region}, as none is chosen"));
        }
        if let (Some(plan), false) = (self.plan(), self.plan_given)
            && self.plan_matters(operations)
        {
            told.insert(format!("{who}: plan {plan}, as none is chosen"));
        }
        let applied = operations.iter().filter_map(|name| self.limits(name).ok()).flatten();
        let applied: IndexMap<&str, &LimitDocument> =
            applied.map(|applied| (applied.name, applied.limit)).collect();
        for (name, limit) in &applied {
            told.extend(limit.assumed.iter().map(|guess| format!("{who}, {name}: {guess}")));
        }
        for (name, reading) in &self.catalogue.reading {
            let default = (name.get_ref(), reading.default.get_ref());
            let is_default = self.chosen.iter().any(|(name, choice)| (name, choice) == default);
            let touched = reading.choices.values().filter_map(|choice| choice.get("limit"));
            let mut touched = touched.filter_map(toml::Value::as_table).flat_map(toml::Table::keys);
            let met = |limit: &String| applied.contains_key(limit.as_str()) && !self.is_own(limit);
            if is_default && touched.any(met) {
                told.insert(format!("{who}, {name} is {}: {}", default.1, reading.why));
            }
        }
        for name in operations {
            told.extend(self.guesses(name).map(|guess| format!("{who}, {name}: {guess}")));
        }
        told.into_iter().collect()
    }

    /// What is guessed about one operation: the stand-in for its figures only where they are used.
    fn guesses(&self, name: &str) -> impl Iterator<Item = &str> {
        let operation = self.operation(name).unwrap_or(&self.unlisted);
        let own = self.figures(name).is_ok_and(|figures| figures == operation.bare());
        let source = operation.rate_source.as_ref().filter(|_| own);
        let source = source.and_then(|key| self.catalogue.sources.get(key.get_ref()));
        let stand_in = source.and_then(|source| source.assumed.as_deref());
        operation.assumed.iter().map(String::as_str).chain(stand_in)
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Provider, Selection};

    const TEXT: &str = r#"
        name = "Example"
        source = "a page"
        retrieved = 2026-11-23
        regions = { us = "United States", eu = "Europe" }
        sources.sdk = { title = "a client", assumed = "the page prints no plan" }
        environment.sandbox = { rate = "5/s", burst = 15 }
        [limit.plan]
        scope = ["account", "operation"]
        rule.token_bucket = { refill = "tick" }
        assumed = ["buckets start full"]
        [reading.refill]
        question = "?"
        default = "tick"
        why = "the example shows it"
        choices.tick = {}
        choices.continuous.limit.plan.rule.token_bucket.refill = "continuous"
        [operation."a/get"]
        rate = "1/s"
        burst = 2
        rate_source = "sdk"
        [operation."a/list"]
        region.eu.live = { rate = "2/s", burst = 1 }
    "#;

    #[test]
    fn assumptions_are_told_where_they_are_leaned_on() {
        let told = |selection: &Selection<'_>, calls: &[&str]| {
            Provider::read(TEXT)
                .expect("a catalogue")
                .resolve(selection)
                .expect("a known selection")
                .assumptions(calls)
                .join("; ")
        };
        let plan = "Example, plan: buckets start full";
        let default = "Example, refill is tick: the example shows it";
        let stand_in = "Example, a/get: the page prints no plan";
        let sandbox = Selection { environment: Some("sandbox"), ..Selection::default() };
        let chosen = Selection { readings: &[("refill", "continuous")], ..Selection::default() };
        let silent = Selection::default();
        assert_eq!(told(&silent, &["a/get", "a/get"]), [plan, default, stand_in].join("; "));
        assert_eq!(told(&sandbox, &["a/get"]), [plan, default].join("; "));
        assert_eq!(told(&chosen, &["a/get"]), [plan, stand_in].join("; "));
        assert_eq!(told(&silent, &["a/list"]), "Example: region us, as none is chosen");
        assert_eq!(told(&silent, &[]), "");
    }
}
