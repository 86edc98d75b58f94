//! Every sentence is checked against the figures beside it, over random small scenarios: it is
//! read word by word, and each name, size and direction is looked for in `summary.json`.

mod decided;
mod parse;
mod small;

use crate::scenario;
pub use parse::value;
use parse::{name, phrase};
use proptest::prelude::*;
use serde_json::Value as Json;
use small::{Small, any_small};
use throttlesim::report::Report;
use throttlesim::report::answer::verdict;
use throttlesim::report::compare::{Side, differences};
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

/// What was found, as a program reads it.
struct Found {
    scenario: Scenario,
    study: Study,
    summary: Json,
}

fn found(text: &str) -> Found {
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let summary = Report::new(&scenario, &study).summary().to_json();
    Found { summary: serde_json::from_str(&summary).expect("JSON"), scenario, study }
}

impl Found {
    fn strategies(&self) -> &Vec<Json> {
        self.summary["strategies"].as_array().expect("strategies")
    }

    fn strategy(&self, name: &str) -> &Json {
        let named = |of: &&Json| of["name"] == name;
        self.strategies().iter().find(named).unwrap_or_else(|| panic!("no strategy {name}"))
    }

    /// A figure of a strategy, by the name that a goal gives it; `None` if it has no value.
    fn figure(&self, strategy: &str, metric: &str) -> Option<f64> {
        let of = self.strategy(strategy);
        let count = |part: &str| of["jobs"][part].as_f64().expect("a count");
        let runs = self.summary["replications"].as_f64().expect("a count");
        match metric {
            "jobs.lost" => Some((count("given_up") + count("unfinished")) / runs),
            "goodput" => of["goodput_per_s"]["mean"].as_f64(),
            "completion" | "last_end" => of[format!("{metric}_s")]["mean"].as_f64(),
            "throttle_rate" | "loss_rate" | "skipped_rate" | "calls_per_success" => {
                of[metric]["mean"].as_f64()
            }
            _ => {
                let (family, statistic) = metric.split_once('.').expect("a statistic");
                of[format!("{family}_s")][statistic]["mean"].as_f64()
            }
        }
    }

    /// The same where it may decide. Where more work is lost than is negligible, the end of the
    /// last job has no say: whoever gives up early ends early.
    fn decisive(&self, strategy: &str, metric: &str, ranking: &str) -> Option<f64> {
        let loss = || self.figure(strategy, "loss_rate").unwrap_or(0.0);
        match metric {
            "last_end" if loss() > negligible_loss(ranking) => None,
            _ => self.figure(strategy, metric),
        }
    }

    /// The same, such that less is better.
    fn cost(&self, strategy: &str, metric: &str, ranking: &str) -> f64 {
        let figure = self.decisive(strategy, metric, ranking);
        figure.map_or(f64::INFINITY, |of| if metric == "goodput" { -of } else { of })
    }

    /// The largest difference from a best cost that is a tie.
    fn worth(&self, metric: &str, best: f64, ranking: &str) -> f64 {
        let line = |key: &str| {
            let line = ranking.lines().find(|line| line.starts_with(key))?;
            line.split('"').nth(1)
        };
        let others = ["throttle_rate", "loss_rate", "skipped_rate", "calls_per_success"];
        let time = !others.contains(&metric) && metric != "goodput";
        match (metric, line("worth")) {
            ("loss_rate" | "skipped_rate", _) => negligible_loss(ranking),
            (_, Some("100ms")) if time => 0.1,
            (_, Some("10%")) => 0.1 * best.abs(),
            (_, Some("0%")) => 0.0,
            _ => 0.01 * best.abs(),
        }
    }

    /// 0 if a strategy meets all that is expected of every one, 1 if that is in doubt, else 2.
    fn unmet(&self, strategy: &str, small: &Small) -> f64 {
        let general =
            |that: &str| small.expected.iter().any(|(text, of)| *text == that && of.is_none());
        let worst = |of: &Json| match of["verdict"].as_str() {
            Some("met") => 0.0,
            Some("inconclusive") => 1.0,
            _ => 2.0,
        };
        let all = self.summary["expectations"].as_array().expect("a list").iter();
        let own = all
            .filter(|of| of["strategy"] == strategy && general(of["that"].as_str().unwrap_or("")));
        own.map(worst).fold(0.0, f64::max)
    }
}

