//! The JSON Schema of a component definition of others, as far as a form and the references of relationships need it.
//!
//! Lenient where [`super::schema`] is strict: an unknown keyword is no bound, and where a schema cannot be followed
//! (`$ref`, `anyOf`, …) anything may stand. Listed properties count as all there are, although JSON Schema says
//! otherwise: a reference to a property that nobody listed is a mistake far more often than not.

use std::sync::Arc;

use crate::model::{Map, Value};
use crate::yaml;

use super::field_spec::{Choice, FieldKind, FieldSpec, Others};

/// Keywords that a form cannot follow.
const BEYOND: [&str; 8] =
    ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "patternProperties", "$dynamicRef"];

/// The most characters of a field's help.
const HELP: usize = 240;

/// Reads the text of a schema. `None` when it is none of an object, so that nothing is known.
pub(super) fn read(text: &str) -> Option<FieldSpec> {
    let document = yaml::parse(text).ok()?.into_first()?;
    let spec = field_spec(&document.value, "");
    matches!(spec.kind, FieldKind::Object | FieldKind::Map).then_some(spec)
}

/// What is known of a mapping of which nothing is known.
pub(super) fn open() -> FieldSpec {
    FieldSpec { kind: FieldKind::Map, others: Others::Free, ..FieldSpec::default() }
}

fn field_spec(value: &Value, key: &str) -> FieldSpec {
    let empty = Map::new();
    let map = value.as_map().unwrap_or(&empty);
    let text = |key: &str| map.get(key).and_then(Value::as_text);
    let is_set = |key: &str| map.get(key).and_then(Value::as_bool).unwrap_or(false);
    let properties = map.get("properties").and_then(Value::as_map).filter(|it| !it.is_empty());
    let is_beyond = BEYOND.iter().any(|key| map.get(key).is_some());
    let choices = choices(map);
    let (type_, is_nullable) = type_of(map);
    let kind = match type_ {
        _ if is_set("x-kubernetes-int-or-string") => FieldKind::IntOrString,
        Some("string") if !choices.is_empty() => FieldKind::Enum,
        Some("string") => FieldKind::Text,
        Some("integer") => FieldKind::Integer,
        Some("number") => FieldKind::Number,
        Some("boolean") => FieldKind::Boolean,
        Some("array") => FieldKind::List,
        Some("object") | None if properties.is_some() => FieldKind::Object,
        Some("object") => FieldKind::Map,
        _ => FieldKind::Any,
    };
    let mut spec = FieldSpec {
        kind,
        title: text("title").map_or_else(|| words(key), |title| title.trim().to_owned()),
        help: text("description").map(first_sentence).unwrap_or_default(),
        nullable: is_nullable || is_set("nullable"),
        default: map.get("default").filter(|default| !default.is_null()).cloned(),
        minimum: map.get("minimum").and_then(Value::as_i64),
        maximum: map.get("maximum").and_then(Value::as_i64),
        list_map_keys: texts(map.get("x-kubernetes-list-map-keys")),
        ..FieldSpec::default()
    };
    match kind {
        FieldKind::Enum => spec.choices = choices,
        FieldKind::List => {
            spec.items = Some(Arc::new(map.get("items").map_or_else(any, |it| field_spec(it, ""))));
        }
        FieldKind::Object | FieldKind::Map => {
            for (name, property) in properties.into_iter().flat_map(Map::iter) {
                spec.properties.insert(name.to_owned(), field_spec(property, name));
            }
            spec.required = texts(map.get("required"));
            spec.required.retain(|name| spec.properties.contains_key(name));
            let is_open = is_beyond || is_set("x-kubernetes-preserve-unknown-fields") || properties.is_none();
            spec.others = match map.get("additionalProperties") {
                Some(Value::Bool(true)) => Others::Free,
                Some(others @ Value::Map(_)) => Others::Of(Arc::new(field_spec(others, ""))),
                _ if is_open => Others::Free,
                _ => Others::Refused,
            };
        }
        FieldKind::Any => spec.others = Others::Free,
        _ => {}
    }
    spec
}

fn any() -> FieldSpec {
    FieldSpec { others: Others::Free, ..FieldSpec::default() }
}

/// The one type, and whether null stands beside it. Several types are none: anything may stand there.
fn type_of(map: &Map) -> (Option<&str>, bool) {
    match map.get("type") {
        Some(Value::Text(_)) => (map.get("type").and_then(Value::as_text), false),
        Some(Value::List(types)) => {
            let mut others = types.iter().filter_map(Value::as_text).filter(|it| *it != "null");
            let is_nullable = types.iter().any(|it| it.as_text() == Some("null"));
            match (others.next(), others.next()) {
                (Some(only), None) => (Some(only), is_nullable),
                _ => (Some("anything"), is_nullable),
            }
        }
        _ => (None, false),
    }
}

