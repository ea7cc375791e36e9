//! `docs/rules.md` is made of the table of codes and of the files in `tests/fixtures/rules`; `just rules` makes it anew.

use std::fmt::Write as _;

use billfold::model::Severity;
use billfold::model::diagnostic::{CodeInfo, info};
use billfold::validate;

use crate::tree;

const PAGE: &str = "docs/rules.md";

/// Set by `just rules`.
const WRITE: &str = "BILLFOLD_WRITE_DOCS";

/// The most lines of an example.
const MOST: usize = 24;

const HEAD: &str = "# Rules\n\n\
    What `billfold check`, the window and an export report, made of the table in `src/model/diagnostic.rs` and of the files\n\
    in `tests/fixtures/rules` (by `just rules`; do not edit it here). An error blocks the export of its object. How to leave\n\
    rules out or accept a finding with a reason: [billfold.toml](billfold.toml), and the annotation\n\
    `billfold.dev/ignore: \"WP012: the reason\"` of the object.\n\n\
    In the examples, `# expect CODE` marks the line that a finding points at.\n";

fn severity(info: &CodeInfo) -> &'static str {
    match info.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The documents of a fixture, each with its lines.
fn documents(text: &str) -> Vec<Vec<&str>> {
    let mut documents = vec![Vec::new()];
    for line in text.lines() {
        if line.trim_end() == "---" {
            documents.push(Vec::new());
        } else if let Some(document) = documents.last_mut() {
            document.push(line);
        }
    }
    documents
}

/// The document with a line that `is_it`, cut around that line where it is long.
fn example<'a>(documents: &[Vec<&'a str>], is_it: impl Fn(&str) -> bool) -> Option<Vec<&'a str>> {
    let fitting = documents
        .iter()
        .filter_map(|document| Some((document, document.iter().position(|line| is_it(line))?)));
    let (document, at) = fitting.min_by_key(|(document, _)| document.len() > MOST)?;
    let from = if document.len() > MOST { at.saturating_sub(MOST / 2) } else { 0 };
    let to = (from + MOST).min(document.len());
    let mut lines: Vec<&str> = Vec::new();
    if from > 0 {
        lines.push("# …");
    }
    lines.extend(&document[from..to]);
    if to < document.len() {
        lines.push("# …");
    }
    Some(lines)
}

fn block(lines: &[&str], page: &mut String) {
    page.push_str("```yaml\n");
    for line in lines {
        // A module in base64 says nothing to a reader.
        let is_long = line.chars().count() > 160;
        let shown: String = line.chars().take(if is_long { 60 } else { 160 }).collect();
        let behind = line.rfind(" # expect").filter(|_| is_long).map_or("", |at| &line[at..]);
        _ = writeln!(page, "{shown}{}{behind}", if is_long { "…" } else { "" });
    }
    page.push_str("```\n\n");
}

fn page() -> String {
    let mut page = String::from(HEAD);
    page.push_str("\n| code | severity | what |\n|---|---|---|\n");
    let codes: Vec<&CodeInfo> = validate::reported_codes().into_iter().filter_map(info).collect();
    for info in &codes {
        let (code, anchor) = (info.code, info.code.to_lowercase());
        _ = writeln!(
            page,
            "| [{code}](#{anchor}) | {} | {} |",
            severity(info),
            info.summary.replace('|', "\\|")
        );
    }
    for info in codes {
        let code = info.code;
        _ = write!(
            page,
            "\n## {code}\n\n**{}**: {}. Known from {}.\n\n",
            severity(info),
            info.summary,
            info.sources_in_words().join("; ")
        );
        let path = format!("tests/fixtures/rules/{code}.yaml");
        let Some(text) =
            tree::files("tests/fixtures/rules", ".yaml").contains(&path).then(|| tree::read(&path))
        else {
            continue;
        };
        let documents = documents(&text);
        let expects = |line: &str| {
            line.split_once("# expect ")
                .is_some_and(|(_, codes)| codes.split([' ', ',']).any(|it| it == code))
        };
        if let Some(lines) = example(&documents, expects) {
            block(&lines, &mut page);
        }
        if let Some(lines) = example(&documents, |line| line.contains("# near miss: ")) {
            page.push_str("Not reported:\n\n");
            block(&lines, &mut page);
        }
        page.truncate(page.trim_end().len());
        page.push('\n');
    }
    page
}

#[test]
fn the_page_of_rules_is_up_to_date() {
    let wanted = page();
    let path = tree::root().join(PAGE);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let present = std::fs::read_to_string(&path).unwrap_or_default();
    let line = present.lines().zip(wanted.lines()).take_while(|(a, b)| a == b).count() + 1;
    assert!(present == wanted, "{PAGE} is not up to date from line {line} on: run `just rules`");
}
