//! The page of a run: question and answer in the first three lines, what to mind before the table,
//! a table that fits the terminal.

use assert_cmd::Command;
use std::path::Path;
use std::sync::LazyLock;
use throttlesim::report::Report;
use throttlesim::report::page::View;
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

/// A scenario, and what its first three lines and its page must say.
struct Case {
    text: &'static str,
    answer: &'static [&'static str],
    page: &'static [&'static str],
}

const RETIRED: Case = Case {
    text: r#"
        question = "Is a daily refresh of 300 products complete every day?"
        start = 2026-01-01T00:00:00Z
        duration = "3d"
        drain = "1d"
        provider.associates.catalog = "pa-api"
        provider.associates.revenue = { account_age = "365d", shipped.constant = "9 USD" }
        workload.refresh = { arrivals.every = { period = "1d" }, items = 300, steps = [
            { call = "GetItems", per = "batch" },
        ] }
        strategy.patient.pace.rate = "0.95/s"
        [[expect]]
        that = "jobs.given_up == 0"
    "#,
    answer: &["PA-API was retired on 2026-05-15; use Creators API instead. The expectation is met"],
    page: &["met: jobs.given_up == 0 (“patient”): found 0"],
};

const BACKLOG: Case = Case {
    text: r#"
        question = "When are 200 renewals through, and does any client lose some?"
        start = 2026-12-01T03:00:00Z
        duration = "1h"
        drain = "12h"
        provider.pay = { catalog = "amazon-pay", region = "us" }
        workload.renewals = { arrivals.backlog = 200, steps = [{ call = "CreateCharge" }] }
        strategy.retrying.retry = { attempts = 3, backoff.fixed = "1s" }
        strategy.paced.pace.rate = "95%"
        strategy.paced100.pace = { rate = "100%", burst = "100%" }
        [[expect]]
        that = "throttle_rate == 0%"
        strategy = "retrying"
    "#,
    answer: &["“paced100” is best", "“paced”"],
    page: &["failed: throttle_rate == 0% (“retrying”): found", "some lost", "12 min 40 s"],
};

const WIDE: Case = Case {
    text: r#"
        question = "Sixty sellers ask for orders and their items every 15 min: throttled, and late?"
        start = 2026-11-27T00:00:00Z
        duration = "1h"
        replications = 3
        clients.accounts = 4
        provider.amazon = { catalog = "sp-api", region = "eu" }
        service = { latency.lognormal = { median = "250ms", p99 = "1500ms" } }
        workload.orders = { arrivals.every = { period = "15m" }, steps = [
            { call = "orders/v0/getOrders" },
            { call = "orders/v0/getOrderItems", count.poisson = 12, at_once = 1 },
        ] }
        [strategy.a]
        label = "a client with eight workers for all of its sellers together"
        workers = { count = 8, across = "accounts" }
        [strategy.b]
        label = "a client with one worker for all of its sellers together"
        workers = { count = 1, across = "accounts" }
        [[expect]]
        that = "job_latency.p95 < 10m"
    "#,
    answer: &["a client with eight workers"],
    page: &["note: `orders/v0/getOrders` and `orders/v0/getOrderItems` (SP-API) are deprecated"],
};

const OWN: Case = Case {
    text: r#"
        question = "Does one client stay below 100 calls a minute?"
        duration = "1h"
        limit.per-minute.scope = ["account"]
        limit.per-minute.rule.fixed_window = { limit = 100, window = "1m" }
        workload.calls = { arrivals.poisson = "90/min", call = "GET /things/{id}" }
        strategy.plain.retry = { attempts = 5, backoff.fixed = "5s" }
    "#,
    answer: &["jobs are", "95 % of them within", "% of calls are throttled."],
    page: &["calls per"],
};

const CASES: [Case; 4] = [RETIRED, BACKLOG, WIDE, OWN];

