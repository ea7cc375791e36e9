//! Which names are taken, by kind: an index of a design, kept with every edit, so that a free name is found without a walk
//! through the components.
//!
//! A taken name is known by its hash. Should two names meet in one hash, a free name counts as taken and the next number
//! is used; a taken one never counts as free.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use super::component::Component;
use super::kind::ComponentKind;

type Hasher = foldhash::fast::FixedState;

/// The names that stand in the components, and how many components have none.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// How often a name is there; never 0.
    taken: HashMap<u64, u32, Hasher>,
    /// For `stem-2`, once it has been taken: the lowest number from 2 on that is free.
    lowest_free: HashMap<u64, usize, Hasher>,
    /// How many components of a kind are named by their place; never 0.
    unnamed: HashMap<u64, u32, Hasher>,
}

/// What a component adds to the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    kind: u64,
    names: [Option<String>; 2],
    is_unnamed: bool,
}

impl Entry {
    pub(super) fn of(component: &Component) -> Self {
        let display_name = Some(component.display_name()).filter(|name| !name.is_empty());
        let metadata_name = component.metadata_name().filter(|name| Some(*name) != display_name);
        Self {
            kind: key(component.kind(), ""),
            names: [display_name, metadata_name].map(|name| name.map(str::to_owned)),
            is_unnamed: component.own_name().is_none(),
        }
    }
}

fn key(kind: &ComponentKind, name: &str) -> u64 {
    named(Hasher::default().hash_one((&kind.group, &kind.kind)), name)
}

fn named(kind: u64, name: &str) -> u64 {
    Hasher::default().hash_one((kind, name))
}

/// `stem` and N of `stem-N`, as it is written without leading zeros.
fn split(name: &str) -> Option<(&str, usize)> {
    let (stem, digits) = name.rsplit_once('-')?;
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((stem, digits.parse().ok()?))
}

impl Names {
    /// A component came.
    pub(super) fn add(&mut self, entry: &Entry) {
        if entry.is_unnamed {
            *self.unnamed.entry(entry.kind).or_default() += 1;
        }
        for name in entry.names.iter().flatten() {
            let count = self.taken.entry(named(entry.kind, name)).or_default();
            *count += 1;
            if *count == 1
                && let Some((stem, number)) = split(name)
            {
                self.number_taken(entry.kind, stem, number);
            }
        }
    }

    /// A component went.
    pub(super) fn remove(&mut self, entry: &Entry) {
        if entry.is_unnamed {
            decrease(&mut self.unnamed, entry.kind);
        }
        for name in entry.names.iter().flatten() {
            let is_gone = decrease(&mut self.taken, named(entry.kind, name));
            if is_gone
                && let Some((stem, number @ 2..)) = split(name)
                && let Some(lowest) = self.lowest_free.get_mut(&named(entry.kind, stem))
            {
                *lowest = number.min(*lowest);
            }
        }
    }

    fn number_taken(&mut self, kind: u64, stem: &str, number: usize) {
        let key = named(kind, stem);
        if number != self.lowest_free.get(&key).copied().unwrap_or(2) {
            return;
        }
        let mut lowest = number + 1;
        while self.taken.contains_key(&named(kind, &format!("{stem}-{lowest}"))) {
            lowest += 1;
        }
        self.lowest_free.insert(key, lowest);
    }

    /// Tells whether a component of the kind has this name in its tree.
    pub(super) fn contains(&self, kind: &ComponentKind, name: &str) -> bool {
        self.taken.contains_key(&named(key(kind, ""), name))
    }

    /// The lowest number from 2 on with which `stem-N` stands in no component of the kind.
    pub(super) fn lowest_free(&self, kind: &ComponentKind, stem: &str) -> usize {
        self.lowest_free.get(&named(key(kind, ""), stem)).copied().unwrap_or(2)
    }

    /// Tells whether a component of the kind is named by its place.
    pub(super) fn has_unnamed(&self, kind: &ComponentKind) -> bool {
        self.unnamed.contains_key(&key(kind, ""))
    }
}

/// Counts one less; tells whether it was the last.
fn decrease(counts: &mut HashMap<u64, u32, Hasher>, key: u64) -> bool {
    let Some(count) = counts.get_mut(&key) else { return false };
    *count -= 1;
    *count == 0 && counts.remove(&key).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Entry {
        let kind = key(&ComponentKind::WASM_PLUGIN, "");
        Entry { kind, names: [Some(name.to_owned()), None], is_unnamed: name.is_empty() }
    }

    fn free(names: &Names) -> usize {
        names.lowest_free(&ComponentKind::WASM_PLUGIN, "p")
    }

    #[test]
    fn the_lowest_free_number_follows_what_comes_and_goes() {
        let mut names = Names::default();
        assert_eq!(free(&names), 2);
        for name in ["p-3", "p-1", "p-05", "p-4", "p-x"] {
            names.add(&entry(name));
        }
        assert_eq!(free(&names), 2);
        names.add(&entry("p-2"));
        names.add(&entry("p-2"));
        assert_eq!(free(&names), 5);
        names.remove(&entry("p-2"));
        assert_eq!(free(&names), 5, "another one has it still");
        names.remove(&entry("p-4"));
        assert_eq!(free(&names), 4);
        names.remove(&entry("p-2"));
        assert_eq!(free(&names), 2);
        names.add(&entry("p-4"));
        names.add(&entry("p-2"));
        assert_eq!(free(&names), 5);
        assert!(names.contains(&ComponentKind::WASM_PLUGIN, "p-4"));
        assert!(!names.contains(&ComponentKind::WASM_FILTER, "p-4"));
    }
}
