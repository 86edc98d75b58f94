//! The command line: hands its words to the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    throttlesim::cli::main()
}
