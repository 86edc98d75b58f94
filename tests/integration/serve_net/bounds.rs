//! What slow, large and broken requests cost: bounded, and nobody else waits for them.

use super::connection::connection;
use super::{bounded, eventually, last, said};
use std::io::Write;
use std::time::{Duration, Instant};
use throttlesim::serve::net::{Bounds, Notice};

const SHORT: Duration = Duration::from_millis(150);

#[test]
fn heads_and_bodies_are_bounded() {
    let started = bounded(Bounds { head: 1000, headers: 10, body: 100, ..Bounds::default() });
    let request = |headers: &str, body: &str| {
        format!("POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{headers}\r\n{body}")
    };
    let body =
        |length: usize| request(&format!("Content-Length: {length}\r\n"), &"b".repeat(length));
    let chunk = |length: usize| {
        let body = format!("{length:x}\r\n{}\r\n0\r\n\r\n", "b".repeat(length));
        request("Transfer-Encoding: chunked\r\n", &body)
    };
    let long = format!("A: {}\r\n", "a".repeat(2000));
    let many: String = (0..20).map(|n| format!("A{n}: a\r\n")).collect();
    let waits = request("Expect: 100-continue\r\nContent-Length: 101\r\n", "");
    for (bytes, status) in [
        (body(100), "200 OK"),
        (chunk(100), "200 OK"),
        (body(101), "413 Payload Too Large"),
        (body(5_000_000), "413 Payload Too Large"),
        (chunk(5_000_000), "413 Payload Too Large"),
        (request("Content-Length: 99999999999\r\n", ""), "413 Payload Too Large"),
        (waits, "413 Payload Too Large"),
        (request(&long, ""), "431 Request Header Fields Too Large"),
        (request(&many, ""), "431 Request Header Fields Too Large"),
    ] {
        let said = started.said(&bytes);
        let begin = bytes[..bytes.len().min(100)].to_string();
        assert!(said.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{begin}: {said}");
    }
    assert_eq!(started.desk.left.lock().expect("whole").len(), 2);
}

#[test]
fn all_bodies_together_are_bounded() {
    let started = bounded(Bounds { body: 1000, bodies: 1500, ..Bounds::default() });
    let head = "POST /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n";
    let whole = [head, &"b".repeat(1000)].concat();
    // The one that is received later is refused: mostly the second.
    eventually(|| {
        let mut first = started.connect();
        first.write_all([head, &"b".repeat(999)].concat().as_bytes()).expect("sent");
        let [second, first] = [started.said(&whole), said(first, b"b")];
        second.starts_with("HTTP/1.1 503 ") && first.starts_with("HTTP/1.1 200 ")
    });
    assert!(started.said(whole).starts_with("HTTP/1.1 200 "));
}

#[test]
fn slow_clients_are_cut() {
    let bounds = Bounds { idle: SHORT, handshake: SHORT, receive: SHORT, ..Bounds::default() };
    let started = bounded(bounds);
    let kept = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    let slow = "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab";
    for (bytes, answer) in [
        (&b""[..], ""),
        (b"GET / HT", ""),
        (b"GET / HTTP/1.1\r\nHost: h\r\n", ""),
        (&[0x16, 3, 1][..], ""),
        (kept.as_bytes(), "HTTP/1.1 200 OK"),
        (slow.as_bytes(), "HTTP/1.1 408 Request Timeout"),
    ] {
        let begun = Instant::now();
        let said = started.said(bytes);
        let lasted = begun.elapsed();
        assert!(said.starts_with(answer) && said.is_empty() == answer.is_empty(), "{said}");
        assert!(lasted >= SHORT && lasted < Duration::from_secs(5), "{bytes:?}: {lasted:?}");
    }
}

/// A client may send a letter now and then: a head must be whole in time all the same.
#[test]
fn a_head_in_drops_is_cut() {
    let started = bounded(Bounds { idle: SHORT, ..Bounds::default() });
    let mut client = started.connect();
    let begun = Instant::now();
    while client.write_all(b"GET / HTTP/1.1\r\nA: b\r\n").is_ok() {
        std::thread::sleep(Duration::from_millis(10));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn a_client_that_reads_nothing_is_cut() {
    let started = bounded(Bounds { send: SHORT, connections: 1, ..Bounds::default() });
    let mut deaf = started.connect();
    deaf.write_all(b"GET /large HTTP/1.1\r\nHost: h\r\n\r\n").expect("sent");
    started.await_left(1);
    assert!(started.said(last("GET /")).starts_with("HTTP/1.1 503 "));
    assert_eq!(started.noticed(), [Notice::Full]);
    eventually(|| started.said(last("GET /")).starts_with("HTTP/1.1 200 "));
}

#[test]
fn connections_are_bounded_and_a_seat_is_free_again() {
    let started = bounded(Bounds { connections: 3, ..Bounds::default() });
    let open = [0, 1, 2].map(|_| started.connect());
    eventually(|| started.said(last("GET /")).starts_with("HTTP/1.1 503 "));
    drop(open);
    eventually(|| started.said(last("GET /")).starts_with("HTTP/1.1 200 "));
}

#[test]
fn broken_requests_are_refused() {
    let started = bounded(Bounds::default());
    for bytes in [
        "\r\n\r\nnonsense\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nA\u{0}: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let said = started.said(bytes);
        assert!(said.starts_with("HTTP/1.1 400 "), "{bytes:?}: {said}");
    }
    assert_eq!(started.said("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "", "HTTP/2 without TLS");
    let dots = started.said(last("GET /../../etc/passwd%0d%0aSet-Cookie:a"));
    assert!(dots.starts_with("HTTP/1.1 200 OK") && !dots.contains("\nSet-Cookie"), "{dots}");
}

#[test]
fn a_client_that_sends_no_more_is_gone() {
    let started = bounded(Bounds::default());
    for bytes in ["", "GET /a", "GET /never HTTP/1.1\r\nHost: h\r\n\r\n"] {
        let mut client = started.connect();
        client.write_all(bytes.as_bytes()).expect("sent");
        client.shutdown(std::net::Shutdown::Write).expect("half");
        assert_eq!(said(client, b""), "", "{bytes:?}");
    }
}

#[test]
fn what_is_said_over_memory_is_what_is_said_over_tcp() {
    let text = connection(last("GET /a").as_bytes());
    let text = String::from_utf8_lossy(&text);
    assert!(text.starts_with("HTTP/1.1 200 OK\r\n"), "{text}");
    let tunnel = format!("CONNECT b.example:80 HTTP/1.1\r\n\r\n{}", last("GET /a"));
    let text = connection(tunnel.as_bytes());
    let text = String::from_utf8_lossy(&text);
    assert!(text.contains("GET http://b.example:80/a host=a.example"), "{text}");
}
