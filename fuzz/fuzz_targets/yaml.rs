//! Any bytes as YAML or JSON: read, written, read again.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| billfold::fuzz::yaml(bytes));
