//! Just enough of Rust's syntax to ask what a source file mentions.
//!
//! [`code`] blanks comments and texts, so that a doc link or a message is no mention; lines keep their numbers.

/// The code of `source`, with comments, strings and characters as spaces, and without its `#[cfg(test)] mod`.
pub(crate) fn code(source: &str) -> String {
    without_tests(&blank(source))
}

/// One name that stands after `crate::`, after enough `super::` to mean the same, or first in a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) line: usize,
    pub(crate) name: String,
}

/// Names of top-level modules that `code` mentions. `depth` is how many modules the file is below the crate's root.
pub(crate) fn crate_mentions(code: &str, depth: usize) -> Vec<Mention> {
    let mut found = Vec::new();
    for (at, _) in words(code, "crate") {
        push_heads(code, at + "crate".len(), &mut found);
    }
    for (at, _) in words(code, "super") {
        if code[..at].trim_end().ends_with("::") {
            continue; // The inner part of a chain that was counted at its start.
        }
        let depth = depth + inline_modules(&code[..at]);
        let mut end = at;
        let mut steps = 0;
        while code[end..].starts_with("super") {
            steps += 1;
            end += "super".len();
            if steps < depth && code[end..].starts_with("::super") {
                end += "::".len();
            } else {
                break;
            }
        }
        if steps == depth {
            push_heads(code, end, &mut found);
        }
    }
    found
}

/// How many `mod name { … }` are open at the end of `before`.
fn inline_modules(before: &str) -> usize {
    let mut open = Vec::new();
    for (at, c) in before.char_indices() {
        match c {
            '{' => {
                let head = before[..at].trim_end().trim_end_matches(is_word).trim_end();
                open.push(head.ends_with("mod"));
            }
            '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.iter().filter(|&&is_module| is_module).count()
}

/// Lines on which `name` starts a path or is imported: `name::x`, `use name;`, `use name as x;`.
pub(crate) fn path_mentions(code: &str, name: &str) -> Vec<usize> {
    words(code, name)
        .filter(|(at, rest)| {
            let before = code[..*at].trim_end();
            !before.ends_with("::")
                && !before.ends_with('.')
                && (rest.starts_with("::")
                    || (before.ends_with("use") && rest.trim_start().starts_with([';', 'a']))
                    || before.ends_with("extern crate"))
        })
        .map(|(at, _)| line_of(code, at))
        .collect()
}

/// Lines on which the path `path` (`std::fs`) stands, or is imported in braces (`std::{fs, env}`).
pub(crate) fn item_mentions(code: &str, path: &str) -> Vec<usize> {
    let Some((parent, last)) = path.rsplit_once("::") else {
        return words(code, path).map(|(at, _)| line_of(code, at)).collect();
    };
    let mut found: Vec<usize> = words(code, last)
        .filter(|(at, _)| code[..*at].strip_suffix("::").is_some_and(|before| before.ends_with(parent)))
        .map(|(at, _)| line_of(code, at))
        .collect();
    for (at, rest) in words(code, parent.rsplit("::").next().unwrap_or(parent)) {
        if let Some(group) = rest.strip_prefix("::{") {
            let hit = heads_of_group(group).into_iter().any(|(_, head)| head == last);
            if hit && code[..at + parent.len()].ends_with(parent) {
                found.push(line_of(code, at));
            }
        }
    }
    found
}

/// Whether `code` declares `mod name`.
pub(crate) fn declares_module(code: &str, name: &str) -> bool {
    words(code, name)
        .any(|(at, rest)| code[..at].trim_end().ends_with("mod") && rest.trim_start().starts_with([';', '{']))
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Every whole word `word`: its offset and what follows it.
fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    text.match_indices(word).filter_map(move |(at, _)| {
        let rest = &text[at + word.len()..];
        let whole = !text[..at].ends_with(is_word) && !rest.starts_with(is_word);
        whole.then_some((at, rest))
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn push_heads(code: &str, end: usize, found: &mut Vec<Mention>) {
    let Some(rest) = code[end..].strip_prefix("::") else { return };
    let start = end + "::".len();
    if let Some(group) = rest.strip_prefix('{') {
        for (at, name) in heads_of_group(group) {
            found.push(Mention { line: line_of(code, start + 1 + at), name });
        }
    } else {
        let name: String = rest.chars().take_while(|&c| is_word(c)).collect();
        if !name.is_empty() && !rest[name.len()..].starts_with('!') {
            found.push(Mention { line: line_of(code, start), name });
        }
    }
}

/// The first name of each item of a `{a::b, c}` group; `group` starts after its brace.
fn heads_of_group(group: &str) -> Vec<(usize, String)> {
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut at_start = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => at_start = true,
            c if is_word(c) && at_start => {
                heads.push((at, group[at..].chars().take_while(|&c| is_word(c)).collect()));
                at_start = false;
            }
            _ => {}
        }
    }
    heads
}

fn blank(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let after_word = out.ends_with(is_word);
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => block_comment(rest),
            '"' => text(rest, 1),
            'r' | 'b' | 'c' if !after_word => prefixed_text(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if length == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            out.extend(rest[..length].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[length..];
        }
    }
    out
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

/// Length of a text whose opening quote ends at `start`.
fn text(rest: &str, start: usize) -> usize {
    let mut escaped = false;
    for (at, c) in rest[start..].char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return start + at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// `b"…"`, `c"…"`, `r"…"`, `br#"…"#` and the like; 0 when it is a name.
fn prefixed_text(rest: &str) -> usize {
    let prefix = rest.len() - rest.trim_start_matches(['b', 'c', 'r']).len();
    let tail = &rest[prefix..];
    let hashes = tail.len() - tail.trim_start_matches('#').len();
    if prefix > 2 || !tail[hashes..].starts_with('"') {
        return 0;
    }
    let start = prefix + hashes + 1;
    if !rest[..prefix].contains('r') {
        return if hashes == 0 { text(rest, start) } else { 0 };
    }
    let close = format!("\"{}", "#".repeat(hashes));
    rest[start..].find(&close).map_or(rest.len(), |at| start + at + close.len())
}

/// Length of a character literal; 0 for a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            rest[2..].char_indices().skip(1).find(|&(_, c)| c == '\'').map_or(0, |(at, _)| 2 + at + 1)
        }
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 0,
        },
        None => 0,
    }
}

/// Cuts every `#[cfg(test)] mod name { … }` block.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        let tail = &rest[at + MARK.len()..];
        out.push_str(&rest[..at]);
        let is_module = tail.trim_start().starts_with("mod ");
        let end = match (is_module, tail.find(['{', ';'])) {
            (true, Some(open)) if tail[open..].starts_with('{') => block_end(tail, open),
            _ => 0,
        };
        out.extend(tail[..end].chars().filter(|&c| c == '\n'));
        rest = &tail[end..];
    }
    out.push_str(rest);
    out
}

