//! What the YAML scanner reads from: a text, with two counters that the scanner itself does not keep.

use std::cell::Cell;

use saphyr_parser::Input;
use saphyr_parser::input::SkipTabs;

/// How many steps the scanner may take from one event to the next.
///
/// It reads a whole collection in flow style ahead before it says the first word about it, and this bounds the
/// memory for that (about 100 bytes a step). Long texts take a step a word at most.
const MAX_STEPS: u32 = 2_000_000;

/// What happened while scanning.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Comments so far.
    pub(super) comments: Cell<usize>,
    /// Steps since the last event.
    pub(super) steps: Cell<u32>,
}

impl Tally {
    /// Tells whether the scanner was stopped because it read too far ahead.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps.get() >= MAX_STEPS
    }

    fn count_comment(&self) {
        self.comments.set(self.comments.get() + 1);
    }
}

/// The rest of a text.
#[derive(Debug)]
pub(super) struct Source<'t> {
    rest: &'t str,
    lookahead: usize,
    tally: &'t Tally,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t str, tally: &'t Tally) -> Self {
        Self { rest: text, lookahead: 0, tally }
    }

    /// Leaves out everything up to the end of the line; gives the number of characters.
    fn skip_comment(&mut self) -> usize {
        self.tally.count_comment();
        let end = self.rest.find(['\n', '\r', '\0', '\u{feff}']).unwrap_or(self.rest.len());
        let (comment, rest) = self.rest.split_at(end);
        self.rest = rest;
        comment.chars().count()
    }

    fn first_byte(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }
}

/// The padding character behind the end.
const END: char = '\0';

fn is_break_or_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | END)
}

impl Input for Source<'_> {
    #[inline]
    fn lookahead(&mut self, count: usize) {
        self.lookahead = self.lookahead.max(count);
    }

    #[inline]
    fn buflen(&self) -> usize {
        self.lookahead
    }

    #[inline]
    fn bufmaxlen(&self) -> usize {
        // The scanner reserves as many bytes for each plain scalar.
        24
    }

    #[inline]
    fn buf_is_empty(&self) -> bool {
        self.lookahead == 0
    }

    #[inline]
    fn raw_read_ch(&mut self) -> char {
        let c = self.peek();
        self.skip();
        c
    }

    #[inline]
    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        if is_break_or_end(c) || c == '\u{feff}' {
            return None;
        }
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    #[inline]
    fn skip(&mut self) {
        let mut chars = self.rest.chars();
        if chars.next().is_some() {
            self.rest = chars.as_str();
        }
    }

    #[inline]
    fn skip_n(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }

    #[inline]
    fn peek(&self) -> char {
        match self.first_byte() {
            Some(byte) if byte < 0x80 => char::from(byte),
            Some(_) => self.rest.chars().next().unwrap_or(END),
            None => END,
        }
    }

    #[inline]
    fn peek_nth(&self, n: usize) -> char {
        self.rest.chars().nth(n).unwrap_or(END)
    }

    #[inline]
    fn peek_opt(&self) -> Option<char> {
        self.rest.chars().next()
    }

    #[inline]
    fn look_ch(&mut self) -> char {
        self.lookahead(1);
        let c = self.peek();
        if !matches!(c, ' ' | '\t' | '\n' | '\r') {
            let steps = self.tally.steps.get();
            if steps >= MAX_STEPS {
                self.rest = "";
                return END;
            }
            self.tally.steps.set(steps + 1);
        }
        c
    }

    #[inline]
    fn next_2_are(&self, c1: char, c2: char) -> bool {
        self.peek() == c1 && self.peek_nth(1) == c2
    }

    #[inline]
    fn next_3_are(&self, c1: char, c2: char, c3: char) -> bool {
        let mut chars = self.rest.chars();
        chars.next() == Some(c1) && chars.next() == Some(c2) && chars.next() == Some(c3)
    }

    #[inline]
    fn next_is_document_indicator(&self) -> bool {
        self.next_is_document_start() || self.next_is_document_end()
    }

    #[inline]
    fn next_is_document_start(&self) -> bool {
        is_marker(self.rest.as_bytes(), *b"---")
    }

    #[inline]
    fn next_is_document_end(&self) -> bool {
        is_marker(self.rest.as_bytes(), *b"...")
    }

    fn skip_ws_to_eol(&mut self, skip_tabs: SkipTabs) -> (usize, Result<SkipTabs, &'static str>) {
        let (mut spaces, mut tabs) = (0, 0);
        for byte in self.rest.bytes() {
            match byte {
                b' ' => spaces += 1,
                b'\t' if skip_tabs == SkipTabs::Yes => tabs += 1,
                _ => break,
            }
        }
        let blanks = spaces + tabs;
        self.rest = &self.rest[blanks..];
        let mut skipped = blanks;
        if self.first_byte() == Some(b'#') {
            if blanks == 0 {
                return (0, Err("comments must be separated from other tokens by whitespace"));
            }
            skipped += self.skip_comment();
        }
        (skipped, Ok(SkipTabs::Result(tabs > 0, spaces > 0)))
    }

    #[inline]
    fn next_is_blank_or_break(&self) -> bool {
        matches!(self.first_byte(), Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    #[inline]
    fn next_is_blank_or_breakz(&self) -> bool {
        matches!(self.first_byte(), None | Some(b' ' | b'\t' | b'\n' | b'\r' | 0))
    }

    #[inline]
    fn next_is_blank(&self) -> bool {
        matches!(self.first_byte(), Some(b' ' | b'\t'))
    }

    #[inline]
    fn next_is_break(&self) -> bool {
        matches!(self.first_byte(), Some(b'\n' | b'\r'))
    }

    #[inline]
    fn next_is_breakz(&self) -> bool {
        matches!(self.first_byte(), None | Some(b'\n' | b'\r' | 0))
    }

    #[inline]
    fn next_is_z(&self) -> bool {
        matches!(self.first_byte(), None | Some(0))
    }

    /// The scanner calls this for comments only.
    fn skip_while_non_breakz(&mut self) -> usize {
        self.skip_comment()
    }
}

fn is_marker(bytes: &[u8], marker: [u8; 3]) -> bool {
    bytes.starts_with(&marker) && matches!(bytes.get(3), None | Some(b' ' | b'\t' | b'\n' | b'\r' | 0))
}
