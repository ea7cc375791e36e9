//! YAML as coloured text: words of one line, and where the lines of a text begin.
//!
//! Colouring looks at one line at a time, so that a panel need only look at the lines that are visible; [`Lines`] knows
//! which lines stand inside a block of text and hold no keys.

use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId};

use super::theme::{Theme, size};
use crate::yaml::{Plain, resolve_plain};

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A key of a mapping.
    Key,
    /// Text.
    Text,
    /// A number, a boolean, null.
    Literal,
    /// A comment.
    Comment,
    /// Dashes, colons, brackets, blanks.
    Mark,
}

/// The lines of a text: where each begins, and whether it belongs to a block of text (`|`, `>`).
#[derive(Clone, Debug, Default)]
pub struct Lines {
    starts: Vec<usize>,
    in_block: Vec<bool>,
    end: usize,
    longest: usize,
}

impl Lines {
    /// Looks through `text` once.
    pub fn of(text: &str) -> Self {
        let mut lines = Self { end: text.len(), ..Self::default() };
        // The column that the lines of the present block of text must stand behind.
        let mut block: Option<usize> = None;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            let indent = content.len() - content.trim_start_matches(' ').len();
            let inside = block.is_some_and(|column| content.trim().is_empty() || indent > column);
            if !inside {
                block = block_column(content);
            }
            lines.starts.push(start);
            lines.in_block.push(inside);
            lines.longest = lines.longest.max(content.len());
            start += line.len();
        }
        lines
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Tells whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The bytes of the longest line.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Line `index` of `text`, the one that this was made of, without its line break; `""` beyond the end.
    pub fn line<'a>(&self, text: &'a str, index: usize) -> &'a str {
        let Some(&start) = self.starts.get(index) else { return "" };
        let end = self.starts.get(index + 1).copied().unwrap_or(self.end);
        text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    /// The byte at which line `index` begins; the end of the text beyond the last.
    pub fn start(&self, index: usize) -> usize {
        self.starts.get(index).copied().unwrap_or(self.end)
    }

    /// The line that holds a byte of the text.
    pub fn at(&self, byte: usize) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// Tells whether the line is part of a block of text.
    pub fn is_in_block(&self, index: usize) -> bool {
        self.in_block.get(index).copied().unwrap_or(false)
    }
}

/// The column of the key or dash whose value is a block of text that begins after this line.
fn block_column(line: &str) -> Option<usize> {
    let words = words(line, false);
    let header = line.rsplit(' ').next()?.trim_end();
    let is_header = header.starts_with(['|', '>'])
        && header[1..].bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'));
    if !is_header {
        return None;
    }
    let key = words.iter().rev().find(|(_, word)| *word == Word::Key).map(|(range, _)| range.start);
    key.or_else(|| line.rfind("- "))
}

/// The words of one line; together they cover all of it.
pub fn words(line: &str, in_block: bool) -> Vec<(Range<usize>, Word)> {
    if in_block {
        return vec![(0..line.len(), Word::Text)];
    }
    let mut scan = Scan { line, at: 0, depth: 0, words: Vec::new() };
    scan.run();
    scan.words
}

struct Scan<'a> {
    line: &'a str,
    at: usize,
    /// How many brackets are open.
    depth: usize,
    words: Vec<(Range<usize>, Word)>,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        &self.line[self.at..]
    }

    fn push(&mut self, end: usize, word: Word) {
        if end > self.at {
            self.words.push((self.at..end, word));
            self.at = end;
        }
    }

    fn run(&mut self) {
        if self.line.starts_with("---") || self.line.starts_with("...") {
            self.push(3, Word::Mark);
        }
        while self.at < self.line.len() {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            self.push(self.at + blank, Word::Mark);
            let rest = self.rest();
            let Some(first) = rest.chars().next() else { return };
            match first {
                '#' if self.at == 0 || blank > 0 => self.push(self.line.len(), Word::Comment),
                '{' | '[' => {
                    self.depth += 1;
                    self.push(self.at + 1, Word::Mark);
                }
                '}' | ']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.push(self.at + 1, Word::Mark);
                }
                ',' | ':' => self.push(self.at + 1, Word::Mark),
                '-' if rest == "-" || rest.starts_with("- ") => self.push(self.at + 1, Word::Mark),
                '"' | '\'' => self.quoted(first),
                _ => self.plain(),
            }
        }
    }

    fn quoted(&mut self, quote: char) {
        let mut escaped = false;
        let body = &self.rest()[1..];
        let close = body.char_indices().find(|&(_, c)| {
            let closes = c == quote && !escaped;
            escaped = quote == '"' && c == '\\' && !escaped;
            closes
        });
        let end = self.at + close.map_or(body.len(), |(index, _)| index + 1) + 1;
        let is_key = self.line[end..].trim_start().starts_with(':');
        self.push(end, if is_key { Word::Key } else { Word::Text });
    }

    fn plain(&mut self) {
        let rest = self.rest();
        let ends = |(index, c): (usize, char)| {
            let after = rest[index + c.len_utf8()..].chars().next();
            match c {
                ':' => after.is_none_or(|next| next == ' ' || (self.depth > 0 && next == ',')),
                ' ' => after == Some('#'),
                ',' | '[' | ']' | '{' | '}' => self.depth > 0,
                _ => false,
            }
        };
        let end = rest.char_indices().find(|&at| ends(at)).map_or(rest.len(), |(index, _)| index);
        // Something that ends at once (a lone mark) is taken as it is, so that the scan goes on.
        let end = end.max(rest.chars().next().map_or(1, char::len_utf8));
        let text = rest[..end].trim_end();
        let word = if rest[end..].starts_with(':') {
            Word::Key
        } else if text.starts_with(['|', '>', '&', '!']) {
            Word::Mark
        } else {
            match resolve_plain(text) {
                Plain::Text => Word::Text,
                Plain::Null | Plain::Bool(_) | Plain::Number => Word::Literal,
            }
        };
        self.push(self.at + end, word);
    }
}

