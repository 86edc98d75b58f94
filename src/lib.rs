//! Shows what an API's throttling limits will do to an integration, before production does.

pub mod limiter;
pub mod units;
pub mod wire;
