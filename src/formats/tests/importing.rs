//! Manifests to designs.

use crate::formats::{Origin, Outcome};
use crate::model::{ComponentKind, Severity, Value};
use crate::yaml;

use super::{exported, imported, opened, value_of, written};

const PLUGIN: &str = "\
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: edge, namespace: shop}
spec:
  url: oci://reg.example.com/filters/auth:1
  sha256: \"\"
  pluginConfig: {ratio: 0.10, big: 12345678901234567890, hex: 0x1F, empty: {}}
";

#[test]
fn a_module_becomes_a_filter_that_is_joined() {
    let found = imported(PLUGIN);
    let components: Vec<_> = found.design.components().collect();
    let [plugin, filter] = components.as_slice() else { panic!("{components:?}") };
    assert_eq!(
        filter.id(),
        crate::model::ComponentId::from_name("extensions.istio.io/WasmPlugin/shop/edge/filter")
    );
    assert_eq!(plugin.id(), crate::model::ComponentId::from_name("extensions.istio.io/WasmPlugin/shop/edge"));
    assert_eq!((filter.display_name(), filter.position()), ("auth", None));
    let config = filter.configured(&["config"]).and_then(Value::as_text).unwrap();
    assert_eq!(
        config,
        "{\n  \"ratio\": 0.10,\n  \"big\": 12345678901234567890,\n  \"hex\": 31,\n  \"empty\": {}\n}"
    );
    assert!(filter.configured(&["sha256"]).is_none(), "blank is absent");
    assert_eq!(found.design.chain(plugin.id()).len(), 1);
    let relationship = found.design.relationships().next().unwrap();
    let wrote = relationship.billfold("wrote").and_then(Value::as_list).unwrap();
    assert_eq!(wrote.len(), 2, "what the filter gives counts as written, with nothing before: {wrote:?}");
    assert!(wrote.iter().all(|record| record.at(&["before"]).is_none()));
}

#[test]
fn a_check_makes_no_filters() {
    let found = opened(PLUGIN);
    assert_eq!(found.design.components().len(), 1);
    assert_eq!(found.design.relationships().len(), 0);
}

#[test]
fn names_that_come_again_get_ids_of_their_own_and_a_second_import_the_same() {
    let text = format!("{PLUGIN}---\n{PLUGIN}");
    let found = imported(&text);
    assert_eq!(found.design.components().len(), 4);
    let ids: Vec<String> = found.design.components().map(|it| it.id_text().to_owned()).collect();
    let second = crate::model::ComponentId::from_name("extensions.istio.io/WasmPlugin/shop/edge#2");
    assert_eq!(ids[2], second.to_string());
    assert_eq!(imported(&text).design, found.design);
}

#[test]
fn a_name_that_looks_like_an_id_of_another_loses_nothing() {
    let named = |name: &str| PLUGIN.replace("name: edge", &format!("name: '{name}'"));
    let called = ["edge", "edge", "edge#2", "edge/filter", "edge#2/filter", "edge"];
    let text: Vec<String> = called.iter().map(|name| named(name)).collect();
    let found = imported(&text.join("---\n"));
    assert_eq!(found.design.components().len(), 12);
    assert_eq!(found.design.relationships().len(), 6);
    let reversed: Vec<String> = called.iter().rev().map(|name| named(name)).collect();
    assert_eq!(imported(&reversed.join("---\n")).design.components().len(), 12);
}

#[test]
fn the_report_says_what_became_of_each_object() {
    let text = "\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: certificates.example.com/v1
kind: Certificate
metadata: {name: edge, namespace: shop}
spec: {a: 1}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: checkout}
---
just: a mapping
---
kind: Pod
---
- apiVersion: v1
  kind: ConfigMap
  metadata: {name: in-a-list, uid: x}
  data: {a: b}
