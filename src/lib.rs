//! Shows what an API's throttling limits will do to an integration, before production does.

#![cfg_attr(test, allow(clippy::cast_possible_truncation, clippy::cast_sign_loss))]

pub mod catalog;
pub mod cli;
pub mod engine;
pub mod limiter;
pub mod metrics;
pub mod random;
pub mod report;
pub mod scenario;
pub mod simulation;
pub mod strategy;
pub mod study;
pub mod units;
pub mod wire;
pub mod workload;
