//! Attempts that several requests are counted by together: a slip that real clients have made.
//!
//! ```text
//!   failure of any request ──► count + 1 ──► attempts so far, of all of them
//!   any request ends       ──► count = 0
//! ```
//!
//! Source: saleweaver/python-amazon-sp-api 2.1.35, `sp_api/util/retry.py`: the counter belongs to
//! the decorated function, and its `finally` resets it.

use crate::wire::Operation;

/// Attempts made for each operation since a request for it ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counter(Vec<u32>);

impl Counter {
    /// One more attempt for an operation: how many there are.
    pub fn count(&mut self, operation: Operation) -> u32 {
        let place = usize::from(operation.0);
        if place >= self.0.len() {
            self.0.resize(place + 1, 0);
        }
        self.0[place] += 1;
        self.0[place]
    }

    /// A request for an operation has ended.
    pub fn reset(&mut self, operation: Operation) {
        if let Some(counter) = self.0.get_mut(usize::from(operation.0)) {
            *counter = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_is_counted_by_itself() {
        let mut counter = Counter::default();
        let [a, b] = [Operation(0), Operation(7)];
        assert_eq!([counter.count(a), counter.count(b), counter.count(a)], [1, 1, 2]);
        counter.reset(a);
        assert_eq!([counter.count(a), counter.count(b)], [1, 2]);
    }
}
