//! Paths that may name "the last item", and the strategies by which a patch changes a value.
//!
//! Pure functions on value trees; who applies the result is the policy.

use crate::model::{FieldPath, Segment, Value};
use crate::registry::{FieldSpec, PatchStrategy};

/// The segment that stands for the last item of a list, or item 0 of an empty or missing one.
pub const LAST_ITEM: &str = "_";

/// `path` with every [`LAST_ITEM`] made an index of the lists that `root` has there.
pub fn resolve(root: &Value, path: &[Segment]) -> FieldPath {
    let mut resolved = FieldPath::root();
    for segment in path {
        let here = root.get(&resolved);
        let is_list_or_missing = here.is_none_or(|value| matches!(value, Value::List(_) | Value::Null));
        if segment.as_key() == Some(LAST_ITEM) && is_list_or_missing {
            let length = here.and_then(Value::as_list).map_or(0, <[Value]>::len);
            resolved.push(length.saturating_sub(1));
        } else {
            resolved.push(segment.clone());
        }
    }
    resolved
}

/// Tells whether `path` may be what [`resolve`] made of `pattern`.
pub fn may_be(pattern: &[Segment], path: &[Segment]) -> bool {
    let fits = |(pattern, segment): (&Segment, &Segment)| {
        pattern == segment || pattern.as_key() == Some(LAST_ITEM) && matches!(segment, Segment::Index(_))
    };
    pattern.len() == path.len() && pattern.iter().zip(path).all(fits)
}

/// What a strategy makes of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Applied {
    /// This value.
    Value(Value),
    /// Nothing: the field is removed.
    Absent,
    /// The field stays as it is.
    Untouched,
    /// The values differ (`test`): to be reported, nothing is written.
    Differs,
}

/// What `strategy` makes of a field that holds `base` when `given` comes in. `spec` is what is known of the field.
///
/// `move` is treated like `copy`: what takes the value away at its source is not this function.
pub fn apply(
    strategy: PatchStrategy,
    base: Option<&Value>,
    given: &Value,
    spec: Option<&FieldSpec>,
) -> Applied {
    match strategy {
        PatchStrategy::Replace | PatchStrategy::Copy | PatchStrategy::Move => Applied::Value(given.clone()),
        PatchStrategy::Merge => Applied::Value(merge(base, given)),
        PatchStrategy::Strategic => Applied::Value(strategic(base, given, spec)),
        PatchStrategy::Add => match base {
            None => Applied::Value(given.clone()),
            Some(blank) if blank.is_blank() => Applied::Value(given.clone()),
            Some(Value::List(items)) => append(items, given),
            Some(_) => Applied::Untouched,
        },
        PatchStrategy::Remove => Applied::Absent,
        PatchStrategy::Test => match base {
            Some(base) if base.equivalent(given) => Applied::Untouched,
            _ => Applied::Differs,
        },
    }
}

/// `given` behind `items`, or each of its items, unless present.
fn append(items: &[Value], given: &Value) -> Applied {
    let mut all = items.to_vec();
    let new = given.as_list().unwrap_or(std::slice::from_ref(given));
    for item in new {
        if !all.iter().any(|other| other.equivalent(item)) {
            all.push(item.clone());
        }
    }
    if all.len() == items.len() { Applied::Untouched } else { Applied::Value(Value::List(all)) }
}

/// JSON Merge Patch (RFC 7396): null removes, mappings are merged, anything else replaces.
pub fn merge(base: Option<&Value>, given: &Value) -> Value {
    let Value::Map(given) = given else { return given.clone() };
    let mut merged = base.and_then(Value::as_map).cloned().unwrap_or_default();
    for (key, value) in given.iter() {
        if value.is_null() {
            merged.remove(key);
        } else {
            let value = merge(merged.get(key), value);
            merged.insert(key, value);
        }
    }
    Value::Map(merged)
}

