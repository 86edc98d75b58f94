//! The sentences of the notes on a scenario and its study, made here only.

mod study;

use super::verdicts;
use super::words;
use crate::catalog::{Offer, Standing};
use crate::report::Report;
use crate::scenario::{Crews, Idle, LogNote, Note, Scenario};
use crate::units::Instant;

/// What no answer may come before: that an API which the scenario calls is retired.
pub fn first(scenario: &Scenario) -> impl Iterator<Item = String> {
    scenario.notes.iter().filter(|note| is_first(note)).map(|note| sentence(scenario, note))
}

/// Every other note of a scenario as a sentence, the most important first.
pub fn sentences(scenario: &Scenario) -> impl Iterator<Item = String> {
    scenario.notes.iter().filter(|note| !is_first(note)).map(|note| sentence(scenario, note))
}

/// Every note of a scenario as a sentence, those that stand before an answer first.
pub fn all(scenario: &Scenario) -> impl Iterator<Item = String> {
    first(scenario).chain(sentences(scenario))
}

fn is_first(note: &Note) -> bool {
    matches!(note, Note::Ends { offer, .. } if offer.status == Standing::Retired)
}

impl Report<'_> {
    /// What no answer may come before, and then every other note.
    pub fn every_note(self) -> impl Iterator<Item = String> {
        first(self.scenario).chain(self.notes())
    }

    /// Every note of a scenario that stands after the answer, and then those on its study.
    pub fn notes(self) -> impl Iterator<Item = String> {
        let Self { scenario, study } = self;
        let unfinished = verdicts::unfinished(scenario, study.strategies.iter(), &study.findings);
        let told = sentences(scenario).chain(study::unmet(self)).chain(study::ties(self));
        told.chain(unfinished)
    }
}

/// What stands before the answer, in Markdown, each as a paragraph.
#[must_use]
pub fn first_in_markdown(scenario: &Scenario) -> String {
    first(scenario).map(|note| format!("**{note}**\n\n")).collect()
}

/// Notes as a Markdown list with an empty line after it; empty if there are none.
#[must_use]
pub fn markdown(notes: impl Iterator<Item = String>) -> String {
    let mut lines: Vec<String> = notes.map(|note| format!("- **Note:** {note}\n")).collect();
    if !lines.is_empty() {
        lines.push("\n".into());
    }
    lines.concat()
}

/// A note as a sentence.
#[must_use]
pub fn sentence(scenario: &Scenario, note: &Note) -> String {
    match note {
        Note::Ends { provider, calls, offer } => ends(scenario, provider, calls, offer),
        Note::AvoidedMinute { provider, workload, at, avoid, instead } => {
            let of = (provider.as_str(), scenario.names.workloads[*workload].as_str());
            avoided(scenario.start, of, *at, [avoid, instead])
        }
        Note::Workers { strategies, crews } => {
            let names: Vec<String> =
                strategies.iter().map(|of| format!("“{}”", scenario.names.label(*of))).collect();
            let have = if names.len() == 1 { "has" } else { "have" };
            format!("{} {have} {}.", words::list(&names), crew(scenario, *crews))
        }
        Note::UnusedBurst { strategy, call: (call, others), rate, burst: (burst, published) } => {
            let label = scenario.names.label(*strategy);
            let others = match others {
                0 => String::new(),
                n => format!(" (and {} more)", words::count(*n as u64)),
            };
            format!(
                "“{label}” sends `{call}`{others} at {rate} with burst {burst}: the published \
                 burst of {published} is not used, so jobs may wait longer than they must."
            )
        }
        Note::Idle { keys, why } => idle(keys, why),
        Note::Log { file, found } => log(file, found),
    }
}

/// That work arrives in a minute that the provider advises against.
fn avoided(
    start: Option<i64>,
    (provider, workload): (&str, &str),
    at: Instant,
    minutes: [&[u8]; 2],
) -> String {
    let [avoid, instead] = minutes.map(|minutes| {
        let minutes: Vec<String> = minutes.iter().map(|minute| format!(":{minute:02}")).collect();
        minutes.join(" and ")
    });
    let since = i64::try_from(at.as_nanos() / 1_000_000_000).unwrap_or(i64::MAX);
    let time = start.and_then(|start| jiff::Timestamp::from_second(start.checked_add(since)?).ok());
    let time = time.map_or(String::new(), |time| time.strftime(" at %H:%M UTC").to_string());
    let instead = match instead.as_str() {
        "" => String::new(),
        minutes => format!("; it recommends {minutes}"),
    };
    format!(
        "{provider} advises against calls at {avoid} of the hour, but “{workload}” arrives{time}\
         {instead}."
    )
}

