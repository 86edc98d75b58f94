//! A strategy to try, as the lines that a person would write: what is advised is what is pasted.
//!
//! ```text
//!   pace.rate = "95%"  ┐                         pace = { rate = "95%", burst = 15 }
//!   pace.burst = 15    ├─ settings ──► table ──► workers = 2
//!   workers = 2        ┘                         …
//! ```

use std::fmt::Write;

/// A strategy to try.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidate {
    /// Its settings: dotted key and value, both as TOML.
    pub settings: Vec<(String, String)>,
}

/// Which work a strategy does is no setting of how it does it.
const WORK: &str = "workloads";

impl Candidate {
    /// The strategy of a written table; labels are left out.
    #[must_use]
    pub fn of(table: &toml::Table) -> Self {
        let mut settings = Vec::new();
        flatten("", table, &mut settings);
        settings.retain(|(key, _)| key != "label");
        Self { settings }
    }

    /// The same with more settings.
    #[must_use]
    pub fn with(&self, more: &[(String, String)]) -> Self {
        let settings = self.settings.iter().chain(more).cloned().collect();
        Self { settings }
    }

    /// The number of its settings, by which one strategy is simpler than another.
    #[must_use]
    pub fn size(&self) -> usize {
        self.settings.iter().filter(|(key, _)| key != WORK).count()
    }

    /// The value of a key, as TOML; `None` if it is not set.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// True if any setting is below a key, or is the key itself.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.settings.iter().any(|(known, _)| is_below(known, key))
    }

    /// The table of a strategy of this name, as a scenario states it.
    #[must_use]
    pub fn table(&self, name: &str) -> String {
        let mut text = format!("[strategy.{name}]\n");
        let settings: Vec<(&str, &str)> =
            self.settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        for (key, value) in grouped(&settings) {
            let _ = writeln!(text, "{key} = {value}");
        }
        text
    }

    /// Each simpler strategy: without one setting, or without all of a table; with the keys that
    /// are left out.
    #[must_use]
    pub fn simpler(&self) -> Vec<(String, Self)> {
        let mut keys: Vec<String> = Vec::new();
        for (key, _) in self.settings.iter().filter(|(key, _)| key != WORK) {
            let head = key.split('.').next().unwrap_or(key);
            for key in [head, key.as_str()] {
                if !keys.iter().any(|known| known == key) {
                    keys.push(key.into());
                }
            }
        }
        let without = |key: String| {
            let kept = self.settings.iter().filter(|(known, _)| !is_below(known, &key));
            let settings = kept.cloned().collect();
            (key, Self { settings })
        };
        keys.into_iter().map(without).collect()
    }
}

/// True of a key, and of every key of the table that it names.
fn is_below(key: &str, table: &str) -> bool {
    key.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn flatten(prefix: &str, table: &toml::Table, settings: &mut Vec<(String, String)>) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            toml::Value::Table(inner) if !inner.is_empty() => {
                flatten(&format!("{key}."), inner, settings);
            }
            value => settings.push((key, value.to_string())),
        }
    }
}

/// Settings with those of one table in one line, in the order of their first keys.
fn grouped(settings: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut heads: Vec<&str> = Vec::new();
    for (key, _) in settings {
        let head = key.split('.').next().unwrap_or(key);
        if !heads.contains(&head) {
            heads.push(head);
        }
    }
    let line = |head: &str| {
        let inner: Vec<(&str, &str)> = settings
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix(head)?.strip_prefix('.')?, *value)))
            .collect();
        let plain = settings.iter().find(|(key, _)| *key == head);
        match (plain, inner.as_slice()) {
            (Some((_, value)), _) => (head.into(), (*value).into()),
            (None, [(rest, value)]) => (format!("{head}.{rest}"), (*value).into()),
            (None, _) => {
                let parts =
                    grouped(&inner).into_iter().map(|(key, value)| format!("{key} = {value}"));
                (head.into(), format!("{{ {} }}", parts.collect::<Vec<_>>().join(", ")))
            }
        }
    };
    heads.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(text: &str) -> Candidate {
        Candidate::of(&text.parse().expect("TOML"))
    }

    #[test]
    fn a_table_reads_as_it_was_written() {
        let text = "workers = 2\npace = { burst = 15, rate = \"95%\" }\nretry = { attempts = 8, \
                    backoff.exponential = { base = \"1s\", jitter = \"full\" } }\nlabel = \"x\"";
        let found = candidate(text);
        assert_eq!(found.size(), 6);
        let table: toml::Table = found.table("s").parse().expect("TOML");
        let mut expected: toml::Table = text.parse().expect("TOML");
        expected.remove("label");
        assert_eq!(table["strategy"]["s"].as_table(), Some(&expected));
        assert!(found.table("s").contains("pace = { burst = 15, rate = \"95%\" }"));
        let one = candidate("pace.rate = \"95%\"").table("s");
        assert_eq!(one, "[strategy.s]\npace.rate = \"95%\"\n");
    }

    #[test]
    fn each_setting_can_be_left_out() {
        let found =
            candidate("workloads = [\"a\"]\nworkers = 2\npace = { burst = 15, rate = \"1/s\" }");
        let simpler = found.simpler();
        let mut keys: Vec<&str> = simpler.iter().map(|(key, _)| key.as_str()).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["pace", "pace.burst", "pace.rate", "workers"]);
        for (key, left) in simpler {
            assert!(!left.has(&key) && left.has("workloads"), "{key}");
        }
    }
}