/// The allowed texts; none when something else is allowed, too.
fn choices(map: &Map) -> Vec<Choice> {
    let values = map.get("enum").and_then(Value::as_list).unwrap_or_default();
    let choice = |value: &Value| Some(Choice { value: value.as_text()?.to_owned(), help: String::new() });
    values.iter().map(choice).collect::<Option<_>>().unwrap_or_default()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_list).unwrap_or_default();
    items.iter().filter_map(Value::as_text).map(ToOwned::to_owned).collect()
}

/// `imagePullPolicy` as "Image pull policy"; an abbreviation stays one (`podCIDR`: "Pod CIDR").
pub(super) fn words(key: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = true;
    for c in key.chars() {
        if c.is_whitespace() || matches!(c, '_' | '-' | '.' | '/') {
            words.push(String::new());
        } else {
            if words.is_empty() || (c.is_uppercase() && was_lower) {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.push(c);
            }
        }
        was_lower = !c.is_uppercase();
    }
    words.retain(|word| !word.is_empty());
    for word in &mut words {
        if word.chars().skip(1).any(char::is_lowercase) || word.chars().count() == 1 {
            *word = word.to_lowercase();
        }
    }
    let text = words.join(" ");
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// The first sentence, or as much of it as a line of help holds.
pub(super) fn first_sentence(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line.find(". ").map_or(line.len(), |end| end + 1);
    match line[..end].char_indices().nth(HELP) {
        Some((cut, _)) => format!("{}…", line[..cut].trim_end()),
        None => line[..end].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Resolution;

    #[test]
    fn kinds_follow_type_and_contents_and_the_rest_is_open() {
        for (text, kind) in [
            ("{type: string}", FieldKind::Text),
            ("{type: string, enum: [a, b]}", FieldKind::Enum),
            ("{type: string, enum: [a, 1]}", FieldKind::Text),
            ("{type: [string, 'null']}", FieldKind::Text),
            ("{type: [string, integer]}", FieldKind::Any),
            ("{type: integer, format: int32, odd: true}", FieldKind::Integer),
            ("{type: array}", FieldKind::List),
            ("{type: object}", FieldKind::Map),
            ("{properties: {a: {}}}", FieldKind::Object),
            (
                "{anyOf: [{type: integer}, {type: string}], x-kubernetes-int-or-string: true}",
                FieldKind::IntOrString,
            ),
            ("{$ref: '#/$defs/a'}", FieldKind::Any),
            ("{type: strin}", FieldKind::Any),
            ("7", FieldKind::Any),
        ] {
            let value = yaml::parse(text).unwrap().into_first().unwrap().value;
            assert_eq!(field_spec(&value, "").kind, kind, "{text}");
        }
    }

    #[test]
    fn listed_properties_are_all_there_are_unless_the_schema_says_otherwise() {
        let spec = read(
            r#"{"type": "object", "required": ["spec", "gone"], "properties": {
                "spec": {"type": "object", "description": "What it does. And more.", "properties": {
                    "maxReplicas": {"type": "integer", "minimum": 1, "default": 3},
                    "rules": {"type": "array", "items": {"type": "object", "properties": {"host": {"type": "string"}}}},
                    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                    "free": {"type": "object", "properties": {"a": {}}, "x-kubernetes-preserve-unknown-fields": true},
                    "either": {"oneOf": [{}], "properties": {"a": {}}}
                }}}}"#,
        )
        .unwrap();
        let at = |path: &[&str]| spec.resolve(crate::model::FieldPath::keys(path).segments());
        assert!(matches!(at(&["spec", "rules", "_", "host"]), Resolution::Field(_)));
        assert!(matches!(at(&["spec", "labels", "any"]), Resolution::Field(_)));
        assert_eq!(at(&["spec", "free", "any"]), Resolution::Open);
        assert_eq!(at(&["spec", "either", "b"]), Resolution::Open);
        assert_eq!(at(&["spec", "maxReplica"]), Resolution::Nowhere);
        assert_eq!(at(&["spec", "rules", "host"]), Resolution::Nowhere);
        assert_eq!(spec.required, ["spec"]);
        let known = spec.field_at(&["spec"]).unwrap();
        assert_eq!((known.title.as_str(), known.help.as_str()), ("Spec", "What it does."));
        let replicas = known.field_at(&["maxReplicas"]).unwrap();
        assert_eq!((replicas.title.as_str(), replicas.minimum), ("Max replicas", Some(1)));
        assert_eq!(replicas.default, Some(3.into()));
    }

    #[test]
    fn what_is_no_schema_of_an_object_is_none() {
        for text in ["", "{", "7", "{}", "[1]", r#"{"type": "string"}"#, "{{ .Values.schema }}"] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert!(read(r#"{"type": "object"}"#).is_some());
    }

    #[test]
    fn keys_become_words() {
        for (key, text) in [
            ("imagePullPolicy", "Image pull policy"),
            ("podCIDR", "Pod CIDR"),
            ("URL", "URL"),
            ("a", "A"),
            ("max_size", "Max size"),
            ("", ""),
        ] {
            assert_eq!(words(key), text, "{key}");
        }
        assert_eq!(first_sentence(&"ä".repeat(1000)).chars().count(), HELP + 1);
    }
}
