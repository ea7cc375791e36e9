//! Identification by definitions of others: each rule of matching, and who is left alone.

use super::super::testing::*;
use super::super::{Evaluation, evaluated};
use crate::model::{ComponentId, Design, Edit, FieldPath, Relationship, RelationshipId, Target};
use crate::registry::Registry;

/// A definition of a class (`edge/binding/x`) between two kinds, with the insides of both selectors and more keys.
fn add(registry: &mut Registry, class: &str, from: &str, to: &str, more: &str) {
    let parts: Vec<&str> = class.split('/').collect();
    let text = format!(
        "{{kind: {}, type: {}, subType: {}, model: {{name: m}}, selectors: [{{allow: {{from: [{{{from}}}], to: [{{{to}}}]}}{more}}}]}}",
        parts[0], parts[1], parts[2]
    );
    registry.add_relationship(&format!("{}.yaml", parts[2]), &text).unwrap();
}

fn with(class: &str, from: &str, to: &str) -> Registry {
    let mut registry = (*Registry::builtin()).clone();
    add(&mut registry, class, from, to, "");
    registry
}

/// From Service `spec.a`, `spec.b` to Gateway `spec.a`, `spec.b`.
fn two_pairs(class: &str, matrix: &str) -> Registry {
    with(
        class,
        &format!(
            "kind: Service, match_strategy_matrix: {matrix}, patch: {{mutatorRef: [[configuration, spec, a], [configuration, spec, b]]}}"
        ),
        "kind: Gateway, patch: {mutatedRef: [[configuration, spec, a], [configuration, spec, b]]}",
    )
}

/// Evaluates with identification. Holds that what comes out is settled, and that the order of components means nothing.
fn open_with(design: &mut Design, registry: &Registry) -> Evaluation {
    let mut tree = design.to_tree();
    if let Some(crate::model::Value::List(items)) = tree.as_map_mut().unwrap().get_mut("components") {
        items.reverse();
    }
    let (reversed, _) = evaluated(&Design::from_tree(tree), registry, true);
    let (opened, found) = evaluated(design, registry, true);
    assert_eq!(pairs(&reversed), pairs(&opened), "permuting components changes nothing");
    let (again, second) = evaluated(&opened, registry, true);
    assert_eq!(show(&again), show(&opened), "an evaluated design stays as it is");
    assert!(second.trace.is_empty());
    *design = opened;
    found
}

/// Who is joined with whom, as `a -> b`.
fn pairs(design: &Design) -> Vec<String> {
    let name = |id: Option<ComponentId>| design.component(id.unwrap()).unwrap().display_name().to_owned();
    let pairs = design.relationships().flat_map(Relationship::pairs);
    pairs.map(|pair| format!("{} -> {}", name(pair.from), name(pair.to))).collect()
}

#[track_caller]
fn joins(registry: &Registry, components: &str, expected: &[&str], codes_expected: &[&str]) {
    let mut design = design(components);
    let found = open_with(&mut design, registry);
    assert_eq!(pairs(&design), expected, "{components}");
    assert_eq!(codes(&found), codes_expected, "{components}");
}

#[test]
fn every_pair_matches_or_is_absent_on_both_sides() {
    for (service, gateway, is_joined) in [
        ("{a: 1, b: x}", "{a: 1, b: x}", true),
        ("{a: 1}", "{a: 1}", true),
        ("{b: x}", "{b: x}", true),
        ("{a: 1, b: null}", "{a: 1, b: ' '}", true),
        ("{a: 1.0}", "{a: 1}", true),
        ("{a: {x: 1, y: [2]}}", "{a: {y: [2], x: 1}}", true),
        ("{a: 1, b: x}", "{a: 1}", false),
        ("{a: 1}", "{a: 1, b: x}", false),
        ("{a: 1, b: x}", "{a: 1, b: y}", false),
        ("{a: 1}", "{a: '1'}", false),
        ("{a: true}", "{a: 'true'}", false),
        ("{}", "{}", false),
        ("{a: null}", "{a: null}", false),
        ("{a: ''}", "{a: ''}", false),
    ] {
        let expected: &[&str] = if is_joined { &["s -> g"] } else { &[] };
        let components = format!("s Service {{spec: {service}}}\ng Gateway {{spec: {gateway}}}");
        joins(&two_pairs("edge/binding/x", "[]"), &components, expected, &[]);
    }
}