fn run(folder: &Path, text: &str, args: &[&str], variables: &[(&str, &str)]) -> String {
    std::fs::write(folder.join("case.toml"), format!("schema = 1\n{text}")).expect("written");
    let mut command = Command::cargo_bin("throttlesim").expect("the program");
    command.current_dir(folder).env_remove("NO_COLOR").env_remove("COLUMNS");
    command.envs(variables.iter().copied()).args(["run", "case.toml", "-q"]).args(args);
    let output = command.output().expect("it runs");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Each case with what its runs found; they are run once.
static STUDIED: LazyLock<Vec<(Scenario, Study)>> = LazyLock::new(|| {
    let study = |case: &Case| {
        let scenario = crate::scenario(&format!("schema = 1\n{}", case.text));
        let mut study = Study::settle(&scenario).expect("within its bounds");
        study.find_ties(&scenario);
        (scenario, study)
    };
    CASES.iter().map(study).collect()
});

/// What a terminal of a width shows of each case.
fn pages(width: usize) -> Vec<String> {
    let view = View { width, verbose: false };
    let page = |(scenario, study): &(Scenario, Study)| {
        // Without colours, as a file or a pipe gets it.
        anstream::adapter::strip_str(&Report::new(scenario, study).terminal(view)).to_string()
    };
    STUDIED.iter().map(page).collect()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn question_and_answer_stand_in_the_first_three_lines() {
    for (case, page) in CASES.iter().zip(pages(80)) {
        let first: Vec<&str> = page.lines().take(3).collect();
        let question = case.text.split('"').nth(1).expect("a question");
        let words = first[0].trim_end_matches(" …");
        assert!(question.starts_with(words) && words.len() > 20, "{page}");
        let answer = first[1..].join(" ");
        for part in case.answer {
            assert!(answer.contains(part), "{part} in {answer}");
        }
        let unbroken = page.replace("\n  ", " ");
        for part in case.page {
            assert!(unbroken.contains(part), "{part} in {page}");
        }
        let place = |part: &str| page.find(part);
        for minded in ["note: ", "met: ", "failed: "] {
            assert!(place(minded) < place("──"), "{minded} after the table: {page}");
        }
    }
}

/// Without a terminal a page is 80 columns wide; `COLUMNS` says otherwise.
#[test]
fn a_page_fits_its_terminal() {
    let folder = folder();
    let printed = |variables: &[(&str, &str)]| run(folder.path(), OWN.text, &[], variables);
    let (piped, narrow) = (printed(&[]), printed(&[("COLUMNS", "80")]));
    assert_eq!(piped, narrow);
    // The scenario's name stands in the page.
    assert_eq!(pages(80)[3].replace("test, seed", "case, seed"), piped);
    for (narrow, wide) in pages(80).into_iter().zip(pages(140)) {
        let width = |page: &str| page.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(width(&narrow) <= 80, "{narrow}");
        assert!(width(&wide) <= 140, "{wide}");
        assert!(wide.contains("calls per"), "{wide}");
        for page in [narrow, wide] {
            assert!(!page.contains('\u{202f}') && !page.contains('\u{1b}'), "{page}");
            let header = page.lines().skip_while(|line| !line.starts_with('─')).nth(1);
            let titles = header.expect("a header").split("  ").filter(|title| !title.is_empty());
            assert!(titles.count() <= 8, "{page}");
        }
    }
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let folder = folder();
    let page = |variables: &[(&str, &str)]| run(folder.path(), BACKLOG.text, &[], variables);
    assert!(page(&[("CLICOLOR_FORCE", "1")]).contains("\u{1b}[1m\u{1b}[31mfailed\u{1b}[0m"));
    assert!(!page(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn details_come_with_verbose_and_in_the_report() {
    let short = &pages(80)[2];
    assert!(!short.contains("By call") && !short.contains("fairness"), "{short}");
    let (scenario, study) = &STUDIED[2];
    let pictures = [("A picture".into(), "a.png".into())];
    let report = Report::new(scenario, study).page(&pictures, &[]);
    for part in ["## By call", "fairness", "**Note:** `orders/v0/getOrders`", "## Assumptions"] {
        assert!(report.contains(part), "{part} in {report}");
    }
    let order =
        ["# Sixty", "“a client with eight", "met |", "**Note:**", "| rank", "![", "## All columns"];
    let places = order.map(|part| report.find(part).unwrap_or_else(|| panic!("{part}: {report}")));
    assert!(places.is_sorted(), "{places:?} in {report}");
}

#[test]
fn markdown_holds_what_a_pull_request_needs() {
    let (scenario, study) = &STUDIED[2];
    let page = Report::new(scenario, study).markdown();
    let order = ["**Sixty", "“a client with eight", "met |", "**Note:**", "- Assumed: ", "| rank"];
    let places = order.map(|part| page.find(part).unwrap_or_else(|| panic!("{part}: {page}")));
    assert!(places.is_sorted(), "{places:?} in {page}");
}

#[test]
fn csv_is_one_table_with_plain_numbers() {
    let folder = folder();
    let printed = run(folder.path(), BACKLOG.text, &["--format", "csv"], &[]);
    let mut table = csv::Reader::from_reader(printed.as_bytes());
    let header = table.headers().expect("a header").clone();
    assert_eq!((&header[0], &header[1]), ("scenario", "strategy"));
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
    let names: Vec<&str> = rows.iter().map(|row| &row[1]).collect();
    assert_eq!(names, ["retrying", "paced", "paced100"]);
    for row in &rows {
        for cell in row.iter().skip(2).filter(|cell| !cell.is_empty()) {
            assert!(cell.parse::<f64>().is_ok(), "{cell} in {printed}");
        }
    }
}

#[test]
fn accounts_that_suffer_are_listed_the_worst_first() {
    // Account 3 asks for as much as the others together, of a limit that each has for itself.
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1m\"\n\
                [clients]\naccounts = 3\nskew.weights = [1, 1, 8]\n\
                [limit.l]\nscope = [\"account\"]\n\
                rule.token_bucket = { rate = \"1/s\", burst = 1 }\n\
                [workload.w]\nper = \"scenario\"\narrivals.rate = \"5/s\"\ncall = \"get\"\n\
                [strategy.s]\n";
    let scenario = Scenario::read("s", text, Path::new("")).expect("a sound scenario");
    let study = Study::run(&scenario).expect("within its bounds");
    let summary = Report::new(&scenario, &study).summary().to_json();
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let worst = &summary["strategies"][0]["by_account"]["most_affected"];
    let accounts: Vec<u64> =
        worst.as_array().expect("a list").iter().filter_map(|of| of["account"].as_u64()).collect();
    assert_eq!(accounts, [3, 1, 2]);
    let counts = |number: usize| &study.strategies[0].total.accounts[number];
    assert_eq!(worst[0]["requests_lost"], counts(2).arrived - counts(2).completed);
    assert_eq!(worst[0]["throttled"], counts(2).throttled);
    let page = Report::new(&scenario, &study).page(&[], &[]);
    let table = page.split("## Accounts that suffer most").nth(1).expect("a table");
    assert!(table.find("account 3") < table.find("account 1"), "{page}");
}
