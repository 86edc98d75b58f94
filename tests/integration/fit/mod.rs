//! Fitting a log: the truth is never thrown away, and what is printed is what was found.

mod command;
mod inside;
mod truths;
mod verdicts;
