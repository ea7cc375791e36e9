//! What is given back, path by path: to whom, when, and when not.

use super::super::testing::*;
use super::strategies::{edge, edge_id, one_way, registry, services, specs};
use crate::model::{Edit, FieldPath};

fn parted(from: &str, to: &str) -> Edit {
    Edit::RemoveRelationship { id: edge_id(from, to) }
}

fn first(edit: Edit) -> Edit {
    match edit {
        Edit::AddRelationship { relationship, .. } => Edit::AddRelationship { index: Some(0), relationship },
        other => other,
    }
}

/// What was moved away for a field that another writes now stands at its source again.
#[test]
fn a_value_goes_home_when_another_writes_the_field() {
    let registry = one_way("move", "spec.g", "spec.t");
    let mut design = design("s Service {spec: {g: x}}\nt Service {spec: {t: own}}\nu Service {spec: {g: y}}");
    let start = show(&design);
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    assert!(show(&design).starts_with("s {spec:{}}\nt {spec:{t:x}}\n"), "{}", show(&design));
    gesture_with(&mut design, &registry, vec![first(edge("u", "t"))]);
    assert!(show(&design).starts_with("s {spec:{g:x}}\nt {spec:{t:y}}\nu {spec:{}}\n"), "{}", show(&design));
    gesture_with(&mut design, &registry, vec![parted("u", "t"), parted("s", "t")]);
    assert_eq!(show(&design), start);
}

/// What the user has written at the source since is not overwritten.
#[test]
fn a_value_does_not_go_home_over_another() {
    let registry = one_way("move", "spec.g", "spec.t");
    let mut design = services("{g: x}", "{}");
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    gesture_with(&mut design, &registry, vec![set("s", "spec.g", "new"), parted("s", "t")]);
    assert_eq!(specs(&design), ["{g:new}", "{}"]);
}

/// An `add` gives another item: the former goes, also where the new one was in the list already.
#[test]
fn an_item_that_is_given_no_more_goes() {
    let registry = one_way("add", "spec.g", "spec.t");
    let mut design = services("{g: 2}", "{t: [1]}");
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    assert_eq!(specs(&design)[1], "{t:[1,2]}");
    gesture_with(&mut design, &registry, vec![set("s", "spec.g", "3")]);
    assert_eq!(specs(&design)[1], "{t:[1,3]}");
    gesture_with(&mut design, &registry, vec![set("s", "spec.g", "1")]);
    assert_eq!(specs(&design)[1], "{t:[1]}");
    gesture_with(&mut design, &registry, vec![parted("s", "t")]);
    assert_eq!(specs(&design)[1], "{t:[1]}");
}

/// Without a record a value that the relationship gives is taken for written by it: what the schema says holds again.
#[test]
fn without_a_record_the_default_of_the_schema_comes_back() {
    let mut registry = one_way("replace", "spec.g", "spec.t");
    let other = "{kind: edge, type: binding, subType: test, selectors: [{allow: {\
                 from: [{kind: Service, patch: {mutatorRef: [[configuration, spec, g]]}}], \
                 to: [{kind: Deployment, patch: {mutatedRef: [[configuration, spec, replicas]]}}]}}]}";
    registry.add_relationship("replicas.yaml", other).unwrap();
    for (replicas, left) in [("5", "replicas:1"), ("4", "replicas:4")] {
        let text = format!("s Service {{spec: {{g: 5}}}}\nd Deployment {{spec: {{replicas: {replicas}}}}}");
        let mut design = design(&text);
        design.apply(edge("s", "d")).unwrap();
        gesture_with(&mut design, &registry, vec![parted("s", "d")]);
        assert!(show(&design).contains(left), "{}", show(&design));
    }
}

/// Who does not settle neither writes nor forgets what it wrote.
#[test]
fn what_does_not_settle_keeps_its_record() {
    let registry = registry("mutatorRef: [[configuration, spec]]", "mutatedRef: [[configuration, spec, in]]");
    let mut design = services("{a: 1}", "{}");
    let start = specs(&design);
    gesture_with(&mut design, &registry, vec![edge("s", "t")]);
    let settled = specs(&design);
    assert_eq!(settled[1], "{in:{a:1}}");
    let record = |text: String| text.lines().find(|line| line.starts_with("s -> t")).unwrap().to_owned();
    let before = record(show(&design));
    assert!(before.contains("wrote"), "{before}");
    gesture_with(&mut design, &registry, vec![edge("t", "s")]);
    assert_eq!(specs(&design), settled);
    assert_eq!(record(show(&design)), before);
    gesture_with(&mut design, &registry, vec![parted("t", "s"), parted("s", "t")]);
    assert_eq!(specs(&design), start);
}

/// A field that was absent on both sides has nothing to give back, whatever somebody else wrote there since.
#[test]
fn what_was_written_outside_where_nothing_was_recorded_does_not_come_back() {
    let mut design = design("p WasmPlugin {spec: {phase: AUTHN}}\nf WASMFilter {wasmFilter: a}\nf -> p");
    open(&mut design);
    let edit = set("f", "wasmFilter", "b");
    gesture(&mut design, vec![edit]);
    let sha256 = FieldPath::keys(&["configuration", "spec", "sha256"]);
    design.apply(Edit::set(id("p"), sha256, "outside")).unwrap();
    open(&mut design);
    assert!(!show(&design).contains("outside"), "{}", show(&design));
    let edit = part(&design, "f", "p");
    gesture(&mut design, vec![edit]);
    assert!(!show(&design).contains("outside"), "{}", show(&design));
}
