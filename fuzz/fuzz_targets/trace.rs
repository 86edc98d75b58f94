//! Fuzz target: a recorded log is read in each of its formats, or refused with a place.
#![no_main]

#[path = "../../tests/fuzz/bodies.rs"]
#[allow(dead_code)]
mod bodies;

use std::sync::OnceLock;
use tempfile::TempDir;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| tempfile::tempdir().expect("a folder"));
    bodies::trace(input, folder.path());
});
