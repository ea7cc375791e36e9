//! The JSON Schema of a design (`fixtures/design.schema.json`), and that every sample fits it.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::tree;

/// What is wrong with `design` as a design that we write; empty when it fits.
pub(crate) fn faults(design: &Value) -> Vec<String> {
    VALIDATOR.iter_errors(design).map(|err| format!("{}: {err}", err.instance_path())).collect()
}

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let schema: Value = serde_json::from_str(&tree::read("tests/fixtures/design.schema.json")).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
});

fn sample(path: &str) -> Value {
    serde_yaml::from_str(&tree::read(path)).unwrap_or_else(|err| panic!("{path}: {err}"))
}

#[test]
fn every_sample_fits_the_schema() {
    let samples = tree::files("designs", ".yaml");
    assert!(samples.len() >= 4, "{samples:?}");
    for path in samples {
        let faults = faults(&sample(&path));
        assert!(faults.is_empty(), "{path}:\n{}", faults.join("\n"));
    }
}

/// The schema can fail: each of these spoils one place of a sample.
#[test]
fn the_schema_refuses_what_we_must_not_write() {
    let cases = [
        ("", "unknown", json!(1)),
        ("", "schemaVersion", json!("designs.meshery.io/v1alpha2")),
        ("", "name", json!("")),
        ("", "components", json!(null)),
        ("/components/0", "id", json!("")),
        ("/components/0", "model", json!(null)),
        ("/components/0", "configuration", json!([])),
        ("/components/0", "parent", json!("x")),
        ("/components/0/component", "kind", json!("")),
        ("/components/0/styles", "svgColor", json!(null)),
        ("/components/0/styles/position", "x", json!(2_000_000)),
        ("/components/0/metadata", "isAnnotation", json!("false")),
        ("/components/0", "schemaVersion", json!("components.meshery.io/v1beta2")),
        ("/relationships/0", "schemaVersion", json!("relationships.meshery.io/v1beta1")),
        ("/relationships/0", "evaluationQuery", json!(3)),
        ("/relationships/0", "status", json!("")),
        ("/relationships/0", "selectors", json!([])),
        ("/relationships/0/selectors/0/allow/from/0/patch", "patchStrategy", json!("set")),
        ("/relationships/0/selectors/0/allow/from/0/patch", "mutatorRef", json!([["displayName"]])),
        ("/relationships/0/metadata/billfold/wrote/0", "after", json!(1)),
    ];
    let design = sample("designs/hierarchical-parent-wallet.yaml");
    for (place, key, value) in cases {
        let mut spoilt = design.clone();
        let object = spoilt.pointer_mut(place).unwrap_or_else(|| panic!("no {place}"));
        object[key] = value;
        assert!(!faults(&spoilt).is_empty(), "{place}/{key} is not refused");
    }
}
