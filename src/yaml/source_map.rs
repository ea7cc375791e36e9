//! Where the nodes of a document stand in its text.
//!
//! A map has one [`Mark`] a node, 20 bytes each. The children of a node lie side by side, so that a path is
//! followed in as many steps as it has segments, however many siblings there are; an expanded alias shares the
//! marks of what it stands for.

use crate::model::{FieldPath, Segment, Value};

use super::scalar::{Yaml11, yaml_1_1_type};

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The first character of a text.
    pub const START: Self = Self { line: 1, column: 1 };
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A plain scalar that readers take for different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hazard {
    /// The value, or the entry whose key it is.
    pub path: FieldPath,
    /// Whether the scalar is the key of that entry, not its value.
    pub is_key: bool,
    /// The scalar as it was written, without quotes.
    pub text: String,
    /// What a YAML 1.1 reader takes it for; we take it for text.
    pub read_as: Yaml11,
    /// Where it stands.
    pub position: Position,
}

/// What is known of one node. Children are found by their place among the children of their parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    line: u32,
    /// The column, with two flags in the topmost bits; input is capped far below 2^30.
    column: u32,
    /// 0 when there is no key.
    key_line: u32,
    key_column: u32,
    /// The index of the first child's mark; 0 for scalars and empty containers.
    first: u32,
}

const HAZARD_VALUE: u32 = 1 << 31;
const HAZARD_KEY: u32 = 1 << 30;

impl Mark {
    pub(super) fn at(position: Position) -> Self {
        Self { line: position.line, column: position.column, key_line: 0, key_column: 0, first: 0 }
    }

    pub(super) fn with_key(self, position: Position) -> Self {
        Self { key_line: position.line, key_column: position.column, ..self }
    }

    pub(super) fn moved_to(self, position: Position) -> Self {
        Self { line: position.line, column: position.column | self.column & HAZARD_VALUE, ..self }
    }

    pub(super) fn key_hazard(mut self) -> Self {
        self.column |= HAZARD_KEY;
        self
    }

    pub(super) fn value_hazard(mut self) -> Self {
        self.column |= HAZARD_VALUE;
        self
    }

    pub(super) fn position(self) -> Position {
        Position { line: self.line, column: self.column & !(HAZARD_VALUE | HAZARD_KEY) }
    }

    pub(super) fn key_position(self) -> Option<Position> {
        (self.key_line > 0).then_some(Position { line: self.key_line, column: self.key_column })
    }
}

/// Collects marks while a document is read, bottom up.
#[derive(Debug, Default)]
pub(super) struct MarkBuilder {
    /// Finished groups of siblings.
    marks: Vec<Mark>,
    /// Children of the containers that are still open, outermost first.
    pending: Vec<Mark>,
}

impl MarkBuilder {
    /// Opens a container. The answer goes into [`Self::close`].
    pub(super) fn open(&self) -> usize {
        self.pending.len()
    }

    /// Adds a finished child to the container that was opened last.
    pub(super) fn push(&mut self, mark: Mark) {
        self.pending.push(mark);
    }

    /// The mark of the `place`th child of the container that `open` began.
    pub(super) fn child_key(&self, open: usize, place: usize) -> Option<Position> {
        self.pending.get(open + place).and_then(|mark| mark.key_position())
    }

    /// The mark of the `place`th child of a finished container.
    pub(super) fn finished_child(&self, parent: Mark, place: usize) -> Option<Mark> {
        self.marks.get(parent.first as usize + place).copied()
    }

    /// Takes the children out that were collected since `open`.
    pub(super) fn take(&mut self, open: usize) -> Vec<Mark> {
        self.pending.split_off(open)
    }

    /// Closes the container that `open` began and marks it.
    pub(super) fn close(&mut self, open: usize, position: Position) -> Mark {
        let mut mark = Mark::at(position);
        if self.pending.len() > open {
            mark.first = u32::try_from(self.marks.len()).unwrap_or(u32::MAX);
            self.marks.extend(self.pending.drain(open..));
        }
        mark
    }

    /// Ends the document.
    pub(super) fn finish(&mut self, root: Mark, has_hazards: bool) -> SourceMap {
        /// Up to here the room is kept for the next document and the marks are copied.
        const SMALL: usize = 4096;
        self.pending.clear();
        let marks = if self.marks.len() <= SMALL {
            let copy = self.marks.as_slice().into();
            self.marks.clear();
            copy
        } else {
            std::mem::take(&mut self.marks).into_boxed_slice()
        };
        SourceMap { root, marks, has_hazards }
    }
}

/// Knows line and column of each key and value of one document.
///
/// Every question takes the tree that was read together with this map. For another tree the answers are
/// meaningless, but harmless.
#[derive(Clone, Debug)]
pub struct SourceMap {
    root: Mark,
    marks: Box<[Mark]>,
    has_hazards: bool,
}

impl Default for SourceMap {
    /// A map that knows only the start of a text, for trees that were not read from one.
    fn default() -> Self {
        Self { root: Mark::at(Position::START), marks: Box::default(), has_hazards: false }
    }
}

impl SourceMap {
    /// Where the document's root stands.
    pub fn root_position(&self) -> Position {
        self.root.position()
    }

