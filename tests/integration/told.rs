//! What limits tell, and clients that act on it: the reset, what remains, the level; throttled
//! calls with status 200; dates that are rounded.

use crate::{bad_input::told, scenario};
use throttlesim::metrics::figures::{Counts, Slice};
use throttlesim::report::explanation::explain;
use throttlesim::simulation::{Attempt, observe};
use throttlesim::study::Study;
use throttlesim::units::Span;

const POINTS: &str = "[limit.points]\nscope = [\"account\"]\ncounts = \"points\"\n\
                      rule.token_bucket = { rate = \"100/s\", burst = 2000 }\n\
                      tells = { status = 200, code = \"THROTTLED\", level = true }\n";
const QUERY: &str = "arrivals.backlog = 300\ncall = \"POST /graphql\"\n\
                     cost.points = { requested.uniform = [50, 900], used.uniform = [10, 400] }";

fn with(limits: &str, service: &str, work: &str, strategy: &str) -> String {
    format!(
        "schema = 1\nquestion = \"?\"\nstart = 2026-11-27T08:00:00Z\nduration = \"10m\"\n\
         drain = \"40h\"\n{limits}[service]\n{service}\n[workload.w]\n{work}\n\
         [strategy.s]\n{strategy}\n"
    )
}

fn counts(text: &str) -> Counts {
    let scenario = scenario(text);
    let study = Study::run(&scenario).expect("within its bounds");
    study.strategies[0].counts(&scenario.plan, Slice::Whole)
}

fn attempts(text: &str) -> Vec<Attempt> {
    let scenario = scenario(text);
    let (_, mut attempts) = observe(&scenario.plan, 0, 0, Vec::<Attempt>::new());
    attempts.sort_by_key(|attempt| attempt.sent);
    attempts
}

/// Completed requests, and refused attempts.
fn done(text: &str) -> (u64, u64) {
    let found = counts(text);
    (found.requests.completed, found.attempts.throttled.iter().sum())
}

/// Three calls at once of which two pass: the third is answered 200 and a code, and is lost unless
/// the client looks for the code.
#[test]
fn a_throttled_call_with_status_200_counts_as_throttled() {
    let limits = "[limit.l]\nscope = []\nrule.fixed_window = { limit = 2, window = \"1m\" }\n\
                  tells = { status = 200, code = \"THROTTLED\" }\n";
    let work = "arrivals.burst = { at = \"0s\", count = 3 }\ncall = \"POST /graphql\"";
    let plain = "retry = { attempts = 5, backoff.fixed = \"40s\" }";
    let found = counts(&with(limits, "", work, plain));
    assert_eq!((found.attempts.sent(), found.attempts.throttled), (3, vec![1]));
    assert_eq!((found.requests.completed, found.requests.given_up), (2, 1));
    let looks = "retry = { attempts = 5, backoff.fixed = \"40s\", codes = [\"THROTTLED\"] }";
    let text = with(limits, "", work, looks);
    assert_eq!(done(&text), (3, 2));
    for attempt in attempts(&text) {
        assert_eq!(attempt.status.map(|status| status.0), Some(200), "{attempt:?}");
    }
    let other = "retry = { attempts = 5, backoff.exponential = { base = \"61s\", \
                 base_other = \"1s\" }, codes = [\"THROTTLED\"] }";
    assert_eq!(done(&with(limits, "", work, other)), (3, 1), "it waits as after a 429");
}

/// A client that never asks beyond its points is never throttled, with however many calls under
/// way; without its knowledge of what calls cost it is.
#[test]
fn a_client_that_asks_within_its_level_is_never_throttled() {
    let knows = "workers = 20\npace = { heed = \"level\", counts = \"points\" }";
    for trip in ["0s", "80ms"] {
        let service = format!(
            "latency.lognormal = {{ median = \"250ms\", p99 = \"1s\" }}\nround_trip = \"{trip}\""
        );
        let found = done(&with(POINTS, &service, QUERY, knows));
        assert_eq!(found, (300, 0), "{trip}");
        let blind = "workers = 20\nretry = { attempts = \"unlimited\", backoff.fixed = \"1s\", \
                     codes = [\"THROTTLED\"] }";
        let (completed, refused) = done(&with(POINTS, &service, QUERY, blind));
        assert!(completed == 300 && refused > 100, "{completed}, {refused}");
    }
    // What is not used comes back, and is used: far sooner than by what is requested.
    let service = "latency.constant = \"200ms\"";
    let ends = |text: &str| attempts(text).last().expect("an attempt").sent;
    let level = ends(&with(POINTS, service, QUERY, knows));
    let asked = "workers = 20\npace = { counts = \"points\", rate = \"100%\" }";
    let copy = ends(&with(POINTS, service, QUERY, asked));
    let (level, copy) = (level.as_secs_f64(), copy.as_secs_f64());
    assert!(level < 1.05 * copy, "{level} s, and {copy} s with a copy of the rule");
}

