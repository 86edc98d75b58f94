//! A random scenario: how it is written, and what its limits are.

use super::buckets::{Bucket, Queue};
use super::calls::Lockout;
use super::windows::{Kind, Window};
use std::fmt::Write;
use throttlesim::random::Draws;

/// 2026-11-27 00:00:00 UTC \[s since 1970\].
const DAY: u64 = 20_784 * 86_400;
/// Nanoseconds of a millisecond and of a second.
pub const MS: u64 = 1_000_000;
pub const SECOND: u64 = 1000 * MS;

/// Which limits a scenario has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    Buckets,
    Windows,
    Calls,
    All,
}

/// How a limit decides.
#[derive(Debug, Clone)]
pub enum Rule {
    /// A token bucket or a quota.
    Bucket(Bucket),
    Queue(Queue),
    Window(Window),
    Concurrency,
    Lockout(Lockout),
}

/// A limit as the test knows it. A scope says whether there is one for each application, account,
/// region and operation.
#[derive(Debug, Clone)]
pub struct Held {
    pub scope: [bool; 4],
    /// The calls that it holds for, by name.
    pub calls: Vec<&'static str>,
    pub rule: Rule,
    /// Its number from each of these instants on \[ns\], for windows and concurrency.
    pub numbers: Vec<(u64, u32)>,
    /// Another number for one call.
    pub own: Option<(&'static str, u32)>,
    pub count_rejected: bool,
    /// How long it pauses after a refusal \[ns\].
    pub cool_down: Option<u64>,
}

/// A scenario, and what the test knows of it.
#[derive(Debug)]
pub struct Random {
    pub text: String,
    pub limits: Vec<Held>,
    /// The way to the provider, and how long an admitted call takes there \[ns\].
    pub there: u64,
    pub latency: u64,
    /// What virtual time 0 is \[ns since 1970\].
    pub start: u64,
}

const CALLS: [&str; 4] = ["orders/get", "orders/list", "feeds/put", "feeds/get"];

fn any(draws: &mut Draws, low: u64, high: u64) -> u64 {
    low + draws.below(high - low + 1)
}

fn small(draws: &mut Draws, low: u64, high: u64) -> u32 {
    u32::try_from(any(draws, low, high)).expect("small")
}

fn one_of<'a>(draws: &mut Draws, all: &[&'a str]) -> &'a str {
    all[usize::try_from(draws.below(all.len() as u64)).expect("small")]
}

/// A rule of a family, and how it is written.
fn rule(draws: &mut Draws, family: Family) -> (Rule, String) {
    let kind = match family {
        Family::Buckets => draws.below(4),
        Family::Windows => 4 + draws.below(4),
        Family::Calls => 8 + draws.below(2),
        Family::All => draws.below(10),
    };
    let (count, per) = (any(draws, 1, 9), any(draws, 300, 9000));
    let (number, window) = (small(draws, 1, 12), any(draws, 500, 12_000));
    let rate = format!("\"{count}/{per}ms\"");
    let per = per * MS;
    match kind {
        0 | 1 => {
            let (tick, initial) = (kind == 1, small(draws, 0, number.into()));
            let refill = if tick { "tick" } else { "continuous" };
            let text = format!(
                "token_bucket = {{ rate = {rate}, burst = {number}, initial = {initial}, \
                 refill = \"{refill}\" }}"
            );
            (Rule::Bucket(Bucket { count, per, burst: number, initial, tick }), text)
        }
        2 => {
            let per = any(draws, 200, 4000);
            let text = format!("quota = {{ restore = \"{per}ms\", burst = {number} }}");
            let (count, per, initial) = (1, per * MS, number);
            (Rule::Bucket(Bucket { count, per, burst: number, initial, tick: false }), text)
        }
        3 => {
            let wait = any(draws, 0, 5000);
            let text = format!("leaky_queue = {{ rate = {rate}, wait = \"{wait}ms\" }}");
            (Rule::Queue(Queue { count, per, wait: wait * MS }), text)
        }
        4..8 => {
            let (kind, more) = match kind {
                4 => (Kind::Fixed, ""),
                5 => (Kind::Log, ", method = \"log\""),
                6 => (Kind::WholeCall, ", method = \"two-bucket\", admits = \"whole-call\""),
                _ => (Kind::AnyRoom, ", method = \"two-bucket\", admits = \"any-room\""),
            };
            let name = if kind == Kind::Fixed { "fixed_window" } else { "sliding_window" };
            let text = format!("{name} = {{ limit = {number}, window = \"{window}ms\"{more} }}");
            (Rule::Window(Window { kind, limit: number, window: window * MS }), text)
        }
        8 => (Rule::Concurrency, format!("concurrency = {}", number.min(4))),
        _ => lockout(draws, number.min(5), window),
    }
}

