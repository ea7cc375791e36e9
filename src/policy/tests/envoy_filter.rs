//! Each filter of an EnvoyFilter owns one entry.

use super::super::testing::*;
use crate::model::view::EnvoyFilterView;
use crate::model::{Design, Edit, FieldPath, Value};

const OWN: &str = "
    e EnvoyFilter {metadata: {name: edge}, spec: {configPatches: [
        {applyTo: CLUSTER, patch: {operation: MERGE, value: {name: mine}}}]}}
    f WASMFilter {wasmFilter: 'file:///a.wasm', config: '{\"x\": 1}'}
    g WASMFilter {wasmFilter: 'oci://reg.example.com/b:1', pluginName: root}
    h WASMFilter {wasmFilter: 'file:///c.wasm'}
";

fn start() -> Design {
    design(&OWN.replace("[\n        {", "[{"))
}

/// The entries: name, file, config, root id.
fn entries(design: &Design) -> Vec<String> {
    let component = design.component(id("e")).unwrap();
    let entries = EnvoyFilterView::cast(component).unwrap().entries();
    entries
        .map(|entry| {
            let config = entry.value.at(&["patch", "value", "typed_config", "config"]);
            let text = |keys: &[&str]| {
                let value = config.and_then(|config| config.at(keys)).cloned();
                value.map_or_else(
                    || "-".to_owned(),
                    |value| match value {
                        Value::Text(text) => text.to_string(),
                        other => crate::yaml::emit_json_compact(&other),
                    },
                )
            };
            let name = entry.name().unwrap_or("?");
            let file = text(&["vm_config", "code", "local", "filename"]);
            let (config, root_id) = (text(&["configuration", "value"]), text(&["root_id"]));
            if file == "-" && config == "-" {
                name.to_owned()
            } else {
                format!("{name} {file} {config} {root_id}")
            }
        })
        .collect()
}

#[test]
fn each_filter_makes_its_entry_and_takes_it_away() {
    let mut design = start();
    let before = show(&design);
    let edit = join(&design, "f", "e");
    gesture(&mut design, vec![edit]);
    assert_eq!(entries(&design), ["mine", "edge.f /a.wasm {\"x\": 1} -"]);
    let with_f = show(&design);
    let edit = join(&design, "g", "e");
    let found = gesture(&mut design, vec![edit]);
    assert_eq!(
        entries(&design),
        ["mine", "edge.f /a.wasm {\"x\": 1} -", "edge.g /var/local/lib/wasm-filters/g.wasm - root"]
    );
    assert_eq!(codes(&found), ["DS014"]);
    assert!(
        found.diagnostics[0].message.contains("needs to be mounted at /var/local/lib/wasm-filters/g.wasm")
    );
    let edit = part(&design, "g", "e");
    gesture(&mut design, vec![edit]);
    assert_eq!(show(&design), with_f);
    let edit = part(&design, "f", "e");
    gesture(&mut design, vec![edit]);
    assert_eq!(show(&design), before);
}

#[test]
fn the_list_that_was_made_goes_with_the_last_entry() {
    for text in
        ["e EnvoyFilter", "e EnvoyFilter {spec: {configPatches: []}}", "e EnvoyFilter {spec: {priority: 1}}"]
    {
        let filters =
            "f WASMFilter {wasmFilter: 'file:///a.wasm'}\ng WASMFilter {wasmFilter: 'file:///b.wasm'}";
        let mut design = design(&format!("{text}\n{filters}"));
        let before = show(&design);
        let edits = vec![join(&design, "f", "e"), join(&design, "g", "e")];
        gesture(&mut design, edits);
        // The first goes first: what was made for it goes over to the second.
        let edit = part(&design, "f", "e");
        gesture(&mut design, vec![edit]);
        assert_eq!(entries(&design), ["e.g /b.wasm - -"]);
        let edit = part(&design, "g", "e");
        gesture(&mut design, vec![edit]);
        assert_eq!(show(&design), before);
    }
}