impl Theme {
    /// The colour of a word of code.
    pub fn code(&self, word: Word) -> Color32 {
        match word {
            Word::Key => self.code_key,
            Word::Text => self.code_value,
            Word::Literal => self.code_literal,
            Word::Comment => self.code_comment,
            Word::Mark => self.dim,
        }
    }

    /// The font of code.
    pub fn code_font() -> FontId {
        Self::mono(size::MONO)
    }
}

/// Appends one line, coloured.
pub fn append_line(job: &mut LayoutJob, line: &str, in_block: bool, theme: &Theme) {
    for (range, word) in words(line, in_block) {
        job.append(&line[range], 0.0, TextFormat::simple(Theme::code_font(), theme.code(word)));
    }
}

/// One line, coloured, never wrapped.
pub fn line_job(line: &str, in_block: bool, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = f32::INFINITY;
    append_line(&mut job, line, in_block, theme);
    job
}

/// Beyond this many bytes a text that is edited is not coloured any more, so that typing stays quick.
const MAX_COLOURED: usize = 256 * 1024;

/// A whole text, coloured, never wrapped.
pub fn text_job(text: &str, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = f32::INFINITY;
    let plain = TextFormat::simple(Theme::code_font(), theme.text);
    if text.len() > MAX_COLOURED {
        job.append(text, 0.0, plain);
        return job;
    }
    let lines = Lines::of(text);
    for index in 0..lines.len() {
        append_line(&mut job, lines.line(text, index), lines.is_in_block(index), theme);
        let end = lines.starts.get(index + 1).copied().unwrap_or(lines.end);
        let content_end = lines.starts[index] + lines.line(text, index).len();
        job.append(&text[content_end..end], 0.0, plain.clone());
    }
    if text.is_empty() {
        job.append("", 0.0, plain);
    }
    job
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Vec<(&str, Word)> {
        let all = words(line, false);
        let covered: usize = all.iter().map(|(range, _)| range.len()).sum();
        assert_eq!(covered, line.len(), "{line}");
        let is_mark = |(_, word): &(Range<usize>, Word)| *word == Word::Mark;
        all.into_iter()
            .filter(|it| !is_mark(it))
            .map(|(range, word)| (line[range].trim_end(), word))
            .collect()
    }

    #[test]
    fn keys_values_and_comments() {
        use Word::{Comment, Key, Literal, Text};
        assert_eq!(
            shown("  priority: 10 # first"),
            [("priority", Key), ("10", Literal), ("# first", Comment)]
        );
        assert_eq!(shown("- name: a b"), [("name", Key), ("a b", Text)]);
        assert_eq!(
            shown("url: oci://reg.example.com/a:1"),
            [("url", Key), ("oci://reg.example.com/a:1", Text)]
        );
        assert_eq!(shown("\"on\": 'a: b'"), [("\"on\"", Key), ("'a: b'", Text)]);
        let flow = shown("{app: web, n: [1, true]}");
        assert_eq!(flow, [("app", Key), ("web", Text), ("n", Key), ("1", Literal), ("true", Literal)]);
        assert_eq!(shown("a#b"), [("a#b", Text)]);
        assert_eq!(shown(""), []);
    }

    #[test]
    fn every_odd_line_is_covered() {
        for line in
            [":", "- ", "-", "\"", "'", "{", "a:", "? x", "- - - 1", "é: ü # ö", "\t\tx", "---", "&a *b"]
        {
            let covered: usize = words(line, false).iter().map(|(range, _)| range.len()).sum();
            assert_eq!(covered, line.len(), "{line:?}");
        }
    }

    #[test]
    fn a_block_of_text_has_no_keys() {
        let text = "spec:\n  - config: |\n      a: 1\n\n      b: 2\n    next: 3\nlast: 4";
        let lines = Lines::of(text);
        let inside: Vec<bool> = (0..lines.len()).map(|index| lines.is_in_block(index)).collect();
        assert_eq!(inside, [false, false, true, true, true, false, false]);
        assert_eq!(lines.line(text, 5), "    next: 3");
        assert_eq!(lines.line(text, 99), "");
        assert_eq!(text_job(text, &Theme::DARK).text, text);
    }
}
