//! What the README and its companions say is there: links lead somewhere, commands name files that exist.

use std::path::Path;

use billfold::cli::Args;
use clap::Parser as _;

use crate::tree;

/// The targets of `[text](target)` in `text`.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

#[test]
fn every_link_leads_to_a_file() {
    let mut broken = Vec::new();
    for document in
        tree::committed_files().iter().filter(|path| Path::new(path).extension().is_some_and(|it| it == "md"))
    {
        let folder = document.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in links(&tree::read(document)) {
            let path = link.split('#').next().unwrap_or_default();
            let is_ours = !link.contains("://") && !path.is_empty();
            if is_ours && !tree::root().join(folder).join(path).exists() {
                broken.push(format!("{document}: {link}"));
            }
        }
    }
    assert!(broken.is_empty(), "links to nothing:\n{}", broken.join("\n"));
}

#[test]
fn the_two_commands_of_the_readme_are_there() {
    let readme = tree::read("README.md");
    let lines: Vec<&str> = readme.lines().collect();
    let run = lines.iter().find_map(|line| line.strip_prefix("cargo run --release -- ")).unwrap();
    assert!(tree::root().join(run).is_file(), "{run}");
    assert!(lines.contains(&"cargo test"), "the README names no test command");
    assert!(tree::read(".ci/run").contains("README.md"), ".ci/run no longer reads the README's test command");
}

/// Pipes and comments belong to the shell; what stands before them must be arguments that the program takes.
#[test]
fn every_command_line_of_the_readme_is_understood() {
    let readme = tree::read("README.md");
    let examples: Vec<&str> = readme.lines().filter(|line| line.starts_with("billfold ")).collect();
    assert!(examples.len() >= 5, "{examples:?}");
    for example in examples {
        let command = example.split(['|', '#']).next().unwrap_or_default();
        if let Err(err) = Args::try_parse_from(command.split_whitespace()) {
            panic!("{example}\n{err}");
        }
    }
}
