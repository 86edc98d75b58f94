//! What people get wrong about when work arrives: place and remedy.

use crate::bad_input::{Mistake, assert_told};

/// What stands in the place of the good scenario's `arrivals.poisson`.
const MISTAKES: &[Mistake] = &[
    (
        "poisson = \"1/10s\"",
        "every = { period = \"1m\", spread = \"2m\" }",
        "11:1",
        &["a spread of 2m", "up to the period"],
    ),
    (
        "poisson = \"1/10s\"",
        "every = { period = \"1m\", spread = \"1m\" }\nper = \"scenario\"",
        "11:1",
        &["one stream for all", "leave `spread` out"],
    ),
];

#[test]
fn each_mistake_about_arrivals_has_its_place_and_its_remedy() {
    assert_told(MISTAKES);
}
