//! The program: hands its arguments to [`unbroken::cli`], and the exit code to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(unbroken::cli::run(std::env::args_os()))
}
