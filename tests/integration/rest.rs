//! Workers that rest after a call, and what a lost call does to work: instants worked out by hand.

use crate::scenario;
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::simulation::{Attempt, observe};
use throttlesim::study::Study;

/// The counts of the only strategy, and its attempts, of work that a limit may refuse.
fn run(limit: &str, work: &str, strategy: &str) -> (Counts, Vec<Attempt>) {
    let scenario = scenario(&format!(
        "schema = 1\nquestion = \"?\"\nduration = \"1h\"\ndrain = \"1h\"\n\
         [service]\nlatency.constant = \"200ms\"\n{limit}[workload.w]\n{work}\n\
         [strategy.s]\n{strategy}\n"
    ));
    let study = Study::run(&scenario).expect("within its bounds");
    let (_, attempts) = observe(&scenario.plan, 0, 0, Vec::new());
    (study.strategies[0].counts(&scenario.plan, Slice::Whole), attempts)
}

/// When calls were sent \[ms\], with their operation.
fn sent(attempts: &[Attempt]) -> Vec<(u64, u16)> {
    let sent = |of: &Attempt| (of.sent.as_nanos() / 1_000_000, of.operation.0);
    let mut sent: Vec<(u64, u16)> = attempts.iter().map(sent).collect();
    sent.sort_unstable();
    sent
}

/// `calls` in a minute of each account, and the others are refused.
fn minute(calls: u32) -> String {
    format!(
        "[limit.l]\nscope = [\"account\"]\n\
         rule.fixed_window = {{ limit = {calls}, window = \"1m\" }}\n"
    )
}

const STEPS: &str = "arrivals.backlog = 2\nsteps = [{ call = \"a\" }, { call = \"b\" }]";

#[test]
fn a_worker_rests_after_each_call_and_stays_with_its_job() {
    let one = run(&minute(1000), STEPS, "workers = 1\npause = \"1s\"");
    assert_eq!(sent(&one.1), [(0, 0), (1_200, 1), (2_400, 0), (3_600, 1)]);
    // A job is done with its last answer: the rest after it is not in its latency.
    let longest = one.0.jobs.latency.greatest().expect("a job").as_nanos() / 1_000_000;
    assert_eq!(longest, 3_800);
    let two = run(&minute(1000), STEPS, "workers = 2\npause = \"1s\"");
    assert_eq!(sent(&two.1), [(0, 0), (0, 0), (1_200, 1), (1_200, 1)]);
    let none = run(&minute(1000), STEPS, "workers = 1");
    assert_eq!(sent(&none.1), [(0, 0), (200, 1), (400, 0), (600, 1)]);
}

/// Each of three calls is refused at first: a worker that is held rests when its call is done.
#[test]
fn a_rest_follows_each_attempt_or_the_whole_call_of_a_worker_that_is_held() {
    let limit = "[limit.l]\nscope = []\nrule.token_bucket = { rate = \"1/10s\", burst = 1 }\n";
    let work = "arrivals.backlog = 2\ncall = \"a\"";
    let retry = "workers = 1\npause = \"1s\"\nretry = { attempts = 3, backoff.fixed = \"9s\" }";
    let held = run(limit, work, &format!("{retry}\nhold_worker = true"));
    assert_eq!(sent(&held.1), [(0, 0), (1_200, 0), (10_200, 0)]);
    let free = "arrivals.backlog = 3\ncall = \"a\"";
    // The second is refused at 1.2 s; its worker rests until 2.2 s and takes the third.
    let times = sent(&run(limit, free, retry).1);
    assert_eq!(times[..4], [(0, 0), (1_200, 0), (2_200, 0), (10_200, 0)]);
}

