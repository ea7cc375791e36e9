//! A resource as it is applied: an object, and the components of the design that it is made from.

use smol_str::SmolStr;

use super::attachment::Policy;
use super::plugin::{Plugin, PluginKind};
use super::{Feature, Mesh, module_url};
use crate::model::{ComponentId, ComponentKind, Map};

/// A plugin or `EnvoyFilter` as it is applied.
#[derive(Clone, Debug)]
pub struct Resource<'a> {
    /// What it is.
    pub kind: &'a ComponentKind,
    /// `metadata.name`.
    pub name: &'a str,
    /// `metadata.namespace`, `default` where none is set.
    pub namespace: &'a str,
    /// The object.
    pub object: &'a Map,
    /// The component that it is made from: the plugin of a chain, or the component itself.
    pub plugin: ComponentId,
    /// The filter whose module it runs, if it is made from one.
    pub filter: Option<ComponentId>,
    /// The filter's place in its wallet, from 0.
    pub place: usize,
    /// How many resources the wallet gives.
    pub chain_length: usize,
    /// Of an `EnvoyFilter`: the names of entries that belong to filters.
    pub entries: Vec<(SmolStr, ComponentId)>,
}

impl<'a> Resource<'a> {
    /// It as a plugin, if it is one.
    pub fn plugin(&self) -> Option<Plugin<'a>> {
        Plugin::of(self.kind, self.object)
    }

    /// What it says about the proxies that it is for; `None` for a kind that is for none.
    pub fn policy(&self) -> Option<Policy<'a>> {
        if let Some(plugin) = self.plugin() {
            return Some(Policy::of_plugin(plugin, self.namespace));
        }
        self.kind
            .same_kind(&ComponentKind::ENVOY_FILTER)
            .then(|| Policy::of_envoy_filter(self.object, self.namespace))
    }

    /// The name under which it takes part in sorting.
    pub(super) fn sorted_name(&self, mesh: &Mesh) -> String {
        if self.is_translated(mesh) { format!("{}{TRANSLATED}", self.name) } else { self.name.to_owned() }
    }

    fn is_translated(&self, mesh: &Mesh) -> bool {
        mesh.version.has(Feature::TrafficExtension)
            && self.plugin().is_some_and(|plugin| plugin.kind == PluginKind::WasmPlugin)
    }

    /// The name of its filter in Envoy's configuration.
    pub fn filter_name(&self, mesh: &Mesh) -> String {
        let kind =
            if mesh.version.has(Feature::TrafficExtension) { "trafficextension" } else { "wasmplugin" };
        format!("extensions.istio.io/{kind}/{}.{}", self.namespace, self.sorted_name(mesh))
    }

    /// Why istiod gives it to no proxy at all.
    pub(super) fn refusal(&self, mesh: &Mesh) -> Option<Refusal> {
        let plugin = self.plugin()?;
        if plugin.kind == PluginKind::TrafficExtension && !mesh.version.has(Feature::TrafficExtension) {
            return Some(Refusal::NeedsTrafficExtension);
        }
        if plugin.lua().is_some() {
            return None;
        }
        match plugin.url().map(module_url::read) {
            None | Some(module_url::Reading::Missing) => Some(Refusal::NoModule),
            Some(
                module_url::Reading::Unparsable
                | module_url::Reading::UnsupportedScheme(_)
                | module_url::Reading::NameAsScheme(_)
                | module_url::Reading::Discarded,
            ) => Some(Refusal::Url),
            Some(_) => None,
        }
    }
}

/// What istiod adds to the name of a `WasmPlugin` that it translates.
const TRANSLATED: &str = "~istio-translated-wasmplugin";

/// Why a plugin runs nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NeedsTrafficExtension,
    NoModule,
    Url,
}