#[test]
fn each_match_strategy_and_several_together() {
    for (matrix, service, gateway, is_joined) in [
        ("[[equal]]", "{a: 1}", "{a: 1.0}", true),
        ("[[equal]]", "{a: 1}", "{a: '1'}", false),
        ("[[equal_as_strings]]", "{a: 1}", "{a: '1'}", true),
        ("[[equal_as_strings]]", "{a: true}", "{a: 'true'}", true),
        ("[[equal_as_strings]]", "{a: x}", "{a: X}", false),
        ("[[equal_as_strings], [equal]]", "{a: 1, b: 1}", "{a: '1', b: '1'}", false),
        ("[[to_contains_from]]", "{a: {x: 1}}", "{a: {x: 1, y: 2}}", true),
        ("[[to_contains_from]]", "{a: {x: 1, y: 2}}", "{a: {x: 1}}", false),
        ("[[to_contains_from]]", "{a: {x: 1}}", "{a: {x: 2, y: 2}}", false),
        ("[[to_contains_from]]", "{a: {x: {z: 1}}}", "{a: {x: {z: 1}}}", true),
        ("[[to_contains_from]]", "{a: text}", "{a: text}", true),
        ("[[to_contains_from]]", "{a: {}}", "{a: {x: 1}}", false),
        ("[[to_contains_from]]", "{a: {}, b: 1}", "{a: {x: 1}, b: 1}", true),
        ("[[to_contains_from]]", "{a: {x: 1}, b: 1}", "{a: {x: 1}, b: 2}", false),
        (
            "[[to_contains_from], [to_contains_from]]",
            "{a: {x: 1}, b: {x: 1}}",
            "{a: {x: 1}, b: {y: 1}}",
            false,
        ),
        ("[[to_contains_from, equal]]", "{a: {x: 1}}", "{a: {x: 1, y: 2}}", false),
        ("[[not_null]]", "{a: 1}", "{a: other}", true),
        ("[[not_null]]", "{a: 1}", "{}", false),
        ("[[not_null]]", "{a: 1}", "{a: null}", false),
        ("[[not_null], [not_null]]", "{b: 1}", "{b: 2}", true),
        ("[[not_null], [equal]]", "{a: 1, b: x}", "{b: x}", false),
        ("[[not_null], [equal]]", "{b: x}", "{a: 1, b: x}", false),
        ("[[not_null, equal]]", "{a: 1}", "{a: 2}", false),
        ("[[not_null, equal_as_strings]]", "{a: 1}", "{a: '1'}", true),
        ("[[unheard_of]]", "{a: 1}", "{a: 2}", false),
    ] {
        let registry = two_pairs("edge/binding/x", matrix);
        let mut design = design(&format!("s Service {{spec: {service}}}\ng Gateway {{spec: {gateway}}}"));
        // What is joined flows, and then is equal or reported: only who is joined is looked at.
        let (opened, _) = evaluated(&design, &registry, true);
        assert_eq!(opened.relationships().len() == 1, is_joined, "{matrix} {service} {gateway}");
        design = opened;
        assert!(design.components().len() == 2);
    }
}

