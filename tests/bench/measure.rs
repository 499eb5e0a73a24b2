//! What the benchmarks of the command measure: wall time, peak memory, and the ratio of two times. Not here: what is run, and what a good figure is.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Wall time of a command that must end with this code. What it writes goes nowhere.
pub fn time(command: &mut Command, code: i32) -> Duration {
    let start = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let taken = start.elapsed();
    assert_eq!(status.code(), Some(code), "{command:?}");
    taken
}

/// How often the other time is contained in this one.
pub fn ratio(taken: Duration, yardstick: Duration) -> f64 {
    taken.as_secs_f64() / yardstick.as_secs_f64()
}

/// Peak resident memory in KiB of a command that must end with this code: the kernel's own high-water mark, which GNU time prints.
pub fn peak(command: &Command, code: i32) -> u64 {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "%M"]).arg(command.get_program()).args(command.get_args()).stdout(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        timed.current_dir(folder);
    }
    let output = timed.output().expect("GNU time is needed: apt-get install time");
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8_lossy(&output.stderr).lines().last().and_then(|line| line.trim().parse().ok()).expect("GNU time prints KiB")
}

/// KiB as MiB.
pub fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}