    /// Where the value at `path` stands, or its nearest parent that exists.
    pub fn position(&self, root: &Value, path: &[Segment]) -> Position {
        self.nearest(root, path).1.position()
    }

    /// Where the key of the entry at `path` stands; for an item of a list, and where the path ends early, the
    /// same as [`Self::position`].
    pub fn key_position(&self, root: &Value, path: &[Segment]) -> Position {
        let (found, mark) = self.nearest(root, path);
        match mark.key_position() {
            Some(position) if found == path.len() => position,
            _ => mark.position(),
        }
    }

    /// Where the value at `path` below `value` stands, or its nearest parent that exists; `value` is the node that is
    /// reached by its places among its siblings, from the root. For a tree that was taken apart after it was read.
    pub fn position_below(&self, places: &[usize], value: &Value, path: &[Segment]) -> Position {
        let mut mark = self.root;
        for &place in places {
            let Some(child) = self.child(mark, place) else { return mark.position() };
            mark = child;
        }
        self.nearest_below(value, mark, path).1.position()
    }

    /// How many segments of `path` exist, and the mark of the last.
    fn nearest(&self, root: &Value, path: &[Segment]) -> (usize, Mark) {
        self.nearest_below(root, self.root, path)
    }

    fn nearest_below(&self, value: &Value, mark: Mark, path: &[Segment]) -> (usize, Mark) {
        let (mut value, mut mark) = (value, mark);
        for (found, segment) in path.iter().enumerate() {
            let step = match (segment, value) {
                (Segment::Key(key), Value::Map(map)) => {
                    map.place_of(key).and_then(|place| Some((place, map.entry_at(place)?.1)))
                }
                (Segment::Index(index), Value::List(items)) => items.get(*index).map(|item| (*index, item)),
                _ => None,
            };
            let Some((place, child)) = step else { return (found, mark) };
            let Some(child_mark) = self.child(mark, place) else { return (found, mark) };
            (value, mark) = (child, child_mark);
        }
        (path.len(), mark)
    }

    fn child(&self, parent: Mark, place: usize) -> Option<Mark> {
        self.marks.get((parent.first as usize).checked_add(place)?).copied()
    }

    /// The deepest node that begins on `line` or holds it: the way back from an editor's line to the tree.
    pub fn path_at(&self, root: &Value, line: u32) -> FieldPath {
        let mut path = FieldPath::root();
        let (mut value, mut mark) = (root, self.root);
        loop {
            // The last child that begins at or before the line. Children that stand elsewhere (expanded
            // aliases, merged entries) are told by a start that breaks the order.
            let mut best: Option<(usize, Mark)> = None;
            for place in 0..child_count(value) {
                let Some(child) = self.child(mark, place) else { break };
                let begins = child.begins();
                let in_order =
                    begins >= mark.line && best.is_none_or(|(_, former)| former.begins() <= begins);
                if in_order && begins <= line {
                    best = Some((place, child));
                }
            }
            let Some((place, child)) = best else { return path };
            match value {
                Value::Map(map) => {
                    let Some((key, inner)) = map.entry_at(place) else { return path };
                    path.push(key);
                    value = inner;
                }
                Value::List(items) => {
                    let Some(inner) = items.get(place) else { return path };
                    path.push(place);
                    value = inner;
                }
                _ => return path,
            }
            mark = child;
        }
    }

    /// Plain scalars that a YAML 1.1 reader takes for another type than we do, in the order of the tree.
    pub fn yaml_1_1_hazards(&self, root: &Value) -> Vec<Hazard> {
        let mut found = Vec::new();
        if self.has_hazards {
            self.collect_hazards(root, self.root, &mut FieldPath::root(), &mut found);
        }
        found
    }

    fn collect_hazards(&self, value: &Value, mark: Mark, path: &mut FieldPath, found: &mut Vec<Hazard>) {
        if mark.column & HAZARD_KEY != 0
            && let Some(Segment::Key(key)) = path.last()
            && let Some(read_as) = yaml_1_1_type(key)
        {
            let position = mark.key_position().unwrap_or_else(|| mark.position());
            found.push(Hazard { path: path.clone(), is_key: true, text: key.clone(), read_as, position });
        }
        match value {
            Value::Text(text) if mark.column & HAZARD_VALUE != 0 => {
                if let Some(read_as) = yaml_1_1_type(text) {
                    let (text, position) = (text.to_string(), mark.position());
                    found.push(Hazard { path: path.clone(), is_key: false, text, read_as, position });
                }
            }
            Value::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    let Some(child) = self.child(mark, place) else { return };
                    path.push(place);
                    self.collect_hazards(item, child, path, found);
                    path.pop();
                }
            }
            Value::Map(map) => {
                for (place, (key, item)) in map.iter().enumerate() {
                    let Some(child) = self.child(mark, place) else { return };
                    path.push(key);
                    self.collect_hazards(item, child, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
    }
}

impl Mark {
    /// The line on which the node begins, with its key.
    fn begins(self) -> u32 {
        if self.key_line > 0 { self.key_line } else { self.line }
    }
}

fn child_count(value: &Value) -> usize {
    match value {
        Value::Map(map) => map.len(),
        Value::List(items) => items.len(),
        _ => 0,
    }
}