/// Ten items, the sixth of which is refused: the job begins again in the next minute.
#[test]
fn a_job_begins_again_with_its_first_step() {
    let work = "arrivals.backlog = 1\nitems = 5\non_failure = \"restart\"\n\
                restart_after = \"1m\"\nsteps = [{ call = \"a\" }, { call = \"b\", \
                per = \"item\", at_once = 1 }]";
    let burst = "[limit.l]\nscope = []\nrule.token_bucket = { rate = \"1/10s\", burst = 4 }\n";
    let (counts, attempts) = run(burst, work, "");
    let times = sent(&attempts);
    assert_eq!(times[..5], [(0, 0), (200, 1), (400, 1), (600, 1), (800, 1)]);
    assert_eq!(times[5..7], [(60_800, 0), (61_000, 1)]);
    assert_eq!(counts.jobs.tally.arrived, 1);
    // It never has six calls at once: an hour later it still begins again.
    assert_eq!((counts.jobs.tally.completed, counts.jobs.tally.given_up), (0, 0));
    assert!(times.iter().filter(|(_, call)| *call == 0).count() > 50);
    let (counts, _) = run(&minute(6), work, "");
    assert_eq!(counts.jobs.tally.completed, 1);
}

/// A fault of one round is not that of the next, so that the job is done some day.
#[test]
fn a_job_that_begins_again_meets_other_faults() {
    let work = "arrivals.backlog = 20\nitems = 10\non_failure = \"restart\"\n\
                steps = [{ call = \"a\", per = \"item\", at_once = 1 }]\n";
    let faults = format!("failure_rate = \"10%\"\n{}", minute(1000));
    let (counts, _) = run(&faults, work, "");
    assert_eq!(counts.jobs.tally.completed, 20);
    // A round has no fault with 0.9^10 = 0.35: 2.87 rounds a job; a fault each but in the last.
    let lost = counts.requests.given_up;
    assert!((15..=70).contains(&lost), "{lost}");
}

/// Five calls are admitted, the sixth is refused; all others are given up without a call.
#[test]
fn work_that_stops_ends_for_good() {
    let work = |arrivals: &str| format!("{arrivals}\ncall = \"a\"\non_failure = \"stop\"");
    let (counts, attempts) = run(&minute(5), &work("arrivals.backlog = 20"), "workers = 1");
    assert_eq!(attempts.len(), 6);
    let tally = counts.jobs.tally;
    assert_eq!((tally.arrived, tally.completed, tally.given_up), (20, 5, 15));
    // What arrives later is given up too.
    let every = work("arrivals.rate = \"10/s\"");
    let (counts, attempts) = run(&minute(5), &every, "workers = 1");
    assert_eq!(attempts.len(), 6);
    assert_eq!(counts.jobs.tally.completed, 5);
    assert_eq!(counts.jobs.tally.given_up + 5, counts.jobs.tally.arrived);
    // A population that is stopped does not come back.
    let closed = work("arrivals.closed = { population = 3, think.constant = \"1s\" }");
    let (counts, attempts) = run(&minute(5), &closed, "");
    assert!((6..=8).contains(&attempts.len()), "{}", attempts.len());
    assert_eq!(counts.jobs.tally.completed, 5);
}

/// One account's work ends, that of the others goes on.
#[test]
fn work_stops_in_its_own_account() {
    let scenario = scenario(
        "schema = 1\nquestion = \"?\"\nduration = \"1h\"\n[clients]\naccounts = 2\n\
         [limit.l]\nscope = []\nrule.fixed_window = { limit = 5, window = \"1h\" }\n\
         calls = [\"a\"]\n[workload.v]\naccounts = [1]\narrivals.backlog = 8\ncall = \"a\"\n\
         on_failure = \"stop\"\n[workload.w]\naccounts = [2]\narrivals.backlog = 8\n\
         call = \"b\"\non_failure = \"stop\"\n[strategy.s]\nworkers = 1\n",
    );
    let study = Study::run(&scenario).expect("within its bounds");
    let tally = study.strategies[0].counts(&scenario.plan, Slice::Whole).jobs.tally;
    assert_eq!((tally.completed, tally.given_up), (13, 3));
}
