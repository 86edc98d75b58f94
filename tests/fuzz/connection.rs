//! What the fuzz target of connections does with an input, and the desk that answers there.

use bytes::Bytes;
use http::{Request, Response};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use throttlesim::serve::net::{Authority, Bounds, Hub, Options};
use throttlesim::serve::{Answer, Clock, Desk, Pace, Ticket, Wait};
use throttlesim::units::{Instant, Span};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Duration;

/// The one name with capitals that tests look for.
pub const NAMES: &[&str] = &["x-amzn-RateLimit-Limit"];

/// Says what it was asked. `/large` has eight million bytes; `/in/20` takes 20 ms; `/never` waits
/// for a clock that nobody moves.
#[derive(Debug)]
pub struct Echo {
    wall: Clock,
    still: Clock,
    asked: AtomicU64,
    /// Tickets of answers that have left.
    pub left: Mutex<Vec<u64>>,
}

impl Default for Echo {
    fn default() -> Self {
        let (wall, still) = (Clock::new(Pace::Times(1)), Clock::new(Pace::ByHand));
        Self { wall, still, asked: AtomicU64::new(0), left: Mutex::default() }
    }
}

impl Desk for Echo {
    fn answer(&self, ask: Request<Bytes>, from: IpAddr) -> Answer {
        let host = ask.headers().get("host").map_or("none", |host| host.to_str().unwrap_or("?"));
        let (method, uri, length) = (ask.method(), ask.uri(), ask.body().len());
        let text = match uri.path() {
            "/large" => "a".repeat(8_000_000),
            _ => format!("{method} {uri} host={host} body={length} from={from}\n"),
        };
        let wait = uri.path().strip_prefix("/in/").and_then(|ms| ms.parse().ok());
        let after = match (wait, uri.path()) {
            (_, "/never") => Wait::Until(Instant::ORIGIN + Span::SECOND, self.still.clone()),
            (Some(ms), _) => {
                Wait::Until(self.wall.now() + Span::from_millis(ms), self.wall.clone())
            }
            (None, _) => Wait::No,
        };
        let mut response = Response::new(Bytes::from(text));
        let limit = http::HeaderValue::from_static("0.5");
        response.headers_mut().insert("x-amzn-ratelimit-limit", limit);
        Answer { response, after, ticket: Ticket(self.asked.fetch_add(1, Ordering::SeqCst)) }
    }

    fn left(&self, ticket: Ticket) {
        self.left.lock().expect("whole").push(ticket.0);
    }
}

/// What a server, which is a proxy too, says to a client that sends `input` and then nothing more.
///
/// # Panics
/// If the server panics, says anything but HTTP or TLS, or leaves an answer unfinished.
pub fn connection(input: &[u8]) -> Vec<u8> {
    static AUTHORITY: OnceLock<Arc<Authority>> = OnceLock::new();
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let authority = AUTHORITY.get_or_init(|| Arc::new(Authority::new(here).expect("an authority")));
    let wait = Duration::from_millis(200);
    let bounds = Bounds { body: 1000, idle: wait, receive: wait, send: wait, ..Bounds::default() };
    let authority = Some(Arc::clone(authority));
    let options = Options { authority, is_proxy: true, names: NAMES, bounds, ..Options::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let desk = Arc::new(Echo::default());
    let said = runtime.block_on(async {
        let hub = Hub::new(Arc::<Echo>::clone(&desk), &options).await;
        let (near, far) = tokio::io::duplex(4096);
        let (mut read, mut write) = tokio::io::split(near);
        let mut said = Vec::new();
        let say = async {
            let _ = write.write_all(input).await;
            // Lets the server come to its answers: all of it runs on this thread.
            for _ in 0..64 {
                tokio::task::yield_now().await;
            }
            let _ = write.shutdown().await;
        };
        let hear = async {
            let _ = read.read_to_end(&mut said).await;
        };
        tokio::join!(hub.talk(far, here), say, hear);
        said
    });
    drop(runtime);
    assert_eq!(desk.left.lock().expect("whole").len() as u64, desk.asked.load(Ordering::SeqCst));
    let begins = [b"HTTP/1.1 ".as_slice(), &[0x15, 3], &[0x16, 3]];
    let sound = said.is_empty() || begins.iter().any(|begin| said.starts_with(begin));
    assert!(sound, "{:?}", String::from_utf8_lossy(&said));
    said
}
