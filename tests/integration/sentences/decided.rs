//! The sentences of `readings` and `size`, against runs of the values that they name.

use super::parse::value;
use crate::root;
use proptest::prelude::*;
use throttlesim::metrics::figures::{Metric, Slice, Statistic};
use throttlesim::report::readings;
use throttlesim::report::size::{Answers, sentences};
use throttlesim::scenario::{Draft, Scenario};
use throttlesim::study::{Study, Verdict, run_readings, size_all};

fn draft(text: String) -> Draft {
    Draft { name: "test".into(), text, folder: root().into(), inputs: Vec::new() }
}

fn settled(scenario: &Scenario) -> Study {
    Study::settle(scenario).expect("within its bounds")
}

/// The whole numbers of a sentence, in order.
fn numbers(text: &str) -> Vec<usize> {
    text.split([' ', ';', '.']).filter_map(|word| word.parse().ok()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// `Every expectation is met under 1 of 2 readings; not under …`
    #[test]
    fn readings_are_counted(
        charges in 1u32..60, seconds in 1u32..200, expected in any::<bool>(), seed in any::<u32>(),
    ) {
        let mut text = format!(
            "schema = 1\nquestion = \"?\"\nduration = \"1h\"\nseed = {seed}\n[provider.pay]\n\
             catalog = \"amazon-pay\"\n[workload.w]\narrivals.backlog = {charges}\n\
             call = \"CreateCharge\"\n[strategy.once]\n[strategy.paced]\npace.rate = \"95%\"\n"
        );
        if expected {
            text += &format!(
                "[[expect]]\nthat = \"completion < {seconds}s\"\nstrategy = \"paced\"\n"
            );
        }
        let draft = draft(text);
        let open = draft.scenario().expect("a scenario").readings;
        let variants = run_readings(&draft, &open).expect("readings");
        let told = readings::sentence(&open, &variants);
        let held: Vec<bool> = variants
            .iter()
            .map(|variant| {
                let scenario = &variant.scenario;
                let found = &variant.study;
                let done = found.strategies[1].estimate(Slice::Whole, Metric::Completion);
                let met = done.is_some_and(|done| done.mean < f64::from(seconds));
                let all = found.findings.iter().all(|of| of.verdict == Verdict::Met);
                assert!(!expected || met == all, "{}", scenario.name);
                met
            })
            .collect();
        let number = held.iter().filter(|held| **held).count();
        if expected {
            let all = held.len();
            let start = format!("Every expectation is met under {number} of {all} readings");
            prop_assert!(told.starts_with(&start), "{told}");
            prop_assert_eq!(told.contains("; not under "), number < all, "{}", told);
            let named = variants.iter().zip(&held).filter(|(of, _)| !of.chosen.is_empty());
            for (variant, held) in named {
                let (reading, choice) = variant.chosen[0];
                let name = format!("{} = {}", open[reading].name, open[reading].choices[choice]);
                prop_assert_eq!(!held, told.contains(&name), "{}", told);
            }
        } else {
            let best = told.contains(" is best under ");
            prop_assert_eq!(best, numbers(&told).len() >= 2, "{}", told);
        }
    }

    /// `s: workload.w.arrivals.backlog 9 at most, for …; at 10 job_latency.max is 5.2 s.`
    #[test]
    fn a_size_holds_and_the_next_does_not(seed in any::<u32>(), most in 1u32..9, burst in 1u32..4) {
        let draft = draft(format!(
            "schema = 1\nquestion = \"?\"\nseed = {seed}\nduration = \"1s\"\n\
             [limit.l]\nscope = []\n\
             rule.token_bucket = {{ rate = \"2/s\", burst = {burst} }}\n[service]\n\
             latency.exponential = \"100ms\"\n[workload.w]\narrivals.backlog = 1\ncall = \"x\"\n\
             [strategy.s]\npace = {{ rate = \"100%\", burst = {burst} }}\n[size]\n\
             address = \"workload.w.arrivals.backlog\"\nfrom = 1\nto = 40\ngoal = \"largest\"\n\
             meet = [\"job_latency.max < {most}s\"]\n"
        ));
        let scenario = draft.scenario().expect("a scenario");
        let sizing = scenario.size.clone().expect("a size");
        let sized = size_all(&draft, &sizing).expect("sized");
        let told = &sentences(Answers { scenario: &scenario, sizing: &sizing, sized: &sized })[0];
        let longest = |backlog: usize| {
            let set = format!("workload.w.arrivals.backlog={backlog}");
            let mut scenario = draft.with(&[set]).expect("a scenario");
            // A value is judged by five runs at least.
            scenario.plan.replications = 5;
            let found = settled(&scenario).strategies[0]
                .estimate(Slice::Whole, Metric::JobLatency(Statistic::Max));
            found.expect("all are done").mean
        };
        let [answer, next] = numbers(told)[..2] else { panic!("{told}") };
        prop_assert!(told.contains(&format!("backlog {answer} at most, for ")), "{told}");
        let (_, figure) = told.split_once(" job_latency.max is ").expect("a figure");
        let figure = figure.split([';']).next().unwrap_or_default().trim_end_matches('.');
        let figure = figure.split(" ± ").next().unwrap_or_default();
        prop_assert_eq!(next, answer + 1, "{}", told);
        let sure = !told.contains("chance");
        prop_assert!(!sure || longest(answer) < f64::from(most), "{told}");
        prop_assert!(!sure || longest(next) >= f64::from(most), "{told}");
        prop_assert!(value(figure).number >= f64::from(most) * 0.994, "{told}");
    }
}
