//! Meshery's WASMFilter: one module and its configuration.

use super::super::component::Component;
use super::super::configuration::Value;
use super::super::kind::ComponentKind;
use super::super::path::FieldPath;

/// A WASMFilter component, read-only.
///
/// Meshery's shipped wallet definition spells the module's key `wasm-filter`, its component schema `wasmFilter`. Both are
/// read; the spelling that the file has is the one that is written.
#[derive(Clone, Copy, Debug)]
pub struct WasmFilterView<'a> {
    component: &'a Component,
}

impl<'a> WasmFilterView<'a> {
    /// Key of the module's URL below `configuration`.
    pub const URL: &'static str = "wasmFilter";
    /// The URL's key in Meshery's shipped wallet definition.
    pub const LEGACY_URL: &'static str = "wasm-filter";
    /// Key of the filter's configuration below `configuration`.
    pub const CONFIG: &'static str = "config";
    /// Key of the module's digest below `configuration` (ours).
    pub const SHA256: &'static str = "sha256";
    /// Key of the root id below `configuration` (ours).
    pub const PLUGIN_NAME: &'static str = "pluginName";

    /// Returns `None` when the component is of another kind.
    pub fn cast(component: &'a Component) -> Option<Self> {
        component.is(&ComponentKind::WASM_FILTER).then_some(Self { component })
    }

    /// The key under which this file has, or would get, the URL.
    pub fn url_key(self) -> &'static str {
        let has = |key: &str| self.component.configured(&[key]).is_some();
        if has(Self::LEGACY_URL) && !has(Self::URL) { Self::LEGACY_URL } else { Self::URL }
    }

    /// The path of the URL, from the component's root.
    pub fn url_path(self) -> FieldPath {
        FieldPath::keys(&["configuration", self.url_key()])
    }

    /// The module's URL, unless it is blank.
    pub fn url(self) -> Option<&'a str> {
        let url = self.component.configured(&[self.url_key()])?.as_text()?;
        Some(url).filter(|url| !url.trim().is_empty())
    }

    /// `config` as it stands in the file: text in Meshery's designs, a mapping where somebody wrote one. Blank is absent.
    pub fn config(self) -> Option<&'a Value> {
        self.component.configured(&[Self::CONFIG]).filter(|config| !config.is_blank())
    }

    /// The module's digest, unless it is blank.
    pub fn sha256(self) -> Option<&'a Value> {
        self.component.configured(&[Self::SHA256]).filter(|value| !value.is_blank())
    }

    /// The root id, unless it is blank.
    pub fn plugin_name(self) -> Option<&'a Value> {
        self.component.configured(&[Self::PLUGIN_NAME]).filter(|value| !value.is_blank())
    }
}
