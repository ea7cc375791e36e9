//! Text to designs and back, over every sample and every piece of test data.

use billfold::formats::meshery;
use billfold::formats::{
    Export, ExportOptions, OpenOptions, Opened, Origin, ReadErrorKind, export, open, open_with,
};
use billfold::model::{ComponentKind, Design, Edit, FieldPath, Map, Value};
use billfold::policy::evaluated;
use billfold::registry::{Registry, structural};
use billfold::yaml::{self, Format};

use crate::{schema, tree};

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(tree::root().join(path)).unwrap()
}

fn opened(path: &str) -> Opened {
    open(&bytes(path)).unwrap_or_else(|err| panic!("{path}: {err}"))
}

fn imported(path: &str) -> Opened {
    let options = OpenOptions { make_filters: true };
    open_with(&bytes(path), &Registry::builtin(), options).unwrap_or_else(|err| panic!("{path}: {err}"))
}

fn exported(design: &Design) -> Export {
    export(design, &Registry::builtin(), &[], ExportOptions { with_secrets: true })
}

fn designs() -> Vec<String> {
    let mut paths = tree::files("designs", "");
    paths.extend(tree::files("tests/fixtures/valid", ""));
    assert!(paths.len() >= 20, "{paths:?}");
    paths
}

fn manifests() -> Vec<String> {
    let mut paths = tree::files("tests/fixtures/manifests", "");
    paths.extend(tree::files("tests/fixtures/api-server", ".yaml"));
    let unreadable = ["values.yaml", "notes.txt", "helm-template.yaml"];
    paths.retain(|path| !unreadable.iter().any(|name| path.ends_with(name)));
    assert!(paths.len() >= 20, "{paths:?}");
    paths
}

#[test]
fn open_save_open_keeps_every_tree() {
    for path in designs() {
        let first = opened(&path);
        let Origin::Design(origin) = &first.origin else { panic!("{path} is no design") };
        assert_eq!(&*origin.bytes, bytes(&path), "{path}");
        let original = yaml::parse_bytes(&bytes(&path)).unwrap().into_first().unwrap().value;
        assert!(first.design.to_tree().identical(&original), "{path}: open changed the tree");
        let text = meshery::write(&first.design, origin.format);
        let second = open(text.as_bytes()).unwrap_or_else(|err| panic!("{path}, saved: {err}\n{text}"));
        assert!(second.design.to_tree().identical(&original), "{path}: save changed the tree\n{text}");
        let Origin::Design(again) = &second.origin else { panic!("{path}, saved, is no design") };
        assert_eq!((again.format, again.version), (origin.format, origin.version), "{path}");
        assert_eq!(meshery::write(&second.design, again.format), text, "{path}: a second save differs");
    }
}

#[test]
fn the_other_format_keeps_every_tree_too() {
    for path in designs() {
        let Opened { design, origin: Origin::Design(origin), .. } = opened(&path) else { panic!("{path}") };
        let other = if origin.format == Format::Yaml { Format::Json } else { Format::Yaml };
        let text = meshery::write(&design, other);
        let again = open(text.as_bytes()).unwrap_or_else(|err| panic!("{path}: {err}"));
        // JSON has no way to write some numbers; what they mean stays.
        assert!(again.design.to_tree().equivalent(&design.to_tree()) || path.contains("scalars"), "{path}");
    }
}

fn json(design: &Design) -> serde_json::Value {
    serde_json::from_str(&meshery::write(design, Format::Json)).unwrap()
}

#[test]
fn every_save_of_an_edited_sample_fits_the_schema() {
    for path in tree::files("designs", ".yaml") {
        let mut design = opened(&path).design;
        assert_eq!(schema::faults(&json(&design)), [""; 0], "{path}");
        let id = design.component_at(0).unwrap().id();
        design.apply(Edit::set(id, FieldPath::keys(&["displayName"]), "renamed")).unwrap();
        assert_eq!(schema::faults(&json(&design)), [""; 0], "{path}, edited");
    }
}

#[test]
fn every_import_fits_the_schema() {
    for path in manifests() {
        let design = imported(&path).design;
        assert_eq!(schema::faults(&json(&design)), [""; 0], "{path}");
    }
}

#[test]
fn what_is_no_design_is_an_error_in_words() {
    for path in tree::files("tests/fixtures/invalid", "") {
        let Err(err) = open(&bytes(&path)) else { panic!("{path} opens") };
        assert!(err.position.line > 0 && err.position.column > 0, "{path}");
        assert!(err.message.len() > 10, "{path}: {err}");
    }
    for (name, kind) in [
        ("values.yaml", ReadErrorKind::Unknown),
        ("notes.txt", ReadErrorKind::Unknown),
        ("helm-template.yaml", ReadErrorKind::Template),
    ] {
        let err = open(&bytes(&format!("tests/fixtures/manifests/{name}"))).unwrap_err();
        assert_eq!(err.kind, kind, "{name}: {err}");
    }
}

/// The objects of a text, lists flattened, in order.
fn objects(path: &str) -> Vec<Value> {
    let mut objects = Vec::new();
    for document in yaml::parse_bytes(&bytes(path)).unwrap().documents {
        match document.value.at(&["items"]) {
            Some(Value::List(items)) => objects.extend(items.iter().cloned()),
            _ => objects.push(document.value),
        }
    }
    objects
}

