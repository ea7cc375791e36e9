//! A text is changed in place until it reads as wanted: what is not concerned stays as it is, byte for byte, comments and
//! layout included.
//!
//! Values are replaced, entries of mappings and items of lists added and taken out. What comes out is read again: it is
//! handed out only if it gives exactly what was wanted and every comment is still there. So a text that this module does
//! not understand well enough is refused, never damaged.

use std::ops::Range;

use crate::model::{FieldPath, Map, Segment, Value};

use super::extent::inline_end;
use super::{Document, Format, Position, emit, emit_json_compact, parse};

/// Why a text cannot be changed in place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}{}", place(.path))]
pub struct CannotPatch {
    reason: &'static str,
    path: FieldPath,
}

/// ` at spec.url`; nothing when the whole text is meant.
fn place(path: &FieldPath) -> String {
    if path.is_empty() { String::new() } else { format!(" at {path}") }
}

/// Changes `text` so that its documents read as `wanted`.
pub fn patch(text: &str, wanted: &[Value]) -> Result<String, CannotPatch> {
    let fails = |reason| CannotPatch { reason, path: FieldPath::root() };
    let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let text = &text[mark.len()..];
    let parsed = parse(text).map_err(|_unreadable| fails("the text cannot be read"))?;
    if parsed.documents.len() != wanted.len() {
        return Err(fails("the text has other documents than before"));
    }
    let lines: Vec<usize> = [0].into_iter().chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut edits = Vec::new();
    for (document, wanted) in parsed.documents.iter().zip(wanted) {
        let mut patcher = Patcher {
            text,
            document,
            lines: &lines,
            is_json: parsed.format == Format::Json,
            edits: Vec::new(),
        };
        patcher.make(&FieldPath::root(), &document.value, wanted)?;
        edits.append(&mut patcher.edits);
    }
    let patched = applied(text, edits).ok_or(fails("changes that lie over one another"))?;
    let again = parse(&patched).map_err(|_unreadable| fails("the layout of the text is not understood"))?;
    let is_as_wanted = again.documents.len() == wanted.len()
        && again.documents.iter().zip(wanted).all(|(document, wanted)| document.value.identical(wanted));
    if !is_as_wanted {
        return Err(fails("the layout of the text is not understood"));
    }
    if again.losses.comments < parsed.losses.comments {
        return Err(fails("a comment would be lost"));
    }
    Ok(format!("{mark}{patched}"))
}

struct Edit {
    range: Range<usize>,
    text: String,
}

/// The text with all edits made; `None` if two of them touch the same part.
fn applied(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let has_crlf = text.contains("\r\n");
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.range.start)?);
        let text = if has_crlf { edit.text.replace('\n', "\r\n") } else { edit.text };
        out.push_str(&text);
        done = edit.range.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

struct Patcher<'a> {
    text: &'a str,
    document: &'a Document,
    /// Where each line begins.
    lines: &'a [usize],
    is_json: bool,
    edits: Vec<Edit>,
}

type Result1<T> = Result<T, CannotPatch>;

