//! The effective resources: what an export would write, and where each value comes from.
//!
//! Export writes them, the checks run over them, the window shows them; so all three agree. They are derived from an
//! evaluated design and in a fixed order: the order of the document, and within a wallet the order of its chain.

use std::collections::HashMap;

use crate::model::design::ChainLink;
use crate::model::view::{EnvoyFilterView, WasmFilterView};
use crate::model::{Component, ComponentId, ComponentKind, Design, FieldPath, Map, Segment, Value};
use crate::registry::Registry;

use super::body::has_body;
use super::entry;
use super::module_group::{ModuleField, ModuleGroup};
use super::names::{self, Taken};
use super::object;
use super::priority;

/// One resource that an export writes, unless a finding blocks it.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// Group, version and kind.
    pub kind: ComponentKind,
    /// The component that it is made from: the plugin of a chain, or the component itself.
    pub plugin: ComponentId,
    /// The filter whose module it runs, if it is made from one.
    pub filter: Option<ComponentId>,
    /// The filter's place in its chain, from 0.
    pub place: usize,
    /// How many resources the wallet gives.
    pub chain_length: usize,
    /// `metadata.name`.
    pub name: String,
    /// Tells whether the name was derived from plugin and filter; else it is the component's own.
    pub is_derived_name: bool,
    /// `metadata.namespace`, where one is set.
    pub namespace: Option<String>,
    /// `spec.priority` of a WasmPlugin, as far as it is a whole number; may lie beyond int32.
    pub priority: Option<i64>,
    /// The object: `apiVersion`, `kind`, `metadata`, `spec` and so on, as export writes it.
    pub configuration: Map,
    /// Further components that it is made from: the filters of an EnvoyFilter.
    filters: Vec<ComponentId>,
    /// The entries of an EnvoyFilter that filters give.
    entries: Vec<OwnedEntry>,
    name_path: FieldPath,
    /// The filter's own key of the URL, and whether its config is a mapping in the file.
    url_key: &'static str,
    config_is_map: bool,
}

/// An entry of an EnvoyFilter that a filter gives.
#[derive(Clone, Debug, PartialEq)]
struct OwnedEntry {
    /// Its place in `spec.configPatches`.
    place: usize,
    filter: ComponentId,
    /// The filter's own key of the URL, and whether its config is a mapping in the file.
    url_key: &'static str,
    config_is_map: bool,
}

impl Effective {
    /// The component at which a finding about this resource belongs when it is about no field of it: the filter of a
    /// chain, else the component.
    pub fn component(&self) -> ComponentId {
        self.filter.unwrap_or(self.plugin)
    }

    /// Every component that it is made from. An error at one of them blocks it.
    pub fn made_from(&self) -> impl Iterator<Item = ComponentId> {
        std::iter::once(self.plugin).chain(self.filter).chain(self.filters.iter().copied())
    }

    /// The namespace as rules and names see it: without one an object counts as in `default`.
    pub fn namespace_or_default(&self) -> &str {
        self.namespace.as_deref().unwrap_or(names::DEFAULT_NAMESPACE)
    }

    /// The object as one value.
    pub fn value(&self) -> Value {
        Value::Map(self.configuration.clone())
    }

    /// The component and field that give the value at `path` of [`Self::configuration`].
    ///
    /// For a field that is absent, the one that would give it.
    pub fn source_of(&self, path: &[Segment]) -> (ComponentId, FieldPath) {
        let key = |place: usize| path.get(place).and_then(Segment::as_key);
        match (key(0), key(1)) {
            (Some("apiVersion"), _) => return (self.plugin, FieldPath::keys(&["component", "version"])),
            (Some("kind"), _) => return (self.plugin, FieldPath::keys(&["component", "kind"])),
            (Some("metadata"), Some("name")) => {
                let from = if self.is_derived_name { self.component() } else { self.plugin };
                return (from, self.name_path.clone());
            }
            (Some("spec"), Some("configPatches")) => {
                if let Some(source) = self.entry_source(path) {
                    return source;
                }
            }
            (Some("spec"), Some(field)) => {
                if let (Some(filter), Some(field)) = (self.filter, module_field(field)) {
                    return (filter, self.module_source(field, &path[2..]));
                }
            }
            _ => {}
        }
        (self.plugin, FieldPath::keys(&["configuration"]).join(path))
    }

