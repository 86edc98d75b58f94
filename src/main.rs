//! The command line: hands its words to the library.

fn main() {}
