//! Logs as programs write them, by name of format, and what a scenario says about reading them:
//! units of time, keys within keys, calls of several columns, filters, separators, gzip.

use crate::trace::replaying;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use throttlesim::scenario::Scenario;

/// 2026-11-27T22:00:00Z, by `date -u -d 2026-11-27T22:00:00Z +%s`.
const TEN: u64 = 1_795_816_800;
const CALLS: &str = "calls = [{ match = \"GET /orders/*\", call = \"get\" }, \
                     { match = \"POST /orders\", call = \"post\" }]";
const TWO: &str = "[clients]\naccounts = 2";

fn read(folder: &Path, file: &str, rows: &str, trace: &str, more: &str) -> Scenario {
    let trace = format!(", {trace}");
    replaying(folder, file, rows, &trace, more).unwrap_or_else(|said| panic!("{said}"))
}

fn refused(folder: &Path, file: &str, rows: &str, trace: &str) -> String {
    let trace = format!(", {trace}");
    replaying(folder, file, rows, &trace, TWO).err().unwrap_or_default()
}

/// Forty requests, one each second, of two accounts in turn: each fourth is a POST, each fifth is
/// refused; so that `seq 0 39` counts 40 rows, 8 refused, and of the 32 others 24 GET and 8 POST.
fn forty(line: impl Fn(u64, &str, &str, u16, &str) -> String) -> String {
    let mut text = String::new();
    for n in 0..40 {
        let (method, path) =
            if n % 4 == 3 { ("POST", "/orders".into()) } else { ("GET", format!("/orders/{n}")) };
        let status = if n % 5 == 2 { 429 } else { 200 };
        let who = if n % 2 == 0 { "10.0.0.1" } else { "10.0.0.2" };
        let _ = writeln!(text, "{}", line(n, method, &path, status, who));
    }
    text
}

fn holds(scenario: &Scenario, format: &str) {
    let reading = &scenario.traces[0];
    let found = &reading.found;
    assert_eq!((found.rows, found.throttled, found.replayed), (40, 8, 32), "{format}");
    let calls = [("get".to_string(), 24), ("post".to_string(), 8)];
    assert_eq!(reading.calls, calls, "{format}");
    assert_eq!((found.accounts, found.bad, found.unmatched), (Some(2), 0, 0), "{format}");
    assert_eq!(found.span.as_secs_f64().to_bits(), 39f64.to_bits(), "{format}");
    assert_eq!(found.starts, Some(i64::try_from(TEN).expect("a time")), "{format}");
}

fn w3c() -> String {
    let lines = forty(|n, method, path, status, who| {
        let begins = format!("2026-11-27 22:00:{n:02} 10.1.0.1 {method} {path}");
        format!("{begins} - 443 - {who} sync/2 {status} 0 0 15")
    });
    let fields = "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Fields: \
                  date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip \
                  cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\n";
    format!("{fields}{lines}")
}

fn cloudfront() -> String {
    let fields = "#Version: 1.0\n#Fields: date\ttime\tx-edge-location\tsc-bytes\tc-ip\t\
                  cs-method\tcs(Host)\tcs-uri-stem\tsc-status\n";
    let lines = forty(|n, method, path, status, who| {
        let begins = format!("2026-11-27\t22:00:{n:02}\tSEA19-C1\t1045\t{who}");
        format!("{begins}\t{method}\td1.example\t{path}\t{status}")
    });
    format!("{fields}{lines}")
}

fn alb() -> String {
    forty(|n, method, path, status, who| {
        format!(
            "h2 2026-11-27T22:00:59.1Z app/shop/50dc {who}:2817 10.0.1.5:80 0.0 0.02 0.0 {status} \
             {status} 34 366 \"{method} https://api.example.com:443{path}?x=1 HTTP/2.0\" \
             \"sync/2\" ECDHE TLSv1.2 arn:aws:x \"Root=1-58\" \"api.example.com\" \"arn:aws:y\" 0 \
             2026-11-27T22:00:{n:02}.000000Z \"forward\" \"-\" \"-\" \"10.0.1.5:80\" \"{status}\" \
             \"-\" \"-\" TID_1"
        )
    })
}

fn envoy() -> String {
    forty(|n, method, path, status, who| {
        format!(
            "[2026-11-27T22:00:{n:02}.000Z] \"{method} {path} HTTP/2\" {status} - 154 0 226 100 \
             \"{who}\" \"sync/2\" \"cc21\" \"locations\" \"tcp://10.0.2.1:80\""
        )
    })
}

