//! Value trees to YAML text: block style in the manner of `kubectl`.
//!
//! Two spaces of indent, list items at the column of their key. A text stands plain where every reader takes it
//! for text, as a literal block when it has several lines that can stand as they are, else in double quotes.

use std::fmt::Write as _;

use crate::model::{Map, Value};

use super::scalar::{Plain, resolve_plain, yaml_1_1_type};

/// Keys that are longer as written are set off with `? `; readers stop looking for the `:` after 1024 characters.
const LONGEST_PLAIN_KEY: usize = 1000;

/// Writes one document.
pub(super) fn emit(value: &Value) -> String {
    let mut writer = Writer { out: String::new() };
    writer.document(value);
    writer.out
}

/// Writes several documents with `---` between them.
pub fn emit_documents(values: &[Value]) -> String {
    let mut writer = Writer { out: String::new() };
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            writer.out.push_str("---\n");
        }
        writer.document(value);
    }
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn document(&mut self, value: &Value) {
        match value {
            Value::Map(map) if !map.is_empty() => self.map(map, 0, false),
            Value::List(items) if !items.is_empty() => self.list(items, 0, false),
            scalar => {
                self.scalar(scalar, None);
                self.out.push('\n');
            }
        }
    }

    fn indent(&mut self, columns: usize) {
        const SPACES: &str = "                                                                ";
        let mut left = columns;
        while left > 0 {
            let some = left.min(SPACES.len());
            self.out.push_str(&SPACES[..some]);
            left -= some;
        }
    }

    /// Writes the entries at column `indent`; the first one where the pen is, if `inline`.
    fn map(&mut self, map: &Map, indent: usize, mut inline: bool) {
        for (key, value) in map.iter() {
            if !std::mem::take(&mut inline) {
                self.indent(indent);
            }
            self.key(key, indent);
            match value {
                Value::Map(map) if !map.is_empty() => {
                    self.out.push('\n');
                    self.map(map, indent + 2, false);
                }
                Value::List(items) if !items.is_empty() => {
                    self.out.push('\n');
                    self.list(items, indent, false);
                }
                scalar => {
                    self.out.push(' ');
                    self.scalar(scalar, Some(indent));
                    self.out.push('\n');
                }
            }
        }
    }

    /// Writes the items at column `indent`; the first one where the pen is, if `inline`.
    fn list(&mut self, items: &[Value], indent: usize, mut inline: bool) {
        for item in items {
            if !std::mem::take(&mut inline) {
                self.indent(indent);
            }
            self.out.push_str("- ");
            match item {
                Value::Map(map) if !map.is_empty() => self.map(map, indent + 2, true),
                Value::List(items) if !items.is_empty() => self.list(items, indent + 2, true),
                scalar => {
                    self.scalar(scalar, Some(indent));
                    self.out.push('\n');
                }
            }
        }
    }

    /// Writes a key and its colon.
    fn key(&mut self, key: &str, indent: usize) {
        let start = self.out.len();
        self.inline_text(key);
        if self.out.len() - start > LONGEST_PLAIN_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            self.indent(indent);
        }
        self.out.push(':');
    }

    /// Writes a scalar or an empty container; a literal block stands deeper than column `indent`.
    fn scalar(&mut self, value: &Value, indent: Option<usize>) {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(truth) => self.out.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) if resolve_plain(number.text()) == Plain::Number => {
                self.out.push_str(number.text());
            }
            // Not reached by what this program reads: keeps the output valid all the same.
            Value::Number(number) => self.double_quoted(number.text()),
            Value::Text(text) => match literal_header(text, indent.is_some()) {
                Some(header) => self.literal(text, header, indent.unwrap_or(0) + 2),
                None => self.inline_text(text),
            },
            // Only empty ones come here.
            Value::List(_) => self.out.push_str("[]"),
            Value::Map(_) => self.out.push_str("{}"),
        }
    }

    fn inline_text(&mut self, text: &str) {
        if can_stand_plain(text) {
            self.out.push_str(text);
        } else {
            self.double_quoted(text);
        }
    }

    fn double_quoted(&mut self, text: &str) {
        self.out.push('"');
        let mut rest = text;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| needs_escape(*c)) {
            self.out.push_str(&rest[..at]);
            rest = &rest[at + c.len_utf8()..];
            self.escape(c);
        }
        self.out.push_str(rest);
        self.out.push('"');
    }

    fn escape(&mut self, c: char) {
        let written = match c {
            '"' => self.out.write_str("\\\""),
            '\\' => self.out.write_str("\\\\"),
            '\n' => self.out.write_str("\\n"),
            '\t' => self.out.write_str("\\t"),
            '\r' => self.out.write_str("\\r"),
            '\0'..='\u{ff}' => write!(self.out, "\\x{:02x}", u32::from(c)),
            '\u{100}'..='\u{ffff}' => write!(self.out, "\\u{:04x}", u32::from(c)),
            _ => write!(self.out, "\\U{:08x}", u32::from(c)),
        };
        debug_assert!(written.is_ok(), "writing to a String cannot fail");
    }

    /// Writes a literal block without its last line break.
    fn literal(&mut self, text: &str, header: &str, indent: usize) {
        self.out.push_str(header);
        let lines = match text.strip_suffix('\n') {
            Some(lines) => lines,
            None => text,
        };
        for line in lines.split('\n') {
            self.out.push('\n');
            if !line.is_empty() {
                self.indent(indent);
                self.out.push_str(line);
            }
        }
    }
}

