//! What a design promises, on small designs.

use super::*;
use crate::model::configuration::MAX_DEPTH;
use crate::model::{Edit, EditError, FieldPath, Target};

fn component(id: &str, kind: &str, version: &str) -> Value {
    Value::from([
        ("id", id.into()),
        ("component", Value::from([("kind", kind.into()), ("version", version.into())])),
        ("configuration", Value::Map(Map::new())),
    ])
}

fn wallet(id: &str, from: &str, to: &str) -> Value {
    let end = |id: &str| Value::List(vec![Value::from([("id", id.into())])]);
    let allow = Value::from([("from", end(from)), ("to", end(to))]);
    Value::from([
        ("id", id.into()),
        ("kind", "hierarchical".into()),
        ("type", "parent".into()),
        ("subType", "wallet".into()),
        ("selectors", Value::List(vec![Value::from([("allow", allow)])])),
    ])
}

fn sample() -> Design {
    Design::from_tree(Value::from([
        ("name", "sample".into()),
        (
            "components",
            Value::List(vec![
                component("p", "WasmPlugin", "extensions.istio.io/v1alpha1"),
                component("f", "WASMFilter", "core.meshery.io/v1alpha1"),
                component("g", "WASMFilter", "core.meshery.io/v1alpha1"),
                component("g", "WASMFilter", "core.meshery.io/v1alpha1"),
            ]),
        ),
        ("relationships", Value::List(vec![wallet("1", "g", "p"), wallet("2", "f", "p")])),
    ]))
}

fn id(text: &str) -> ComponentId {
    ComponentId::from_text(text).unwrap()
}

#[test]
fn the_chain_follows_the_document() {
    let design = sample();
    let chain: Vec<_> = design.chain(id("p")).iter().map(|link| link.from).collect();
    assert_eq!(chain, [id("g"), id("f")]);
    assert_eq!(design.components().len(), 4, "a repeated id survives");
    assert_eq!(design.to_tree().at(&["components"]).unwrap().as_list().unwrap().len(), 4);
}

#[test]
fn every_edit_can_be_taken_back() {
    let design = sample();
    let path = FieldPath::keys(&["configuration", "spec", "url"]);
    let relationship = design.relationships().next().unwrap().id();
    let edits = [
        Edit::set(id("p"), path.clone(), "oci://reg.example.com/a"),
        Edit::unset(id("p"), FieldPath::keys(&["component"])),
        Edit::unset(id("p"), path),
        Edit::RemoveComponent { id: id("f") },
        Edit::RemoveRelationship { id: relationship },
        Edit::MoveRelationship { id: relationship, index: 1 },
        Edit::SetField { target: Target::Design, path: FieldPath::keys(&["name"]), value: None, place: None },
    ];
    for edit in edits {
        let mut changed = design.clone();
        let inverse = changed.apply(edit.clone()).unwrap();
        changed.apply(inverse).unwrap();
        assert_eq!(changed, design, "{edit:?}");
        assert_eq!(changed.chain(id("p")), design.chain(id("p")), "{edit:?}");
    }
}

