//! The listener of `serve`: what clients get over HTTP, TLS and as through a proxy, and what slow,
//! large and broken requests cost. A desk of the tests' own answers.

#[path = "../fuzz/connection.rs"]
pub(crate) mod connection;

mod bounds;
mod program;
mod proxy;

use connection::{Echo, NAMES};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use throttlesim::serve::net::{Authority, Bounds, Listener, Notice, Options, Server, StartError};

/// A server, its desk, its authority, and what it noticed.
struct Started {
    server: Server,
    address: SocketAddr,
    desk: Arc<Echo>,
    authority: Arc<Authority>,
    notices: Arc<Mutex<Vec<Notice>>>,
}

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Starts a server that speaks TLS unless `options` change that.
fn start(options: impl FnOnce(&mut Options)) -> Started {
    let authority = Arc::new(Authority::new(HERE).expect("an authority"));
    let notices = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&notices);
    let mut all = Options {
        authority: Some(Arc::clone(&authority)),
        names: NAMES,
        notify: Arc::new(move |notice| heard.lock().expect("whole").push(notice)),
        ..Options::default()
    };
    options(&mut all);
    let desk = Arc::new(Echo::default());
    let answers = Arc::<Echo>::clone(&desk);
    let listener = Listener::new((HERE, 0).into()).expect("a free port");
    let address = listener.address();
    Started { server: listener.start(answers, &all), address, desk, authority, notices }
}

fn bounded(bounds: Bounds) -> Started {
    start(|options| options.bounds = bounds)
}

impl Started {
    fn connect(&self) -> TcpStream {
        connect(self.address)
    }

    /// All that is answered to these bytes, until the server ends the connection.
    fn said(&self, bytes: impl AsRef<[u8]>) -> String {
        said(self.connect(), bytes.as_ref())
    }

    fn noticed(&self) -> Vec<Notice> {
        self.notices.lock().expect("whole").clone()
    }

    /// Waits until so many answers have left.
    fn await_left(&self, number: usize) {
        eventually(|| self.desk.left.lock().expect("whole").len() == number);
    }

    /// A client that trusts the authority, and calls the server so.
    fn tls(&self, stream: TcpStream, host: &str) -> StreamOwned<ClientConnection, TcpStream> {
        let pem = self.authority.pem();
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
        let mut roots = RootCertStore::empty();
        roots.add(certificate).expect("an authority");
        tls(stream, host, roots)
    }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    stream
}

fn tls(
    stream: TcpStream,
    host: &str,
    roots: RootCertStore,
) -> StreamOwned<ClientConnection, TcpStream> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_string()).expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    StreamOwned::new(connection, stream)
}

/// All that is answered to these bytes. A connection that is cut has said what it has said.
fn said(mut stream: impl Read + Write, bytes: &[u8]) -> String {
    let _ = stream.write_all(bytes);
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

fn eventually(holds: impl Fn() -> bool) {
    for _ in 0..3000 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("does not hold after 30 s");
}

/// A request after whose answer the connection ends.
fn last(line: &str) -> String {
    format!("{line} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n")
}

#[test]
fn http_is_answered_with_capitals_as_the_provider_writes_them() {
    let said = start(|_| ()).said(last("GET /orders?a=1"));
    assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{said}");
    assert!(said.contains("\r\nx-amzn-RateLimit-Limit: 0.5\r\n"), "{said}");
    assert!(said.contains("\r\nContent-Length: "), "{said}");
    let body = "\r\n\r\nGET /orders?a=1 host=a.example body=0 from=127.0.0.1\n";
    assert!(said.ends_with(body), "{said}");
}

#[test]
fn tls_is_answered_on_the_same_port_for_any_host() {
    let started = start(|_| ());
    for host in ["sellingpartnerapi-eu.amazon.com", "localhost", "127.0.0.1"] {
        let said = said(started.tls(started.connect(), host), last("GET /orders").as_bytes());
        assert!(said.starts_with("HTTP/1.1 200 OK\r\n"), "{host}: {said}");
        assert!(said.ends_with("GET /orders host=a.example body=0 from=127.0.0.1\n"), "{said}");
    }
    assert!(started.said(last("GET /")).starts_with("HTTP/1.1 200 OK"));
    assert_eq!(started.noticed(), []);
}

#[test]
fn a_client_that_does_not_know_the_authority_is_noticed() {
    let started = start(|_| ());
    let mut client = tls(started.connect(), "localhost", RootCertStore::empty());
    assert!(client.write_all(b"GET / HTTP/1.1\r\n\r\n").is_err());
    eventually(|| started.noticed() == [Notice::Distrusted]);
}

#[test]
fn tls_without_tls_is_noticed() {
    let started = start(|options| options.authority = None);
    assert_eq!(started.said([0x16, 3, 1, 0, 5]), "");
    assert_eq!(started.noticed(), [Notice::TlsOff]);
}

#[test]
fn a_connection_is_kept_and_requests_may_be_sent_ahead() {
    let started = start(|_| ());
    let post = "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
    let chunked =
        "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
    let slow = "GET /in/30 HTTP/1.1\r\nHost: h\r\n\r\n";
    let said = started.said([slow, post, chunked, &last("GET /d")].concat());
    let bodies: Vec<&str> = said.lines().filter(|line| line.contains("from=")).collect();
    let expected = [
        "GET /in/30 host=h body=0 from=127.0.0.1",
        "POST /b host=h body=3 from=127.0.0.1",
        "PUT /c host=h body=2 from=127.0.0.1",
        "GET /d host=a.example body=0 from=127.0.0.1",
    ];
    assert_eq!(bodies, expected);
    assert_eq!(*started.desk.left.lock().expect("whole"), [0, 1, 2, 3]);
}

#[test]
fn a_client_that_goes_away_has_left() {
    let started = start(|_| ());
    let mut client = started.connect();
    client.write_all(b"GET /never HTTP/1.1\r\nHost: h\r\n\r\n").expect("sent");
    std::thread::sleep(Duration::from_millis(50));
    assert!(started.desk.left.lock().expect("whole").is_empty());
    drop(client);
    started.await_left(1);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let started = start(|_| ());
    let address = started.address;
    let again = Listener::new(address);
    let Err(StartError::Address(taken, error)) = again else { panic!("{again:?}") };
    assert_eq!((taken, error.kind()), (address, std::io::ErrorKind::AddrInUse));
}

#[test]
fn a_server_that_stops_lets_answers_leave_and_cuts_what_takes_too_long() {
    let stop = Duration::from_millis(300);
    let started = bounded(Bounds { stop, ..Bounds::default() });
    let ask = |line: &str| {
        let mut client = started.connect();
        client.write_all(last(line).as_bytes()).expect("sent");
        client
    };
    let (mut soon, mut never, mut idle) =
        (ask("GET /in/150"), ask("GET /never"), started.connect());
    std::thread::sleep(Duration::from_millis(50));
    let Started { server, address, desk, .. } = started;
    let begun = std::time::Instant::now();
    server.stop();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(desk.left.lock().expect("whole").len(), 2, "the desk knows of every end");
    assert!(said(&mut soon, b"").starts_with("HTTP/1.1 200 OK"));
    assert_eq!(said(&mut never, b""), "");
    assert_eq!(said(&mut idle, b""), "");
    assert!(TcpStream::connect(address).is_err());
}
