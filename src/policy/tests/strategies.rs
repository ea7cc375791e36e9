//! Every patch strategy over every state of the field: what stands there while the relationship is there, and that taking
//! it out gives everything back.

use super::super::testing::*;
use super::super::{Evaluation, Scope, evaluate};
use crate::model::{Design, Edit, Relationship, RelationshipId, Transaction};
use crate::registry::Registry;

/// A definition from Service to Service, by the inside of its two selectors.
pub(super) fn registry(from: &str, to: &str) -> Registry {
    let mut registry = (*Registry::builtin()).clone();
    let text = format!(
        "{{kind: edge, type: binding, subType: test, selectors: [{{allow: {{\
         from: [{{kind: Service, patch: {{{from}}}}}], to: [{{kind: Service, patch: {{{to}}}}}]}}}}]}}"
    );
    registry.add_relationship("test.yaml", &text).unwrap();
    registry
}

pub(super) fn one_way(strategy: &str, mutator: &str, mutated: &str) -> Registry {
    let list = |path: &str| path.split('.').collect::<Vec<_>>().join(", ");
    registry(
        &format!("patchStrategy: {strategy}, mutatorRef: [[configuration, {}]]", list(mutator)),
        &format!("patchStrategy: {strategy}, mutatedRef: [[configuration, {}]]", list(mutated)),
    )
}

pub(super) fn edge(from: &str, to: &str) -> Edit {
    let tree = value(&format!(
        "{{kind: edge, type: binding, subType: test, selectors: [{{allow: {{from: [{{id: {from}}}], to: [{{id: {to}}}]}}}}]}}"
    ));
    Edit::AddRelationship {
        index: None,
        relationship: Relationship::from_tree(edge_id(from, to), tree).into(),
    }
}

pub(super) fn edge_id(from: &str, to: &str) -> RelationshipId {
    RelationshipId::from_name(&format!("{from} {to}"))
}

pub(super) fn services(give: &str, take: &str) -> Design {
    design(&format!("s Service {{spec: {give}}}\nt Service {{spec: {take}}}"))
}

/// What stands below `spec` of the two.
pub(super) fn specs(design: &Design) -> [String; 2] {
    let spec = |name: &str| {
        let spec = design.component(id(name)).unwrap().configured(&["spec"]).cloned();
        spec.map(|it| crate::yaml::emit_json_compact(&it).replace('"', "")).unwrap_or_default()
    };
    [spec("s"), spec("t")]
}

/// Joins, compares, parts, and holds that all is as it was but for the order of keys.
#[track_caller]
fn check(registry: &Registry, give: &str, take: &str, expected: [&str; 2], codes_expected: &[&str]) {
    let mut design = services(give, take);
    let start = design.clone();
    let found = gesture_with(&mut design, registry, vec![edge("s", "t")]);
    assert_eq!(specs(&design), expected, "{give} into {take}");
    assert_eq!(codes(&found), codes_expected, "{give} into {take}");
    gesture_with(&mut design, registry, vec![Edit::RemoveRelationship { id: edge_id("s", "t") }]);
    for name in ["s", "t"] {
        let (now, before) = (design.component(id(name)).unwrap(), start.component(id(name)).unwrap());
        assert!(now.tree().equivalent(before.tree()), "{give} into {take}, parted: {}", show(&design));
    }
}

