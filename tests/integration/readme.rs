//! The README keeps its word: its scenario reads, its links lead somewhere.

use crate::{root, scenario};

fn text() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("the README")
}

#[test]
fn its_scenario_reads() {
    let text = text();
    let block = text.split("```toml").nth(1).and_then(|rest| rest.split("```").next());
    let scenario = scenario(block.expect("a scenario"));
    assert_eq!(scenario.plan.strategies.len(), 2);
}

#[test]
fn its_links_and_pictures_exist() {
    let text = text();
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let mut local = links.filter(|link| !link.contains("://")).peekable();
    assert!(local.peek().is_some());
    for link in local {
        assert!(root().join(link).exists(), "{link}");
    }
}

#[test]
fn its_commands_name_what_exists() {
    for file in text().split_whitespace().filter(|word| word.starts_with("scenarios/")) {
        assert!(root().join(file.trim_matches('`')).exists(), "{file}");
    }
}
