//! Entry points for a fuzzer: any bytes in; a panic is a broken promise of this program.
//!
//! The targets under `fuzz/` call these, and the tests feed them every fixture.

use crate::yaml;

/// Reads `bytes` as YAML or JSON; what can be read is the same after writing and reading it again.
pub fn yaml(bytes: &[u8]) {
    yaml::fuzz_round_trip(bytes);
}