#[test]
fn every_strategy_over_every_state_of_the_field() {
    type Cases<'a> = &'a [(&'a str, &'a str, &'a str)];
    let cases: [(&str, Cases<'_>); 7] = [
        (
            "replace",
            &[
                ("{g: x}", "{}", "{t:x}"),
                ("{g: x}", "{t: null}", "{t:x}"),
                ("{g: x}", "{t: ' '}", "{t:x}"),
                ("{g: x}", "{t: x}", "{t:x}"),
                ("{g: x}", "{t: y, u: z}", "{t:x,u:z}"),
                ("{g: 1}", "{t: 1.0}", "{t:1.0}"),
                ("{g: [1]}", "{t: {a: 1}}", "{t:[1]}"),
                ("{g: {a: {b: 1}}}", "{t: [2]}", "{t:{a:{b:1}}}"),
                ("{g: null}", "{t: y}", "{t:y}"),
                ("{g: '  '}", "{t: y}", "{t:y}"),
                ("{}", "{t: y}", "{t:y}"),
                ("{g: false}", "{t: y}", "{t:false}"),
                ("{g: {}}", "{t: y}", "{t:{}}"),
            ],
        ),
        ("copy", &[("{g: x}", "{}", "{t:x}"), ("{g: x}", "{t: y}", "{t:x}"), ("{}", "{t: y}", "{t:y}")]),
        (
            "merge",
            &[
                ("{g: {a: 1}}", "{}", "{t:{a:1}}"),
                ("{g: {a: 1}}", "{t: {a: 2, b: 3}}", "{t:{a:1,b:3}}"),
                ("{g: {a: null, c: {d: 1}}}", "{t: {a: 2, b: 3}}", "{t:{b:3,c:{d:1}}}"),
                ("{g: {a: 1}}", "{t: text}", "{t:{a:1}}"),
                ("{g: [1]}", "{t: {a: 1}}", "{t:[1]}"),
                ("{g: {a: 1}}", "{t: {a: 1}}", "{t:{a:1}}"),
                ("{g: null}", "{t: {a: 1}}", "{t:{a:1}}"),
            ],
        ),
        (
            "strategic",
            &[
                ("{g: {a: 1}}", "{t: {a: 2, b: 3}}", "{t:{a:1,b:3}}"),
                ("{g: [1]}", "{t: [2]}", "{t:[1]}"),
                ("{}", "{t: [2]}", "{t:[2]}"),
            ],
        ),
        (
            "add",
            &[
                ("{g: x}", "{}", "{t:x}"),
                ("{g: x}", "{t: null}", "{t:x}"),
                ("{g: x}", "{t: y}", "{t:y}"),
                ("{g: x}", "{t: x}", "{t:x}"),
                ("{g: x}", "{t: {a: 1}}", "{t:{a:1}}"),
                ("{g: 2}", "{t: [1]}", "{t:[1,2]}"),
                ("{g: [2, 3]}", "{t: [1, 2]}", "{t:[1,2,3]}"),
                ("{g: 1}", "{t: [1]}", "{t:[1]}"),
                ("{g: 1}", "{t: []}", "{t:[1]}"),
                ("{}", "{t: [1]}", "{t:[1]}"),
            ],
        ),
        (
            "remove",
            &[
                ("{g: x}", "{}", "{}"),
                ("{g: x}", "{t: x, u: 1}", "{u:1}"),
                ("{g: x}", "{t: {a: 1}}", "{}"),
                ("{}", "{t: x}", "{t:x}"),
            ],
        ),
        (
            "test",
            &[("{g: x}", "{t: x}", "{t:x}"), ("{g: 1}", "{t: 1.0}", "{t:1.0}"), ("{}", "{t: x}", "{t:x}")],
        ),
    ];
    for (strategy, cases) in cases {
        let registry = one_way(strategy, "spec, g", "spec, t");
        for (give, take, taken) in cases {
            let given = &specs(&services(give, "{}"))[0];
            check(&registry, give, take, [given, taken], &[]);
        }
    }
}

#[test]
fn a_test_reports_and_writes_nothing() {
    let registry = one_way("test", "spec.g", "spec.t");
    for (take, taken) in [("{t: y}", "{t:y}"), ("{}", "{}"), ("{t: null}", "{t:null}")] {
        check(&registry, "{g: x}", take, ["{g:x}", taken], &["DS014"]);
    }
    let mut design = services("{g: x}", "{t: y}");
    let found = gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    let message = &found.diagnostics[0].message;
    assert_eq!(message, "configuration.spec.t of t is not what s says in configuration.spec.g (test)");
    let found = gesture_with(&mut design, &registry, vec![set("t", "spec.t", "x")]);
    assert_eq!(codes(&found), Vec::<&str>::new());
}

#[test]
fn a_move_takes_the_value_away_and_gives_it_back() {
    let registry = one_way("move", "spec.g", "spec.t");
    for (give, take, expected) in [
        ("{g: x, h: 1}", "{}", ["{h:1}", "{t:x}"]),
        ("{g: x}", "{t: y}", ["{}", "{t:x}"]),
        ("{g: x}", "{t: x}", ["{}", "{t:x}"]),
        ("{g: {a: [1]}}", "{t: [2]}", ["{}", "{t:{a:[1]}}"]),
        ("{}", "{t: y}", ["{}", "{t:y}"]),
        ("{g: null}", "{t: y}", ["{g:null}", "{t:y}"]),
    ] {
        check(&registry, give, take, expected, &[]);
    }
    // A new value at the source moves as well; what stood there first still comes back at the receiver.
    let mut design = services("{g: x}", "{t: y}");
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    gesture_with(&mut design, &registry, vec![set("s", "spec.g", "z")]);
    assert_eq!(specs(&design), ["{}", "{t:z}"]);
    // What the user writes at the receiver stays, and no value is lost.
    gesture_with(&mut design, &registry, vec![set("t", "spec.t", "own")]);
    assert_eq!(specs(&design), ["{}", "{t:own}"]);
    gesture_with(&mut design, &registry, vec![Edit::RemoveRelationship { id: edge_id("s", "t") }]);
    assert_eq!(specs(&design), ["{g:z}", "{t:own}"]);
    // Deleting the receiver gives the value back, too.
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    assert_eq!(specs(&design), ["{}", "{t:z}"]);
    let edits =
        vec![Edit::RemoveRelationship { id: edge_id("s", "t") }, Edit::RemoveComponent { id: id("t") }];
    gesture_with(&mut design, &registry, edits);
    assert!(show(&design).starts_with("s {spec:{g:z}}"), "{}", show(&design));
}

#[test]
fn paths_that_lead_through_lists() {
    for (strategy, mutator, mutated, give, take, expected, codes) in [
        // The last item, or the first of none.
        ("replace", "spec.g._", "spec.t", "{g: [1, 2]}", "{}", "{t:2}", &[][..]),
        ("replace", "spec.g._.n", "spec.t", "{g: [{n: 1}]}", "{}", "{t:1}", &[]),
        ("replace", "spec.g._", "spec.t", "{g: []}", "{t: 1}", "{t:1}", &[]),
        ("replace", "spec.g", "spec.t._", "{g: x}", "{}", "{t:[x]}", &[]),
        ("replace", "spec.g", "spec.t._", "{g: x}", "{t: []}", "{t:[x]}", &[]),
        ("replace", "spec.g", "spec.t._", "{g: x}", "{t: [a, b]}", "{t:[a,x]}", &[]),
        ("replace", "spec.g", "spec.t._.u", "{g: x}", "{t: [{a: 1}]}", "{t:[{a:1,u:x}]}", &[]),
        ("replace", "spec.g", "spec.t._.u._", "{g: x}", "{}", "{t:[{u:[x]}]}", &[]),
        ("remove", "spec.g", "spec.t._", "{g: x}", "{t: [a, b, c]}", "{t:[a,b]}", &[]),
        ("remove", "spec.g", "spec.t._", "{g: x}", "{t: [a]}", "{t:[]}", &[]),
        ("remove", "spec.g", "spec.t._.u", "{g: x}", "{t: [{u: 1, v: 2}]}", "{t:[{v:2}]}", &[]),
        ("add", "spec.g", "spec.t._", "{g: x}", "{t: [a]}", "{t:[a]}", &[]),
        ("move", "spec.g", "spec.t._", "{g: x}", "{t: [a]}", "{t:[x]}", &[]),
        // `_` in a mapping is a key.
        ("replace", "spec.g", "spec.t._", "{g: x}", "{t: {_: 1}}", "{t:{_:x}}", &[]),
        // Missing parents are made, and go again.
        ("replace", "spec.g", "spec.t.u.v", "{g: x}", "{}", "{t:{u:{v:x}}}", &[]),
        ("replace", "spec.g", "spec.t.u.v", "{g: x}", "{t: {u: {}}}", "{t:{u:{v:x}}}", &[]),
        // A null on the way is missing, and comes back.
        ("replace", "spec.g", "spec.t.u", "{g: x}", "{t: null}", "{t:{u:x}}", &[]),
        ("replace", "spec.g", "spec.t.u.v", "{g: x}", "{t: {u: null}}", "{t:{u:{v:x}}}", &[]),
        ("replace", "spec.g", "spec.t.u.v", "{g: x}", "{t: null}", "{t:{u:{v:x}}}", &[]),
        ("add", "spec.g", "spec.t._", "{g: x}", "{t: null}", "{t:[x]}", &[]),
        ("replace", "spec.g", "spec.t._.u", "{g: x}", "{t: [null]}", "{t:[{u:x}]}", &[]),
        ("remove", "spec.g", "spec.t.u", "{g: x}", "{t: null}", "{t:null}", &[]),
        // A list has no such key, and a text nothing below it: said, and nothing is written.
        ("replace", "spec.g", "spec.t.u", "{g: x}", "{t: [{u: 1}]}", "{t:[{u:1}]}", &["DS014"]),
        ("replace", "spec.g", "spec.t.u", "{g: x}", "{t: text}", "{t:text}", &["DS014"]),
        ("add", "spec.g", "spec.t.u", "{g: x}", "{t: [1]}", "{t:[1]}", &["DS014"]),
        ("remove", "spec.g", "spec.t.u", "{g: x}", "{t: text}", "{t:text}", &[]),
        ("replace", "spec.g.u", "spec.t", "{g: [{u: 1}]}", "{t: y}", "{t:y}", &[]),
    ] {
        let registry = one_way(strategy, mutator, mutated);
        let given = specs(&services(give, "{}"))[0].clone();
        let given = if strategy == "move" { "{}" } else { &given };
        check(&registry, give, take, [given, expected], codes);
    }
}

#[test]
fn an_item_that_was_taken_out_comes_back_where_it_stood() {
    let registry = one_way("remove", "spec.g", "spec.t.0");
    check(&registry, "{g: x}", "{t: [a, b]}", ["{g:x}", "{t:[b]}"], &[]);
}

const BOTH: [&str; 2] = [
    "mutatorRef: [[configuration, spec, a]], mutatedRef: [[configuration, spec, a]]",
    "mutatedRef: [[configuration, spec, b]], mutatorRef: [[configuration, spec, b]]",
];

#[test]
fn values_flow_both_ways_and_none_holds_itself_up() {
    let registry = registry(BOTH[0], BOTH[1]);
    for (give, take, expected) in [
        ("{a: x}", "{}", ["{a:x}", "{b:x}"]),
        ("{}", "{b: y}", ["{a:y}", "{b:y}"]),
        ("{a: x}", "{b: y}", ["{a:x}", "{b:x}"]),
        ("{a: x}", "{b: x}", ["{a:x}", "{b:x}"]),
        ("{}", "{}", ["{}", "{}"]),
    ] {
        check(&registry, give, take, expected, &[]);
    }
    let mut design = services("{}", "{b: y}");
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    // The source may change, and may go.
    gesture_with(&mut design, &registry, vec![set("t", "spec.b", "z")]);
    assert_eq!(specs(&design), ["{a:z}", "{b:z}"]);
    // The other end takes over when the user writes there, and then its first value comes back.
    gesture_with(&mut design, &registry, vec![set("s", "spec.a", "own")]);
    assert_eq!(specs(&design), ["{a:own}", "{b:own}"]);
    gesture_with(&mut design, &registry, vec![set("s", "spec.a", "")]);
    assert_eq!(specs(&design), ["{a:z}", "{b:z}"]);
    gesture_with(&mut design, &registry, vec![set("t", "spec.b", "")]);
    assert_eq!(specs(&design), ["{}", "{}"]);
}

#[test]
fn two_directions_over_fields_of_their_own() {
    let registry = registry(
        "patchStrategy: merge, mutatorRef: [[configuration, spec, a]], mutatedRef: [[configuration, spec, p, q]]",
        "mutatedRef: [[configuration, spec, b]], mutatorRef: [[configuration, spec, c]]",
    );
    check(&registry, "{a: 1}", "{c: 2}", ["{a:1,p:{q:2}}", "{c:2,b:1}"], &[]);
    check(&registry, "{a: 1, p: {q: 0}}", "{b: 3, c: 2}", ["{a:1,p:{q:2}}", "{b:1,c:2}"], &[]);
    // A component may be joined with itself.
    let mut design = services("{a: 1, c: 2}", "{}");
    let start = specs(&design);
    gesture_with(&mut design, &registry, vec![edge("s", "s")]);
    assert_eq!(specs(&design)[0], "{a:1,c:2,b:1,p:{q:2}}");
    gesture_with(&mut design, &registry, vec![Edit::RemoveRelationship { id: edge_id("s", "s") }]);
    assert_eq!(specs(&design), start);
}

#[test]
fn two_directions_that_drive_each_other_are_taken_back() {
    let registry = registry(
        "mutatorRef: [[configuration, spec, a]], mutatedRef: [[configuration, spec, a, deeper]]",
        "mutatedRef: [[configuration, spec, b]], mutatorRef: [[configuration, spec, b]]",
    );
    let mut design = services("{a: {x: 1}}", "{}");
    let found = gesture_of(&mut design, &registry, vec![edge("s", "t"), set("s", "spec.a.x", "2")]);
    assert_eq!(codes(&found), ["DS006"]);
    assert_eq!(specs(&design), ["{a:{x:2}}", "{}"]);
}

fn gesture_of(design: &mut Design, registry: &Registry, edits: Vec<Edit>) -> Evaluation {
    let mut tx = Transaction::new(design);
    for edit in edits {
        tx.apply(edit).unwrap();
    }
    let evaluation = evaluate(&mut tx, registry, Scope::Touched);
    tx.commit("test");
    evaluation
}

#[test]
fn conflicts_are_about_what_would_be_written() {
    for (strategy, gives, take, expected, codes_expected) in [
        ("replace", ["x", "y"], "{t: 0}", "{t:x}", &["DS005"][..]),
        ("replace", ["x", "x"], "{t: 0}", "{t:x}", &[]),
        ("add", ["x", "y"], "{t: 0}", "{t:0}", &[]),
        ("add", ["x", "y"], "{}", "{t:x}", &["DS005"]),
        ("remove", ["x", "y"], "{t: 0}", "{}", &[]),
        ("merge", ["{a: 1}", "{a: 1}"], "{t: {b: 2}}", "{t:{b:2,a:1}}", &[]),
        ("merge", ["{a: 1}", "{a: 2}"], "{t: {b: 2}}", "{t:{b:2,a:1}}", &["DS005"]),
        ("test", ["0", "1"], "{t: 0}", "{t:0}", &["DS014"]),
    ] {
        let registry = one_way(strategy, "spec.g", "spec.t");
        let [one, two] = gives;
        let mut design = design(&format!(
            "s Service {{spec: {{g: {one}}}}}\nt Service {{spec: {take}}}\nu Service {{spec: {{g: {two}}}}}"
        ));
        let start = specs(&design);
        let found = gesture_with(&mut design, &registry, vec![edge("s", "t"), edge("u", "t")]);
        assert_eq!(specs(&design)[1], expected, "{strategy} {gives:?}");
        assert_eq!(codes(&found), codes_expected, "{strategy} {gives:?}");
        assert_eq!(found.trace.conflicts.len(), usize::from(codes_expected == ["DS005"]));
        // The second takes over when the first goes, and in the end all is as it was.
        gesture_with(&mut design, &registry, vec![Edit::RemoveRelationship { id: edge_id("s", "t") }]);
        gesture_with(&mut design, &registry, vec![Edit::RemoveRelationship { id: edge_id("u", "t") }]);
        assert_eq!(specs(&design), start, "{strategy} {gives:?}");
    }
}

/// A field that the user changed since stays; the mappings on the way that are empty again go, others stay.
#[test]
fn restore_gives_back_only_what_is_still_as_written() {
    let registry = one_way("replace", "spec.g", "spec.t.u");
    let parted = |take: &str, since: Vec<Edit>| {
        let mut design = services("{g: x}", take);
        gesture_with(&mut design, &registry, vec![edge("s", "t")]);
        let mut edits = since;
        edits.push(Edit::RemoveRelationship { id: edge_id("s", "t") });
        gesture_with(&mut design, &registry, edits);
        specs(&design)[1].clone()
    };
    assert_eq!(parted("{}", vec![]), "{}");
    assert_eq!(parted("{}", vec![set("t", "spec.t.u", "own")]), "{t:{u:own}}");
    assert_eq!(parted("{}", vec![set("t", "spec.t.v", "own")]), "{t:{v:own}}");
    assert_eq!(parted("{t: {}}", vec![]), "{t:{}}");
    assert_eq!(parted("{t: {u: 1}}", vec![set("t", "spec.t.u", "")]), "{t:{}}");
    // The giver may have changed in the same step.
    assert_eq!(parted("{t: {u: 1}}", vec![set("s", "spec.g", "z")]), "{t:{u:1}}");
    let gone = vec![Edit::RemoveComponent { id: id("s") }];
    let mut design = services("{g: x}", "{t: {u: 1}}");
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    gesture_with(&mut design, &registry, gone);
    assert!(show(&design).contains("t {spec:{t:{u:1}}}"), "{}", show(&design));
}

/// An alias reads below `configuration` what its parent has, and its parent's edits reach whom it gives to.
#[test]
fn an_alias_reads_what_its_parent_has() {
    let registry = one_way("replace", "spec.n", "spec.t");
    let with_aliases = |entries: &str| {
        let mut design = design(
            "p Service {spec: {parts: [{spec: {n: one}}, {spec: {n: two}}]}}\ns Service {spec: {n: own}}\nt Service {spec: {t: y}}",
        );
        let aliases = value(entries);
        design
            .apply(Edit::SetField {
                target: crate::model::Target::Design,
                path: crate::model::FieldPath::keys(&["metadata", "resolvedAliases"]),
                value: Some(aliases),
                place: None,
            })
            .unwrap();
        design
    };
    let entry = |parent: &str, path: &str| {
        let parent = id(parent);
        format!("{{{}: {{resolvedParentId: {parent}, resolvedRefFieldPath: {path}, more: 1}}}}", id("s"))
    };
    for (entries, expected) in [
        (entry("p", "[configuration, spec, parts, '1']"), "{t:two}"),
        (entry("p", "[configuration, spec, parts, 0]"), "{t:one}"),
        (entry("p", "[configuration, spec, parts, _]"), "{t:two}"),
        (entry("p", "[configuration, spec]"), "{t:y}"),
        // What leads nowhere, or round in a circle, gives what stands there, or nothing.
        (entry("gone", "[configuration]"), "{t:own}"),
        (entry("s", "[configuration]"), "{t:own}"),
        (entry("t", "[configuration]"), "{t:y}"),
        ("{x: 1, '': {resolvedParentId: 3}, y: {resolvedRefFieldPath: []}}".to_owned(), "{t:own}"),
    ] {
        let mut design = with_aliases(&entries);
        let start = design.clone();
        gesture_with(&mut design, &registry, vec![edge("s", "t")]);
        assert_eq!(specs(&design)[1], expected, "{entries}");
        gesture_with(&mut design, &registry, vec![Edit::RemoveRelationship { id: edge_id("s", "t") }]);
        assert_eq!(design, start, "{entries}");
    }
    let mut design = with_aliases(&entry("p", "[configuration, spec, parts, 1]"));
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    // What was given under another entry is not the receiver's own, though nothing is recorded about it.
    let mut silent = with_aliases(&entry("p", "[configuration, spec, parts, 1]"));
    silent.apply(set("t", "spec.t", "two")).unwrap();
    silent.apply(edge("s", "t")).unwrap();
    let other = Edit::SetField {
        target: crate::model::Target::Design,
        path: crate::model::FieldPath::keys(&["metadata", "resolvedAliases"]),
        value: None,
        place: None,
    };
    gesture_with(&mut silent, &registry, vec![other]);
    assert_eq!(specs(&silent)[1], "{t:own}");
    gesture_with(&mut silent, &registry, vec![Edit::RemoveRelationship { id: edge_id("s", "t") }]);
    assert_eq!(specs(&silent)[1], "{}");
    let path = crate::model::FieldPath::from_pointer(
        "/configuration/spec/parts/1/spec/n",
        design.component(id("p")).unwrap().tree(),
    );
    let found = gesture_with(&mut design, &registry, vec![Edit::set(id("p"), path.clone(), "new")]);
    assert_eq!(specs(&design)[1], "{t:new}");
    assert_eq!(found.trace.components_updated[0].source, Some((id("p"), path)));
}

#[test]
fn a_component_joined_to_itself_both_ways_keeps_what_it_has() {
    let registry = registry(BOTH[0], BOTH[1]);
    let mut design = services("{a: [], b: []}", "{}");
    let start = show(&design);
    gesture_with(&mut design, &registry, vec![edge("s", "s")]);
    gesture_with(&mut design, &registry, vec![Edit::RemoveRelationship { id: edge_id("s", "s") }]);
    assert_eq!(show(&design), start);
}

/// A relationship that has given nothing yet has written nothing: null and blank text that stand there come back.
#[test]
fn what_stood_there_blank_comes_back() {
    let registry = one_way("replace", "spec.g", "spec.t");
    for take in ["{t: null}", "{t: ' '}", "{}"] {
        let mut design = services("{}", take);
        design.apply(edge("s", "t")).unwrap();
        let start = specs(&design);
        gesture_with(&mut design, &registry, vec![set("s", "spec.g", "x")]);
        assert_eq!(specs(&design), ["{g:x}", "{t:x}"]);
        gesture_with(&mut design, &registry, vec![set("s", "spec.g", "")]);
        assert_eq!(specs(&design), start, "{take}");
    }
}

/// What was parted in the same step changes nothing about which direction has the first word.
#[test]
fn the_direction_from_child_to_parent_has_the_first_word_beside_a_parting() {
    let mut registry = registry(BOTH[0], BOTH[1]);
    let others = "{kind: edge, type: binding, subType: url, selectors: [{allow: {\
                  from: [{kind: Service, patch: {mutatorRef: [[displayName]]}}], \
                  to: [{kind: WasmPlugin, patch: {mutatedRef: [[configuration, spec, url]]}}]}}]}";
    registry.add_relationship("url.yaml", others).unwrap();
    let mut design = design("s Service {spec: {a: x}}\nt Service {spec: {b: y}}\nu Service {spec: {a: z}}");
    gesture_with(&mut design, &registry, vec![edge("u", "s")]);
    let part = Edit::RemoveRelationship { id: edge_id("u", "s") };
    gesture_with(&mut design, &registry, vec![part, edge("s", "t")]);
    assert_eq!(specs(&design), ["{a:x}", "{b:x}"]);
}
