//! Any bytes as definitions: loaded, a design evaluated with them, evaluated again.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| billfold::fuzz::definitions(bytes));
