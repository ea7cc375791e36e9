//! What a pair wrote, as its relationship keeps it: `metadata.billfold`, or one of `metadata.billfold.pairs`.

use billfold::model::{FieldPath, Map, Segment, Value};

use super::document::{Document, Pair, at, list_at, own_selector, pairs, path, set};

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wrote {
    pub(crate) path: FieldPath,
    pub(crate) value: Option<Value>,
    pub(crate) before: Option<Value>,
    /// What was made on the way.
    pub(crate) made: Made,
    /// By the second of two directions.
    pub(crate) is_back: bool,
    /// What was moved away for it: where it stood at its source, and what.
    pub(crate) moved: Option<(FieldPath, Value)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Record {
    pub(crate) wrote: Vec<Wrote>,
    /// The name of the entry of an EnvoyFilter, whether it was made here, and how much was made around it.
    pub(crate) patch: Option<String>,
    pub(crate) made: bool,
    pub(crate) made_around: Made,
}

pub(crate) const KEYS: [&str; 5] = ["wrote", "patch", "made", "madeAround", "nullAround"];

/// How many of the mappings above a field were made on the way, and whether a null stood where the outermost is.
pub(crate) type Made = (usize, bool);

pub(crate) const NOTHING: Made = (0, false);

fn read_made(tree: &Value, made: &str, null: &str) -> Made {
    let count = at(tree, made).and_then(Value::as_i64).and_then(|count| usize::try_from(count).ok());
    let is_null = at(tree, null).and_then(Value::as_bool) == Some(true);
    count.filter(|count| *count > 0).map_or(NOTHING, |count| (count, is_null))
}

fn write_made(map: &mut Map, (count, is_null): Made, made: &str, null: &str) {
    if count > 0 {
        map.insert(made, number(count));
    }
    if is_null {
        map.insert(null, true.into());
    }
}

fn number(count: usize) -> Value {
    Value::from(i64::try_from(count).unwrap_or(i64::MAX))
}

impl Record {
    pub(crate) fn about(&self, path: &FieldPath) -> Option<&Wrote> {
        self.wrote.iter().find(|wrote| wrote.path == *path)
    }

    /// The record of a pair; what cannot be read counts as not there.
    pub(crate) fn of(tree: &Value, pair: &Pair) -> Self {
        let Some(record) = place(tree, pair).and_then(|place| tree.get(&place)) else {
            return Self::default();
        };
        Self {
            wrote: list_at(record, "wrote").iter().filter_map(Wrote::read).collect(),
            patch: at(record, "patch").and_then(Value::as_text).map(str::to_owned),
            made: at(record, "made").and_then(Value::as_bool) == Some(true),
            made_around: read_made(record, "madeAround", "nullAround"),
        }
    }

    /// Writes the record of a pair.
    pub(crate) fn write(&self, document: &mut Document, pair: &Pair) {
        let Some(tree) = document.relationship_mut(pair.relationship) else { return };
        if Self::of(tree, pair) == *self {
            return;
        }
        let (ends, place) = if let Some(place) = place(tree, pair) {
            (Map::new(), place)
        } else {
            let end = |side| {
                own_selector(tree, pair, side).and_then(|it| at(it, "id")).cloned().unwrap_or_default()
            };
            let ends = Map::from([("from", end("from")), ("to", end("to"))]);
            let count = list_at(tree, "metadata.billfold.pairs").len();
            (ends, path("metadata.billfold.pairs").child(count))
        };
        let mut map = tree.get(&place).and_then(Value::as_map).cloned().unwrap_or(ends);
        for key in KEYS {
            map.remove(key);
        }
        if !self.wrote.is_empty() {
            map.insert("wrote", Value::List(self.wrote.iter().map(Wrote::to_value).collect()));
        }
        if let Some(patch) = &self.patch {
            map.insert("patch", patch.as_str().into());
        }
        if self.made {
            map.insert("made", true.into());
        }
        write_made(&mut map, self.made_around, "madeAround", "nullAround");
        // A `billfold` or `metadata` that is no mapping gives way.
        for keys in ["metadata", "metadata.billfold"] {
            if at(tree, keys).is_some_and(|value| value.as_map().is_none()) {
                set(tree, &path(keys), Value::Null);
            }
        }
        set(tree, &place, Value::Map(map));
    }
}

/// Where the record of a pair stands; `None`: it has none, and gets a new place among `pairs`.
fn place(tree: &Value, pair: &Pair) -> Option<FieldPath> {
    let id = |side| own_selector(tree, pair, side).and_then(|it| at(it, "id")).and_then(Value::as_text);
    let direct = path("metadata.billfold");
    let is_its = |record: &Value| {
        let end = |key| at(record, key).and_then(Value::as_text);
        id("from").is_some() && id("to").is_some() && end("from") == id("from") && end("to") == id("to")
    };
    match list_at(tree, "metadata.billfold.pairs").iter().position(is_its) {
        Some(place) => Some(direct.child("pairs").child(place)),
        None => (pairs(pair.relationship, tree).len() <= 1).then_some(direct),
    }
}

impl Wrote {
    fn read(item: &Value) -> Option<Self> {
        let moved = at(item, "moved");
        Some(Self {
            path: read_path(at(item, "path")?)?,
            value: at(item, "value").cloned(),
            before: at(item, "before").cloned(),
            made: read_made(item, "made", "null"),
            is_back: at(item, "back").and_then(Value::as_bool) == Some(true),
            moved: moved.and_then(|it| Some((read_path(at(it, "path")?)?, at(it, "value")?.clone()))),
        })
    }

    fn to_value(&self) -> Value {
        let mut map = Map::from([("path", path_value(&self.path))]);
        if let Some(value) = &self.value {
            map.insert("value", value.clone());
        }
        if let Some(before) = &self.before {
            map.insert("before", before.clone());
        }
        write_made(&mut map, self.made, "made", "null");
        if self.is_back {
            map.insert("back", true.into());
        }
        if let Some((path, value)) = &self.moved {
            map.insert("moved", Value::from([("path", path_value(path)), ("value", value.clone())]));
        }
        Value::Map(map)
    }

    /// A field that is absent on both sides has no record.
    pub(crate) fn says_something(&self) -> bool {
        self.value.is_some() || self.before.is_some() || self.made > NOTHING
    }
}

fn path_value(path: &FieldPath) -> Value {
    let segment = |segment: &Segment| match segment {
        Segment::Key(key) => Value::from(key.as_str()),
        Segment::Index(index) => number(*index),
    };
    Value::List(path.iter().map(segment).collect())
}

/// A path as a list of keys and numbers.
fn read_path(list: &Value) -> Option<FieldPath> {
    let mut path = FieldPath::root();
    for segment in list.as_list()? {
        path.push(match segment {
            Value::Text(key) => Segment::from(key.as_str()),
            other => Segment::from(usize::try_from(other.as_i64()?).ok()?),
        });
    }
    (!path.is_empty()).then_some(path)
}
