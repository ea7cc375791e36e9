//! Text to value trees and back: all reading and writing of YAML and JSON in this program.
//!
//! Designs, manifests and definitions are read into the same neutral tree ([`Value`]) together with a
//! [`SourceMap`], which knows line and column of every key and value. Nothing is guessed: scalars follow the
//! core schema of YAML 1.2, numbers keep their digits, keys keep their order, a duplicate key is an error.
//! Writing is the mirror image: whatever a YAML 1.1 reader (`kubectl` is one) would take for another type is
//! quoted, and reading what was written gives an identical tree.
//!
//! Input is capped in size, depth and alias expansion, so that no text makes the program hang or overflow.
//! No other module names a YAML or JSON crate. This module does no IO.

mod extent;
mod fuzz;
mod indent;
mod input;
mod json;
mod json_write;
mod message;
mod patch;
mod read;
mod scalar;
mod serde_typed;
mod source_map;
mod write;

pub use extent::value_width;
pub use fuzz::fuzz_round_trip;
pub use json_write::emit_json_compact;
pub use patch::{CannotPatch, patch};
pub use scalar::{Plain, Yaml11, resolve_plain, yaml_1_1_type};
pub use serde_typed::{from_str, to_string};
pub use source_map::{Hazard, Position, SourceMap};
pub use write::emit_documents;

pub use crate::model::configuration::MAX_DEPTH;

use crate::model::Value;

/// The most bytes that are read as one text.
pub const MAX_BYTES: usize = 512 * 1024 * 1024;
/// The most nodes that the aliases of one text may add to its trees.
pub const MAX_ALIAS_NODES: usize = 1_000_000;
/// The most bytes of keys and texts that the aliases of one text may add to its trees.
pub const MAX_ALIAS_BYTES: usize = 256 * 1024 * 1024;

/// How a tree is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// YAML 1.2, block style.
    #[default]
    Yaml,
    /// JSON (RFC 8259).
    Json,
}

/// What one text held.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The format, told by the content.
    pub format: Format,
    /// The documents in order. Empty ones (nothing, or only comments) are left out.
    pub documents: Vec<Document>,
    /// What emitting the first document anew would lose.
    pub losses: Losses,
}

impl Parsed {
    /// The first document, if there is any.
    pub fn into_first(self) -> Option<Document> {
        self.documents.into_iter().next()
    }
}

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// The tree.
    pub value: Value,
    /// Where each node of the tree stands in the text.
    pub source: SourceMap,
}

impl Document {
    /// Where the first thing of this document stands.
    pub fn position(&self) -> Position {
        self.source.root_position()
    }

    /// Plain scalars that a YAML 1.1 reader takes for another type than we do; empty for JSON.
    pub fn yaml_1_1_hazards(&self) -> Vec<Hazard> {
        self.source.yaml_1_1_hazards(&self.value)
    }
}

/// What a text has that a tree does not: it is lost when the tree is emitted anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Comments; each `#` counts, also behind a value.
    pub comments: usize,
    /// Anchors (`&name`); their aliases are expanded.
    pub anchors: usize,
    /// Documents behind the first.
    pub documents: usize,
}

impl Losses {
    /// Tells whether nothing would be lost.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The losses in words: `3 comments, 1 anchor`. Empty when nothing would be lost.
    pub fn describe(&self) -> String {
        let counted = [
            (self.comments, "comment", "comments"),
            (self.anchors, "anchor", "anchors"),
            (self.documents, "further document", "further documents"),
        ];
        let words: Vec<String> = counted
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
            .collect();
        words.join(", ")
    }
}

/// What kind of obstacle a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParseErrorKind {
    /// Not YAML and not JSON.
    Syntax,
    /// A key stands twice in one mapping.
    DuplicateKey,
    /// A line of an unresolved merge conflict.
    MergeConflict,
    /// A template that has to be rendered first (Helm, Go, Jinja).
    Template,
    /// Not UTF-8.
    Encoding,
    /// Beyond one of the limits of this module.
    TooLarge,
    /// Readable, but not of the type that was asked for (only from [`from_str`]).
    Type,
}

/// Why a text could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ParseError {
    /// What is wrong, in words for people; no full stop.
    pub message: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What kind of obstacle this is.
    pub kind: ParseErrorKind,
}

impl ParseError {
    fn new(kind: ParseErrorKind, position: Position, message: impl Into<String>) -> Self {
        Self { message: message.into(), line: position.line, column: position.column, kind }
    }

    fn syntax(position: Position, message: impl Into<String>) -> Self {
        Self::new(ParseErrorKind::Syntax, position, message)
    }

    /// Where the text could not be read.
    pub fn position(&self) -> Position {
        Position { line: self.line, column: self.column }
    }
}

/// Reads the documents of `text`.
///
/// The format is told by the content: text that begins with `{` or `[` is tried as JSON (also several values
/// one after the other), then as YAML; anything else is YAML. A byte order mark in front is skipped.
pub fn parse(text: &str) -> Result<Parsed, ParseError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        let message = format!("this text is larger than {} MiB", MAX_BYTES / 1024 / 1024);
        return Err(ParseError::new(ParseErrorKind::TooLarge, Position::START, message));
    }
    let start = text.trim_start_matches([' ', '\t', '\r', '\n']);
    if !start.starts_with(['{', '[']) {
        return read::parse(text).map_err(|err| message::explain(text, err));
    }
    let json_error = match json::parse(text) {
        Ok(parsed) => return Ok(parsed),
        // These would come out of the YAML reader as well.
        Err(err) if err.kind != ParseErrorKind::Syntax => return Err(message::explain(text, err)),
        Err(err) => err,
    };
    match read::parse(text) {
        Ok(parsed) => match message::conflict_in_flow(text) {
            Some(err) => Err(err),
            None => Ok(parsed),
        },
        Err(err) if err.kind == ParseErrorKind::Syntax && looks_like_json(start) => {
            Err(message::explain(text, json_error))
        }
        Err(err) => Err(message::explain(text, err)),
    }
}

/// Reads the documents of a file's bytes: UTF-8, with or without a byte order mark.
pub fn parse_bytes(bytes: &[u8]) -> Result<Parsed, ParseError> {
    parse(message::utf8(bytes)?)
}

/// Tells whether text that begins with a bracket was meant as JSON rather than as YAML in flow style.
fn looks_like_json(start: &str) -> bool {
    let inside = start[1..].trim_start();
    match start.as_bytes()[0] {
        b'{' => inside.starts_with(['"', '}']) || inside.is_empty(),
        _ => inside.is_empty() || inside.starts_with(['{', '[', '"', ']']),
    }
}

/// Writes `value`. The same value gives the same bytes; reading them gives an identical value.
///
/// JSON has no infinity, no NaN and no hexadecimal: those become text or decimal digits there.
pub fn emit(value: &Value, format: Format) -> String {
    match format {
        Format::Yaml => write::emit(value),
        Format::Json => json_write::emit(value),
    }
}

#[cfg(test)]
mod tests;
