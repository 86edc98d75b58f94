//! Figures of README and docs are those that are recorded under `reports/`, to the last digit.
//!
//! A figure must stand in a report that is linked beside it, or in the scenario of that report, or
//! below with the way to it. After results are recorded again, this test names what to correct.

use super::text;
use crate::root;
use std::collections::BTreeSet;

/// Figures that no report prints, and where they come from.
const DERIVED: &[(&str, &str)] = &[
    ("93.5 %", "reports/associates-new-account/quota.csv: used in January / (8640 × 31)"),
    ("2.55 %", "reports/associates-new-account/quota.csv: used in April / (8640 × 30)"),
    ("8,640", "src/catalog/data/pa-api.toml: initial_tpd"),
    ("14,430", "getOrderItems in 8 h: 30 + 0.5 × 28,800"),
    ("18,000", "searchOrders in 8 h: (20 + 160) × 100"),
    ("9,400", "reports/sp-api-prime-day/timeline.csv: the largest backlog is 9,424"),
    ("2,521", "reports/my-own-api/summary.json: jobs of a run, 2,000 and 521 of the dashboard"),
    ("26 min", "8 h 30 min less 8 h 04 min"),
    ("31.5 %", "reports/one-quota-many-processes/sweep.csv: 0.314664702"),
    ("90 %", "throttle rates from 88.9 % to 90.8 %"),
    ("34,311", "reports/hedging/report.md: 34,177 + 134 jobs"),
];

/// `22 min 08 s`, `12.6 %`, `11,362`, `0.5`: what figures look like in prose.
fn figures(prose: &str) -> Vec<String> {
    let words: Vec<&str> = prose
        .split(|c: char| c.is_whitespace() || "()*;".contains(c))
        .filter(|word| !word.is_empty())
        .map(|word| word.trim_end_matches(['.', ',', ':', '?']))
        .collect();
    let number = |word: &str| {
        let digits = word.replace(',', "");
        digits.parse::<f64>().is_ok() && word.starts_with(|c: char| c.is_ascii_digit())
    };
    let unit = |word: &str| ["d", "h", "min", "s", "ms"].contains(&word);
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let next = |place: usize| words.get(place).copied().unwrap_or_default();
        if !number(words[at]) {
            at += 1;
        } else if unit(next(at + 1)) {
            let mut figure = format!("{} {}", words[at], words[at + 1]);
            at += 2;
            while number(next(at)) && is_below(next(at + 1), &figure) {
                figure += &format!(" {} {}", words[at], words[at + 1]);
                at += 2;
            }
            found.push(figure);
        } else if next(at + 1) == "%" {
            found.push(format!("{} %", words[at]));
            at += 2;
        } else {
            if words[at].contains([',', '.']) {
                found.push(words[at].into());
            }
            at += 1;
        }
    }
    found
}

/// True of the unit that may follow in `5 h 14 min`.
fn is_below(unit: &str, figure: &str) -> bool {
    ["d h", "h min", "min s"].iter().any(|pair| {
        let (above, below) = pair.split_once(' ').unwrap_or_default();
        below == unit && figure.ends_with(&format!(" {above}"))
    })
}

/// What is recorded of the scenarios whose reports a text links to.
fn recorded(part: &str) -> Option<String> {
    let names: BTreeSet<&str> = part
        .split("reports/")
        .skip(1)
        .filter_map(|rest| rest.split_once('/').map(|(name, _)| name))
        .filter(|name| root().join(format!("scenarios/{name}.toml")).exists())
        .collect();
    let mut all = String::new();
    for name in &names {
        all += &text(&root().join(format!("scenarios/{name}.toml")));
        for page in ["report", "size", "readings", "sweep"] {
            let page = root().join(format!("reports/{name}/{page}.md"));
            if page.exists() {
                all += &text(&page);
            }
        }
    }
    (!names.is_empty()).then_some(all)
}

/// True if it is recorded, perhaps as a scenario writes it: `500ms`, `95%`, `4503`.
fn is_known(figure: &str, recorded: &str) -> bool {
    let written = figure.replace(" min", "m").replace([' ', ','], "");
    let derived = DERIVED.iter().any(|(known, _)| *known == figure);
    derived
        || recorded.contains(figure)
        || recorded.contains(&written)
        || recorded.contains(&figure.replace(',', ""))
}

/// The text without addresses of links and without code.
fn plain(part: &str) -> String {
    let mut plain = String::new();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once("](") {
        plain += before;
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    plain += rest;
    plain.split('`').step_by(2).collect::<Vec<_>>().join(" … ")
}

#[test]
fn figures_are_the_recorded_ones() {
    let read = |name: &str| text(&root().join(name));
    let parts: Vec<(String, String)> =
        [("README.md", "\n\n"), ("docs/questions.md", "\n### "), ("docs/decisions.md", "\n|")]
            .iter()
            .flat_map(|(name, between)| {
                let page = read(name);
                let parts: Vec<_> = page
                    .split(between)
                    .map(|part| ((*name).to_string(), part.to_string()))
                    .collect();
                parts
            })
            .collect();
    let (mut number, mut wrong) = (0, Vec::new());
    for (page, part) in &parts {
        let Some(recorded) = recorded(part) else { continue };
        for figure in figures(&plain(part)) {
            number += 1;
            if !is_known(&figure, &recorded) {
                let head: String = part.trim().chars().take(60).collect();
                wrong.push(format!("{page}, “{head}…”: {figure}"));
            }
        }
    }
    assert!(number >= 150, "only {number} figures");
    assert!(wrong.is_empty(), "not recorded: {wrong:#?}");
}

#[test]
fn figures_are_found_in_prose() {
    let prose =
        "With one report, in 22 min 08 s ± 7 min 53 s (20 runs); 12.6 % of 11,362, at 0.545/s.";
    assert_eq!(figures(prose), ["22 min 08 s", "7 min 53 s", "12.6 %", "11,362"]);
    assert!(!is_known("12.7 %", "12.6 %") && is_known("500 ms", "after = \"500ms\""));
}