/// So many workers, and for how many each: `8 workers for each of 60 accounts (480 in all)`.
#[must_use]
pub fn crew(scenario: &Scenario, crews: Crews) -> String {
    let Crews { workers, callers, processes } = crews;
    let people = &scenario.plan.population;
    let who = match people.applications > 1 || people.regions > 1 {
        true => "caller",
        false => "account",
    };
    let workers = words::counted(workers, "worker");
    let each = match (callers, processes) {
        (1, 1) => return workers,
        (1, of) => format!("{} processes", words::count(of)),
        (of, 1) => words::counted(of, who),
        (of, each) => format!("{} processes of {}", words::count(each), words::counted(of, who)),
    };
    format!("{workers} for each of {each} ({} in all)", words::count(crews.all()))
}

/// That something is deprecated or retired: what, when, and what replaces it.
fn ends(scenario: &Scenario, provider: &str, calls: &[String], offer: &Offer) -> String {
    let quoted: Vec<String> = calls.iter().map(|call| format!("`{call}`")).collect();
    let what = match calls.len() {
        0 => provider.to_string(),
        _ => format!("{} ({provider})", words::list(&quoted)),
    };
    let verb = |one, many| if calls.len() > 1 { many } else { one };
    let successor = offer.successor.as_ref();
    if offer.status == Standing::Retired {
        let on = offer.until.map_or(String::new(), |day| format!(" on {day}"));
        let successor = successor.map_or(String::new(), |new| format!("; use {new} instead"));
        return format!("{what} {} retired{on}{successor}.", verb("was", "were"));
    }
    let start = scenario.start.map_or(String::new(), day_of);
    let by = offer.until.map_or(String::new(), |day| match start >= day.to_string() {
        true => format!(", and support ended on {day}"),
        false => format!("; support ends on {day}"),
    });
    let successor = successor.map_or(String::new(), |new| format!("; migrate to {new}"));
    format!("{what} {} deprecated{by}{successor}.", verb("is", "are"))
}

/// That settings change nothing, and why.
fn idle(keys: &[String], why: &Idle) -> String {
    let quoted = |list: &[String]| -> String {
        let quoted: Vec<String> = list.iter().map(|text| format!("`{text}`")).collect();
        words::list(&quoted)
    };
    let have = if keys.len() == 1 { "has" } else { "have" };
    let why = match why {
        Idle::OneStrategy => "there is only one strategy to rank",
        Idle::OneAccount => "there is only one account",
        Idle::OneProcess => "there is only one process for each account",
        Idle::OneInAll => "there is only one process in all",
        Idle::NothingPerProcess => "no strategy keeps anything for each process",
        Idle::NoRetryAfter => "no limit of the calls sends `Retry-After`",
        Idle::NoRateHeader => "no limit of the calls sends a rate header",
        Idle::NothingTold => "no limit of the calls tells what it acts on",
        Idle::NoSuchStatus => "no call is answered with a status that is tried again",
        Idle::AnsweredBefore => "all answers are there before",
        Idle::NoSuchCode(codes) => {
            let name = if keys.len() == 1 { "names" } else { "name" };
            let (keys, codes) = (quoted(keys), quoted(codes));
            return format!("{keys} {name} {codes}, with which no limit of the calls answers.");
        }
        Idle::OnlyThrottling => "no call fails in another way than by throttling",
        Idle::FewRetries => {
            let (keys, has) = (quoted(keys), if keys.len() == 1 { "has" } else { "have" });
            return format!("{keys} {has} more waits than `attempts` leaves retries.");
        }
        Idle::OnePriority => "all workloads have the same priority",
        Idle::NothingWaits => {
            "no strategy of the work has `workers`, `concurrency` or a `pace` to wait for"
        }
        Idle::FewRequests => "the step never has so many requests",
        Idle::NoLatency => "answers take no time: the service has no `latency`",
        Idle::NoHistory => "the account has no day before the run",
        Idle::PastInitialPeriod => "the account is past its initial period",
        Idle::AfterTheEnd => {
            let keys = quoted(keys);
            return format!("{keys} has more days than the run: the last ones have no effect.");
        }
        Idle::NoClock => "the limit admits again when a call ends, and no clock tells when",
        Idle::CountedAlone => {
            "no other limit refuses its calls, and its own next tick or window comes all the same"
        }
    };
    format!("{} {have} no effect: {why}.", quoted(keys))
}

