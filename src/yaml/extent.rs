//! How far a value goes in its text, as far as the text alone tells.

/// How many bytes the plain or quoted scalar, or the flow collection, has that begins at `start` of `text`; it may go
/// over several lines only if it stands in brackets. `None` where it does not end there.
pub(super) fn inline_end(text: &str, start: usize, in_brackets: bool) -> Option<usize> {
    let value = text.get(start..)?;
    let line = value.split(['\n', '\r']).next().unwrap_or_default();
    let length = match value.chars().next()? {
        '{' | '[' => bracket_length(value)?,
        '"' => quoted_length(line, '"')?,
        '\'' => quoted_length(line, '\'')?,
        '|' | '>' | '&' | '*' | '!' => return None,
        _ => plain_length(line, in_brackets),
    };
    (length > 0).then_some(start + length)
}

/// How many characters the value has that begins at `column` (from 1) of a line, as far as the line tells; of a mapping,
/// its first key. At least one.
pub fn value_width(line: &str, column: u32) -> usize {
    let before = usize::try_from(column).unwrap_or(1).saturating_sub(1);
    let Some((start, first)) = line.char_indices().nth(before) else { return 1 };
    let value = &line[start..];
    let open = |which: [char; 2]| line[..start].matches(which).count();
    let length = match first {
        '"' | '\'' => quoted_length(value, first).unwrap_or(value.trim_end().len()),
        '{' | '[' => bracket_length(value).unwrap_or(1),
        _ => plain_length(value, open(['{', '[']) > open(['}', ']'])),
    };
    value.get(..length).map_or(1, |value| value.chars().count()).max(1)
}

/// A text in quotes; in single quotes the quote itself is doubled, in double quotes `\` stands before it.
fn quoted_length(line: &str, quote: char) -> Option<usize> {
    let mut rest = line.char_indices().skip(1).peekable();
    while let Some((at, c)) = rest.next() {
        if c == '\\' && quote == '"' {
            rest.next();
        } else if c == quote && (quote == '"' || rest.next_if(|(_, next)| *next == quote).is_none()) {
            return Some(at + 1);
        }
    }
    None
}

/// A flow collection; brackets in quotes do not count.
fn bracket_length(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    let mut former = ' ';
    while let Some(c) = text.get(at..)?.chars().next() {
        // A quote in the middle of a plain scalar is a letter.
        let begins = former.is_whitespace() || matches!(former, '{' | '[' | ',' | ':');
        if matches!(c, '"' | '\'') && begins {
            at += quoted_length(text.get(at..)?, c)?;
            former = c;
            continue;
        }
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            '#' if former.is_whitespace() => {
                at += text.get(at..)?.find('\n')?;
                continue;
            }
            _ => {}
        }
        at += c.len_utf8();
        former = c;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn plain_length(line: &str, in_brackets: bool) -> usize {
    let mut former = 'x';
    let mut rest = line.char_indices().peekable();
    let mut end = line.len();
    while let Some((at, c)) = rest.next() {
        let next_is_blank = rest.peek().is_none_or(|(_, next)| next.is_whitespace());
        let is_end = match c {
            '#' => former.is_whitespace(),
            ':' => next_is_blank,
            ',' => in_brackets || rest.peek().is_none(),
            '}' | ']' => in_brackets,
            _ => false,
        };
        if is_end {
            end = at;
            break;
        }
        former = c;
    }
    line[..end].trim_end().len()
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
            ("  matchLabels: {app: 'a}', b: c} # x", 16, "{app: 'a}', b: c}"),
            ("  matchLabels: {app: it's} # x", 16, "{app: it's}"),
            ("  matchLabels: {app: a, b: c}", 22, "a"),
            ("  - number: 80", 13, "80"),
            ("    \"priority\": 10,", 17, "10"),
            ("a, b", 1, "a, b"),
            ("größe: 日本 ", 8, "日本"),
            ("a", 1, "a"),
        ] {
            assert_eq!(value_width(line, column), value.chars().count(), "{line}");
            let start = line.char_indices().nth(column as usize - 1).unwrap().0;
            let in_brackets = line.contains("{app") && column == 22;
            if value != "'open" {
                assert_eq!(inline_end(line, start, in_brackets), Some(start + value.len()), "{line}");
            }
        }
        assert_eq!((value_width("a", 9), value_width("", 1)), (1, 1));
        assert_eq!(inline_end("a: {b: 1,\n  # }\n  c: 2}\n", 3, false), Some(23));
        for none in ["|\n a", "&a b", "*a", "!t x", "{a", "'a\n b'", ""] {
            assert_eq!(inline_end(none, 0, false), None, "{none}");
        }
    }
}