#[test]
fn a_reorder_moves_only_the_entries_of_filters() {
    let mut design = start();
    let edits = vec![join(&design, "f", "e"), join(&design, "g", "e")];
    gesture(&mut design, edits);
    let path = FieldPath::keys(&["configuration", "spec", "configPatches"]).child(2);
    let value = value("{applyTo: CLUSTER, patch: {value: {name: between}}}");
    design.apply(Edit::InsertItem { target: crate::model::Target::Component(id("e")), path, value }).unwrap();
    let edit = join(&design, "h", "e");
    gesture(&mut design, vec![edit]);
    let names = |design: &Design| {
        entries(design).iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&design), ["mine", "edge.f", "between", "edge.g", "edge.h"]);
    let h = joined(&design, "h", "e");
    gesture(&mut design, vec![Edit::MoveRelationship { id: h, index: 0 }]);
    assert_eq!(names(&design), ["mine", "edge.h", "between", "edge.f", "edge.g"]);
}

#[test]
fn a_filter_put_in_front_has_its_entry_in_front() {
    let mut design = start();
    let edit = join(&design, "f", "e");
    gesture(&mut design, vec![edit]);
    let Edit::AddRelationship { relationship, .. } = join(&design, "h", "e") else { panic!() };
    gesture(&mut design, vec![Edit::AddRelationship { index: Some(0), relationship }]);
    assert_eq!(entries(&design), ["mine", "edge.h /c.wasm - -", "edge.f /a.wasm {\"x\": 1} -"]);
}

#[test]
fn changes_of_the_filter_reach_its_entry_and_nothing_else() {
    let mut design = start();
    let edit = join(&design, "f", "e");
    gesture(&mut design, vec![edit]);
    let operation = FieldPath::keys(&["configuration", "spec", "configPatches"])
        .child(1)
        .child("patch")
        .child("operation");
    gesture(&mut design, vec![Edit::set(id("e"), operation, "INSERT_AFTER")]);
    gesture(&mut design, vec![set("f", "config", "{y: [1]}"), set("f", "pluginName", "r")]);
    assert_eq!(entries(&design), ["mine", "edge.f /a.wasm {\"y\":[1]} r"]);
    gesture(&mut design, vec![set("f", "config", ""), set("f", "pluginName", "")]);
    assert_eq!(entries(&design), ["mine", "edge.f /a.wasm - -"]);
    assert!(!show(&design).contains("configuration:{@type"), "{}", show(&design));
    assert!(show(&design).contains("INSERT_AFTER"));
    // A name is kept when the filter gets another.
    gesture(&mut design, vec![Edit::set(id("f"), FieldPath::keys(&["displayName"]), "renamed")]);
    assert_eq!(entries(&design), ["mine", "edge.f /a.wasm - -"]);
    let edit = part(&design, "f", "e");
    let found = gesture(&mut design, vec![edit]);
    assert_eq!(entries(&design), ["mine"]);
    assert_eq!(codes(&found), ["DS014"], "what had been edited is said");
}

#[test]
fn a_filter_without_a_module_writes_nothing() {
    let mut design = start();
    let found = gesture(&mut design, vec![set("f", "wasmFilter", "")]);
    assert_eq!(codes(&found), Vec::<&str>::new());
    let edit = join(&design, "f", "e");
    let found = gesture(&mut design, vec![edit]);
    assert_eq!(codes(&found), ["DS003"]);
    assert_eq!(entries(&design), ["mine"]);
    gesture(&mut design, vec![set("f", "wasmFilter", "'file:///a.wasm'")]);
    let with_module = show(&design);
    assert_eq!(entries(&design), ["mine", "edge.f /a.wasm {\"x\": 1} -"]);
    gesture(&mut design, vec![set("f", "wasmFilter", "")]);
    assert_eq!(entries(&design), ["mine", "edge.f"]);
    gesture(&mut design, vec![set("f", "wasmFilter", "'file:///a.wasm'")]);
    assert_eq!(entries(&design), ["mine", "edge.f /a.wasm {\"x\": 1} -"]);
    assert_eq!(show(&design).len(), with_module.len());
}