#[test]
fn a_joined_pair_counts_as_written_with_nothing_before() {
    let registry = two_pairs("edge/binding/x", "[]");
    let mut design = design("s Service {spec: {a: 1, b: x}}\ng Gateway {spec: {a: 1.0, b: x, c: y}}");
    let found = open_with(&mut design, &registry);
    assert_eq!(found.trace.relationships_added.len(), 1);
    assert_eq!(found.trace.components_updated, []);
    let relationship = design.relationships().next().unwrap();
    assert_eq!(relationship.tree().text_at(&["status"]), Some("approved"));
    assert!(show(&design).contains(
        "{billfold:{wrote:[{path:[configuration,spec,a],value:1.0},{path:[configuration,spec,b],value:x}]}}"
    ));
    // Taken out it is empty, so that opening does not join it again.
    let id = relationship.id();
    let mut tx = crate::model::Transaction::new(&mut design);
    tx.apply(Edit::RemoveRelationship { id }).unwrap();
    super::super::evaluate(&mut tx, &registry, super::super::Scope::Touched);
    tx.commit("test");
    assert!(show(&design).contains("g {spec:{c:y}}"), "{}", show(&design));
    open_with(&mut design, &registry);
    assert_eq!(design.relationships().len(), 0);
}

#[test]
fn what_matches_without_being_equal_comes_back() {
    let registry = two_pairs("edge/binding/x", "[[to_contains_from]]");
    let mut design = design("s Service {spec: {a: {x: 1}}}\ng Gateway {spec: {a: {x: 1, y: 2}}}");
    let start = show(&design);
    let (opened, _) = evaluated(&design, &registry, true);
    design = opened;
    assert!(show(&design).contains("g {spec:{a:{x:1}}}"), "{}", show(&design));
    let id = design.relationships().next().unwrap().id();
    let mut tx = crate::model::Transaction::new(&mut design);
    tx.apply(Edit::RemoveRelationship { id }).unwrap();
    super::super::evaluate(&mut tx, &registry, super::super::Scope::Touched);
    tx.commit("test");
    assert_eq!(show(&design), start);
}

const TWINS: &str = "s Service {spec: {a: 1}}\nt Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}";
const PARENTS: &str = "s Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}\nh Gateway {spec: {a: 1}}";
const SQUARE: &str =
    "s Service {spec: {a: 1}}\nt Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}\nh Gateway {spec: {a: 1}}";

#[test]
fn who_fits_equally_is_joined_nowhere() {
    for (class, components, expected, codes_expected) in [
        // The child of a wallet gives: neither several children nor several parents.
        ("hierarchical/parent/wallet", TWINS, &[][..], &["DS014"][..]),
        ("hierarchical/parent/wallet", PARENTS, &[], &["DS014"]),
        ("hierarchical/parent/wallet", SQUARE, &[], &["DS014"]),
        // A parent may hold many, a child has one parent.
        ("hierarchical/parent/inventory", TWINS, &["s -> g", "t -> g"], &[]),
        ("hierarchical/parent/inventory", PARENTS, &[], &["DS014"]),
        ("hierarchical/parent/inventory", SQUARE, &[], &["DS014"]),
        // An edge may have many partners, as long as one end has the value alone.
        ("edge/binding/x", TWINS, &["s -> g", "t -> g"], &[]),
        ("edge/binding/x", PARENTS, &["s -> g", "s -> h"], &[]),
        ("edge/binding/x", SQUARE, &[], &["DS014"]),
        ("sibling/x/y", SQUARE, &[], &["DS014"]),
    ] {
        let registry = two_pairs(class, "[]");
        let mut design = design(components);
        let found = open_with(&mut design, &registry);
        let mut joined = pairs(&design);
        joined.sort();
        assert_eq!(joined, expected, "{class} {components}");
        assert_eq!(codes(&found), codes_expected, "{class} {components}");
    }
    let mut design = design(SQUARE);
    let found = open_with(&mut design, &two_pairs("edge/binding/x", "[]"));
    assert_eq!(found.diagnostics[0].message, "s and t fit g and h equally by x: none was joined");
}

