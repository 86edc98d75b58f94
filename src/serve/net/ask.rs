//! One request: received within bounds, handed to the desk, and answered when the desk lets it.

use super::Notice;
use super::hub::{Hub, Tunnel};
use crate::serve::{Desk, Ticket};
use bytes::{Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_TYPE, EXPECT, HOST};
use http::request::Parts;
use http::uri::Authority as Host;
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::upgrade::OnUpgrade;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::time::timeout;

/// Why a request does not reach the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    TooLarge,
    TooSlow,
    TooMany,
    Broken,
    ProxyOff,
    NoHost,
}

impl Refused {
    const fn status(self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken | Self::NoHost => StatusCode::BAD_REQUEST,
            Self::ProxyOff => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::TooLarge => "the body is too large for throttlesim",
            Self::TooSlow => "the body did not arrive in time",
            Self::TooMany => "throttlesim is receiving too many bodies",
            Self::Broken => "the body is not complete",
            Self::ProxyOff => "throttlesim is not a proxy here: start it with --proxy",
            Self::NoHost => "CONNECT needs HOST:PORT",
        }
    }

    /// The answer, after which the connection ends: what is left of the request is not read.
    fn response(self) -> Response<Bytes> {
        let body = format!("{{\"message\":\"{}\"}}\n", self.message());
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// Tells the desk that an answer has left, even if its client goes away before that.
struct Leaving<'a>(&'a dyn Desk, Ticket);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.left(self.1);
    }
}

/// Bytes of a body that count among those of all bodies.
struct Holding<'a> {
    all: &'a AtomicUsize,
    own: usize,
}

impl Holding<'_> {
    /// So many bytes more; `None` if all bodies together would have more than `most`.
    fn grow(&mut self, by: usize, most: usize) -> Option<()> {
        let before = self.all.fetch_add(by, Ordering::Relaxed);
        self.own += by;
        (before.saturating_add(by) <= most).then_some(())
    }
}

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(self.own, Ordering::Relaxed);
    }
}

/// Who asks.
pub(super) struct Visitor {
    pub(super) hub: Arc<Hub>,
    pub(super) from: IpAddr,
    /// The host to which the client believes that its tunnel leads.
    pub(super) tunnel: Option<Tunnel>,
}

/// Answers a request; one for a tunnel by opening that with `open`.
pub(super) async fn respond(
    guest: &Visitor,
    request: Request<Incoming>,
    open: impl FnOnce(Host, OnUpgrade),
) -> Result<Response<Full<Bytes>>, Infallible> {
    let answered = match request.method() {
        &Method::CONNECT => connect(guest, request, open),
        _ => ask(guest, request).await,
    };
    let mut response = answered.unwrap_or_else(Refused::response).map(Full::new);
    guest.hub.casing.dress(&mut response);
    Ok(response)
}

/// Opens a tunnel that ends here.
fn connect(
    guest: &Visitor,
    request: Request<Incoming>,
    open: impl FnOnce(Host, OnUpgrade),
) -> Result<Response<Bytes>, Refused> {
    if !guest.hub.is_proxy || guest.tunnel.is_some() {
        guest.hub.notify(Notice::ProxyOff);
        return Err(Refused::ProxyOff);
    }
    let host = request.uri().authority().cloned().ok_or(Refused::NoHost)?;
    open(host, hyper::upgrade::on(request));
    Ok(Response::new(Bytes::new()))
}

/// Asks the desk.
async fn ask(guest: &Visitor, request: Request<Incoming>) -> Result<Response<Bytes>, Refused> {
    let hub = &*guest.hub;
    let (mut parts, body) = request.into_parts();
    let mut holding = Holding { all: &hub.receiving, own: 0 };
    let body = match body.is_end_stream() {
        true => Bytes::new(),
        false => {
            let waits = parts.headers.contains_key(EXPECT);
            let received = receive(hub, body, waits, &mut holding);
            timeout(hub.bounds.receive, received).await.map_err(|_| Refused::TooSlow)??
        }
    };
    address(&mut parts, guest.tunnel.as_ref());
    let answer = hub.desk.answer(Request::from_parts(parts, body), guest.from);
    drop(holding);
    let _leaving = Leaving(&*hub.desk, answer.ticket);
    answer.after.over().await;
    Ok(answer.response)
}

/// The whole body. What is too large is read to its end within bounds, as most clients read no
/// answer before they have sent everything; one that `waits` for leave to send is told at once.
async fn receive(
    hub: &Hub,
    mut body: Incoming,
    waits: bool,
    holding: &mut Holding<'_>,
) -> Result<Bytes, Refused> {
    let bounds = &hub.bounds;
    let end = bounds.body.saturating_add(bounds.dropped);
    let declared = body.size_hint().lower();
    if declared > (if waits { bounds.body } else { end }) as u64 {
        return Err(Refused::TooLarge);
    }
    let mut length = 0_usize;
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refused::Broken)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > end {
            return Err(Refused::TooLarge);
        }
        if length > bounds.body {
            whole = BytesMut::new();
            continue;
        }
        holding.grow(data.len(), bounds.bodies).ok_or(Refused::TooMany)?;
        whole.extend_from_slice(&data);
    }
    if length > bounds.body { Err(Refused::TooLarge) } else { Ok(whole.freeze()) }
}

/// Lets the request's URI and its `Host` name the host that the client meant: that of an absolute
/// URI (which replaces `Host`, as HTTP has it), or else that of the tunnel.
fn address(parts: &mut Parts, tunnel: Option<&Tunnel>) {
    if let Some(host) = parts.uri.authority() {
        let host = host.as_str();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        if let Ok(value) = HeaderValue::from_str(host) {
            parts.headers.insert(HOST, value);
        }
        return;
    }
    let Some(Tunnel { host, scheme }) = tunnel else { return };
    let mut uri = std::mem::take(&mut parts.uri).into_parts();
    let path = uri.path_and_query.clone();
    uri.scheme = (*scheme).parse().ok();
    uri.authority = Some(host.clone());
    // `OPTIONS *` has no place in an absolute URI.
    let whole = Uri::from_parts(uri).ok();
    let bare = || path.and_then(|path| path.as_str().parse().ok());
    parts.uri = whole.or_else(bare).unwrap_or_default();
    if !parts.headers.contains_key(HOST)
        && let Ok(value) = HeaderValue::from_str(host.as_str())
    {
        parts.headers.insert(HOST, value);
    }
}
