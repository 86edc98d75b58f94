//! The listener: lets clients in while there is room, and ends in bounded time.

use super::hub::Hub;
use super::{Notice, Options};
use crate::serve::Desk;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Runtime;
use tokio::time::{Duration, sleep, timeout};

/// Clients that may wait to be let in.
const WAITING: u32 = 4096;

/// How long to wait after the system gave no connection.
const PAUSE: Duration = Duration::from_millis(20);

/// What a client gets for whom there is no room.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\
    Content-Length: 0\r\n\r\n";

/// Why a server does not start.
#[derive(Debug)]
pub enum StartError {
    /// The system gives no threads, or no timers.
    Runtime(io::Error),
    /// The address cannot be listened on: mostly, another program does.
    Address(SocketAddr, io::Error),
}

/// An address that is taken for a server; clients wait until that starts.
#[derive(Debug)]
pub struct Listener {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
}

/// A server that answers until it is stopped.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    hub: Arc<Hub>,
}

impl Listener {
    /// Takes an address; at port 0, a free port.
    ///
    /// # Errors
    /// The address cannot be listened on, or the system gives no threads.
    pub fn new(address: SocketAddr) -> Result<Self, StartError> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(StartError::Runtime)?;
        let inside = runtime.enter();
        let taken = listen(address).and_then(|listener| Ok((listener.local_addr()?, listener)));
        drop(inside);
        let (taken, listener) = taken.map_err(|error| StartError::Address(address, error))?;
        Ok(Self { runtime, listener, address: taken })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers with `desk` from now on.
    #[must_use]
    pub fn start(self, desk: Arc<dyn Desk>, options: &Options) -> Server {
        let Self { runtime, listener, .. } = self;
        let hub = runtime.block_on(Hub::new(desk, options));
        runtime.spawn(welcome(Arc::clone(&hub), listener));
        Server { runtime, hub }
    }
}

impl Server {
    /// Lets no more clients in, lets open answers leave within [`Bounds::stop`], and cuts the rest.
    pub fn stop(self) {
        let Self { runtime, hub } = self;
        hub.stop();
        let bounds = hub.bounds;
        let all = u32::try_from(bounds.connections).unwrap_or(u32::MAX);
        let _ = runtime.block_on(async { timeout(bounds.stop, hub.seats.acquire_many(all)).await });
        runtime.shutdown_timeout(bounds.stop);
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // A port is free as soon as its server has ended. On Windows this would share it instead.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Lets clients in.
async fn welcome(hub: Arc<Hub>, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = hub.stopped() => return,
        };
        match accepted {
            Ok((stream, from)) => seat(&hub, stream, from),
            // The client has gone.
            Err(gone) if gone.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(_) => {
                hub.notify(Notice::NoConnection);
                sleep(PAUSE).await;
            }
        }
    }
}

/// Gives a client a seat, or sends it away.
fn seat(hub: &Arc<Hub>, stream: TcpStream, from: SocketAddr) {
    let Ok(seat) = Arc::clone(&hub.seats).try_acquire_owned() else {
        hub.notify(Notice::Full);
        let _ = stream.try_write(FULL);
        return;
    };
    // A small answer must not wait for the next one.
    let _ = stream.set_nodelay(true);
    let hub = Arc::clone(hub);
    tokio::spawn(async move { hub.serve(Box::new(stream), from.ip().to_canonical(), seat).await });
}
