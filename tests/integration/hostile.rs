//! Hostile input: scenarios, catalogues, traces, `--set` addresses, results and parts of sweeps
//! that chance has mangled are read or refused with a place, never with a panic, a hang or without
//! a word.
//!
//! What is done with an input is what the fuzz targets under `fuzz/` do: both include
//! `tests/fuzz/bodies.rs`. The seeds are what ships. `THROTTLESIM_HOSTILE_CASES=100000` tries more
//! than the usual few; a case that fails is printed with its number, which alone decides what it
//! is.

use crate::root;
use std::fs;
use std::sync::mpsc;
use std::time::Duration;
use throttlesim::random::{Draws, Purpose, Streams};
use throttlesim::scenario::set;

#[path = "../fuzz/bodies.rs"]
mod bodies;

/// What stands in the place of a value, or between any two letters.
const SPITE: &[&str] = &[
    "",
    "-1",
    "0",
    "1e999",
    "nan",
    "-inf",
    "99999999999999999999999",
    "18446744073709551615",
    "-9223372036854775808",
    "0.0000000000000000001",
    "\"99999999999999999999w\"",
    "\"1/0s\"",
    "\"4294967296/ns\"",
    "\"100%\"",
    "\"\\u0000\"",
    "\"\u{202e}é\u{1F600}\"",
    "[]",
    "{}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "{ a = { a = { a = { a = { a = 1 } } } } }",
    "true",
    "2026-02-30T25:61:61Z",
    "\"",
    "'''",
    "\r",
    "\u{0}",
    "]",
    "=",
    "#",
    ".",
];

fn cases(usual: u64) -> u64 {
    let wanted = std::env::var("THROTTLESIM_HOSTILE_CASES").ok();
    wanted.and_then(|number| number.parse().ok()).unwrap_or(usual)
}

fn draws(what: u64, case: u64) -> Draws {
    Streams::new(what, 0).stream(Purpose::Keys, 0).at(case)
}

fn place(draws: &mut Draws, length: usize) -> usize {
    usize::try_from(draws.below(length.max(1) as u64)).expect("small")
}

/// The nearest beginning of a letter.
fn letter(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text with one thing wrong that was not.
fn mangled(text: &str, other: &str, draws: &mut Draws) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = letter(text, place(draws, text.len() + 1));
    let end = letter(text, (at + place(draws, 40)).min(text.len()));
    let line = place(draws, lines.len());
    let spite = SPITE[place(draws, SPITE.len())];
    let without = |skipped: usize| {
        let kept = lines.iter().enumerate().filter(|(number, _)| *number != skipped);
        kept.map(|(_, line)| *line).collect::<Vec<_>>().join("\n")
    };
    match draws.below(8) {
        0 => format!("{}{spite}{}", &text[..at], &text[end..]),
        1 => format!("{}{}", &text[..at], &text[end..]),
        2 => text[..at].to_string(),
        3 => without(line),
        4 => format!("{text}\n{}", lines.get(line).unwrap_or(&"")),
        5 => {
            let from = letter(other, place(draws, other.len() + 1));
            let to = letter(other, (from + place(draws, 200)).min(other.len()));
            format!("{}{}{}", &text[..at], &other[from..to], &text[end..])
        }
        6 => {
            // The value of a line.
            let mut lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            if let Some(line) = lines.get_mut(line)
                && let Some((key, _)) = line.split_once('=')
            {
                *line = format!("{key}= {spite}");
            }
            lines.join("\n")
        }
        _ => format!("{}{}{}", &text[..at], spite.repeat(1 + place(draws, 2000)), &text[at..]),
    }
}

/// Every text under a folder whose name ends so.
fn texts(folder: &str, ending: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).expect("a folder").flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let ours = paths.iter().filter(|path| path.to_string_lossy().ends_with(ending));
    ours.map(|path| fs::read_to_string(path).expect("a text")).collect()
}