/// `not_null` tells nobody apart, and a value that everybody has identifies nobody: no more is joined than there are
/// components, and no more is looked at.
#[test]
fn a_value_that_everybody_has_joins_nobody() {
    let many = |count: usize, kind: &str, spec: &str| {
        let lines = (0..count).map(|n| format!("{kind}{n} {kind} {{spec: {spec}}}\n"));
        lines.collect::<String>()
    };
    let text = many(200, "Service", "{a: {x: 1}}") + &many(200, "Gateway", "{a: {x: 1, y: 2}}");
    for (matrix, infos) in [("[[not_null]]", 1), ("[[to_contains_from]]", 200), ("[[equal]]", 0)] {
        let mut design = design(&text);
        let found = open_with(&mut design, &two_pairs("edge/binding/x", matrix));
        assert_eq!(design.relationships().len(), 0, "{matrix}");
        assert_eq!(found.diagnostics.len(), infos, "{matrix}");
    }
    // With one on the one side everybody is joined to it.
    let text = many(1, "Service", "{a: {x: 1}}") + &many(50, "Gateway", "{a: {x: 1, y: 2}}");
    for matrix in ["[[not_null]]", "[[to_contains_from]]"] {
        let (opened, _) = evaluated(&design(&text), &two_pairs("edge/binding/x", matrix), true);
        assert_eq!(opened.relationships().len(), 50, "{matrix}");
    }
}

#[test]
fn the_parent_may_give_and_both_may() {
    let up = with(
        "hierarchical/parent/inventory",
        "kind: Service, patch: {mutatedRef: [[configuration, spec, a]]}",
        "kind: Gateway, patch: {mutatorRef: [[displayName]]}",
    );
    joins(
        &up,
        "g Gateway\nh Gateway\ns Service {spec: {a: g}}\nt Service {spec: {a: h}}\nu Service {spec: {a: g}}\nv Service {spec: {a: other}}",
        &["s -> g", "u -> g", "t -> h"],
        &[],
    );
    let both = with(
        "edge/binding/x",
        "kind: Service, patch: {mutatorRef: [[displayName]], mutatedRef: [[configuration, spec, b]]}",
        "kind: Gateway, patch: {mutatedRef: [[configuration, spec, a]], mutatorRef: [[displayName]]}",
    );
    joins(&both, "s Service {spec: {b: g}}\ng Gateway {spec: {a: s}}", &["s -> g"], &[]);
    joins(&both, "s Service {spec: {b: g}}\ng Gateway", &[], &[]);
}

#[test]
fn kinds_models_and_deny_count() {
    let patch = |key: &str| format!("patch: {{{key}: [[configuration, spec, a]]}}");
    let (gives, gets) = (patch("mutatorRef"), patch("mutatedRef"));
    let components = "s Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}\nd Deployment {spec: {a: 1}}";
    // `*` is any kind, and nobody is joined with itself.
    let any = with("edge/binding/x", &format!("kind: Service, {gives}"), &format!("kind: '*', {gets}"));
    joins(&any, components, &["s -> d", "s -> g"], &[]);
    // A part of a name is another name.
    let part = with("edge/binding/x", &format!("kind: Serv, {gives}"), &format!("kind: Gateway, {gets}"));
    joins(&part, components, &[], &[]);
    let mut denied = (*Registry::builtin()).clone();
    let deny = ", deny: {from: [{kind: Service}], to: [{kind: Deployment}]}";
    add(
        &mut denied,
        "edge/binding/x",
        &format!("kind: Service, {gives}"),
        &format!("kind: '*', {gets}"),
        deny,
    );
    joins(&denied, components, &["s -> g"], &[]);
    // A denied pair is no candidate either.
    let mut child = (*Registry::builtin()).clone();
    add(
        &mut child,
        "hierarchical/parent/inventory",
        &format!("kind: Service, {gives}"),
        &format!("kind: '*', {gets}"),
        deny,
    );
    joins(&child, components, &["s -> g"], &[]);

    let model = "kind: Service, model: {name: kubernetes}";
    let of_model = with("edge/binding/x", &format!("{model}, {gives}"), &format!("kind: Gateway, {gets}"));
    for (name, is_joined) in [("kubernetes", true), ("other", false), ("", true)] {
        let mut design = design("s Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}");
        design.apply(Edit::set(id("s"), FieldPath::keys(&["model", "name"]), name)).unwrap();
        open_with(&mut design, &of_model);
        assert_eq!(design.relationships().len() == 1, is_joined, "{name}");
    }
}

