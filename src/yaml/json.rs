//! JSON text to value trees, strictly by RFC 8259, with positions and the digits of numbers.
//!
//! Recursive, but never deeper than [`MAX_DEPTH`].

use crate::model::{Map, Number, Value};

use super::message;
use super::source_map::{Mark, MarkBuilder, Position};
use super::{Document, Format, Losses, MAX_DEPTH, ParseError, Parsed};

/// Reads one JSON value, or several one after the other.
pub(super) fn parse(text: &str) -> Result<Parsed, ParseError> {
    let mut reader = Reader { text, at: 0, line: 1, column: 1, counted: 0, marks: MarkBuilder::default() };
    let mut documents = Vec::new();
    reader.skip_blanks();
    while reader.peek().is_some() {
        let (value, mark) = reader.value(0)?;
        let source = reader.marks.finish(mark, false);
        documents.push(Document { value, source });
        reader.skip_blanks();
    }
    let losses = Losses { documents: documents.len().saturating_sub(1), ..Losses::default() };
    Ok(Parsed { format: Format::Json, documents, losses })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Line and column of the byte at `counted`.
    line: u32,
    column: u32,
    counted: usize,
    marks: MarkBuilder,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over `byte` if it comes next.
    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        if is_next {
            self.at += 1;
        }
        is_next
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Where the reader is. Each byte is counted once.
    fn position(&mut self) -> Position {
        for byte in self.text.as_bytes().get(self.counted..self.at).unwrap_or_default() {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.column = 1;
                }
                // Only the first byte of a character counts.
                0x80..0xc0 => {}
                _ => self.column += 1,
            }
        }
        self.counted = self.at;
        Position { line: self.line, column: self.column }
    }

    fn error<T>(&mut self, message: &str) -> Result<T, ParseError> {
        let position = self.position();
        Err(ParseError::syntax(position, message))
    }

    fn value(&mut self, depth: usize) -> Result<(Value, Mark), ParseError> {
        let start = self.position();
        let value = match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => return Err(message::too_deep(start)),
            Some(b'{') => {
                self.at += 1;
                return self.map(start, depth + 1);
            }
            Some(b'[') => {
                self.at += 1;
                return self.list(start, depth + 1);
            }
            Some(b'"') => Value::Text(self.string(start)?.into()),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') if self.eat_word("true") => Value::Bool(true),
            Some(b'f') if self.eat_word("false") => Value::Bool(false),
            Some(b'n') if self.eat_word("null") => Value::Null,
            Some(b'\'') => return self.error("text stands in double quotes in JSON"),
            Some(b'/' | b'#') => return self.error("JSON has no comments"),
            None => return self.error("the text ends too early: a value is missing"),
            Some(_) => return self.error("expected a value here"),
        };
        Ok((value, Mark::at(start)))
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_next =
            rest.starts_with(word.as_bytes()) && !rest.get(word.len()).is_some_and(u8::is_ascii_alphanumeric);
        if is_next {
            self.at += word.len();
        }
        is_next
    }

    fn list(&mut self, start: Position, depth: usize) -> Result<(Value, Mark), ParseError> {
        let open = self.marks.open();
        let mut items = Vec::new();
        self.skip_blanks();
        if !self.eat(b']') {
            loop {
                self.skip_blanks();
                if self.peek() == Some(b']') {
                    return self.error("a `,` before the closing `]` is too much");
                }
                let (value, mark) = self.value(depth)?;
                items.push(value);
                self.marks.push(mark);
                self.skip_blanks();
                if self.eat(b']') {
                    break;
                }
                if !self.eat(b',') {
                    return self.error("expected `,` or `]` here");
                }
            }
        }
        items.shrink_to_fit();
        Ok((Value::List(items), self.marks.close(open, start)))
    }

    fn map(&mut self, start: Position, depth: usize) -> Result<(Value, Mark), ParseError> {
        let open = self.marks.open();
        let mut map = Map::new();
        self.skip_blanks();
        if !self.eat(b'}') {
            loop {
                self.skip_blanks();
                let key_start = self.position();
                match self.peek() {
                    Some(b'"') => {}
                    Some(b'}') => return self.error("a `,` before the closing `}` is too much"),
                    _ => return self.error("expected a key in double quotes here"),
                }
                let key = self.string(key_start)?;
                if let Some(place) = map.place_of(&key) {
                    let first = self.marks.child_key(open, place);
                    return Err(message::duplicate_key(&key, key_start, first));
                }
                self.skip_blanks();
                if !self.eat(b':') {
                    return self.error("expected `:` here");
                }
                self.skip_blanks();
                let (value, mark) = self.value(depth)?;
                map.insert(key, value);
                self.marks.push(mark.with_key(key_start));
                self.skip_blanks();
                if self.eat(b'}') {
                    break;
                }
                if !self.eat(b',') {
                    return self.error("expected `,` or `}` here");
                }
            }
        }
        Ok((Value::Map(map), self.marks.close(open, start)))
    }

    fn number(&mut self) -> Result<Number, ParseError> {
        let start = self.at;
        self.eat(b'-');
        let whole = self.digits();
        let leading_zero = whole > 1 && self.text.as_bytes().get(self.at - whole) == Some(&b'0');
        if whole == 0 || leading_zero {
            self.at = start;
            return self.error("this is not a number in JSON's notation");
        }
        if self.eat(b'.') && self.digits() == 0 {
            return self.error("digits are missing after the decimal point");
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            if self.digits() == 0 {
                return self.error("digits are missing in the exponent");
            }
        }
        Ok(Number::from_text(self.text.get(start..self.at).unwrap_or_default()))
    }

    /// Steps over digits and counts them.
    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    /// Reads a text from its opening quote on.
    fn string(&mut self, start: Position) -> Result<String, ParseError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            let piece = self.piece();
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    if text.is_empty() {
                        return Ok(piece.to_owned());
                    }
                    text.push_str(piece);
                    return Ok(text);
                }
                Some(b'\\') => {
                    text.push_str(piece);
                    self.at += 1;
                    text.push(self.escape()?);
                }
                Some(b'\n' | b'\r') | None => {
                    return Err(ParseError::syntax(
                        start,
                        "the quoted text that begins here is never closed",
                    ));
                }
                Some(_) => {
                    return self.error("a control character cannot stand in a text: write it as an escape");
                }
            }
        }
    }

    /// Text up to the next quote, backslash or control character.
    fn piece(&mut self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let escaped = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => {
                self.at -= 1;
                return self.error("this escape is unknown");
            }
        };
        self.at += 1;
        Ok(escaped)
    }

    /// The character behind `\u`; a pair of surrogates is one character.
    fn unicode_escape(&mut self) -> Result<char, ParseError> {
        let begin = self.at - 2;
        let first = self.four_hex();
        let code = match first {
            Some(high @ 0xd800..0xdc00) if self.eat(b'\\') && self.eat(b'u') => match self.four_hex() {
                Some(low @ 0xdc00..0xe000) => Some(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)),
                _ => None,
            },
            other => other,
        };
        if let Some(c) = code.and_then(char::from_u32) {
            return Ok(c);
        }
        self.at = begin;
        self.error(
            "this escape is no character: `\\u` takes four hexadecimal digits, surrogates come in pairs",
        )
    }

    fn four_hex(&mut self) -> Option<u32> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
        let mut code = 0;
        for digit in digits {
            code = code * 16 + char::from(*digit).to_digit(16)?;
        }
        self.at += 4;
        Some(code)
    }
}