/// What was found in a recorded log.
fn log(file: &str, found: &LogNote) -> String {
    match found {
        LogNote::OutOfOrder { moved, rows, within } => {
            #[expect(clippy::cast_precision_loss)]
            let share = words::percent(*moved as f64 / *rows as f64);
            let (moved, within) = (words::count(*moved), words::span(*within));
            format!(
                "{moved} rows of `{file}` ({share}) are out of order; they were sorted by time \
                 within {within}. Check that `time` is when each call was made."
            )
        }
        LogNote::StrangeStatuses { rows: 1, first } => format!(
            "1 row of `{file}` has a status that is not a number from 100 to 599, `{first}`: it \
             counts as work whose answer is not known."
        ),
        LogNote::StrangeStatuses { rows, first } => format!(
            "{} rows of `{file}` have a status that is not a number from 100 to 599, the first \
             `{first}`: they count as work whose answers are not known.",
            words::count(*rows)
        ),
        LogNote::IdlePatterns(patterns) => {
            let quoted: Vec<String> = patterns.iter().map(|text| format!("`{text}`")).collect();
            format!(
                "No row of `{file}` is matched by {}: the log has no such call, or an earlier \
                 pattern matches it.",
                words::list(&quoted)
            )
        }
        LogNote::UnreadStatus(column) => format!(
            "No row of `{file}` is known to be refused, so that all of them count as work. If \
             `{column}` is the status, write status = \"{column}\"."
        ),
        LogNote::NothingRefused => format!(
            "`throttled = \"keep\"` has no effect: no row of `{file}` was refused with a 429 or a \
             503."
        ),
        LogNote::NeverLoops => {
            format!("`loop = true` has no effect: arrivals stop before `{file}` is over.")
        }
    }
}

