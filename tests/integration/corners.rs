//! Corners in which parts meet: sleepers and pacers, deadlines and turns, lost jobs, booked calls.

use crate::scenario;
use throttlesim::metrics::figures::{Counts, Metric, Slice, Statistic};
use throttlesim::scenario::Scenario;
use throttlesim::study::Study;

const HEAD: &str = "schema = 1\nquestion = \"?\"\nduration = \"1h\"\ndrain = \"1d\"\n\
    [limit.none]\nscope = []\nrule.concurrency = 1000000\n";

fn run(text: &str) -> (Scenario, Study) {
    let scenario = scenario(&format!("{HEAD}{text}"));
    let study = Study::run(&scenario).expect("within its bounds");
    (scenario, study)
}

fn whole(text: &str) -> Counts {
    let (scenario, study) = run(text);
    study.strategies[0].counts(&scenario.plan, Slice::Whole)
}

/// Sixty jobs at 1/s with ten workers, of which an outage sends the first to sleep for 5 minutes:
/// it takes a turn when it wakes, and holds nobody up.
#[test]
fn a_sleeping_worker_keeps_no_turn() {
    let counts = whole(
        "[service]\noutages = [{ at = \"0s\", for = \"500ms\" }]\n\
         [workload.w]\narrivals.backlog = 60\ncall = \"get\"\n[strategy.s]\nworkers = 10\n\
         hold_worker = true\npace.rate = \"1/s\"\nretry = { backoff.fixed = \"5m\" }\n",
    );
    let median = counts.value(Metric::JobLatency(Statistic::Quantile(500)));
    assert!(median.is_some_and(|s| s < 35.0), "{median:?}");
    assert_eq!(counts.last_end.as_secs_f64(), 300.0);
}

/// A hundred jobs at 1/s with 5 s each from their arrival: those with turns at 0 to 5 s go.
#[test]
fn a_turn_after_the_deadline_is_not_taken() {
    let counts = whole(
        "[workload.w]\narrivals.backlog = 100\ncall = \"get\"\n[strategy.s]\n\
         pace.rate = \"1/s\"\nretry.backoff.fixed = \"1s\"\n\
         retry.deadline = { after = \"5s\", from = \"arrival\" }\n",
    );
    assert_eq!((counts.requests.completed, counts.requests.given_up), (6, 94));
}

/// Six calls of one job, booked at 1/s; the first fails and the job is lost: no other is sent.
#[test]
fn what_a_lost_job_has_booked_is_not_sent() {
    let counts = whole(
        "[service]\nround_trip = \"100ms\"\noutages = [{ at = \"0s\", for = \"500ms\" }]\n\
         [workload.w]\narrivals.backlog = 1\nsteps = [{ call = \"get\", count = 6 }]\n\
         [strategy.s]\npace.rate = \"1/s\"\n",
    );
    assert_eq!((counts.attempts.sent(), counts.requests.given_up), (1, 6));
}

/// What a step left out made is nothing.
#[test]
fn a_step_left_out_has_no_requests_for_the_next_to_follow() {
    let counts = whole(
        "[workload.w]\narrivals.backlog = 1\nsteps = [{ call = \"a\", count = 5 }, \
         { call = \"b\", probability = 0 }, { call = \"c\", per = \"request\" }]\n[strategy.s]\n",
    );
    assert_eq!(counts.requests.arrived, 5);
}

/// Every strategy meets the same service times and faults, whatever else it runs and in whatever
/// order.
#[test]
fn strategies_meet_the_same_fates() {
    let (scenario, study) = run("[service]\nlatency.exponential = \"1s\"\nfailure_rate = 0.3\n\
         [workload.a]\narrivals.poisson = \"1/s\"\ncall = \"a\"\n\
         [workload.b]\narrivals.poisson = \"1/s\"\nsteps = [{ call = \"b\" }, { call = \"c\" }]\n\
         [strategy.both]\n[strategy.only-b]\nworkloads = [\"b\"]\n");
    let of = |strategy: usize| {
        let counts = study.strategies[strategy].counts(&scenario.plan, Slice::Workload(1));
        (counts.jobs.tally, counts.attempts.failed, counts.latency)
    };
    assert!(of(0).1 > 500, "some fail");
    assert_eq!(of(0), of(1));
}

/// An account's own counts add up.
#[test]
fn an_account_knows_what_it_lost() {
    let (scenario, study) = run(
        "[limit.one]\nscope = [\"account\"]\nrule.fixed_window = { limit = 1, window = \"1d\" }\n\
         [workload.w]\narrivals.backlog = 10\ncall = \"get\"\n[strategy.s]\n\
         [[expect]]\nthat = \"requests.given_up == 9\"\naccount = 1\n\
         [[expect]]\nthat = \"requests.unfinished == 0\"\naccount = 1\n",
    );
    assert_eq!(scenario.expectations.len(), study.findings.len());
    for finding in &study.findings {
        assert_eq!(finding.verdict, throttlesim::study::Verdict::Met, "{finding:?}");
    }
}

/// Twenty charges at a rate and burst of the scenario's own: 3 at once, then 1/s.
#[test]
fn figures_of_ones_own_stand_before_a_published_restore() {
    let text = "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n[provider.pay]\n\
        catalog = \"amazon-pay\"\nregion = \"us\"\n\
        operation.CreateCharge = { rate = \"1/s\", burst = 3 }\n[workload.w]\n\
        arrivals.backlog = 20\ncall = \"CreateCharge\"\n[strategy.s]\n\
        retry = { attempts = \"unlimited\", backoff = \"restore_wait\" }\n";
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    let counts = study.strategies[0].counts(&scenario.plan, Slice::Whole);
    assert_eq!(counts.last_end.as_secs_f64(), 17.0);
}

/// Waits beyond all time are waits without end, not a fault.
#[test]
fn absurd_waits_end_nothing() {
    let counts = whole(
        "[workload.w]\narrivals.backlog = 110000\ncall = \"get\"\n[strategy.s]\n\
         pace.rate = \"1/d\"\n",
    );
    assert_eq!((counts.requests.completed, counts.requests.unfinished()), (2, 109_998));
}

/// What is lost took longer than any time: with 60 of 100 done, half were done within 0 s, and 95 %
/// never were.
#[test]
fn lost_work_has_no_latency_but_a_place_among_the_quantiles() {
    let counts = whole(
        "[limit.few]\nscope = []\nrule.fixed_window = { limit = 60, window = \"1d\" }\n\
         [workload.w]\narrivals.backlog = 100\ncall = \"get\"\n[strategy.s]\n",
    );
    let of = |statistic| counts.value(Metric::JobLatency(statistic));
    assert_eq!(of(Statistic::Quantile(500)), Some(0.0));
    assert_eq!((of(Statistic::Quantile(950)), of(Statistic::Max)), (None, None));
}
