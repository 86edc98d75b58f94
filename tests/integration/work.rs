//! Work as integrations do it: steps, pages, polls, priorities, each against its closed form.

use crate::scenario;
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::study::Study;
use throttlesim::units::Span;

/// What the only strategy of a scenario counted, over all and of each workload.
fn counted(text: &str) -> (Counts, Vec<Counts>) {
    let scenario = scenario(&format!("schema = 1\nquestion = \"?\"\n{text}"));
    let study = Study::run(&scenario).expect("within its bounds");
    let counts = |slice| study.strategies[0].counts(&scenario.plan, slice);
    let workloads = (0u16..).take(scenario.plan.workloads.len());
    (counts(Slice::Whole), workloads.map(|n| counts(Slice::Workload(n))).collect())
}

fn seconds(counts: &Counts) -> f64 {
    counts.last_end.as_secs_f64()
}

/// 40 000 orders: 400 pages of 100, one after another, then getOrderItems of each order at 0.5/s
/// burst 30. It cannot end before (40 000 - 30) / 0.5 = 79 940 s after the pages, and a client that
/// sends by the published plan needs no longer.
#[test]
fn forty_thousand_order_items_take_their_closed_form() {
    let (all, _) = counted(
        r#"
        duration = "1d"
        drain = "2d"
        [provider.amazon]
        catalog = "sp-api"
        [workload.sync]
        arrivals.burst = { at = "0s" }
        items = 40000
        steps = [
          { call = "reports/2021-06-30/getReportDocument", count = 1 },
          { call = "orders/v0/getOrderItems", per = "item" },
        ]
        [strategy.paced]
        pace = { rate = "100%", burst = 30 }
        "#,
    );
    assert_eq!((all.requests.completed, all.attempts.refused()), (40_001, 0));
    assert!((79_940.0..=79_942.0).contains(&seconds(&all)), "{}", seconds(&all));
}

/// Pages follow one another: 40 000 items in pages of 100 at 1 s an answer take 400 s, whatever
/// the workers; batches of 50, four at once, take 800 / 4 s.
#[test]
fn pages_follow_one_another_and_batches_go_side_by_side() {
    let text = |step: &str| {
        format!(
            "{OWN}items = 40000\nsteps = [{{ call = \"list\", {step} }}]\n[strategy.all]\n\
             workers = 16\n"
        )
    };
    let (pages, _) = counted(&text("per = \"page\", page_size = 100"));
    assert_eq!((pages.requests.completed, seconds(&pages)), (400, 400.0));
    let (batches, _) = counted(&text("per = \"batch\", batch = 50, at_once = 4"));
    assert_eq!((batches.requests.completed, seconds(&batches)), (800, 200.0));
    let (free, _) = counted(&text("per = \"batch\", batch = 50"));
    assert_eq!((free.requests.completed, seconds(&free)), (800, 50.0), "all 16 workers");
}

const OWN: &str = "[limit.none]\nscope = []\nrule.concurrency = 1000000\n[service]\n\
    latency.constant = \"1s\"\n[workload.work]\narrivals.burst = { at = \"0s\" }\n";

/// A report that is ready 100 s after it was requested, asked for every 30 s after each answer of
/// 1 s: at 31, 62, 93 and 124 s after the request's answer at 1 s.
#[test]
fn a_poll_asks_until_the_report_is_ready() {
    let (all, _) = counted(&format!(
        "{OWN}steps = [\n\
         {{ call = \"create\" }},\n\
         {{ call = \"get\", poll = {{ every = \"30s\", until.constant = \"100s\" }} }},\n\
         {{ call = \"document\", per = \"request\", count = 2 }},\n]\n[strategy.all]\n"
    ));
    assert_eq!(all.requests.completed, 1 + 4 + 2);
    assert_eq!(seconds(&all), 1.0 + 4.0 * 31.0 + 1.0);
    let whole = Span::from_secs(126);
    assert_eq!((all.jobs.tally.completed, all.jobs.latency.greatest()), (1, Some(whole)));
}

/// One worker, 100 batch jobs of 1 s each at the start, one interactive call a minute in: it waits
/// for the call in flight and no other.
#[test]
fn interactive_work_goes_before_batch_work() {
    let text = |priority| {
        format!(
            "{OWN}steps = [{{ call = \"batch\", count = 100 }}]\n[workload.people]\n\
             arrivals.burst = {{ at = \"30500ms\" }}\ncall = \"look\"\npriority = {priority}\n\
             [strategy.one]\nworkers = 1\n"
        )
    };
    let wait = |priority| counted(&text(priority)).1[1].latency.greatest().map(Span::as_secs_f64);
    assert_eq!(wait(1), Some(1.5));
    assert_eq!(wait(0), Some(70.5), "in order of arrival");
}

