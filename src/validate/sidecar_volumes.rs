//! The volumes that Istio's injector adds to the pods of a workload, as two annotations say it (istio-wasm facts, 6).
//!
//! Each holds JSON: a list of objects, or a mapping from names to objects. What has no name of its own is called by its
//! place in the list, or by its key.

use crate::model::{ComponentKind, FieldPath, Map, Value};
use crate::yaml::{self, Format};

/// The volumes that are added to the pod.
pub(super) const VOLUMES: &str = "sidecar.istio.io/userVolume";
/// Where the proxy's container sees them.
pub(super) const MOUNTS: &str = "sidecar.istio.io/userVolumeMount";

/// One volume or mount.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The name that it gets.
    pub(super) name: String,
    /// Whether it says so itself, or a key does.
    pub(super) is_named: bool,
    /// Where it stands in the JSON.
    pub(super) path: FieldPath,
    pub(super) value: Value,
}

/// The path of the metadata of the pods, from an object's root; `None` when the object has no pods.
pub(super) fn pod_metadata(kind: &ComponentKind) -> Option<&'static [&'static str]> {
    if kind.same_kind(&ComponentKind::POD) {
        return Some(&["metadata"]);
    }
    kind.is_workload().then_some(&["spec", "template", "metadata"])
}

/// The spec of the pods of an object.
pub(super) fn pod_spec<'a>(kind: &ComponentKind, object: &'a Map) -> Option<&'a Value> {
    let spec = object.get("spec")?;
    if kind.same_kind(&ComponentKind::POD) { Some(spec) } else { spec.at(&["template", "spec"]) }
}

/// The text of an annotation of the pods of an object.
pub(super) fn annotation<'a>(kind: &ComponentKind, object: &'a Map, key: &str) -> Option<&'a str> {
    let (first, rest) = pod_metadata(kind)?.split_first()?;
    object.get(first)?.at(rest)?.at(&["annotations", key])?.as_text()
}

/// Reads the JSON of an annotation; `Err` says why the injector cannot.
pub(super) fn read(text: &str) -> Result<Vec<Item>, String> {
    let value = read_json(text)?;
    let item = |name: String, is_named, path: FieldPath, value: &Value| {
        if value.as_map().is_none() {
            return Err(format!("{path} must be a mapping, not {}", value.kind_name()));
        }
        Ok(Item { name, is_named, path, value: value.clone() })
    };
    let root = FieldPath::root();
    match &value {
        Value::List(items) => {
            let read = |(place, value): (usize, &Value)| {
                let own = value.text_at(&["name"]).filter(|name| !name.is_empty());
                let name = own.map_or_else(|| place.to_string(), str::to_owned);
                item(name, own.is_some(), root.child(place), value)
            };
            items.iter().enumerate().map(read).collect()
        }
        Value::Map(map) => {
            let read = |(key, value): (&str, &Value)| {
                let own = value.text_at(&["name"]).filter(|name| !name.is_empty());
                item(own.unwrap_or(key).to_owned(), true, root.child(key), value)
            };
            map.iter().map(read).collect()
        }
        other => Err(format!("it must be a list or a mapping, not {}", other.kind_name())),
    }
}

fn read_json(text: &str) -> Result<Value, String> {
    let parsed = yaml::parse(text).map_err(|err| err.to_string())?;
    if parsed.format != Format::Json {
        return Err(
            "it is no JSON, which alone the injector reads: keys and texts stand in double quotes".to_owned()
        );
    }
    match parsed.documents.len() {
        1 => Ok(parsed.into_first().map(|document| document.value).unwrap_or_default()),
        0 => Err("nothing stands in it".to_owned()),
        _ => Err("something stands behind its end".to_owned()),
    }
}

/// The same JSON with the quoted word `old` written as `new`, where that is all that differs; else `None`.
pub(super) fn respelled(text: &str, old: &str, new: &str) -> Option<String> {
    let quoted = |word: &str| yaml::emit_json_compact(&word.into());
    let (old, new) = (quoted(old), quoted(new));
    (text.matches(&old).count() == 1).then(|| text.replacen(&old, &new, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<(String, bool)>, String> {
        Ok(read(text)?.into_iter().map(|item| (item.name, item.is_named)).collect())
    }

    #[test]
    fn lists_and_mappings_name_their_items() {
        let named = |name: &str, is_named| (name.to_owned(), is_named);
        assert_eq!(names(r#"[{"name": "a"}, {}]"#), Ok(vec![named("a", true), named("1", false)]));
        assert_eq!(names(r#"{"a": {}, "b": {"name": "c"}}"#), Ok(vec![named("a", true), named("c", true)]));
        for wrong in ["", "[", "{a: {}}", "- name: a", "3", r#"["a"]"#, "[] []", r#"[{"name": "a",}]"#] {
            assert!(names(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_word_that_stands_once_is_respelled() {
        assert_eq!(respelled(r#"[{"a": 1}]"#, "a", "b"), Some(r#"[{"b": 1}]"#.to_owned()));
        assert_eq!(respelled(r#"[{"a": "a"}]"#, "a", "b"), None);
    }
}