/// A lockout, and how it is written.
fn lockout(draws: &mut Draws, count: u32, window: u64) -> (Rule, String) {
    let sliding = draws.below(2) == 0;
    let kind = if sliding { "sliding" } else { "fixed" };
    let (statuses, status) = match draws.below(3) {
        0 => (vec![400], "400"),
        1 => (vec![500], "500"),
        _ => (vec![500, 400], "[500, 400]"),
    };
    let lasts = (draws.below(2) == 0).then(|| any(draws, 500, 12_000));
    let extends = lasts.is_some() && draws.below(2) == 0;
    let more = match lasts {
        Some(lasts) => format!(", lasts = \"{lasts}ms\", extends = {extends}"),
        None => String::new(),
    };
    let text = format!(
        "lockout = {{ status = {status}, count = {count}, window = \"{window}ms\", \
         kind = \"{kind}\"{more} }}"
    );
    let (window, lasts) = (window * MS, lasts.map(|lasts| lasts * MS));
    (Rule::Lockout(Lockout { statuses, count, window, sliding, lasts, extends }), text)
}

/// The number that a rule allows, if it is a window or a concurrency.
fn number(rule: &Rule, text: &str) -> Option<u32> {
    match rule {
        Rule::Window(window) => Some(window.limit),
        Rule::Concurrency => text.rsplit(' ').next()?.parse().ok(),
        _ => None,
    }
}

