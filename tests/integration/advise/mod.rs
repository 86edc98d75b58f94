//! `advise` finds the best strategy where it is known, calls a tie a tie, and says what would have
//! to change where nothing is good enough.

mod command;
mod freedoms;
mod known;
mod library;
mod losses;
mod questions;
mod random;
mod speed;
mod work;

use std::path::Path;
use throttlesim::scenario::Draft;
use throttlesim::study::{Advice, Forgetful, Options, advise};

fn draft(text: &str) -> Draft {
    let folder = crate::root().join("scenarios");
    Draft { name: "advised".into(), text: text.into(), folder, inputs: Vec::new() }
}

fn shipped(name: &str) -> Draft {
    let file = crate::root().join("scenarios").join(format!("{name}.toml"));
    let text = std::fs::read_to_string(&file).expect("a scenario");
    let folder = file.parent().unwrap_or(Path::new("")).into();
    Draft { name: name.into(), text, folder, inputs: Vec::new() }
}

fn advice(text: &str) -> Advice {
    found(&draft(text), Options::default())
}

fn found(draft: &Draft, options: Options) -> Advice {
    advise(draft, options, &Forgetful).unwrap_or_else(|why| panic!("{why}\n{}", draft.text))
}

/// A setting of the advised strategy.
fn setting<'a>(advice: &'a Advice, key: &str) -> Option<&'a str> {
    advice.field.entrants[advice.best].candidate.get(key)
}

/// A bucket of one a second and a burst of ten, with more of the test's own.
fn bucket(more: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n[service]\nlatency.constant = \
         \"100ms\"\n[limit.bucket]\nscope = [\"account\"]\nrule.token_bucket = {{ rate = \"1/s\", \
         burst = 10 }}\ntells = {{ status = 429 }}\n{more}"
    )
}
