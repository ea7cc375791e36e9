//! The built-in relationships, and definitions of other programs.

use super::*;

fn candidate(kind: &ComponentKind) -> Candidate<'_> {
    let definition = Registry::builtin().component(kind).cloned();
    Candidate { kind, model: None, namespaced: definition.is_none_or(|definition| definition.namespaced) }
}

fn file(name: &str, text: &str) -> DefinitionFile {
    DefinitionFile { name: name.to_owned(), content: Ok(text.as_bytes().to_vec()), is_named: true }
}

fn joining(from: &ComponentKind, to: &ComponentKind) -> Vec<String> {
    let registry = Registry::builtin();
    let definitions = registry.relationships().iter();
    definitions
        .filter(|definition| definition.joins(candidate(from), candidate(to)).is_some())
        .map(|definition| definition.class())
        .collect()
}

#[test]
fn every_built_in_reference_resolves() {
    let kinds = Registry { relationships: RelationshipIndex::default(), ..(*Registry::builtin()).clone() };
    let registry = kinds.with_definitions(builtin::RELATIONSHIPS.iter().map(|(name, text)| file(name, text)));
    assert_eq!(registry.report().lines().collect::<Vec<_>>(), [""; 0]);
    let state = |index: usize| registry.report().entries[index].state;
    assert!((0..builtin::RELATIONSHIPS.len()).all(|index| state(index) == DefinitionState::Loaded));
    let again = registry.with_definitions(builtin::RELATIONSHIPS.iter().map(|(name, text)| file(name, text)));
    assert_eq!(again.report().count(DefinitionState::Known), builtin::RELATIONSHIPS.len());
}

#[test]
fn the_table_of_what_joins_what() {
    const WALLET: &[&str] = &["hierarchical-parent-wallet"];
    const INVENTORY: &[&str] = &["hierarchical-parent-inventory"];
    const REFERENCE: &[&str] = &["edge-non-binding-reference"];
    use ComponentKind as K;
    let higress = K::parse("WasmPlugin", "extensions.higress.io/v1alpha1");
    for (from, to, expected) in [
        (&K::WASM_FILTER, &K::WASM_PLUGIN, WALLET),
        (&K::WASM_FILTER, &K::ENVOY_FILTER, WALLET),
        (&K::WASM_FILTER, &higress, &[]),
        (&K::WASM_FILTER, &K::NAMESPACE, &[]),
        (&K::WASM_PLUGIN, &K::WASM_FILTER, &[]),
        (&K::WASM_PLUGIN, &K::NAMESPACE, INVENTORY),
        (&K::DEPLOYMENT, &K::NAMESPACE, INVENTORY),
        (&higress, &K::NAMESPACE, INVENTORY),
        (&K::NAMESPACE, &K::NAMESPACE, &[]),
        (&K::WASM_PLUGIN, &K::DEPLOYMENT, REFERENCE),
        (&K::WASM_PLUGIN, &K::POD, REFERENCE),
        (&K::ENVOY_FILTER, &K::GATEWAY, REFERENCE),
        (&K::WASM_PLUGIN, &K::SECRET, REFERENCE),
        (&K::ENVOY_FILTER, &K::SECRET, &[]),
    ] {
        assert_eq!(joining(from, to), expected, "{from} in {to}");
    }
}

#[test]
fn the_module_group_flows_from_the_filter_to_the_plugin() {
    let registry = Registry::builtin();
    let definition = &registry.relationships()[0];
    assert!(definition.is_wallet() && definition.class() == "hierarchical-parent-wallet");
    let (from, to) = definition
        .joins(candidate(&ComponentKind::WASM_FILTER), candidate(&ComponentKind::WASM_PLUGIN))
        .unwrap();
    let flow = Flow::between(from, to).unwrap();
    assert_eq!((flow.giver, flow.strategy), (Side::From, PatchStrategy::Replace));
    let pairs: Vec<_> = flow.pairs().map(|pair| format!("{} > {}", pair.mutator, pair.mutated)).collect();
    assert_eq!(
        pairs,
        [
            "configuration.wasmFilter > configuration.spec.url",
            "configuration.config > configuration.spec.pluginConfig",
            "configuration.sha256 > configuration.spec.sha256",
            "configuration.pluginName > configuration.spec.pluginName",
        ]
    );
    assert_eq!(definition.key_ref, Some(FieldPath::keys(&["configuration", "wasmFilter"])));
}

#[test]
fn the_name_of_a_namespace_flows_to_what_it_holds() {
    let registry = Registry::builtin();
    let definition = registry.relationships().iter().find(|found| found.sub_type == "inventory").unwrap();
    let (from, to) = definition
        .joins(candidate(&ComponentKind::WASM_PLUGIN), candidate(&ComponentKind::NAMESPACE))
        .unwrap();
    let flow = Flow::between(from, to).unwrap();
    assert_eq!(flow.giver, Side::To);
    let pair = flow.pairs().next().unwrap();
    assert_eq!(pair.mutator, &FieldPath::keys(&["displayName"]));
    assert_eq!(pair.mutated, &FieldPath::keys(&["configuration", "metadata", "namespace"]));
}

