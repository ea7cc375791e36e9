//! A mapping of a tree: keys are texts and keep their order.
//!
//! A design of 100,000 components has millions of mappings, nearly all of a few short keys. Those are searched from end
//! to end; only a mapping of many keys carries an index. Which of the two holds the entries is never seen from outside.
//!
//! A copy shares everything with its original until one of them is changed, and then only the changed mapping and
//! those above it are made anew. So a copy of a tree costs next to nothing, however large it is.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use smol_str::SmolStr;

use super::configuration::Value;

/// A mapping that keeps the order of its keys. Small, so that a [`Value`] is; an empty one allocates nothing.
#[derive(Clone, Default)]
pub struct Map(Option<Arc<Entries>>);

/// Nearly every mapping has few keys: going through them is quicker than a hash table, and takes less memory.
#[derive(Clone)]
enum Entries {
    Few(Vec<(SmolStr, Value)>),
    Many(IndexMap<SmolStr, Value, foldhash::fast::FixedState>),
}

/// More keys than this are looked up by their hash.
const MAX_FEW: usize = 16;

impl Default for Entries {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Entries {
    fn len(&self) -> usize {
        match self {
            Self::Few(entries) => entries.len(),
            Self::Many(entries) => entries.len(),
        }
    }

    fn place_of(&self, key: &str) -> Option<usize> {
        match self {
            Self::Few(entries) => entries.iter().position(|(other, _)| other == key),
            Self::Many(entries) => entries.get_index_of(key),
        }
    }

    fn at(&self, place: usize) -> Option<(&SmolStr, &Value)> {
        match self {
            Self::Few(entries) => entries.get(place).map(|(key, value)| (key, value)),
            Self::Many(entries) => entries.get_index(place),
        }
    }

    fn at_mut(&mut self, place: usize) -> Option<(&SmolStr, &mut Value)> {
        match self {
            Self::Few(entries) => entries.get_mut(place).map(|(key, value)| (&*key, value)),
            Self::Many(entries) => entries.get_index_mut(place),
        }
    }

    /// Adds a key that is not there.
    fn add(&mut self, place: usize, key: SmolStr, value: Value) {
        if let Self::Few(entries) = self
            && entries.len() == MAX_FEW
        {
            *self = Self::Many(std::mem::take(entries).into_iter().collect());
        }
        match self {
            Self::Few(entries) => entries.insert(place, (key, value)),
            Self::Many(entries) => {
                entries.shift_insert(place, key, value);
            }
        }
    }

    fn remove(&mut self, place: usize) -> Option<Value> {
        match self {
            Self::Few(entries) => (place < entries.len()).then(|| entries.remove(place).1),
            Self::Many(entries) => entries.shift_remove_index(place).map(|(_, value)| value),
        }
    }
}

impl Map {
    /// An empty mapping; allocates nothing.
    pub const fn new() -> Self {
        Self(None)
    }

    /// How many mappings and lists stand inside one another here, this one included.
    pub fn height(&self) -> usize {
        1 + self.iter().map(|(_, value)| value.height()).max().unwrap_or(0)
    }

    fn entries_mut(&mut self) -> &mut Entries {
        Arc::make_mut(self.0.get_or_insert_default())
    }

