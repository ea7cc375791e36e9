//! What is wrong with a text, in words for people instead of the parser's.

use saphyr_parser::{ScanError, Tag};

use super::source_map::{Mark, Position};
use super::{MAX_DEPTH, ParseError, ParseErrorKind};

const TAB: &str = "a tab stands where only spaces may indent";
const INDENT: &str = "the indentation does not fit the lines above";
const FLOW_INDENT: &str = "the text between brackets is not indented enough";
const QUOTE_INDENT: &str =
    "the quoted text that begins here is not closed, or its next line is not indented enough";
const NO_COLON: &str = "a `:` is missing: expected `key: value`";

/// The parser's messages, by a piece that each contains, and what we say instead. The first match counts.
const PLAIN_ENGLISH: &[(&str, &str)] = &[
    ("found unexpected end of stream", "the quoted text that begins here is never closed"),
    (
        "found unexpected document indicator",
        "the quoted text that begins here is not closed before the next document",
    ),
    ("invalid indentation in quoted scalar", QUOTE_INDENT),
    (
        "found unknown escape character",
        "the quoted text that begins here has an unknown escape (`\\` and a letter)",
    ),
    (
        "did not find expected hexadecimal number",
        "the quoted text that begins here has an escape without its hexadecimal digits",
    ),
    (
        "found invalid Unicode character escape code",
        "the quoted text that begins here has an escape that is no character",
    ),
    (
        "invalid trailing content after",
        "something follows the closing quote; is a quote inside the text not escaped?",
    ),
    ("tabs disallowed", TAB),
    ("found a tab", TAB),
    ("cannot start with a tab", TAB),
    ("tab cannot be used", TAB),
    (
        "mapping values are not allowed",
        "a `:` cannot stand here: the text before it needs quotes, or the indentation is wrong",
    ),
    ("simple key expect", NO_COLON),
    ("did not find expected key", "expected a key here: the indentation does not fit the lines above"),
    (
        "block sequence entries are not allowed",
        "a `-` cannot begin a list here: put it on its own line, or quote the text",
    ),
    (
        "did not find expected '-' indicator",
        "expected a `-` here: the indentation does not fit the list above",
    ),
    ("\"-\" is only valid inside a block", "a `-` cannot stand inside `[…]` or `{…}`"),
    ("cannot start with '-' followed by", "a `-` cannot stand alone inside `[…]` or `{…}`"),
    ("mapping keys are not allowed", "a `?` cannot begin a key here"),
    ("did not find expected ',' or '}'", "expected `,` or `}` here: a `{` before this is not closed"),
    ("expected ',' or ']'", "expected `,` or `]` here: a `[` before this is not closed"),
    ("misplaced bracket", "this closing bracket has no opening one"),
    ("invalid indentation in flow construct", FLOW_INDENT),
    ("may not precede any of", "a space is missing between the `:` and the bracket"),
    ("illegal placement of ':'", "a `:` cannot stand here; is a bracket before this not closed?"),
    ("':' must be followed", "a space is missing after the `:`"),
    ("'-' must be followed", "a space is missing after the `-`"),
    ("comments must be separated", "a space is missing in front of the `#`"),
    ("comment intercepting", "a comment stands in the middle of a text of several lines"),
    ("found unknown anchor", "this alias has no anchor (`&name`) before it"),
    (
        "did not find expected alphabetic or numeric",
        "a name is missing after `&` or `*`; text that begins with them needs quotes",
    ),
    ("invalid indentation for anchor", "the anchor is not indented enough"),
    ("indentation indicator equal to 0", "the indentation after `|` or `>` cannot be 0"),
    (
        "while scanning a block scalar, did not find expected comment",
        "text cannot follow `|` or `>` on the same line",
    ),
    (
        "wrongly indented line in block scalar",
        "this line is indented less than the text block that it belongs to",
    ),
    ("recursion limit", "too many brackets stand inside one another"),
    ("unprintable character", "a NUL character cannot stand here"),
    ("byte order mark", "a byte order mark can stand at the start of a file only"),
    ("handle wasn't declared", "the tag's prefix is not declared"),
    ("verbatim tag", "this tag (`!…`) is malformed; text that begins with `!` needs quotes"),
    ("scanning a tag", "this tag (`!…`) is malformed; text that begins with `!` needs quotes"),
    ("parsing a tag", "this tag (`!…`) is malformed; text that begins with `!` needs quotes"),
    ("invalid global tag", "this tag directive is malformed"),
    ("directive", "this directive (`%…`) is malformed; text that begins with `%` needs quotes"),
    ("scanning TAG", "this tag directive is malformed"),
    ("invalid content after document end", "only a comment can follow `...` on its line"),
    ("<document start>", "expected `---` here: the document before this has ended"),
    ("unexpected character", "text that begins with this character needs quotes"),
    ("unexpected end of plain scalar", "a value is missing here"),
    ("did not find expected node content", "a value is missing here, or a bracket is not closed"),
    ("invalid indentation", INDENT),
    ("expected whitespace", "a key is missing after the `?`"),
    ("unexpected eof", "the text ends too early"),
];

