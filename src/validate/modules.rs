//! Which module runs where, as far as one is at hand.
//!
//! A module is named for its filter or plugin, lies where a `file://` URL points, or stands in a ConfigMap of the design.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::facts::Facts;
use crate::istio::{Mesh, Plugin, module_url};
use crate::model::view::effective_namespace;
use crate::model::{ComponentKind, Design, FieldPath, Location, Map, Value};
use crate::wallet::Effective;
use crate::wasm_module::{ImageFacts, ModuleFact, ModuleInfo, from_base64};

/// A module and where it is named. One that runs in a plugin is looked at there, too.
pub(super) struct ModuleSubject<'a> {
    /// What is known of it.
    pub(super) fact: &'a ModuleFact,
    /// Where a finding about the module belongs.
    pub(super) place: Location,
    /// The resource that runs it, unless it is looked at where it stands.
    pub(super) plugin: Option<(&'a Effective, Plugin<'a>)>,
    /// Whether a finding about the module itself belongs here: not at a plugin whose module stands in a ConfigMap.
    pub(super) is_its_place: bool,
    /// Whether it stands in a ConfigMap.
    pub(super) is_in_config_map: bool,
    pub(super) mesh: &'a Mesh,
}

/// An image and the resource that names it.
pub(super) struct ImageSubject<'a> {
    pub(super) facts: &'a ImageFacts,
    pub(super) resource: &'a Effective,
    pub(super) plugin: Plugin<'a>,
}

impl ImageSubject<'_> {
    /// The place of a field of the module.
    pub(super) fn at(&self, field: &str) -> Location {
        super::place_at(self.resource, &self.plugin.module_path(field))
    }
}

/// The modules in the ConfigMaps of a design.
#[derive(Clone, Debug, Default)]
pub(super) struct ConfigMaps {
    /// Each module with its place.
    modules: Vec<(Location, ModuleFact)>,
    /// By namespace and key; `None` when several ConfigMaps of the namespace have the key.
    by_key: HashMap<(String, String), Option<usize>>,
    /// What became of each text: a large one is not decoded again after each edit.
    read: HashMap<SmolStr, Option<ModuleFact>>,
}

impl ConfigMaps {
    /// Reads the ConfigMaps of `design`; what `before` has read is taken over.
    pub(super) fn new(design: &Design, before: Option<&Self>) -> Self {
        let mut this = Self::default();
        for component in design.components().filter(|it| it.is(&ComponentKind::CONFIG_MAP)) {
            let data = component.configured(&["binaryData"]).and_then(Value::as_map);
            for (key, value) in data.into_iter().flat_map(Map::iter) {
                let Value::Text(text) = value else { continue };
                let known = this.read.get(text).or_else(|| before?.read.get(text)).cloned();
                let fact = known.unwrap_or_else(|| module_in(key, text));
                this.read.insert(text.clone(), fact.clone());
                let Some(fact) = fact else { continue };
                let path = FieldPath::keys(&["configuration", "binaryData", key]);
                let place = (effective_namespace(component).to_owned(), key.to_owned());
                let number = this.modules.len();
                this.by_key.entry(place).and_modify(|it| *it = None).or_insert(Some(number));
                this.modules.push((Location::component(component.id(), path), fact));
            }
        }
        this
    }

    fn find(&self, namespace: &str, key: &str) -> Option<&ModuleFact> {
        let number = self.by_key.get(&(namespace.to_owned(), key.to_owned()))?.as_ref()?;
        self.modules.get(*number).map(|(_, fact)| fact)
    }
}

/// What an entry of `binaryData` is; `None` when it is not meant to be a module, or is no base64 (the schema says so).
fn module_in(key: &str, text: &str) -> Option<ModuleFact> {
    let bytes = from_base64(text)?;
    let is_meant = key.to_ascii_lowercase().ends_with(".wasm") || bytes.starts_with(b"\0asm");
    is_meant.then(|| ModuleInfo::read(&bytes).map(Arc::new))
}

/// Every module at hand, where it stands and where it runs.
pub(super) fn subjects<'a>(
    effective: &'a [Effective],
    facts: &'a Facts,
    config_maps: &'a ConfigMaps,
    name_of: impl Fn(&'a Effective) -> Vec<String>,
    mesh: &'a Mesh,
) -> Vec<ModuleSubject<'a>> {
    let in_config_maps = config_maps.modules.iter().map(|(place, fact)| ModuleSubject {
        fact,
        place: place.clone(),
        plugin: None,
        is_its_place: true,
        is_in_config_map: true,
        mesh,
    });
    let in_plugins = effective.iter().filter_map(|resource| {
        let plugin = Plugin::of(&resource.kind, &resource.configuration)?;
        plugin.module()?;
        let by_name = || name_of(resource).iter().find_map(|name| facts.by_name.get(name));
        let given = || by_name().or_else(|| facts.by_url.get(plugin.url()?));
        let here = || {
            let file = file_name(plugin.url()?)?;
            config_maps.find(resource.namespace_or_default(), file)
        };
        let (fact, is_in_config_map) = given().map(|fact| (fact, false)).or_else(|| Some((here()?, true)))?;
        Some(ModuleSubject {
            fact,
            place: super::place_at(resource, &plugin.module_path("url")),
            plugin: Some((resource, plugin)),
            is_its_place: !is_in_config_map,
            is_in_config_map,
            mesh,
        })
    });
    in_config_maps.chain(in_plugins).collect()
}

/// The name of the file that a `file://` URL names.
fn file_name(url: &str) -> Option<&str> {
    let is_file = matches!(module_url::read(url), module_url::Reading::File);
    url.rsplit('/').next().filter(|name| is_file && !name.is_empty())
}