fn traefik() -> String {
    forty(|n, method, path, status, who| {
        format!(
            "{who} - - [27/Nov/2026:22:00:{n:02} +0000] \"{method} {path} HTTP/1.1\" {status} 12 \
             \"-\" \"sync/2\" {n} \"shop@docker\" \"http://10.0.0.9:80\" 3ms"
        )
    })
}

fn har() -> String {
    let entries = forty(|n, method, path, status, who| {
        format!(
            "{{\"startedDateTime\":\"2026-11-27T23:00:{n:02}.000+01:00\",\"time\":3,\"request\":\
             {{\"method\":\"{method}\",\"url\":\"https://x.example{path}\"}},\"response\":\
             {{\"status\":{status}}},\"connection\":\"{who}\"}},"
        )
    });
    let entries = entries.trim_end().trim_end_matches(',');
    format!("{{\"log\":{{\"version\":\"1.2\",\"entries\":[\n{entries}\n]}}}}")
}

fn k6() -> String {
    let lines = forty(|n, method, path, status, who| {
        let (time, url) = (TEN + n, format!("http://x.example{path}"));
        let ends = format!("{method},{url},HTTP/1.1,{who},,{status},,,{url},");
        format!(
            "http_reqs,{time},1.0,,,,true,,{ends}\nhttp_req_duration,{time},18.2,,,,true,,{ends}"
        )
    });
    format!(
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,\
         name,proto,scenario,service,status,subproto,tls_version,url,extra_tags\n{lines}"
    )
}

fn jmeter() -> String {
    let lines = forty(|n, method, path, status, who| {
        let label = format!("{method} {path}");
        format!("{}000,37,{label},{status},x,{who},text,true,,5,5,1,1,null,36,0,9", TEN + n)
    });
    let header = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,\
                  success,failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,\
                  IdleTime,Connect";
    format!("{header}\n{lines}")
}

#[test]
fn every_format_by_name_has_the_calls_that_were_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    for (format, account, rows) in [
        ("w3c", "c-ip", w3c()),
        ("w3c", "c-ip", cloudfront()),
        ("alb", "client:port", alb()),
        ("envoy", "x_forwarded_for", envoy()),
        ("traefik", "host", traefik()),
        ("har", "connection", har()),
        ("k6", "scenario", k6()),
        ("jmeter", "threadName", jmeter()),
    ] {
        let trace = format!("format = \"{format}\", account = \"{account}\", {CALLS}");
        let scenario = read(folder.path(), "t.txt", &rows, &trace, TWO);
        holds(&scenario, format);
        let filtered = if format == "k6" { 40 } else { 0 };
        assert_eq!(scenario.traces[0].found.filtered, filtered);
    }
}

#[test]
fn a_table_of_ones_own_is_read_as_the_scenario_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = forty(|n, method, path, status, who| {
        format!("{};{who};{method};\"{path}\";{status}", (TEN + n) * 1_000_000)
    });
    let rows = format!("at;who;verb;path;code\n{rows}");
    let trace = format!(
        "separator = \";\", time = \"at\", account = \"who\", call = [\"verb\", \"path\"], \
         status = \"code\", {CALLS}"
    );
    holds(&read(folder.path(), "t.csv", &rows, &trace, TWO), "semicolons, microseconds");
    let tabs = rows.replace(';', "\t");
    let trace = trace.replace("\";\"", "\"\\t\"") + ", unit = \"us\"";
    holds(&read(folder.path(), "t.csv", &tabs, &trace, TWO), "tabs");
    let nested = forty(|n, method, path, status, who| {
        format!(
            "{{\"t\":{}000,\"http\":{{\"request\":{{\"method\":\"{method}\",\"uri\":\"{path}\"}},\
             \"ip\":[\"{who}\"]}},\"res.status\":{status},\"kind\":\"access\"}}\n\
             {{\"kind\":\"app\"}}",
            TEN + n
        )
    });
    let trace = format!(
        "time = \"t\", account = \"/http/ip/0\", call = [\"http.request.method\", \
         \"/http/request/uri\"], status = \"res.status\", where = {{ kind = \"acc*\" }}, {CALLS}"
    );
    let scenario = read(folder.path(), "t.jsonl", &nested, &trace, TWO);
    holds(&scenario, "keys within keys");
    assert_eq!(scenario.traces[0].found.filtered, 40);
    let local = rows.replace(';', ",").replace("at,", "time,");
    let local = (0..40).fold(local, |text, n| {
        text.replace(&format!("{}000000,", TEN + n), &format!("2026-11-27 23:30:{n:02},"))
    });
    let trace = format!(
        "zone = \"+01:30\", account = \"who\", call = [\"verb\", \"path\"], status = \"code\", \
         {CALLS}"
    );
    holds(&read(folder.path(), "t.csv", &local, &trace, TWO), "a zone");
}

