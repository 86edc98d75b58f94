//! What a server is told when it starts.

use super::{Authority, Bounds, Notice};
use std::sync::Arc;

/// How a server answers.
#[derive(Clone)]
pub struct Options {
    /// Signs certificates; `None`: no TLS.
    pub authority: Option<Arc<Authority>>,
    /// True if clients may take it for a proxy.
    pub is_proxy: bool,
    /// Names of headers with the capitals that the provider gives them.
    pub names: &'static [&'static str],
    /// What clients may cost.
    pub bounds: Bounds,
    /// Is told what requests do not show; must not block.
    pub notify: Arc<dyn Fn(Notice) + Send + Sync>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            authority: None,
            is_proxy: false,
            names: &[],
            bounds: Bounds::default(),
            notify: Arc::new(|_| ()),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("is_proxy", &self.is_proxy).finish_non_exhaustive()
    }
}
