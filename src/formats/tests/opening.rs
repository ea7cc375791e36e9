//! What a text is, and where things stand in it.

use crate::formats::{Origin, ReadErrorKind, meshery, open};
use crate::model::{ComponentId, FieldPath, RelationshipId, Subject};
use crate::yaml::Format;

use super::{imported, opened};

fn refused(text: &str) -> (ReadErrorKind, String, u32) {
    match open(text.as_bytes()) {
        Ok(opened) => panic!("opens: {:?}\n{text}", opened.origin),
        Err(err) => (err.kind, err.message, err.position.line),
    }
}

#[test]
fn a_design_is_told_by_its_content() {
    for (text, version, format) in [
        ("schemaVersion: designs.meshery.io/v1beta1\n", meshery::Version::V1Beta1, Format::Yaml),
        ("{\"schemaVersion\": \"designs.meshery.io/v1beta3\"}", meshery::Version::V1Beta3, Format::Json),
        ("schemaVersion: \"\"\ncomponents: []\n", meshery::Version::V1Beta1, Format::Yaml),
        ("name: only components\ncomponents: []\n", meshery::Version::V1Beta1, Format::Yaml),
    ] {
        let Origin::Design(origin) = opened(text).origin else { panic!("{text}") };
        assert_eq!((origin.version, origin.format), (version, format), "{text}");
        assert_eq!(&*origin.bytes, text.as_bytes());
    }
}

#[test]
fn another_version_says_what_it_is() {
    let (kind, message, line) =
        refused("name: x\nschemaVersion: designs.meshery.io/v1beta9\ncomponents: []\n");
    assert_eq!((kind, line), (ReadErrorKind::Unsupported, 2));
    assert!(message.contains("v1beta9"), "{message}");
    let (kind, message, _) = refused("name: x\nservices:\n  a: {type: Pod, apiVersion: v1, settings: {}}\n");
    assert_eq!(kind, ReadErrorKind::Unsupported);
    assert!(message.contains("PatternFile"), "{message}");
}

#[test]
fn what_belongs_to_others_is_named_and_may_be_skipped() {
    for (text, word) in [
        ("services:\n  web: {image: nginx}\n", "Compose"),
        ("apiVersion: v2\nname: shop\nversion: 1.0.0\n", "Helm"),
        ("schemaVersion: components.meshery.io/v1beta1\n", "definition"),
        ("replicaCount: 2\n", "apiVersion"),
        ("schemaVersion: .nan\ncomponents: []\n", "components"),
        ("just words\n", "text"),
        ("- 1\n- 2\n", "list"),
    ] {
        let (kind, message, _) = refused(text);
        assert_eq!(kind, ReadErrorKind::Unknown, "{message}");
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(refused("# only a comment\n").0, ReadErrorKind::Empty);
    assert_eq!(refused("{{ .Values.x }}\n").0, ReadErrorKind::Template);
    assert!(matches!(refused("a: b: c\n").0, ReadErrorKind::Text(_)));
}

#[test]
fn a_second_document_behind_a_design_is_named() {
    let text = "schemaVersion: designs.meshery.io/v1beta1\n---\nkind: ConfigMap\n";
    let found = opened(text);
    assert_eq!(found.findings.len(), 1);
    assert!(found.findings[0].message.contains("line 3"), "{:?}", found.findings);
    let Origin::Design(origin) = found.origin else { panic!() };
    assert_eq!(origin.losses.documents, 1);
}

const DESIGN: &str = "\
name: x
components:
- id: 38ed4b60-7e98-4f95-afec-c1ed9ad1b7a6
  displayName: edge
  configuration:
    spec:
      phase: AUTHN
- id: second
  displayName: other
relationships:
- id: r
  status: deleted
";

#[test]
fn positions_in_a_design() {
    let positions = opened(DESIGN).positions;
    let at = |subject: Subject, keys: &[&str]| {
        positions.position(subject, &FieldPath::keys(keys)).map(|position| (position.line, position.column))
    };
    let component = |id: &str| Subject::Component(ComponentId::from_text(id).unwrap());
    let first = component("38ed4b60-7e98-4f95-afec-c1ed9ad1b7a6");
    assert_eq!(at(first, &["configuration", "spec", "phase"]), Some((7, 14)));
    // What does not exist is at its nearest parent.
    assert_eq!(at(first, &["configuration", "spec", "url"]), at(first, &["configuration", "spec"]));
    assert_eq!(at(component("second"), &["displayName"]), Some((9, 16)));
    assert_eq!(at(component("third"), &[]), None);
    let relationship = Subject::Relationship(RelationshipId::from_text("r").unwrap());
    assert_eq!(at(relationship, &["status"]), Some((12, 11)));
    assert_eq!(at(Subject::Design, &["name"]), Some((1, 7)));
}

#[test]
fn positions_in_manifests() {
    let text = "\
apiVersion: v1
kind: List
items:
- apiVersion: extensions.istio.io/v1alpha1
  kind: WasmPlugin
  metadata: {name: edge}
  spec:
    url: oci://reg.example.com/a:1
    pluginConfig:
      key: value
---
no: object
";
    let found = imported(text);
    let ids: Vec<ComponentId> = found.design.components().map(crate::model::Component::id).collect();
    let at = |id: ComponentId, keys: &[&str]| {
        let position = found.positions.position(Subject::Component(id), &FieldPath::keys(keys)).unwrap();
        (position.line, position.column)
    };
    let (plugin, filter) = (ids[0], ids[1]);
    assert_eq!(at(plugin, &["configuration", "spec", "url"]), (8, 10));
    assert_eq!(at(plugin, &["component", "kind"]), (5, 9));
    assert_eq!(at(plugin, &["displayName"]), (6, 20));
    assert_eq!(at(filter, &["configuration", "wasmFilter"]), (8, 10));
    assert_eq!(at(filter, &["configuration", "config"]), (10, 7));
    let stray = &found.findings[0];
    let position = found.positions.position(stray.location.subject, &stray.location.path).unwrap();
    assert_eq!((stray.code, position.line), ("FM003", 12));
}
