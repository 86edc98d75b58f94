//! Names of headers with their capitals, as a provider writes them: `x-amzn-RateLimit-Limit`.
//!
//! HTTP compares names without regard to case and `http` keeps them in lower case, but some clients
//! look for the very name. hyper writes a capital for each word (`Retry-After`), or names as they
//! were received on the same connection. So all other names are received once, from ourselves.

use super::stream::Stream;
use http::{Extensions, HeaderName, Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use tokio::io::AsyncWriteExt;

/// Names of headers with their capitals.
#[derive(Debug, Clone, Default)]
pub(super) struct Casing {
    /// Those that are not written with a capital for each word.
    odd: Vec<HeaderName>,
    /// What hyper knows of them.
    learned: Extensions,
}

impl Casing {
    /// Of these names; what is not the name of a header is left out.
    pub(super) async fn learn(names: &[&str]) -> Self {
        let odd = names.iter().filter(|name| **name != titled(name));
        let mut learning = Self::default();
        let mut request = String::from("GET / HTTP/1.1\r\n");
        for name in odd {
            let Ok(known) = HeaderName::from_bytes(name.as_bytes()) else { continue };
            learning.odd.push(known);
            request += &format!("{name}: 0\r\n");
        }
        request += "\r\n";
        let (mut here, there) = tokio::io::duplex(request.len());
        let learned = Mutex::new(Extensions::new());
        let keep = |request: Request<Incoming>| {
            *learned.lock().unwrap_or_else(PoisonError::into_inner) = request.extensions().clone();
            async { Ok::<_, Infallible>(Response::new(String::new())) }
        };
        let mut http = hyper::server::conn::http1::Builder::new();
        let http = http.preserve_header_case(true).max_headers(request.lines().count());
        let _ = here.write_all(request.as_bytes()).await;
        let _ = here.shutdown().await;
        // Boxed as connections are, for which hyper is compiled already.
        let there: Box<dyn Stream> = Box::new(there);
        let _ = http.serve_connection(TokioIo::new(there), service_fn(keep)).await;
        let learned = learned.into_inner().unwrap_or_else(PoisonError::into_inner);
        Self { learned, ..learning }
    }

    /// Lets a response be written with these names, if it has any.
    pub(super) fn dress<T>(&self, response: &mut Response<T>) {
        if response.headers().keys().any(|name| self.odd.contains(name)) {
            response.extensions_mut().extend(self.learned.clone());
        }
    }
}

/// A name with a capital for each word, as hyper writes those that it has not learned.
fn titled(name: &str) -> String {
    let word = |word: &str| {
        let (first, rest) = word.split_at(word.len().min(1));
        first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}
