//! Settings of libraries make their attempts at the instants at which the advised strategy makes
//! them, by the library's own preset.

use std::collections::BTreeSet;
use throttlesim::report::advise::in_libraries;
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

/// A provider whose one place is taken for two hours, so that it refuses every attempt but one.
fn scenario(settings: &str) -> Scenario {
    let text = format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1m\"\ndrain = \"10m\"\n[limit.rate]\nscope = \
         [\"account\"]\nrule.token_bucket = {{ rate = \"1/10s\", burst = 99 }}\n[limit.place]\n\
         scope = [\"account\"]\nrule.concurrency = 1\ntells = {{ status = 429, code = \
         \"QuotaExceeded\" }}\n[service]\nlatency.constant = \"2h\"\n[workload.first]\n\
         arrivals.backlog = 1\ncall = \"GET /x\"\n[workload.w]\narrivals.backlog = 1\n\
         call = \"GET /x\"\n[strategy.s]\n{settings}\n"
    );
    Scenario::read("library", &text, crate::root())
        .unwrap_or_else(|problems| panic!("{settings}\n{problems:#?}"))
}

/// When a strategy makes its attempts [ns].
fn attempts(settings: &str) -> Vec<u64> {
    let study = Study::run(&scenario(settings)).expect("within its bounds");
    study.strategies[0].attempts.iter().map(|attempt| attempt.sent.as_nanos()).collect()
}

/// Attempts every 10 s in the 11 min of a run, with the first.
const WITHOUT_END: usize = 67;

#[test]
fn settings_of_libraries_wait_as_the_advised_strategy_does() {
    let mut seen = BTreeSet::new();
    let full = |attempts: u32, cap: &str| {
        let backoff =
            format!("exponential = {{ base = \"1s\", cap = \"{cap}\", jitter = \"full\" }}");
        format!("retry = {{ attempts = {attempts}, backoff.{backoff} }}")
    };
    for (mine, attempted) in [
        ("retry = { attempts = 8, backoff = \"restore_wait\" }".to_string(), 8),
        (full(6, "1m"), 6),
        (full(8, "30s"), 8),
        ("retry = { attempts = 3, backoff.fixed = \"2500ms\" }".to_string(), 3),
        (
            "retry = { attempts = \"unlimited\", backoff = \"restore_wait\" }".to_string(),
            WITHOUT_END,
        ),
    ] {
        let mine = mine.as_str();
        let own = attempts(mine);
        assert_eq!(own.len(), attempted + 1, "{mine}");
        assert!(own.windows(2).any(|pair| pair[0] < pair[1]), "{mine}: it waits");
        for library in in_libraries(&scenario(mine), 0) {
            assert_eq!(attempts(&library.model), own, "{}: {}", library.library, library.model);
            seen.insert(library.library);
        }
    }
    let expected = [
        "Polly",
        "amazon-sp-api",
        "axios-retry",
        "botocore",
        "python-amazon-sp-api",
        "resilience4j",
        "tenacity",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), expected);
}
