//! Where the Wasm entries of `EnvoyFilter`s come to lie in a chain (istio-wasm facts, 6).

use super::super::attachment::AttachedBy;
use super::super::resource::Resource;
use super::super::traffic::{Ports, Traffic};
use super::super::{Feature, Mesh};
use super::builtin::CONNECTION_MANAGER;
use super::{Absent, Entry, FilterChain, Level, MOST_WITH, NotRunning, Undetermined, WhyUndetermined};
use crate::model::Value;

const HTTP_WASM: &str = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";
const NETWORK_WASM: &str = "type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm";

/// An `EnvoyFilter` that is attached: its number, the rank of its namespace, itself, and why it is attached.
pub(super) type Attached<'r, 'a> = (usize, usize, &'r Resource<'a>, AttachedBy);

/// Inserts the Wasm entries of `filters`, in istiod's order: priority, root namespace first, then namespace and name.
pub(super) fn insert(
    chain: &mut FilterChain,
    mut filters: Vec<Attached<'_, '_>>,
    mesh: &Mesh,
    absent: &mut Vec<(usize, Absent)>,
) {
    let order = |(number, rank, resource, _): &Attached<'_, '_>| {
        let name = format!("{}.{}", resource.name, resource.namespace);
        (priority(resource), std::cmp::Reverse(*rank), name, *number)
    };
    filters.sort_by_key(order);
    let mut placed: Vec<Placed> = Vec::new();
    for (number, rank, resource, by) in filters {
        for patch in patches(resource) {
            let Some(level) = wasm_level(patch) else { continue };
            let mut entry = Entry::of_resource(resource, level, by.clone(), Ports::All);
            let name = patch.text_at(&["patch", "value", "name"]).unwrap_or_default();
            entry.filter =
                resource.entries.iter().find(|(owned, _)| owned == name).map(|(_, filter)| *filter);
            entry.name = if name.is_empty() { resource.name.to_owned() } else { name.to_owned() };
            entry.filter_name.clone_from(&entry.name);
            match Patch::of(patch, level, mesh).and_then(|patch| patch.place(chain).map(|at| (patch, at))) {
                Ok((patch, at)) => {
                    let key = (priority(resource), rank, patch.operation.to_owned(), patch.anchor.clone());
                    entry.ports = patch.port.map_or(Ports::All, |port| Ports::Only(vec![port]));
                    entry.undetermined = patch.doubt(chain, at);
                    if patch.operation == "REPLACE" {
                        entry.undetermined = None;
                        chain.entries[at] = entry;
                        placed.push(Placed { key, at, resource: number });
                    } else {
                        chain.insert(at, entry);
                        for earlier in &mut placed {
                            earlier.at += usize::from(earlier.at >= at);
                        }
                        placed.push(Placed { key, at, resource: number });
                    }
                }
                Err(why) => {
                    let filter = entry.filter;
                    absent.push((number, Absent { name: entry.name, filter, ..Absent::of(resource, why) }));
                }
            }
        }
    }
    for it in &placed {
        let others = placed.iter().filter(|other| {
            other.resource != it.resource
                && other.key == it.key
                && chain.entries[other.at].ports.meet(&chain.entries[it.at].ports)
        });
        let with: Vec<usize> = others.map(|other| other.at).take(MOST_WITH).collect();
        if !with.is_empty() {
            let why = WhyUndetermined::SameEnvoyFilterPriority(it.key.0);
            chain.entries[it.at].undetermined = Some(Undetermined { why, with });
        }
    }
}

fn patches<'a>(resource: &Resource<'a>) -> &'a [Value] {
    let patches = resource.object.get("spec").and_then(|spec| spec.at(&["configPatches"])?.as_list());
    patches.unwrap_or_default()
}

/// Tells whether some entry adds a Wasm filter.
pub(super) fn has_wasm(resource: &Resource<'_>) -> bool {
    patches(resource).iter().any(|patch| wasm_level(patch).is_some())
}

/// Tells whether some entry is about a filter.
pub(super) fn has_filter(resource: &Resource<'_>) -> bool {
    patches(resource).iter().any(|patch| level(patch).is_some())
}

/// The number of filters other than Wasm that it adds to `chain`.
pub(super) fn others_in(resource: &Resource<'_>, chain: &FilterChain, mesh: &Mesh) -> usize {
    let others = patches(resource).iter().filter(|patch| wasm_level(patch).is_none());
    let is_added = |patch: &&Value| {
        let Some(level) = level(patch) else { return false };
        Patch::of(patch, level, mesh).and_then(|patch| patch.place(chain)).is_ok()
    };
    others.filter(is_added).count()
}

/// An entry that has its place.
struct Placed {
    /// Priority, rank of the namespace, operation and anchor: with all of them equal the age decides.
    key: (i64, usize, String, Option<String>),
    at: usize,
    resource: usize,
}

fn priority(resource: &Resource<'_>) -> i64 {
    resource.object.get("spec").and_then(|spec| spec.at(&["priority"])?.as_whole()).unwrap_or_default()
}

/// What the Wasm filter in a patch works on; `None` when there is none in it.
fn wasm_level(patch: &Value) -> Option<Level> {
    let value = patch.at(&["patch", "value"])?;
    let level = level(patch)?;
    let is_wasm = |url: &str| url == HTTP_WASM || url == NETWORK_WASM;
    let discovered = value.at(&["config_discovery", "type_urls"]).and_then(Value::as_list);
    let is_discovered = discovered.unwrap_or_default().iter().filter_map(Value::as_text).any(is_wasm);
    let is_inline = value.text_at(&["typed_config", "@type"]).is_some_and(is_wasm);
    (is_inline || is_discovered).then_some(level)
}