/// A file that gzip has compressed, in two members as `cat a.gz b.gz` puts them together.
#[test]
fn a_compressed_log_is_what_it_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = forty(|n, method, path, status, who| {
        format!(
            "{who} - - [27/Nov/2026:22:00:{n:02} +0000] \"{method} {path} HTTP/1.1\" {status} 12"
        )
    });
    let (first, second) = rows.split_at(rows.len() / 3);
    let mut bytes = Vec::new();
    for part in [first, second] {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(part.as_bytes()).expect("packed");
        bytes.extend(packed.finish().expect("packed"));
    }
    std::fs::write(folder.path().join("t.log.gz"), &bytes).expect("written");
    let text = |file: &str| {
        format!(
            "schema = 1\nquestion = \"?\"\n[limit.l]\nscope = []\nrule.concurrency = 1\n{TWO}\n\
             [workload.w]\narrivals.trace = {{ file = \"{file}\", account = \"host\", {CALLS} }}\n\
             [strategy.s]\n"
        )
    };
    let scenario = Scenario::read("t", &text("t.log.gz"), folder.path()).expect("a scenario");
    holds(&scenario, "gzip");
    let outcome = throttlesim::simulation::simulate(&scenario.plan, 0, 0, 0..2);
    assert_eq!(outcome.jobs[0].tally.arrived, 32);
    std::fs::write(folder.path().join("u.log.gz"), &bytes[..bytes.len() - 9]).expect("written");
    let problems = Scenario::read("t", &text("u.log.gz"), folder.path()).expect_err("cut off");
    assert!(format!("{problems:?}").contains("cannot read `u.log.gz`"), "{problems:?}");
}

#[test]
fn what_a_log_does_not_have_is_an_error_with_the_nearest_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = "time,method,path\n0,GET,/a\n1,GET,/b\n";
    // The key of the last of many rows is known, too.
    let mut late: String =
        (0..1500).map(|n| format!("{{\"time\":{n},\"call\":\"x\"}}\n")).collect();
    late += "{\"time\":1500,\"call\":\"x\",\"req\":{\"status\":200}}\n";
    let w3c = "#Fields: date time cs-method cs-uri-stem sc-status\n2026-11-27 22:00:00 GET / 200\n";
    for (file, rows, trace, parts) in [
        (
            "t.csv",
            csv,
            "call = [\"methd\", \"path\"]",
            &["no column `methd`", "mean `method`?"][..],
        ),
        ("t.csv", csv, "call = []", &["list of columns of the call is empty", "\"method\""]),
        ("t.csv", csv, "where = { pth = \"x\" }", &["no column `pth`", "mean `path`?"]),
        (
            "t.csv",
            csv,
            "call = \"method\", where = { path = \"/c\" }",
            &["nothing in `t.csv`", "`where` leaves out 2 others"],
        ),
        ("t.csv", csv, "separator = \";;\"", &["must be one ASCII character", "write \";\""]),
        ("t.csv", csv, "separator = \";\"", &["no column `time`", "time,method,path"]),
        ("t.csv", csv, "call = \"method\", zone = \"+1\"", &["`+1` is not an offset", "+01:00"]),
        (
            "t.csv",
            csv,
            "call = \"method\", zone = \"Z\"",
            &["`zone` has no effect", "leave `zone`"],
        ),
        ("t.csv", csv, "unit = \"min\"", &["unknown value `min`", "`ms`"]),
        ("t.jsonl", &late, "status = \"req.staus\"", &["has `req.staus`", "mean `req.status`?"]),
        ("t.jsonl", &late, "where = { \"req.statu\" = \"2*\" }", &["`req.statu`", "mean `req.st"]),
        ("t.jsonl", &late, "call = [\"call\", \"cal\"]", &["has `cal`", "mean `call`?"]),
        ("t.jsonl", &late, "separator = \",\"", &["not a table", "leave `separator` out"]),
        ("t.txt", w3c, "format = \"w3c\", account = \"c-ip\"", &["no column `c-ip`", "cs-method"]),
        (
            "t.txt",
            w3c,
            "format = \"w3c\", call = \"cs-method\", unit = \"s\"",
            &["`unit` has no effect"],
        ),
        ("t.txt", csv, "format = \"w3c\"", &["no line that begins with `#Fields:`"]),
        ("t.har", "{\"log\":{}}", "at = \"0s\"", &["not an HTTP archive", "log.entries"]),
        ("t.csv", csv, "format = \"k6\"", &["no column `timestamp`", "write time = "]),
    ] {
        let said = refused(folder.path(), file, rows, trace);
        for part in parts {
            assert!(said.contains(part), "{trace}: no “{part}” in\n{said}");
        }
    }
}