#[test]
fn a_pair_is_a_link_exactly_while_both_its_ends_are_there() {
    let mut design = sample();
    let (filter, plugin) = (id("f"), id("p"));
    let relationship = design.relationships().nth(1).unwrap().id();
    let remove = |design: &mut Design, id| design.apply(Edit::RemoveComponent { id }).unwrap();
    let chain = |design: &Design| design.chain(plugin).len();
    let (f, p) = (remove(&mut design, filter), remove(&mut design, plugin));
    design.apply(f).unwrap();
    assert!(design.links_from(filter).is_empty());
    design.apply(p).unwrap();
    assert_eq!((chain(&design), design.links_from(filter).len()), (2, 1));
    // The relationship goes while an end is away, and comes back when it is there again.
    let f = remove(&mut design, filter);
    let gone = design.apply(Edit::RemoveRelationship { id: relationship }).unwrap();
    design.apply(f).unwrap();
    assert_eq!(chain(&design), 1);
    design.apply(gone).unwrap();
    assert_eq!((chain(&design), design.links_from(filter).len()), (2, 1));
    // It is told to name another component while an end is away.
    let f = remove(&mut design, filter);
    let path = FieldPath::from(vec![
        "selectors".into(),
        0.into(),
        "allow".into(),
        "from".into(),
        0.into(),
        "id".into(),
    ]);
    let target = Target::Relationship(relationship);
    let value = Some(Value::from("later"));
    design.apply(Edit::SetField { target, path, value, place: None }).unwrap();
    design.apply(f).unwrap();
    assert!(design.links_from(filter).is_empty());
    let later =
        Component::from_tree(id("later"), component("later", "WASMFilter", "core.meshery.io/v1alpha1"));
    design.apply(Edit::AddComponent { index: None, component: later.into() }).unwrap();
    assert_eq!(design.wallet_of(id("later")).map(|link| link.relationship), Some(relationship));
}

/// What `unlinked` is to hold, told from the relationships alone.
fn unlinked(design: &Design) -> IndexMap<ComponentId, IndexSet<RelationshipId, Hasher>, Hasher> {
    let is_there = |end: Option<ComponentId>| end.is_some_and(|id| design.component(id).is_some());
    let mut found: IndexMap<ComponentId, IndexSet<RelationshipId, Hasher>, Hasher> = IndexMap::default();
    for relationship in design.relationships() {
        for pair in relationship.pairs().iter().filter(|it| !is_there(it.from) || !is_there(it.to)) {
            for end in [pair.from, pair.to].into_iter().flatten() {
                found.entry(end).or_default().insert(relationship.id());
            }
        }
    }
    found
}

#[test]
fn what_is_noted_of_ends_that_are_away_goes_with_them() {
    let mut design = sample();
    let [first, second] = [0, 1].map(|n| design.relationships().nth(n).unwrap().id());
    let selectors = Edit::SetField {
        target: Target::Relationship(first),
        path: FieldPath::keys(&["selectors"]),
        value: wallet("1", "f", "away").at(&["selectors"]).cloned(),
        place: None,
    };
    let edits = [
        Edit::RemoveComponent { id: id("f") },
        Edit::RemoveComponent { id: id("p") },
        Edit::RemoveRelationship { id: second },
        selectors,
        Edit::RemoveRelationship { id: first },
    ];
    // Done and taken back twice, as by undo and redo.
    for _ in 0..2 {
        let mut inverses = Vec::new();
        for edit in &edits {
            inverses.push(design.apply(edit.clone()).unwrap());
            assert_eq!(design.unlinked, unlinked(&design), "{edit:?}");
        }
        assert!(design.unlinked.is_empty());
        while let Some(inverse) = inverses.pop() {
            design.apply(inverse.clone()).unwrap();
            assert_eq!(design.unlinked, unlinked(&design), "{inverse:?}");
        }
        assert!(design.unlinked.is_empty());
    }
}

#[test]
fn a_scalar_in_the_way_blocks_and_nothing_changes() {
    let mut design = sample();
    let name = FieldPath::keys(&["component", "kind", "deep"]);
    assert!(matches!(design.apply(Edit::set(id("p"), name, true)), Err(EditError::Path(_))));
    assert_eq!(design, sample());
    let ids = FieldPath::keys(&["id"]);
    assert!(matches!(design.apply(Edit::set(id("p"), ids, "x")), Err(EditError::Reserved(_))));
}