#[test]
fn names_and_files_that_are_taken_get_a_number() {
    let mut design = design(
        "e EnvoyFilter
         f WASMFilter {metadata: {name: same}, wasmFilter: 'oci://reg.example.com/a:1'}
         g WASMFilter {metadata: {name: same}, wasmFilter: 'oci://reg.example.com/b:1'}",
    );
    let edits = vec![join(&design, "f", "e"), join(&design, "g", "e")];
    gesture(&mut design, edits);
    assert_eq!(
        entries(&design),
        [
            "e.same /var/local/lib/wasm-filters/same.wasm - -",
            "e.same-2 /var/local/lib/wasm-filters/same-2.wasm - -"
        ]
    );
    gesture(&mut design, vec![set("f", "metadata.name", "other")]);
    assert!(entries(&design)[0].starts_with("e.same /var/local/lib/wasm-filters/same.wasm"));
}

const HAND_WRITTEN: &str = r#"
    e EnvoyFilter {spec: {configPatches: [{applyTo: HTTP_FILTER, match: {context: GATEWAY}, patch: {operation: INSERT_FIRST, value: {name: hand, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm, config: {root_id: r, CONFIG vm_config: {code: CODE}}}}}}]}}
    f WASMFilter {wasmFilter: 'URL', config: 'x: 1', pluginName: r}
"#;

fn hand_written(config: &str, code: &str, url: &str) -> Design {
    design(&HAND_WRITTEN.replace("CONFIG", config).replace("CODE", code).replace("URL", url))
}

#[test]
fn an_entry_that_was_there_is_joined_on_opening_and_emptied_by_taking_the_filter_out() {
    for (config, code, url) in [
        (
            r#"configuration: {"@type": type.googleapis.com/google.protobuf.StringValue, value: "x: 1"},"#,
            "{local: {filename: /a.wasm}}",
            "file:///a.wasm",
        ),
        (
            r#"configuration: {"@type": type.googleapis.com/google.protobuf.Struct, value: {x: 1}},"#,
            "{remote: {http_uri: {uri: 'https://example.com/a.wasm'}, sha256: ab}}",
            "https://example.com/a.wasm",
        ),
        (
            r#"configuration: {"@type": type.googleapis.com/google.protobuf.Struct, value: {x: 1.0}},"#,
            "{local: {filename: /var/local/lib/wasm-filters/f.wasm}}",
            "oci://reg.example.com/a:1",
        ),
    ] {
        let mut design = hand_written(config, code, url);
        let before = design.component(id("e")).unwrap().tree().clone();
        let found = open(&mut design);
        assert_eq!(found.trace.relationships_added.len(), 1, "{url}");
        assert_eq!(design.component(id("e")).unwrap().tree(), &before, "nothing in the entry changes");
        let evaluated = show(&design);
        open(&mut design);
        assert_eq!(show(&design), evaluated);
        let edit = part(&design, "f", "e");
        gesture(&mut design, vec![edit]);
        assert_eq!(entries(&design), ["hand"], "{url}");
        assert!(show(&design).contains("context:GATEWAY"), "{}", show(&design));
        let found = open(&mut design);
        assert!(found.trace.relationships_added.is_empty(), "it is not joined again");
    }
}

#[test]
fn a_dropped_filter_brings_its_own_entry_whatever_runs_there_already() {
    let config =
        r#"configuration: {"@type": type.googleapis.com/google.protobuf.StringValue, value: "x: 1"},"#;
    let mut design = hand_written(config, "{local: {filename: /a.wasm}}", "file:///a.wasm");
    let before = show(&design);
    let edit = join(&design, "f", "e");
    gesture(&mut design, vec![edit]);
    assert_eq!(entries(&design), ["hand /a.wasm x: 1 r", "e.f /a.wasm x: 1 r"]);
    let edit = part(&design, "f", "e");
    gesture(&mut design, vec![edit]);
    assert_eq!(show(&design), before);
}