/// What an export leaves out of an object, by hand.
fn cleaned(object: &Value) -> Value {
    let mut object = object.as_map().unwrap().clone();
    object.remove("status");
    if let Some(Value::Map(metadata)) = object.get_mut("metadata") {
        for key in ["creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"] {
            metadata.remove(key);
        }
        if let Some(Value::Map(annotations)) = metadata.get_mut("annotations") {
            annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        }
    }
    if object.text("apiVersion") == Some("extensions.istio.io/v1alpha1")
        && let Some(Value::Map(spec)) = object.get_mut("spec")
    {
        let is_empty_config = spec.get("pluginConfig").and_then(Value::as_map).is_some_and(Map::is_empty);
        if is_empty_config {
            spec.remove("pluginConfig");
        }
    }
    Value::Map(object)
}

#[test]
fn an_unchanged_import_exports_the_manifest() {
    for path in manifests() {
        for design in [imported(&path).design, opened(&path).design] {
            let export = exported(&design);
            let mut expected: Vec<Value> = objects(&path)
                .iter()
                .filter(|object| !object.text_at(&["apiVersion"]).unwrap().starts_with("kustomize"))
                .filter(|object| object.text_at(&["metadata", "name"]) != Some("elsewhere"))
                .map(cleaned)
                .collect();
            assert_eq!(export.objects.len(), expected.len(), "{path}");
            for object in &export.objects {
                let name = |value: &Value| value.text_at(&["metadata", "name"]).map(str::to_owned);
                let is_named = |value: &&Value| name(value) == name(&object.value);
                let same_kind = |value: &Value| value.at(&["kind"]) == object.value.at(&["kind"]);
                let found =
                    expected.iter().find(is_named).or_else(|| expected.iter().find(|it| name(it).is_none()));
                let place = found
                    .and_then(|found| expected.iter().position(|value| value == found && same_kind(value)));
                let mut value =
                    expected.swap_remove(place.unwrap_or_else(|| panic!("{path}: {}", object.text)));
                if name(&value).is_none() {
                    let metadata = value.as_map_mut().unwrap().get_mut("metadata").unwrap();
                    metadata.as_map_mut().unwrap().insert("name", Value::from(object.name.as_str()));
                }
                assert!(object.value.equivalent(&value), "{path}:\n{}\nis not\n{value:?}", object.text);
            }
            let text = export.text();
            let read: Vec<Value> =
                yaml::parse(&text).unwrap().documents.into_iter().map(|document| document.value).collect();
            let written: Vec<Value> = export.objects.iter().map(|object| object.value.clone()).collect();
            assert_eq!(read, written, "{path}");
        }
    }
}

#[test]
fn an_import_is_the_same_each_time_and_says_what_became_of_each_object() {
    for path in manifests() {
        let (first, second) = (imported(&path), imported(&path));
        assert_eq!(meshery::write(&first.design, Format::Yaml), meshery::write(&second.design, Format::Yaml));
        let Origin::Manifests { report } = &first.origin else { panic!("{path}") };
        assert_eq!(report.objects.len(), objects(&path).len(), "{path}: {report:?}");
        let ids: Vec<_> = first.design.components().map(billfold::model::Component::id).collect();
        assert!(report.objects.iter().all(|it| it.component.is_none_or(|id| ids.contains(&id))), "{path}");
    }
}

/// What our own structural schema says of a manifest.
fn violations(object: &Value) -> Vec<String> {
    let text = |key: &str| object.text_at(&[key]).unwrap_or_default();
    let kind = ComponentKind::parse(text("kind"), text("apiVersion"));
    let registry = Registry::builtin();
    let Some(definition) = registry.component(&kind) else { return Vec::new() };
    let found = structural::check_manifest(&definition.schema, object);
    found.iter().map(|violation| format!("{}: {}", violation.path, violation.message)).collect()
}

#[test]
fn every_export_of_every_sample_fits_the_schema_of_its_kind() {
    for path in tree::files("designs", ".yaml") {
        let export = exported(&opened(&path).design);
        assert!(!export.is_empty(), "{path}");
        let text = export.text();
        for document in yaml::parse(&text).unwrap().documents {
            assert_eq!(violations(&document.value), [""; 0], "{path}:\n{text}");
        }
    }
}

#[test]
fn what_the_api_server_takes_we_take_and_what_its_schema_refuses_we_refuse() {
    // Refused by rules that look at more than one field, which the checks know (stack.md, section 8).
    let by_rule = [
        "url-scheme-ftp",
        "selector-and-target-refs",
        "env-host-with-value",
        "env-duplicate-name",
        "name-not-dns-1123",
    ];
    for path in tree::files("tests/fixtures/api-server", ".yaml") {
        let export = exported(&imported(&path).design);
        let found: Vec<String> = export.objects.iter().flat_map(|object| violations(&object.value)).collect();
        let is_refused = path.contains("/rejected/") && !by_rule.iter().any(|name| path.contains(name));
        if path.contains("/accepted/") {
            assert_eq!(found, [""; 0], "{path}:\n{}", export.text());
        } else if is_refused {
            assert!(!found.is_empty(), "{path} passes:\n{}", export.text());
        }
    }
}

#[test]
fn evaluating_an_import_settles_at_once_and_exports_the_same() {
    let registry = Registry::builtin();
    for path in manifests() {
        let design = imported(&path).design;
        let (once, _) = evaluated(&design, &registry, true);
        let (twice, _) = evaluated(&once, &registry, true);
        assert!(once == twice, "{path}: evaluating again changes something");
        assert_eq!(schema::faults(&json(&once)), [""; 0], "{path}");
        let (before, after) = (exported(&design), exported(&once));
        let same = before.objects.iter().zip(&after.objects).all(|(a, b)| a.value.equivalent(&b.value));
        assert!(same, "{path}:\n{}\n--- became\n{}", before.text(), after.text());
        assert_eq!(before.objects.len(), after.objects.len(), "{path}");
    }
}
