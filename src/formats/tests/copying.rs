//! The clipboard.

use crate::formats::fragment::fragment;
use crate::model::{Component, ComponentId};

use super::{imported, opened};

const TEXT: &str = "\
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: edge}
spec: {url: 'oci://reg.example.com/filters/auth:1'}
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: back}
spec: {url: 'oci://reg.example.com/filters/tag:1'}
---
apiVersion: v1
kind: Secret
metadata: {name: regcred, annotations: {a: b}}
data: {token: c2VjcmV0}
stringData: {other: plain}
";

#[test]
fn a_plugin_takes_its_filters_along_and_the_relationships_among_them() {
    let design = imported(TEXT).design;
    let ids: Vec<ComponentId> = design.components().map(Component::id).collect();
    let copied = fragment(&design, &ids[..1]);
    assert_eq!((copied.components, copied.secrets_emptied), (2, 0));
    let pasted = opened(&copied.text).design;
    let pasted_ids: Vec<ComponentId> = pasted.components().map(Component::id).collect();
    assert_eq!(pasted_ids, ids[..2]);
    assert_eq!(pasted.chain(ids[0]).len(), 1);
    let relationship = pasted.relationships().next().unwrap();
    assert!(relationship.billfold("wrote").is_some(), "its record goes along");
    // A filter alone leaves its wallet behind.
    let copied = fragment(&design, &ids[1..2]);
    assert_eq!(opened(&copied.text).design.relationships().len(), 0);
}

#[test]
fn secret_data_stays_at_home() {
    let design = imported(TEXT).design;
    let ids: Vec<ComponentId> = design.components().map(Component::id).collect();
    let copied = fragment(&design, &ids);
    assert_eq!((copied.components, copied.secrets_emptied), (5, 1));
    assert!(!copied.text.contains("c2VjcmV0") && !copied.text.contains("plain"), "{}", copied.text);
    assert!(copied.text.contains("regcred"));
}
