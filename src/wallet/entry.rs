//! The entry of an EnvoyFilter that a filter owns: where its fields stand, and which entry is whose.
//!
//! `policy.md`, EnvoyFilter wallet. Paths of fields start at the entry, never with an index of the list.

use crate::model::{FieldPath, Map, Relationship, Value};
use crate::yaml;

use super::module_group::{ModuleGroup, as_text};

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
    if !relationship.has_billfold() {
        return None;
    }
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

/// What a filter gives to its entry: the values in the form that Envoy has them in.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryGroup {
    /// The source of the code: the URL of a file or of a remote module.
    pub source: String,
    /// What is handed to the module.
    pub config: Option<EntryConfig>,
    /// The root id.
    pub root_id: Option<String>,
}

/// What is handed to a module, as its wrapper has it.
#[derive(Clone, Debug, PartialEq)]
pub enum EntryConfig {
    /// In a `StringValue`.
    Text(String),
    /// In a `Struct`.
    Mapping(Map),
    /// In another wrapper.
    Other(Value),
}

impl EntryGroup {
    /// What stands in an entry; `None` when it has no code that a filter could give.
    pub fn of(entry: &Value) -> Option<Self> {
        Some(Self { source: source(entry)?, config: config(entry), root_id: text(entry.at(&ROOT_ID)) })
    }

    /// What an entry may hold that was made for a filter called `name`: with the file itself, or with the place where a
    /// module from elsewhere is mounted; and with the config as text, or as the mapping that it is.
    pub fn of_filter(group: &ModuleGroup<'_>, name: Option<&str>) -> Vec<Self> {
        let Some(url) = group.url else { return Vec::new() };
        let root_id = text(group.plugin_name.map(as_text).as_ref());
        let mut configs = vec![None];
        if let Some(config) = group.config {
            configs = config_text(config).map(|text| Some(EntryConfig::Text(text))).into_iter().collect();
            if let Ok(Some(map)) = group.plugin_config() {
                configs.push(Some(EntryConfig::Mapping(map)));
            }
        }
        let mut sources = vec![url.to_owned()];
        if local_file(url).is_none() {
            sources.extend(name.map(|name| format!("file://{}", mount_file(name))));
        }
        let mut groups = Vec::new();
        for source in &sources {
            for config in &configs {
                let (source, config) = (source.clone(), config.clone());
                groups.push(Self { source, config, root_id: root_id.clone() });
            }
        }
        groups
    }

    /// Tells whether both run the same code with the same configuration.
    pub fn runs_the_same(&self, other: &Self) -> bool {
        let same_config = match (&self.config, &other.config) {
            (Some(EntryConfig::Mapping(a)), Some(EntryConfig::Mapping(b))) => {
                Value::Map(a.clone()).equivalent(&Value::Map(b.clone()))
            }
            (a, b) => a == b,
        };
        self.source == other.source && same_config
    }
}

/// Where the code of an entry comes from, as a URL.
pub fn source(entry: &Value) -> Option<String> {
    if let Some(file) = text(entry.at(&FILENAME)) {
        return Some(format!("file://{file}"));
    }
    text(entry.at(&CODE)?.at(&["remote", "http_uri", "uri"]))
}

/// What is handed to the module of an entry; blank is nothing.
pub fn config(entry: &Value) -> Option<EntryConfig> {
    let wrapper = entry.at(&CONFIGURATION)?;
    let value = entry.at(&CONFIG_VALUE).filter(|value| !value.is_blank())?;
    match (wrapper.text_at(&["@type"]), value) {
        (Some(STRING_VALUE) | None, Value::Text(text)) => Some(EntryConfig::Text(text.to_string())),
        (Some(STRUCT), Value::Map(map)) => Some(EntryConfig::Mapping(map.clone())),
        _ => Some(EntryConfig::Other(wrapper.clone())),
    }
}

/// A config as Envoy's `StringValue` takes it: text as it is, a mapping as compact JSON. `None` for anything else.
pub fn config_text(config: &Value) -> Option<String> {
    match config {
        Value::Text(text) => Some(text.to_string()),
        Value::Map(_) => Some(yaml::emit_json_compact(config)),
        _ => None,
    }
}

/// The path of a `file:` URL.
pub fn local_file(url: &str) -> Option<&str> {
    let path = url.trim().strip_prefix("file://")?;
    path.starts_with('/').then_some(path)
}

/// Where a module from elsewhere is mounted, for a filter called `name`.
pub fn mount_file(name: &str) -> String {
    format!("{MOUNT_FOLDER}{name}.wasm")
}

fn text(value: Option<&Value>) -> Option<String> {
    value?.as_text().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}
