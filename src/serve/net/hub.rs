//! What all connections share: the desk, bounds, certificates, and the word to stop.

use super::casing::Casing;
use super::{Bounds, Notice, Options};
use crate::serve::Desk;
use http::uri::Authority as Host;
use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;
use rustls::ServerConfig;
use rustls::crypto::ring;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use tokio::sync::{Semaphore, watch};
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
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) http: http1::Builder,
    notify: Arc<dyn Fn(Notice) + Send + Sync>,
    stop: watch::Sender<bool>,
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
            .title_case_headers(true)
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
}
