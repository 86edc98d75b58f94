//! `throttlesim serve` as a person meets it: its one line, its files, its end.

use super::{connect, last, said};
use crate::root;
use assert_cmd::cargo::CommandCargoExt;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Answers each second call of the same account.
const SCENARIO: &str = r#"
schema = 1
question = "What does a client do?"
[limit.small]
scope = ["account"]
rule.token_bucket = { rate = "1/h", burst = 1 }
[workload.w]
arrivals.backlog = 1
call = "GET /items"
[strategy.client]
[[expect]]
that = "throttle_rate < 10%"
"#;

fn command(args: &[&str], folder: &Path) -> Command {
    let mut command = Command::cargo_bin("throttlesim").expect("the program");
    command.current_dir(folder).env("NO_COLOR", "1").arg("serve").args(args);
    command
}

/// Runs a command that must not start: its exit code and what it says.
fn refused(args: &[&str], folder: &Path) -> (Option<i32>, String) {
    let done = command(args, folder).output().expect("it runs");
    assert!(done.stdout.is_empty(), "{done:?}");
    (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
}

/// A folder with the scenario in it.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("own.toml"), SCENARIO).expect("written");
    folder
}

/// A program that serves.
struct Serving {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    line: String,
}

impl Serving {
    fn start(args: &[&str], folder: &Path) -> Self {
        let command = &mut command(args, folder);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("it starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        Self { child, out, line }
    }

    fn address(&self) -> SocketAddr {
        let address = self.line.split_whitespace().nth(2).expect("an address");
        address.trim_start_matches("http://").parse().expect("an address")
    }

    /// Sends a signal: exit code, what it printed after its first line, and what it said.
    fn stop(mut self, signal: &str) -> (Option<i32>, String, String) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().expect("kill");
        assert!(sent.success());
        let (mut printed, mut told) = (String::new(), String::new());
        self.out.read_to_string(&mut printed).expect("text");
        let mut errors = self.child.stderr.take().expect("piped");
        errors.read_to_string(&mut told).expect("text");
        (self.child.wait().expect("it ends").code(), printed, told)
    }
}

#[test]
#[cfg(unix)]
fn it_prints_one_line_serves_and_ends_on_a_signal() {
    let folder = folder();
    let args = ["own.toml", "--tls", "--ca", "made/ca.pem", "--log", "calls.jsonl"];
    for signal in ["-INT", "-TERM"] {
        let serving = Serving::start(&args, folder.path());
        let address = serving.address();
        let line = format!("listening on http://{address} and https://{address}\n");
        assert_eq!(serving.line, line);
        assert!(address.ip().is_loopback());
        let pem = std::fs::read_to_string(folder.path().join("made/ca.pem")).expect("a file");
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
        let ask = || said(connect(address), last("GET /items").as_bytes());
        let (first, second) = (ask(), ask());
        assert!(first.starts_with("HTTP/1.1 200 OK\r\n"), "{first}");
        assert!(second.starts_with("HTTP/1.1 429 "), "{second}");
        let (code, printed, told) = serving.stop(signal);
        // Half of the calls were refused, and less than a tenth was expected.
        assert_eq!(code, Some(1), "{told}");
        assert!(printed.contains("GET /items"), "{printed}");
        assert!(told.contains("certificate authority: made/ca.pem"), "{told}");
        let log = std::fs::read_to_string(folder.path().join("calls.jsonl")).expect("a log");
        assert_eq!(log.lines().count(), 2, "{log}");
    }
}

/// `/dev/full` takes nothing: the disk is full.
#[test]
#[cfg(target_os = "linux")]
fn a_log_that_cannot_be_written_is_said_and_is_a_failure() {
    let folder = folder();
    let args = ["own.toml", "--set", "expect=[]", "--log", "/dev/full"];
    let serving = Serving::start(&args, folder.path());
    let get = said(connect(serving.address()), last("GET /items").as_bytes());
    assert!(get.starts_with("HTTP/1.1 200 OK\r\n"), "{get}");
    let (code, printed, told) = serving.stop("-TERM");
    assert_eq!(code, Some(2), "{told}");
    assert!(printed.contains("GET /items"), "{printed}");
    let lost = "error: /dev/full: No space left on device (os error 28): the log is incomplete\n";
    assert!(told.ends_with(lost), "{told}");
}

#[test]
#[cfg(unix)]
fn nobody_called_is_no_failure() {
    let folder = folder();
    let args = ["own.toml", "--set", "expect=[]", "-q"];
    let (code, _, told) = Serving::start(&args, folder.path()).stop("-TERM");
    assert_eq!((code, told.as_str()), (Some(0), ""));
}

