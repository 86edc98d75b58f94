//! What is found wrong with a catalogue or a limit, and the remarks that many settings share.

use super::problem::{Problem, ProblemKind};
use super::quantity::Quantity;
use super::spanned::Spanned;
use crate::units::Span;
use std::ops::Range;

/// Problems, in the order in which they were found.
#[derive(Default)]
pub(super) struct Findings(pub(super) Vec<Problem>);

impl Findings {
    /// A problem, if something is `wrong`.
    pub(super) fn add(
        &mut self,
        kind: ProblemKind,
        wrong: bool,
        place: Option<Range<usize>>,
        message: &str,
        help: &str,
    ) {
        if wrong {
            self.0.push(Problem::new(kind, place, message).help(help));
        }
    }

    /// What must be there is missing.
    pub(super) fn missing(
        &mut self,
        wrong: bool,
        place: Option<Range<usize>>,
        message: &str,
        help: &str,
    ) {
        self.add(ProblemKind::Missing { what: message.into() }, wrong, place, message, help);
    }

    /// A value is beyond what is possible.
    pub(super) fn out_of_range(
        &mut self,
        wrong: bool,
        place: Range<usize>,
        message: &str,
        help: &str,
    ) {
        self.add(ProblemKind::OutOfRange, wrong, Some(place), message, help);
    }

    /// A count of 0.
    pub(super) fn count(&mut self, count: Option<&Spanned<u32>>, what: &str) {
        let Some(count) = count else { return };
        let message = format!("{what} of 0 admits nothing");
        self.out_of_range(*count.get_ref() == 0, count.span(), &message, "write 1 or more");
    }

    /// A span of no time.
    pub(super) fn length(&mut self, span: Option<&Spanned<Quantity<Span>>>, what: &str) {
        let Some(span) = span else { return };
        let message = format!("a {what} of no time");
        self.out_of_range(
            span.get_ref().0.is_zero(),
            span.span(),
            &message,
            "write \"1s\" or more",
        );
    }

    /// A status that tells of no failure.
    pub(super) fn statuses(&mut self, codes: impl IntoIterator<Item = u16>, place: &Range<usize>) {
        let wrong = codes.into_iter().find(|code| !(400..=599).contains(code));
        let message = format!("{} is no status of a failure", wrong.unwrap_or_default());
        self.out_of_range(wrong.is_some(), place.clone(), &message, "write 400 to 599");
    }

    /// A setting that nothing reads, and why.
    pub(super) fn no_effect<T>(&mut self, value: &Spanned<T>, key: &str, why: &str) {
        let message = format!("`{key}` has no effect: {why}");
        let problem = Problem::at(ProblemKind::NoEffect, value.span(), message);
        self.0.push(problem.help(format!("leave `{key}` out")));
    }
}
