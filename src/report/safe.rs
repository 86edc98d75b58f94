//! Text that may come from outside (names, logs, catalogues, files), made safe for where it is
//! shown: one function for each kind of output.
//!
//! | output | what is made harmless |
//! |---|---|
//! | terminal | control and escape sequences other than colours of our own, hidden characters |
//! | Markdown | the same, HTML, links and pictures to elsewhere; in a cell, what parts cells |
//! | CSV | what a spreadsheet takes for a formula |
//! | XML | what no document may hold; marks are escaped by the library that writes them |
//! | GitHub | what ends an annotation or its properties |

use crate::scenario::{is_hidden, visible};

/// Text for a terminal, of any number of lines; colours stay.
#[must_use]
pub fn terminal(text: &str) -> String {
    if !text.contains(|c| is_hidden(c) && c != '\n') {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match colour(rest) {
            Some(length) => length,
            None if is_hidden(c) && c != '\n' && c != '\t' => {
                shown.extend(c.escape_unicode());
                rest = &rest[c.len_utf8()..];
                continue;
            }
            None => c.len_utf8(),
        };
        shown.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    shown
}

/// The length of the sequence that sets a colour or a weight, if the text begins with one.
fn colour(text: &str) -> Option<usize> {
    let codes = text.strip_prefix("\u{1b}[")?;
    let end = codes.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    codes[end..].starts_with('m').then_some("\u{1b}[".len() + end + 1)
}

/// A page of Markdown: text in it shows itself, whatever marks it holds. Code is left as it is.
#[must_use]
pub fn markdown(page: &str) -> String {
    let lines = page.split('\n').map(|line| {
        let shown = if line.contains(is_hidden) { visible(line) } else { line.into() };
        if shown.contains(['<', ']']) { without_markup(&shown) } else { shown }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A line outside whose code no HTML begins, and no link or picture leads elsewhere.
fn without_markup(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            let (code, after) = code_span(rest);
            shown.push_str(code);
            rest = after;
            continue;
        }
        let after = &rest[c.len_utf8()..];
        let begins = |c: char| c.is_ascii_alphabetic() || ['/', '!', '?'].contains(&c);
        match c {
            '<' if after.starts_with(begins) => shown.push_str("&lt;"),
            ']' if after.starts_with('(') && leads_elsewhere(&after[1..]) => shown.push_str("\\]"),
            ']' if after.starts_with([':', '[']) => shown.push_str("\\]"),
            c => shown.push(c),
        }
        rest = after;
    }
    shown
}

/// The code that a text begins with, if its marks are closed, or else the marks; and what follows.
fn code_span(text: &str) -> (&str, &str) {
    let marks = text.len() - text.trim_start_matches('`').len();
    let mut from = marks;
    while let Some(next) = text[from..].find('`').map(|next| from + next) {
        let run = text[next..].len() - text[next..].trim_start_matches('`').len();
        if run == marks {
            return text.split_at(next + run);
        }
        from = next + run;
    }
    text.split_at(marks)
}

/// True unless the target of a link is a file beside the page.
fn leads_elsewhere(target: &str) -> bool {
    let end = target.find(')').unwrap_or(target.len());
    !target[..end].chars().all(|c| c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&c))
}

/// A cell of a table in Markdown; [`markdown`] does the rest for the page.
#[must_use]
pub fn cell(text: &str) -> String {
    visible(text).replace('|', "\\|")
}

/// A field of a CSV file: a text that a spreadsheet takes for a formula begins with an apostrophe.
#[must_use]
pub fn csv(text: &str) -> String {
    let shown = visible(text);
    let formula = shown.trim_start().starts_with(['=', '+', '-', '@']);
    if formula && shown.parse::<f64>().is_err() { format!("'{shown}") } else { shown }
}

/// The text of an XML document, whose marks the writer escapes.
#[must_use]
pub fn xml(text: &str) -> String {
    let lines = text.split('\n').map(visible);
    lines.collect::<Vec<_>>().join("\n")
}

/// The message of a GitHub annotation, of any number of lines.
#[must_use]
pub fn github(text: &str) -> String {
    let lines = text.split('\n').map(|line| visible(line).replace('%', "%25"));
    lines.collect::<Vec<_>>().join("%0A")
}

/// A property of a GitHub annotation: its file, its title.
#[must_use]
pub fn github_property(text: &str) -> String {
    github(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text from outside, and what it is: on a terminal, on a page and in a cell of Markdown, in
    /// CSV, in XML, as message and as property of an annotation.
    type Row = (&'static str, [&'static str; 7]);

    const NASTY: &[Row] = &[
        ("plain", ["plain"; 7]),
        ("\u{1b}]0;PWNED\u{7}\u{1b}[2J", ["\\u{1b}]0;PWNED\\u{7}\\u{1b}[2J"; 7]),
        ("a\u{9b}31m\u{202e}b", ["a\\u{9b}31m\\u{202e}b"; 7]),
        (
            "\u{1b}[31mred\u{1b}[0m",
            [
                "\u{1b}[31mred\u{1b}[0m",
                "\\u{1b}[31mred\\u{1b}[0m",
                "\\u{1b}[31mred\\u{1b}[0m",
                "\\u{1b}[31mred\\u{1b}[0m",
                "\\u{1b}[31mred\\u{1b}[0m",
                "\\u{1b}[31mred\\u{1b}[0m",
                "\\u{1b}[31mred\\u{1b}[0m",
            ],
        ),
        (
            "x\r::warning file=a::b",
            [
                "x\\u{d}::warning file=a::b",
                "x ::warning file=a::b",
                "x ::warning file=a::b",
                "x ::warning file=a::b",
                "x ::warning file=a::b",
                "x ::warning file=a::b",
                "x %3A%3Awarning file=a%3A%3Ab",
            ],
        ),
        (
            "s|<img src=x onerror=alert(1)>",
            [
                "s|<img src=x onerror=alert(1)>",
                "s|&lt;img src=x onerror=alert(1)>",
                "s\\|<img src=x onerror=alert(1)>",
                "s|<img src=x onerror=alert(1)>",
                "s|<img src=x onerror=alert(1)>",
                "s|<img src=x onerror=alert(1)>",
                "s|<img src=x onerror=alert(1)>",
            ],
        ),
        (
            "![x](http://e/?q) [y](javascript:z) ![ours](level-1.png)",
            [
                "![x](http://e/?q) [y](javascript:z) ![ours](level-1.png)",
                "![x\\](http://e/?q) [y\\](javascript:z) ![ours](level-1.png)",
                "![x](http://e/?q) [y](javascript:z) ![ours](level-1.png)",
                "![x](http://e/?q) [y](javascript:z) ![ours](level-1.png)",
                "![x](http://e/?q) [y](javascript:z) ![ours](level-1.png)",
                "![x](http://e/?q) [y](javascript:z) ![ours](level-1.png)",
                "![x](http%3A//e/?q) [y](javascript%3Az) ![ours](level-1.png)",
            ],
        ),
        (
            "`<b>` `` ` <i> `` <u> `",
            [
                "`<b>` `` ` <i> `` <u> `",
                "`<b>` `` ` <i> `` &lt;u> `",
                "`<b>` `` ` <i> `` <u> `",
                "`<b>` `` ` <i> `` <u> `",
                "`<b>` `` ` <i> `` <u> `",
                "`<b>` `` ` <i> `` <u> `",
                "`<b>` `` ` <i> `` <u> `",
            ],
        ),
        (
            "=HYPERLINK(\"http\")",
            [
                "=HYPERLINK(\"http\")",
                "=HYPERLINK(\"http\")",
                "=HYPERLINK(\"http\")",
                "'=HYPERLINK(\"http\")",
                "=HYPERLINK(\"http\")",
                "=HYPERLINK(\"http\")",
                "=HYPERLINK(\"http\")",
            ],
        ),
        (
            "100%, a:b",
            [
                "100%, a:b",
                "100%, a:b",
                "100%, a:b",
                "100%, a:b",
                "100%, a:b",
                "100%25, a:b",
                "100%25%2C a%3Ab",
            ],
        ),
    ];

    #[test]
    fn nasty_texts_are_harmless_in_every_output() {
        for (text, shown) in NASTY {
            let all = [terminal, markdown, cell, csv, xml, github, github_property];
            for (show, expected) in all.iter().zip(shown) {
                assert_eq!(show(text), *expected, "{text:?}");
            }
        }
    }

    #[test]
    fn formulas_are_texts_and_numbers_stay_numbers() {
        for (text, shown) in [("-1.5", "-1.5"), ("+x", "'+x"), ("@a", "'@a"), (" =1+1", "' =1+1")] {
            assert_eq!(csv(text), shown);
        }
        assert_eq!(csv("\t=1+1"), "' =1+1");
    }

    #[test]
    fn lines_of_our_own_stay_lines() {
        assert_eq!(terminal("a\nb\u{1b}c"), "a\nb\\u{1b}c");
        assert_eq!(markdown("a\n<b>"), "a\n&lt;b>");
        assert_eq!(github("a\nb"), "a%0Ab");
        assert_eq!(xml("a\nb\u{1}"), "a\nb\\u{1}");
    }
}