fn block_end(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in text[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return open + at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[test]
fn mentions_are_found_in_code_only() {
    let source = r#"
//! A doc link to [`crate::ui`].
use crate::{model::Design, wallet};
const TEXT: &str = "crate::cli";
const RAW: &str = r"crate::adapters";
fn f<'a>(c: char) -> bool { c == '"' || c == '\'' || crate::policy::g() }
#[cfg(test)]
mod tests { use crate::adapters; }
fn g() { crate::formats::h() }
"#;
    let names = |depth| -> Vec<(usize, String)> {
        crate_mentions(&code(source), depth).into_iter().map(|it| (it.line, it.name)).collect()
    };
    let expected = [(3, "model"), (3, "wallet"), (6, "policy"), (9, "formats")];
    assert_eq!(names(1), expected.map(|(line, name)| (line, name.to_owned())));
    let literals = code("a(r#\"say \"x\" \"#, br\"x\", b'x', \"\\\"x\", '\\'', 'x') /* /* x */ x */ // x");
    assert!(literals.starts_with("a(") && literals.contains(')') && !literals.contains('x'), "{literals}");
}

#[test]
fn a_chain_of_supers_reaches_the_root() {
    let source = "use super::super::validate::rules;\nuse super::evaluate;";
    let mentions = crate_mentions(source, 2);
    assert_eq!(mentions, [Mention { line: 1, name: "validate".to_owned() }]);
    assert_eq!(crate_mentions("mod inner {\n use super::super::path; }", 2), []);
}

#[test]
fn paths_and_items_are_told_apart() {
    assert_eq!(path_mentions("use egui;\nlet x = a.egui::b;\nmodel::egui::x;\negui::Ui", "egui"), [1, 4]);
    assert_eq!(item_mentions("use std::{fmt, fs};\nstd::fs::read(x);\nmy::fs::x", "std::fs"), [2, 1]);
    assert_eq!(item_mentions("let t = Instant::now();\nlet InstantLike = 1;", "Instant"), [1]);
}
