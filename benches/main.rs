//! What Billfold's own work costs, as CPU time: `cargo bench`, or `cargo bench -- export` for some of it.
//!
//! `cargo bench -- write-design 10000 FILE` writes the design of that size to a file instead, for measuring the program
//! as a whole. `README.md` beside this file says what was measured, with which command, and what the goals are.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot be set up has nothing to measure")]

mod cpu_time;
mod designs;
mod document;
#[cfg(feature = "gui")]
mod frame;

use std::time::Duration;

use billfold::formats::meshery;
use billfold::yaml::Format;
use criterion::Criterion;

use cpu_time::CpuTime;

/// Numbers of components.
const SIZES: [usize; 3] = [100, 1_000, 10_000];

type Bench = Criterion<CpuTime>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, size, file, ..] = arguments.as_slice()
        && command == "write-design"
    {
        let design = designs::evaluated(size.parse().unwrap());
        std::fs::write(file, meshery::write(&design, Format::Yaml)).unwrap();
        return;
    }
    let mut criterion = Criterion::default()
        .with_measurement(CpuTime)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .without_plots()
        .configure_from_args();
    document::bench(&mut criterion);
    #[cfg(feature = "gui")]
    frame::bench(&mut criterion);
    criterion.final_summary();
}
