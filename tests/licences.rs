//! Every crate that is built here has a licence that `deny.toml` allows.
//!
//! `cargo deny` checks the same for every platform in CI; this needs no tool and covers the platform that it runs on.

use std::collections::BTreeSet;
use std::env;
use std::process::Command;

use serde_json::Value;

use crate::tree;

#[test]
fn every_dependency_has_an_allowed_licence() {
    let allowed = allowed();
    assert!(allowed.contains("Apache-2.0"), "deny.toml has no list of licences: {allowed:?}");
    let packages = metadata();
    let packages = packages["packages"].as_array().unwrap();
    assert!(packages.len() > 20, "cargo metadata lists only {} packages", packages.len());
    let refused: Vec<String> = packages
        .iter()
        .filter_map(|package| {
            let licence = package["license"].as_str().unwrap_or("none");
            let mut allowed = allowed.clone();
            allowed.extend(excepted(package["name"].as_str().unwrap()));
            let fits = satisfied(licence, &allowed);
            (!fits).then(|| format!("{} {}: {licence}", package["name"], package["version"]))
        })
        .collect();
    assert!(refused.is_empty(), "licences that deny.toml does not allow:\n{}", refused.join("\n"));
}

/// The texts of `allow = [ … ]` in the `[licenses]` table.
fn allowed() -> BTreeSet<String> {
    let text = tree::read("deny.toml");
    let (_, table) = text.split_once("[licenses]").unwrap_or_default();
    texts_of_allow(table)
}

/// What `exceptions` allows for this one crate.
fn excepted(name: &str) -> BTreeSet<String> {
    let text = tree::read("deny.toml");
    let mark = format!("{{ crate = \"{name}\", ");
    text.lines().find_map(|line| line.trim().strip_prefix(&mark)).map(texts_of_allow).unwrap_or_default()
}

/// The texts of the first `allow = [ … ]` in `text`.
fn texts_of_allow(text: &str) -> BTreeSet<String> {
    let (_, list) = text.split_once("allow = [").unwrap_or_default();
    let (list, _) = list.split_once(']').unwrap_or_default();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn metadata() -> Value {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let host = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(host).arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(tree::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Whether an SPDX expression can be met by licences in `allowed`; `/` is the old spelling of `OR`.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words, allowed)
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut met = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= all_of(words, allowed);
    }
    met
}

fn all_of(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &BTreeSet<String>) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let met = any_of(words, allowed);
        words.next_if_eq(&")");
        return met;
    }
    let mut name = words.next().unwrap_or_default().to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        name = format!("{name} WITH {}", words.next().unwrap_or_default());
    }
    allowed.contains(&name)
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed: BTreeSet<String> =
        ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"].into_iter().map(str::to_owned).collect();
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("MIT OR GPL-3.0", true),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("GPL-3.0 OR MIT AND Zlib", false),
        ("(GPL-3.0 OR MIT) AND Apache-2.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("GPL-3.0 WITH Classpath-exception-2.0", false),
        ("none", false),
    ] {
        assert_eq!(satisfied(expression, &allowed), expected, "{expression}");
    }
}
