//! The shortest readable list of field changes that makes one tree of another.
//!
//! Mappings are compared key by key and lists item by item; what both trees have alike is not touched, so that unknown
//! fields keep their digits, their order and their place. Applying the list gives exactly the new tree, key order
//! included.

use crate::model::{FieldPath, Map, Value};

/// One change of a field, below the roots that were compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FieldChange {
    /// Sets a field; `place` is its place among the keys, where it is new.
    Set { path: FieldPath, value: Value, place: Option<usize> },
    /// Removes a key or a list item.
    Unset { path: FieldPath },
    /// Inserts a list item.
    Insert { path: FieldPath, value: Value },
}

impl FieldChange {
    /// The path of the field.
    pub(crate) fn path(&self) -> &FieldPath {
        match self {
            Self::Set { path, .. } | Self::Unset { path } | Self::Insert { path, .. } => path,
        }
    }
}

/// What makes `new` of `old`, both standing at `base`.
pub(crate) fn diff(base: &FieldPath, old: &Value, new: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    compare(base, old, new, &mut changes);
    changes
}

fn compare(path: &FieldPath, old: &Value, new: &Value, changes: &mut Vec<FieldChange>) {
    match (old, new) {
        _ if old.identical(new) => {}
        (Value::Map(old), Value::Map(new)) => compare_maps(path, old, new, changes),
        (Value::List(old), Value::List(new)) => compare_lists(path, old, new, changes),
        _ => changes.push(FieldChange::Set { path: path.clone(), value: new.clone(), place: None }),
    }
}

fn compare_maps(path: &FieldPath, old: &Map, new: &Map, changes: &mut Vec<FieldChange>) {
    let stays = keys_in_order(old, new);
    for key in old.keys() {
        if !stays.contains(&key) {
            changes.push(FieldChange::Unset { path: path.child(key) });
        }
    }
    for (place, (key, value)) in new.iter().enumerate() {
        // Everything before `place` is as it will be, so the place of a new key is its place in the new mapping.
        match old.get(key) {
            Some(former) if stays.contains(&key) => compare(&path.child(key), former, value, changes),
            _ => changes.push(FieldChange::Set {
                path: path.child(key),
                value: value.clone(),
                place: Some(place),
            }),
        }
    }
}

/// The keys of both that need not move: the longest run of keys that stand in the same order in both.
fn keys_in_order<'a>(old: &'a Map, new: &Map) -> indexmap::IndexSet<&'a str, foldhash::fast::FixedState> {
    let common: Vec<(usize, &str)> =
        old.keys().filter_map(|key| new.place_of(key).map(|place| (place, key))).collect();
    if common.windows(2).all(|pair| pair[0].0 < pair[1].0) {
        return common.into_iter().map(|(_, key)| key).collect();
    }
    // Longest increasing subsequence by patience sorting: `tails[n]` ends the best run of length n + 1.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; common.len()];
    for (i, (place, _)) in common.iter().enumerate() {
        let length = tails.partition_point(|&tail| common[tail].0 < *place);
        before[i] = length.checked_sub(1).map(|n| tails[n]);
        if length == tails.len() {
            tails.push(i);
        } else {
            tails[length] = i;
        }
    }
    let mut run = Vec::with_capacity(tails.len());
    let mut at = tails.last().copied();
    while let Some(i) = at {
        run.push(common[i].1);
        at = before[i];
    }
    run.into_iter().rev().collect()
}

