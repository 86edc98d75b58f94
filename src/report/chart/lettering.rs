//! Text that fits: broken into lines, or shortened with an ellipsis.

use super::font::text_width;
use super::style::Lettering;
use crate::report::words;

/// `text`, or as much of its beginning as fits into `room` pixels with an ellipsis after it.
pub(super) fn shortened(text: &str, lettering: Lettering, room: f64) -> String {
    if text_width(text, lettering) <= room {
        return text.into();
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let fits = |end: &usize| text_width(&with_ellipsis(&text[..*end]), lettering) <= room;
    let kept = ends.partition_point(fits);
    with_ellipsis(&text[..kept.checked_sub(1).map_or(0, |last| ends[last])])
}

fn with_ellipsis(text: &str) -> String {
    format!("{}…", text.trim_end())
}

/// `text` in at most `most` lines of `room` pixels, broken between words but not between a number
/// and its unit; the last line is shortened if it must be.
pub(super) fn wrapped(text: &str, lettering: Lettering, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words::pieces(text) {
        let on_last = lines.len() == most;
        match lines.last_mut() {
            Some(line) if on_last || text_width(&format!("{line} {word}"), lettering) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines.iter().map(|line| shortened(line, lettering, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::style::{LABEL, TITLE};
    use super::*;

    #[test]
    fn what_fits_stays_and_what_does_not_is_shortened() {
        assert_eq!(shortened("paced", LABEL, 200.0), "paced");
        for text in ["retry at once, five times, without any pause", "µ–±≤µ–±≤µ–±≤µ–±≤µ–±≤µ–±≤"]
        {
            let short = shortened(text, LABEL, 100.0);
            assert!(short.ends_with('…') && short.chars().count() > 5, "{short}");
            assert!(text_width(&short, LABEL) <= 100.0, "{short}");
        }
        assert_eq!(shortened("paced", LABEL, 0.0), "…");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two", TITLE, 500.0, 2), ["one two"]);
        assert_eq!(wrapped("one two", TITLE, 60.0, 2), ["one", "two"]);
        assert_eq!(wrapped("one 2 min", TITLE, 70.0, 2), ["one", "2 min"]);
        let lines = wrapped("one two three four five", TITLE, 80.0, 2);
        assert!(lines.len() == 2 && lines[1].ends_with('…'), "{lines:?}");
        assert!(wrapped("", TITLE, 80.0, 2).is_empty());
    }
}