/// Every limit with a reset: a client alone that spreads what remains is never throttled.
#[test]
fn a_client_alone_that_spreads_what_remains_is_never_throttled() {
    let work = "arrivals.backlog = 100\ncall = \"GET /x\"";
    for rule in [
        "fixed_window = { limit = 20, window = \"1m\" }",
        "sliding_window = { limit = 20, window = \"1m\" }",
        "sliding_window = { limit = 20, window = \"1m\", method = \"two-bucket\" }",
        "token_bucket = { rate = \"20/min\", burst = 20 }",
        "token_bucket = { rate = \"20/min\", burst = 20, refill = \"tick\" }",
        "quota = { restore = \"3s\", burst = 20 }",
    ] {
        for reset in ["seconds", "milliseconds", "epoch-seconds", "epoch-milliseconds", "date"] {
            let limit = format!(
                "[limit.l]\nscope = [\"account\"]\nrule.{rule}\n\
                 tells = {{ remaining = true, reset = \"{reset}\" }}\n"
            );
            let service = "latency.constant = \"150ms\"\nround_trip = \"70ms\"";
            for heed in ["spread", "reset"] {
                let client = format!("workers = 1\npace.heed = \"{heed}\"");
                let found = done(&with(&limit, service, work, &client));
                assert_eq!(found, (100, 0), "{rule} {reset} {heed}");
            }
        }
    }
}

/// Ten calls leave before the first answer tells that only five could.
#[test]
fn several_workers_act_on_what_is_no_longer_true() {
    let limit = "[limit.l]\nscope = [\"account\"]\n\
                 rule.fixed_window = { limit = 5, window = \"1m\" }\n\
                 tells = { remaining = true, reset = \"seconds\" }\n";
    let work = "arrivals.backlog = 40\ncall = \"GET /x\"";
    let service = "latency.constant = \"150ms\"\nround_trip = \"70ms\"";
    let retry = "retry = { attempts = \"unlimited\", backoff.fixed = \"10s\" }";
    for heed in ["reset", "spread"] {
        let client = format!("workers = 10\npace.heed = \"{heed}\"\n{retry}");
        let (completed, refused) = done(&with(limit, service, work, &client));
        assert!(completed == 40 && refused >= 5, "{heed}: {refused}");
    }
    // A client that sets aside what is under way is not throttled even so.
    let client = "workers = 10\npace.heed = \"level\"";
    assert_eq!(done(&with(limit, service, work, client)), (40, 0));
    // Headers that do not come leave a client alone without knowledge, too.
    let lost = format!("{service}\nheader_probability = \"30%\"");
    let client = format!("workers = 1\npace.heed = \"reset\"\n{retry}");
    let (completed, refused) = done(&with(limit, &lost, work, &client));
    assert!(completed == 40 && refused > 0, "{refused}");
}

/// Two in each 1.5 s. A reset that is rounded down is told before it comes.
#[test]
fn a_reset_that_is_rounded_down_lets_clients_come_too_early() {
    let limit = |rounds: &str| {
        format!(
            "[limit.l]\nscope = []\nrule.fixed_window = {{ limit = 2, window = \"1500ms\" }}\n\
             tells = {{ remaining = true, reset = \"epoch-seconds\", rounds = \"{rounds}\" }}\n"
        )
    };
    let work = "arrivals.backlog = 10\ncall = \"GET /x\"";
    let client = "workers = 1\npace.heed = \"reset\"\n\
                  retry = { attempts = \"unlimited\", backoff.fixed = \"100ms\" }";
    let service = "round_trip = \"10ms\"";
    assert_eq!(done(&with(&limit("up"), service, work, client)), (10, 0));
    let (completed, refused) = done(&with(&limit("down"), service, work, client));
    assert!(completed == 10 && refused > 0);
}

/// Refused at 700 ms (sent at 690 ms, 20 ms there and back), until 1.5 s of the clock: a date says
/// 2 s, of which 1,290 ms are left when the answer has come; seconds are rounded from there.
#[test]
fn a_date_of_retry_after_is_a_second_of_the_calendar() {
    let work = "arrivals.burst = [{ at = \"0s\", count = 2 }, { at = \"690ms\" }]\n\
                call = \"GET /x\"";
    for (form, wait_ms) in [
        ("\"date\"", 1_290),
        ("\"epoch-seconds\"", 1_290),
        ("\"epoch-milliseconds\"", 790),
        ("\"seconds\"", 1_000),
        ("\"milliseconds\"", 800),
        ("\"date\", rounds = \"down\"", 290),
        ("\"seconds\", rounds = \"down\"", 0),
    ] {
        let limit = format!(
            "[limit.l]\nscope = []\nrule.fixed_window = {{ limit = 2, window = \"1500ms\" }}\n\
             tells = {{ retry_after = {form} }}\n"
        );
        let retry = "retry = { attempts = 2, honour_retry_after = true }";
        let all = attempts(&with(&limit, "round_trip = \"20ms\"", work, retry));
        let refused: Vec<&Attempt> = all.iter().filter(|one| one.cause.is_some()).collect();
        assert_eq!(refused[0].retry_after, Some(Span::from_millis(wait_ms)), "{form}");
        let too_early = wait_ms < 780;
        assert_eq!(refused.len(), 1 + usize::from(too_early), "{form}");
    }
}

