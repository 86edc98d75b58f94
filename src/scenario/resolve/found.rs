//! What is wrong with a scenario, noted by its kind: at a place, with what would be right.

use super::Resolver;
use crate::catalog::{Problem, ProblemKind};
use crate::scenario::mistake::Mistake;
use std::ops::Range;

/// A method that notes a problem of its kind.
macro_rules! found {
    ($($(#[$doc:meta])* $name:ident: $kind:ident;)*) => {
        impl Resolver<'_> {
            $(
                $(#[$doc])*
                pub(super) fn $name(
                    &mut self,
                    place: Range<usize>,
                    message: impl Into<String>,
                    help: &str,
                ) {
                    self.wrong(ProblemKind::$kind, Some(place), message, help);
                }
            )*
        }
    };
}

found! {
    /// A value is not of the form that its key takes.
    malformed: Value;
    /// A value is beyond what is possible.
    out_of_range: OutOfRange;
    /// Settings exclude one another.
    contradiction: Contradiction;
    /// A setting changes nothing.
    no_effect: NoEffect;
    /// A file cannot be read, or does not hold what it should.
    bad_file: Unreadable;
    /// It is more than can be simulated.
    too_much: TooMuch;
}

impl Resolver<'_> {
    /// Nothing has this name.
    pub(super) fn unknown(
        &mut self,
        (name, place): (&str, Range<usize>),
        message: impl Into<String>,
        help: &str,
    ) {
        self.wrong(ProblemKind::unknown(name), Some(place), message, help);
    }

    /// Something must be there: `what` is missing.
    pub(super) fn missing(&mut self, place: Option<Range<usize>>, what: &str, help: &str) {
        let kind = ProblemKind::Missing { what: what.trim_matches('`').into() };
        self.wrong(kind, place, format!("{what} is missing"), help);
    }

    /// Something must be there, in words of its own.
    pub(super) fn incomplete(
        &mut self,
        place: Range<usize>,
        message: impl Into<String>,
        help: &str,
    ) {
        let message = message.into();
        self.wrong(ProblemKind::Missing { what: message.clone() }, Some(place), message, help);
    }

    /// A text is neither an expectation nor a precision.
    pub(super) fn mistaken(&mut self, place: Range<usize>, mistake: &Mistake) {
        self.wrong(mistake.kind(), Some(place), mistake.message(), &mistake.help());
    }

    pub(super) fn wrong(
        &mut self,
        kind: ProblemKind,
        place: Option<Range<usize>>,
        message: impl Into<String>,
        help: &str,
    ) {
        self.problems.push(Problem::new(kind, place, message).help(help));
    }
}