    /// The filter that gives a field of an entry, and its own field: the pairs of `policy.md`, EnvoyFilter wallet.
    fn entry_source(&self, path: &[Segment]) -> Option<(ComponentId, FieldPath)> {
        let (Segment::Index(place), rest) = path.get(2..)?.split_first()? else { return None };
        let entry = self.entries.iter().find(|entry| entry.place == *place)?;
        let rest = FieldPath::from(rest.to_vec());
        let own = |key: &str| FieldPath::keys(&["configuration", key]);
        let path = if rest.starts_with_keys(&entry::FILENAME) {
            own(entry.url_key)
        } else if rest.starts_with_keys(&entry::ROOT_ID) {
            own(WasmFilterView::PLUGIN_NAME)
        } else {
            let inside = rest.strip_keys(&entry::CONFIG_VALUE)?;
            let config = own(WasmFilterView::CONFIG);
            if entry.config_is_map { config.join(inside) } else { config }
        };
        Some((entry.filter, path))
    }

    fn module_source(&self, field: ModuleField, rest: &[Segment]) -> FieldPath {
        let key = if field == ModuleField::Url { self.url_key } else { field.filter_key() };
        let path = FieldPath::keys(&["configuration", key]);
        // Text has no path inside; a mapping has the same below as the resource.
        if field == ModuleField::Config && self.config_is_map { path.join(rest) } else { path }
    }
}

fn module_field(plugin_key: &str) -> Option<ModuleField> {
    ModuleField::ALL.into_iter().find(|field| field.plugin_key() == plugin_key)
}

/// The effective resources of `design`, which should be an evaluated copy.
///
/// Names and priorities are those of the whole design, whatever a finding blocks. A plugin without a module, and a
/// filter without one, give a resource too; findings at them keep it from being written.
pub fn effective_resources(design: &Design, registry: &Registry) -> Vec<Effective> {
    resources(design, registry, false)
}

/// The same for manifests that somebody applies as they stand: text that says nothing is not left out, and a config that
/// is text is not read.
pub fn applied_resources(design: &Design, registry: &Registry) -> Vec<Effective> {
    resources(design, registry, true)
}

fn resources(design: &Design, registry: &Registry, as_they_stand: bool) -> Vec<Effective> {
    let all_names = design.names();
    let mut resources = Vec::with_capacity(design.components().len());
    for component in design.components() {
        let kind = component.kind();
        if kind.same_kind(&ComponentKind::WASM_FILTER) || !has_body(component) {
            continue;
        }
        let own_name = all_names.get(&component.id()).map_or("", String::as_str);
        let base = Base { component, registry, own_name, as_they_stand };
        if kind.same_kind(&ComponentKind::WASM_PLUGIN) {
            let chain = design.chain(component.id());
            let filters: Vec<&Component> =
                chain.iter().filter_map(|link| design.component(link.from)).collect();
            if filters.is_empty() {
                resources.push(base.plugin(None, 0, 1));
            }
            for (place, filter) in filters.iter().enumerate() {
                let filter_name = all_names.get(&filter.id()).map_or("", String::as_str);
                resources.push(base.plugin(Some((filter, filter_name)), place, filters.len()));
            }
        } else {
            let mut resource = base.plain(&[]);
            let chain = design.chain(component.id());
            resource.filters = chain.iter().map(|link| link.from).collect();
            resource.entries = owned_entries(design, component, &chain);
            resources.push(resource);
        }
    }
    settle_names(&mut resources);
    resources
}

/// The entries of `envoy_filter` that the filters of its `chain` give, by the names that their relationships keep.
fn owned_entries(design: &Design, envoy_filter: &Component, chain: &[ChainLink]) -> Vec<OwnedEntry> {
    let Some(view) = EnvoyFilterView::cast(envoy_filter).filter(|_| !chain.is_empty()) else {
        return Vec::new();
    };
    let named: HashMap<&str, usize> = view
        .entries()
        .filter(|entry| entry.is_wasm())
        .filter_map(|entry| Some((entry.name()?, entry.index)))
        .collect();
    let owned = |link: &ChainLink| {
        let name = entry::patch_name(design.relationship(link.relationship)?, link.pair)?;
        let filter = WasmFilterView::cast(design.component(link.from)?)?;
        Some(OwnedEntry {
            place: *named.get(name)?,
            filter: link.from,
            url_key: filter.url_key(),
            config_is_map: filter.config().is_some_and(|config| config.as_map().is_some()),
        })
    };
    chain.iter().filter_map(owned).collect()
}

/// Gives every derived name that meets another its number. Own names come first: they are never altered.
fn settle_names(resources: &mut [Effective]) {
    if !resources.iter().any(|resource| resource.is_derived_name) {
        return;
    }
    let scope = |resource: &Effective| {
        (
            format!("{}/{}", resource.kind.group, resource.kind.kind),
            resource.namespace_or_default().to_owned(),
        )
    };
    let mut taken = Taken::default();
    let plugins = |resource: &&mut Effective| resource.kind.same_kind(&ComponentKind::WASM_PLUGIN);
    for resource in resources.iter_mut().filter(plugins).filter(|resource| !resource.is_derived_name) {
        taken.take(scope(resource), &resource.name);
    }
    for resource in resources.iter_mut().filter(|resource| resource.is_derived_name) {
        let free = taken.take_free(scope(resource), &resource.name);
        if free != resource.name {
            object::set_name(&mut resource.configuration, &free);
            resource.name = free;
        }
    }
}

