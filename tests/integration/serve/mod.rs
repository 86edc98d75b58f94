//! A stand-in without sockets: requests as values, and a clock that the test moves.

mod answers;
mod callers;
mod control;
mod equality;
mod waits;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::{Arc, Mutex};
use throttlesim::catalog::built_in;
use throttlesim::report::served;
use throttlesim::serve::{Clock, Desk, Opened, Pace, Stand, Wait};
use throttlesim::units::{Instant, Span};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What is written to it, for the test to read.
#[derive(Debug, Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody has failed").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("nobody has failed").clone()).expect("a text")
    }
}

/// A stand-in, its clock, its log, and what it has said.
struct Test {
    stand: Stand,
    clock: Clock,
    log: Shared,
    said: Arc<Mutex<Vec<String>>>,
}

impl Test {
    fn new(opened: Opened) -> Self {
        let log = Shared::default();
        Self { log: log.clone(), ..Self::logging(opened, log) }
    }

    /// One whose log goes elsewhere.
    fn logging(opened: Opened, log: impl Write + Send + 'static) -> Self {
        let clock = Clock::new(Pace::ByHand);
        let said = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&said);
        let notify = move |line: &str| notes.lock().expect("nobody has failed").push(line.into());
        let stand = Stand::new(opened, clock.clone(), Some(Box::new(log)), Box::new(notify));
        Self { stand, clock, log: Shared::default(), said }
    }

    fn catalogue(name: &str) -> Self {
        Self::new(catalogue(name))
    }

    fn scenario(text: &str) -> Self {
        Self::new(opened(text))
    }

    fn answer(&self, request: Request<Bytes>) -> (Response<Bytes>, Wait) {
        let answer = self.stand.answer(request, HERE);
        self.stand.left(answer.ticket);
        (answer.response, answer.after)
    }

    /// The answer to a request with these headers.
    fn ask(&self, what: &str, headers: &[(&str, &str)], body: &str) -> Response<Bytes> {
        let (method, uri) = what.split_once(' ').expect("a method and a path");
        let request = Request::builder().method(method).uri(uri);
        let request = headers.iter().fold(request, |request, (k, v)| request.header(*k, *v));
        self.answer(request.body(Bytes::from(body.to_string())).expect("a request")).0
    }

    fn get(&self, path: &str) -> Response<Bytes> {
        self.ask(&format!("GET {path}"), &[], "")
    }

    fn pass(&self, span: Span) {
        self.clock.advance(span).expect("a clock that goes by hand");
    }

    /// What is printed at the end; nothing if nothing was called.
    fn printed(&self) -> Option<String> {
        served::text(&self.stand.seen(), &self.stand.likeness())
    }

    fn said(&self) -> Vec<String> {
        self.said.lock().expect("nobody has failed").clone()
    }
}

fn catalogue(name: &str) -> Opened {
    let provider = built_in(name).expect("a catalogue");
    Opened::catalogue(name, &provider, Path::new("")).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

fn opened(text: &str) -> Opened {
    Opened::scenario("test", text, Path::new("")).unwrap_or_else(|wrong| panic!("{wrong:#?}"))
}

fn json(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).expect("JSON")
}

fn header<'a>(response: &'a Response<Bytes>, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|value| value.to_str().expect("a text"))
}

fn at(s: u64) -> Instant {
    Instant::ORIGIN + Span::from_secs(s)
}
