//! Any bytes as a design: the chains of its proxies, and plugins put elsewhere in them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| billfold::fuzz::chains(bytes));
