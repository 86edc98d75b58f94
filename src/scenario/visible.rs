//! Text from outside on one line, with nothing in it that is not seen: names, labels, rows of logs.

use super::{Idle, Note, Scenario};

/// The text on one line: breaks are blanks, and other characters that control or hide are written
/// as `\\u{1b}`.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if is_hidden(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// True of a character that controls a terminal, hides, or turns the direction of what follows.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    let invisible = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}'
            | '\u{ffff}'
    );
    c.is_control() || invisible
}

impl Scenario {
    /// The same, with every text that a report shows on one line and visible.
    pub(super) fn made_visible(mut self) -> Self {
        let names = &mut self.names;
        let mut texts: Vec<&mut String> = vec![&mut self.question];
        for (name, label) in &mut names.strategies {
            texts.push(name);
            texts.extend(label);
        }
        for list in [
            &mut names.calls,
            &mut names.limits,
            &mut names.causes,
            &mut names.codes,
            &mut names.workloads,
            &mut names.regions,
            &mut self.assumptions,
        ] {
            texts.extend(list);
        }
        texts.extend(names.providers.iter_mut().flat_map(|(name, chosen)| [name, chosen]));
        for reading in &mut self.readings {
            texts.extend([&mut reading.provider, &mut reading.name, &mut reading.question]);
            texts.extend(&mut reading.choices);
        }
        for expectation in &mut self.expectations {
            texts.push(&mut expectation.text);
            texts.extend(&mut expectation.why);
        }
        for trace in &mut self.traces {
            texts.extend([&mut trace.workload, &mut trace.file]);
            texts.extend(&mut trace.found.first_unmatched);
            texts.extend(trace.calls.iter_mut().map(|(call, _)| call));
        }
        for note in &mut self.notes {
            if let Note::Idle { keys, why } = note {
                texts.extend(keys);
                if let Idle::NoSuchCode(codes) = why {
                    texts.extend(codes);
                }
            }
        }
        for text in texts.into_iter().filter(|text| text.contains(is_hidden)) {
            *text = visible(text);
        }
        self
    }
}
