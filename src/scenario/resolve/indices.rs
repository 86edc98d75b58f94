//! Names and their indices: found without a search, and no more of them than an index can count.
//!
//! ```text
//!   name ──► Known, Indices ──► place        one look-up, however many names there are
//!   place ──► index ──► 16 bits              or a problem, once for each kind
//! ```
//!
//! What a program has written may hold many thousands of each. A remedy then names a few.

use super::Resolver;
use crate::catalog::{Problem, ProblemKind, SHOWN};
use crate::scenario::nearest;
use crate::wire::Operation;
use std::collections::HashMap;

/// Steps of all workloads together: each is counted in one of 65,536 cells, or in another one while
/// the run warms up.
pub(super) const MOST_STEPS: usize = 32_768;
/// Providers of a scenario.
const MOST_PROVIDERS: usize = 250;
/// Names that a remedy lists.
const LISTED: usize = 20;

/// Where names stand that an index is made for.
#[derive(Debug, Default)]
pub(super) struct Indices {
    /// Operations, for each provider.
    operations: HashMap<usize, HashMap<String, Operation>>,
    /// Error codes.
    pub codes: HashMap<String, u16>,
    /// Causes of refusals; those of one name differ in what they tell.
    pub causes: HashMap<String, Vec<u16>>,
    /// Kinds of which there are too many, each a problem already.
    overfull: Vec<&'static str>,
}

impl Indices {
    /// The operation of that name, if it has been called before.
    pub fn operation(&self, provider: usize, name: &str) -> Option<Operation> {
        self.operations.get(&provider)?.get(name).copied()
    }

    /// An operation that is called for the first time.
    pub fn put_operation(&mut self, provider: usize, name: &str, operation: Operation) {
        self.operations.entry(provider).or_default().insert(name.into(), operation);
    }
}

/// Names in their order; the first of equal ones counts.
#[derive(Debug, Default)]
pub(super) struct Known {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Known {
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut known = Self::default();
        for name in names {
            known.places.entry(name.into()).or_insert(known.names.len());
            known.names.push(name.into());
        }
        known
    }

    /// Where a name stands.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub const fn len(&self) -> usize {
        self.names.len()
    }

    /// The first of the names, and how many more there are.
    fn listed(&self) -> String {
        let first = &self.names[..self.names.len().min(LISTED)];
        match self.names.len() - first.len() {
            0 => first.join(", "),
            more => format!("{} and {more} more", first.join(", ")),
        }
    }
}

impl Resolver<'_> {
    /// What is counted by the file alone, and too much to be read at all.
    pub(super) fn too_many(&self) -> Option<Problem> {
        let bounds = [
            ("workloads", self.raw.workload.keys().nth(MOST_STEPS), MOST_STEPS),
            ("providers", self.raw.provider.keys().nth(MOST_PROVIDERS), MOST_PROVIDERS),
        ];
        bounds.into_iter().find_map(|(what, beyond, most)| {
            let message = format!("a scenario has at most {most} {what}");
            Some(
                Problem::at(ProblemKind::TooMuch, beyond?.span(), message)
                    .help("divide it into several scenarios"),
            )
        })
    }

    /// Refuses more steps than there are cells to count them in.
    pub(super) fn check_steps(&mut self, steps: usize) {
        if steps > MOST_STEPS {
            let message = format!("the workloads have {steps} steps together");
            let help = format!("write up to {MOST_STEPS}, or divide it into several scenarios");
            self.problems.push(Problem::whole(ProblemKind::TooMuch, message).help(help));
        }
    }

    /// The index of what has so many of its kind before it.
    pub(super) fn index(&mut self, before: usize, what: &'static str) -> u16 {
        let fits = self.fits(before, usize::from(u16::MAX) + 1, what);
        u16::try_from(before).ok().filter(|_| fits).unwrap_or(u16::MAX)
    }

    /// True if there is room for one more of a kind; notes once that there is none.
    pub(super) fn fits(&mut self, before: usize, most: usize, what: &'static str) -> bool {
        if before >= most && !self.indices.overfull.contains(&what) {
            self.indices.overfull.push(what);
            let message = format!("there are more than {most} {what}");
            let help = "divide the scenario into several";
            self.problems.push(Problem::whole(ProblemKind::TooMuch, message).help(help));
        }
        before < most
    }

    /// True if so much is wrong that nobody reads more remedies.
    pub(super) const fn has_many_problems(&self) -> bool {
        self.problems.len() >= SHOWN
    }

    /// The remedy for a name that is not known: the nearest one, or the first of all.
    pub(super) fn remedy(&self, name: &str, known: &Known, all_are: &str) -> String {
        let names = known.names.iter().map(String::as_str);
        let near = if self.has_many_problems() { None } else { nearest(name, names) };
        match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{all_are} {}", known.listed()),
        }
    }
}
