//! Words around figures: lines, lists, and figures by what they measure.

use crate::metrics::Measure;
pub use crate::units::quantity::{count, digits, moment, number, percent, rate, seconds, span};

/// How a number is written, by what it measures.
#[must_use]
pub fn of(measure: Measure) -> fn(f64) -> String {
    match measure {
        Measure::Share => percent,
        Measure::Seconds => seconds,
        Measure::PerSecond => |value| format!("{}/s", digits(value)),
        Measure::Number => digits,
    }
}

/// A noun for so many, as they are shown.
#[must_use]
pub fn plural(noun: &str, shown: &str) -> String {
    if shown == "1" { noun.into() } else { format!("{noun}s") }
}

/// So many of a thing: `1 call`, `1,200 calls`.
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    let shown = count(number);
    format!("{shown} {}", plural(noun, &shown))
}

/// A text on one line: cut at a word, with `…` at its end, if it is wider \[characters\].
#[must_use]
pub fn clipped(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.into();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    let end = kept.rfind(' ').unwrap_or(kept.len());
    format!("{} …", &kept[..end])
}

/// A text on lines of at most `width` characters; each but the first begins with `indent`, and
/// every line ends. A number stays with its unit, and colours take no room.
#[must_use]
pub fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let (mut lines, mut used) = (String::new(), 0);
    for piece in pieces(text) {
        let seen = anstream::adapter::strip_str(&piece);
        let size = seen.map(|part| part.chars().count()).sum::<usize>();
        if used > 0 && used + 1 + size > width {
            lines.push('\n');
            lines.push_str(indent);
            used = indent.chars().count();
        } else if used > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(&piece);
        used += size;
    }
    lines + "\n"
}

/// The parts of a text between which a line may end.
#[must_use]
pub fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match pieces.last_mut() {
            Some(piece) if sticks(piece, word) => *piece += &format!(" {word}"),
            _ => pieces.push(word.into()),
        }
    }
    pieces
}

/// True if no line may end between these words: a number and its unit, or a mean and its interval.
fn sticks(before: &str, word: &str) -> bool {
    const UNITS: [&str; 9] = ["%", "ns", "µs", "ms", "s", "min", "h", "d", "±"];
    let unit = word.trim_end_matches(|c: char| ",.;:)".contains(c));
    let number = before.ends_with(|c: char| c.is_ascii_digit());
    (number && UNITS.contains(&unit)) || before.ends_with('±')
}

/// Several names in a sentence: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_words() {
        assert_eq!(clipped("How late is it?", 15), "How late is it?");
        assert_eq!(clipped("How late is it?", 14), "How late is …");
        let green = anstyle::Style::new().bold();
        let text = format!("{green}met{green:#}: all 30 jobs are done");
        assert_eq!(wrapped(&text, 16, "  ").lines().count(), 2);
        assert_eq!(wrapped("all 30 jobs are done", 12, "  "), "all 30 jobs\n  are done\n");
        assert_eq!(wrapped("a-word-of-its-own x", 5, ""), "a-word-of-its-own\nx\n");
        assert_eq!(wrapped("found 95 %, 1.5 s", 9, ""), "found\n95 %,\n1.5 s\n");
    }
}
