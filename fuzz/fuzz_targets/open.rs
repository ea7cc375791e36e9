//! Any bytes as a design or manifests: opened, saved, opened again.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| billfold::fuzz::open(bytes));
