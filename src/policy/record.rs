//! What a relationship wrote, and what stood there before: the record in its `metadata.billfold`.
//!
//! It travels with the file, so that taking a child out gives the parent back what it had, today or in a year.
//! `policy.md`, step 5.

use super::made::Made;
use crate::model::{
    Edit, FieldPath, Map, Relationship, RelationshipId, Segment, Target, Value, relationship::Pair,
};
use crate::wallet::entry;
use crate::wallet::relationship::path_value;

/// One field that a relationship wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Wrote {
    /// From the root of the receiver, or from the entry of an EnvoyFilter.
    pub(super) path: FieldPath,
    /// What was written; `None`: the field was removed.
    pub(super) value: Option<Value>,
    /// What stood there before any relationship owned the field; `None`: nothing.
    pub(super) before: Option<Value>,
    /// What was made on the way to the field.
    pub(super) made: Made,
    /// Whether it was written against the direction `from` → `to`, by a definition whose values flow both ways.
    pub(super) back: bool,
    /// What a `move` took away at its source.
    pub(super) moved: Option<Moved>,
}

/// A value that was taken away where it came from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moved {
    /// From the root of the giver.
    pub(super) path: FieldPath,
    /// As it stood there.
    pub(super) value: Value,
}

impl Wrote {
    /// Tells whether the entry says anything: a field that is absent on both sides has none.
    pub(super) fn says_something(&self) -> bool {
        self.value.is_some() || self.before.is_some() || self.made > Made::NOTHING || self.moved.is_some()
    }

    fn read(item: &Value) -> Option<Self> {
        let map = item.as_map()?;
        let moved = map.get("moved").and_then(Value::as_map);
        let moved = moved.and_then(|moved| {
            Some(Moved { path: read_path(moved.get("path")?)?, value: moved.get("value")?.clone() })
        });
        Some(Self {
            back: map.get("back").and_then(Value::as_bool).unwrap_or(false),
            moved,
            path: read_path(map.get("path")?)?,
            value: map.get("value").cloned(),
            before: map.get("before").cloned(),
            made: read_made(map, MADE),
        })
    }

    fn to_value(&self) -> Value {
        let mut map = Map::from([("path", path_value(&self.path))]);
        for (key, value) in [("value", &self.value), ("before", &self.before)] {
            if let Some(value) = value {
                map.insert(key, value.clone());
            }
        }
        for (key, value) in made_entries(self.made, MADE) {
            if let Some(value) = value {
                map.insert(key, value);
            }
        }
        if self.back {
            map.insert("back", true.into());
        }
        if let Some(Moved { path, value }) = &self.moved {
            map.insert("moved", Value::from([("path", path_value(path)), ("value", value.clone())]));
        }
        Value::Map(map)
    }
}

