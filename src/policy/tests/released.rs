//! What a relationship wrote is given back whenever it goes: also when its definition is not loaded any more, and when it
//! came and went within one evaluation.

use super::super::testing::*;
use super::super::{Scope, evaluate};
use super::strategies::{edge, edge_id, one_way, registry, services, specs};
use crate::model::{Design, Edit, FieldPath, Relationship, RelationshipId, Target, Transaction};
use crate::registry::Registry;

/// Joins by the definitions, takes the relationship out without them, and compares with the beginning.
#[track_caller]
fn parted_without(registry: &Registry, start: &Design, about: &str) {
    for ends_go in [None, Some("s"), Some("t")] {
        for is_referenced in [false, true] {
            let mut design = start.clone();
            gesture_with(&mut design, registry, vec![edge("s", "t")]);
            if is_referenced {
                name_references(&mut design, registry);
            }
            let joined = design.clone();
            // Opening it without the definitions leaves it as it is.
            let edits = vec![Edit::set(id("s"), FieldPath::keys(&["displayName"]), "s")];
            gesture(&mut design, edits);
            assert_eq!(show(&design), show(&joined), "{about}: kept untouched");
            let mut edits = vec![Edit::RemoveRelationship { id: edge_id("s", "t") }];
            edits.extend(ends_go.map(|name| Edit::RemoveComponent { id: id(name) }));
            gesture(&mut design, edits);
            for component in design.components() {
                let before = start.component(component.id()).unwrap();
                assert!(component.tree().equivalent(before.tree()), "{about} {ends_go:?}: {}", show(&design));
            }
        }
    }
}

/// Lets the relationship say what its definition says, as it does when it is made here.
fn name_references(design: &mut Design, registry: &Registry) {
    let definition = registry.relationships().last().unwrap().clone();
    let set = &definition.selectors[0].allow;
    let made = crate::wallet::relationship::of_definition(
        registry,
        &definition,
        (&set.from[0], &set.to[0]),
        design.component(id("s")).unwrap(),
        design.component(id("t")).unwrap(),
    );
    let path = FieldPath::keys(&["selectors"]);
    let value = made.tree().at(&["selectors"]).cloned();
    let target = Target::Relationship(edge_id("s", "t"));
    design.apply(Edit::SetField { target, path, value, place: None }).unwrap();
}

#[test]
fn a_relationship_whose_definition_is_gone_gives_back_what_its_record_says() {
    for (strategy, mutator, mutated, give, take) in [
        ("replace", "spec.g", "spec.t", "{g: x}", "{t: y}"),
        ("replace", "spec.g", "spec.t", "{g: x, t: own}", "{t: null}"),
        ("replace", "spec.g", "spec.t.u.v", "{g: x}", "{}"),
        ("replace", "spec.g", "spec.t.u", "{g: x}", "{t: null}"),
        ("replace", "spec.g", "spec.t._", "{g: x}", "{t: [a, b]}"),
        ("merge", "spec.g", "spec.t", "{g: {a: 1}}", "{t: {a: 2, b: 3}}"),
        ("add", "spec.g", "spec.t", "{g: 2}", "{t: [1]}"),
        ("remove", "spec.g", "spec.t", "{g: x, t: z}", "{t: y}"),
        ("remove", "spec.g", "spec.t._", "{g: x}", "{t: [a, b, c]}"),
        ("move", "spec.g", "spec.t", "{g: x}", "{t: y}"),
        ("move", "spec.g._", "spec.t", "{g: [a, b]}", "{t: y}"),
        ("test", "spec.g", "spec.t", "{g: x}", "{t: x}"),
    ] {
        let registry = one_way(strategy, mutator, mutated);
        let about = format!("{strategy} {mutator} {mutated} {give} {take}");
        parted_without(&registry, &services(give, take), &about);
    }
    for (from, to) in [
        // The parent gives to the child, and both give.
        ("mutatedRef: [[configuration, spec, a]]", "mutatorRef: [[configuration, spec, b]]"),
        (
            "mutatorRef: [[configuration, spec, a]], mutatedRef: [[configuration, spec, p, q]]",
            "mutatedRef: [[configuration, spec, b]], mutatorRef: [[configuration, spec, c]]",
        ),
    ] {
        let registry = registry(from, to);
        parted_without(&registry, &services("{a: 1}", "{b: 3, c: 2}"), from);
    }
}