- words
---
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
";
    let found = imported(text);
    let Origin::Manifests { report } = &found.origin else { panic!() };
    let outcomes: Vec<String> = report
        .objects
        .iter()
        .map(|object| {
            let what = match &object.outcome {
                Outcome::Kept => "kept".to_owned(),
                Outcome::KeptUnknownKind => "kept, unknown kind".to_owned(),
                Outcome::Converted(changes) => changes.join("; "),
                Outcome::NotUnderstood(reason) => format!("not understood: {reason}"),
            };
            format!("{} {what}", object.position.line)
        })
        .collect();
    let expected = [
        "1 kept",
        "5 kept, unknown kind",
        "10 it lacks a selector and a container with an image: a reference, which is drawn and not exported",
        "14 not understood: this mapping has no `apiVersion` and no `kind`: it is no Kubernetes object",
        "16 not understood: this Pod has no `apiVersion`",
        "18 left out what the server had added: metadata.uid",
        "22 not understood: this is text, no object",
        "24 not understood: this is a kustomize file, not an object; check what `kustomize build` makes of it",
    ];
    assert_eq!(outcomes, expected);
    assert_eq!((report.kept(), report.not_understood().count()), (4, 4));
    assert_eq!(found.findings.iter().filter(|finding| finding.code == "FM003").count(), 4);
    assert_eq!(written(&exported(&found.design, &[])), ["-/shop", "-/in-a-list", "shop/edge"]);
}

#[test]
fn a_typed_list_lends_its_kind() {
    let text = "\
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPluginList
items:
- metadata: {name: a}
  spec: {url: 'file:///a.wasm'}
";
    let found = opened(text);
    assert!(found.design.component_at(0).unwrap().is(&ComponentKind::WASM_PLUGIN));
}

#[test]
fn an_object_without_a_name_is_an_error() {
    let found = opened("apiVersion: v1\nkind: ConfigMap\nmetadata: {}\ndata: {a: b}\n");
    let [finding] = found.findings.as_slice() else { panic!("{:?}", found.findings) };
    assert_eq!((finding.code, finding.severity), ("FM003", Severity::Error));
}

#[test]
fn scalars_that_kubectl_reads_otherwise_are_reported_where_they_stand() {
    let text = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: a, creationTimestamp: 2026-03-02T10:11:12Z, annotations: {at: 12:30, since: 2026-03-02}}
data:
  answer: no
  on: quoted key
  fine: \"no\"
";
    let found = opened(text);
    let places: Vec<String> = found.findings.iter().map(|it| it.location.path.to_string()).collect();
    assert_eq!(places, ["configuration.data.answer", "configuration.data.on"]);
    assert!(found.findings.iter().all(|finding| finding.code == "DS011"));
    let export = exported(&found.design, &[]);
    assert!(export.text().contains("answer: \"no\""), "{}", export.text());
}

#[test]
fn a_secret_is_shown_in_no_message() {
    let text = "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {token: 0755}}";
    let found = opened(text);
    let [finding] = found.findings.as_slice() else { panic!("{:?}", found.findings) };
    assert!(!finding.message.contains("0755"), "{}", finding.message);
}

#[test]
fn a_name_that_is_no_text_is_exported_as_it_stands() {
    let found = imported("{apiVersion: v1, kind: ConfigMap, metadata: {name: 12}, data: {a: b}}");
    assert!(found.findings.is_empty(), "{:?}", found.findings);
    let export = exported(&found.design, &[]);
    assert_eq!(value_of(&export, 0, &["metadata", "name"]), Some(Value::from(12)));
}

#[test]
fn a_config_text_is_exported_as_an_object_with_its_digits() {
    let text = PLUGIN.replace(
        "{ratio: 0.10, big: 12345678901234567890, hex: 0x1F, empty: {}}",
        "'{\"ratio\": 0.10, \"list\": []}'",
    );
    for found in [opened(&text), imported(&text)] {
        let export = exported(&found.design, &[]);
        let config = value_of(&export, 0, &["spec", "pluginConfig"]).unwrap();
        assert_eq!(yaml::emit_json_compact(&config), "{\"ratio\":0.10,\"list\":[]}");
    }
}
