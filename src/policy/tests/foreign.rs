//! Definitions of others: any pair of paths, conflicts, and relationships that do not settle.

use std::fmt::Write as _;

use super::super::testing::*;
use crate::model::{Design, Edit, Relationship, RelationshipId};
use crate::registry::Registry;

/// A registry with definitions `subType: from path -> to path`, from Service to ConfigMap or back.
fn registry(definitions: &[(&str, &str, &str, &str, &str)]) -> Registry {
    let mut registry = (*Registry::builtin()).clone();
    for (sub_type, (from, mutator), (to, mutated), strategy) in
        definitions.iter().map(|(sub_type, from, to, strategy, _)| {
            (sub_type, from.split_once(' ').unwrap(), to.split_once(' ').unwrap(), strategy)
        })
    {
        let list = |path: &str| path.split('.').collect::<Vec<_>>().join(", ");
        let text = format!(
            "{{kind: edge, type: binding, subType: {sub_type}, model: {{name: kubernetes}}, selectors: [{{allow: {{\
             from: [{{kind: {from}, patch: {{patchStrategy: {strategy}, mutatorRef: [[{}]]}}}}], \
             to: [{{kind: {to}, patch: {{patchStrategy: {strategy}, mutatedRef: [[{}]]}}}}]}}}}]}}",
            list(mutator),
            list(mutated)
        );
        registry.add_relationship(&format!("{sub_type}.yaml"), &text).unwrap();
    }
    registry
}

fn edge(sub_type: &str, from: &str, to: &str) -> Edit {
    let tree = value(&format!(
        "{{kind: edge, type: binding, subType: {sub_type}, selectors: [{{allow: {{from: [{{id: {from}}}], to: [{{id: {to}}}]}}}}]}}"
    ));
    let id = RelationshipId::from_name(&format!("{sub_type} {from} {to}"));
    Edit::AddRelationship {
        index: None,
        relationship: std::sync::Arc::new(Relationship::from_tree(id, tree)),
    }
}

