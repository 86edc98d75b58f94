//! Arrivals as a scenario states them: when they come, how many are foreseen, what is said of them.

use std::path::Path;
use throttlesim::catalog::Problem;
use throttlesim::report::explanation::explain;
use throttlesim::scenario::Scenario;
use throttlesim::simulation::{Attempt, observe};
use throttlesim::units::Span;

/// Two accounts whose every arrival is one attempt, at once.
fn read(header: &str, arrivals: &str) -> Result<Scenario, Vec<Problem>> {
    let text = format!(
        "schema = 1\nquestion = \"?\"\n{header}\n[clients]\naccounts = 2\n\
         [limit.none]\nscope = [\"account\"]\nrule.concurrency = 1000000\n\
         [workload.w]\narrivals.{arrivals}\ncall = \"c\"\n[strategy.s]\n"
    );
    Scenario::read("test", &text, Path::new(""))
}

fn sound(header: &str, arrivals: &str) -> Scenario {
    read(header, arrivals).expect("a sound scenario")
}

fn attempts(scenario: &Scenario) -> Vec<Attempt> {
    observe(&scenario.plan, 0, 0, Vec::new()).1
}

/// Weights of so many hours, all of them 0 but one.
fn one_hour(hours: usize, hour: usize) -> String {
    let weights: Vec<String> = (0..hours).map(|n| u8::from(n == hour).to_string()).collect();
    format!("hourly = {{ mean = \"50/h\", weights = [{}] }}", weights.join(", "))
}

/// The hour of a day or a week comes when the calendar says: 2026-11-27 is a Friday.
#[test]
fn hours_are_those_of_the_calendar() {
    let friday = "start = 2026-11-27T22:30:00Z\nduration = \"7d\"";
    let before_1970 = "start = 1969-12-31\nduration = \"7d\"";
    for (header, hours, hour, opens) in [
        (friday, 24, 9, Span::from_secs(10 * 3600 + 1800)),
        (friday, 168, 5 * 24 + 1, Span::from_secs(2 * 3600 + 1800)),
        (before_1970, 168, 2 * 24 + 3, Span::HOUR.times(3)),
        ("duration = \"7d\"", 168, 24, Span::DAY),
    ] {
        let scenario = sound(header, &one_hour(hours, hour));
        let attempts = attempts(&scenario);
        assert!(attempts.len() > 1000, "{header}: {}", attempts.len());
        let cycle = Span::HOUR.times(hours as u64).as_nanos();
        for attempt in &attempts {
            let late = (attempt.sent.as_nanos() - opens.as_nanos()) % cycle;
            assert!(late < Span::HOUR.as_nanos(), "{header}, hour {hour}: {}", attempt.sent);
        }
        let assumed = scenario.assumptions.iter().any(|a| a.contains("time 0 is Monday 00:00"));
        assert_eq!(assumed, scenario.start.is_none());
    }
}

#[test]
fn a_spread_schedule_divides_its_time_among_the_callers_it_is_for() {
    let header = "duration = \"3h\"";
    let every = "every = { period = \"1h\", offset = \"11m\", spread = \"30m\" }";
    let times = |scenario: &Scenario, account| -> Vec<u64> {
        let attempts = attempts(scenario);
        let of = attempts.iter().filter(|attempt| attempt.caller.account == account);
        of.map(|attempt| attempt.sent.as_nanos() / Span::MINUTE.as_nanos()).collect()
    };
    let both = sound(header, every);
    assert_eq!((times(&both, 0), times(&both, 1)), (vec![11, 71, 131], vec![26, 86, 146]));
    let second = sound(header, &format!("{every}\naccounts = [2]"));
    assert_eq!((times(&second, 0), times(&second, 1)), (vec![], vec![11, 71, 131]));
}

/// What is foreseen for the bound on jobs, and what `explain` says.
#[test]
fn arrivals_are_foreseen_and_told() {
    let header = "start = 2026-11-27T22:00:00Z\nduration = \"2h\"";
    let cases = [
        (
            "stages = [{ for = \"30m\", to = \"2/s\" }, { for = \"30m\" }, \
             { for = \"2h\", rate = \"120/h\" }]",
            "3,840",
            "Poisson, 0/s to 2/s within 30 min, then nothing for 30 min, then 2/min for 2 h, then \
             nothing",
        ),
        (
            &one_hour(24, 23),
            "2,400",
            "Poisson, 50/h on average, by the hour of the day 0/s to 20/min, from 22:00 UTC",
        ),
        (
            &one_hour(168, 4 * 24 + 23),
            "16,800",
            "by the hour of the week 0/s to 140/min, from Friday 22:00 UTC",
        ),
        (
            "on_off = { on = \"5/s\", off = \"1/2s\", mean_on = \"10m\", mean_off = \"20m\" }",
            "28,800",
            "Poisson in bouts: 5/s for 10 min on average, then 0.5/s for 20 min on average",
        ),
        (
            "on_off = { on = \"5/s\", off = \"0/s\", mean_on = \"10m\", mean_off = \"40m\" }",
            "14,400",
            "then nothing for 40 min on average",
        ),
        (
            "every = { period = \"1h\", spread = \"1h\" }",
            "4",
            "every 1 h from 0 s on, the callers spread over 1 h",
        ),
    ];
    for (arrivals, foreseen, told) in cases {
        let explained = explain(&sound(header, arrivals));
        assert!(explained.contains(told), "{told} in\n{explained}");
        let bounded = format!("{header}\nmax_jobs = 1");
        let problems = read(&bounded, arrivals).expect_err("more than one job");
        let about = format!("about {foreseen} requests");
        assert!(problems[0].message.contains(&about), "{about} in {problems:?}");
    }
}
