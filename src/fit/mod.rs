//! Which limits explain a log of accepted and refused calls.
//!
//! ```text
//!   log ─► rows ─► series ─► bucket · ticks · sliding · counter · concurrency ─► model ─► verdict
//!                                             scope · change · nearest · split ─► outcome ─► probe
//! ```
//!
//! Every bound is an outer one: none of the figures of a model that holds lies outside, whenever
//! within its bounds each call was decided. A figure is thrown away only where two calls contradict
//! it, and these are named. This rests on [`verdict::Options`]: what was counted before the log,
//! and that no call is missing from it, which [`trust::Trust`] puts to the test. Where no model
//! explains a log alone, [`days`] tries days of time zones and [`both`] two limits at once.
//! [`split`] is the last resort: there chance decides too, and what is likely is told apart from
//! what is proved.
//!
//! A model that holds is never refuted. A model that does not hold may survive: then the log cannot
//! tell, and [`probe`] says what would.

// Counts become floats for estimates and sizes within bounds that are checked or documented.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

pub mod blocks;
pub mod both;
pub mod bucket;
mod bucket_pass;
pub mod change;
pub mod concurrency;
pub mod counter;
pub mod cut;
pub mod days;
pub mod deficit;
pub mod guess;
pub mod headers;
pub mod log;
mod marks;
mod meet;
pub mod model;
pub mod nearest;
pub mod outcome;
pub mod phase;
pub mod probe;
pub mod ratio;
pub mod rows;
pub mod scope;
pub mod series;
pub mod sliding;
mod sliding_pass;
pub mod split;
pub mod ticks;
mod ticks_pass;
pub mod trust;
pub mod verdict;
