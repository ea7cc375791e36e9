//! Every fixture, whole and cut short and wounded in many ways, goes through every entry point of the fuzzer.

pub(crate) mod mutate;

use billfold::fuzz;
use mutate::{Seed, input};

use crate::{source, tree};

type EntryPoint = fn(&[u8]);

/// Every entry point; `the_fuzzer_has_a_target_for_each` holds that none is missing.
const ENTRY_POINTS: &[(&str, EntryPoint)] = &[
    ("yaml", fuzz::yaml),
    ("open", fuzz::open),
    ("evaluate", fuzz::evaluate),
    ("chains", fuzz::chains),
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

/// How many generated inputs each entry point gets.
const INPUTS: u64 = 20_000;

/// The largest file that inputs are made from: a debug build is to read all of them in a minute.
const MAX_SEED: usize = 5_000;

#[test]
fn twenty_thousand_inputs_go_through_every_entry_point() {
    let paths = ["tests/fixtures", "designs", "assets/registry/relationships"]
        .map(|folder| tree::files(folder, ""))
        .concat();
    let seeds: Vec<Seed> =
        paths.into_iter().filter_map(|path| Seed::new(path.clone(), tree::bytes(&path), MAX_SEED)).collect();
    assert!(seeds.iter().any(|seed| seed.path == "designs/hierarchical-parent-wallet.yaml"));
    assert!(seeds.len() > 60, "{}", seeds.len());
    let faults: Vec<String> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            let seeds = &seeds;
            scope.spawn(move || (half..INPUTS).step_by(2).flat_map(|number| faults(seeds, number)).collect())
        });
        halves
            .into_iter()
            .flat_map(|half| half.join().unwrap_or_else(|_| vec!["a thread died".to_owned()]))
            .collect()
    });
    assert!(
        faults.is_empty(),
        "{} faults, the first of them:\n{}",
        faults.len(),
        faults[..faults.len().min(5)].join("\n")
    );
}

fn faults(seeds: &[Seed], number: u64) -> Vec<String> {
    let (path, bytes) = input(seeds, number);
    let fails = |entry_point: EntryPoint| std::panic::catch_unwind(|| entry_point(&bytes)).is_err();
    let failing = ENTRY_POINTS.iter().filter(|(_, entry_point)| fails(*entry_point));
    failing
        .map(|(name, _)| {
            format!("fuzz::{name} on input {number}, of {path}:\n{}", String::from_utf8_lossy(&bytes))
        })
        .collect()
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