/// Rewrites an error of the YAML parser.
pub(super) fn from_scanner(err: &ScanError, position: Position) -> ParseError {
    let found = PLAIN_ENGLISH.iter().find(|(piece, _)| err.info().contains(piece));
    let message =
        found.map_or_else(|| format!("not valid YAML: {}", err.info()), |(_, words)| (*words).to_owned());
    let kind = if err.info().contains("recursion limit") {
        ParseErrorKind::TooLarge
    } else {
        ParseErrorKind::Syntax
    };
    ParseError::new(kind, position, message)
}

/// Tells whether the parser may have stumbled over a line between brackets or quotes that is not indented enough.
pub(super) fn is_about_indentation(err: &ParseError) -> bool {
    [FLOW_INDENT, QUOTE_INDENT, INDENT].contains(&err.message.as_str())
}

pub(super) fn too_deep(at: Position) -> ParseError {
    let message = format!("more than {MAX_DEPTH} lists and mappings stand inside one another");
    ParseError::new(ParseErrorKind::TooLarge, at, message)
}

pub(super) fn duplicate_key(key: &str, at: Position, first: Option<Position>) -> ParseError {
    let before = first.map(|first| format!(", first on line {}", first.line)).unwrap_or_default();
    let message = format!("the key {} stands twice in this mapping{before}", quoted(key));
    ParseError::new(ParseErrorKind::DuplicateKey, at, message)
}

pub(super) fn complex_key(at: Position) -> ParseError {
    ParseError::syntax(at, "a key must be a text, not a list or a mapping")
}

pub(super) fn merge_needs_map(mark: Mark) -> ParseError {
    ParseError::syntax(mark.position(), "`<<` takes a mapping or a list of mappings")
}

pub(super) fn unknown_tag(tag: &Tag, at: Position) -> ParseError {
    ParseError::syntax(at, format!("the tag {} is not supported", quoted(&tag_text(tag))))
}

pub(super) fn wrong_tag(tag: &Tag, what: &str, at: Position) -> ParseError {
    ParseError::syntax(at, format!("{what} does not fit the tag {}", quoted(&tag_text(tag))))
}

/// The tag as one would write it.
fn tag_text(tag: &Tag) -> String {
    match tag.handle.as_str() {
        "tag:yaml.org,2002:" => format!("!!{}", tag.suffix),
        "!" => format!("!{}", tag.suffix),
        handle => format!("!<{handle}{}>", tag.suffix),
    }
}

/// `text` between backticks, shortened.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return format!("`{text}`");
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("`{start}…`")
}

/// Looks for a likelier cause of `err` than the parser's, and keeps its position inside the text.
pub(super) fn explain(text: &str, mut err: ParseError) -> ParseError {
    if !matches!(err.kind, ParseErrorKind::Syntax | ParseErrorKind::DuplicateKey) {
        return err;
    }
    if let Some(conflict) = first_line_with(text, "<<<<<<<") {
        return merge_conflict(conflict);
    }
    if err.kind == ParseErrorKind::DuplicateKey {
        return err;
    }
    let mut line = line_at(text, err.line);
    let is_at_start = |line: &str| line.chars().take(err.column as usize - 1).all(char::is_whitespace);
    if line.is_none_or(|line| err.message == NO_COLON && is_at_start(line)) {
        // The parser noticed at the next thing, or at the end of the text, which to it is one line further.
        let (number, last) = last_line_before(text, err.line);
        err.line = number;
        err.column = column_after(last);
        line = Some(last);
    }
    let line = line.unwrap_or_default();
    err.column = err.column.min(column_after(line));
    // Between brackets, and so in JSON, tabs may indent.
    let is_block = !text.trim_start().starts_with(['{', '[']) && !err.message.contains("quoted text");
    if err.message == TAB || (is_block && tab_column(line).is_some()) {
        TAB.clone_into(&mut err.message);
        // The parser may point at the text before it.
        let mut lines = (err.line..).zip(text.split('\n').skip(err.line as usize - 1));
        if let Some((number, column)) = lines.find_map(|(number, line)| Some((number, tab_column(line)?))) {
            err.line = number;
            err.column = column;
        }
    } else if let Some(column) = template_column(line) {
        return template(Position { line: err.line, column });
    } else if let Some(position) = first_template_line(text) {
        return template(position);
    }
    err
}

