//! From a value of a file to what a rule calls `self`, as an API server would hand it over: defaults filled in, null as
//! absent, nothing that the schema does not know.

use std::collections::HashMap;
use std::sync::Arc;

use kube_cel::cel::Value as CelValue;
use kube_cel::cel::objects::{Key, Map as CelMap};

use crate::model::{Map, Number, Value};
use crate::registry::{FieldKind, FieldSpec, Others};

/// Words that no field may be called by in a rule.
const RESERVED: [&str; 21] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The value of a field.
pub(super) fn of_field(spec: &FieldSpec, value: &Value) -> CelValue {
    match (value, spec.kind) {
        (Value::Map(map), FieldKind::Object) => object(spec, map),
        (Value::Map(map), _) => {
            let entries = map.iter().map(|(key, value)| {
                let value = match &spec.others {
                    Others::Of(spec) => of_field(spec, value),
                    Others::Free | Others::Refused => free(value),
                };
                (Key::String(Arc::new(key.to_owned())), value)
            });
            as_map(entries.collect())
        }
        (Value::List(items), _) => {
            let item =
                |item: &Value| spec.items.as_deref().map_or_else(|| free(item), |spec| of_field(spec, item));
            CelValue::List(Arc::new(items.iter().map(item).collect()))
        }
        (Value::Number(number), FieldKind::Number) => float(number),
        _ => free(value),
    }
}

/// The root of an object: of its metadata a rule sees the name only.
pub(super) fn of_object(spec: &FieldSpec, manifest: &Map) -> CelValue {
    let CelValue::Map(found) = object(spec, manifest) else { return CelValue::Null };
    let mut entries = HashMap::clone(&found.map);
    let mut metadata = HashMap::new();
    for key in ["name", "generateName"] {
        if let Some(text) = manifest.get("metadata").and_then(|it| it.text_at(&[key])) {
            metadata.insert(text_key(key), string(text));
        }
    }
    entries.insert(text_key("metadata"), as_map(metadata));
    for key in ["apiVersion", "kind"] {
        if let Some(text) = manifest.text(key) {
            entries.insert(text_key(key), string(text));
        }
    }
    as_map(entries)
}

fn object(spec: &FieldSpec, map: &Map) -> CelValue {
    let mut entries = HashMap::new();
    for (name, property) in &spec.properties {
        let Some(key) = escaped(name) else { continue };
        let given = map.get(name).filter(|value| !value.is_null() || property.nullable);
        if let Some(value) = given.or(property.default.as_ref()) {
            entries.insert(Key::String(Arc::new(key)), of_field(property, value));
        }
    }
    // Beside its known keys a mapping may have others, which have no name in a rule; with none known they are entries.
    if let Others::Of(others) = &spec.others {
        for (name, value) in map.iter().filter(|(name, _)| !spec.properties.contains_key(*name)) {
            entries.insert(text_key(name), of_field(others, value));
        }
    }
    as_map(entries)
}

/// A value of which nothing is known.
fn free(value: &Value) -> CelValue {
    match value {
        Value::Null => CelValue::Null,
        Value::Bool(truth) => CelValue::Bool(*truth),
        Value::Number(number) => match number.as_whole().map(i64::try_from) {
            Some(Ok(whole)) => CelValue::Int(whole),
            _ => float(number),
        },
        Value::Text(text) => string(text),
        Value::List(items) => CelValue::List(Arc::new(items.iter().map(free).collect())),
        Value::Map(map) => as_map(map.iter().map(|(key, value)| (text_key(key), free(value))).collect()),
    }
}

fn float(number: &Number) -> CelValue {
    CelValue::Float(number.as_f64().unwrap_or(f64::NAN))
}

fn string(text: &str) -> CelValue {
    CelValue::String(Arc::new(text.to_owned()))
}

fn text_key(key: &str) -> Key {
    Key::String(Arc::new(key.to_owned()))
}

fn as_map(map: HashMap<Key, CelValue>) -> CelValue {
    CelValue::Map(CelMap { map: Arc::new(map) })
}

/// The name of a field in a rule; `None` when it has none.
fn escaped(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__"));
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_.-/".contains(c);
    let begins_well = name.starts_with(|c: char| !c.is_ascii_digit());
    (begins_well && name.chars().all(is_allowed)).then(|| {
        name.replace("__", "__underscores__")
            .replace('.', "__dot__")
            .replace('-', "__dash__")
            .replace('/', "__slash__")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_kubernetes_does() {
        for (name, escaped_name) in [
            ("url", Some("url")),
            ("namespace", Some("__namespace__")),
            ("a.b-c/d", Some("a__dot__b__dash__c__slash__d")),
            ("a_b", Some("a_b")),
            ("a__b", Some("a__underscores__b")),
            ("1a", None),
            ("a b", None),
            ("", None),
        ] {
            assert_eq!(escaped(name).as_deref(), escaped_name, "{name}");
        }
    }
}