#[test]
fn a_value_flows_through_several_relationships() {
    let registry = registry(&[
        ("one", "Service displayName", "ConfigMap configuration.data.name", "replace", ""),
        ("two", "ConfigMap configuration.data.name", "Secret configuration.data.name", "replace", ""),
    ]);
    let mut design =
        design("s Service\nc ConfigMap {data: {other: x}}\nt Secret {data: {name: secret-before}}");
    let start = show(&design);
    let edits = vec![edge("two", "c", "t"), edge("one", "s", "c")];
    let found = gesture_with(&mut design, &registry, edits);
    assert!(show(&design).contains("c {data:{other:x,name:s}}\nt {data:{name:s}}"), "{}", show(&design));
    assert_eq!(found.passes, 3);
    let trace = crate::yaml::emit_json_compact(&found.trace.to_value());
    assert!(!trace.contains("secret-before"), "{trace}");
    assert!(trace.contains(r#""before":"(secret)","after":"(secret)""#), "{trace}");
    let id = |name: &str| RelationshipId::from_name(name);
    let edits =
        vec![Edit::RemoveRelationship { id: id("one s c") }, Edit::RemoveRelationship { id: id("two c t") }];
    gesture_with(&mut design, &registry, edits);
    assert_eq!(show(&design), start);
}

#[test]
fn what_writes_its_own_source_is_taken_back_and_said() {
    let registry = registry(&[
        ("append", "Service configuration.spec", "ConfigMap configuration.data", "replace", ""),
        ("grow", "ConfigMap configuration.data", "Service configuration.spec.nested", "replace", ""),
        ("calm", "Service displayName", "ConfigMap configuration.metadata.name", "replace", ""),
    ]);
    let mut design = design("s Service {spec: {a: 1}}\nc ConfigMap");
    let edits = vec![
        edge("append", "s", "c"),
        edge("grow", "c", "s"),
        edge("calm", "s", "c"),
        set("s", "spec.a", "2"),
    ];
    let found = gesture_with(&mut design, &registry, edits);
    assert_eq!(codes(&found), ["DS006", "DS006"]);
    expect(
        &design,
        "s {spec:{a:2}}
         c {metadata:{name:s}}
         s -> c
         c -> s
         s -> c {billfold:{wrote:[{path:[configuration,metadata,name],value:s,made:1}]}}",
    );
}

/// Each pass makes the value three times as large.
#[test]
fn what_grows_within_itself_is_taken_back_before_it_fills_the_memory() {
    let registry = registry(&[
        ("one", "Service configuration.spec", "Service configuration.spec.a", "replace", ""),
        ("two", "Service configuration.spec", "Service configuration.spec.b", "replace", ""),
        ("three", "Service configuration.spec", "Service configuration.spec.c", "replace", ""),
    ]);
    let mut design = design("s Service {spec: {x: 1}}");
    let edits = ["one", "two", "three"].map(|class| edge(class, "s", "s")).into();
    let found = gesture_with(&mut design, &registry, edits);
    assert_eq!(codes(&found), ["DS006", "DS006", "DS006"]);
    assert!(show(&design).starts_with("s {spec:{x:1}}\n"), "{}", show(&design));
}

#[test]
fn the_first_of_two_writers_wins_and_the_second_takes_over() {
    let registry =
        registry(&[("name", "Service displayName", "ConfigMap configuration.data.name", "replace", "")]);
    let mut design = design("s Service\nt Service\nc ConfigMap {data: {name: own}}");
    let start = show(&design);
    let found = gesture_with(&mut design, &registry, vec![edge("name", "s", "c"), edge("name", "t", "c")]);
    assert_eq!(codes(&found), ["DS005"]);
    assert!(show(&design).contains("c {data:{name:s}}"), "{}", show(&design));
    let remove = |name: &str| Edit::RemoveRelationship { id: RelationshipId::from_name(name) };
    gesture_with(&mut design, &registry, vec![remove("name s c")]);
    assert!(show(&design).contains("c {data:{name:t}}"), "{}", show(&design));
    gesture_with(&mut design, &registry, vec![remove("name t c")]);
    assert_eq!(show(&design), start);
}

#[test]
fn a_merge_starts_from_what_stood_there() {
    let registry = registry(&[(
        "labels",
        "Service configuration.spec.selector",
        "ConfigMap configuration.metadata.labels",
        "merge",
        "",
    )]);
    let mut design =
        design("s Service {spec: {selector: {a: 1}}}\nc ConfigMap {metadata: {labels: {own: x}}}");
    gesture_with(&mut design, &registry, vec![edge("labels", "s", "c")]);
    assert!(show(&design).contains("c {metadata:{labels:{own:x,a:1}}}"), "{}", show(&design));
    gesture_with(&mut design, &registry, vec![set("s", "spec.selector", "{b: 2}")]);
    assert!(show(&design).contains("c {metadata:{labels:{own:x,b:2}}}"), "{}", show(&design));
}

#[test]
fn only_the_bad_pair_of_a_relationship_goes() {
    let text = include_str!("../../../tests/fixtures/valid/several-pairs.yaml");
    let mut design = Design::from_tree(value(text));
    let found = open(&mut design);
    assert_eq!(codes(&found), ["DS007", "DS004"]);
    assert_eq!(
        found.diagnostics[0].message,
        "a wallet relationship was removed: its child is not in the design"
    );
    let relationship = design.relationships().next().unwrap();
    assert_eq!(relationship.pairs().len(), 3);
    assert!(show(&design).starts_with("plugin {metadata:{name:plugin},spec:{url:file:///opt/filters/one.wasm,pluginConfig:{mapping:[1,2]}}}"), "{}", show(&design));
    let before = show(&design);
    open(&mut design);
    assert_eq!(show(&design), before);
    // The second pair takes over within the same relationship.
    let one = design.components().nth(1).unwrap().id();
    let path = crate::model::FieldPath::keys(&["configuration", "wasmFilter"]);
    gesture(&mut design, vec![Edit::unset(one, path)]);
    assert!(
        show(&design).starts_with(
            "plugin {metadata:{name:plugin},spec:{url:file:///opt/filters/two.wasm,pluginConfig:{a:1,b:[x]}}}"
        ),
        "{}",
        show(&design)
    );
}

/// The relationships of `count` Services in a row, each of which hands its value to the next; the last first.
fn row(count: usize, close: bool) -> (Registry, Design, Vec<Edit>) {
    let registry =
        registry(&[("next", "Service configuration.spec.a", "Service configuration.spec.a", "replace", "")]);
    let components = (0..count).map(|n| format!("s{n} Service\n"));
    let mut edits: Vec<Edit> =
        (1..count).rev().map(|n| edge("next", &format!("s{}", n - 1), &format!("s{n}"))).collect();
    if close {
        edits.insert(0, edge("next", &format!("s{}", count - 1), "s0"));
    }
    (registry, design(&components.collect::<String>()), edits)
}

/// A value that comes a long way against the order of the document arrives, however many passes it needs.
#[test]
fn a_long_way_is_no_loop() {
    let (registry, mut design, mut edits) = row(60, false);
    edits.push(set("s0", "spec.a", "x"));
    let found = gesture_with(&mut design, &registry, edits);
    assert_eq!(codes(&found), Vec::<&str>::new());
    assert!(found.passes > 16);
    assert!(show(&design).contains("s59 {spec:{a:x}}"));
    // A value that goes round and comes back the same is none either.
    let (registry, mut design, mut edits) = row(30, true);
    edits.push(set("s3", "spec.a", "x"));
    let found = gesture_with(&mut design, &registry, edits);
    assert_eq!(codes(&found), Vec::<&str>::new());
    assert!(show(&design).contains("s2 {spec:{a:x}}"));
}

/// Rings in which a value grows, beside one that settles: exactly the rings are taken back, in one go.
#[test]
fn many_loops_are_taken_back_and_nothing_else() {
    let registry = registry(&[
        ("next", "Service configuration.spec.a", "Service configuration.spec.a", "replace", ""),
        ("grow", "Service configuration.spec.a", "Service configuration.spec.a.in", "replace", ""),
    ]);
    let rings = 40;
    let mut text = String::from("x Service\ny Service {spec: {a: own}}\n");
    let mut edits = Vec::new();
    for ring in 0..rings {
        for n in 0..3 {
            writeln!(text, "r{ring}n{n} Service").unwrap();
        }
        // Against the order of the document: in each pass only one of the three writes.
        edits.push(edge("grow", &format!("r{ring}n2"), &format!("r{ring}n0")));
        edits.push(edge("next", &format!("r{ring}n1"), &format!("r{ring}n2")));
        edits.push(edge("next", &format!("r{ring}n0"), &format!("r{ring}n1")));
        edits.push(set(&format!("r{ring}n0"), "spec", "{a: {in: 1}}"));
    }
    edits.push(edge("next", "x", "y"));
    edits.push(set("x", "spec.a", "1"));
    let mut design = design(&text);
    let found = gesture_with(&mut design, &registry, edits);
    assert_eq!(codes(&found), vec!["DS006"; 3 * rings]);
    let shown = show(&design);
    assert!(shown.contains("y {spec:{a:1}}\nr0n0 {spec:{a:{in:1}}}\nr0n1 {}\nr0n2 {}"), "{shown}");
    assert!(
        shown.ends_with("x -> y {billfold:{wrote:[{path:[configuration,spec,a],value:1,before:own}]}}\n")
    );
    assert_eq!(shown.matches("wrote").count(), 1);
}

/// While a plugin has a filter its module fields are the filter's, whatever else would write them.
#[test]
fn nobody_else_writes_the_fields_of_a_wallet() {
    for (mutated, value) in [("configuration.spec.url", "other"), ("configuration.spec.pluginConfig.x", "2")]
    {
        let registry = registry(&[(
            "other",
            "Service configuration.spec.give",
            &format!("WasmPlugin {mutated}"),
            "replace",
            "",
        )]);
        let text = format!(
            "s Service {{spec: {{give: {value}}}}}\np WasmPlugin {{spec: {{phase: AUTHN}}}}\nf WASMFilter {{wasmFilter: a, config: '{{\"x\": 1}}'}}"
        );
        let mut design = design(&text);
        gesture_with(&mut design, &registry, vec![edge("other", "s", "p")]);
        let alone = show(&design);
        assert!(alone.contains(&format!("x:{value}")) || alone.contains(&format!("url:{value}")), "{alone}");
        let edit = join(&design, "f", "p");
        let found = gesture_with(&mut design, &registry, vec![edit]);
        assert_eq!(codes(&found), ["DS005"], "{mutated}");
        assert_eq!(found.trace.conflicts.len(), 1);
        assert!(
            show(&design).contains("p {spec:{phase:AUTHN,url:a,pluginConfig:{x:1}}}"),
            "{}",
            show(&design)
        );
        // The filter's edits arrive, and when it goes the other writes again.
        gesture_with(&mut design, &registry, vec![set("f", "wasmFilter", "b")]);
        assert!(show(&design).contains("url:b"), "{}", show(&design));
        let edit = part(&design, "f", "p");
        let found = gesture_with(&mut design, &registry, vec![edit]);
        assert_eq!(codes(&found), Vec::<&str>::new());
        let plugin = |text: &str| text.lines().find(|line| line.starts_with("p ")).unwrap().to_owned();
        assert_eq!(plugin(&show(&design)), plugin(&alone));
    }
}

/// The four module fields belong to the filters while there are any: one of another definition would tear them apart.
#[test]
fn what_others_write_into_a_module_field_gives_way_to_the_filters() {
    let registry = registry(&[
        ("url", "Service configuration.spec.u", "WasmPlugin configuration.spec.url", "replace", ""),
        ("in", "Service configuration.spec.u", "WasmPlugin configuration.spec.pluginConfig.u", "replace", ""),
    ]);
    let start = "s Service {spec: {u: other}}\np WasmPlugin {spec: {url: own, pluginConfig: {k: 1}}}\nf WASMFilter {wasmFilter: mine}";
    let wallet = |design: &Design| Edit::AddRelationship {
        index: None,
        relationship: std::sync::Arc::new(
            super::super::relationship::wallet(design, id("f"), id("p")).unwrap(),
        ),
    };
    let remove = |design: &Design, class: &str| Edit::RemoveRelationship {
        id: design.relationships().find(|it| it.class().ends_with(class)).unwrap().id(),
    };
    for index in [None, Some(0)] {
        let mut design = design(start);
        let first = show(&design);
        let found = gesture_with(&mut design, &registry, vec![edge("url", "s", "p"), edge("in", "s", "p")]);
        assert_eq!(codes(&found), Vec::<&str>::new());
        assert!(
            show(&design).contains("p {spec:{url:other,pluginConfig:{k:1,u:other}}}"),
            "{}",
            show(&design)
        );
        let mut add = wallet(&design);
        if let Edit::AddRelationship { index: place, .. } = &mut add {
            *place = index;
        }
        let found = gesture_with(&mut design, &registry, vec![add]);
        assert_eq!(codes(&found), ["DS005", "DS005"]);
        assert_eq!(found.trace.conflicts.len(), 2);
        assert!(show(&design).contains("p {spec:{url:mine}}"), "{}", show(&design));
        // It stands back as long as there is a filter, and writes again when that goes.
        let mut other = design.clone();
        let edits = vec![remove(&design, "wallet")];
        gesture_with(&mut design, &registry, edits);
        assert!(
            show(&design).contains("p {spec:{url:other,pluginConfig:{k:1,u:other}}}"),
            "{}",
            show(&design)
        );
        for class in ["url", "in"] {
            let edits = vec![remove(&design, class)];
            gesture_with(&mut design, &registry, edits);
        }
        assert_eq!(show(&design), first);
        for class in ["url", "in", "wallet"] {
            let edits = vec![remove(&other, class)];
            gesture_with(&mut other, &registry, edits);
        }
        assert_eq!(show(&other), first);
    }
}

/// What a component is stays, whatever a definition says; what could be written comes back.
#[test]
fn no_relationship_changes_what_a_component_is() {
    let registry = registry(&[
        ("kind", "'*' configuration.spec.kind", "'*' component.kind", "replace", ""),
        ("away", "'*' component.kind", "'*' configuration.data.kind", "move", ""),
        ("id", "'*' id", "'*' configuration.data.id", "move", ""),
    ]);
    let mut design = design("s Service {spec: {kind: Secret}}\nc ConfigMap {data: {kind: mine, id: mine}}");
    let start = design.to_tree();
    let edits = ["kind", "away", "id"].map(|class| edge(class, "s", "c")).to_vec();
    let found = gesture_with(&mut design, &registry, edits);
    assert_eq!(codes(&found), ["DS014", "DS014", "DS014"]);
    assert!(show(&design).contains("c {data:{kind:Service,id:s}}"), "{}", show(&design));
    assert_eq!(design.relationships().len(), 3);
    let remove =
        |class: &str| Edit::RemoveRelationship { id: RelationshipId::from_name(&format!("{class} s c")) };
    gesture_with(&mut design, &registry, ["kind", "away", "id"].map(remove).to_vec());
    assert!(design.to_tree() == start, "{}", show(&design));
}

/// A design stays a design, and what this program records is its own.
#[test]
fn no_relationship_writes_where_a_file_would_be_none_any_more() {
    let targets = ["metadata.billfold.wrote", "metadata", "configuration", "styles", "schemaVersion"];
    for target in targets {
        let to = format!("'*' {target}");
        let registry = registry(&[("odd", "'*' displayName", &to, "replace", "")]);
        let mut design = design("s Service {}\nc ConfigMap {data: {kind: mine}}");
        let component = design.components().nth(1).cloned();
        let found = gesture_with(&mut design, &registry, vec![edge("odd", "s", "c")]);
        assert_eq!(codes(&found), ["DS014"], "{target}");
        assert_eq!(design.components().nth(1).cloned(), component, "{target}");
    }
    let registry = registry(&[("fine", "'*' displayName", "'*' metadata.owner", "replace", "")]);
    let mut design = design("s Service {}\nc ConfigMap {}");
    assert!(codes(&gesture_with(&mut design, &registry, vec![edge("fine", "s", "c")])).is_empty());
}

#[test]
fn the_name_of_a_namespace_is_never_moved_away() {
    let registry =
        registry(&[("name", "Namespace displayName", "ConfigMap configuration.data.name", "move", "")]);
    let mut design = design("n Namespace {metadata: {name: shop}}\nc ConfigMap {data: {name: mine}}");
    let start = design.to_tree();
    let found = gesture_with(&mut design, &registry, vec![edge("name", "n", "c")]);
    assert_eq!(codes(&found), Vec::<&str>::new());
    assert!(show(&design).contains("c {data:{name:shop}}"), "{}", show(&design));
    let edits = vec![Edit::RemoveRelationship { id: RelationshipId::from_name("name n c") }];
    gesture_with(&mut design, &registry, edits);
    assert!(design.to_tree() == start, "{}", show(&design));
}

/// What a pair wrote is given back when a `deny` comes to match it.
#[test]
fn what_is_denied_gives_back_what_it_wrote() {
    let mut registry = (*Registry::builtin()).clone();
    let text = "{kind: edge, type: binding, subType: x, selectors: [{\
        allow: {from: [{kind: Service, patch: {mutatorRef: [[configuration, spec, a]]}}], \
        to: [{kind: ConfigMap, patch: {mutatedRef: [[configuration, data, a]]}}]}, \
        deny: {from: [{kind: Service, model: {name: other}}], to: [{kind: ConfigMap}]}}]}";
    registry.add_relationship("x.yaml", text).unwrap();
    let mut design = design("s Service {spec: {a: x}}\nc ConfigMap {data: {a: own}}");
    let model = |name: &str| Edit::set(id("s"), crate::model::FieldPath::keys(&["model", "name"]), name);
    design.apply(model("kubernetes")).unwrap();
    let start = show(&design);
    gesture_with(&mut design, &registry, vec![edge("x", "s", "c")]);
    assert!(show(&design).contains("c {data:{a:x}}"), "{}", show(&design));
    let found = gesture_with(&mut design, &registry, vec![model("other")]);
    assert_eq!(codes(&found), ["DS007"]);
    assert_eq!(show(&design), start);
}

/// A definition that only denies keeps apart what others of its class would join.
#[test]
fn a_definition_that_only_denies_counts() {
    let mut registry =
        registry(&[("name", "Service displayName", "ConfigMap configuration.data.name", "replace", "")]);
    let denying = "{kind: edge, type: binding, subType: name, selectors: [{deny: {from: [{kind: Service}], to: [{kind: ConfigMap}]}}]}";
    let mut design =
        design("s Service\nc ConfigMap {data: {name: own}}\nt Service\nd ConfigMap {data: {name: t}}");
    let start = show(&design);
    gesture_with(&mut design, &registry, vec![edge("name", "s", "c")]);
    registry.add_relationship("denying.yaml", denying).unwrap();
    let (opened, found) = super::super::evaluated(&design, &registry, true);
    assert_eq!(codes(&found), ["DS007"]);
    assert_eq!(show(&opened), start, "nothing is joined, and what was written is given back");
}
