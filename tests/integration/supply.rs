//! What may become part of the program: `deny.toml`, held without a network by what cargo knows.
//!
//! Licences, where crates come from, and which are refused; `cargo deny check` tells of advisories
//! besides, where it is installed.

use crate::root;
use serde_json::Value;
use spdx::{Expression, ParseMode};
use std::process::Command;

/// All crates that this machine builds, as `cargo metadata` tells them.
fn crates() -> Vec<Value> {
    let cargo = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        let output = command.current_dir(root()).args(words).output().expect("cargo");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).expect("text")
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    // Locked, it asks no network for what has been built here.
    let words = ["metadata", "--format-version=1", "--locked", "--filter-platform"];
    let told: Value = serde_json::from_str(&cargo(&[&words[..], &[host]].concat())).expect("JSON");
    told["packages"].as_array().expect("packages").clone()
}

fn words(list: &toml::Value) -> Vec<String> {
    let list = list.as_array().expect("a list");
    list.iter().map(|word| word.as_str().expect("a word").to_string()).collect()
}

/// Whether one of the ways to take a licence is allowed.
fn is_allowed(licence: &str, allowed: &[String]) -> Result<bool, String> {
    let parsed = Expression::parse_mode(licence, ParseMode::LAX).map_err(|e| e.to_string())?;
    Ok(parsed.evaluate(|requirement| allowed.contains(&requirement.to_string())))
}

#[test]
fn what_is_depended_on_may_be() {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let rules: toml::Value = toml::from_str(&text).expect("TOML");
    let allowed = words(&rules["licenses"]["allow"]);
    let banned = rules["bans"]["deny"].as_array().expect("a list");
    let banned: Vec<&str> = banned.iter().filter_map(|one| one["crate"].as_str()).collect();
    let crates = crates();
    assert!(crates.len() > 50, "that is not all: {}", crates.len());
    let mut wrong = Vec::new();
    for one in &crates {
        let name = one["name"].as_str().expect("a name");
        let licence = one["license"].as_str().unwrap_or("none");
        if is_allowed(licence, &allowed) != Ok(true) {
            wrong.push(format!("{name}: licence {licence}"));
        }
        // Without a source is only what lies here.
        let foreign = |source: &str| !source.starts_with("registry+https://github.com/rust-lang/");
        if one["source"].as_str().is_some_and(foreign) {
            wrong.push(format!("{name}: from {}", one["source"]));
        }
        if banned.contains(&name) {
            wrong.push(format!("{name}: refused by deny.toml"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_licence_is_one_of_those_it_names_or_all() {
    let allowed = ["MIT".to_string(), "Apache-2.0 WITH LLVM-exception".to_string()];
    let is = |licence| is_allowed(licence, &allowed);
    assert_eq!(is("MIT/Apache-2.0"), Ok(true));
    assert_eq!(is("GPL-3.0-only OR (MIT AND Apache-2.0 WITH LLVM-exception)"), Ok(true));
    assert_eq!(is("MIT AND Unicode-3.0"), Ok(false));
    assert!(is("none").is_err());
}
