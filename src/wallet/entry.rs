//! The entry of an EnvoyFilter that a filter owns: where its fields stand, and which entry is whose.
//!
//! `policy.md`, EnvoyFilter wallet. Paths of fields start at the entry, never with an index of the list.

use crate::model::{FieldPath, Relationship, Value};

/// Path of the list of entries, from the component's root.
pub const LIST: [&str; 3] = ["configuration", "spec", "configPatches"];
/// The entry's name.
pub const NAME: [&str; 3] = ["patch", "value", "name"];
/// The type of what the entry configures.
pub const TYPE: [&str; 4] = ["patch", "value", "typed_config", "@type"];
/// Configuration and code of the module.
pub const CONFIG: [&str; 4] = ["patch", "value", "typed_config", "config"];
/// What is handed to the module, with its type.
pub const CONFIGURATION: [&str; 5] = ["patch", "value", "typed_config", "config", "configuration"];
/// What is handed to the module; pairs with `config`.
pub const CONFIG_VALUE: [&str; 6] = ["patch", "value", "typed_config", "config", "configuration", "value"];
/// Pairs with `pluginName`.
pub const ROOT_ID: [&str; 5] = ["patch", "value", "typed_config", "config", "root_id"];
/// Where the code comes from.
pub const CODE: [&str; 6] = ["patch", "value", "typed_config", "config", "vm_config", "code"];
/// Code from the proxy's own file system.
pub const LOCAL: [&str; 7] = ["patch", "value", "typed_config", "config", "vm_config", "code", "local"];
/// The file of the code; pairs with `wasmFilter`.
pub const FILENAME: [&str; 8] =
    ["patch", "value", "typed_config", "config", "vm_config", "code", "local", "filename"];

/// Where in the proxy's container modules are mounted that do not lie there already.
pub const MOUNT_FOLDER: &str = "/var/local/lib/wasm-filters/";

/// Envoy's wrapper of a text (protobuf well-known type).
pub const STRING_VALUE: &str = "type.googleapis.com/google.protobuf.StringValue";
/// Envoy's wrapper of a mapping (protobuf well-known type).
pub const STRUCT: &str = "type.googleapis.com/google.protobuf.Struct";

/// Where the record of a pair stands in its relationship.
///
/// A relationship with one pair has it directly in `metadata.billfold`; with several, each pair has its own under
/// `pairs`, with the ids of its two ends.
pub fn record_path(relationship: &Relationship, pair: usize) -> FieldPath {
    let direct = FieldPath::keys(&["metadata", "billfold"]);
    match place_among_pairs(relationship, pair) {
        Some(place) => direct.child("pairs").child(place),
        None => direct,
    }
}

/// The place of a pair's own record in `metadata.billfold.pairs`, if it has one.
pub fn place_among_pairs(relationship: &Relationship, pair: usize) -> Option<usize> {
    let (from, to) = pair_ids(relationship, pair)?;
    let records = relationship.billfold("pairs")?.as_list()?;
    records
        .iter()
        .position(|record| record.text_at(&["from"]) == Some(from) && record.text_at(&["to"]) == Some(to))
}

/// The ids of the two ends of a pair, as the file spells them.
pub fn pair_ids(relationship: &Relationship, pair: usize) -> Option<(&str, &str)> {
    let pair = relationship.pairs().get(pair)?;
    let id = |side, item| relationship.selector_item(pair.set, side, item)?.text_at(&["id"]);
    Some((id("from", pair.from_item)?, id("to", pair.to_item)?))
}

/// The record of a pair: what stands in `metadata.billfold` about it.
pub fn record(relationship: &Relationship, pair: usize) -> Option<&Value> {
    let path = record_path(relationship, pair);
    // What stands there directly is about the only pair; with several pairs it is about none.
    let is_direct = path.len() == 2;
    if is_direct && relationship.pairs().len() > 1 {
        return None;
    }
    relationship.tree().get(&path)
}

/// The name of the entry that the filter of this pair owns.
pub fn patch_name(relationship: &Relationship, pair: usize) -> Option<&str> {
    record(relationship, pair)?.text_at(&["patch"])
}

/// Where [`patch_name`] stands in the relationship.
pub fn patch_name_path(relationship: &Relationship, pair: usize) -> FieldPath {
    record_path(relationship, pair).child("patch")
}
