//! YAML text to value trees: the events of the parser, put together.
//!
//! Recursive, but never deeper than [`MAX_DEPTH`].

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};
use smol_str::{SmolStr, ToSmolStr as _};

use crate::model::{Map, Number, Value};

use super::indent::{self, Pad};
use super::input::{Source, Tally};
use super::message;
use super::scalar::{Plain, resolve_plain, yaml_1_1_type};
use super::source_map::{Mark, MarkBuilder, Position};
use super::{
    Document, Format, Losses, MAX_ALIAS_BYTES, MAX_ALIAS_NODES, MAX_DEPTH, ParseError, ParseErrorKind, Parsed,
};

/// Reads all documents of `text`, which has no byte order mark.
pub(super) fn parse(text: &str) -> Result<Parsed, ParseError> {
    let err = match parse_padded(text, &[]) {
        Err(err) if message::is_about_indentation(&err) => err,
        result => return result,
    };
    match indent::padded(text) {
        Some((padded, pads)) => parse_padded(&padded, &pads),
        None => Err(err),
    }
}

/// Reads `text`; the spaces of `pads` do not count in positions.
fn parse_padded(text: &str, pads: &[Pad]) -> Result<Parsed, ParseError> {
    let tally = Tally::default();
    let mut reader = Reader {
        parser: Parser::new(Source::new(text, &tally)),
        tally: &tally,
        pads,
        end: End::of(text),
        marks: MarkBuilder::default(),
        has_hazards: false,
        anchors: HashMap::new(),
        anchor_count: 0,
        size: Size::default(),
        copied: Size::default(),
    };
    let mut documents = Vec::new();
    loop {
        let (event, _) = reader.next()?;
        match event {
            Event::DocumentStart(_) => documents.extend(reader.document()?),
            Event::StreamEnd => break,
            _ => {}
        }
    }
    let losses = Losses {
        comments: tally.comments.get(),
        anchors: reader.anchor_count,
        documents: documents.len().saturating_sub(1),
    };
    Ok(Parsed { format: Format::Yaml, documents, losses })
}

/// The end of a text that does not end with a line break.
#[derive(Clone, Copy, Debug)]
struct End {
    /// The number of characters.
    index: usize,
    /// Whether the last line holds nothing but blanks.
    is_blank: bool,
}

impl End {
    fn of(text: &str) -> Option<Self> {
        let last = text.rsplit(['\n', '\r']).next().unwrap_or_default();
        (!last.is_empty()).then(|| Self {
            index: text.chars().count(),
            is_blank: last.trim_matches([' ', '\t']).is_empty(),
        })
    }
}

/// How much tree there is.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
}

impl Size {
    fn plus(self, other: Self) -> Self {
        Self { nodes: self.nodes + other.nodes, bytes: self.bytes + other.bytes }
    }

    fn is_within_alias_limits(self) -> bool {
        self.nodes <= MAX_ALIAS_NODES && self.bytes <= MAX_ALIAS_BYTES
    }
}

/// A node that has a name.
#[derive(Debug)]
enum Anchor {
    /// Ready to be used.
    Node { value: Value, mark: Mark, size: Size, height: usize },
    /// Not kept, because one use would be beyond the limits.
    TooLarge,
}

/// A `<<` entry: its place among the entries, its value, where it stands.
struct Merge {
    place: usize,
    value: Value,
    mark: Mark,
}

struct Reader<'t> {
    parser: Parser<'static, Source<'t>>,
    tally: &'t Tally,
    pads: &'t [Pad],
    /// Where the text ends, if not with a line break.
    end: Option<End>,
    marks: MarkBuilder,
    has_hazards: bool,
    /// The named nodes of this document, by the parser's number for the name.
    anchors: HashMap<usize, Anchor>,
    anchor_count: usize,
    /// All nodes so far.
    size: Size,
    /// Nodes that were made by keeping and expanding named nodes.
    copied: Size,
}