#[test]
fn remote_code_gives_way_to_the_file_of_another_module_and_comes_back() {
    let code = "{remote: {http_uri: {uri: 'https://example.com/a.wasm'}}}";
    let config =
        r#"configuration: {"@type": type.googleapis.com/google.protobuf.StringValue, value: "x: 1"},"#;
    let mut design = hand_written(config, code, "https://example.com/a.wasm");
    open(&mut design);
    gesture(&mut design, vec![set("f", "wasmFilter", "'file:///b.wasm'")]);
    assert!(show(&design).contains("code:{local:{filename:/b.wasm}}"), "{}", show(&design));
    gesture(&mut design, vec![set("f", "wasmFilter", "'file:///c.wasm'")]);
    assert!(show(&design).contains("code:{local:{filename:/c.wasm}}"), "{}", show(&design));
}

#[test]
fn an_entry_that_lost_its_name_is_found_by_what_it_runs_or_made_anew() {
    let mut design = start();
    let edits = vec![join(&design, "f", "e")];
    gesture(&mut design, edits);
    let name = FieldPath::keys(&["configuration", "spec", "configPatches"]).child(1);
    let name = name.join(&FieldPath::keys(&["patch", "value", "name"]));
    design.apply(Edit::set(id("e"), name, "other")).unwrap();
    let mut renamed = design.clone();
    let found = open(&mut renamed);
    assert_eq!(entries(&renamed), ["mine", "other /a.wasm {\"x\": 1} -"]);
    assert_eq!(
        found.diagnostics[0].message,
        "no entry of edge is called edge.f any more: filter f goes on with other"
    );
    // Changed, too: it is nobody's entry now.
    design.apply(set("f", "config", "'{\"x\": 2}'")).unwrap();
    let found = open(&mut design);
    assert_eq!(entries(&design), ["mine", "other /a.wasm {\"x\": 1} -", "edge.f /a.wasm {\"x\": 2} -"]);
    assert!(found.diagnostics[0].message.contains("edge.f was made for filter f"), "{:?}", found.diagnostics);
}

#[test]
fn what_was_changed_outside_is_said() {
    let mut design = start();
    let edits = vec![join(&design, "f", "e")];
    gesture(&mut design, edits);
    let path = FieldPath::keys(&["configuration", "spec", "configPatches"]).child(1);
    let path =
        path.join(&FieldPath::keys(&["patch", "value", "typed_config", "config", "configuration", "value"]));
    design.apply(Edit::set(id("e"), path, "{\"x\": 9}")).unwrap();
    let found = open(&mut design);
    assert_eq!(codes(&found), ["DS013"]);
    assert_eq!(entries(&design), ["mine", "edge.f /a.wasm {\"x\": 1} -"]);
    gesture(&mut design, found.diagnostics[0].fix.clone().unwrap().edits);
    assert_eq!(entries(&design), ["mine", "edge.f /a.wasm {\"x\": 9} -"]);
}

/// Behind the entry of the filter before it, else before that of the one behind it; hand-written ones stay where they are.
#[test]
fn an_entry_is_made_beside_those_of_its_chain() {
    let mine = "{applyTo: HTTP_FILTER, patch: {operation: INSERT_BEFORE, value: {name: mine}}}";
    let filters =
        ["f", "g", "h"].map(|name| format!("{name} WASMFilter {{wasmFilter: 'file:///{name}.wasm'}}"));
    let mut design =
        design(&format!("e EnvoyFilter {{spec: {{configPatches: []}}}}\n{}", filters.join("\n")));
    let edit = join(&design, "f", "e");
    gesture(&mut design, vec![edit]);
    let list = FieldPath::keys(&["configuration", "spec", "configPatches"]);
    gesture(&mut design, vec![Edit::set(id("e"), list.child(1), value(mine))]);
    let edit = join(&design, "g", "e");
    gesture(&mut design, vec![edit]);
    let names = |design: &Design| -> Vec<String> {
        entries(design).iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&design), ["e.f", "e.g", "mine"]);
    let Edit::AddRelationship { relationship, .. } = join(&design, "h", "e") else { panic!() };
    gesture(&mut design, vec![Edit::AddRelationship { index: Some(0), relationship }]);
    assert_eq!(names(&design), ["e.h", "e.f", "e.g", "mine"]);
}