#[test]
fn what_cannot_be_served_is_refused_with_a_remedy() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    std::fs::write(folder.path().join("kept.jsonl"), "kept").expect("written");
    let another = format!("another program uses port {port}");
    for (args, parts) in [
        (&["own.toml", "--port", &port, "--log", "kept.jsonl"][..], &[another.as_str()][..]),
        (&["own.tom"], &["sp-api", "path"]),
        (&["owm.toml"], &["cannot read owm.toml", "did you mean own.toml?"]),
        (&["sp-apu"], &["no catalogue `sp-apu`", "did you mean `sp-api`?"]),
        (&["own.toml", "--ca", "ca.pem"], &["--tls"]),
        (&["own.toml", "--speed", "2", "--clock", "manual"], &["--clock"]),
        (&["own.toml", "--speed", "0"], &["--speed"]),
        (&["own.toml", "--log", "own.toml"], &["own.toml"]),
        (
            &["own.toml", "--set", "limit.small.rule.token_bucket.rate=\"100/s\"", "--speed", "21"],
            &["--speed 21 is too fast", "100/s", "write --speed 20 or less"],
        ),
        (&["sp-api", "--set", "seed=1"], &["--set changes a scenario"]),
        (&["own.toml", "--account", "cookie"], &["header:X-Account"]),
    ] {
        let (code, told) = refused(args, folder.path());
        assert_eq!(code, Some(2), "{args:?}: {told}");
        for part in parts {
            assert!(told.contains(part), "{args:?}: {part} in {told}");
        }
    }
    assert_eq!(std::fs::read(folder.path().join("kept.jsonl")).expect("kept"), b"kept");
    assert_eq!(std::fs::read(folder.path().join("own.toml")).expect("kept"), SCENARIO.as_bytes());
}

#[test]
#[cfg(unix)]
fn a_catalogue_is_served_by_its_name() {
    let serving = Serving::start(&["sp-api", "-q"], root());
    let address = serving.address();
    let path = "/orders/v0/orders/1/orderItems";
    let get = said(connect(address), last(&format!("GET {path}")).as_bytes());
    assert!(get.starts_with("HTTP/1.1 200 OK\r\n"), "{get}");
    assert!(get.contains("\r\nx-amzn-RateLimit-Limit: 0.5\r\n"), "{get}");
    let lost = said(connect(address), last("GET /orders/v0/order").as_bytes());
    assert!(lost.starts_with("HTTP/1.1 404 ") && lost.contains("nearest"), "{lost}");
    assert_eq!(serving.stop("-TERM").0, Some(0));
}

/// Replays `log` with `run`: its exit code, what it prints and what it says.
fn replayed(served: &str, log: &str, folder: &Path) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("throttlesim").expect("the program");
    let command = command.current_dir(folder).env("NO_COLOR", "1");
    let done = command.args(["run", served, "--replay", log]).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

#[test]
#[cfg(unix)]
fn what_was_served_is_replayed_alike() {
    let folder = folder();
    let serving = Serving::start(&["own.toml", "--log", "calls.jsonl", "-q"], folder.path());
    for _ in 0..3 {
        said(connect(serving.address()), last("GET /items").as_bytes());
    }
    let (code, _, told) = serving.stop("-TERM");
    assert_eq!(code, Some(1), "{told}");
    let log = std::fs::read_to_string(folder.path().join("calls.jsonl")).expect("a log");
    let changed = log.replacen("\"status\":429,\"cause\":\"small\"", "\"status\":200", 1);
    let cut = &log[..log.len() - 5];
    let other = log.replace("GET /items", "GET /others");
    for (name, text) in
        [("changed", changed.as_str()), ("cut", cut), ("other", &other), ("empty", "")]
    {
        std::fs::write(folder.path().join(name), text).expect("written");
    }
    for (served, name, code, part) in [
        ("own.toml", "calls.jsonl", 0, "Calls that were replayed: 3. All were decided alike."),
        ("own.toml", "changed", 1, "GET /items of account 0: 200 in the log, 429 by `small` now"),
        ("own.toml", "cut", 2, "cut:3: this is no line of serve --log"),
        ("own.toml", "other", 2, "other:1: what was served has no such call"),
        ("sp-api", "calls.jsonl", 2, "calls.jsonl:1: what was served has no such call"),
        ("own.toml", "empty", 2, "empty holds no calls"),
        ("own.toml", "none", 2, "cannot read none"),
    ] {
        let (exit, printed, told) = replayed(served, name, folder.path());
        assert_eq!(exit, Some(code), "{name}: {printed}{told}");
        assert!(format!("{printed}{told}").contains(part), "{name}: {part} in {printed}{told}");
    }
}
