//! A limiter in words, for `explain`: each rule describes its own in its own file.

use crate::limiter::{CoolDown, Dynamic, Limiter, Metered, MeteredRule, Terms, each};
use crate::units::quantity::{count, rate};

/// A limiter that has words.
pub trait Describe {
    /// Its rule with its figures: `120 in each fixed window of 1 min`.
    fn described(&self) -> String;
}

impl Describe for Limiter {
    fn described(&self) -> String {
        each!(self, limit => limit.described())
    }
}

/// Of one that counts units: its rule, as if it counted requests.
impl Describe for Metered {
    fn described(&self) -> String {
        match self.rule() {
            MeteredRule::Bucket(bucket) => {
                let terms = Limiter::TokenBucket(bucket.clone()).terms();
                format!("bucket: {}", terms.map_or(String::new(), allowed))
            }
            MeteredRule::Window(window) => window.described(),
        }
    }
}

/// The rule at the start; its changes stand on lines of their own.
impl Describe for Dynamic {
    fn described(&self) -> String {
        self.limit().described()
    }
}

/// The rule alone; what follows a refusal stands on a line of its own.
impl Describe for CoolDown {
    fn described(&self) -> String {
        self.limit().described()
    }
}

/// What a limiter allows: `0.5/s, burst 30`, or a number.
#[must_use]
pub fn allowed(terms: Terms) -> String {
    match terms {
        Terms::Rate { rate: of, burst } => {
            format!("{}, burst {}", rate(of.per_second_f64()), count(burst.into()))
        }
        Terms::Number(number) => count(number.into()),
    }
}