fn relationship(text: &str) -> Edit {
    let relationship = Relationship::from_tree(RelationshipId::from_name(text), value(text));
    Edit::AddRelationship { index: None, relationship: relationship.into() }
}

#[test]
fn what_is_joined_ignored_or_frozen_is_left_alone() {
    let registry = two_pairs("hierarchical/parent/inventory", "[]");
    let start = || design("s Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}\nh Gateway {spec: {a: 2}}");
    let between = |status: &str, to: &str| {
        relationship(&format!(
            "{{kind: hierarchical, type: parent, subType: inventory, status: {status}, selectors: [{{allow: {{from: [{{id: s}}], to: [{{id: {to}}}]}}}}]}}"
        ))
    };
    for (status, to, count) in [
        ("approved", "g", 1),
        // It has another parent already.
        ("approved", "h", 1),
        ("ignored", "g", 1),
        ("ignored", "h", 2),
        ("deleted", "g", 2),
    ] {
        let mut design = start();
        design.apply(between(status, to)).unwrap();
        open_with(&mut design, &registry);
        assert_eq!(design.relationships().len(), count, "{status} {to}");
    }
    let mut frozen = start();
    let layers =
        FieldPath::keys(&["preferences", "layers", "relationships", "Hierarchical-parent-Inventory"]);
    frozen
        .apply(Edit::SetField {
            target: Target::Design,
            path: layers,
            value: Some(false.into()),
            place: None,
        })
        .unwrap();
    open_with(&mut frozen, &registry);
    assert_eq!(frozen.relationships().len(), 0);
    for more in [
        "status: ignored",
        "status: deleted",
        "metadata: {isAnnotation: true}",
        "metadata: {billfold: {derived: true}}",
    ] {
        let mut registry = (*Registry::builtin()).clone();
        let text = format!(
            "{{kind: edge, type: binding, subType: x, {more}, selectors: [{{allow: {{from: [{{kind: Service, patch: {{mutatorRef: [[configuration, spec, a]]}}}}], to: [{{kind: Gateway, patch: {{mutatedRef: [[configuration, spec, a]]}}}}]}}}}]}}"
        );
        registry.add_relationship("x.yaml", &text).unwrap();
        let mut design = start();
        open_with(&mut design, &registry);
        assert_eq!(design.relationships().len(), 0, "{more}");
    }
}

/// Definitions of one class between the same kinds: each relationship is read by the one whose references it has.
#[test]
fn several_definitions_of_one_class_stay_apart() {
    let mut registry = (*Registry::builtin()).clone();
    for field in ["a", "b", "b"] {
        add(
            &mut registry,
            "edge/binding/x",
            &format!("kind: Service, patch: {{mutatorRef: [[configuration, spec, {field}]]}}"),
            &format!("kind: Gateway, patch: {{mutatedRef: [[configuration, spec, {field}]]}}"),
            "",
        );
    }
    let mut design = design("s Service {spec: {a: 1, b: 2}}\ng Gateway {spec: {a: 3, b: 2}}");
    open_with(&mut design, &registry);
    assert_eq!(pairs(&design), ["s -> g"], "the definition that is there twice counts once");
    assert!(show(&design).contains("g {spec:{a:3,b:2}}"), "{}", show(&design));
}

