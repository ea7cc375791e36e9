//! When two values are the same to whoever receives them (`policy.md`, Types).

use billfold::model::{Map, Value};
use billfold::yaml;

/// What the receiver takes a value for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Type {
    Anything,
    /// A number or a boolean counts as its text.
    Text,
    /// Text counts as the mapping that can be read from it.
    Mapping,
}

/// The mapping that a config means; `None` when it means none.
pub(crate) fn mapping(config: &Value) -> Option<Map> {
    match config {
        Value::Map(map) => Some(map.clone()),
        Value::Text(text) => {
            let mut documents = yaml::parse(text).ok()?.documents;
            if documents.len() != 1 {
                return None;
            }
            match documents.remove(0).value {
                Value::Map(map) => Some(map),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A scalar as text.
pub(crate) fn as_text(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.text().into(),
        Value::Bool(truth) => Value::from(truth.to_string()),
        other => other.clone(),
    }
}

/// A value as its receiver takes it; what cannot be converted stays as it is.
pub(crate) fn as_taken(of: Type, value: &Value) -> Value {
    match (of, value) {
        (Type::Text, Value::List(_) | Value::Map(_)) => yaml::emit_json_compact(value).into(),
        _ => converted(of, value),
    }
}

fn converted(of: Type, value: &Value) -> Value {
    match of {
        Type::Anything => value.clone(),
        Type::Text => as_text(value),
        Type::Mapping => mapping(value).map_or_else(|| value.clone(), Value::Map),
    }
}

/// Compares after conversion; null and blank text count as absent.
pub(crate) fn same(of: Type, a: Option<&Value>, b: Option<&Value>) -> bool {
    let present = |value: Option<&Value>| value.filter(|it| !it.is_blank()).map(|it| converted(of, it));
    match (present(a), present(b)) {
        (None, None) => true,
        (Some(a), Some(b)) => a.equivalent(&b),
        _ => false,
    }
}