/// What a small scenario's ranking calls a negligible loss.
fn negligible_loss(ranking: &str) -> f64 {
    if ranking.contains("negligible_loss = \"20%\"") { 0.2 } else { 0.001 }
}

/// Groups of equals by one criterion after the other, found from the summary alone.
fn groups(found: &Found, small: &Small, criteria: &[&str]) -> Vec<Vec<String>> {
    let all = found.strategies().iter().map(|of| of["name"].as_str().expect("a name").to_string());
    let mut groups: Vec<Vec<String>> = vec![all.collect()];
    for criterion in criteria {
        let cost = |name: &String| match *criterion {
            "expectations" => found.unmet(name, small),
            metric => found.cost(name, metric, small.ranking),
        };
        let mut divided = Vec::new();
        for mut group in groups {
            while !group.is_empty() {
                let best = group.iter().map(cost).fold(f64::INFINITY, f64::min);
                let up_to = match *criterion {
                    "expectations" => 0.0,
                    metric => found.worth(metric, best, small.ranking),
                };
                let (equal, worse) = group
                    .into_iter()
                    .partition(|name| cost(name) <= best + up_to + 1e-9 * best.abs().min(1e9));
                divided.push(equal);
                group = worse;
            }
        }
        groups = divided;
    }
    groups
}

/// Checks the places, the best and every part of the sentence.
fn check_ranking(small: &Small, found: &Found) {
    let Some(ranking) = found.summary["ranking"].get(0) else {
        assert_eq!(small.clients.len(), 1, "several are ranked");
        return;
    };
    let list = ranking["criteria"].as_array().expect("criteria");
    let criteria: Vec<&str> = list.iter().filter_map(Json::as_str).collect();
    let groups = groups(found, small, &criteria);
    let mut places = Vec::new();
    for group in &groups {
        let place = places.len() + 1;
        places.extend(group.iter().map(|name| (name.clone(), place)));
    }
    for (name, place) in &places {
        let told = ranking["places"].as_array().expect("places");
        let told = told.iter().find(|of| of["strategy"] == **name).expect("every strategy");
        assert_eq!(told["place"], *place, "{name}");
    }
    let sentence = ranking["sentence"].as_str().expect("a sentence");
    if groups[0].len() > 1 {
        let names: Vec<String> = groups[0].iter().map(|name| format!("“{name}”")).collect();
        let (last, others) = names.split_last().expect("several");
        let told =
            format!("{} and {last} tie: no difference between them matters.", others.join(", "));
        assert_eq!((sentence, &ranking["best"]), (&*told, &Json::Null));
        return;
    }
    check_lead(small, found, ranking, [&groups[0][0], &groups[1][0]]);
}

/// Checks what is said of the first and the next.
fn check_lead(small: &Small, found: &Found, ranking: &Json, [first, next]: [&str; 2]) {
    let sentence = ranking["sentence"].as_str().expect("a sentence");
    let (one_run, rest) = match sentence.strip_prefix("In this one run ") {
        Some(rest) => (true, rest),
        None => (false, sentence),
    };
    assert_eq!(one_run, small.replications == 1 && ranking["best"] != Json::Null, "{sentence}");
    let (named, rest) = name(rest);
    assert_eq!(named, first);
    let ahead = format!(" is ahead of “{next}”, but chance may have decided: it ");
    let (sure, rest) = match rest.strip_prefix(" is best: it ") {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix(&*ahead).expect("a beginning")),
    };
    let best = if sure { Json::from(first) } else { Json::Null };
    assert_eq!(ranking["best"], best, "{sentence}");
    let mut parts = rest.split(". ");
    let by = ranking["decided_by"].as_str().expect("what decided");
    check_deciding(small, found, parts.next().expect("a part"), by, [first, next]);
    for part in parts.map(|part| part.trim_end_matches('.')) {
        match (
            part.strip_prefix("The difference is "),
            part.strip_prefix("They tie in what counts more: "),
        ) {
            (Some(difference), _) => {
                let each = format!("in each of {} paired runs", small.replications);
                let runs = format!("95 % interval of {} paired runs", small.replications);
                let (size, more) = match difference.split_once(" in each of ") {
                    Some((size, _)) => (size, &difference[size.len() + 1..]),
                    None => difference.split_once(" (").expect("an interval"),
                };
                assert_eq!(size.contains('±'), more.contains(&runs), "{sentence}");
                let size = match size.split_once(" ± ") {
                    // Both shares have one unit.
                    Some((size, half)) if half.ends_with("percentage points") => {
                        value(&format!("{size} %"))
                    }
                    Some((size, _)) => value(size),
                    None => value(size),
                };
                let [a, b] = [first, next].map(|of| found.figure(of, by).expect("a value"));
                assert!(size.is((a - b).abs()), "{sentence}: {a} {b}");
                assert!(more.contains(&runs) || more.starts_with(&each), "{sentence}");
                assert_eq!(more.contains("includes 0"), !sure, "{sentence}");
            }
            (_, Some(ties)) => {
                for tie in ties.split("; ") {
                    check_tie(small, found, tie, [first, next]);
                }
            }
            _ => panic!("{sentence}"),
        }
    }
}

