//! What is said twice counts once: a pair that a relationship names again, and a second relationship between the same two.

use super::super::testing::*;
use super::strategies::{edge, edge_id, one_way, services, specs};
use crate::model::{Edit, FieldPath, Relationship, RelationshipId, Target};

/// A relationship from s to t that names the pair several times: `[{…}, {…}]`, its selector sets.
fn named(sets: &str) -> Edit {
    let tree = value(&format!("{{kind: edge, type: binding, subType: test, selectors: {sets}}}"));
    let relationship = Relationship::from_tree(edge_id("s", "t"), tree);
    Edit::AddRelationship { index: None, relationship: relationship.into() }
}

const ONCE: &str = "[{allow: {from: [{id: s}], to: [{id: t}]}}]";

/// In two sets, by two items of one side, and by two of both.
const OFTEN: [&str; 3] = [
    "[{allow: {from: [{id: s}], to: [{id: t}]}}, {allow: {from: [{id: s}], to: [{id: t}]}}]",
    "[{allow: {from: [{id: s}, {id: s}], to: [{id: t}]}}]",
    "[{allow: {from: [{id: s}, {id: s}], to: [{id: t}, {id: t}]}}]",
];

const CASES: [(&str, &str, &str, &str, &str); 12] = [
    ("replace", "spec.g", "spec.t", "{g: x}", "{t: y}"),
    ("replace", "spec.g", "spec.t.u.v", "{g: x}", "{}"),
    ("replace", "spec.g", "spec.t._", "{g: x}", "{t: [a, b]}"),
    ("merge", "spec.g", "spec.t", "{g: {a: 1}}", "{t: {a: 2, b: 3}}"),
    ("add", "spec.g", "spec.t", "{g: 2}", "{t: [1]}"),
    ("add", "spec.g", "spec.t", "{g: x}", "{}"),
    ("remove", "spec.g", "spec.t", "{g: x}", "{t: y}"),
    ("remove", "spec.g", "spec.t._", "{g: x}", "{t: [a, b, c]}"),
    ("copy", "spec.g", "spec.t", "{g: x}", "{t: y}"),
    ("move", "spec.g", "spec.t", "{g: x}", "{t: y}"),
    ("move", "spec.g._", "spec.t", "{g: [a, b]}", "{t: y}"),
    ("test", "spec.g", "spec.t", "{g: x}", "{t: x}"),
];

#[test]
fn a_pair_that_a_relationship_names_again_does_nothing() {
    for (strategy, mutator, mutated, give, take) in CASES {
        let registry = one_way(strategy, mutator, mutated);
        let start = services(give, take);
        let mut once = start.clone();
        gesture_with(&mut once, &registry, vec![named(ONCE)]);
        for sets in OFTEN {
            let about = format!("{strategy} {mutator} {mutated} {give} {take} {sets}");
            let mut design = start.clone();
            let found = gesture_with(&mut design, &registry, vec![named(sets)]);
            assert_eq!(codes(&found), Vec::<&str>::new(), "{about}");
            assert_eq!(specs(&design), specs(&once), "{about}");
            // The pair is named once more, and once less.
            for again in [ONCE, sets] {
                let sets = value(again);
                let path = FieldPath::keys(&["selectors"]);
                let target = Target::Relationship(edge_id("s", "t"));
                let edit = Edit::SetField { target, path, value: Some(sets), place: None };
                gesture_with(&mut design, &registry, vec![edit]);
                assert_eq!(specs(&design), specs(&once), "{about}, then {again}");
            }
            gesture_with(&mut design, &registry, vec![Edit::RemoveRelationship { id: edge_id("s", "t") }]);
            let is_same = |name| {
                let tree = |design: &crate::model::Design| design.component(id(name)).unwrap().tree().clone();
                tree(&design).equivalent(&tree(&start))
            };
            assert!(is_same("s") && is_same("t"), "{about}, parted: {}", show(&design));
        }
    }
}

#[test]
fn a_second_relationship_between_the_same_two_waits_for_the_first() {
    for (strategy, mutator, mutated, give, take) in CASES {
        let registry = one_way(strategy, mutator, mutated);
        let start = services(give, take);
        let mut once = start.clone();
        gesture_with(&mut once, &registry, vec![edge("s", "t")]);
        let second = |number: usize| {
            let tree = value(&format!("{{kind: edge, type: binding, subType: test, selectors: {ONCE}}}"));
            Relationship::from_tree(RelationshipId::from_name(&format!("again {number}")), tree)
        };
        for order in [[0, 1], [1, 0]] {
            let about = format!("{strategy} {mutator} {mutated} {give} {take} {order:?}");
            let mut design = start.clone();
            let add = |number| Edit::AddRelationship { index: None, relationship: second(number).into() };
            let found = gesture_with(&mut design, &registry, vec![add(0), add(1)]);
            assert_eq!(codes(&found), Vec::<&str>::new(), "{about}");
            assert_eq!(specs(&design), specs(&once), "{about}");
            let [first, last] = order.map(|number| Edit::RemoveRelationship { id: second(number).id() });
            gesture_with(&mut design, &registry, vec![first]);
            assert_eq!(specs(&design), specs(&once), "{about}, one is left");
            gesture_with(&mut design, &registry, vec![last]);
            assert_eq!(specs(&design), specs(&start), "{about}, parted");
        }
    }
}

/// In a wallet the repetition is taken out, and a frame that is named twice is one.
#[test]
fn a_filter_or_a_child_of_a_frame_that_is_named_twice_is_there_once() {
    let repeated = |design: &crate::model::Design, from: &str, to: &str| {
        let mut tree = design.relationship(joined(design, from, to)).unwrap().tree().clone();
        let sets = tree.as_map_mut().unwrap().get_mut("selectors").unwrap();
        let set = sets.as_list().unwrap()[0].clone();
        *sets = crate::model::Value::List(vec![set.clone(), set]);
        tree
    };
    for (text, from, to) in [
        ("p WasmPlugin {spec: {url: own}}\nf WASMFilter {wasmFilter: 'file:///a'}", "f", "p"),
        ("p EnvoyFilter {metadata: {name: p}}\nf WASMFilter {wasmFilter: 'file:///a'}", "f", "p"),
        ("p WasmPlugin {metadata: {namespace: own}}\nn Namespace", "p", "n"),
    ] {
        let start = design(text);
        let mut once = start.clone();
        let edits = vec![join(&once, from, to)];
        gesture(&mut once, edits);
        let tree = repeated(&once, from, to);
        let mut design = start.clone();
        let relationship = Relationship::from_tree(joined(&once, from, to), tree);
        let bare = Relationship::from_tree(relationship.id(), {
            let mut tree = relationship.tree().clone();
            tree.as_map_mut().unwrap().remove("metadata");
            tree
        });
        gesture(&mut design, vec![Edit::AddRelationship { index: None, relationship: bare.into() }]);
        let components = |design: &crate::model::Design| -> Vec<crate::model::Value> {
            design.components().map(|it| it.tree().clone()).collect()
        };
        assert_eq!(components(&design), components(&once), "{text}");
        let edits = vec![part(&design, from, to)];
        gesture(&mut design, edits);
        assert_eq!(components(&design), components(&start), "{text}");
    }
}
