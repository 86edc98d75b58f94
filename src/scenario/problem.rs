//! What is wrong with a file, where, and what would be right; all of it at once.
//!
//! ```text
//! error: no operation `orders/v0/getOrderItem`
//!   --> nightly.toml:14:11
//!    |
//! 14 |   { call = "orders/v0/getOrderItem" },
//!    |            ^^^^^^^^^^^^^^^^^^^^^^^^
//!    = help: did you mean `orders/v0/getOrderItems`?
//! ```

use crate::catalog::{Problem, SHOWN, nearest_names};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt;
use std::ops::Range;

/// Bytes of the lines of a place that are shown at most.
const WIDEST: usize = 4000;

/// All that is wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The file, as the caller named it.
    pub file: String,
    /// Its text.
    pub text: String,
    /// What is wrong, in order of place.
    pub list: Vec<Problem>,
}

impl Problems {
    /// The problems of a file, put in order of place.
    #[must_use]
    pub fn new(file: &str, text: &str, mut list: Vec<Problem>) -> Self {
        list.sort_by_key(|problem| problem.span.as_ref().map(|span| span.start));
        list.dedup();
        Self { file: file.into(), text: text.into(), list }
    }

    /// The problems as a terminal shows them, in colour if it may.
    #[must_use]
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let shown = &self.list[..self.list.len().min(SHOWN)];
        let mut blocks: Vec<String> =
            shown.iter().map(|problem| self.render_one(problem, &renderer)).collect();
        match self.list.len() - shown.len() {
            0 => {}
            1 => blocks.push("1 more problem is not shown".into()),
            more => blocks.push(format!("{more} more problems are not shown")),
        }
        blocks.join("\n\n")
    }

    /// The bytes of the lines of a place.
    fn lines(&self, place: &Range<usize>) -> Range<usize> {
        let begin = self.text[..place.start].rfind('\n').map_or(0, |end| end + 1);
        let end = self.text[place.end..].find('\n').map_or(self.text.len(), |at| place.end + at);
        begin..end
    }

    fn render_one(&self, problem: &Problem, renderer: &Renderer) -> String {
        let mut group: Group<'_> = match &problem.span {
            Some(span) => {
                let end = span.end.min(self.text.len());
                let place = span.start.min(end)..end;
                let lines = self.lines(&place);
                let line = self.text[..lines.start].matches('\n').count() + 1;
                let title = Level::ERROR.primary_title(&problem.message);
                if lines.len() > WIDEST {
                    let column = self.text[lines.start..place.start].chars().count() + 1;
                    let origin = annotate_snippets::Origin::path(&self.file).line(line);
                    title.element(origin.char_column(column))
                } else {
                    let within = place.start - lines.start..place.end - lines.start;
                    let snippet = Snippet::source(&self.text[lines]).line_start(line);
                    let place = AnnotationKind::Primary.span(within);
                    title.element(snippet.path(&self.file).annotation(place))
                }
            }
            None => {
                let message = Level::ERROR.primary_title(&problem.message);
                message.element(annotate_snippets::Origin::path(&self.file))
            }
        };
        if let Some(help) = &problem.help {
            group = group.element(Level::HELP.message(help));
        }
        renderer.render(&[group]).to_string()
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}

/// The known name nearest to a mistaken one, if any is near.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest_names(name, known).first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::ProblemKind;

    #[test]
    fn a_problem_shows_its_place_and_its_remedy() {
        let text = "schema = 1\nseeed = 4\n";
        let problem = Problem::at(ProblemKind::Value, 11..16, "no key `seeed` here")
            .help("did you mean `seed`?");
        let shown = Problems::new("a.toml", text, vec![problem]).to_string();
        for part in
            ["error: no key `seeed` here", "a.toml:2:1", "^^^^^", "help: did you mean `seed`?"]
        {
            assert!(shown.contains(part), "{part} in\n{shown}");
        }
    }

    #[test]
    fn nearest_names_are_near() {
        let known = ["getOrders", "getOrderItems", "createReport"];
        assert_eq!(nearest("getOrderItem", known), Some("getOrderItems"));
        assert_eq!(nearest("frobnicate", known), None);
        let metrics = ["age.p9", "age.p95", "latency.p95", "loss_rate"];
        assert_eq!(nearest("data_age.p95", metrics), Some("age.p95"));
        assert_eq!(nearest("job latency.p95 of all", metrics), Some("latency.p95"));
        assert_eq!(nearest("p95", metrics), None);
    }
}
