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
    ("poisson = \"1/10s\"", "stages = []", "11:1", &["`rate` above 0 in the stages is missing"]),
    ("poisson = \"1/10s\"", "stages = [{ for = \"9m\" }]", "11:1", &["nothing arrives"]),
    (
        "poisson = \"1/10s\"",
        "stages = [{ for = \"0s\", rate = \"1/s\" }, { for = \"1m\", rate = \"1/s\" }]",
        "11:20",
        &["a stage of no time", "for = \"1h\""],
    ),
    (
        "poisson = \"1/10s\"",
        "stages = [{ for = \"2h\", rate = \"1/s\" }, { for = \"1h\", to = \"0/s\" }]",
        "11:50",
        &["a stage that begins at 2h", "they stop at 1h: raise `duration`"],
    ),
    (
        "poisson = \"1/10s\"",
        "stages = [{ for = \"1h\", rate = \"1/s\", to = \"2/s\" }]",
        "11:20",
        &["`rate` beside `from` or `to`", "for a ramp"],
    ),
    (
        "poisson = \"1/10s\"",
        "stages = [{ for = \"1h\", from = \"1/s\" }]",
        "11:20",
        &["`to` of a ramp is missing", "a ramp to nothing"],
    ),
    (
        "poisson = \"1/10s\"",
        "stages = [{ for = \"1h\", rate = \"-1/s\" }]",
        "11:41",
        &["is no count"],
    ),
    ("poisson = \"1/10s\"", "stages = [{ rate = \"1/s\" }]", "11:20", &["key `for` is missing"]),
    (
        "poisson = \"1/10s\"",
        "hourly = { mean = \"9/h\", weights = [1, 2, 3] }",
        "11:45",
        &["3 weights", "24, the hours of a day, or 168"],
    ),
    (
        "poisson = \"1/10s\"",
        "hourly = { mean = \"9/h\", weights = [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,-1] }",
        "11:45",
        &["-1 is no weight", "from 0 on"],
    ),
    (
        "poisson = \"1/10s\"",
        "hourly = { mean = \"9/h\", weights = [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0] }",
        "11:45",
        &["weights that are all 0", "above 0"],
    ),
    (
        "poisson = \"1/10s\"",
        "hourly = { mean = \"0/h\", weights = [] }",
        "11:28",
        &["nothing at all"],
    ),
    (
        "poisson = \"1/10s\"",
        "on_off = { on = \"5/s\", mean_on = \"0s\", mean_off = \"1m\" }",
        "11:43",
        &["a state of no time", "arrivals.poisson"],
    ),
    (
        "poisson = \"1/10s\"",
        "on_off = { on = \"5/s\", mean_on = \"1us\", mean_off = \"1us\" }",
        "11:1",
        &["changes of state", "lengthen"],
    ),
    (
        "poisson = \"1/10s\"",
        "on_off = { on = \"0/s\", mean_on = \"1m\", mean_off = \"1m\" }",
        "11:26",
        &["nothing at all"],
    ),
];

#[test]
fn each_mistake_about_arrivals_has_its_place_and_its_remedy() {
    assert_told(MISTAKES);
}