/// The keys that say what was made: how many segments, and that a null stood there.
type MadeKeys = [&'static str; 2];
const MADE: MadeKeys = ["made", "null"];
const MADE_AROUND: MadeKeys = ["madeAround", "nullAround"];

fn read_made(map: &Map, [segments, null]: MadeKeys) -> Made {
    let count = map.get(segments).and_then(Value::as_i64).and_then(|count| usize::try_from(count).ok());
    let segments = count.unwrap_or(0);
    let over_null = segments > 0 && map.get(null).and_then(Value::as_bool).unwrap_or(false);
    Made { segments, over_null }
}

fn made_entries(made: Made, [segments, null]: MadeKeys) -> [(&'static str, Option<Value>); 2] {
    let count = Value::from(i64::try_from(made.segments).unwrap_or(i64::MAX));
    [(segments, (made.segments > 0).then_some(count)), (null, made.over_null.then_some(true.into()))]
}

pub(super) fn read_path(value: &Value) -> Option<FieldPath> {
    let segments = value.as_list()?.iter().map(|segment| match segment {
        Value::Text(key) => Some(Segment::from(key.as_str())),
        Value::Number(index) => Some(Segment::from(usize::try_from(index.as_i64()?).ok()?)),
        _ => None,
    });
    let path: Vec<Segment> = segments.collect::<Option<_>>()?;
    (!path.is_empty()).then(|| path.into())
}

/// What one pair of a relationship wrote.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    /// The fields, in the order in which they were written.
    pub(super) wrote: Vec<Wrote>,
    /// The name of the entry of an EnvoyFilter that the filter owns.
    pub(super) patch: Option<String>,
    /// Whether that entry was made by us, and goes with its filter.
    pub(super) made: bool,
    /// What of list and mappings around that entry was made for it.
    pub(super) made_around: Made,
}

impl Record {
    /// Reads the record of a pair; empty where there is none.
    pub(super) fn of(relationship: &Relationship, pair: usize) -> Self {
        entry::record(relationship, pair).map(Self::read).unwrap_or_default()
    }

    fn read(value: &Value) -> Self {
        let wrote = value.at(&["wrote"]).and_then(Value::as_list).unwrap_or_default();
        Self {
            wrote: wrote.iter().filter_map(Wrote::read).collect(),
            patch: value.text_at(&["patch"]).map(str::to_owned),
            made: value.at(&["made"]).and_then(Value::as_bool).unwrap_or(false),
            made_around: value.as_map().map_or(Made::NOTHING, |map| read_made(map, MADE_AROUND)),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is recorded about a field.
    pub(super) fn about(&self, path: &FieldPath) -> Option<&Wrote> {
        self.wrote.iter().find(|wrote| wrote.path == *path)
    }

    /// The record as a mapping; keys that are not ours stay where they were in `present`.
    fn to_map(&self, present: Option<&Map>) -> Map {
        let mut map = present.cloned().unwrap_or_default();
        let wrote = self.wrote.iter().map(Wrote::to_value).collect();
        let entries = [
            ("wrote", (!self.wrote.is_empty()).then_some(Value::List(wrote))),
            ("patch", self.patch.as_deref().map(Value::from)),
            ("made", self.made.then_some(true.into())),
        ];
        for (key, value) in entries.into_iter().chain(made_entries(self.made_around, MADE_AROUND)) {
            match value {
                Some(value) => {
                    map.insert(key, value);
                }
                None => {
                    map.remove(key);
                }
            }
        }
        map
    }

    /// The edit that makes this the record of a pair; `None` when it is that already.
    ///
    /// What becomes empty goes: the record, `billfold`, and a `metadata` that holds nothing else.
    pub(super) fn edit(&self, relationship: &Relationship, pair: usize) -> Option<Edit> {
        let present = entry::record(relationship, pair);
        let own = self.to_map(present.and_then(Value::as_map));
        let billfold = billfold_with(relationship, pair, own);
        let metadata = relationship.tree().at(&["metadata"]);
        let present = metadata.and_then(|metadata| metadata.at(&["billfold"]));
        let is_same = match present {
            Some(present) => {
                present.as_map().is_some_and(|map| !map.is_empty()) && {
                    present.identical(&Value::Map(billfold.clone()))
                }
            }
            None => billfold.is_empty(),
        };
        if is_same {
            return None;
        }
        let set = |path: &[&str], value, place| Edit::SetField {
            target: Target::Relationship(relationship.id()),
            path: FieldPath::keys(path),
            value,
            place,
        };
        let others = metadata
            .and_then(Value::as_map)
            .map_or(0, |map| map.len() - usize::from(map.contains_key("billfold")));
        Some(match (billfold.is_empty(), others) {
            (true, 0) => set(&["metadata"], None, None),
            (true, _) => set(&["metadata", "billfold"], None, None),
            (false, 0) => {
                let place = relationship.tree().as_map().and_then(|tree| tree.place_of("selectors"));
                let metadata = Map::from([("billfold", Value::Map(billfold))]);
                set(&["metadata"], Some(Value::Map(metadata)), place)
            }
            (false, _) => set(&["metadata", "billfold"], Some(Value::Map(billfold)), None),
        })
    }
}

/// The whole `billfold` of a relationship with `own` as the record of one of its pairs.
fn billfold_with(relationship: &Relationship, pair: usize, mut own: Map) -> Map {
    let present = relationship.tree().at(&["metadata", "billfold"]).and_then(Value::as_map);
    let place = entry::place_among_pairs(relationship, pair);
    if place.is_none() && relationship.pairs().len() <= 1 {
        // Records of pairs that are gone go with them.
        own.remove("pairs");
        return own;
    }
    let mut billfold = present.cloned().unwrap_or_default();
    let mut pairs = match billfold.remove("pairs") {
        Some((_, Value::List(pairs))) => pairs,
        _ => Vec::new(),
    };
    let Some((from, to)) = entry::pair_ids(relationship, pair) else { return billfold };
    let is_empty = own.keys().all(|key| matches!(key, "from" | "to"));
    let mut record = Map::from([("from", Value::from(from)), ("to", Value::from(to))]);
    for (key, value) in own.iter() {
        record.insert(key, value.clone());
    }
    match (place, is_empty) {
        (Some(place), true) => {
            pairs.remove(place);
        }
        (Some(place), false) => pairs[place] = Value::Map(record),
        (None, true) => {}
        (None, false) => pairs.push(Value::Map(record)),
    }
    if !pairs.is_empty() {
        billfold.insert("pairs", Value::List(pairs));
    }
    billfold
}

/// A pair of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct PairId {
    /// The relationship.
    pub(super) relationship: RelationshipId,
    /// The index of the pair.
    pub(super) pair: usize,
}

/// Tells whether the relationship has a live pair with the same ends.
pub(super) fn has_live_pair(relationship: Option<&Relationship>, pair: &Pair) -> bool {
    relationship.is_some_and(|relationship| {
        relationship.is_live()
            && relationship.pairs().iter().any(|other| other.from == pair.from && other.to == pair.to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Design;

    fn relationship(metadata: &str, froms: &[&str]) -> Relationship {
        let froms = froms.iter().map(|id| format!("{{id: {id}}}")).collect::<Vec<_>>().join(", ");
        let text = format!(
            "id: r\n{metadata}\nselectors: [{{allow: {{from: [{froms}], to: [{{id: p}}]}}}}]\ntail: 1\n"
        );
        let tree = crate::yaml::parse(&text).unwrap().into_first().unwrap().value;
        Relationship::from_tree(RelationshipId::from_name("r"), tree)
    }

    fn some_record() -> Record {
        let path = FieldPath::keys(&["configuration", "spec", "url"]);
        let moved = Some(Moved { path: FieldPath::keys(&["a"]).child(1), value: Value::Null });
        let wrote = Wrote {
            path,
            value: Some("u".into()),
            before: Some(Value::Null),
            made: Made { segments: 1, over_null: true },
            back: true,
            moved,
        };
        Record { wrote: vec![wrote], patch: Some("n".to_owned()), made: true, made_around: Made::segments(2) }
    }

    /// Writes the record and takes it back; returns the tree in between.
    fn round_trip(start: &Relationship, pair: usize) -> Relationship {
        let apply = |relationship: &Relationship, record: &Record| {
            let edit = record.edit(relationship, pair).unwrap();
            let mut design = Design::from_tree(Value::from([(
                "relationships",
                Value::List(vec![relationship.tree().clone()]),
            )]));
            let id = design.relationships().next().unwrap().id();
            let edit = match edit {
                Edit::SetField { path, value, place, .. } => {
                    Edit::SetField { target: Target::Relationship(id), path, value, place }
                }
                other => other,
            };
            design.apply(edit).unwrap();
            let tree = design.relationship(id).unwrap().tree().clone();
            Relationship::from_tree(relationship.id(), tree)
        };
        let written = apply(start, &some_record());
        assert_eq!(Record::of(&written, pair), some_record());
        assert_eq!(some_record().edit(&written, pair), None, "the same again is no edit");
        let back = apply(&written, &Record::default());
        assert!(back.tree().identical(start.tree()), "{:?}", back.tree());
        written
    }

    #[test]
    fn a_record_comes_and_goes_without_a_trace() {
        let written = round_trip(&relationship("", &["f"]), 0);
        assert_eq!(
            written.tree().as_map().unwrap().keys().collect::<Vec<_>>(),
            ["id", "metadata", "selectors", "tail"]
        );
        round_trip(&relationship("metadata: {description: x}", &["f"]), 0);
        round_trip(&relationship("metadata: {billfold: {later: 1}}", &["f"]), 0);
    }

    #[test]
    fn pairs_have_records_of_their_own() {
        let start = relationship("", &["f", "g"]);
        let written = round_trip(&start, 1);
        assert!(Record::of(&written, 0).is_empty());
        assert_eq!(written.billfold("pairs").unwrap().as_list().unwrap()[0].text_at(&["from"]), Some("g"));
    }
}