fn merge_conflict(position: Position) -> ParseError {
    ParseError::new(ParseErrorKind::MergeConflict, position, "unresolved merge conflict marker")
}

fn template(position: Position) -> ParseError {
    let message = "this looks like a template (`{{ … }}`): render it first";
    ParseError::new(ParseErrorKind::Template, position, message)
}

/// The first line that is nothing but a template's action.
fn first_template_line(text: &str) -> Option<Position> {
    (1..).zip(text.split('\n')).find_map(|(line, content)| {
        let is_action = content.trim_start().starts_with("{{") || content.trim_start().starts_with("{%");
        is_action.then(|| Some(Position { line, column: template_column(content)? }))?
    })
}

/// A merge conflict in JSON can be a valid text in YAML's flow style, with strange keys.
pub(super) fn conflict_in_flow(text: &str) -> Option<ParseError> {
    let start = first_line_with(text, "<<<<<<<")?;
    first_line_with(text, ">>>>>>>")?;
    Some(merge_conflict(start))
}

/// The first line that begins with `marker`.
fn first_line_with(text: &str, marker: &str) -> Option<Position> {
    if !text.contains(marker) {
        return None;
    }
    let line = text.split('\n').position(|line| line.starts_with(marker))?;
    Some(Position { line: u32::try_from(line + 1).unwrap_or(u32::MAX), column: 1 })
}

/// The column of a tab in the indentation of `line`.
fn tab_column(line: &str) -> Option<u32> {
    let spaces = line.bytes().take_while(|byte| *byte == b' ').count();
    (line.as_bytes().get(spaces) == Some(&b'\t')).then(|| u32::try_from(spaces + 1).unwrap_or(u32::MAX))
}

/// The column of a template's opening braces in `line`, outside of quotes.
fn template_column(line: &str) -> Option<u32> {
    let open = line.find("{{").into_iter().chain(line.find("{%")).min()?;
    let closed = line[open..].contains("}}") || line[open..].contains("%}");
    let before = &line[..open];
    let in_quotes = before.matches('"').count() % 2 == 1 || before.matches('\'').count() % 2 == 1;
    (closed && !in_quotes).then(|| column_after(before))
}

fn line_at(text: &str, number: u32) -> Option<&str> {
    text.split('\n').nth((number as usize).checked_sub(1)?)
}

/// The number and text of the last line before line `end` that holds more than blanks and a comment; of the
/// first line, if there is none.
fn last_line_before(text: &str, end: u32) -> (u32, &str) {
    let mut found = (1, line_at(text, 1).unwrap_or_default());
    for (number, line) in (1..end).zip(text.split('\n')) {
        let content = line.trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            found = (number, line.trim_end());
        }
    }
    found
}

/// The column behind `line`.
fn column_after(line: &str) -> u32 {
    let line = line.strip_suffix('\r').unwrap_or(line);
    u32::try_from(line.chars().count() + 1).unwrap_or(u32::MAX)
}

/// The text of a file's bytes.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, ParseError> {
    let utf_16 =
        bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || looks_like_utf_16(bytes);
    if utf_16 {
        let message = "this file is UTF-16; save it as UTF-8";
        return Err(ParseError::new(ParseErrorKind::Encoding, Position::START, message));
    }
    std::str::from_utf8(bytes).map_err(|err| {
        let valid = bytes.get(..err.valid_up_to()).unwrap_or_default();
        let before = String::from_utf8_lossy(valid);
        let line = before.matches('\n').count() + 1;
        let last = before.rsplit('\n').next().unwrap_or_default();
        let position = Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: column_after(last) };
        let message = "this file is not UTF-8 text: a byte here is part of no character";
        ParseError::new(ParseErrorKind::Encoding, position, message)
    })
}

/// Every other byte of plain text in UTF-16 is zero.
fn looks_like_utf_16(bytes: &[u8]) -> bool {
    match bytes {
        [a, b, c, d, ..] => {
            (*a != 0 && *b == 0 && *c != 0 && *d == 0) || (*a == 0 && *b != 0 && *c == 0 && *d != 0)
        }
        _ => false,
    }
}
