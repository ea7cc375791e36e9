//! CM001 and CM002: a ConfigMap beyond what Kubernetes stores, and an object beyond what kubectl applies.

use super::rule::Rule;
use crate::model::{ComponentKind, Diagnostic, FieldPath, Map, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["CM001", "CM002"], check);

/// Of all values of a ConfigMap together, decoded.
const MOST_DATA: usize = 1024 * 1024;

/// Of all annotations of an object together; a client-side apply stores the object in one.
const MOST_ANNOTATIONS: usize = 262_144;

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    if resource.is(&ComponentKind::CONFIG_MAP) {
        let texts = |key| {
            let map = resource.get(&[key]).and_then(Value::as_map);
            map.into_iter().flat_map(Map::iter).filter_map(|(_, value)| value.as_text())
        };
        let plain: usize = texts("data").map(str::len).sum();
        let decoded: usize = texts("binaryData").map(decoded_length).sum();
        let size = plain + decoded;
        if size > MOST_DATA {
            let message = format!(
                "{size} bytes of data: a ConfigMap has at most {MOST_DATA}; put the module into an OCI image and use an \
                 oci:// url"
            );
            let key = if decoded > plain { "binaryData" } else { "data" };
            found.push(Diagnostic::new("CM001", resource.at(&[key]), message));
            return;
        }
    }
    let length: usize = resource.object().iter().map(|(key, value)| key.len() + 4 + json_length(value)).sum();
    if length > MOST_ANNOTATIONS {
        let message = format!(
            "about {length} bytes of JSON: kubectl apply keeps the object in an annotation, which has at most \
             {MOST_ANNOTATIONS}; use kubectl apply --server-side, or kubectl create"
        );
        found.push(Diagnostic::new("CM002", resource.at_path(&FieldPath::keys(&["kind"])), message));
    }
}

/// How many bytes a text in base64 stands for.
fn decoded_length(base64: &str) -> usize {
    let digits = base64.bytes().filter(|byte| !matches!(byte, b'=' | b'\n' | b'\r' | b' ')).count();
    digits * 3 / 4
}

/// The length of `value` as compact JSON, but for the escapes in texts.
fn json_length(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::Bool(truth) => 5 - usize::from(*truth),
        Value::Number(number) => number.text().len(),
        Value::Text(text) => {
            text.len() + 2 + text.bytes().filter(|byte| matches!(byte, b'"' | b'\n' | b'\\')).count()
        }
        Value::List(items) => 1 + items.iter().map(|item| json_length(item) + 1).sum::<usize>().max(1),
        Value::Map(map) => {
            1 + map.iter().map(|(key, value)| key.len() + 4 + json_length(value)).sum::<usize>().max(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn lengths_are_those_of_compact_json() {
        for text in ["{}", "[]", "{a: [1, true, null], b: {c: \"d\\ne\"}}", "[false, 1.5]"] {
            let value = yaml::parse(text).unwrap().into_first().unwrap().value;
            assert_eq!(json_length(&value), yaml::emit_json_compact(&value).len(), "{text}");
        }
        assert_eq!(decoded_length("AGFzbQEAAAA="), 8);
        assert_eq!(decoded_length("AGFz\nbQ=="), 4);
    }
}
