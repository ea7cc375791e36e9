//! Sentences of the specification that no other test is about, each by a table.

use super::super::testing::*;
use crate::model::{Design, Edit, FieldPath, Relationship, RelationshipId, Target};

const PAIR: &str = "p WasmPlugin {spec: {url: own}}\nf WASMFilter {wasmFilter: 'file:///a'}\ng WASMFilter {wasmFilter: 'file:///b'}";

/// A relationship as a file may have it, and what becomes of it on opening.
#[track_caller]
fn opened(design: &str, tree: &str) -> (Design, super::super::Evaluation) {
    let mut opened = super::super::testing::design(design);
    let tree = value(&tree.replace("$f", &id("f").to_string()).replace("$p", &id("p").to_string()));
    let relationship = Relationship::from_tree(RelationshipId::from_name("r"), tree);
    opened.apply(Edit::AddRelationship { index: None, relationship: relationship.into() }).unwrap();
    let found = open(&mut opened);
    let before = show(&opened);
    open(&mut opened);
    assert_eq!(show(&opened), before, "an opened design stays as it is");
    (opened, found)
}

fn wallet(more: &str, from: &str, to: &str) -> String {
    format!(
        "{{kind: hierarchical, type: parent, subType: wallet, {more} selectors: [{{allow: {{from: [{from}], to: [{to}]}}}}]}}"
    )
}

#[test]
fn which_relationships_are_evaluated_and_which_are_kept_untouched() {
    for (more, is_evaluated) in [
        ("", true),
        ("status: pending,", true),
        ("status: identified,", true),
        ("status: enabled,", true),
        ("status: approved,", true),
        ("status: '',", true),
        ("status: deleted,", false),
        ("status: ignored,", false),
        ("metadata: {isAnnotation: true},", false),
    ] {
        let tree = wallet(more, "{id: $f}", "{id: $p}");
        let (design, found) = opened(PAIR, &tree);
        // What the file has in the plugin is nobody's that this program knows of.
        assert_eq!(codes(&found), if is_evaluated { vec!["DS013"] } else { Vec::new() }, "{more}");
        let url = if is_evaluated { "p {spec:{url:file:///a}}" } else { "p {spec:{url:own}}" };
        assert!(show(&design).starts_with(url), "{more} {}", show(&design));
        let relationship = design.relationships().next().unwrap();
        let kept = value(&tree);
        assert_eq!(relationship.tree().at(&["status"]), kept.at(&["status"]), "{more}: its text stays");
    }
    // Kind, type and subType ignore case; what no definition describes is kept, whatever it joins.
    let spelled = wallet("", "{id: $f}", "{id: $p}").replace("parent", "Parent").replace("wallet", "WALLET");
    assert!(show(&opened(PAIR, &spelled).0).starts_with("p {spec:{url:file:///a}}"));
    for other in [
        wallet("", "{id: $f}", "{id: $p}").replace("wallet", "pouch"),
        wallet("", "{id: nobody, kind: Pod}", "{id: $p}"),
        wallet("", "{id: $p}", "{id: $f}"),
    ] {
        let (design, found) = opened(PAIR, &other);
        assert_eq!((codes(&found), design.relationships().len()), (Vec::new(), 1), "{other}");
        assert!(show(&design).starts_with("p {spec:{url:own}}"), "{other}");
    }
}

#[test]
fn a_described_relationship_goes_for_four_reasons_only() {
    for (from, to, reason) in [
        ("{id: ''}", "{id: $p}", "its child has no id"),
        ("{id: $f}", "{}", "its parent has no id"),
        ("{id: gone}", "{id: $p}", "its child is not in the design"),
        ("{id: $f}", "{id: gone}", "its parent is not in the design"),
        (
            "{id: $f}",
            "{id: $p, kind: EnvoyFilter}",
            "its parent is of kind WasmPlugin, not EnvoyFilter as the relationship says",
        ),
    ] {
        let (design, found) = opened(PAIR, &wallet("", from, to));
        assert_eq!(codes(&found)[0], "DS007", "{from} {to}");
        assert_eq!(found.diagnostics[0].message, format!("a wallet relationship was removed: {reason}"));
        assert_eq!(found.trace.relationships_removed[0].reason, reason);
        assert_eq!(design.relationships().len(), 0);
    }
    // A kind that the relationship does not name, a model of another name and a version of another schema are no reason.
    for (from, to) in [
        ("{id: $f, kind: '*'}", "{id: $p, kind: ''}"),
        ("{id: $f, model: {name: ''}}", "{id: $p, match: {x: 1}}"),
    ] {
        let (design, found) = opened(PAIR, &wallet("", from, to));
        assert_eq!((codes(&found), design.relationships().len()), (vec!["DS013"], 1), "{from} {to}");
    }
}

