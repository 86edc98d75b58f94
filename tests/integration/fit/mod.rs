//! Fitting a log: the truth is never thrown away, and what is printed is what was found.

// Figures of tests are small.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod closing;
mod command;
mod costs;
mod days;
mod inside;
mod report;
mod split;
mod thinned;
mod together;
mod truths;
mod verdicts;

pub use truths::Dice;