/// A limit for some of the calls that are made, its text, and the text of a plan that changes it.
fn limit(
    draws: &mut Draws,
    (number_of, family): (usize, Family),
    made: &[&'static str],
) -> (Held, String, String) {
    let (rule, written) = rule(draws, family);
    let scope = [0; 4].map(|_| draws.below(3) > 0);
    let names = ["application", "account", "region", "operation"];
    let named: Vec<String> = names
        .iter()
        .zip(scope)
        .filter(|(_, has)| *has)
        .map(|(name, _)| format!("\"{name}\""))
        .collect();
    let (calls, pattern): (Vec<&str>, String) = match draws.below(3) {
        0 => (made.to_vec(), String::new()),
        1 => {
            let call = one_of(draws, made);
            (vec![call], format!("calls = [\"{call}\"]\n"))
        }
        _ => {
            let folder = one_of(draws, made).split('/').next().unwrap_or_default();
            let calls = made.iter().copied().filter(|call| call.starts_with(folder)).collect();
            (calls, format!("calls = [\"{folder}/*\"]\n"))
        }
    };
    let plain = number(&rule, &written);
    let count_rejected = matches!(rule, Rule::Window(_)) && draws.below(4) == 0;
    let mut numbers = vec![(0, plain.unwrap_or(0))];
    let mut more = String::new();
    let name = format!("l{number_of}");
    if count_rejected {
        more += "count_rejected = true\n";
    }
    let pauses = !matches!(rule, Rule::Lockout(_)) && draws.below(4) == 0;
    let cool_down = pauses.then(|| any(draws, 1, 9_000));
    if let Some(ms) = cool_down {
        let _ = writeln!(more, "cool_down = \"{ms}ms\"");
    }
    let cool_down = cool_down.map(|ms| ms * MS);
    let mut plan = String::new();
    let mut own = None;
    if let (Some(_), true) = (plain, scope[3] && family != Family::All) {
        let call = calls[0];
        if draws.below(2) == 0 && calls.len() == 1 {
            let mut at = 0;
            let changes: Vec<String> = (0..any(draws, 1, 3))
                .map(|_| {
                    at += any(draws, 1, 20_000);
                    let limit = small(draws, 1, 12);
                    numbers.push((at * MS, limit));
                    format!("{{ at = \"{at}ms\", limit = {limit} }}")
                })
                .collect();
            let _ = writeln!(
                plan,
                "[provider.p.dynamic.\"{call}\"]\nlimits = [\"{name}\"]\nschedule = [{}]",
                changes.join(", ")
            );
        } else if number_of == 0 {
            let limit = small(draws, 1, 12);
            own = Some((call, limit));
            let _ = writeln!(plan, "[provider.p.operation.\"{call}\"]\nlimit = {limit}");
        }
    }
    let scopes = named.join(", ");
    let text = format!("[limit.{name}]\nscope = [{scopes}]\n{pattern}rule.{written}\n{more}");
    (Held { scope, calls, rule, numbers, own, count_rejected, cool_down }, text, plan)
}

fn arrivals(draws: &mut Draws) -> String {
    let rate = format!("{}/{}ms", any(draws, 1, 9), any(draws, 500, 4000));
    match draws.below(5) {
        0 => format!("arrivals.poisson = \"{rate}\""),
        1 => format!("arrivals.rate = \"{rate}\""),
        2 => format!("arrivals.backlog = {}", any(draws, 5, 40)),
        3 => format!(
            "arrivals.every = {{ period = \"{}ms\", offset = \"{}ms\", jitter = \"{}ms\" }}",
            any(draws, 900, 5000),
            any(draws, 0, 4000),
            any(draws, 0, 900)
        ),
        _ => format!(
            "arrivals.burst = [{{ at = \"{}ms\", count = {} }}, {{ at = \"40s\", count = 9 }}]",
            any(draws, 0, 30_000),
            any(draws, 2, 20)
        ),
    }
}

fn strategy(draws: &mut Draws, all: &str) -> String {
    let retry = match draws.below(4) {
        0 => "retry = { attempts = 3, backoff.fixed = \"700ms\" }",
        1 => {
            "retry = { attempts = 5, backoff.exponential = { base = \"200ms\", cap = \"5s\", \
              jitter = \"full\" } }"
        }
        2 => "retry = { attempts = 4, backoff.fixed = \"1s\", honour_retry_after = true }",
        _ => "",
    };
    let more = match draws.below(4) {
        0 => "workers = 2\n",
        1 => "pace.rate = \"2/s\"\n",
        2 => "workers = { count = 3, across = \"accounts\" }\n",
        _ => "",
    };
    format!("[strategy.s]\nworkloads = [{all}]\n{more}{retry}\n")
}

/// A scenario with one to three limits of a family.
pub fn scenario(draws: &mut Draws, family: Family) -> Random {
    let start = (draws.below(2) == 0).then(|| draws.below(60));
    let (round_trip, latency) = (2 * any(draws, 0, 40), any(draws, 0, 900));
    let mut text =
        String::from("schema = 1\nquestion = \"?\"\nduration = \"1m\"\ndrain = \"1h\"\n");
    if let Some(second) = start {
        let _ = writeln!(text, "start = 2026-11-27T00:00:{second:02}Z");
    }
    if draws.below(2) == 0 {
        let _ = writeln!(text, "warm_up = \"{}s\"", any(draws, 1, 30));
    }
    let _ = writeln!(text, "seed = {}", draws.below(1000));
    let regions = ["\"eu\"", "\"eu\", \"us\""][usize::from(draws.below(3) == 0)];
    let _ = writeln!(
        text,
        "[clients]\naccounts = {}\napplications = {}\nprocesses = {}\nregions = [{regions}]",
        any(draws, 1, 3),
        any(draws, 1, 2),
        any(draws, 1, 2)
    );
    let bad = if family == Family::Buckets {
        ""
    } else {
        "failure_rate = \"15%\"\nbad_request_rate = \"15%\"\n"
    };
    let _ = writeln!(
        text,
        "[service]\nlatency.constant = \"{latency}ms\"\nround_trip = \"{round_trip}ms\"\n{bad}"
    );
    let (mut made, mut all) = (Vec::new(), Vec::new());
    for number in 0..any(draws, 1, 3) {
        let steps = [one_of(draws, &CALLS), one_of(draws, &CALLS)];
        let steps = &steps[..1 + usize::from(draws.below(2) == 0)];
        made.extend(steps.iter().filter(|call| !made.contains(*call)).collect::<Vec<_>>());
        let list: Vec<String> =
            steps.iter().map(|call| format!("{{ call = \"{call}\" }}")).collect();
        let per = if draws.below(4) == 0 { "per = \"scenario\"\n" } else { "" };
        let _ = writeln!(
            text,
            "[workload.w{number}]\n{}\n{per}steps = [{}]",
            arrivals(draws),
            list.join(", ")
        );
        all.push(format!("\"w{number}\""));
    }
    made.dedup();
    text += &strategy(draws, &all.join(", "));
    text += "[provider.p]\ncatalog = \"limits.toml\"\n";
    let mut catalogue = String::from("name = \"P\"\nsource = \"?\"\nretrieved = 2026-11-23\n");
    let mut limits = Vec::new();
    let many = if draws.below(2) == 0 { 1 } else { any(draws, 2, 3) };
    for number in 0..usize::try_from(many).expect("small") {
        let (held, written, plan) = limit(draws, (number, family), &made);
        catalogue += &written;
        // Figures and plans name one limit; with several it would not be clear which.
        text += if many == 1 { &plan } else { "" };
        let plain = held.numbers[..1].to_vec();
        limits.push(match many {
            1 => held,
            _ => Held { numbers: plain, own: None, ..held },
        });
    }
    let text = format!("{text}\u{0}{catalogue}");
    let (there, latency) = (round_trip * MS / 2, latency * MS);
    let start = start.map_or(0, |second| (DAY + second) * SECOND);
    Random { text, limits, there, latency, start }
}