#[test]
fn a_child_gets_one_wallet_over_all_definitions() {
    let mut registry = (*Registry::builtin()).clone();
    for (kind, key) in [("Gateway", "spec"), ("ConfigMap", "data")] {
        add(
            &mut registry,
            "hierarchical/parent/wallet",
            "kind: Service, patch: {mutatorRef: [[configuration, spec, a]]}",
            &format!("kind: {kind}, patch: {{mutatedRef: [[configuration, {key}, a]]}}"),
            "",
        );
    }
    joins(
        &registry,
        "s Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}\nd ConfigMap {data: {a: 1}}",
        &[],
        &["DS014"],
    );
    joins(
        &registry,
        "s Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}\nd ConfigMap {data: {a: 2}}",
        &["s -> g"],
        &[],
    );
}

#[test]
fn two_of_one_kind_are_joined_once() {
    let registry = with(
        "sibling/x/y",
        "kind: Service, patch: {mutatorRef: [[configuration, spec, a]]}",
        "kind: Service, patch: {mutatedRef: [[configuration, spec, a]]}",
    );
    joins(&registry, "s Service {spec: {a: 1}}\nt Service {spec: {a: 1}}", &["s -> t"], &[]);
    joins(&registry, "s Service {spec: {a: 1}}", &[], &[]);
    joins(
        &registry,
        "s Service {spec: {a: 1}}\nt Service {spec: {a: 1}}\nu Service {spec: {a: 1}}",
        &[],
        &["DS014"],
    );
}

/// Also where the two are of different models, or of one kind and another that a selector takes as well, and where the one
/// contains the other.
#[test]
fn two_that_fit_each_other_both_ways_are_joined_once() {
    let both = |from: &str, to: &str, matrix: &str| {
        let strategies = format!("match_strategy_matrix: [[{matrix}]]");
        with(
            "edge/binding/x",
            &format!("{from}{strategies}, patch: {{mutatorRef: [[configuration, spec, a]]}}"),
            &format!("{to}patch: {{mutatedRef: [[configuration, spec, a]]}}"),
        )
    };
    let of_models = |components: &str| {
        let mut design = design(components);
        for (name, model) in [("s", "one"), ("t", "two")] {
            let model = value(&format!("{{name: {model}}}"));
            design.apply(Edit::set(id(name), FieldPath::keys(&["model"]), model)).unwrap();
        }
        design
    };
    for (from, to, matrix, components) in [
        ("kind: Service, ", "kind: Service, ", "equal", "s Service {spec: {a: 1}}\nt Service {spec: {a: 1}}"),
        ("", "", "equal", "s Service {spec: {a: 1}}\nt Gateway {spec: {a: 1}}"),
        (
            "kind: Service, ",
            "kind: Service, ",
            "to_contains_from",
            "s Service {spec: {a: {x: 1}}}\nt Service {spec: {a: {x: 1}}}",
        ),
        (
            "kind: Service, ",
            "kind: Service, ",
            "not_null",
            "s Service {spec: {a: 1}}\nt Service {spec: {a: 1}}",
        ),
    ] {
        for mut design in [design(components), of_models(components)] {
            let registry = both(from, to, matrix);
            let found = open_with(&mut design, &registry);
            assert_eq!(pairs(&design), ["s -> t"], "{matrix} {components}");
            assert_eq!(codes(&found), Vec::<&str>::new(), "{matrix} {components}");
        }
    }
    // Selectors of one set, each of which may be the source.
    let selectors = |key: &str| {
        let patch = format!("patch: {{{key}: [[configuration, spec, a]]}}");
        format!("kind: Service, {patch}}}, {{kind: Gateway, {patch}")
    };
    let registry = with("edge/binding/x", &selectors("mutatorRef"), &selectors("mutatedRef"));
    joins(&registry, "s Service {spec: {a: 1}}\nt Gateway {spec: {a: 1}}", &["s -> t"], &[]);
}