#[test]
fn what_is_joined_is_joined_in_the_file_whatever_ids_it_has() {
    let mut design = sample();
    let second = design.component_at(3).unwrap().id();
    assert_eq!(
        design.to_tree().at(&["components"]),
        Some(&{
            let kinds = [
                ("p", "WasmPlugin", "extensions.istio.io/v1alpha1"),
                ("f", "WASMFilter", "core.meshery.io/v1alpha1"),
            ];
            let [p, f] = kinds.map(|(id, kind, version)| component(id, kind, version));
            let g = component("g", "WASMFilter", "core.meshery.io/v1alpha1");
            Value::List(vec![p, f, g.clone(), g])
        }),
        "nothing is written that nobody needs"
    );
    // The second of one id comes into the wallet, and what stands before it goes.
    let tree = wallet("3", &second.to_string(), "p");
    let relationship = Relationship::from_tree(RelationshipId::from_name("3"), tree).into();
    design.apply(Edit::AddRelationship { index: None, relationship }).unwrap();
    design.apply(Edit::RemoveComponent { id: id("f") }).unwrap();
    let read = Design::from_tree(design.to_tree());
    assert_eq!(read.chain(id("p")), design.chain(id("p")));
    // The first of one id goes: what named it must not name the second.
    let mut design = sample();
    design.apply(Edit::RemoveComponent { id: id("g") }).unwrap();
    let read = Design::from_tree(design.to_tree());
    assert_eq!(read.chain(id("p")), design.chain(id("p")));
    assert_eq!(design.chain(id("p")).len(), 1);
}

#[test]
fn what_could_not_be_read_again_is_refused() {
    let mut design = sample();
    let deep = |levels: usize| (0..levels).fold(Value::from(1), |inner, _| Value::List(vec![inner]));
    let path = FieldPath::keys(&["configuration", "spec"]);
    let fits = MAX_DEPTH - 4;
    assert_eq!(design.apply(Edit::set(id("p"), path.clone(), deep(fits + 1))), Err(EditError::TooDeep));
    assert_eq!(design, sample());
    design.apply(Edit::set(id("p"), path, deep(fits))).unwrap();
    let component = design.component(id("p")).unwrap().tree().clone();
    assert_eq!(design.to_tree().height(), MAX_DEPTH);
    let wrapped = Value::from([("id", Value::from("q")), ("configuration", component)]);
    let component = Component::from_tree(id("q"), wrapped).into();
    assert_eq!(design.apply(Edit::AddComponent { index: None, component }), Err(EditError::TooDeep));
    for format in [crate::yaml::Format::Yaml, crate::yaml::Format::Json] {
        let text = crate::yaml::emit(&design.to_tree(), format);
        assert!(crate::yaml::parse(&text).is_ok());
    }
}

#[test]
fn names_fall_back_to_kind_and_place() {
    let design = sample();
    assert_eq!(design.name_of(id("f")), "wasm-filter-1");
    let names = design.names();
    assert_eq!(
        names.values().collect::<Vec<_>>(),
        ["wasm-plugin-1", "wasm-filter-1", "wasm-filter-2", "wasm-filter-3"]
    );
    for component in design.components() {
        assert_eq!(names[&component.id()], design.name_of(component.id()));
    }
}

#[test]
fn the_namespace_is_what_the_tree_says() {
    let mut design = sample();
    let namespace = |design: &Design| design.component(id("p")).unwrap().namespace().map(str::to_owned);
    let edits: [(&[&str], Value, Option<&str>); 5] = [
        (&["configuration", "metadata", "namespace"], "a".into(), Some("a")),
        (&["configuration", "metadata"], Value::from([("namespace", "b".into())]), Some("b")),
        (&["configuration", "metadata", "namespace"], " ".into(), None),
        (
            &["configuration"],
            Value::from([("metadata", Value::from([("namespace", "c".into())]))]),
            Some("c"),
        ),
        (&["configuration", "metadata", "namespace"], 3.into(), None),
    ];
    let mut before = namespace(&design);
    for (path, value, after) in edits {
        let undo = design.apply(Edit::set(id("p"), FieldPath::keys(path), value)).unwrap();
        assert_eq!(namespace(&design).as_deref(), after);
        let redo = design.apply(undo).unwrap();
        assert_eq!(namespace(&design), before);
        design.apply(redo).unwrap();
        before = after.map(str::to_owned);
    }
}
