//! Paths that may name "the last item", and the strategies by which a patch changes a value.
//!
//! Pure functions on value trees; who applies the result is the policy.

use crate::model::{FieldPath, Segment, Value};

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
