//! Which columns, or keys, of a row count, and in which order readers give them.

use crate::catalog::Glob;
use std::ops::Range;

/// Columns that a replay does not need, but for one.
pub const BESIDE: usize = 8;
/// The place among them of what a call costs, or of the items that its job has.
pub const COST: usize = 3;

/// The columns, or keys, that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// When.
    pub time: String,
    /// Whose.
    pub account: Option<String>,
    /// What was called: the parts, which a space joins; none if rows do not name calls.
    pub call: Vec<String>,
    /// How it was answered.
    pub status: Option<String>,
    /// Patterns of other columns: a row that does not match all of them is left out.
    pub only: Vec<(String, Glob)>,
    /// When the answer came, the application, the region, what the call costs, and what headers
    /// said: `Retry-After`, rate, calls left and reset. A replay needs no more than the fourth.
    pub beside: [Option<String>; BESIDE],
}

/// The place of the time among the columns that count.
pub(super) const TIME: usize = 0;

/// The columns that count, in the order in which readers give them.
#[derive(Debug)]
pub(super) struct Wanted {
    pub names: Vec<String>,
    pub account: Option<usize>,
    pub status: Option<usize>,
    pub call: Range<usize>,
    pub only: Range<usize>,
    pub beside: [Option<usize>; BESIDE],
}

impl Columns {
    /// Only times, in this column.
    #[must_use]
    pub const fn of_time(time: String) -> Self {
        Self {
            time,
            account: None,
            call: Vec::new(),
            status: None,
            only: Vec::new(),
            beside: [const { None }; BESIDE],
        }
    }

    pub(super) fn wanted(&self) -> Wanted {
        let mut names = vec![self.time.clone()];
        let mut put = |name: &Option<String>| {
            name.as_ref().map(|name| {
                names.push(name.clone());
                names.len() - 1
            })
        };
        let (account, status) = (put(&self.account), put(&self.status));
        let from = names.len();
        names.extend(self.call.iter().cloned());
        let call = from..names.len();
        names.extend(self.only.iter().map(|(name, _)| name.clone()));
        let only = call.end..names.len();
        let beside = self.beside.each_ref().map(|name| {
            name.as_ref().map(|name| {
                names.push(name.clone());
                names.len() - 1
            })
        });
        Wanted { names, account, status, call, only, beside }
    }
}