/// What one relationship writes may say that more belongs together: it is joined in the same evaluation.
#[test]
fn what_a_patch_made_equal_is_joined_at_once() {
    let mut registry = (*Registry::builtin()).clone();
    for (sub_type, from, to) in [("x", "Service", "Gateway"), ("y", "Gateway", "ConfigMap")] {
        let key = if to == "Gateway" { "spec" } else { "data" };
        add(
            &mut registry,
            &format!("edge/binding/{sub_type}"),
            &format!("kind: {from}, patch: {{mutatorRef: [[configuration, spec, a]]}}"),
            &format!("kind: {to}, patch: {{mutatedRef: [[configuration, {key}, a]]}}"),
            "",
        );
    }
    let mut design = design("s Service {spec: {a: x}}\ng Gateway\nc ConfigMap {data: {a: x}}");
    let edge = relationship(
        "{kind: edge, type: binding, subType: x, selectors: [{allow: {from: [{id: s}], to: [{id: g}]}}]}",
    );
    design.apply(edge).unwrap();
    let (opened, found) = evaluated(&design, &registry, true);
    assert_eq!(pairs(&opened), ["s -> g", "g -> c"]);
    assert_eq!(found.trace.relationships_added.len(), 1);
    let (again, _) = evaluated(&opened, &registry, true);
    assert_eq!(show(&again), show(&opened));
}

/// A child of one wallet is no candidate for another, whoever defines the wallets: what fits beside it is joined.
#[test]
fn a_child_that_lies_in_a_wallet_fits_no_other() {
    let mut registry = two_pairs("hierarchical/parent/wallet", "[]");
    add(&mut registry, "hierarchical/parent/wallet", "kind: Service", "kind: ConfigMap", "");
    let mut design =
        design("s Service {spec: {a: 1}}\nt Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}\nc ConfigMap");
    let edge = "{kind: hierarchical, type: parent, subType: wallet, selectors: [{allow: {from: [{id: s}], to: [{id: c}]}}]}";
    design.apply(relationship(edge)).unwrap();
    let found = open_with(&mut design, &registry);
    assert_eq!(pairs(&design), ["s -> c", "t -> g"]);
    assert_eq!(codes(&found), Vec::<&str>::new());
}

/// What another definition of the class denies is not joined, to be taken out again.
#[test]
fn what_any_definition_of_the_class_denies_is_not_joined() {
    let mut registry = two_pairs("edge/binding/x", "[]");
    let deny = ", deny: {from: [{kind: Service}], to: [{kind: Gateway}]}";
    add(&mut registry, "edge/binding/x", "kind: Service", "kind: ConfigMap", deny);
    let mut design = design("s Service {spec: {a: 1}}\ng Gateway {spec: {a: 1}}");
    let found = open_with(&mut design, &registry);
    assert_eq!(pairs(&design), Vec::<String>::new());
    assert!(found.trace.is_empty() && found.diagnostics.is_empty());
}

/// What flows back along a pair that was just found is not taken for what it gave before it was found.
#[test]
fn a_found_pair_that_moves_and_flows_both_ways_settles() {
    let registry = with(
        "edge/binding/x",
        "kind: Service, patch: {patchStrategy: move, mutatorRef: [[configuration, spec, a]], mutatedRef: [[configuration, spec, a]]}",
        "kind: Gateway, patch: {patchStrategy: move, mutatedRef: [[configuration, spec, b]], mutatorRef: [[configuration, spec, b]]}",
    );
    let mut registry = registry;
    add(
        &mut registry,
        "edge/binding/y",
        "kind: ConfigMap, patch: {mutatorRef: [[configuration, data, a]]}",
        "kind: Service, patch: {mutatedRef: [[configuration, spec, c]]}",
        "",
    );
    let mut design = design("s Service {spec: {a: 1}}\ng Gateway {spec: {b: 1}}\nc ConfigMap");
    let tree = value(&format!(
        "{{kind: edge, type: binding, subType: y, selectors: [{{allow: {{from: [{{id: {}}}], to: [{{id: {}}}]}}}}]}}",
        id("c"),
        id("s")
    ));
    let relationship = Relationship::from_tree(RelationshipId::from_name("y"), tree);
    design.apply(Edit::AddRelationship { index: None, relationship: relationship.into() }).unwrap();
    let found = open_with(&mut design, &registry);
    assert_eq!(codes(&found), Vec::<&str>::new());
    assert_eq!(pairs(&design), ["c -> s", "s -> g"]);
    assert!(show(&design).starts_with("s {spec:{}}\ng {spec:{b:1}}"), "{}", show(&design));
}