/// `needs 1 call per success instead of 38.9 (“b”)`, or what is expected, or what has no value.
fn check_deciding(small: &Small, found: &Found, text: &str, by: &str, [first, next]: [&str; 2]) {
    let text = text.trim_end_matches('.');
    let lost = format!(", and “{next}” has no such figure: it lost work");
    if by == "expectations" {
        let [a, b] = [first, next].map(|of| found.unmet(of, small));
        assert!(a < b, "{text}");
        assert_eq!(text.starts_with("meets every expectation, and "), a == 0.0, "{text}");
        assert_eq!(text.contains(&format!("“{next}” fails ")), b == 2.0, "{text}");
        return;
    }
    let (told, other) = match text.strip_suffix(&*lost) {
        Some(told) => (told, None),
        None => {
            let text = text.strip_suffix(&*format!(" (“{next}”)")).expect("the other's name");
            let (told, other) = text.split_once(" instead of ").expect("both values");
            (told, Some(value(other)))
        }
    };
    let (metric, told) = phrase(told);
    assert_eq!(metric, by);
    let [a, b] = [first, next].map(|of| found.decisive(of, by, small.ranking));
    assert!(a.is_some_and(|a| told.is(a)), "{text}: {a:?}");
    assert_eq!(other.is_some(), b.is_some(), "{text}");
    assert!(other.zip(b).is_none_or(|(other, b)| other.is(b)), "{text}: {b:?}");
    let [a, b] = [first, next].map(|of| found.cost(of, by, small.ranking));
    assert!(b - a > found.worth(by, a, small.ranking), "{text}: {a} {b}");
}

/// `“a” finishes after 9 s instead of 8.95 s, a difference of 50 ms and so within 1 %`.
fn check_tie(small: &Small, found: &Found, text: &str, [first, next]: [&str; 2]) {
    let (named, rest) = name(text);
    assert_eq!(named, first);
    let (told, rest) = rest.trim_start().split_once(" instead of ").expect("both values");
    let (other, rest) = rest.split_once(", a difference of ").expect("a difference");
    let (size, _) = rest.split_once(" and so within ").expect("what matters");
    let (metric, told) = phrase(told);
    let [a, b] = [first, next].map(|of| found.figure(of, metric).expect("a value"));
    assert!(told.is(a) && value(other).is(b) && value(size).is((a - b).abs()), "{text}: {a} {b}");
    let worth = found.worth(metric, a.abs().max(b.abs()), small.ranking);
    assert!((a - b).abs() <= worth + 1e-9 * a.abs(), "{text}: {a} {b}");
}

/// Checks the sentence on the expectations.
fn check_verdict(found: &Found) {
    let all = found.summary["expectations"].as_array().expect("a list");
    let Some(sentence) = verdict(&found.study) else {
        assert!(all.is_empty(), "expectations are judged");
        return;
    };
    let of = |word: &str| all.iter().filter(|of| of["verdict"] == word).count();
    let (failed, doubtful) = (of("failed"), of("inconclusive"));
    let numbers: Vec<usize> =
        sentence.split(' ').filter_map(|word| word.parse().ok()).take(2).collect();
    if failed > 0 && all.len() > 1 {
        assert_eq!(numbers, [failed, all.len()], "{sentence}");
        assert!(sentence.contains("expectations failed"), "{sentence}");
        let is = if doubtful == 1 { "is" } else { "are" };
        let more = format!(", {doubtful} {is} inconclusive.");
        assert_eq!(sentence.ends_with(&more), doubtful > 0, "{sentence}");
    } else if doubtful > 0 && all.len() > 1 {
        assert_eq!(numbers, [doubtful, all.len()], "{sentence}");
        assert!(sentence.contains(" inconclusive: "), "{sentence}");
    } else {
        let met = [" met.", " failed.", " inconclusive"][usize::from(failed > 0) + 2 * doubtful];
        assert!(sentence.contains(met), "{sentence}");
    }
}

