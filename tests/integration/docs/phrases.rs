//! Phrases that readers stumbled over stay out of README, CONTRIBUTING and the pages of docs.

use super::{pages, text};

/// Each in lower case, with one space between words.
const BANNED: &[&str] = &[
    " anew",
    "whereof",
    "in the mean",
    "on the mean",
    " till ",
    "so many times",
    "times as fast",
    "besides",
    "which are in no figure",
    "of which are in no",
    "is in no figure",
    "not on the calendar",
    "root of all chance",
    "folder that gets a folder",
    "by how much of itself",
    "over one another",
    "with which all holds",
    "what its providers leave open",
    "of nobody",
    "of no time",
    "it is no text",
    "sizes nothing",
    "is no choice",
    "belongs here",
    "of what is not counted",
    "to be left until",
    "the whole (of)",
    "were throttled or",
    "each success takes",
    "1 fewer calls than",
    "keeps the line",
    "keep a place in line",
    "an anecdote",
    "by up to so much",
    "the time is none",
    "the machine below",
    "held to their promises",
    "however.",
    "were tokens",
    "it is ruin",
    "it is all that counts",
    "is all that counts",
    "wins 26",
    "hardly touched",
    "tells no ",
    "is told n",
    "made up",
    "by chance",
];

#[test]
fn banned_phrases_are_absent() {
    let mut found = Vec::new();
    for page in pages() {
        let text = text(&page).to_lowercase();
        let text = format!(" {} ", text.split_whitespace().collect::<Vec<_>>().join(" "));
        for phrase in BANNED.iter().filter(|phrase| text.contains(**phrase)) {
            let place = text.find(phrase).unwrap_or(0);
            let around: String = text[..place].chars().rev().take(40).collect();
            let around: String = around.chars().rev().collect();
            found.push(format!("{}: …{around}[{phrase}]", page.display()));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Durations have spaces and `min` in prose: `1 min 20 s`.
#[test]
fn durations_are_written_in_one_form() {
    for page in pages() {
        if page.ends_with("scenario-language.md") {
            continue;
        }
        let prose = super::prose(&text(&page));
        let plain: String = prose.split('`').step_by(2).collect();
        let words: Vec<&str> = plain.split_whitespace().collect();
        for pair in words.windows(2) {
            let unit = pair[1].trim_matches(|c: char| ".,;:)*".contains(c));
            let number = pair[0].trim_start_matches(['(', '*', '±']);
            let is_number = number.parse::<f64>().is_ok();
            assert!(!(is_number && unit == "m"), "{}: {} {}", page.display(), pair[0], pair[1]);
        }
    }
}
