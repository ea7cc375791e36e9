//! Taking pairs out of a relationship that do not hold (DS007), and nothing else.

use crate::model::{Edit, FieldPath, Map, Relationship, RelationshipId, Target, Value};
use crate::registry::RelationshipDefinition;

/// Pairs of one relationship that are taken out: their numbers, the definitions that describe them, and the reasons.
#[derive(Debug)]
pub(super) struct Removal<'r> {
    pub(super) relationship: RelationshipId,
    pub(super) bad: Vec<(usize, &'r RelationshipDefinition, String)>,
}

/// The edit that takes the bad pairs out: the relationship goes when none is left.
///
/// A selector set joins every `from` with every `to`. When only some of its pairs are bad it is split into sets that
/// join exactly the others.
pub(super) fn without_bad_pairs<T, U>(relationship: &Relationship, bad: &[(usize, T, U)]) -> Edit {
    let is_bad = |number: usize| bad.iter().any(|(other, ..)| *other == number);
    let pairs = relationship.pairs();
    if (0..pairs.len()).all(is_bad) {
        return Edit::RemoveRelationship { id: relationship.id() };
    }
    let sets = relationship.tree().at(&["selectors"]).and_then(Value::as_list).unwrap_or_default();
    let mut left = Vec::with_capacity(sets.len());
    for (index, set) in sets.iter().enumerate() {
        let numbers: Vec<usize> = (0..pairs.len()).filter(|number| pairs[*number].set == index).collect();
        if !numbers.iter().any(|number| is_bad(*number)) {
            left.push(set.clone());
            continue;
        }
        // The items of `from`, grouped by what is left for them to be joined with.
        let mut groups: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        let from_items =
            numbers.iter().map(|number| pairs[*number].from_item).max().map_or(0, |last| last + 1);
        for from_item in 0..from_items {
            let good =
                numbers.iter().filter(|number| pairs[**number].from_item == from_item && !is_bad(**number));
            let to_items: Vec<usize> = good.map(|number| pairs[*number].to_item).collect();
            if to_items.is_empty() {
                continue;
            }
            match groups.iter_mut().find(|(_, others)| *others == to_items) {
                Some((from_items, _)) => from_items.push(from_item),
                None => groups.push((vec![from_item], to_items)),
            }
        }
        left.extend(groups.iter().map(|(from_items, to_items)| part_of(set, from_items, to_items)));
    }
    Edit::SetField {
        target: Target::Relationship(relationship.id()),
        path: FieldPath::keys(&["selectors"]),
        value: Some(Value::List(left)),
        place: None,
    }
}

/// A copy of the set with some items only.
fn part_of(set: &Value, from_items: &[usize], to_items: &[usize]) -> Value {
    let mut part = set.clone();
    if let Some(allow) = part.as_map_mut().and_then(|set| set.get_mut("allow")).and_then(Value::as_map_mut) {
        keep_items(allow, "from", from_items);
        keep_items(allow, "to", to_items);
    }
    part
}

fn keep_items(allow: &mut Map, side: &str, kept: &[usize]) {
    if let Some(Value::List(items)) = allow.get_mut(side) {
        *items = kept.iter().filter_map(|item| items.get(*item).cloned()).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relationship(text: &str) -> Relationship {
        let tree = crate::yaml::parse(text).unwrap().into_first().unwrap().value;
        Relationship::from_tree(RelationshipId::from_name("r"), tree)
    }

    fn left(text: &str, bad: &[usize]) -> String {
        let bad: Vec<(usize, (), ())> = bad.iter().map(|number| (*number, (), ())).collect();
        match without_bad_pairs(&relationship(text), &bad) {
            Edit::RemoveRelationship { .. } => "removed".to_owned(),
            Edit::SetField { value: Some(value), .. } => {
                crate::yaml::emit_json_compact(&value).replace('"', "")
            }
            other => format!("{other:?}"),
        }
    }

    const GRID: &str = "selectors: [{allow: {from: [{id: a}, {id: b}], to: [{id: p}, {id: q}]}, deny: {}}]";

    #[test]
    fn only_the_bad_pair_goes() {
        assert_eq!(left(GRID, &[0, 1, 2, 3]), "removed");
        assert_eq!(left(GRID, &[0, 1]), "[{allow:{from:[{id:b}],to:[{id:p},{id:q}]},deny:{}}]");
        assert_eq!(left(GRID, &[0, 2]), "[{allow:{from:[{id:a},{id:b}],to:[{id:q}]},deny:{}}]");
        assert_eq!(
            left(GRID, &[0]),
            "[{allow:{from:[{id:a}],to:[{id:q}]},deny:{}},{allow:{from:[{id:b}],to:[{id:p},{id:q}]},deny:{}}]"
        );
    }

    #[test]
    fn sets_without_a_bad_pair_stay_as_they_are() {
        let two = "selectors: [{allow: {from: [{id: a}], to: [{id: p}]}}, {more: 1, allow: {from: [{id: b}], to: [{id: p}]}}]";
        assert_eq!(left(two, &[0]), "[{more:1,allow:{from:[{id:b}],to:[{id:p}]}}]");
    }
}