/// What the filter that a patch is about works on.
fn level(patch: &Value) -> Option<Level> {
    match patch.text_at(&["applyTo"])? {
        "HTTP_FILTER" => Some(Level::Http),
        "NETWORK_FILTER" => Some(Level::Network),
        _ => None,
    }
}

/// What of a patch decides where it goes.
struct Patch<'a> {
    level: Level,
    context: &'a str,
    operation: &'a str,
    /// The filter beside which it goes.
    anchor: Option<String>,
    port: Option<i64>,
    has_conditions: bool,
}

impl<'a> Patch<'a> {
    fn of(patch: &'a Value, level: Level, mesh: &Mesh) -> Result<Self, NotRunning> {
        let matched = patch.at(&["match"]);
        let at = |keys: &[&str]| matched.and_then(|it| it.at(keys));
        let text = |keys: &[&str]| at(keys).and_then(Value::as_text).filter(|text| !text.is_empty());
        let canonical = |name: &str| canonical(name, mesh).to_owned();
        let filter = text(&["listener", "filterChain", "filter", "name"]).map(canonical);
        let anchor = match level {
            Level::Network => filter,
            Level::Http => {
                if let Some(other) = filter.filter(|name| name != CONNECTION_MANAGER) {
                    return Err(NotRunning::NoAnchor(other));
                }
                text(&["listener", "filterChain", "filter", "subFilter", "name"]).map(canonical)
            }
        };
        let keys = |keys: &[&str], known: &[&str]| {
            let map = at(keys).and_then(Value::as_map);
            map.is_some_and(|map| map.iter().any(|(key, value)| !known.contains(&key) && !value.is_blank()))
        };
        Ok(Self {
            level,
            context: patch.text_at(&["match", "context"]).unwrap_or("ANY"),
            operation: patch.text_at(&["patch", "operation"]).unwrap_or_default(),
            anchor,
            port: at(&["listener", "portNumber"]).and_then(Value::as_whole),
            has_conditions: keys(&["listener"], &["filterChain", "portNumber"])
                || keys(&["listener", "filterChain"], &["filter"])
                || keys(&["proxy"], &[]),
        })
    }

    /// The index at which it is inserted, or that it replaces.
    fn place(&self, chain: &FilterChain) -> Result<usize, NotRunning> {
        let is_meant = match self.context {
            "ANY" => true,
            "SIDECAR_INBOUND" => matches!(chain.traffic, Traffic::Inbound | Traffic::Waypoint),
            "SIDECAR_OUTBOUND" => chain.traffic == Traffic::Outbound,
            "GATEWAY" => chain.traffic == Traffic::Gateway,
            _ => false,
        };
        if !is_meant {
            return Err(NotRunning::OtherContext(format!("context {}", self.context)));
        }
        let level = |entry: &Entry| entry.level == self.level;
        let (Some(first), Some(last)) =
            (chain.entries.iter().position(level), chain.entries.iter().rposition(level))
        else {
            return Err(NotRunning::OtherContext(match self.level {
                Level::Http => "requests, and this traffic has none".to_owned(),
                Level::Network => "connections".to_owned(),
            }));
        };
        let anchor = match &self.anchor {
            None => None,
            Some(name) => {
                let is_anchor = |entry: &Entry| level(entry) && entry.filter_name == *name;
                let found = chain.entries.iter().position(is_anchor);
                Some(found.ok_or_else(|| NotRunning::NoAnchor(name.clone()))?)
            }
        };
        match (self.operation, anchor) {
            ("INSERT_FIRST", _) => Ok(first),
            ("INSERT_BEFORE", anchor) => Ok(anchor.unwrap_or(first)),
            ("INSERT_AFTER", anchor) => Ok(anchor.unwrap_or(last) + 1),
            ("ADD", _) => Ok(last + 1),
            ("REPLACE", Some(anchor)) => Ok(anchor),
            (operation, _) => Err(NotRunning::Operation(operation.to_owned())),
        }
    }

    /// Why it may lie elsewhere.
    fn doubt(&self, chain: &FilterChain, at: usize) -> Option<Undetermined> {
        let lone = |why| Some(Undetermined { why, with: Vec::new() });
        if chain.traffic == Traffic::Waypoint {
            return lone(WhyUndetermined::Waypoint);
        }
        if self.has_conditions {
            return lone(WhyUndetermined::Condition);
        }
        let name = self.anchor.as_ref().filter(|_| !matches!(self.operation, "INSERT_FIRST" | "ADD"))?;
        let anchor = if self.operation == "INSERT_AFTER" { at.checked_sub(1)? } else { at };
        let anchor = chain.entries.get(anchor)?;
        let is_always_there = match anchor.builtin {
            Some(builtin) => builtin.only.is_none(),
            None => anchor.ports == Ports::All,
        };
        if is_always_there { None } else { lone(WhyUndetermined::Anchor(name.clone())) }
    }
}

/// Before 1.19 istiod read Envoy's old names as the new ones.
fn canonical<'a>(name: &'a str, mesh: &Mesh) -> &'a str {
    if mesh.version.has(Feature::CanonicalFilterNamesOnly) {
        return name;
    }
    match name {
        "envoy.http_connection_manager" => CONNECTION_MANAGER,
        "envoy.router" => "envoy.filters.http.router",
        name => name,
    }
}