    /// Tells whether both are one mapping, so that there is nothing to compare.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            _ => false,
        }
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |entries| entries.len())
    }

    /// Tells whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match &**self.0.as_ref()? {
            Entries::Few(entries) => {
                entries.iter().find_map(|(other, value)| (other == key).then_some(value))
            }
            Entries::Many(entries) => entries.get(key),
        }
    }

    /// The value under `key`, to change it in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let place = self.place_of(key)?;
        Some(self.entries_mut().at_mut(place)?.1)
    }

    /// Tells whether `key` is there, whatever its value.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The place of `key` among the keys.
    pub fn place_of(&self, key: &str) -> Option<usize> {
        self.0.as_ref()?.place_of(key)
    }

    /// The entry at `place`.
    pub fn entry_at(&self, place: usize) -> Option<(&str, &Value)> {
        self.0.as_ref()?.at(place).map(|(key, value)| (key.as_str(), value))
    }

    /// Sets `key`; a key that is there keeps its place, a new one goes to the end. Returns the former value.
    pub fn insert(&mut self, key: impl Into<SmolStr>, value: Value) -> Option<Value> {
        let key = key.into();
        if let Some(present) = self.get_mut(&key) {
            return Some(std::mem::replace(present, value));
        }
        let end = self.len();
        self.entries_mut().add(end, key, value);
        None
    }

    /// Sets `key` and puts it at `place` (or at the end, if there are fewer). Returns the former value.
    pub fn insert_at(&mut self, place: usize, key: impl Into<SmolStr>, value: Value) -> Option<Value> {
        let key = key.into();
        let former = self.remove(&key).map(|(_, value)| value);
        let place = place.min(self.len());
        self.entries_mut().add(place, key, value);
        former
    }

    /// Takes `key` out; the keys behind it move up. Returns its place and value.
    pub fn remove(&mut self, key: &str) -> Option<(usize, Value)> {
        let place = self.place_of(key)?;
        Some((place, self.entries_mut().remove(place)?))
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let (few, many) = match self.0.as_deref() {
            Some(Entries::Few(entries)) => (&entries[..], None),
            Some(Entries::Many(entries)) => (&[][..], Some(entries)),
            None => (&[][..], None),
        };
        let few = few.iter().map(|(key, value)| (key, value));
        few.chain(many.into_iter().flatten()).map(|(key, value)| (key.as_str(), value))
    }

    /// The entries in order, to change the values in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        let (few, many) = match self.0.as_mut().map(Arc::make_mut) {
            Some(Entries::Few(entries)) => (&mut entries[..], None),
            Some(Entries::Many(entries)) => (&mut [][..], Some(entries)),
            None => (&mut [][..], None),
        };
        let few = few.iter_mut().map(|(key, value)| (&*key, value));
        few.chain(many.into_iter().flatten()).map(|(key, value)| (key.as_str(), value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }

    /// The value under `key`, if it is text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }
}

