//! What is known of modules and images, beside what the design says.
//!
//! The checks read no file and no registry: who calls them brings what is at hand. A rule whose facts are not at hand is
//! silent, and the report says so ([`Unchecked`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::istio::module_url;
use crate::model::view::WasmFilterView;
use crate::model::{Component, ComponentId, ComponentKind, Design};
use crate::wasm_module::{ImageFacts, ModuleFact};

/// Modules and images that are at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Modules by the name of the filter, plugin or resource that runs them (`--module NAME=FILE`).
    pub by_name: BTreeMap<String, ModuleFact>,
    /// Modules by their `file://` URL, for files that exist here.
    pub by_url: BTreeMap<String, ModuleFact>,
    /// Images by their URL, as it stands in the resource.
    pub images: BTreeMap<String, Arc<ImageFacts>>,
}

impl Facts {
    /// The `file:///…` URLs of the modules in `design`, each once, with the path that each names. Such a file is in the
    /// proxy; but one of the same path may be at hand, too.
    pub fn file_urls(design: &Design) -> BTreeMap<&str, &str> {
        let urls = design.components().filter_map(module_url_of);
        urls.filter_map(|url| {
            let path = url.strip_prefix("file://")?;
            let is_file = matches!(module_url::read(url), module_url::Reading::File);
            (is_file && path.starts_with('/')).then_some((url, path))
        })
        .collect()
    }
}

fn module_url_of(component: &Component) -> Option<&str> {
    if let Some(filter) = WasmFilterView::cast(component) {
        return filter.url();
    }
    let keys: &[&str] = if component.is(&ComponentKind::WASM_PLUGIN) {
        &["spec", "url"]
    } else if component.is(&ComponentKind::TRAFFIC_EXTENSION) {
        &["spec", "wasm", "url"]
    } else {
        return None;
    };
    component.configured(keys)?.as_text()
}

/// Something that could not be checked, once an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// The component whose resource it is about.
    pub component: ComponentId,
    /// What was not looked at, and why: `image (no network)`.
    pub what: &'static str,
    /// The codes of the rules that were silent, sorted.
    pub codes: Vec<&'static str>,
}