/// Tries every case in a thread that is watched: one that takes ten seconds hangs.
fn try_all(what: u64, number: u64, seeds: Vec<String>, read: impl Fn(&str) + Send + 'static) {
    let (begun, watched) = mpsc::channel();
    let worker = std::thread::spawn(move || {
        for case in 0..number {
            let mut draws = draws(what, case);
            let mut text = seeds[place(&mut draws, seeds.len())].clone();
            let other = &seeds[place(&mut draws, seeds.len())];
            for _ in 0..=draws.below(4) {
                text = mangled(&text, other, &mut draws);
            }
            begun.send((case, text.clone())).expect("watched");
            read(&text);
        }
    });
    let mut last = (0, String::new());
    loop {
        match watched.recv_timeout(Duration::from_secs(10)) {
            Ok(case) => last = case,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("case {} hangs:\n{}", last.0, last.1),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    assert!(worker.join().is_ok(), "case {} panics:\n{}", last.0, last.1);
}

/// Tries inputs that are choices: bytes of chance, as many as 60.
fn try_choices(what: u64, number: u64, body: fn(&[u8])) {
    let seed = (0..60).map(|n| char::from(b' ' + n)).collect();
    try_all(what, number, vec![seed], move |text| body(&noise(text)));
}

/// Bytes that follow from a text, each of any value.
fn noise(text: &str) -> Vec<u8> {
    let mut draws = draws(99, throttlesim::study::fnv(text.bytes()));
    (0..draws.below(60)).map(|_| draws.below(256).to_le_bytes()[0]).collect()
}

/// The scenarios that ship, and the starters.
fn scenarios() -> Vec<String> {
    [texts("scenarios", ".toml"), texts("src/cli/starters", ".toml")].concat()
}

#[test]
fn mangled_scenarios_are_read_or_refused() {
    try_all(1, cases(700), scenarios(), |text| bodies::scenario(text.as_bytes()));
}

#[test]
fn mangled_scenarios_run_as_they_are_watched() {
    try_all(5, cases(150), scenarios(), |text| bodies::run(text.as_bytes()));
}

#[test]
fn mangled_catalogues_are_read_or_refused() {
    let mut seeds = texts("scenarios/limits", ".toml");
    seeds.extend(texts("src/catalog/data", ".toml").into_iter().filter(|t| t.len() < 20_000));
    try_all(2, cases(300), seeds, |text| bodies::catalogue(text.as_bytes()));
}

#[test]
fn mangled_recordings_are_read_or_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let csv = "time,account,call,status\n0,a,get,200\n0.5,b,get,429\n1.5,a,get,200\n";
    let rfc = "time,call\n2026-11-23T00:00:00Z,get\n2026-11-23T00:00:01.5+02:00,get\n";
    let jsonl = "{\"time\": 0, \"call\": \"get\"}\n{\"time\": 1.5, \"call\": \"get\"}\n";
    let log = "10.0.0.1 - ann [23/Nov/2026:00:00:00 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n\
               10.0.0.2 - - [23/Nov/2026:00:00:02 +0000] \"GET /b?c HTTP/1.1\" 429 5 \"-\" \"y\"\n";
    let seeds = [csv, rfc, jsonl, log].map(String::from).to_vec();
    try_all(3, cases(700), seeds, move |text| bodies::trace(text.as_bytes(), place.path()));
}

#[test]
fn mangled_expectations_are_read_or_refused() {
    let seeds = [
        "throttle_rate < 1%",
        "job_latency.p99 <= 1m 30s",
        "requests.completed >= 10",
        "throttle_rate ± 0.5%",
        "goodput > 0.5/s",
        "5s",
    ];
    let seeds = seeds.map(String::from).to_vec();
    try_all(6, cases(500), seeds, |text| bodies::expectation(text.as_bytes()));
}

#[test]
fn mangled_settings_are_taken_or_refused() {
    let text = texts("scenarios", "amazon-pay-30-charges.toml").remove(0);
    let seeds = [
        "strategy.paced.workers=4",
        "provider.pay.readings.restore=\"seconds-per-request\"",
        "workload.charges.steps[0].count.uniform={ low = 1, high = 2 }",
        "clients.accounts=2",
        "limit.\"a b\".rule.token_bucket.rate=\"1/s\"",
    ];
    try_all(4, cases(2000), seeds.map(String::from).to_vec(), move |assignment| {
        match set(&text, assignment) {
            Ok(changed) => bodies::scenario(changed.as_bytes()),
            Err(error) => assert!(!error.to_string().is_empty(), "refused without a word"),
        }
    });
}

#[test]
fn chosen_settings_are_taken_or_refused() {
    try_choices(7, cases(500), bodies::settings);
}

#[test]
fn edited_results_are_compared_or_refused() {
    try_choices(8, cases(500), bodies::results);
}

#[test]
fn edited_parts_are_merged_or_refused() {
    try_choices(9, cases(500), bodies::parts);
}

/// Clients of `serve`, of which some ask for a tunnel to a port that nobody may reach.
#[test]
#[cfg(feature = "serve")]
fn mangled_connections_are_answered_and_reach_nobody() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    nobody.set_nonblocking(true).expect("set");
    let host = nobody.local_addr().expect("an address").to_string();
    let get = "GET /orders?a=1 HTTP/1.1\r\nHost: h\r\nx-amz-access-token: a\r\n\r\n";
    let post = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
    let chunks = "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let whole = format!("GET http://{host}/a HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let tunnel = format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n{get}{post}");
    let tls = format!(
        "CONNECT {host} HTTP/1.1\r\n\r\n\u{16}\u{3}\u{1}\u{0}\u{5}\u{1}\u{0}\u{0}\u{1}\u{3}"
    );
    let seeds = vec![format!("{get}{post}{chunks}{get}"), whole, tunnel, tls];
    try_all(10, cases(300), seeds, |text| {
        crate::serve_net::connection::connection(text.as_bytes());
    });
    try_choices(11, cases(100), |input| {
        crate::serve_net::connection::connection(input);
    });
    let reached = nobody.accept().map_err(|error| error.kind());
    assert!(matches!(reached, Err(std::io::ErrorKind::WouldBlock)), "{reached:?}");
}
