//! The floors: which module may name which, and which outside names may appear in it.
//!
//! The tables below are the rule. A failure names the file, the line and the row of the table that forbids it.

use crate::{source, tree};

/// One row: what the production code of a module may name. Below the row's own floor, or it would not stand here.
struct Row {
    module: &'static str,
    /// Modules of this crate, besides itself.
    may_use: &'static [&'static str],
    /// Crates from `Cargo.toml`, besides [`EVERYWHERE`].
    crates: &'static [&'static str],
}

/// Modules lowest floor first. Floors 0 to 3 are the core.
const ROWS: &[Row] = &[
    // F0
    Row { module: "model", may_use: &[], crates: &["petgraph", "uuid"] },
    Row {
        module: "yaml",
        may_use: &["model"],
        crates: &["jsonc_parser", "saphyr_parser", "serde", "serde_json", "serde_yaml"],
    },
    // F1
    Row { module: "registry", may_use: &["model", "yaml"], crates: &["regex"] },
    Row { module: "istio", may_use: &["model"], crates: &[] },
    Row { module: "wasm_module", may_use: &[], crates: &["base64", "sha2", "wasmparser"] },
    Row { module: "wallet", may_use: &["model", "yaml", "registry", "istio"], crates: &["sha2"] },
    // F2: siblings never name each other
    Row { module: "policy", may_use: &["model", "yaml", "registry", "wallet"], crates: &[] },
    Row {
        module: "validate",
        may_use: &["model", "yaml", "registry", "istio", "wasm_module", "wallet"],
        crates: &["kube_cel", "regex"],
    },
    Row {
        module: "formats",
        may_use: &["model", "yaml", "registry", "wallet"],
        crates: &["serde", "serde_json", "sha2"],
    },
    // F3: siblings never name each other
    Row {
        module: "editor",
        may_use: &["model", "yaml", "registry", "istio", "wasm_module", "wallet", "policy", "validate"],
        crates: &[],
    },
    Row {
        module: "adapters",
        may_use: &["model", "yaml", "registry", "istio", "wasm_module", "wallet", "validate", "formats"],
        crates: &["directories", "log", "reqwest", "rustls", "tempfile", "toml"],
    },
    // F4
    Row {
        module: "workspace",
        may_use: &[
            "model",
            "yaml",
            "registry",
            "istio",
            "wasm_module",
            "wallet",
            "policy",
            "validate",
            "formats",
            "editor",
            "adapters",
        ],
        crates: &["directories", "log", "serde", "serde_yaml", "uuid"],
    },
    // F5: siblings never name each other; the window names no adapter, it queues a command
    Row {
        module: "ui",
        may_use: &[
            "model",
            "yaml",
            "registry",
            "istio",
            "wasm_module",
            "wallet",
            "formats",
            "editor",
            "workspace",
        ],
        crates: &["eframe", "egui", "egui_graphs", "log", "petgraph", "rfd", "uuid"],
    },
    Row {
        module: "cli",
        may_use: &[
            "model",
            "yaml",
            "registry",
            "istio",
            "wasm_module",
            "wallet",
            "policy",
            "validate",
            "formats",
            "editor",
            "adapters",
            "workspace",
        ],
        crates: &["clap", "clap_complete", "clap_mangen", "serde_json", "unicode_width", "uuid"],
    },
    // Entry points of the fuzzer: plain functions over the core.
    Row {
        module: "fuzz",
        may_use: &[
            "model",
            "yaml",
            "registry",
            "istio",
            "wasm_module",
            "wallet",
            "policy",
            "validate",
            "formats",
            "editor",
        ],
        crates: &[],
    },
    // The program itself: arguments in, window or command line.
    Row { module: "main", may_use: &["cli", "ui", "workspace"], crates: &["billfold", "clap"] },
];

/// Crates that are mere data structures or derive an error: any row may name them.
const EVERYWHERE: &[&str] = &["foldhash", "indexmap", "smol_str", "thiserror"];

/// Items of the standard library, and the rows whose production code may name them.
const ITEMS: &[(&str, &[&str])] = &[
    ("std::fs", &["adapters", "workspace", "cli"]),
    ("std::net", &["adapters", "workspace", "cli"]),
    ("std::env", &["adapters", "workspace", "cli"]),
    ("process::Command", &["adapters"]),
    ("std::thread", &["adapters", "workspace", "ui", "cli"]),
    ("SystemTime", &["adapters", "workspace", "ui", "cli"]),
    ("Instant", &["adapters", "workspace", "ui", "cli", "main"]),
];

/// What a file of `src` is: the row that it belongs to, and how deep below the crate's root its module stands.
fn place(path: &str) -> (&str, usize) {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    (inner.split('/').next().unwrap_or(inner), inner.split('/').count())
}

fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.ends_with("_tests.rs")
}

/// Every production file with its row; `lib.rs` only lists modules.
fn production_files() -> Vec<(String, String)> {
    let files = tree::files("src", ".rs").into_iter();
    files
        .filter(|path| path != "src/lib.rs" && !is_test_file(path))
        .map(|path| {
            let code = source::code(&tree::read(&path));
            (path, code)
        })
        .collect()
}