/// What resources are made from.
struct Base<'a> {
    component: &'a Component,
    registry: &'a Registry,
    own_name: &'a str,
    /// Whether the object is applied as it stands, by somebody else.
    as_they_stand: bool,
}

impl Base<'_> {
    /// A resource with the component's own body.
    fn plain(&self, replaced: &[&str]) -> Effective {
        let component = self.component;
        let is_in_metadata = component.configured(&["metadata", "name"]).is_some_and(|name| !name.is_blank());
        let name_path = if is_in_metadata {
            FieldPath::keys(&["configuration", "metadata", "name"])
        } else {
            FieldPath::keys(&["displayName"])
        };
        let is_cluster_scoped = object::is_cluster_scoped(component.kind(), self.registry);
        Effective {
            kind: component.kind().clone(),
            plugin: component.id(),
            filter: None,
            place: 0,
            chain_length: 1,
            name: self.own_name.to_owned(),
            is_derived_name: false,
            namespace: component.namespace().filter(|_| !is_cluster_scoped).map(str::to_owned),
            priority: None,
            configuration: object::of_component(component, self.own_name, is_cluster_scoped, replaced),
            filters: Vec::new(),
            entries: Vec::new(),
            name_path,
            url_key: WasmFilterView::URL,
            config_is_map: false,
        }
    }

    /// A WasmPlugin: the plugin's shared settings, and the module group of a filter.
    fn plugin(&self, filter: Option<(&Component, &str)>, place: usize, length: usize) -> Effective {
        let module_keys = ModuleField::ALL.map(ModuleField::plugin_key);
        let mut resource = self.plain(if filter.is_some() { &module_keys } else { &[] });
        resource.place = place;
        resource.chain_length = length;
        let definition = self.registry.component(self.component.kind());
        let schema = definition.map(|definition| &*definition.schema);
        let spec_schema = schema.and_then(|schema| schema.field_at(&["spec"]));
        object::adopt_legacy_keys(&mut resource.configuration, definition.map(|it| &**it));
        if resource.configuration.get("spec").is_none_or(Value::is_null) {
            resource.configuration.insert("spec", Value::Map(Map::new()));
        }
        if let Some(spec) = resource.configuration.get_mut("spec").and_then(Value::as_map_mut) {
            if let Some((filter, _)) = filter {
                for (field, value) in module_values(filter) {
                    object::put(spec, field.plugin_key(), value, spec_schema);
                }
            } else if !self.as_they_stand {
                object::read_config_text(spec);
            }
            let base = spec.get("priority").and_then(Value::as_whole);
            let is_readable = base.is_some() || spec.get("priority").is_none_or(Value::is_blank);
            resource.priority = base;
            if is_readable && place + 1 < length {
                resource.priority = priority::of_filter(base, place, length);
                object::put(spec, "priority", resource.priority.map(Value::from), spec_schema);
            }
        }
        if let Some(schema) = schema.filter(|_| !self.as_they_stand || filter.is_some()) {
            object::prune(&mut resource.configuration, schema);
        }
        if let Some((filter, filter_name)) = filter {
            resource.filter = Some(filter.id());
            resource.config_is_map = ModuleGroup::of(filter)
                .is_some_and(|group| group.config.is_some_and(|it| it.as_map().is_some()));
            if let Some(view) = WasmFilterView::cast(filter) {
                resource.url_key = view.url_key();
            }
            if length > 1 {
                resource.is_derived_name = true;
                resource.name = names::derive(self.own_name, filter_name, "wasm-plugin");
                resource.name_path = FieldPath::keys(&["displayName"]);
                object::set_name(&mut resource.configuration, &resource.name);
            }
        }
        resource
    }
}

/// The four module fields of a filter as a WasmPlugin takes them. A config that is no mapping stays what it is: the
/// finding about it (DS004) blocks the resource.
fn module_values(filter: &Component) -> impl Iterator<Item = (ModuleField, Option<Value>)> {
    let group = ModuleGroup::of(filter);
    ModuleField::ALL.into_iter().map(move |field| {
        let value = group.as_ref().and_then(|group| match group.plugin_value(field) {
            Ok(value) => value,
            Err(_) => group.config.cloned(),
        });
        (field, value)
    })
}
