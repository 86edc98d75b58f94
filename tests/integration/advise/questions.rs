//! What `docs/questions.md` says that `advise` answers is what it answers.
//!
//! A block of the page begins with the command; the sentence and the table follow.

use super::{found, shipped};
use throttlesim::report::advise::sentences;
use throttlesim::study::Options;

/// Questions that a search answers in less than a second at little optimisation.
const CHEAP: [&str; 3] = ["amazon-pay-30-charges", "ecomdash-six-at-once", "sp-api-worked-example"];

/// The name of the scenario and the answer, of each block of the page.
fn recorded() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(crate::root().join("docs/questions.md")).expect("a page");
    let blocks = page.split("```text\n$ throttlesim advise scenarios/").skip(1);
    let read = |block: &str| {
        let (name, rest) = block.split_once(".toml\n").expect("a scenario");
        let (answer, _) = rest.split_once("```").expect("an end");
        (name.to_string(), answer.to_string())
    };
    blocks.map(read).collect()
}

/// The answer to a question: the sentence and the table.
fn answer(name: &str) -> String {
    let advice = found(&shipped(name), Options::default());
    format!("{}\n\n{}", sentences(&advice)[0], advice.toml())
}

/// However the lines of the page are broken.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_recorded(wanted: impl Fn(&str) -> bool) -> usize {
    let all = recorded().into_iter().filter(|(name, _)| wanted(name));
    all.map(|(name, recorded)| {
        assert_eq!(in_one_line(&recorded), in_one_line(&answer(&name)), "{name}");
    })
    .count()
}

#[test]
fn cheap_questions_are_answered_as_the_page_says() {
    let names: Vec<String> = recorded().into_iter().map(|(name, _)| name).collect();
    assert!(names.len() >= 4, "{names:?}");
    assert!(assert_recorded(|name| CHEAP.contains(&name)) == CHEAP.len());
}

#[test]
#[ignore = "minutes: cargo test --release --test integration advise::questions -- --ignored"]
fn all_questions_are_answered_as_the_page_says() {
    assert!(assert_recorded(|_| true) >= 4);
}

/// Prints the answers to some questions, to put them on the page: `NAMES="a b" cargo test …`.
#[test]
#[ignore = "prints answers for the page"]
fn print_answers() {
    for name in std::env::var("NAMES").unwrap_or_default().split_whitespace() {
        println!("```text\n$ throttlesim advise scenarios/{name}.toml\n{}```", answer(name));
    }
}
