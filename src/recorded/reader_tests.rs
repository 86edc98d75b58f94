//! Rows of every format, from how its documentation writes them.

use super::super::counted;
use super::*;
use crate::catalog::Glob;
use std::path::PathBuf;

/// What is read of a log: line, time \[ns\], account, call and status, or why a row is bad.
fn rows(format: Format, columns: Columns, text: &str) -> Vec<String> {
    let log = Log::new(PathBuf::new(), format, columns);
    let Source::Plain(bytes) = counted::of(text) else { panic!("not compressed") };
    let mut reader = Reader::new(bytes, &log).expect("columns");
    let mut rows = Vec::new();
    while let Some(row) = reader.next() {
        let text = |bytes: Option<&[u8]>| {
            bytes.map_or("-".into(), |bytes| String::from_utf8_lossy(bytes).to_string())
        };
        let row = match row {
            Err(bad) => bad.reason().to_string(),
            Ok(None) => "left out".into(),
            Ok(Some(r)) => {
                let status = r.answer.status();
                format!("{} {} {} {status:?}", r.time, text(r.account), text(r.call))
            }
        };
        rows.push(format!("{}: {row}", reader.line()));
    }
    assert!(reader.failed().is_none());
    rows
}

fn columns(account: &str, call: &[&str], status: &str) -> Columns {
    let name = |name: &str| Some(name.to_string()).filter(|name| !name.is_empty());
    Columns {
        account: name(account),
        call: call.iter().map(ToString::to_string).collect(),
        status: name(status),
        ..Columns::of_time("time".into())
    }
}

/// What a format is read as by itself, with an account.
fn usual(format: Format, account: &str) -> Columns {
    let usual = format.usual();
    let only = usual.only.iter().map(|(name, value)| (name.to_string(), Glob::new(value)));
    Columns {
        time: usual.time.into(),
        only: only.collect(),
        ..columns(account, usual.call, usual.status)
    }
}

/// 2026-11-27T22:00:00Z, by `date -u -d 2026-11-27T22:00:00Z +%s`.
const TEN: i64 = 1_795_816_800_000_000_000;

#[test]
fn rows_of_a_table_are_read_by_the_names_of_their_columns() {
    let text = "\u{feff}who,time , status,call\r\n\
                a,0.5,200,x\r\n\
                \"b, c\", 1 ,429.0,\"two\nlines\"\r\n\
                \r\n\
                ,2,-\r\n\
                d,soon,200,x\r\n\
                d\r\n";
    assert_eq!(
        rows(Format::Csv, columns("who", &["call"], "status"), text),
        [
            "2: 500000000 a x Some(200)",
            "3: 1000000000 b, c two\nlines Some(429)",
            "5: 2000000000 - - None",
            "7: its time is neither seconds nor a date",
            "8: no time",
        ]
    );
}