/// The violations of one file against the tables.
fn violations(path: &str, code: &str) -> Vec<String> {
    let (module, depth) = place(path);
    let Some(row) = ROWS.iter().find(|row| row.module == module) else {
        return vec![format!("{path}: module `{module}` has no row in tests/architecture.rs")];
    };
    let mut found = Vec::new();
    let own = if module == "main" { "billfold" } else { "crate" };
    let mentions = if own == "crate" {
        source::crate_mentions(code, depth)
    } else {
        source::crate_mentions(&code.replace("billfold::", "crate::"), depth)
    };
    for mention in mentions {
        if mention.name != module && !row.may_use.contains(&mention.name.as_str()) {
            found.push(format!(
                "{path}:{}: names {own}::{}; row `{module}` may use {:?}",
                mention.line, mention.name, row.may_use
            ));
        }
    }
    for name in crates() {
        if EVERYWHERE.contains(&name.as_str()) || row.crates.contains(&name.as_str()) {
            continue;
        }
        for line in source::path_mentions(code, &name) {
            found.push(format!(
                "{path}:{line}: names the crate {name}; row `{module}` may name {:?}",
                row.crates
            ));
        }
    }
    for (item, rows) in ITEMS {
        if !rows.contains(&module) {
            for line in source::item_mentions(code, item) {
                found.push(format!("{path}:{line}: names {item}; only {rows:?} may, not row `{module}`"));
            }
        }
    }
    found
}

/// The dependencies in `Cargo.toml`, as the code spells them.
fn crates() -> Vec<String> {
    let manifest = tree::read("Cargo.toml");
    let table = |line: &&str| *line != "[dependencies]";
    let lines = manifest.lines().skip_while(table).skip(1).take_while(|line| !line.starts_with('['));
    lines.filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim().replace('-', "_")).collect()
}

#[test]
fn modules_name_only_what_their_floor_allows() {
    let found: Vec<String> =
        production_files().iter().flat_map(|(path, code)| violations(path, code)).collect();
    assert!(found.is_empty(), "against the floors (tables in tests/architecture.rs):\n{}", found.join("\n"));
}

/// The check itself: each of these is against one row, and the message says which.
#[test]
fn a_violation_names_file_line_and_row() {
    let cases = [
        (
            "src/model/design.rs",
            "\nuse crate::yaml;",
            "src/model/design.rs:2: names crate::yaml; row `model`",
        ),
        ("src/policy/mod.rs", "use super::validate::check;", "names crate::validate; row `policy`"),
        ("src/policy/evaluate.rs", "use super::super::formats;", "names crate::formats; row `policy`"),
        ("src/formats/sniff.rs", "use crate::{model::Value, policy};", "names crate::policy; row `formats`"),
        ("src/editor/mod.rs", "fn f(ui: &mut egui::Ui) {}", "names the crate egui; row `editor`"),
        ("src/model/mod.rs", "use std::{fmt, fs};", "names std::fs; only"),
        ("src/yaml.rs", "let now = Instant::now();", "names Instant; only"),
        ("src/ui/canvas/mod.rs", "use crate::adapters::files;", "names crate::adapters; row `ui`"),
        ("src/main.rs", "billfold::policy::evaluate(x)", "names billfold::policy; row `main`"),
        ("src/shiny.rs", "", "module `shiny` has no row"),
    ];
    for (path, code, expected) in cases {
        let found = violations(path, code);
        assert!(matches!(found.as_slice(), [one] if one.contains(expected)), "{path} {code:?}: {found:?}");
    }
    assert!(
        violations("src/policy/evaluate.rs", "use super::trace; use crate::wallet; use indexmap as i;")
            .is_empty()
    );
}

#[test]
fn the_table_only_points_down() {
    for (index, row) in ROWS.iter().enumerate() {
        for name in row.may_use {
            let below = ROWS[..index].iter().any(|other| other.module == *name);
            assert!(
                below,
                "row `{}` may use `{name}`, which does not stand above it in the table",
                row.module
            );
        }
    }
}

#[test]
fn every_source_file_says_what_it_is() {
    let folders = ["src", "tests", "benches", "fuzz"];
    let silent: Vec<String> = folders
        .iter()
        .flat_map(|folder| tree::files(folder, ".rs"))
        .filter(|path| !tree::read(path).starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "files that do not open with `//! `: {silent:?}");
}

/// A file that no `mod` names is never compiled, so its tests would be silently absent.
#[test]
fn every_file_is_declared_as_a_module() {
    let mut forgotten = Vec::new();
    for path in tree::files("src", ".rs").into_iter().chain(tree::files("tests", ".rs")) {
        let top = path.split('/').next().unwrap_or_default();
        let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
        let Some((folder, name)) = stem.rsplit_once('/') else { continue };
        let parents = if folder == top {
            vec![format!("{top}/lib.rs"), format!("{top}/main.rs")]
        } else {
            vec![format!("{folder}.rs"), format!("{folder}/mod.rs")]
        };
        let is_root = folder == top && (name == "lib" || name == "main");
        let declared = parents
            .iter()
            .filter(|parent| tree::root().join(parent).is_file())
            .any(|parent| source::declares_module(&tree::read(parent), name));
        if !is_root && !declared {
            forgotten.push(format!("{path}: no `mod {name};` in {}", parents.join(" or ")));
        }
    }
    assert!(forgotten.is_empty(), "{}", forgotten.join("\n"));
}

/// A rule whose function the table does not name would compile and never run.
#[test]
fn every_rule_file_is_in_the_table_of_rules() {
    const RULES: &str = "src/validate/rules";
    let files = tree::files(RULES, ".rs");
    let Some(table) = files.iter().find(|path| path.ends_with("/mod.rs")) else {
        assert!(files.is_empty(), "{RULES} has rules and no mod.rs");
        return;
    };
    let table = source::code(&tree::read(table));
    let unused: Vec<&String> = files
        .iter()
        .filter(|path| !path.ends_with("/mod.rs") && !is_test_file(path))
        .filter(|path| {
            let name = path.trim_start_matches(RULES).trim_matches('/').trim_end_matches(".rs");
            !table.contains(&format!("{name}::"))
        })
        .collect();
    assert!(unused.is_empty(), "rule files that the table in {RULES}/mod.rs never names: {unused:?}");
}
