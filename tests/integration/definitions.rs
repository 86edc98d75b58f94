//! Each figure has one definition: table, CSV, JSON and expectations show the same number.

use crate::scenario;
use crate::sentences::value;
use serde_json::Value as Json;
use throttlesim::metrics::figures::{Metric, Slice};
use throttlesim::report::Report;
use throttlesim::report::fitted::Fit;
use throttlesim::report::table::Medium;
use throttlesim::scenario::Scenario;
use throttlesim::study::{Judgement, Study};

/// Columns of `strategies.csv`, of the table, and where the summary holds the figure.
const FIGURES: [(&str, &str, &str); 15] = [
    ("throttle_rate", "throttle rate", "/throttle_rate/mean"),
    ("first_try_throttle_rate", "", "/first_try_throttle_rate/mean"),
    ("amplification", "", "/amplification/mean"),
    ("calls_per_success", "calls per success", "/calls_per_success/mean"),
    ("goodput_per_s", "", "/goodput_per_s/mean"),
    ("latency_p95_s", "", "/latency_s/p95/mean"),
    ("job_latency_p50_s", "half within", "/job_latency_s/p50/mean"),
    ("job_latency_p95_s", "95 % within", "/job_latency_s/p95/mean"),
    ("job_latency_max_s", "all within", "/job_latency_s/max/mean"),
    ("completion_s", "finished after", "/completion_s/mean"),
    ("loss_rate", "", "/loss_rate/mean"),
    ("skipped_rate", "requests skipped", "/skipped_rate/mean"),
    ("limit_use", "limit use", "/limit_use/mean"),
    ("fairness", "fairness", "/fairness/mean"),
    ("age_p95_s", "data age, 95 %", "/age_s/p95/mean"),
];

/// A table's columns by name, a row for each strategy.
fn columns(rows: Vec<Vec<String>>) -> impl Fn(&str, usize) -> Option<String> {
    move |name, strategy| {
        let column = rows[0].iter().position(|head| head == name)?;
        Some(rows[strategy + 1][column].clone())
    }
}

fn csv_rows(scenario: &Scenario, study: &Study) -> Vec<Vec<String>> {
    let files = Report::new(scenario, study).tables().expect("tables");
    let (_, bytes) = files.iter().find(|(name, _)| *name == "strategies.csv").expect("a table");
    let text = std::str::from_utf8(bytes).expect("text");
    text.lines().map(|line| line.split(',').map(str::to_string).collect()).collect()
}

/// The rows of a Markdown table, without the line below the header.
fn table_rows(text: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| {
        let cells = line.trim().trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_string()).collect::<Vec<String>>()
    };
    text.lines().filter(|line| !line.contains("---")).map(cells).collect()
}

/// Checks that everything that shows a figure shows the same.
pub fn agree(scenario: &Scenario, study: &Study, summary: &str) {
    let summary: Json = serde_json::from_str(summary).expect("JSON");
    let written = columns(csv_rows(scenario, study));
    let shown =
        columns(table_rows(&Report::new(scenario, study).comparison(Medium::Markdown, Fit::All)));
    let place = |of: &Study, number: usize| of.strategies[number].strategy;
    for number in 0..study.strategies.len() {
        let strategy = &summary["strategies"][number];
        for (column, title, pointer) in FIGURES {
            let told = || format!("{}, {}, {column}", scenario.name, place(study, number));
            let figure = strategy.pointer(pointer).and_then(Json::as_f64);
            let cell = written(column, number).expect("a column");
            assert_eq!(cell.parse().ok(), figure, "{}", told());
            let Some(cell) = shown(title, number) else { continue };
            let cell = cell.split(" ± ").next().unwrap_or_default();
            match figure {
                Some(figure) => assert!(value(cell).is(figure), "{}: {cell}, {figure}", told()),
                None => {
                    assert!(["–", "some lost", "unfinished"].contains(&cell), "{}: {cell}", told())
                }
            }
        }
    }
    for (finding, told) in
        study.findings.iter().zip(summary["expectations"].as_array().expect("a list"))
    {
        let expectation = &scenario.expectations[finding.expectation];
        let runs = study.strategies.iter().find(|runs| runs.strategy == finding.strategy);
        let estimate = runs.and_then(|runs| runs.estimate(expectation.slice, expectation.metric));
        let judged = match finding.judgement {
            Judgement::Value(estimate) => Some(estimate),
            Judgement::NoValue => None,
        };
        assert_eq!(judged, estimate, "{}", expectation.text);
        let strategy = summary["strategies"].as_array().expect("a list").iter();
        let strategy = strategy.clone().find(|of| of["name"] == told["strategy"]).expect("one");
        let name = expectation.text.split(['<', '>', '=', '!']).next().unwrap_or_default().trim();
        let figure = FIGURES.iter().find(|(column, ..)| {
            Metric::all().iter().any(|known| known.column() == *column && known.key() == name)
        });
        if let (Some((_, _, pointer)), Slice::Whole) = (figure, expectation.slice) {
            let figure = strategy.pointer(pointer).and_then(Json::as_f64);
            assert_eq!(told["value"].as_f64(), figure, "{}", expectation.text);
        }
    }
}

/// The longest job of ten runs is the mean of the longest of each, not the longest of all; and a
/// run that lost too much makes a quantile one that is not reached.
#[test]
fn a_figure_of_several_runs_is_the_mean_of_the_runs() {
    let scenario = scenario(
        r#"
        schema = 1
        question = "?"
        duration = "20s"
        drain = "5s"
        replications = 4
        [clients]
        accounts = 3
        [limit.l]
        scope = []
        rule.token_bucket = { rate = "2/s", burst = 5 }
        [service]
        latency.exponential = "500ms"
        [workload.w]
        arrivals.poisson = "1/s"
        call = "x"
        [strategy.patient]
        retry = { attempts = "unlimited", backoff.fixed = "1s" }
        [strategy.hasty]
        retry = { attempts = 2, backoff.fixed = "1s" }
        [[expect]]
        that = "job_latency.max < 5s"
        [[expect]]
        that = "fairness > 0.9"
        "#,
    );
    let study = Study::run(&scenario).expect("within its bounds");
    agree(&scenario, &study, &Report::new(&scenario, &study).summary().to_json());
    for runs in &study.strategies {
        for name in ["job_latency.max", "job_latency.p50", "fairness", "limit_use", "completion"] {
            let metric = Metric::of_key(name).expect("a metric");
            let values = runs.values(Slice::Whole, metric);
            let all: Option<Vec<f64>> = values.into_iter().collect();
            let mean = all.map(|all| all.iter().sum::<f64>() / all.len() as f64);
            let told = runs.estimate(Slice::Whole, metric).map(|estimate| estimate.mean);
            assert_eq!(told, mean, "{name}");
        }
    }
}
