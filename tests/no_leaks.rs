//! No committed file names a path of the machine that it was written on.

use std::env;

use crate::tree;

#[test]
fn no_committed_file_names_a_path_of_a_machine() {
    let needles = needles();
    let mut leaks = Vec::new();
    for path in tree::committed_files() {
        let bytes = std::fs::read(tree::root().join(&path)).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        leaks.extend(find(&text, &needles).map(|(line, needle)| format!("{path}:{line}: names {needle}")));
    }
    assert!(leaks.is_empty(), "paths of a machine in committed files:\n{}", leaks.join("\n"));
}

/// Line numbers and needles of every hit; a needle counts only where a path starts.
fn find<'a>(text: &'a str, needles: &'a [String]) -> impl Iterator<Item = (usize, &'a String)> {
    text.lines().enumerate().flat_map(move |(index, line)| {
        let hit =
            |needle: &&String| line.match_indices(needle.as_str()).any(|(at, _)| starts_a_path(line, at));
        needles.iter().filter(hit).map(move |needle| (index + 1, needle))
    })
}

/// `https://example.com/home/x` names no machine: there the text goes on from a host.
fn starts_a_path(line: &str, at: usize) -> bool {
    !line[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}'))
}

/// What this machine and machines in general would leave behind. Put together here, so that this file is clean.
fn needles() -> Vec<String> {
    let mut needles: Vec<String> = ["home", "Users", "root", "tmp", "private/var"]
        .iter()
        .map(|folder| format!("/{folder}/"))
        .chain([format!("C:{0}Users{0}", '\\')])
        .collect();
    let root = tree::root();
    let home = env::var_os("HOME").map(std::path::PathBuf::from);
    for folder in root.parent().map(ToOwned::to_owned).into_iter().chain([root.clone()]).chain(home) {
        // A checkout directly below `/` would make every path a leak.
        if folder.components().count() > 1 {
            needles.push(format!("{}/", folder.display()));
        }
    }
    needles
}

#[test]
fn a_leak_is_found_and_a_url_is_none() {
    let needles = [format!("/{}/", "home")];
    let text = format!("see https://example.com/{0}/x\nand file:///{0}/ann/filter.wasm", "home");
    let lines: Vec<usize> = find(&text, &needles).map(|(line, _)| line).collect();
    assert_eq!(lines, [2]);
}