impl Patcher<'_> {
    fn fail<T>(path: &FieldPath, reason: &'static str) -> Result1<T> {
        Err(CannotPatch { reason, path: path.clone() })
    }

    /// Makes `new` of `old`, which stands at `path`.
    fn make(&mut self, path: &FieldPath, old: &Value, new: &Value) -> Result1<()> {
        match (old, new) {
            _ if old.identical(new) => Ok(()),
            (Value::Map(old), Value::Map(new)) => self.make_map(path, old, new),
            (Value::List(old), Value::List(new)) if !old.is_empty() && !new.is_empty() => {
                self.make_list(path, old, new)
            }
            _ => self.replace(path, old, new),
        }
    }

    fn make_map(&mut self, path: &FieldPath, old: &Map, new: &Map) -> Result1<()> {
        let has_left = old.keys().any(|key| new.contains_key(key));
        let added: Vec<(&str, &Value)> = new.iter().filter(|(key, _)| !old.contains_key(key)).collect();
        if !has_left && !old.is_empty() {
            return self.replace(path, &Value::Map(old.clone()), &Value::Map(new.clone()));
        }
        for (place, (key, value)) in old.iter().enumerate() {
            match new.get(key) {
                Some(wanted) => self.make(&path.child(key), value, wanted)?,
                None => self.remove_entry(path, old, place)?,
            }
        }
        if added.is_empty() { Ok(()) } else { self.add_entries(path, old, &added) }
    }

    fn make_list(&mut self, path: &FieldPath, old: &[Value], new: &[Value]) -> Result1<()> {
        let shorter = old.len().min(new.len());
        let front = old.iter().zip(new).take_while(|(a, b)| a.identical(b)).count();
        let back = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a.identical(b)).count();
        let back = back.min(shorter - front);
        let (old_end, new_end) = (old.len() - back, new.len() - back);
        let both = (old_end - front).min(new_end - front);
        for index in front..front + both {
            self.make(&path.child(index), &old[index], &new[index])?;
        }
        for index in front + both..old_end {
            self.remove_item(path, old, index)?;
        }
        self.insert_items(path, old, front + both, &new[front + both..new_end])
    }

    fn replace(&mut self, path: &FieldPath, old: &Value, new: &Value) -> Result1<()> {
        let start = self.start(path);
        let in_brackets = self.is_in_brackets(path);
        let is_written = match old {
            Value::Null => {
                ["null", "Null", "NULL", "~"].iter().any(|word| self.text[start..].starts_with(word))
            }
            _ => true,
        };
        if !is_written {
            let colon = self.colon(path)?;
            let text = format!(" {}", self.inline(new, in_brackets));
            self.edits.push(Edit { range: colon..colon, text });
            return Ok(());
        }
        if self.is_block(path, old) {
            return self.replace_block(path, old, new);
        }
        let Some(end) = inline_end(self.text, start, in_brackets) else {
            return Self::fail(path, "a value over several lines, or with an anchor");
        };
        let is_quoted = self.text[start..].starts_with('"');
        let text = if is_quoted { emit_json_compact(new) } else { self.inline(new, in_brackets) };
        self.edits.push(Edit { range: start..end, text });
        Ok(())
    }

    /// Puts a value behind the key of a mapping or list that has lines of its own.
    fn replace_block(&mut self, path: &FieldPath, old: &Value, new: &Value) -> Result1<()> {
        let colon = self.colon(path)?;
        let key_line = self.line_of(self.key_start(path));
        let end = self.block_end(key_line, self.column(self.key_start(path)), matches!(old, Value::List(_)));
        let end = self.text[..end].trim_end().len();
        let text = format!(" {}", self.inline(new, false));
        self.edits.push(Edit { range: colon..end, text });
        Ok(())
    }

    fn add_entries(&mut self, path: &FieldPath, old: &Map, added: &[(&str, &Value)]) -> Result1<()> {
        let start = self.start(path);
        let is_flow = self.text[start..].starts_with('{');
        let Some((last, last_value)) = old.len().checked_sub(1).and_then(|last| old.entry_at(last)) else {
            let new: Map = added.iter().map(|(key, value)| (*key, (*value).clone())).collect();
            return self.replace(path, &Value::Map(old.clone()), &Value::Map(new));
        };
        let last_path = path.child(last);
        if is_flow {
            let separator = self.separator(start, old, path);
            let end = self.end_of(&last_path, last_value)?;
            let entries = added.iter().map(|(key, value)| {
                let value = self.inline(value, true);
                format!("{separator}{}: {value}", self.inline(&Value::from(*key), true))
            });
            let text = entries.collect();
            self.edits.push(Edit { range: end..end, text });
            return Ok(());
        }
        let key = self.key_start(&last_path);
        let column = self.column(key);
        let end = self.block_end(self.line_of(key), column, self.is_block(&last_path, last_value));
        let entries: Map = added.iter().map(|(key, value)| (*key, (*value).clone())).collect();
        self.insert_lines(end, &indented(&emit(&Value::Map(entries), Format::Yaml), column));
        Ok(())
    }

    /// What stands between two entries of a flow mapping that begins at `start`.
    fn separator(&self, start: usize, map: &Map, path: &FieldPath) -> String {
        let Some((first, _)) = map.entry_at(0) else { return String::new() };
        let key = self.key_start(&path.child(first));
        let between = self.text.get(start..key).unwrap_or_default();
        match between.rfind('\n') {
            Some(at) => format!(",\n{}", &between[at + 1..]),
            None => ", ".to_owned(),
        }
    }

    fn remove_entry(&mut self, path: &FieldPath, map: &Map, place: usize) -> Result1<()> {
        let entry = |place: usize| map.entry_at(place).map(|(key, value)| (path.child(key), value));
        let Some((own, value)) = entry(place) else { return Ok(()) };
        let key = self.key_start(&own);
        let next = entry(place + 1);
        if self.text[self.start(path)..].starts_with('{') {
            let range = match (next, place.checked_sub(1).and_then(entry)) {
                (Some((next, _)), _) => key..self.key_start(&next),
                (None, Some((former, former_value))) => {
                    self.end_of(&former, former_value)?..self.end_of(&own, value)?
                }
                (None, None) => key..self.end_of(&own, value)?,
            };
            self.edits.push(Edit { range, text: String::new() });
            return Ok(());
        }
        let line = self.line_of(key);
        let line_start = self.line_start(line);
        if !self.text[line_start..key].trim().is_empty() {
            let Some((next, _)) = next else { return Self::fail(&own, "the only entry of a list's item") };
            let range = key..self.key_start(&next);
            self.edits.push(Edit { range, text: String::new() });
            return Ok(());
        }
        let end = self.block_end(line, self.column(key), self.is_block(&own, value));
        self.edits.push(Edit { range: line_start..end, text: String::new() });
        Ok(())
    }

    fn insert_items(
        &mut self,
        path: &FieldPath,
        old: &[Value],
        index: usize,
        items: &[Value],
    ) -> Result1<()> {
        if items.is_empty() {
            return Ok(());
        }
        let last = old.len() - 1;
        if self.text[self.start(path)..].starts_with('[') {
            let inline = |value: &Value| self.inline(value, true);
            let (at, text) = if index <= last {
                let before: Vec<String> = items.iter().map(|item| format!("{}, ", inline(item))).collect();
                (self.start(&path.child(index)), before.concat())
            } else {
                let behind: Vec<String> = items.iter().map(|item| format!(", {}", inline(item))).collect();
                (self.end_of(&path.child(last), &old[last])?, behind.concat())
            };
            self.edits.push(Edit { range: at..at, text });
            return Ok(());
        }
        let Some(dash) = self.dash(&path.child(index.min(last))) else {
            return Self::fail(path, "a list that is not understood");
        };
        let (line, column) = (self.line_of(dash), self.column(dash));
        let text: String = items.iter().map(|item| list_item(item, column)).collect();
        if index <= last {
            let start = self.line_start(line);
            if !self.text[start..dash].trim().is_empty() {
                return Self::fail(path, "a list that begins on the line of another");
            }
            self.edits.push(Edit { range: start..start, text });
        } else {
            self.insert_lines(self.block_end(line, column, false), &text);
        }
        Ok(())
    }

    fn remove_item(&mut self, path: &FieldPath, items: &[Value], index: usize) -> Result1<()> {
        let own = path.child(index);
        if self.text[self.start(path)..].starts_with('[') {
            let range = if index + 1 < items.len() {
                self.start(&own)..self.start(&path.child(index + 1))
            } else {
                let former = index - 1;
                self.end_of(&path.child(former), &items[former])?..self.end_of(&own, &items[index])?
            };
            self.edits.push(Edit { range, text: String::new() });
            return Ok(());
        }
        let Some(dash) = self.dash(&own) else { return Self::fail(&own, "a list that is not understood") };
        let line = self.line_of(dash);
        let start = self.line_start(line);
        if !self.text[start..dash].trim().is_empty() {
            return Self::fail(&own, "a list that begins on the line of another");
        }
        let end = self.block_end(line, self.column(dash), false);
        self.edits.push(Edit { range: start..end, text: String::new() });
        Ok(())
    }

    /// A value on one line.
    fn inline(&self, value: &Value, in_brackets: bool) -> String {
        if self.is_json || matches!(value, Value::Map(_) | Value::List(_)) {
            return emit_json_compact(value);
        }
        let text = emit(value, Format::Yaml);
        let text = text.trim_end();
        let is_unsafe =
            text.contains('\n') || in_brackets && text.contains([',', '[', ']', '{', '}', ':', '#']);
        if is_unsafe { emit_json_compact(value) } else { text.to_owned() }
    }

    fn insert_lines(&mut self, at: usize, lines: &str) {
        let text = if at > 0 && !self.text[..at].ends_with('\n') {
            format!("\n{}", lines.strip_suffix('\n').unwrap_or(lines))
        } else {
            lines.to_owned()
        };
        self.edits.push(Edit { range: at..at, text });
    }

    fn start(&self, path: &FieldPath) -> usize {
        self.offset(self.document.source.position(&self.document.value, path))
    }

    fn key_start(&self, path: &FieldPath) -> usize {
        self.offset(self.document.source.key_position(&self.document.value, path))
    }

    /// The end of a value that stands in brackets.
    fn end_of(&self, path: &FieldPath, value: &Value) -> Result1<usize> {
        let start = self.start(path);
        match inline_end(self.text, start, self.is_in_brackets(path)) {
            Some(end) if !self.is_block(path, value) => Ok(end),
            _ => Self::fail(path, "a value over several lines, or with an anchor"),
        }
    }

    /// The place behind the colon of a key.
    fn colon(&self, path: &FieldPath) -> Result1<usize> {
        let is_key = matches!(path.last(), Some(Segment::Key(_)));
        let end = inline_end(self.text, self.key_start(path), self.is_in_brackets(path));
        let found = end.filter(|_| is_key).and_then(|end| {
            let rest = &self.text[end..];
            let blank = rest.len() - rest.trim_start_matches(' ').len();
            rest[blank..].starts_with(':').then_some(end + blank + 1)
        });
        found.map_or_else(|| Self::fail(path, "a value that has no key"), Ok)
    }

    /// Tells whether a mapping or list has lines of its own.
    fn is_block(&self, path: &FieldPath, value: &Value) -> bool {
        matches!(value, Value::Map(_) | Value::List(_))
            && !self.text[self.start(path)..].starts_with(['{', '['])
    }

    fn is_in_brackets(&self, path: &FieldPath) -> bool {
        let above = (0..path.len()).map(|length| FieldPath::from(&path[..length]));
        above.into_iter().any(|path| self.text[self.start(&path)..].starts_with(['{', '[']))
    }

    /// The dash of a list's item.
    fn dash(&self, path: &FieldPath) -> Option<usize> {
        let start = self.start(path);
        let line = self.line_start(self.line_of(start));
        let before = self.text[line..start].trim_end();
        before.ends_with('-').then(|| line + before.len() - 1)
    }

    /// Where the lines end of what begins on `line` at `column`: those that are indented further. `takes_dashes`: of a list
    /// the items may stand right below their key.
    fn block_end(&self, line: usize, column: usize, takes_dashes: bool) -> usize {
        let mut start = self.line_start(line);
        let mut end = start;
        for (index, text) in self.text[start..].split_inclusive('\n').enumerate() {
            start += text.len();
            let content = text.trim_start_matches(' ');
            let indent = text.len() - content.len();
            let content = content.trim_end();
            if index > 0 {
                let is_marker = indent == 0 && (content.starts_with("---") || content.starts_with("..."));
                let is_item = content == "-" || content.starts_with("- ");
                if content.is_empty() || (content.starts_with('#') && indent <= column && !is_marker) {
                    continue;
                }
                if is_marker || !(indent > column || (indent == column && takes_dashes && is_item)) {
                    break;
                }
            }
            end = start;
        }
        end
    }

    fn offset(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(1).saturating_sub(1);
        let start = self.line_start(line);
        let column = usize::try_from(position.column).unwrap_or(1).saturating_sub(1);
        let rest = &self.text[start..];
        start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
    }

    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    fn line_start(&self, line: usize) -> usize {
        self.lines.get(line).copied().unwrap_or(self.text.len())
    }

    /// How many bytes stand before `offset` on its line.
    fn column(&self, offset: usize) -> usize {
        offset - self.line_start(self.line_of(offset))
    }
}

/// Every line of `text` further right.
fn indented(text: &str, column: usize) -> String {
    let margin = " ".repeat(column);
    let lines = text.split_inclusive('\n');
    lines
        .map(|line| if line.trim().is_empty() { line.to_owned() } else { format!("{margin}{line}") })
        .collect()
}

/// An item of a block list whose dashes stand at `column`.
fn list_item(item: &Value, column: usize) -> String {
    let text = indented(&emit(item, Format::Yaml), column + 2);
    format!("{}- {}", " ".repeat(column), text.trim_start_matches(' '))
}

#[cfg(test)]
mod tests;