/// The calendar day of an instant \[s since 1970, UTC\], as TOML writes it.
fn day_of(second: i64) -> String {
    let start = jiff::Timestamp::from_second(second).unwrap_or_default();
    start.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOGUE: &str = r#"
        name = "Example"
        source = "a page"
        retrieved = 2026-11-23
        open_operations = true
        [limit.all]
        scope = ["account"]
        rule.concurrency = 3
        [operation.old]
        status = "deprecated"
        until = 2027-03-27
        successor = "new"
        [operation.older]
        status = "deprecated"
        until = 2027-03-27
        successor = "new"
        [operation.gone]
        status = "retired"
        until = 2026-05-15
    "#;

    fn told(start: &str, calls: [&str; 2]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("a directory");
        std::fs::write(folder.path().join("own.toml"), CATALOGUE).expect("written");
        let steps = calls.map(|call| format!("{{ call = \"{call}\" }}")).join(", ");
        let text = format!(
            "schema = 1\nquestion = \"?\"\nduration = \"1m\"\nstart = {start}T00:00:00Z\n\
             provider.example.catalog = \"own.toml\"\n[workload.w]\narrivals.backlog = 1\n\
             steps = [{steps}]\n[strategy.s]\n"
        );
        let scenario = Scenario::read("s", &text, folder.path()).expect("a scenario");
        all(&scenario).collect()
    }

    #[test]
    fn what_ends_is_said_with_date_and_successor() {
        assert_eq!(told("2026-11-27", ["new", "other"]), [""; 0]);
        let both = "`old` and `older` (Example) are deprecated; support ends on 2027-03-27; \
                    migrate to new.";
        assert_eq!(told("2026-11-27", ["old", "older"]), [both]);
        let one = "`old` (Example) is deprecated, and support ended on 2027-03-27; migrate to new.";
        let gone = "`gone` (Example) was retired on 2026-05-15.";
        assert_eq!(told("2027-03-27", ["old", "gone"]), [gone, one]);
    }

    /// The notes of a scenario with these lines.
    fn of(lines: &str) -> Vec<String> {
        let text = format!("schema = 1\nquestion = \"?\"\nduration = \"1h\"\n{lines}");
        let scenario = Scenario::read("s", &text, std::path::Path::new("")).expect("a scenario");
        sentences(&scenario).collect()
    }

    #[test]
    fn workers_are_counted_over_all_who_have_them() {
        let workers = |clients: &str, workers: &str| {
            of(&format!(
                "clients = {{ {clients} }}\nlimit.l = {{ scope = [], rule.concurrency = 9 }}\n\
                 [workload.w]\narrivals.backlog = 1\ncall = \"c\"\n\
                 [strategy.a]\nworkers = {workers}\n[strategy.b]\n"
            ))
        };
        let eight = "“a” has 8 workers for each of 60 accounts (480 in all).";
        assert_eq!(workers("accounts = 60", "8"), [eight]);
        assert_eq!(workers("accounts = 60", "{ count = 8, across = \"accounts\" }"), [""; 0]);
        assert_eq!(workers("accounts = 1", "8"), [""; 0]);
        let each = "“a” has 1 worker for each of 3 processes of 2 accounts (6 in all).";
        assert_eq!(workers("accounts = 2, processes = 3", "1"), [each]);
    }

    #[test]
    fn a_burst_that_a_pace_leaves_unused_is_said_where_work_keeps_coming() {
        let paced = |arrivals: &str, burst: &str| {
            of(&format!(
                "[limit.l]\nscope = [\"account\"]\n\
                 rule.token_bucket = {{ rate = \"0.5/s\", burst = 30 }}\n\
                 [workload.w]\narrivals.{arrivals}\ncall = \"c\"\n\
                 [strategy.s]\npace = {{ rate = \"95%\", burst = {burst} }}\n"
            ))
        };
        let unused = "“s” sends `c` at 0.475/s with burst 1: the published burst of 30 is not \
                      used, so jobs may wait longer than they must.";
        assert_eq!(paced("every.period = \"15m\"", "1"), [unused]);
        assert_eq!(paced("every.period = \"15m\"", "\"100%\""), [""; 0]);
        assert_eq!(paced("backlog = 40", "1"), [""; 0], "a backlog is done no sooner");
    }

    #[test]
    fn an_unused_burst_is_that_of_a_call_which_the_strategy_makes() {
        let limit = |name: &str, burst: u32| {
            format!(
                "[limit.{name}]\ncalls = [\"{name}\"]\nscope = [\"account\"]\n\
                 rule.token_bucket = {{ rate = \"0.5/s\", burst = {burst} }}\n\
                 [workload.{name}]\narrivals.every.period = \"15m\"\ncall = \"{name}\"\n"
            )
        };
        let strategy = "[strategy.s]\nworkloads = [\"few\"]\npace = { rate = \"95%\", burst = 1 }\n\
                        [strategy.t]\nworkloads = [\"many\"]\n";
        let said = of(&[limit("few", 5), limit("many", 30), strategy.into()].concat());
        let unused = "“s” sends `few` at 0.475/s with burst 1: the published burst of 5 is not \
                      used, so jobs may wait longer than they must.";
        assert_eq!(said, [unused]);
    }

    #[test]
    fn a_catalogues_advice_is_said_where_work_does_not_heed_it() {
        let arriving = |start: &str, arrivals: &str, strategy: &str| {
            of(&format!(
                "{start}\nprovider.pay = {{ catalog = \"amazon-pay\", region = \"us\" }}\n\
                 [workload.w]\narrivals.{arrivals}\ncall = \"CreateCharge\"\n\
                 [strategy.s]\n{strategy}\n"
            ))
        };
        let advised = |time: &str| {
            format!(
                "Amazon Pay advises against calls at :00 and :30 of the hour, but “w” arrives at \
                 {time} UTC; it recommends :11 and :41."
            )
        };
        let three = "start = 2026-12-01T03:00:00Z";
        assert_eq!(arriving(three, "backlog = 5", ""), [advised("03:00")]);
        let every = "every = { period = \"15m\", offset = \"15m\" }";
        assert_eq!(arriving(three, every, ""), [advised("03:30")]);
        let none = [""; 0];
        assert_eq!(arriving("start = 2026-12-01T03:11:00Z", "backlog = 5", ""), none);
        assert_eq!(arriving("", "backlog = 5", ""), none, "no calendar");
        assert_eq!(arriving(three, "poisson = \"1/s\"", ""), none, "nothing arrives at once");
        assert_eq!(arriving(three, "backlog = 5", "start.spread = \"10m\""), none);
    }
}
