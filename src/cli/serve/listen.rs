//! What the person who starts a server reads of its listener.

use crate::cli::{error, say};
use crate::report::words;
use crate::serve::net::{Notice, StartError};
use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Says each notice once.
pub(super) fn notices(ca: Option<&Path>, connections: usize) -> impl Fn(Notice) + use<> {
    let said = Mutex::new(HashSet::new());
    let ca = ca.map(|path| path.display().to_string());
    move |notice| {
        if said.lock().unwrap_or_else(PoisonError::into_inner).insert(notice) {
            say(&format!("note: {}", sentence(notice, ca.as_deref(), connections)));
        }
    }
}

fn sentence(notice: Notice, ca: Option<&str>, connections: usize) -> String {
    match notice {
        Notice::TlsOff => "a client spoke https: start with --tls to answer it".into(),
        Notice::Distrusted => {
            let how = "SSL_CERT_FILE, REQUESTS_CA_BUNDLE or NODE_EXTRA_CA_CERTS";
            match ca {
                Some(file) => format!("a client refused the certificate: let {how} name {file}"),
                None => format!(
                    "a client refused the certificate: write the authority with --ca FILE, and let \
                     {how} name that file"
                ),
            }
        }
        Notice::ProxyOff => "a client asked for a proxy: start with --proxy to answer it".into(),
        Notice::Full => format!(
            "{} connections are open: further clients get 503",
            words::count(connections as u64)
        ),
        Notice::NoConnection => "the system opens no more connections: raise the limit of open \
                                 files (ulimit -n)"
            .into(),
    }
}

/// Why a server does not start, and what to write instead.
pub(super) fn unstarted(why: &StartError) -> String {
    match why {
        StartError::Runtime(reason) => error(&format!("cannot start the server: {reason}")),
        StartError::Address(address, reason) => {
            let (ip, port) = (address.ip(), address.port());
            let help = match reason.kind() {
                ErrorKind::AddrInUse => format!(
                    "another program uses port {port}: choose another, or --port 0 for a free one"
                ),
                ErrorKind::AddrNotAvailable => {
                    format!("this machine does not have the address {ip}: write --listen 127.0.0.1")
                }
                ErrorKind::PermissionDenied => {
                    format!("port {port} is reserved: choose one from 1024, or --port 0")
                }
                _ => reason.to_string(),
            };
            error(&format!("cannot listen on {address}: {help}"))
        }
    }
}
