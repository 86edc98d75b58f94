//! The life of a connection: its first byte, TLS, HTTP/1.1, and the tunnels that it asks for.

use super::ask::respond;
use super::casing::Casing;
use super::stream::{Opened, Stream};
use super::{Bounds, Notice, Options};
use crate::serve::Desk;
use http::uri::Authority as Host;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ServerConfig;
use rustls::crypto::ring;
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

/// What all connections share.
pub struct Hub {
    pub(super) desk: Arc<dyn Desk>,
    pub(super) bounds: Bounds,
    pub(super) is_proxy: bool,
    pub(super) casing: Casing,
    /// Bytes of bodies that are being received.
    pub(super) receiving: AtomicUsize,
    /// One for each connection that may be open.
    pub(super) seats: Arc<Semaphore>,
    tls: Option<TlsAcceptor>,
    http: http1::Builder,
    notify: Arc<dyn Fn(Notice) + Send + Sync>,
    stop: watch::Sender<bool>,
}

/// One connection's client, in a tunnel or not.
pub(super) struct Guest {
    pub(super) hub: Arc<Hub>,
    pub(super) from: IpAddr,
    /// The host to which the client believes that its tunnel leads.
    pub(super) tunnel: Option<Tunnel>,
    /// The place of its connection, until the last part of that ends.
    seat: Arc<OwnedSemaphorePermit>,
}

/// Where a client believes that its tunnel leads.
pub(super) struct Tunnel {
    pub(super) host: Host,
    pub(super) scheme: &'static str,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

impl Hub {
    /// What answers with `desk`.
    pub async fn new(desk: Arc<dyn Desk>, options: &Options) -> Arc<Self> {
        let bounds = options.bounds;
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(bounds.idle)
            .max_headers(bounds.headers)
            .max_header_size(bounds.head)
            .max_buf_size(2 * bounds.head.max(8192));
        Arc::new(Self {
            desk,
            bounds,
            is_proxy: options.is_proxy,
            casing: Casing::learn(options.names).await,
            receiving: AtomicUsize::new(0),
            seats: Arc::new(Semaphore::new(bounds.connections)),
            tls: options.authority.as_ref().and_then(|authority| {
                let provider = Arc::new(ring::default_provider());
                let config = ServerConfig::builder_with_provider(provider);
                let config = config.with_safe_default_protocol_versions().ok()?;
                let resolver = Arc::clone(authority) as Arc<_>;
                let mut config = config.with_no_client_auth().with_cert_resolver(resolver);
                config.alpn_protocols = vec![b"http/1.1".to_vec()];
                Some(TlsAcceptor::from(Arc::new(config)))
            }),
            http,
            notify: Arc::clone(&options.notify),
            stop: watch::Sender::new(false),
        })
    }

    pub(super) fn notify(&self, notice: Notice) {
        (self.notify)(notice);
    }

    /// Lets open answers leave, and asks for no more requests.
    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Ends once the server stops.
    pub(super) async fn stopped(&self) {
        // The hub itself keeps its sender.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// Answers all that a client sends, until either of them ends the connection. A client for whom
    /// no seat is left is sent away at once.
    pub async fn talk(self: &Arc<Self>, stream: impl Stream, from: IpAddr) {
        let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() else { return };
        self.serve(Box::new(stream), from, seat).await;
    }

    pub(super) async fn serve(
        self: &Arc<Self>,
        stream: Box<dyn Stream>,
        from: IpAddr,
        seat: OwnedSemaphorePermit,
    ) {
        let hub = Arc::clone(self);
        Guest { hub, from, tunnel: None, seat: Arc::new(seat) }.talk(stream).await;
    }
}

impl Guest {
    /// Waits for the first byte, which tells TLS from HTTP. Boxed, as a tunnel does the same again.
    fn talk(mut self, stream: Box<dyn Stream>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            let bounds = self.hub.bounds;
            let opened = tokio::select! {
                opened = timeout(bounds.idle, Opened::wait(stream, bounds.send)) => opened,
                () = self.hub.stopped() => return,
            };
            let Ok(Some(opened)) = opened else { return };
            if !opened.is_tls() {
                return self.http(Box::new(opened)).await;
            }
            let Some(tls) = self.hub.tls.clone() else {
                return self.hub.notify(Notice::TlsOff);
            };
            if let Some(tunnel) = &mut self.tunnel {
                tunnel.scheme = "https";
            }
            match timeout(bounds.handshake, tls.accept(opened)).await {
                Ok(Ok(stream)) => self.http(Box::new(stream)).await,
                Ok(Err(error)) if is_distrust(&error) => self.hub.notify(Notice::Distrusted),
                Ok(Err(_)) | Err(_) => {}
            }
        })
    }

    /// HTTP/1.1 until the end of the connection, or of the server.
    async fn http(self, stream: Box<dyn Stream>) {
        let guest = Arc::new(self);
        let hub = Arc::clone(&guest.hub);
        let service = service_fn(move |request| respond(Arc::clone(&guest), request));
        let connection = hub.http.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let mut connection = pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            () = hub.stopped() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }

    /// Goes on as the host to which a client has asked for a tunnel.
    pub(super) fn tunnel(&self, host: Host, upgrade: OnUpgrade) {
        let (hub, seat) = (Arc::clone(&self.hub), Arc::clone(&self.seat));
        let tunnel = Some(Tunnel { host, scheme: "http" });
        let guest = Self { hub, from: self.from, tunnel, seat };
        tokio::spawn(async move {
            if let Ok(stream) = upgrade.await {
                guest.talk(Box::new(TokioIo::new(stream))).await;
            }
        });
    }
}

/// True if a client ended the handshake: mostly because it does not know the authority.
fn is_distrust(error: &io::Error) -> bool {
    let error = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    matches!(error, Some(rustls::Error::AlertReceived(_)))
}