/// Checks what a single strategy is said to come to.
fn check_single(found: &Found) {
    let [only] = found.strategies().as_slice() else { return };
    let text = Report::new(&found.scenario, &found.study).answer();
    let name = only["name"].as_str().expect("a name");
    let lost = found.figure(name, "jobs.lost").expect("a count");
    assert_eq!(lost > 0.0, text.contains(" lost"), "{text}");
    if let Some((_, rest)) = text.split_once("95 % of them within ") {
        let (told, _) = rest.split_once(" and ").expect("more");
        let p95 = found.figure(name, "job_latency.p95").expect("a value");
        assert!(value(told).is(p95), "{text}: {p95}");
    }
    let rate = found.figure(name, "throttle_rate").unwrap_or(0.0);
    assert_eq!(rate > 0.0, text.contains(" of calls are throttled"), "{text}");
    assert_eq!(rate > 0.0, !text.contains("nothing is throttled"), "{text}");
}

/// Checks what is said of two scenarios that differ in the limit's burst.
fn check_comparison(base: Found, other: Found) {
    let figures = |found: &Found, name: &str, metric: &str| found.figure(name, metric);
    let side = |name: &str, found: Found| {
        let mut side = Side::of(found.scenario, found.study);
        side.name = name.into();
        side
    };
    let mut told = Vec::new();
    for name in base.strategies().iter().filter_map(|of| of["name"].as_str()) {
        for metric in
            ["throttle_rate", "calls_per_success", "loss_rate", "job_latency.p95", "completion"]
        {
            let pair = (figures(&base, name, metric), figures(&other, name, metric));
            told.push((format!("“{name}”: "), metric, pair));
        }
    }
    for sentence in differences(&[side("base", base), side("other", other)]) {
        for (start, metric, (old, new)) in told.iter().filter(|(s, ..)| sentence.starts_with(&**s))
        {
            let Some((_, rest)) = sentence.split_once(&format!("{metric} ")) else { continue };
            let Some((size, rest)) = rest.split_once(" (") else { continue };
            let (Some(old), Some(new)) = (old, new) else { continue };
            let (size, direction) = size.rsplit_once(' ').expect("a direction");
            assert_eq!(direction, if new > old { "higher" } else { "lower" }, "{start}{sentence}");
            let is_share = ["throttle_rate", "loss_rate"].contains(metric);
            assert_eq!(size.contains("percentage point"), is_share, "{sentence}");
            let size = match size.split_once(" ± ") {
                Some((size, half)) if half.ends_with("points") => value(&format!("{size} %")),
                Some((size, _)) => value(size),
                None => value(size),
            };
            let (from, to) =
                rest.split_once(')').expect("both values").0.split_once(" to ").expect("both");
            assert!(value(from).is(*old) && value(to).is(*new), "{sentence}: {old} {new}");
            assert!(size.is((new - old).abs()), "{sentence}: {old} {new}");
        }
    }
}

/// Both lose one charge of nine; “b” ends sooner, which is no merit of who loses work.
#[test]
fn who_loses_as_much_is_not_better_for_ending_sooner() {
    let small = Small {
        seed: 1_751_234_988,
        replications: 1,
        arrivals: "backlog = 9",
        clients: vec![
            "pace.rate = \"50%\"",
            "retry = { attempts = 40, backoff.fixed = \"100ms\" }",
        ],
        expected: vec![],
        ranking: "",
    };
    let found = found(&small.text(1));
    check_ranking(&small, &found);
    let [a, b] = ["a", "b"].map(|name| found.figure(name, "last_end").expect("a time"));
    assert!(b < a && found.figure("a", "loss_rate") == found.figure("b", "loss_rate"));
    assert_eq!(found.summary["ranking"][0]["decided_by"], "calls_per_success");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn sentences_agree_with_the_figures_beside_them(small in any_small(), burst in 1u32..4) {
        let base = found(&small.text(burst));
        check_ranking(&small, &base);
        check_verdict(&base);
        check_single(&base);
        if small.seed % 4 == 0 {
            check_comparison(base, found(&small.text(burst + 1)));
        }
    }
}
