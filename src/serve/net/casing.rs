//! Names of headers with their capitals, as a provider writes them: `x-amzn-RateLimit-Limit`.
//!
//! HTTP compares names without regard to case and `http` keeps them in lower case, but some clients
//! look for the very name. hyper writes names as they were received on the same connection, so all
//! names are received once, from ourselves.

use http::{Extensions, HeaderName, Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};
use tokio::io::AsyncWriteExt;

/// Names that every provider writes so.
const COMMON: [&str; 5] = ["Connection", "Content-Length", "Content-Type", "Date", "Retry-After"];

/// Names of headers with their capitals.
#[derive(Debug, Clone, Default)]
pub(super) struct Casing(Extensions);

impl Casing {
    /// Of these names and the common ones; what is not the name of a header is left out.
    pub(super) async fn learn(names: &[&str]) -> Self {
        let mut request = String::from("GET / HTTP/1.1\r\n");
        let known = |name: &&&str| HeaderName::from_bytes(name.as_bytes()).is_ok();
        for name in COMMON.iter().chain(names).filter(known) {
            // A value that is sound for Content-Length too.
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
        let _ = http.serve_connection(TokioIo::new(there), service_fn(keep)).await;
        Self(learned.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets a response be written with these names.
    pub(super) fn dress<T>(&self, response: &mut Response<T>) {
        response.extensions_mut().extend(self.0.clone());
    }
}
