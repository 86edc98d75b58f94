//! Fuzz target: the bytes of a client are answered as HTTP or TLS, and reach no other host.
#![no_main]

#[path = "../../tests/fuzz/connection.rs"]
#[allow(dead_code)]
mod connection;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    connection::connection(input);
});
