//! Fuzz target: an expectation, a width and a goal are read, or refused.
#![no_main]

#[path = "../../tests/fuzz/bodies.rs"]
#[allow(dead_code)]
mod bodies;

libfuzzer_sys::fuzz_target!(|input: &[u8]| bodies::expectation(input));
