//! A mapping of a tree: keys are texts and keep their order.
//!
//! A design of 100,000 components has millions of mappings, nearly all of a few short keys. Those are one
//! allocation, and are searched from end to end; only a mapping of many keys carries an index. Which of the two
//! holds the entries is never seen from outside.

use std::fmt;

use indexmap::IndexMap;
use smol_str::SmolStr;

use super::configuration::Value;

/// Up to this many entries are searched from end to end.
const FEW: usize = 16;

/// The entries of a mapping that carries an index.
type Indexed = IndexMap<SmolStr, Value, foldhash::fast::FixedState>;

/// A mapping that keeps the order of its keys.
#[derive(Clone)]
pub struct Map(Entries);

#[derive(Clone)]
enum Entries {
    Few(Vec<(SmolStr, Value)>),
    /// Boxed, so that a [`Value`] stays small.
    Many(Box<Indexed>),
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

/// Without the order of keys.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

impl Map {
    /// An empty mapping; allocates nothing.
    pub const fn new() -> Self {
        Self(Entries::Few(Vec::new()))
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        match &self.0 {
            Entries::Few(entries) => entries.len(),
            Entries::Many(entries) => entries.len(),
        }
    }

    /// Tells whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match &self.0 {
            Entries::Few(entries) => entries.iter().find(|(own, _)| own == key).map(|(_, value)| value),
            Entries::Many(entries) => entries.get(key),
        }
    }

    /// The value under `key`, to change it in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        match &mut self.0 {
            Entries::Few(entries) => entries.iter_mut().find(|(own, _)| own == key).map(|(_, value)| value),
            Entries::Many(entries) => entries.get_mut(key),
        }
    }

    /// Tells whether `key` is there, whatever its value.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// The place of `key` among the keys.
    pub fn place_of(&self, key: &str) -> Option<usize> {
        match &self.0 {
            Entries::Few(entries) => entries.iter().position(|(own, _)| own == key),
            Entries::Many(entries) => entries.get_index_of(key),
        }
    }

    /// The entry at `place`.
    pub fn entry_at(&self, place: usize) -> Option<(&str, &Value)> {
        match &self.0 {
            Entries::Few(entries) => entries.get(place).map(|(key, value)| (key.as_str(), value)),
            Entries::Many(entries) => entries.get_index(place).map(|(key, value)| (key.as_str(), value)),
        }
    }

    /// Sets `key`; a key that is there keeps its place, a new one goes to the end. Returns the former value.
    pub fn insert(&mut self, key: impl Into<SmolStr>, value: Value) -> Option<Value> {
        let key = key.into();
        if let Some(there) = self.get_mut(&key) {
            return Some(std::mem::replace(there, value));
        }
        self.put(self.len(), key, value);
        None
    }

    /// Sets `key` and puts it at `place` (or at the end, if there are fewer). Returns the former value.
    pub fn insert_at(&mut self, place: usize, key: impl Into<SmolStr>, value: Value) -> Option<Value> {
        let key = key.into();
        let former = self.remove(&key).map(|(_, value)| value);
        self.put(place.min(self.len()), key, value);
        former
    }

    /// Puts a key that is not there yet at `place`, which is not behind the end.
    fn put(&mut self, place: usize, key: SmolStr, value: Value) {
        if let Entries::Few(entries) = &mut self.0
            && entries.len() == FEW
        {
            self.0 = Entries::Many(Box::new(std::mem::take(entries).into_iter().collect()));
        }
        match &mut self.0 {
            Entries::Few(entries) => entries.insert(place, (key, value)),
            Entries::Many(entries) => {
                entries.shift_insert(place, key, value);
            }
        }
    }

    /// Takes `key` out; the keys behind it move up. Returns its place and value.
    pub fn remove(&mut self, key: &str) -> Option<(usize, Value)> {
        let place = self.place_of(key)?;
        let (_, value) = match &mut self.0 {
            Entries::Few(entries) => entries.remove(place),
            Entries::Many(entries) => entries.shift_remove_index(place)?,
        };
        Some((place, value))
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let (few, many) = match &self.0 {
            Entries::Few(entries) => (entries.as_slice(), None),
            Entries::Many(entries) => (&[][..], Some(entries)),
        };
        let many = many.into_iter().flat_map(|entries| entries.iter());
        few.iter().map(|(key, value)| (key, value)).chain(many).map(|(key, value)| (key.as_str(), value))
    }

    /// The entries in order, to change the values in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        let (few, many) = match &mut self.0 {
            Entries::Few(entries) => (entries.as_mut_slice(), None),
            Entries::Many(entries) => (&mut [][..], Some(entries)),
        };
        let many = many.into_iter().flat_map(|entries| entries.iter_mut());
        few.iter_mut()
            .map(|(key, value)| (&*key, value))
            .chain(many)
            .map(|(key, value)| (key.as_str(), value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }

    /// The value under `key`, if it is text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// How many mappings and lists stand inside one another here, this one included.
    pub fn height(&self) -> usize {
        1 + self.iter().map(|(_, value)| value.height()).max().unwrap_or(0)
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
}