/// The header of the literal block that holds exactly `text`, or `None` if quotes serve better.
fn literal_header(text: &str, may_indent: bool) -> Option<&'static str> {
    let content = text.trim_end_matches('\n');
    if content.is_empty() || !text.contains('\n') {
        return None;
    }
    if text.chars().any(|c| c != '\n' && c != '\t' && !is_printable(c)) {
        return None;
    }
    // A blank last line with spaces on it: readers do not agree on it, people do not see it.
    let last = content.rsplit('\n').next().unwrap_or_default();
    if last.trim_matches([' ', '\t']).is_empty() {
        return None;
    }
    // The reader measures the indentation on the first line that is not empty, so spaces there need a number.
    let first = content.trim_start_matches('\n');
    let explicit = first.starts_with([' ', '\t']);
    if explicit && !may_indent {
        return None;
    }
    let breaks = text.len() - content.len();
    Some(match (breaks, explicit) {
        (0, false) => "|-",
        (1, false) => "|",
        (_, false) => "|+",
        (0, true) => "|2-",
        (1, true) => "|2",
        (_, true) => "|2+",
    })
}

/// Tells whether `text` needs no quotes, as a value and as a key, for any reader.
fn can_stand_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else { return false };
    let second = bytes.get(1);
    let starts_well = match first {
        b' ' | b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>'
        | b'\'' | b'"' | b'%' | b'@' | b'`' => false,
        b'-' => !matches!(second, None | Some(b' ')) && !text.starts_with("---"),
        b'.' => !text.starts_with("..."),
        _ => true,
    };
    if !starts_well || matches!(last, b' ' | b':') {
        return false;
    }
    let mut is_ascii = true;
    let mut former = b' ';
    for &byte in bytes {
        match byte {
            b' ' if former == b':' => return false,
            b'#' if former == b' ' => return false,
            0..0x20 | 0x7f => return false,
            0x80.. => is_ascii = false,
            _ => {}
        }
        former = byte;
    }
    (is_ascii || text.chars().all(is_printable))
        && resolve_plain(text) == Plain::Text
        && yaml_1_1_type(text).is_none()
}

fn needs_escape(c: char) -> bool {
    matches!(c, '"' | '\\') || !is_printable(c)
}

/// Characters that may stand in YAML as they are, are no line break to any reader, and do not reorder the text
/// around them on a screen.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
        && !matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
