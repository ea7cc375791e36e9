//! What a design of our own making consists of (`meshery-format.md` 4.1).

use crate::model::{Design, Value};

use super::Version;

/// An empty design; `id` is a UUID made by the caller.
pub fn new_design(id: &str, name: &str) -> Design {
    Design::from_tree(Value::from([
        ("id", Value::from(id)),
        ("name", Value::from(name)),
        ("schemaVersion", Value::from(Version::V1Beta1.schema_version())),
        ("version", Value::from("0.0.1")),
        ("components", Value::List(Vec::new())),
        ("relationships", Value::List(Vec::new())),
    ]))
}