/// Of two workers one is kept for people: they never wait, and the batch has one worker.
#[test]
fn a_reserve_is_kept_for_the_highest_priority() {
    let (all, each) = counted(&format!(
        "{OWN}steps = [{{ call = \"batch\", count = 100 }}]\n[workload.people]\n\
         arrivals.every = {{ period = \"10s\" }}\ncall = \"look\"\npriority = 1\n\
         [strategy.one]\nworkers = {{ count = 2, reserve = 1 }}\n"
    ));
    assert_eq!(each[1].jobs.latency.greatest(), Some(Span::SECOND));
    assert_eq!(each[0].last_end.as_secs_f64(), 100.0);
    assert_eq!(all.requests.unfinished(), 0);
}

/// Two accounts, a job of 10 calls of 1 s each: alone each has a worker, together they have one.
#[test]
fn workers_and_pacers_may_be_shared_by_all_accounts() {
    let text = |strategy: &str| {
        format!(
            "{OWN}steps = [{{ call = \"get\", count = 10 }}]\n[clients]\naccounts = 2\n\
             [strategy.one]\n{strategy}\n"
        )
    };
    let end = |strategy| seconds(&counted(&text(strategy)).0);
    assert_eq!(end("workers = 1"), 10.0);
    assert_eq!(end("workers = { count = 1, across = \"accounts\" }"), 20.0);
    assert_eq!(end("pace = { rate = \"1/2s\" }"), 19.0);
    assert_eq!(end("pace = { rate = \"1/2s\", across = \"accounts\" }"), 39.0);
}

/// A notification is known when it has been delivered, and what it asks for has been answered.
#[test]
fn a_notification_is_as_old_as_its_delivery_and_its_steps() {
    let (all, _) = counted(
        "duration = \"1h\"\n[limit.none]\nscope = []\nrule.concurrency = 1000000\n[service]\n\
         latency.constant = \"1s\"\n[workload.told]\n\
         arrivals.notifications = { rate = \"1/s\", delivery.constant = \"20s\" }\n\
         steps = [{ call = \"get\", probability = 0.5 }]\n[strategy.all]\n",
    );
    let age = &all.jobs.age;
    assert_eq!(age.greatest(), Some(Span::from_secs(21)));
    let mean = age.mean_s().expect("an age");
    assert!((20.4..=20.6).contains(&mean), "half of them ask: {mean}");
}

/// In an outage nothing is charged and everything is answered 503; a brown-out is slow.
#[test]
fn outages_answer_503_and_brown_outs_are_slow() {
    let (all, _) = counted(
        "duration = \"1m\"\n[limit.bucket]\nscope = []\n\
         rule.token_bucket = { rate = \"1/h\", burst = 20 }\n[service]\n\
         latency.constant = \"100ms\"\n\
         outages = [{ at = \"10s\", for = \"10s\" }]\n\
         brown_outs = [{ at = \"20s\", for = \"10s\", slower = 5, failure_rate = \"100%\" }]\n\
         [workload.calls]\narrivals.rate = \"1/s\"\ncall = \"get\"\n[strategy.once]\n",
    );
    let attempts = &all.attempts;
    assert_eq!((attempts.admitted, attempts.unavailable, attempts.failed), (10, 10, 20));
    assert_eq!(attempts.refused(), 60 - 10 - 20, "10 tokens were left after the outage");
}

/// Twenty calls at once that find the bucket full, and from a minute on one a second, which it
/// restores: only these are in the figures.
#[test]
fn what_arrives_while_warming_up_is_in_no_figure() {
    let text = |warm_up: &str| {
        format!(
            "schema = 1\nquestion = \"?\"\nduration = \"3m\"\n{warm_up}\n\
             [limit.small]\nscope = [\"account\"]\n\
             rule.token_bucket = {{ rate = \"1/s\", burst = 10, refill = \"continuous\" }}\n\
             [workload.herd]\narrivals.burst = {{ at = \"0s\", count = 20 }}\ncall = \"get\"\n\
             [workload.calm]\narrivals.every = {{ period = \"1s\", offset = \"60s\" }}\n\
             call = \"get\"\n[strategy.s]\n"
        )
    };
    let counts = |warm_up: &str| {
        let scenario = scenario(&text(warm_up));
        let runs = Study::run(&scenario).expect("within its bounds");
        let counts = runs.strategies[0].counts(&scenario.plan, Slice::Whole);
        let accounts = &runs.strategies[0].total.accounts;
        assert_eq!(accounts.len(), 1);
        assert_eq!(accounts[0].arrived, counts.requests.arrived);
        (counts.requests.arrived, counts.attempts.refused(), counts.jobs.tally.given_up)
    };
    assert_eq!(counts(""), (140, 10, 10));
    assert_eq!(counts("warm_up = \"1m\""), (120, 0, 0));
}