/// A value is compared as the receiver takes it, and blank text is absent.
#[test]
fn the_notation_of_a_config_makes_no_difference() {
    for (filter, plugin, is_joined) in [
        ("config: '{\"a\": 1}'", "pluginConfig: {a: 1}", true),
        ("config: {a: 1.0}", "pluginConfig: {a: 1}", true),
        ("config: 'a: 1'", "pluginConfig: '{\"a\": 1}'", true),
        ("config: '  '", "phase: AUTHN", true),
        ("config: null", "pluginConfig: ''", true),
        ("config: '{}'", "pluginConfig: {}", true),
        ("config: '{}'", "phase: AUTHN", false),
        ("config: '[1]'", "pluginConfig: [1]", false),
        ("sha256: 12", "sha256: '12'", true),
    ] {
        let mut design = design(&format!(
            "p WasmPlugin {{spec: {{url: 'file:///a', {plugin}}}}}\nf WASMFilter {{wasmFilter: 'file:///a', {filter}}}"
        ));
        let start = design.component(id("p")).unwrap().tree().clone();
        open(&mut design);
        assert_eq!(design.relationships().len() == 1, is_joined, "{filter} {plugin}");
        // What is equal already is not written.
        assert_eq!(*design.component(id("p")).unwrap().tree(), start, "{filter} {plugin}");
    }
}

#[test]
fn a_config_that_is_no_mapping_keeps_the_whole_group_from_being_written() {
    for config in ["'not: [closed'", "'text'", "[1]", "3"] {
        let mut design = design(&format!(
            "p WasmPlugin {{spec: {{url: own}}}}\nf WASMFilter {{wasmFilter: 'file:///a', sha256: ab, config: {config}}}"
        ));
        let start = design.component(id("p")).unwrap().tree().clone();
        let edits = vec![join(&design, "f", "p")];
        let found = gesture(&mut design, edits);
        assert_eq!(codes(&found), ["DS004"], "{config}");
        assert_eq!(*design.component(id("p")).unwrap().tree(), start, "{config}");
    }
}

/// A key that comes back stands before the first present sibling that the schema lists later, else at the end.
#[test]
fn a_key_that_comes_back_has_its_place_in_the_schema() {
    let mut design = design(
        "p WasmPlugin {spec: {selector: {}, url: own, type: HTTP, unknown: 1}}\nf WASMFilter {wasmFilter: 'file:///a'}\ng WASMFilter {wasmFilter: 'file:///b', config: {x: 1}, pluginName: n}",
    );
    let edits = vec![join(&design, "g", "p")];
    gesture(&mut design, edits);
    let keys = |design: &Design| -> Vec<String> {
        let spec = design.component(id("p")).unwrap().configured(&["spec"]).unwrap();
        spec.as_map().unwrap().keys().map(str::to_owned).collect()
    };
    let place = |design: &Design, key: &str| keys(design).iter().position(|it| it == key).unwrap();
    assert!(place(&design, "pluginConfig") < place(&design, "type"), "{:?}", keys(&design));
    assert!(place(&design, "pluginName") < place(&design, "type"), "{:?}", keys(&design));
}

/// Another program wrote the file: what its relationship gives is what it wrote, and a default of the schema stands there
/// when it is gone.
#[test]
fn without_a_record_a_field_goes_back_to_its_default() {
    let mut registry = (*crate::registry::Registry::builtin()).clone();
    let text = "{kind: edge, type: binding, subType: x, selectors: [{allow: {\
        from: [{kind: Service, patch: {mutatorRef: [[configuration, spec, a]]}}], \
        to: [{kind: WasmPlugin, patch: {mutatedRef: [[configuration, spec, failStrategy]]}}]}}]}";
    registry.add_relationship("x.yaml", text).unwrap();
    let default = registry
        .field(
            &crate::model::ComponentKind::WASM_PLUGIN,
            &FieldPath::keys(&["configuration", "spec", "failStrategy"]),
        )
        .and_then(|spec| spec.default.clone());
    let mut design =
        design("s Service {spec: {a: FAIL_OPEN}}\np WasmPlugin {spec: {failStrategy: FAIL_OPEN}}");
    let tree = value(&format!(
        "{{kind: edge, type: binding, subType: x, selectors: [{{allow: {{from: [{{id: {}}}], to: [{{id: {}}}]}}}}]}}",
        id("s"),
        id("p")
    ));
    let relationship = Relationship::from_tree(RelationshipId::from_name("x"), tree);
    design.apply(Edit::AddRelationship { index: None, relationship: relationship.into() }).unwrap();
    let mut tx = crate::model::Transaction::new(&mut design);
    tx.apply(Edit::RemoveRelationship { id: RelationshipId::from_name("x") }).unwrap();
    super::super::evaluate(&mut tx, &registry, super::super::Scope::Touched);
    tx.commit("test");
    let path = FieldPath::keys(&["configuration", "spec", "failStrategy"]);
    assert_eq!(design.component(id("p")).unwrap().get(&path), default.as_ref());
}

/// A relationship with status `ignored` says that the two are to be left alone; a tombstone does not.
#[test]
fn what_is_ignored_is_not_joined_again() {
    for (status, count) in [("ignored", 1), ("deleted", 2)] {
        let mut design =
            design("p WasmPlugin {spec: {url: 'file:///a'}}\nf WASMFilter {wasmFilter: 'file:///a'}\nf -> p");
        let relationship = joined(&design, "f", "p");
        let target = Target::Relationship(relationship);
        let path = FieldPath::keys(&["status"]);
        design.apply(Edit::SetField { target, path, value: Some(status.into()), place: None }).unwrap();
        open(&mut design);
        assert_eq!(design.relationships().len(), count, "{status}");
    }
}