type Spanned = (Event<'static>, Span);

impl Reader<'_> {
    fn position(&self, marker: Marker) -> Position {
        let line = u32::try_from(marker.line()).unwrap_or(u32::MAX);
        let mut column = u32::try_from(marker.col() + 1).unwrap_or(u32::MAX);
        if let Ok(found) = self.pads.binary_search_by_key(&line, |pad| pad.line) {
            column = column.saturating_sub(self.pads[found].columns).max(1);
        }
        Position { line, column }
    }

    fn next(&mut self) -> Result<Spanned, ParseError> {
        self.tally.steps.set(0);
        let event = self.parser.next_event();
        if self.tally.is_exhausted() {
            let start = match &event {
                Some(Ok((_, span))) => self.position(span.start),
                Some(Err(err)) => self.position(*err.marker()),
                None => Position::START,
            };
            let message = "this collection in flow style (`{…}` or `[…]`) is too large";
            return Err(ParseError::new(ParseErrorKind::TooLarge, start, message));
        }
        match event {
            Some(Ok(spanned)) => Ok(spanned),
            Some(Err(err)) => Err(message::from_scanner(&err, self.position(*err.marker()))),
            None => Err(ParseError::syntax(Position::START, "the text ends in the middle of a document")),
        }
    }

    /// Reads one document behind its start event; `None` for an empty one.
    fn document(&mut self) -> Result<Option<Document>, ParseError> {
        self.anchors.clear();
        self.has_hazards = false;
        let (event, span) = self.next()?;
        let is_empty = matches!(
            &event,
            Event::Scalar(text, ScalarStyle::Plain, 0, None) if text.is_empty()
        );
        let (value, mark) = self.node(event, span, 0)?;
        // The end event, which says nothing.
        self.next()?;
        let source = self.marks.finish(mark, self.has_hazards);
        Ok((!is_empty).then_some(Document { value, source }))
    }

    /// Reads the node that `event` begins, inside `depth` containers.
    fn node(&mut self, event: Event<'static>, span: Span, depth: usize) -> Result<(Value, Mark), ParseError> {
        let start = self.position(span.start);
        let before = self.size;
        let (anchor, value, mark) = match event {
            Event::Alias(id) => return self.alias(id, start, depth),
            Event::Scalar(mut text, style, anchor, tag) => {
                if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
                    let is_bare = anchor == 0 && tag.is_none();
                    self.correct_block(text.to_mut(), span, depth, is_bare)?;
                }
                self.grow(text.len());
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                let value = scalar(text, style, tag.as_deref(), start)?;
                let mut mark = Mark::at(start);
                if is_plain
                    && let Value::Text(text) = &value
                    && yaml_1_1_type(text).is_some()
                {
                    mark = mark.value_hazard();
                    self.has_hazards = true;
                }
                (anchor, value, mark)
            }
            Event::SequenceStart(anchor, tag) => {
                check_container(tag.as_deref(), "seq", start, depth)?;
                self.grow(0);
                let (items, mark) = self.list(start, depth + 1)?;
                (anchor, Value::List(items), mark)
            }
            Event::MappingStart(anchor, tag) => {
                check_container(tag.as_deref(), "map", start, depth)?;
                self.grow(0);
                let (map, mark) = self.map(start, depth + 1)?;
                (anchor, Value::Map(map), mark)
            }
            _ => return Err(ParseError::syntax(start, "a value is missing here")),
        };
        if anchor > 0 {
            let size = Size { nodes: self.size.nodes - before.nodes, bytes: self.size.bytes - before.bytes };
            self.keep(anchor, &value, mark, size);
        }
        Ok((value, mark))
    }

    /// Sets right what the scanner makes of two rare text blocks. `is_bare`: no anchor and no tag in front, so
    /// that `span` begins at the text.
    fn correct_block(
        &self,
        text: &mut String,
        span: Span,
        depth: usize,
        is_bare: bool,
    ) -> Result<(), ParseError> {
        // A text that stops without a line break has none at the end (YAML 1.2, 8.1.1.2); the scanner adds one.
        if self.end.is_some_and(|end| end.index == span.end.index()) {
            let is_blank = self.end.is_some_and(|end| end.is_blank);
            if is_blank && is_bare && text.bytes().all(|byte| byte == b'\n') {
                text.truncate((span.end.line() - span.start.line()).saturating_sub(1));
            } else if !is_blank || (is_bare && span.end.col() >= span.start.col().max(1)) {
                text.truncate(text.strip_suffix('\n').unwrap_or(text).len());
            }
        }
        // A whole document at column 0: the scanner takes comments and the start of the next document for text;
        // other readers refuse it.
        let is_marker = |line: &str| line == "---" || line.starts_with("--- ") || line.starts_with("---\t");
        let is_unindented = if is_bare {
            span.start.col() == 0 && text.bytes().any(|byte| byte != b'\n')
        } else {
            text.split('\n').any(is_marker)
        };
        if depth == 0 && is_unindented {
            let message = "a text block that is a whole document must be indented";
            return Err(ParseError::syntax(self.position(span.start), message));
        }
        Ok(())
    }

    fn grow(&mut self, bytes: usize) {
        self.size = self.size.plus(Size { nodes: 1, bytes });
    }

    /// Keeps a copy of a named node for its aliases.
    fn keep(&mut self, id: usize, value: &Value, mark: Mark, size: Size) {
        self.anchor_count += 1;
        let copied = self.copied.plus(size);
        let anchor = if copied.is_within_alias_limits() {
            self.copied = copied;
            Anchor::Node { value: value.clone(), mark, size, height: height(value) }
        } else {
            Anchor::TooLarge
        };
        self.anchors.insert(id, anchor);
    }

    /// Expands an alias.
    fn alias(&mut self, id: usize, start: Position, depth: usize) -> Result<(Value, Mark), ParseError> {
        let too_large = || {
            let message =
                format!("the aliases of this text would expand to more than {MAX_ALIAS_NODES} values");
            ParseError::new(ParseErrorKind::TooLarge, start, message)
        };
        match self.anchors.get(&id) {
            Some(Anchor::Node { value, mark, size, height }) => {
                self.copied = self.copied.plus(*size);
                if !self.copied.is_within_alias_limits() {
                    return Err(too_large());
                }
                if depth + height > MAX_DEPTH {
                    return Err(message::too_deep(start));
                }
                self.size = self.size.plus(*size);
                Ok((value.clone(), mark.moved_to(start)))
            }
            Some(Anchor::TooLarge) => Err(too_large()),
            None => Err(ParseError::syntax(
                start,
                "this alias stands inside its own anchor, or its anchor is in another document",
            )),
        }
    }

    fn list(&mut self, start: Position, depth: usize) -> Result<(Vec<Value>, Mark), ParseError> {
        let open = self.marks.open();
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                break;
            }
            let (value, mark) = self.node(event, span, depth)?;
            items.push(value);
            self.marks.push(mark);
        }
        items.shrink_to_fit();
        Ok((items, self.marks.close(open, start)))
    }

    fn map(&mut self, start: Position, depth: usize) -> Result<(Map, Mark), ParseError> {
        let open = self.marks.open();
        let mut map = Map::new();
        let mut merges: Vec<Merge> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let key_start = self.position(span.start);
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let (key, is_hazard) = self.key(event, key_start)?;
            if !is_merge && let Some(place) = map.place_of(&key) {
                let first = self.marks.child_key(open, place);
                return Err(message::duplicate_key(&key, key_start, first));
            }
            let (event, span) = self.next()?;
            let (value, mark) = self.node(event, span, depth)?;
            let mut mark = mark.with_key(key_start);
            if is_merge {
                merges.push(Merge { place: map.len(), value, mark });
                continue;
            }
            if is_hazard {
                mark = mark.key_hazard();
                self.has_hazards = true;
            }
            map.insert(key, value);
            self.marks.push(mark);
        }
        if !merges.is_empty() {
            map = self.merge(map, open, merges)?;
        }
        Ok((map, self.marks.close(open, start)))
    }

    /// Reads a key: any scalar, as it is written. Says whether a YAML 1.1 reader would change it.
    fn key(&mut self, event: Event<'static>, start: Position) -> Result<(SmolStr, bool), ParseError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.grow(text.len());
                if anchor > 0 || tag.is_some() {
                    // The tag must fit, even if a key is text in the end.
                    let value = scalar(text.clone(), style, tag.as_deref(), start)?;
                    if anchor > 0 {
                        self.keep(anchor, &value, Mark::at(start), Size { nodes: 1, bytes: text.len() });
                    }
                }
                let is_hazard = style == ScalarStyle::Plain
                    && tag.is_none()
                    && resolve_plain(&text) == Plain::Text
                    && yaml_1_1_type(&text).is_some();
                Ok((text.into(), is_hazard))
            }
            Event::Alias(id) => match self.alias(id, start, 0)?.0 {
                Value::Null => Ok((SmolStr::new_static("null"), false)),
                Value::Bool(truth) => Ok((truth.to_smolstr(), false)),
                Value::Number(number) => Ok((number.text().into(), false)),
                Value::Text(text) => Ok((text, false)),
                Value::List(_) | Value::Map(_) => Err(message::complex_key(start)),
            },
            _ => Err(message::complex_key(start)),
        }
    }

    /// Resolves the `<<` entries of a mapping: entries of its own win, then earlier merges.
    fn merge(&mut self, mut own: Map, open: usize, sources: Vec<Merge>) -> Result<Map, ParseError> {
        let own_marks = self.marks.take(open);
        let mut own_entries =
            own.iter_mut().map(|(key, value)| (key.to_owned(), std::mem::take(value))).collect::<Vec<_>>();
        let mut merged = Map::new();
        let mut taken = 0;
        for Merge { place, value, mark } in sources {
            for (entry, mark) in own_entries.iter_mut().zip(&own_marks).take(place).skip(taken) {
                merged.insert(std::mem::take(&mut entry.0), std::mem::take(&mut entry.1));
                self.marks.push(*mark);
            }
            taken = place;
            let maps = match value {
                Value::Map(map) => vec![(map, mark)],
                Value::List(items) => {
                    let marked = items.into_iter().enumerate();
                    let maps = marked.map(|(place, item)| match item {
                        Value::Map(map) => Some((map, self.marks.finished_child(mark, place)?)),
                        _ => None,
                    });
                    maps.collect::<Option<Vec<_>>>().ok_or_else(|| message::merge_needs_map(mark))?
                }
                _ => return Err(message::merge_needs_map(mark)),
            };
            for (mut map, mark) in maps {
                for (place, (key, value)) in map.iter_mut().enumerate() {
                    if own.contains_key(key) || merged.contains_key(key) {
                        continue;
                    }
                    let Some(entry_mark) = self.marks.finished_child(mark, place) else { continue };
                    merged.insert(key, std::mem::take(value));
                    self.marks.push(entry_mark);
                }
            }
        }
        for (entry, mark) in own_entries.into_iter().zip(own_marks).skip(taken) {
            merged.insert(entry.0, entry.1);
            self.marks.push(mark);
        }
        Ok(merged)
    }
}