/// Kubernetes' strategic merge, as far as schemas say: like [`merge`], and items of lists with map keys are merged with
/// the item of the same keys. Other lists are replaced.
pub fn strategic(base: Option<&Value>, given: &Value, spec: Option<&FieldSpec>) -> Value {
    match given {
        Value::Map(given) => {
            let mut merged = base.and_then(Value::as_map).cloned().unwrap_or_default();
            for (key, value) in given.iter() {
                if value.is_null() {
                    merged.remove(key);
                } else {
                    let below = spec.and_then(|spec| spec.field_at(&[key]));
                    let value = strategic(merged.get(key), value, below);
                    merged.insert(key, value);
                }
            }
            Value::Map(merged)
        }
        Value::List(items) => {
            let keys = spec.map(|spec| spec.list_map_keys.as_slice()).unwrap_or_default();
            if keys.is_empty() {
                return given.clone();
            }
            let of_items = spec.and_then(|spec| spec.items.as_deref());
            let mut merged = base.and_then(Value::as_list).unwrap_or_default().to_vec();
            for item in items {
                let is_same = |other: &Value| {
                    keys.iter().all(|key| item.at(&[key]).is_some() && item.at(&[key]) == other.at(&[key]))
                };
                match merged.iter_mut().find(|other| is_same(other)) {
                    Some(other) => *other = strategic(Some(other), item, of_items),
                    None => merged.push(item.clone()),
                }
            }
            Value::List(merged)
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        crate::yaml::parse(text).unwrap().into_first().unwrap().value
    }

    fn applied(strategy: PatchStrategy, base: &str, given: &str) -> String {
        let base = (!base.is_empty()).then(|| value(base));
        match apply(strategy, base.as_ref(), &value(given), None) {
            Applied::Value(value) => crate::yaml::emit_json_compact(&value),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn each_strategy_does_what_its_name_says() {
        use PatchStrategy::{Add, Copy, Merge, Remove, Replace, Strategic, Test};
        for (strategy, base, given, result) in [
            (Replace, "{a: 1}", "{b: 2}", r#"{"b":2}"#),
            (Copy, "", "x", r#""x""#),
            (Merge, "{a: 1, b: {c: 1, d: 2}}", "{b: {c: null, e: 3}}", r#"{"a":1,"b":{"d":2,"e":3}}"#),
            (Merge, "[1]", "{a: 1}", r#"{"a":1}"#),
            (Strategic, "{a: [1]}", "{a: [2]}", r#"{"a":[2]}"#),
            (Strategic, "{a: 1, b: 2}", "{b: null, c: {d: null}}", r#"{"a":1,"c":{}}"#),
            (Add, "", "x", r#""x""#),
            (Add, "y", "x", "Untouched"),
            (Add, "[1, 2]", "[2, 3]", "[1,2,3]"),
            (Add, "[1]", "1.0", "Untouched"),
            (Remove, "x", "x", "Absent"),
            (Test, "1", "1.0", "Untouched"),
            (Test, "", "x", "Differs"),
        ] {
            assert_eq!(applied(strategy, base, given), result, "{strategy:?} {base} {given}");
        }
    }

    #[test]
    fn a_strategic_merge_finds_items_by_their_keys() {
        let spec = FieldSpec { list_map_keys: vec!["name".to_owned()], ..FieldSpec::default() };
        let merged = strategic(
            Some(&value("[{name: a, x: 1}, {name: b}]")),
            &value("[{name: a, y: 2}, {name: c}]"),
            Some(&spec),
        );
        assert_eq!(
            crate::yaml::emit_json_compact(&merged),
            r#"[{"name":"a","x":1,"y":2},{"name":"b"},{"name":"c"}]"#
        );
    }

    #[test]
    fn the_last_item_is_an_index() {
        let root = value("{a: [{b: 1}, {b: 2}], empty: [], map: {_: 1}}");
        for (path, resolved) in [
            (vec!["a", "_", "b"], "/a/1/b"),
            (vec!["empty", "_"], "/empty/0"),
            (vec!["missing", "_", "x"], "/missing/0/x"),
            (vec!["map", "_"], "/map/_"),
        ] {
            assert_eq!(resolve(&root, &FieldPath::keys(&path)).to_pointer(), resolved);
        }
    }
}
