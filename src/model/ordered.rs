//! A map with an order of its own: the order of the document.
//!
//! Invariants: each key stands at exactly one place, and places run from 0 without a gap. Looking up, replacing, and
//! adding or removing at the end take constant time; in the middle only the numbers behind that place are moved, a few
//! bytes for each entry, so that an edit in the middle of a large document costs next to nothing.

use std::collections::HashMap;
use std::hash::Hash;

/// Entries of unique keys in an order.
#[derive(Clone, Debug)]
pub(super) struct Ordered<K, V> {
    /// Where an entry lies in `entries`.
    slots: HashMap<K, u32, foldhash::fast::FixedState>,
    /// In no particular order.
    entries: Vec<(K, V)>,
    /// The slots in order.
    order: Vec<u32>,
    /// The place of each slot in `order`.
    places: Vec<u32>,
}

impl<K, V> Default for Ordered<K, V> {
    fn default() -> Self {
        Self { slots: HashMap::default(), entries: Vec::new(), order: Vec::new(), places: Vec::new() }
    }
}

impl<K: Copy + Eq + Hash, V> Ordered<K, V> {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn contains_key(&self, key: &K) -> bool {
        self.slots.contains_key(key)
    }

    fn slot(&self, key: &K) -> Option<usize> {
        self.slots.get(key).map(|slot| *slot as usize)
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.slot(key).map(|slot| &self.entries[slot].1)
    }

    pub(super) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.slot(key).map(|slot| &mut self.entries[slot].1)
    }

    /// The place of an entry.
    pub(super) fn place_of(&self, key: &K) -> Option<usize> {
        self.slot(key).map(|slot| self.places[slot] as usize)
    }

    /// The value at a place.
    pub(super) fn at(&self, place: usize) -> Option<&V> {
        self.order.get(place).map(|slot| &self.entries[*slot as usize].1)
    }

    /// The values in order.
    pub(super) fn values(&self) -> impl ExactSizeIterator<Item = &V> + DoubleEndedIterator + Clone {
        self.order.iter().map(|slot| &self.entries[*slot as usize].1)
    }

    /// Adds an entry at a place; what stands there and behind moves up. A place beyond the end is the end.
    /// The key must be new.
    pub(super) fn insert(&mut self, place: usize, key: K, value: V) {
        debug_assert!(!self.contains_key(&key), "a key stands at one place");
        let place = place.min(self.order.len());
        let slot = self.entries.len() as u32;
        self.slots.insert(key, slot);
        self.entries.push((key, value));
        self.order.insert(place, slot);
        self.places.push(place as u32);
        self.renumber(place + 1..self.order.len());
    }

    /// Takes an entry out and returns where it stood.
    pub(super) fn remove(&mut self, key: &K) -> Option<(usize, V)> {
        let slot = self.slots.remove(key)?;
        let place = self.places.swap_remove(slot as usize) as usize;
        let (_, value) = self.entries.swap_remove(slot as usize);
        self.order.remove(place);
        // The last entry has come into the gap.
        if let (Some((moved, _)), Some(at)) =
            (self.entries.get(slot as usize), self.places.get(slot as usize).copied())
        {
            self.slots.insert(*moved, slot);
            let at = at as usize;
            self.order[if at > place { at - 1 } else { at }] = slot;
        }
        self.renumber(place..self.order.len());
        Some((place, value))
    }

    /// Moves the entry at `from` to `to`, counted without itself.
    pub(super) fn move_to(&mut self, from: usize, to: usize) {
        let range = if from < to {
            self.order[from..=to].rotate_left(1);
            from..to + 1
        } else {
            self.order[to..=from].rotate_right(1);
            to..from + 1
        };
        self.renumber(range);
    }

    fn renumber(&mut self, range: std::ops::Range<usize>) {
        for place in range {
            self.places[self.order[place] as usize] = place as u32;
        }
    }
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Insert(usize, u8),
        Remove(u8),
        Move(usize, usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            3 => (0..30_usize, 0..20_u8).prop_map(|(place, key)| Step::Insert(place, key)),
            1 => (0..20_u8).prop_map(Step::Remove),
            1 => (0..30_usize, 0..30_usize).prop_map(|(from, to)| Step::Move(from, to)),
        ]
    }

    proptest! {
        /// It is what an `IndexMap` with its shifting edits is.
        #[test]
        fn it_keeps_the_order(steps in proptest::collection::vec(step(), 0..60)) {
            let mut ordered: Ordered<u8, String> = Ordered::default();
            let mut model: IndexMap<u8, String> = IndexMap::new();
            for (number, step) in steps.into_iter().enumerate() {
                let value = number.to_string();
                match step {
                    Step::Insert(place, key) if !model.contains_key(&key) => {
                        ordered.insert(place, key, value.clone());
                        model.shift_insert(place.min(model.len()), key, value);
                    }
                    Step::Insert(_, key) => {
                        *ordered.get_mut(&key).unwrap() = value.clone();
                        model[&key] = value;
                    }
                    Step::Remove(key) => {
                        let removed = model.shift_remove_full(&key).map(|(place, _, value)| (place, value));
                        prop_assert_eq!(ordered.remove(&key), removed);
                    }
                    Step::Move(from, to) if !model.is_empty() => {
                        let (from, to) = (from % model.len(), to % model.len());
                        ordered.move_to(from, to);
                        model.move_index(from, to);
                    }
                    Step::Move(..) => {}
                }
                prop_assert!(ordered.values().eq(model.values()));
                prop_assert_eq!((ordered.len(), ordered.is_empty()), (model.len(), model.is_empty()));
                for key in 0..20 {
                    prop_assert_eq!(ordered.get(&key), model.get(&key));
                    prop_assert_eq!(ordered.place_of(&key), model.get_index_of(&key));
                    prop_assert_eq!(ordered.at(key.into()), model.get_index(key.into()).map(|it| it.1));
                }
            }
        }
    }
}
