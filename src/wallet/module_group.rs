//! The module group of a filter: url, config, sha256 and plugin name, which always go together.
//!
//! Legacy spellings are read (`wasm-filter`), and the file's own text is kept.

use std::borrow::Cow;

use crate::model::view::WasmFilterView;
use crate::model::{Component, FieldPath, Map, Value};

/// One of the four fields that a filter gives and its plugin gets, as a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ModuleField {
    /// `wasmFilter` → `spec.url`.
    Url,
    /// `config` → `spec.pluginConfig`.
    Config,
    /// `sha256` → `spec.sha256`.
    Sha256,
    /// `pluginName` → `spec.pluginName`.
    PluginName,
}

impl ModuleField {
    /// All four, in the order in which they are written.
    pub const ALL: [Self; 4] = [Self::Url, Self::Config, Self::Sha256, Self::PluginName];

    /// The key below `spec` of a WasmPlugin.
    pub fn plugin_key(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Config => "pluginConfig",
            Self::Sha256 => "sha256",
            Self::PluginName => "pluginName",
        }
    }

    /// The path in a WasmPlugin component.
    pub fn plugin_path(self) -> FieldPath {
        FieldPath::keys(&["configuration", "spec", self.plugin_key()])
    }

    /// The canonical key below `configuration` of a WASMFilter.
    pub fn filter_key(self) -> &'static str {
        match self {
            Self::Url => WasmFilterView::URL,
            Self::Config => WasmFilterView::CONFIG,
            Self::Sha256 => WasmFilterView::SHA256,
            Self::PluginName => WasmFilterView::PLUGIN_NAME,
        }
    }

    /// The path in this filter component, in the spelling that its file has.
    pub fn filter_path(self, filter: &Component) -> FieldPath {
        let key = match (self, WasmFilterView::cast(filter)) {
            (Self::Url, Some(view)) => view.url_key(),
            _ => self.filter_key(),
        };
        FieldPath::keys(&["configuration", key])
    }
}

/// Why a filter's config could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The text is no YAML or JSON.
    #[error("the config could not be read: {0}")]
    Syntax(String),
    /// It is something else than a mapping.
    #[error("the config is {0}, but it must be a mapping")]
    NotAMapping(&'static str),
}

/// The module group of one filter, as its file has it; blank is absent.
#[derive(Clone, Copy, Debug)]
pub struct ModuleGroup<'a> {
    /// The module's URL.
    pub url: Option<&'a str>,
    /// The config: text or a mapping.
    pub config: Option<&'a Value>,
    /// The digest of the module.
    pub sha256: Option<&'a Value>,
    /// The root id.
    pub plugin_name: Option<&'a Value>,
}

impl<'a> ModuleGroup<'a> {
    /// The group of `filter`; `None` when the component is of another kind.
    pub fn of(filter: &'a Component) -> Option<Self> {
        let view = WasmFilterView::cast(filter)?;
        Some(Self {
            url: view.url(),
            config: view.config(),
            sha256: view.sha256(),
            plugin_name: view.plugin_name(),
        })
    }

    /// The config as a WasmPlugin takes it: a mapping. `None` when there is no config.
    pub fn plugin_config(&self) -> Result<Option<Cow<'a, Map>>, ConfigError> {
        match self.config {
            None => Ok(None),
            Some(Value::Map(map)) => Ok(Some(Cow::Borrowed(map))),
            Some(other) => Err(ConfigError::NotAMapping(other.kind_name())),
        }
    }

    /// The value of one field, as a WasmPlugin takes it.
    pub fn plugin_value(&self, field: ModuleField) -> Result<Option<Value>, ConfigError> {
        Ok(match field {
            ModuleField::Url => self.url.map(Value::from),
            ModuleField::Config => self.plugin_config()?.map(|map| Value::Map(map.into_owned())),
            ModuleField::Sha256 => self.sha256.cloned(),
            ModuleField::PluginName => self.plugin_name.cloned(),
        })
    }
}