/// Ten a second and 50 an hour, of which both are told: it waits for whichever is used up.
#[test]
fn all_limits_that_tell_are_heeded_together() {
    let limits = "[limit.second]\nscope = [\"application\"]\n\
                  rule.fixed_window = { limit = 3, window = \"1s\" }\n\
                  tells = { remaining = true, reset = \"milliseconds\" }\n\
                  [limit.hour]\nscope = [\"application\"]\n\
                  rule.fixed_window = { limit = 50, window = \"1h\" }\n\
                  tells = { remaining = true, reset = \"seconds\" }\n";
    let work = "arrivals.backlog = 80\ncall = \"GET /x\"";
    let text = with(limits, "round_trip = \"10ms\"", work, "workers = 1\npace.heed = \"reset\"");
    assert_eq!(done(&text), (80, 0));
    let sent = attempts(&text);
    let hour = sent.iter().filter(|one| one.sent.as_secs_f64() < 3600.0).count();
    assert_eq!(hour, 50);
    let one = "[limit.tokens]\nscope = [\"account\", \"operation\"]\n\
               rule.token_bucket = { rate = \"6/min\", burst = 5, refill = \"tick\" }\n\
               tells = { remaining = true, next = \"epoch-milliseconds\" }\n";
    let work = "arrivals.backlog = 20\nsteps = [{ call = \"GET /x\" }, { call = \"GET /y\" }]";
    let text = with(one, "round_trip = \"10ms\"", work, "workers = 1\npace.heed = \"reset\"");
    assert_eq!(done(&text), (40, 0), "each call has tokens of its own");
    let explained = explain(&scenario(&text));
    for part in [
        "answers tell what remains and the next token as a date in milliseconds",
        "waits until the reset when too little remains, as told of tokens",
    ] {
        assert!(explained.contains(part), "{part} in\n{explained}");
    }
}

#[test]
fn a_client_that_acts_on_what_no_limit_tells_is_an_error() {
    let plain = "[limit.l]\nscope = [\"account\"]\n\
                 rule.fixed_window = { limit = 5, window = \"1m\" }\n";
    let remains = format!("{plain}tells.remaining = true\n");
    let points = POINTS.replace("account", "application");
    let work = "arrivals.backlog = 1\ncall = \"GET /x\"";
    let query = "arrivals.backlog = 1\ncall = \"POST /graphql\"\ncost.points = 5";
    let locked = "[limit.l]\nscope = []\nrule.lockout = { status = 429, count = 5, window = \
                  \"1m\" }\ntells.remaining = true\n";
    let at_once = "[limit.l]\nscope = []\nrule.concurrency = 5\ntells.reset = \"date\"\n";
    let bare = "[limit.l]\nscope = []\nrule.concurrency = 5\ntells.status = 200\n";
    let rounds = "[limit.l]\nscope = []\nrule.concurrency = 5\ntells.rounds = \"down\"\n";
    for (limits, work, strategy, message, help) in [
        (
            plain,
            work,
            "pace.heed = \"reset\"",
            "no limit of these calls tells what remains and a reset",
            "remaining = true",
        ),
        (&remains, work, "pace.heed = \"spread\"", "what remains and a reset", "reset = "),
        (&remains, work, "pace.heed = \"level\"", "tells what remains of it", "level = true"),
        (POINTS, query, "pace.heed = \"level\"", "what do calls cost?", "counts = \"points\""),
        (
            POINTS,
            query,
            "pace = { heed = \"level\", counts = \"points\", burst = 5 }",
            "`burst` has no effect beside `heed`",
            "leave",
        ),
        (
            &points,
            query,
            "pace = { heed = \"level\", counts = \"points\", across = \"accounts\" }",
            "says nothing of another's limit",
            "across",
        ),
        (locked, work, "", "a lockout has no number of calls that are left", "leave"),
        (at_once, work, "", "a concurrency limit has no such time", "leave"),
        (bare, work, "", "200 without a `code` is a success", "code = "),
        (rounds, work, "", "`rounds` has no effect: no time is told", "leave"),
    ] {
        let told = told(&with(limits, "", work, strategy));
        assert!(told.contains(message) && told.contains(help), "{strategy}: {told}");
    }
}
