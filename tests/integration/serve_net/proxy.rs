//! Clients that take the server for a proxy: every tunnel ends here.

use super::{HERE, Started, last, said, start};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use throttlesim::serve::net::Notice;

fn proxy() -> Started {
    start(|options| options.is_proxy = true)
}

/// Asks for a tunnel, and reads the head of the answer.
fn tunnel(started: &Started, host: &str) -> TcpStream {
    let mut client = started.connect();
    write!(client, "CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("sent");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).expect("an answer");
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && !head.contains("ontent-"), "{head}");
    client
}

#[test]
fn a_tunnel_ends_here_with_tls_or_without() {
    let started = proxy();
    let host = "sellingpartnerapi-na.amazon.com";
    let inner = "GET /a HTTP/1.1\r\nConnection: close\r\n\r\n";
    let client = started.tls(tunnel(&started, &format!("{host}:443")), host);
    let body = format!("GET https://{host}:443/a host={host}:443 body=0 from=127.0.0.1\n");
    let text = said(client, inner.as_bytes());
    assert!(text.ends_with(&body), "{text}");
    let text = said(tunnel(&started, "a.example:80"), last("GET /b").as_bytes());
    let body = "GET http://a.example:80/b host=a.example body=0 from=127.0.0.1\n";
    assert!(text.ends_with(body), "{text}");
    assert_eq!(started.noticed(), []);
}

#[test]
fn an_absolute_uri_names_the_host() {
    let text = proxy().said(last("GET http://user:word@b.example:81/c?d=e"));
    let body = "host=b.example:81 body=0 from=127.0.0.1\n";
    assert!(text.ends_with(body), "{text}");
}

#[test]
fn nothing_is_ever_passed_on() {
    let elsewhere = TcpListener::bind((HERE, 0)).expect("a free port");
    elsewhere.set_nonblocking(true).expect("set");
    let host = elsewhere.local_addr().expect("an address").to_string();
    let started = proxy();
    let text = said(tunnel(&started, &host), last("GET /secret").as_bytes());
    assert!(text.contains(&format!("GET http://{host}/secret ")), "{text}");
    assert!(started.said(last(&format!("GET http://{host}/"))).starts_with("HTTP/1.1 200 OK"));
    let reached = elsewhere.accept().map_err(|error| error.kind());
    assert!(matches!(reached, Err(ErrorKind::WouldBlock)), "{reached:?}");
}

#[test]
fn tunnels_are_refused_where_they_are_not_meant() {
    let connect = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n";
    let started = start(|_| ());
    let text = started.said(connect);
    assert!(text.starts_with("HTTP/1.1 405 ") && text.contains("--proxy"), "{text}");
    assert_eq!(started.noticed(), [Notice::ProxyOff]);
    let started = proxy();
    let text = said(tunnel(&started, "a.example:80"), connect.as_bytes());
    assert!(text.starts_with("HTTP/1.1 405 "), "{text}");
}