/// The shape of Meshery's own files: JSON, much that we do not know, nulls, refs that its schemas do not have.
const FOREIGN: &str = r#"{
  "id": "00000000-0000-0000-0000-000000000000", "evaluationQuery": "", "kind": "hierarchical",
  "metadata": {"description": "d", "styles": {"primaryColor": ""}, "isAnnotation": false},
  "model": {"name": "istio-base", "registrant": {"kind": ""}, "components": null},
  "schemaVersion": "relationships.meshery.io/v1alpha3",
  "selectors": [{"allow": {
    "from": [{"id": null, "kind": "WASMFilter", "match": {}, "match_strategy_matrix": [["not_null"], ["odd"]],
      "model": {"name": "meshery-core"},
      "patch": {"patchStrategy": "replace",
        "mutatorRef": [["configuration", "config"], ["configuration", "wasm-filter"], ["configuration", "odd"]]}}],
    "to": [{"id": null, "kind": "WasmPlugin", "match_strategy_matrix": null, "model": {"name": "istio-base"},
      "patch": {"patchStrategy": "replace",
        "mutatedRef": [["configuration", "pluginConfig"], ["configuration", "spec", "url"],
                       ["configuration", "spec", "odd"]]}}]}}],
  "subType": "wallet", "status": "enabled", "type": "parent", "version": "v1.0.0"
}"#;

#[test]
fn a_definition_of_meshery_is_read_and_its_spellings_are_ours() {
    let registry = Registry::builtin().with_definitions([file("foreign.json", FOREIGN)]);
    let definition = registry.relationships().last().unwrap();
    assert!(definition.is_wallet() && definition.key_ref.is_none());
    let plugin = ComponentKind::WASM_PLUGIN;
    let plugin = Candidate { model: Some("istio-base"), ..candidate(&plugin) };
    let (from, to) = definition.joins(candidate(&ComponentKind::WASM_FILTER), plugin).unwrap();
    let flow = Flow::between(from, to).unwrap();
    let pairs: Vec<_> =
        flow.pairs().map(|pair| (pair.mutator.to_string(), pair.mutated.to_string())).collect();
    assert_eq!(
        pairs,
        [
            ("configuration.config".to_owned(), "configuration.spec.pluginConfig".to_owned()),
            ("configuration.wasmFilter".to_owned(), "configuration.spec.url".to_owned()),
        ]
    );
    assert_eq!(flow.pairs().next().unwrap().match_strategies, [MatchStrategy::NotNull]);
    assert_eq!(
        registry.report().lines().collect::<Vec<_>>(),
        [
            "foreign.json:7:87: note: the match strategy \"odd\" is not known, so values are compared as equal",
            "foreign.json:10:53: DS008: configuration.wasm-filter is read as configuration.wasmFilter (at \
             /selectors/0/allow/from/0/patch/mutatorRef/1)",
            "foreign.json:10:87: warning DS009: no field configuration.odd in WASMFilter, so that pair writes nothing (at \
             /selectors/0/allow/from/0/patch/mutatorRef/2)",
            "foreign.json:13:24: DS008: configuration.pluginConfig is read as configuration.spec.pluginConfig (at \
             /selectors/0/allow/to/0/patch/mutatedRef/0)",
            "foreign.json:14:24: warning DS009: no field configuration.spec.odd in WasmPlugin, so that pair writes nothing (at \
             /selectors/0/allow/to/0/patch/mutatedRef/2)",
        ]
    );
}

/// Meshery's files write the index of a list as text.
#[test]
fn an_index_may_be_written_as_text() {
    let text = r#"{"kind": "edge", "type": "binding", "subType": "network", "selectors": [{"allow": {
        "from": [{"kind": "Service", "patch": {"mutatorRef": [["configuration", "spec", "ports", "0", "port"],
                                                              ["configuration", "spec", "ports", 1, "port"]]}}],
        "to": [{"kind": "*", "patch": {"mutatedRef": [["configuration", "a", "007"], ["configuration", "b"]]}}]}}]}"#;
    let registry = Registry::builtin().with_definitions([file("network.json", text)]);
    assert_eq!(registry.report().lines().collect::<Vec<_>>(), [""; 0], "every reference leads somewhere");
    let set = &registry.relationships().last().unwrap().selectors[0];
    let refs = &set.allow.from[0].patch.as_ref().unwrap().mutator_ref;
    let written: Vec<String> = refs.iter().map(ToString::to_string).collect();
    assert_eq!(written, ["configuration.spec.ports[0].port", "configuration.spec.ports[1].port"]);
    let key = &set.allow.to[0].patch.as_ref().unwrap().mutated_ref[0];
    assert_eq!(key.last().unwrap().as_key(), Some("007"), "a key that only looks like a number");
}

#[test]
fn kinds_are_never_compared_as_patterns() {
    let text =
        r#"{"kind": "edge", "selectors": [{"allow": {"from": [{"kind": "Pod"}], "to": [{"kind": "*"}]}}]}"#;
    let mut registry = Registry::default();
    registry.add_relationship("a.json", text).unwrap();
    let definition = &registry.relationships()[0];
    let budget = ComponentKind::parse("PodDisruptionBudget", "policy/v1");
    let service = ComponentKind::SERVICE;
    let service = candidate(&service);
    assert!(definition.joins(candidate(&budget), service).is_none());
    assert!(definition.joins(candidate(&ComponentKind::POD), service).is_some());
}

#[test]
fn a_broken_definition_is_an_error_with_its_place() {
    let mut registry = Registry::default();
    let text = "kind: edge\nselectors:\n- allow:\n    from:\n    - patch: {mutatorRef: [[1.5]]}\n";
    let err = registry.add_relationship("a.yaml", text).unwrap_err();
    assert_eq!(err.pointer, "/selectors/0/allow/from/0/patch/mutatorRef/0/0");
    assert!(registry.add_relationship("a.yaml", "kind: [").is_err());
    assert!(registry.add_relationship("a.yaml", "").is_err());
    assert!(registry.relationships().is_empty());
}

#[test]
fn strategies_are_read_and_written() {
    assert_eq!(PatchStrategy::parse("merge"), PatchStrategy::Merge);
    assert_eq!(PatchStrategy::parse("whatever"), PatchStrategy::Replace);
    assert_eq!(PatchStrategy::Strategic.word(), "strategic");
}
