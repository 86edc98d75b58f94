//! Shows what an API's throttling limits will do to an integration, before production does.

pub mod engine;
pub mod limiter;
pub mod random;
pub mod strategy;
pub mod units;
pub mod wire;
pub mod workload;