/// Without the order of keys. A mapping that was emptied equals one that never held anything.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other)
            || self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K: Into<SmolStr>> FromIterator<(K, Value)> for Map {
    fn from_iter<T: IntoIterator<Item = (K, Value)>>(entries: T) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl<K: Into<SmolStr>, const N: usize> From<[(K, Value); N]> for Map {
    fn from(entries: [(K, Value); N]) -> Self {
        entries.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbered(count: i64) -> Map {
        (0..count).map(|number| (format!("key {number}"), Value::from(number))).collect()
    }

    #[test]
    fn an_emptied_mapping_equals_a_new_one() {
        let mut map = Map::from([("a", Value::Null)]);
        assert_ne!(map, Map::new());
        map.remove("a");
        assert_eq!(map, Map::new());
    }

    #[test]
    fn order_does_not_count_for_equality() {
        let forward = numbered(40);
        let backward: Map =
            forward.iter().collect::<Vec<_>>().into_iter().rev().map(|(k, v)| (k, v.clone())).collect();
        assert_eq!(forward, backward);
        assert_ne!(forward, numbered(39));
    }

    #[test]
    fn a_removed_key_comes_back_at_its_place() {
        for count in [3, 16, 17, 100] {
            let before = numbered(count);
            let mut map = before.clone();
            let (place, value) = map.remove("key 1").unwrap();
            assert_eq!(place, 1);
            assert!(!map.contains_key("key 1"));
            map.insert_at(place, "key 1", value);
            assert!(map.keys().eq(before.keys()), "{count}");
        }
    }

    #[test]
    fn few_and_many_entries_act_alike() {
        let mut map = Map::new();
        for (place, number) in (0..50).enumerate() {
            assert_eq!(map.insert(format!("key {number}"), Value::from(number)), None);
            assert_eq!(map.len(), place + 1);
            assert_eq!(map.insert("key 0", Value::from(0)), Some(Value::from(0)), "at {number}");
            assert_eq!(map.place_of(&format!("key {number}")), Some(place));
            assert_eq!(map.entry_at(place), Some((&*format!("key {number}"), &Value::from(number))));
        }
        assert!(map.keys().eq(numbered(50).keys()));
        assert_eq!(map.insert_at(900, "key 7", Value::Null), Some(Value::from(7)));
        assert_eq!(map.place_of("key 7"), Some(49));
        for (_, value) in map.iter_mut() {
            *value = Value::Null;
        }
        assert!(map.iter().all(|(_, value)| value.is_null()));
    }

    #[test]
    fn a_copy_is_not_changed_with_its_original() {
        let mut tree = Value::from([("a", Value::from([("b", 1.into())])), ("c", Value::from([]))]);
        let copy = tree.clone();
        *tree.get_mut(&["a".into(), "b".into()]).unwrap() = 2.into();
        assert_eq!(copy.at(&["a", "b"]), Some(&1.into()));
        let is_shared = |key: &str| {
            let map = |tree: &Value| tree.at(&[key]).unwrap().as_map().unwrap().clone();
            map(&tree).is_same(&map(&copy))
        };
        assert!(!is_shared("a"));
        assert_eq!(
            Value::from([("c", Value::from([("x", 1.into())]))]).clone().at(&["c", "x"]),
            Some(&1.into())
        );
    }

    #[derive(Clone, Debug)]
    enum Step {
        Insert(u8),
        InsertAt(usize, u8),
        Remove(u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (0..40_u8).prop_map(Step::Insert),
            2 => (0..40_usize, 0..40_u8).prop_map(|(place, key)| Step::InsertAt(place, key)),
            1 => (0..40_u8).prop_map(Step::Remove),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// With few keys and with many it is what an `IndexMap` is, and a copy taken on the way stays as it was.
        #[test]
        fn it_is_an_index_map(steps in proptest::collection::vec(step(), 0..80), copied in 0..80_usize) {
            let (mut map, mut model) = (Map::new(), IndexMap::<String, Value>::new());
            let mut copy = (map.clone(), model.clone());
            for (number, step) in steps.into_iter().enumerate() {
                if number == copied {
                    copy = (map.clone(), model.clone());
                }
                let value = Value::from(number.to_string());
                match step {
                    Step::Insert(key) => {
                        let key = key.to_string();
                        prop_assert_eq!(map.insert(key.as_str(), value.clone()), model.insert(key, value));
                    }
                    Step::InsertAt(place, key) => {
                        let key = key.to_string();
                        let former = map.insert_at(place, key.as_str(), value.clone());
                        prop_assert_eq!(former, model.shift_remove(&key));
                        model.shift_insert(place.min(model.len()), key, value);
                    }
                    Step::Remove(key) => {
                        let key = key.to_string();
                        let removed = model.shift_remove_full(&key).map(|(place, _, value)| (place, value));
                        prop_assert_eq!(map.remove(&key), removed);
                    }
                }
                let all: Vec<_> = map.iter().collect();
                prop_assert_eq!(all, model.iter().map(|(key, value)| (key.as_str(), value)).collect::<Vec<_>>());
                for key in (0..40).map(|key: u8| key.to_string()) {
                    prop_assert_eq!(map.get(&key), model.get(&key));
                    prop_assert_eq!(map.place_of(&key), model.get_index_of(&key));
                }
                prop_assert_eq!(map.iter_mut().count(), model.len());
                prop_assert_eq!(map.entry_at(model.len()), None);
            }
            prop_assert!(copy.0.iter().eq(copy.1.iter().map(|(key, value)| (key.as_str(), value))));
        }
    }
}