/// A component that says no model fits every model; what joins it is described by the definition, so that it is found again.
#[test]
fn what_says_no_model_is_joined_once() {
    let registry = with(
        "edge/binding/x",
        "kind: Service, matchStrategyMatrix: [[not_null]], patch: {mutatorRef: [[configuration, spec, a]]}",
        "kind: ConfigMap, model: {name: other}, patch: {mutatedRef: [[configuration, data, a]]}",
    );
    let mut design = design("s Service {spec: {a: x}}\nc ConfigMap {data: {a: y}}");
    open_with(&mut design, &registry);
    assert_eq!(pairs(&design), ["s -> c"]);
    assert!(show(&design).contains("c {data:{a:x}}"), "{}", show(&design));
}

/// Hundreds of definitions that say the same of the same components: the first few join them, and the rest is said, the
/// same whenever the design is opened.
#[test]
fn definitions_that_say_the_same_join_two_components_a_few_times() {
    let mut registry = (*Registry::builtin()).clone();
    for number in 0..300 {
        add(
            &mut registry,
            &format!("edge/binding/x{number}"),
            "kind: Service, patch: {mutatorRef: [[configuration, spec, a]]}",
            "kind: Gateway, patch: {mutatedRef: [[configuration, spec, a]]}",
            "",
        );
    }
    let components = |number| {
        format!("s{number} Service {{spec: {{a: {number}}}}}\ng{number} Gateway {{spec: {{a: {number}}}}}")
    };
    let mut design = design(&(0..50).map(components).collect::<Vec<_>>().join("\n"));
    let found = open_with(&mut design, &registry);
    assert_eq!(design.relationships().len(), 50 * 8);
    assert!((0..8).all(|number| {
        let class = format!("edge-binding-x{number}");
        design.relationships().filter(|it| it.class() == class).count() == 50
    }));
    assert_eq!(
        found.diagnostics.iter().map(|it| it.message.as_str()).collect::<Vec<_>>(),
        [
            "values also fit by x8, x9, x10 and 289 more definitions, 14600 times, where 8 relationships join the same \
          two already: these were not joined. Load fewer definitions that say the same"
        ]
    );
    let again = open_with(&mut design, &registry);
    assert_eq!(again.diagnostics, found.diagnostics);
}

/// Nothing lies in what lies in it, and an edge that is there one way is not made the other way.
#[test]
fn what_is_joined_the_other_way_round_is_not_joined() {
    let refs = "kind: Service, patch: {mutatorRef: [[configuration, spec, a]]}";
    for class in ["hierarchical/parent/inventory", "edge/binding/x"] {
        let registry = with(class, refs, &refs.replace("mutatorRef", "mutatedRef"));
        let parts: Vec<&str> = class.split('/').collect();
        for (from, to) in [("s", "t"), ("t", "s")] {
            let mut design = design("s Service {spec: {a: 1}}\nt Service {spec: {a: 1}}");
            let edge = format!(
                "{{kind: {}, type: {}, subType: {}, selectors: [{{allow: {{from: [{{id: {from}}}], to: [{{id: {to}}}]}}}}]}}",
                parts[0], parts[1], parts[2]
            );
            design.apply(relationship(&edge)).unwrap();
            open_with(&mut design, &registry);
            assert_eq!(pairs(&design), [format!("{from} -> {to}")], "{class}");
        }
    }
}
