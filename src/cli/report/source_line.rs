//! The line of a text that a finding is about, and how far the value in it goes.

use std::collections::BTreeMap;

/// Lines longer than this were not written by people; what else stands in them is nobody's business.
const LONGEST: usize = 4000;

/// Texts by the names of their files; cut into lines when they are asked for.
pub(super) struct Texts<'a> {
    texts: BTreeMap<&'a str, &'a [u8]>,
    lines: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(files: &'a [(&'a str, &'a [u8])]) -> Self {
        Self { texts: files.iter().copied().collect(), lines: BTreeMap::new() }
    }

    /// The line `number` (from 1) of a file, without its break.
    pub(super) fn line(&mut self, file: &str, number: u32) -> Option<&'a str> {
        let (&name, bytes) = self.texts.get_key_value(file)?;
        let lines = self.lines.entry(name).or_insert_with(|| {
            let text = std::str::from_utf8(bytes).unwrap_or_default();
            text.strip_prefix('\u{feff}').unwrap_or(text).lines().collect()
        });
        let line = lines.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
        (line.len() <= LONGEST).then_some(*line)
    }
}

/// How many characters the value has that begins at `column` (from 1), as far as one line tells; of a mapping, its first
/// key. At least one.
pub(super) fn value_width(line: &str, column: u32) -> usize {
    let before = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let line: Vec<char> = line.chars().collect();
    let Some((&first, _)) = line.get(before..).and_then(<[char]>::split_first) else { return 1 };
    let value = &line[before..];
    let width = match first {
        '"' => quoted_width(value, '\\'),
        '\'' => quoted_width(value, '\''),
        '{' | '[' => bracket_width(value),
        _ => plain_width(value, is_in_brackets(&line[..before])),
    };
    width.max(1)
}

/// A text in quotes; in single quotes the quote itself is doubled, in double quotes `\` stands before it.
fn quoted_width(value: &[char], escape: char) -> usize {
    let quote = value[0];
    let mut at = 1;
    while let Some(&c) = value.get(at) {
        if c == escape && (escape == '\\' || value.get(at + 1) == Some(&quote)) {
            at += 2;
        } else if c == quote {
            return at + 1;
        } else {
            at += 1;
        }
    }
    trimmed(value)
}

fn bracket_width(value: &[char]) -> usize {
    let mut depth = 0_usize;
    for (at, c) in value.iter().enumerate() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    1
}

fn is_in_brackets(before: &[char]) -> bool {
    let count = |which: [char; 2]| before.iter().filter(|c| which.contains(c)).count();
    count(['{', '[']) > count(['}', ']'])
}

fn plain_width(value: &[char], in_brackets: bool) -> usize {
    let ends = |at: &usize| {
        let next_is_blank = value.get(at + 1).is_none_or(|c| c.is_whitespace());
        match value[*at] {
            '#' => *at > 0 && value[at - 1].is_whitespace(),
            ':' => next_is_blank,
            ',' => in_brackets || at + 1 == value.len(),
            '}' | ']' => in_brackets,
            _ => false,
        }
    };
    let end = (0..value.len()).find(ends).unwrap_or(value.len());
    trimmed(&value[..end])
}

fn trimmed(value: &[char]) -> usize {
    value.iter().rposition(|c| !c.is_whitespace()).map_or(0, |last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ends_where_it_ends() {
        for (line, column, value) in [
            ("url: oci://a/b:1", 6, "oci://a/b:1"),
            ("url: oci://a/b:1   # tagged", 6, "oci://a/b:1"),
            ("url: \"a\\\"b\" # x", 6, "\"a\\\"b\""),
            ("url: 'it''s' # x", 6, "'it''s'"),
            ("url: 'open", 6, "'open"),
            ("  matchLabels: {app: a}", 3, "matchLabels"),
            ("  matchLabels: {app: a, b: c} # x", 16, "{app: a, b: c}"),
            ("  matchLabels: {app: a, b: c}", 22, "a"),
            ("  - number: 80", 13, "80"),
            ("    \"priority\": 10,", 17, "10"),
            ("a, b", 1, "a, b"),
            ("größe: 日本 ", 8, "日本"),
            ("a", 1, "a"),
        ] {
            assert_eq!(value_width(line, column), value.chars().count(), "{line}");
        }
        assert_eq!(value_width("a", 9), 1);
        assert_eq!(value_width("", 1), 1);
    }

    #[test]
    fn lines_are_found_and_very_long_ones_are_not_shown() {
        let long = format!("\u{feff}a: 1\r\nb: {}\nc: 2", "x".repeat(LONGEST));
        let files = [("a.yaml", long.as_bytes()), ("b.yaml", &[0xff_u8, 0x0a][..])];
        let mut texts = Texts::new(&files);
        assert_eq!(texts.line("a.yaml", 1), Some("a: 1"));
        assert_eq!(texts.line("a.yaml", 2), None);
        assert_eq!(texts.line("a.yaml", 3), Some("c: 2"));
        assert_eq!((texts.line("a.yaml", 4), texts.line("a.yaml", 0)), (None, None));
        assert_eq!((texts.line("b.yaml", 1), texts.line("c.yaml", 1)), (None, None));
    }
}
