//! A problem says of what kind it is, for programs that read scenarios.

use crate::root;
use throttlesim::catalog::ProblemKind as Kind;
use throttlesim::{Problem, Scenario};

const SOUND: &str = "schema = 1\nquestion = \"?\"\n[limit.l]\nscope = []\n\
                     rule.concurrency = 1\n[workload.w]\ncall = \"a\"\narrivals.backlog = 3\n\
                     [strategy.s]\n";

fn problems(text: &str) -> Vec<Problem> {
    Scenario::read("s", text, root()).expect_err("something is wrong")
}

#[test]
fn each_kind_of_mistake_is_told_by_its_kind() {
    assert!(Scenario::read("s", SOUND, root()).is_ok());
    let missing = |what: &str| Kind::Missing { what: what.into() };
    for (what, with, kind) in [
        ("schema = 1\n", "", missing("schema")),
        ("question = \"?\"", "question = ?", Kind::Syntax),
        ("question = \"?\"", "question = 5", Kind::Value),
        ("question", "seeed = 4\nquestion", Kind::UnknownKey { key: "seeed".into() }),
        ("[strategy.s]\n", "[strategy.s]\npreset = \"fixd\"\n", Kind::unknown("fixd")),
        ("backlog = 3", "backlog = 0", Kind::OutOfRange),
        ("call = \"a\"", "call = \"a\"\nsteps = [{ call = \"b\" }]", Kind::Contradiction),
        ("[strategy.s]\n", "[strategy.s]\nfaithful = false\n", Kind::Contradiction),
        ("[strategy.s]\n", "[strategy.s]\nworkers = 1\nhold_worker = true\n", Kind::NoEffect),
        ("backlog = 3", "trace = { file = \"nowhere.csv\" }", Kind::Unreadable),
        ("backlog = 3", "backlog = 1_000_000_000_000", Kind::TooMuch),
        ("[limit.l]", "provider.p.catalog = \"pa-apy\"\n[limit.l]", Kind::unknown("pa-apy")),
    ] {
        let found = problems(&SOUND.replacen(what, with, 1));
        assert!(found.iter().any(|problem| problem.kind == kind), "{with}: {found:#?}");
    }
}

/// What is blanked out as mistaken is not missing as well.
#[test]
fn a_mistaken_key_is_one_problem() {
    let found = problems(&SOUND.replacen("question = \"?\"", "question = 5", 1));
    assert_eq!(found.len(), 1, "{found:#?}");
}
