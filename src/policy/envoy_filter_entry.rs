//! One entry of `spec.configPatches`: what a filter gives to it, and the entry as it is made here.

use super::field::Notation;
use super::record::{Record, Wrote};
use crate::model::view::WASM_TYPE_URL;
use crate::model::{Component, FieldPath, Map, Value};
use crate::wallet::entry::{self, EntryConfig};
use crate::wallet::module_group::{ModuleGroup, as_text, read_mapping};

/// What a filter gives to its entry.
pub(super) struct Given {
    pub(super) url: String,
    /// Its config; a mapping and its text mean the same.
    pub(super) config: Option<Value>,
    pub(super) root_id: Option<Value>,
}

impl Given {
    /// `None` when the filter cannot be written: it has no module, or a config that is neither text nor mapping.
    pub(super) fn of(filter: Option<&Component>) -> Option<Self> {
        let group = filter.and_then(ModuleGroup::of)?;
        let config = match group.config {
            Some(config) => {
                entry::config_text(config)?;
                Some(config.clone())
            }
            None => None,
        };
        let root_id = group.plugin_name.map(as_text);
        Some(Self { url: group.url?.to_owned(), config, root_id })
    }
}
/// What a filter gave to the fields of an entry when the transaction began.
pub(super) struct EntryGive(Option<(Given, Option<String>)>);

impl EntryGive {
    pub(super) fn of(filter: Option<&Component>) -> Self {
        Self(Given::of(filter).map(|given| (given, filter.and_then(Component::own_name).map(str::to_owned))))
    }

    pub(super) fn of_field(&self, field: &FieldPath) -> Vec<Option<Value>> {
        let Some((given, name)) = &self.0 else { return Vec::new() };
        if field.is_keys(&entry::ROOT_ID) {
            return vec![given.root_id.clone()];
        }
        if field.is_keys(&entry::CONFIG_VALUE) {
            let text = given.config.as_ref().and_then(entry::config_text).map(Value::from);
            return vec![text, given.config.clone()];
        }
        if field.is_keys(&entry::FILENAME) {
            let mounted = name.as_deref().map(entry::mount_file);
            return vec![entry::local_file(&given.url).map(Value::from).or(mounted.map(Value::from))];
        }
        Vec::new()
    }
}

pub(super) fn config_field(
    value: &Value,
    record: &Record,
    config: Option<&Value>,
) -> (FieldPath, Option<Value>, Notation) {
    let path = FieldPath::keys(&entry::CONFIG_VALUE);
    let whole = FieldPath::keys(&entry::CONFIGURATION);
    let text = || config.and_then(entry::config_text).map(Value::from);
    if record.about(&whole).is_some() {
        return (whole, text().map(wrapped), Notation::Plain);
    }
    match (entry::config(value), config) {
        (Some(EntryConfig::Mapping(_)), Some(config)) => match read_mapping(config) {
            // A mapping stays one, as long as the config can be read as one.
            Ok(Some(map)) => (path, Some(Value::Map(map.into_owned())), Notation::Plain),
            _ => (whole, text().map(wrapped), Notation::Plain),
        },
        (Some(EntryConfig::Other(_)), Some(_)) if record.about(&path).is_none() => {
            (whole, text().map(wrapped), Notation::Plain)
        }
        _ => (path, text(), Notation::Text),
    }
}

fn wrapped(text: Value) -> Value {
    Value::from([("@type", entry::STRING_VALUE.into()), ("value", text)])
}
pub(super) fn is_wasm(value: &Value) -> bool {
    value.text_at(&entry::TYPE) == Some(WASM_TYPE_URL)
}

/// The file of an entry's code.
pub(super) fn entry_file(value: &Value) -> Option<String> {
    value.text_at(&entry::FILENAME).map(str::to_owned)
}

pub(super) fn recorded_file(wrote: &Wrote) -> Option<&str> {
    let value = wrote.value.as_ref()?;
    value
        .as_text()
        .filter(|_| wrote.path.is_keys(&entry::FILENAME))
        .or_else(|| value.text_at(&["filename"]).or_else(|| value.text_at(&["local", "filename"])))
}
pub(super) fn nested(keys: &[&str], value: Value) -> Value {
    keys.iter().rev().fold(value, |value, key| Value::from([(*key, value)]))
}

/// An entry as we make it: before the router, on the way into a sidecar.
pub(super) fn new_entry(name: &str, given: &Given, file: &str) -> Value {
    let mut config = Map::new();
    if let Some(text) = given.config.as_ref().and_then(entry::config_text) {
        config.insert("configuration", wrapped(Value::from(text)));
    }
    if let Some(root_id) = &given.root_id {
        config.insert("root_id", root_id.clone());
    }
    let code = nested(&["local", "filename"], file.into());
    config.insert("vm_config", Value::from([("runtime", RUNTIME.into()), ("code", code)]));
    let typed_config = Value::from([("@type", WASM_TYPE_URL.into()), ("config", Value::Map(config))]);
    let value = Value::from([("name", name.into()), ("typed_config", typed_config)]);
    Value::from([
        ("applyTo", "HTTP_FILTER".into()),
        ("match", new_match()),
        ("patch", Value::from([("operation", OPERATION.into()), ("value", value)])),
    ])
}

/// Envoy's built-in virtual machine.
const RUNTIME: &str = "envoy.wasm.runtime.v8";

const OPERATION: &str = "INSERT_BEFORE";

fn new_match() -> Value {
    let filter = Value::from([
        ("name", "envoy.filters.network.http_connection_manager".into()),
        ("subFilter", Value::from([("name", "envoy.filters.http.router".into())])),
    ]);
    Value::from([
        ("context", "SIDECAR_INBOUND".into()),
        ("listener", nested(&["filterChain", "filter"], filter)),
    ])
}

/// Tells whether an entry that we made is no longer as we made it.
pub(super) fn is_edited(value: &Value, record: &Record) -> bool {
    let recorded = |keys: &[&str]| record.about(&FieldPath::keys(keys)).and_then(|wrote| wrote.value.clone());
    let file = recorded(&entry::FILENAME).and_then(|file| file.as_text().map(str::to_owned));
    let given = Given {
        url: String::new(),
        config: recorded(&entry::CONFIG_VALUE),
        root_id: recorded(&entry::ROOT_ID),
    };
    let name = record.patch.as_deref().unwrap_or_default();
    *value != new_entry(name, &given, file.as_deref().unwrap_or_default())
}
