//! Any bytes as a design: evaluated, exported, evaluated again.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| billfold::fuzz::evaluate(bytes));