/// How many containers stand inside one another in `value`, itself included.
fn height(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(height).max().unwrap_or(0),
        Value::Map(map) => 1 + map.iter().map(|(_, value)| height(value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// The name of a tag of the core schema: `str`, `int`. `Ok(None)` for the tag `!`, which means "not resolved".
fn core_tag(tag: &Tag, start: Position) -> Result<Option<&str>, ParseError> {
    const CORE: &str = "tag:yaml.org,2002:";
    if tag.handle == CORE {
        return Ok(Some(tag.suffix.as_str()));
    }
    if tag.handle.is_empty() {
        if tag.suffix == "!" {
            return Ok(None);
        }
        if let Some(name) = tag.suffix.strip_prefix(CORE) {
            return Ok(Some(name));
        }
    }
    Err(message::unknown_tag(tag, start))
}

fn check_container(tag: Option<&Tag>, name: &str, start: Position, depth: usize) -> Result<(), ParseError> {
    if depth >= MAX_DEPTH {
        return Err(message::too_deep(start));
    }
    let Some(tag) = tag else { return Ok(()) };
    match core_tag(tag, start)? {
        None => Ok(()),
        Some(found) if found == name => Ok(()),
        Some("str" | "null" | "bool" | "int" | "float" | "seq" | "map") => {
            let kind = if name == "seq" { "a list" } else { "a mapping" };
            Err(message::wrong_tag(tag, kind, start))
        }
        Some(_) => Err(message::unknown_tag(tag, start)),
    }
}

/// The value of a scalar by its style and tag.
fn scalar(
    text: Cow<'static, str>,
    style: ScalarStyle,
    tag: Option<&Tag>,
    start: Position,
) -> Result<Value, ParseError> {
    let Some(tag) = tag else {
        if style != ScalarStyle::Plain {
            return Ok(Value::Text(text.into()));
        }
        return Ok(match resolve_plain(&text) {
            Plain::Null => Value::Null,
            Plain::Bool(truth) => Value::Bool(truth),
            Plain::Number => Value::Number(Number::from_text(&text)),
            Plain::Text => Value::Text(text.into()),
        });
    };
    let Some(name) = core_tag(tag, start)? else { return Ok(Value::Text(text.into())) };
    match (name, resolve_plain(&text)) {
        ("str", _) => Ok(Value::Text(text.into())),
        ("null", Plain::Null) => Ok(Value::Null),
        ("bool", Plain::Bool(truth)) => Ok(Value::Bool(truth)),
        ("int", Plain::Number) if Number::from_text(&text).as_integer().is_some() || is_whole(&text) => {
            Ok(Value::Number(Number::from_text(&text)))
        }
        ("float", Plain::Number) => Ok(Value::Number(Number::from_text(&text))),
        ("null" | "bool" | "int" | "float" | "seq" | "map", _) => {
            Err(message::wrong_tag(tag, &message::quoted(&text), start))
        }
        _ => Err(message::unknown_tag(tag, start)),
    }
}

/// Whole numbers that are too long for [`Number::as_integer`].
fn is_whole(number: &str) -> bool {
    let unsigned = number.strip_prefix(['+', '-']).unwrap_or(number);
    unsigned.starts_with("0x") || unsigned.bytes().all(|byte| byte.is_ascii_digit())
}