fn compare_lists(path: &FieldPath, old: &[Value], new: &[Value], changes: &mut Vec<FieldChange>) {
    let alike = |a: &[Value], b: &[Value]| a.iter().zip(b).take_while(|(a, b)| a.identical(b)).count();
    let head = alike(old, new);
    let shorter = old.len().min(new.len()) - head;
    let tail =
        old.iter().rev().zip(new.iter().rev()).take(shorter).take_while(|(a, b)| a.identical(b)).count();
    let (old, new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    for (i, (old, new)) in old.iter().zip(new).enumerate() {
        compare(&path.child(head + i), old, new, changes);
    }
    let both = old.len().min(new.len());
    for i in (both..old.len()).rev() {
        changes.push(FieldChange::Unset { path: path.child(head + i) });
    }
    for (i, value) in new.iter().enumerate().skip(both) {
        changes.push(FieldChange::Insert { path: path.child(head + i), value: value.clone() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ComponentId, Design, Edit, Target};

    fn map(entries: &[(&str, i64)]) -> Value {
        Value::Map(entries.iter().map(|(key, number)| (*key, Value::from(*number))).collect())
    }

    fn list(numbers: &[i64]) -> Value {
        Value::List(numbers.iter().map(|number| Value::from(*number)).collect())
    }

    /// Applies the difference with real edits and expects the new tree; returns how many changes that took.
    fn check(old: &Value, new: &Value) -> usize {
        let id = ComponentId::from_text("c").unwrap();
        let component = Value::from([("id", "c".into()), ("configuration", old.clone())]);
        let mut design = Design::from_tree(Value::from([("components", Value::List(vec![component]))]));
        let base = FieldPath::keys(&["configuration"]);
        let changes = diff(&base, old, new);
        for change in &changes {
            let target = Target::Component(id);
            let edit = match change.clone() {
                FieldChange::Set { path, value, place } => {
                    Edit::SetField { target, path, value: Some(value), place }
                }
                FieldChange::Unset { path } => Edit::unset(id, path),
                FieldChange::Insert { path, value } => Edit::InsertItem { target, path, value },
            };
            design.apply(edit).unwrap();
        }
        let made = design.component(id).unwrap().get(&base).unwrap();
        assert!(made.identical(new), "{made:?}\n{new:?}\n{changes:?}");
        changes.len()
    }

    #[test]
    fn only_what_differs_is_changed() {
        assert_eq!(check(&map(&[("a", 1), ("b", 2)]), &map(&[("a", 1), ("b", 2)])), 0);
        assert_eq!(check(&map(&[("a", 1), ("b", 2)]), &map(&[("a", 1), ("b", 3)])), 1);
        assert_eq!(check(&map(&[("a", 1), ("b", 2)]), &map(&[("a", 1), ("c", 3), ("b", 2)])), 1);
        assert_eq!(check(&map(&[("a", 1), ("b", 2)]), &map(&[])), 2);
    }

    #[test]
    fn a_moved_key_is_the_only_one_that_moves() {
        let old = map(&[("a", 1), ("b", 2), ("c", 3), ("d", 4)]);
        assert_eq!(check(&old, &map(&[("d", 4), ("a", 1), ("b", 2), ("c", 3)])), 2);
        assert_eq!(check(&old, &map(&[("d", 4), ("c", 3), ("b", 2), ("a", 1)])), 6);
        assert_eq!(check(&old, &map(&[("e", 5), ("b", 0), ("a", 1), ("d", 4)])), 5);
    }

    #[test]
    fn an_item_goes_in_or_out_in_the_middle() {
        assert_eq!(check(&list(&[1, 2, 3]), &list(&[1, 9, 2, 3])), 1);
        assert_eq!(check(&list(&[1, 2, 2, 3]), &list(&[1, 2, 3])), 1);
        assert_eq!(check(&list(&[1, 2, 3]), &list(&[4, 5])), 3);
        assert_eq!(check(&list(&[]), &list(&[4, 5])), 2);
        assert_eq!(check(&list(&[1, 2, 3]), &list(&[1, 7, 3])), 1);
    }

    #[test]
    fn kinds_of_values_replace_one_another() {
        assert_eq!(check(&map(&[("a", 1)]), &Value::from([("a", list(&[1]))])), 1);
        let text = Value::from([("a", Value::from("1"))]);
        assert_eq!(check(&map(&[("a", 1)]), &text), 1);
    }
}
