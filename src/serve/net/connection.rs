//! The life of a connection: its first byte, TLS, HTTP/1.1, and the tunnels that it asks for.

use super::Notice;
use super::ask::{Visitor, respond};
use super::hub::{Hub, Tunnel};
use super::stream::{Opened, Stream};
use http::uri::Authority as Host;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::io;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

/// One connection's client, in a tunnel or not.
struct Guest {
    visitor: Visitor,
    /// The place of its connection, until the last part of that ends.
    seat: Arc<OwnedSemaphorePermit>,
}

impl Hub {
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
        let visitor = Visitor { hub, from, tunnel: None };
        Guest { visitor, seat: Arc::new(seat) }.talk(stream).await;
    }
}

impl Guest {
    /// Waits for the first byte, which tells TLS from HTTP. Boxed, as a tunnel does the same again.
    fn talk(mut self, stream: Box<dyn Stream>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            let hub = Arc::clone(&self.visitor.hub);
            let bounds = hub.bounds;
            let opened = tokio::select! {
                opened = timeout(bounds.idle, Opened::wait(stream, bounds.send)) => opened,
                () = hub.stopped() => return,
            };
            let Ok(Some(opened)) = opened else { return };
            if !opened.is_tls() {
                return self.http(Box::new(opened)).await;
            }
            let Some(tls) = hub.tls.clone() else {
                return hub.notify(Notice::TlsOff);
            };
            if let Some(tunnel) = &mut self.visitor.tunnel {
                tunnel.scheme = "https";
            }
            match timeout(bounds.handshake, tls.accept(opened)).await {
                Ok(Ok(stream)) => self.http(Box::new(stream)).await,
                Ok(Err(error)) if is_distrust(&error) => hub.notify(Notice::Distrusted),
                Ok(Err(_)) | Err(_) => {}
            }
        })
    }

    /// HTTP/1.1 until the end of the connection, or of the server.
    async fn http(self, stream: Box<dyn Stream>) {
        let guest = Arc::new(self);
        let hub = Arc::clone(&guest.visitor.hub);
        let service = service_fn(move |request| {
            let guest = Arc::clone(&guest);
            async move {
                let open = |host, upgrade| guest.tunnel(host, upgrade);
                respond(&guest.visitor, request, open).await
            }
        });
        let connection = hub.http.serve_connection(TokioIo::new(stream), service).with_upgrades();
        let mut connection = pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            () = hub.stopped() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }

    /// Goes on as the host to which a client has asked for a tunnel.
    fn tunnel(&self, host: Host, upgrade: OnUpgrade) {
        let (hub, seat) = (Arc::clone(&self.visitor.hub), Arc::clone(&self.seat));
        let tunnel = Some(Tunnel { host, scheme: "http" });
        let guest = Self { visitor: Visitor { hub, from: self.visitor.from, tunnel }, seat };
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