#[test]
fn keys_count_whatever_else_an_object_holds() {
    let bad = "not a JSON object with texts and numbers";
    for (line, row) in [
        (r#"{"time": 1, "who": "a", "call": "x", "status": 200}"#, "1000000000 a x Some(200)"),
        (r#"{"status":"429","time":"0.000000001"}"#, "1 - - Some(429)"),
        (r#"{"time": 1795816800.25, "status": 429.0}"#, "1795816800250000000 - - Some(429)"),
        (r#"{"time":"1970-01-01T00:00:01Z","x":[{"time":5}],"who":7}"#, "1000000000 7 - None"),
        (r#"{"time": -1, "who": null, "call": ""}"#, "-1000000000 - - None"),
        (r#"{"time": 0, "call": "a\nb\u00e9"}"#, "0 - a\nbé None"),
        (r#"{"who": "a"}"#, "no time"),
        (r#"{"time": null}"#, "no time"),
        (r#"{"time": 1795816800123}"#, "its time is neither seconds nor a date"),
        (r#"{"time": 1"#, bad),
        (r#"{"time": 1} more"#, bad),
        (r#"{"time": 1, "who": {}}"#, bad),
        ("[1]", bad),
    ] {
        // A row before it leaves nothing behind.
        let before = r#"{"time": 9, "who": "before", "call": "b", "status": 503}"#;
        let text = format!("{before}\n{line}\n");
        let read = rows(Format::Jsonl, columns("who", &["call"], "status"), &text);
        assert_eq!(read[1..], [format!("2: {row}")], "{line}");
    }
}

#[test]
fn keys_within_keys_are_named_by_dots_or_by_a_pointer() {
    let line =
        r#"{"time":1,"req":{"m":"GET","a/b":"/x","h":[{"v":"k"}]},"res.code":200,"a":{"b.c":5}}"#;
    for (account, call, status, row) in [
        ("a.b.c", ["req.m", "req.a/b"], "res.code", "1: 1000000000 5 GET /x Some(200)"),
        ("/a/b.c", ["/req/m", "/req/a~1b"], "/res.code", "1: 1000000000 5 GET /x Some(200)"),
        ("req.h.0.v", ["req.m", "req.m"], "/res/code", "1: 1000000000 k GET GET None"),
        ("req.h.1.v", ["req.m", "req.n"], "req.m.x", "1: 1000000000 - - None"),
    ] {
        assert_eq!(rows(Format::Jsonl, columns(account, &call, status), line), [row], "{account}");
    }
}

const ACCESS: &str = "10.0.0.7 - seller-a [27/Nov/2026:22:00:00 +0000] \
                      \"GET /orders?x=1 HTTP/1.1\" 200 5120 \"-\" \"sync/2\"";

fn access(line: &str, account: &str) -> String {
    rows(Format::Combined, columns(account, &["request"], "status"), line).remove(0)
}

#[test]
fn a_line_of_an_access_log_is_read_as_the_format_says() {
    let as_read = |account: &str, call: &str, status: u16| {
        format!("1: {TEN} {account} {call} Some({status})")
    };
    let orders = "GET /orders?x=1";
    assert_eq!(access(ACCESS, "host"), as_read("10.0.0.7", orders, 200));
    assert_eq!(access(ACCESS, "user"), as_read("seller-a", orders, 200));
    let common = ACCESS.replace(" \"-\" \"sync/2\"", "").replace(" 200 ", " 429 ");
    assert_eq!(access(&common, "user"), as_read("seller-a", orders, 429));
    for (request, call) in
        [("-", "-"), ("GET /a\\\"b HTTP/2.0", "GET /a\\\"b"), ("GET /old", "GET /old")]
    {
        let line = ACCESS.replace("GET /orders?x=1 HTTP/1.1", request);
        assert_eq!(access(&line, "host"), as_read("10.0.0.7", call, 200), "{request}");
    }
    assert_eq!(access(&ACCESS.replace("seller-a", "a b"), "user"), as_read("a b", orders, 200));
    let traefik = format!("{ACCESS} 7 \"shop@docker\" \"http://10.0.0.9:80\" 3ms");
    let read = rows(Format::Traefik, columns("router", &["request"], "status"), &traefik);
    assert_eq!(read, [as_read("shop@docker", orders, 200)]);
}

#[test]
fn what_is_no_line_of_an_access_log_is_bad() {
    for (from, to, bad) in [
        ("[", "", Bad::NotCombined),
        ("27/Nov", "27/Nox", Bad::Time),
        ("HTTP/1.1\" 200", "HTTP/1.1\" abc", Bad::NotCombined),
        (" 200 5120 \"-\" \"sync/2\"", "", Bad::NotCombined),
        ("\"GET", "GET", Bad::NotCombined),
    ] {
        let read = access(&ACCESS.replace(from, to), "host");
        assert_eq!(read, format!("1: {}", bad.reason()), "{to}");
    }
}

/// IIS writes its columns anew when it starts; CloudFront separates by tabs.
#[test]
fn w3c_logs_name_their_columns() {
    let text = "#Software: Microsoft Internet Information Services 10.0\n\
                #Fields: date time cs-method cs-uri-stem c-ip sc-status\n\
                2026-11-27 22:00:00 GET /orders 10.0.0.7 200\n\
                #Fields: date time c-ip cs-method cs-uri-stem sc-status\n\
                2026-11-27 22:00:01 10.0.0.8 POST /orders 429\n\
                2026-11-27\t22:00:01.5\t-\tGET\t-\t503\n";
    let read = rows(Format::W3c, usual(Format::W3c, "c-ip"), text);
    assert_eq!(
        read,
        [
            format!("3: {TEN} 10.0.0.7 GET /orders Some(200)"),
            format!("5: {} 10.0.0.8 POST /orders Some(429)", TEN + 1_000_000_000),
            format!("6: {} - - Some(503)", TEN + 1_500_000_000),
        ]
    );
}

/// The lines are made as AWS, Envoy, k6 and JMeter document them.
#[test]
fn other_formats_are_read_by_name() {
    let alb = "https 2026-11-27T22:00:01.5Z app/shop/50dc 10.0.0.7:2817 10.0.1.5:80 0.001 0.02 \
               0.0 429 429 34 366 \"GET https://api.example.com:443/orders?x=1 HTTP/1.1\" \
               \"sync/2 (a \\\"b\\\")\" ECDHE TLSv1.2 arn:aws:x \"Root=1-58\" \"api.example.com\" \
               \"session-reused\" 0 2026-11-27T22:00:00.000000Z \"forward\" \"-\" \"-\" \
               \"10.0.1.5:80\" \"429\" \"-\" \"-\" TID_1\n";
    let read = rows(Format::Alb, usual(Format::Alb, "client:port"), alb);
    assert_eq!(read, [format!("1: {TEN} 10.0.0.7 GET /orders?x=1 Some(429)")]);
    let envoy = "[2026-11-27T22:00:00.000Z] \"POST /api/v1/locations HTTP/2\" 204 - 154 0 226 100 \
                 \"10.0.35.28\" \"nsq2http\" \"cc21d9b0\" \"locations\" \"tcp://10.0.2.1:80\"\n";
    let read = rows(Format::Envoy, usual(Format::Envoy, "authority"), envoy);
    assert_eq!(read, [format!("1: {TEN} locations POST /api/v1/locations Some(204)")]);
    let k6 = "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,\
              method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags\n\
              http_reqs,1795816800,1.0,,,,true,,GET,https://api.example.com/a?b,HTTP/1.1,\
              default,,200,,,https://api.example.com/a?b,\n\
              vus,1795816800,1.0,,,,,,,,,,,,,,,\n";
    let read = rows(Format::K6, usual(Format::K6, "scenario"), k6);
    assert_eq!(read, [format!("2: {TEN} default GET /a?b Some(200)"), "3: left out".into()]);
    let jmeter = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success\n\
                  1795816800000,37,get order,200,OK,Thread Group 1-1,true\n\
                  1795816800250,1,get order,Non HTTP response code: x,y,Thread Group 1-1,false\n";
    let read = rows(Format::Jmeter, usual(Format::Jmeter, ""), jmeter);
    let later = TEN + 250_000_000;
    assert_eq!(
        read,
        [format!("2: {TEN} - get order Some(200)"), format!("3: {later} - get order None")]
    );
}

#[test]
fn an_archive_is_read_entry_by_entry() {
    let entry = |second: u32, more: &str| {
        format!(
            "{{\"startedDateTime\":\"2026-11-27T23:00:0{second}.000+01:00\",\
             \"request\":{{\"method\":\"GET\",\"url\":\"https://x.example/a\",\"entries\":[1]}},\
             \"response\":{{\"status\":200,\"content\":{{\"text\":\"{more}\"}}}}}}"
        )
    };
    let body = "é\\u00e9\\\\\\\"}".repeat(40_000);
    let text = format!(
        "{{\"x\":{{\"entries\":[5]}},\"log\": {{\"version\":\"1.2\",\"c\":{{\"n\":\"log\"}},\n\
         \"entries\" : [\n{},\n{},\n{{\"no\":\"time\"}},\n7 ], \"more\": 1}}}}",
        entry(0, "}"),
        entry(1, &body)
    );
    let read = rows(Format::Har, usual(Format::Har, ""), &text);
    let second = TEN + 1_000_000_000;
    assert_eq!(
        read,
        [
            format!("3: {TEN} - GET /a Some(200)"),
            format!("4: {second} - GET /a Some(200)"),
            "5: no time".into(),
            "6: not a JSON object with texts and numbers".into(),
        ]
    );
}

#[test]
fn rows_that_do_not_match_all_filters_are_left_out() {
    let only = |list: &[(&str, &str)]| Columns {
        only: list.iter().map(|(name, value)| (name.to_string(), Glob::new(value))).collect(),
        ..columns("", &["call"], "status")
    };
    let line = r#"{"time":1,"call":"x","status":200,"host":{"name":"api/v1/x","up":true}}"#;
    for (filters, row) in [
        (&[("status", "200"), ("host.up", "true")][..], "1: 1000000000 - x Some(200)"),
        (&[("host.name", "api/**"), ("status", "2*")], "1: 1000000000 - x Some(200)"),
        (&[("host.name", "api/*")], "1: left out"),
        (&[("host", "api")], "1: not a JSON object with texts and numbers"),
        (&[("none", "**")], "1: left out"),
    ] {
        assert_eq!(rows(Format::Jsonl, only(filters), line), [row], "{filters:?}");
    }
}