/// What the user has changed since stays, as with a definition.
#[test]
fn what_was_changed_since_stays_without_the_definition_too() {
    let registry = one_way("replace", "spec.g", "spec.t");
    let mut design = services("{g: x}", "{t: y}");
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    gesture(&mut design, vec![set("t", "spec.t", "own")]);
    gesture(&mut design, vec![Edit::RemoveRelationship { id: edge_id("s", "t") }]);
    assert_eq!(specs(&design), ["{g:x}", "{t:own}"]);
}

/// In the first pass it writes, in the second what another one wrote denies it.
#[test]
fn what_a_relationship_wrote_before_it_was_denied_is_given_back() {
    let mut registry = (*Registry::builtin()).clone();
    for (name, text) in [
        (
            "two",
            "{kind: edge, type: binding, subType: two, selectors: [{\
             allow: {from: [{kind: ConfigMap, patch: {mutatorRef: [[configuration, data, g]]}}], \
             to: [{kind: Widget, patch: {mutatedRef: [[configuration, spec, t]]}}]}, \
             deny: {from: [{kind: ConfigMap}], to: [{kind: Widget, namespaced: true}]}}]}",
        ),
        (
            "one",
            "{kind: edge, type: binding, subType: one, selectors: [{\
             allow: {from: [{kind: Gateway, patch: {mutatorRef: [[configuration, spec, m]]}}], \
             to: [{kind: '*', patch: {mutatedRef: [[metadata, isNamespaced]]}}]}}]}",
        ),
    ] {
        registry.add_relationship(&format!("{name}.yaml"), text).unwrap();
    }
    let joined = |sub_type: &str, from: &str| {
        let tree = value(&format!(
            "{{kind: edge, type: binding, subType: {sub_type}, selectors: [{{allow: {{from: [{{id: {from}}}], to: [{{id: s}}]}}}}]}}"
        ));
        let relationship = Relationship::from_tree(RelationshipId::from_name(sub_type), tree);
        Edit::AddRelationship { index: None, relationship: relationship.into() }
    };
    for take in ["{spec: {t: own}}", "{spec: null}", "{}"] {
        // It came with the gesture, or was there before.
        for is_there in [false, true] {
            let mut design = design(&format!(
                "c ConfigMap {{data: {{g: x}}}}\ng Gateway {{spec: {{m: true}}}}\ns Service {take}"
            ));
            // Where a kind that nobody knows lives it says itself.
            let kind = value("{kind: Widget, version: example.com/v1}");
            design.apply(Edit::set(id("s"), FieldPath::keys(&["component"]), kind)).unwrap();
            let start = design.component(id("s")).unwrap().tree().at(&["configuration"]).cloned();
            let mut edits = vec![joined("two", "c")];
            let mut with = |edits: Vec<Edit>| {
                let mut tx = Transaction::new(&mut design);
                for edit in edits {
                    tx.apply(edit).unwrap();
                }
                let found = evaluate(&mut tx, &registry, Scope::Touched);
                tx.commit("test");
                found
            };
            if is_there {
                with(std::mem::take(&mut edits));
            }
            edits.push(joined("one", "g"));
            let found = with(edits);
            assert!(
                found.trace.components_updated.iter().any(|it| it.strategy == "restore"),
                "{take} {is_there} {:?}",
                found.trace
            );
            assert_eq!(codes(&found), ["DS007"], "{take} {is_there}");
            assert_eq!(design.relationships().len(), 1);
            let now = design.component(id("s")).unwrap().tree().at(&["configuration"]).cloned();
            assert_eq!(now, start, "{take} {is_there}");
        }
    }
}
