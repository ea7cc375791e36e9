//! Every fixture, whole and cut short, goes through every entry point of the fuzzer.

use billfold::fuzz;

use crate::{source, tree};

type EntryPoint = fn(&[u8]);

/// Every entry point; `the_fuzzer_has_a_target_for_each` holds that none is missing.
const ENTRY_POINTS: &[(&str, EntryPoint)] = &[
    ("yaml", fuzz::yaml),
    ("open", fuzz::open),
    ("evaluate", fuzz::evaluate),
    ("definitions", fuzz::definitions),
];

/// Pieces into which each file is cut, so that texts end at places where nobody ends them.
const CUTS: usize = 8;

#[test]
fn every_fixture_goes_through_every_entry_point() {
    let mut paths = tree::files("tests/fixtures", "");
    paths.extend(tree::files("designs", ""));
    assert!(paths.len() > 60, "{paths:?}");
    for path in paths {
        let bytes = tree::bytes(&path);
        for (name, entry_point) in ENTRY_POINTS {
            for cut in 1..=CUTS {
                let end = bytes.len() * cut / CUTS;
                let outcome = std::panic::catch_unwind(|| entry_point(&bytes[..end]));
                assert!(outcome.is_ok(), "fuzz::{name} on the first {end} bytes of {path}");
            }
        }
    }
}

#[test]
fn the_fuzzer_has_a_target_for_each() {
    let code = source::code(&tree::read("src/fuzz.rs"));
    let declared: Vec<&str> =
        code.split("pub fn ").skip(1).filter_map(|rest| rest.split('(').next()).collect();
    let tested: Vec<&str> = ENTRY_POINTS.iter().map(|(name, _)| *name).collect();
    assert_eq!(declared, tested, "src/fuzz.rs against tests/fuzz.rs");
    let manifest = tree::read("fuzz/Cargo.toml");
    for name in declared {
        let target = tree::read(&format!("fuzz/fuzz_targets/{name}.rs"));
        assert!(target.contains(&format!("billfold::fuzz::{name}(")), "fuzz_targets/{name}.rs");
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name} in fuzz/Cargo.toml"
        );
    }
}
