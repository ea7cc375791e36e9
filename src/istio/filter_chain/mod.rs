//! The order in which filters run in a proxy: Istio's own, the plugins in the slots of their phases, and the Wasm entries
//! of `EnvoyFilter`s (istio-wasm facts, 4.2, 5 and 6).
//!
//! What no file decides is said: two plugins of one priority run in the order in which they were created. They are
//! shown in the order of their names, which is the one that they get when they are created in the same second.

mod builtin;
mod envoy_filter;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::fmt;

use indexmap::IndexMap;

use super::Mesh;
use super::attachment::{AttachedBy, NotAttached, Policy};
use super::proxy::{Proxies, Proxy, Served};
use super::resource::{Refusal, Resource};
use super::traffic::{NoMatch, Ports, Protocol, Traffic, ports_matched};
use crate::model::view::Phase;
use crate::model::{ComponentId, ComponentKind, Value};

pub use builtin::Builtin;
use builtin::{Slot, slots};

type Hasher = foldhash::fast::FixedState;

/// What a filter works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Connections.
    Network,
    /// Requests.
    Http,
}

/// One filter of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it works on.
    pub level: Level,
    /// The name of the resource, of the entry in an `EnvoyFilter`, or of Istio's own filter.
    pub name: String,
    /// The namespace of the resource.
    pub namespace: Option<String>,
    /// The filter, if it is Istio's own.
    pub builtin: Option<&'static Builtin>,
    /// The kind of the resource.
    pub kind: Option<ComponentKind>,
    /// The component that the resource is made from.
    pub plugin: Option<ComponentId>,
    /// The filter component whose module runs.
    pub filter: Option<ComponentId>,
    /// The filter's place in its wallet, from 0, and how many resources the wallet gives.
    pub place: (usize, usize),
    /// The phase of a plugin.
    pub phase: Option<Phase>,
    /// The priority of a plugin.
    pub priority: Option<i64>,
    /// Why the resource attaches to the proxy.
    pub attached: Option<AttachedBy>,
    /// The ports on which it runs.
    pub ports: Ports,
    /// Its name in Envoy's configuration.
    pub filter_name: String,
    /// Why no file decides where it runs.
    pub undetermined: Option<Undetermined>,
}

impl Entry {
    /// Tells whether it is one of Istio's own filters.
    pub fn is_builtin(&self) -> bool {
        self.builtin.is_some()
    }

    /// Tells whether the files decide where it runs.
    pub fn is_determined(&self) -> bool {
        self.undetermined.is_none()
    }

    /// Tells whether it stands in the slot of a phase, where priorities count.
    pub fn is_plugin(&self) -> bool {
        self.phase.is_some()
    }

    /// Where it sorts among the plugins of its phase: an unset priority below every number.
    pub fn sort_key(&self) -> i64 {
        self.priority.unwrap_or(i64::MIN)
    }

    /// The services of a waypoint that it is for; empty for all.
    fn services(&self) -> &[Served] {
        match &self.attached {
            Some(AttachedBy::Services(services)) => services,
            _ => &[],
        }
    }

    /// Tells whether some connection runs through both.
    fn meets(&self, other: &Self) -> bool {
        let (own, others) = (self.services(), other.services());
        self.ports.meet(&other.ports)
            && (own.is_empty() || others.is_empty() || own.iter().any(|service| others.contains(service)))
    }

    fn builtin(level: Level, builtin: &'static Builtin) -> Self {
        Self {
            level,
            name: builtin.name.to_owned(),
            namespace: None,
            builtin: Some(builtin),
            kind: None,
            plugin: None,
            filter: None,
            place: (0, 1),
            phase: None,
            priority: None,
            attached: None,
            ports: Ports::All,
            filter_name: builtin.name.to_owned(),
            undetermined: None,
        }
    }

    fn of_resource(resource: &Resource<'_>, level: Level, attached: AttachedBy, ports: Ports) -> Self {
        Self {
            level,
            name: resource.name.to_owned(),
            namespace: Some(resource.namespace.to_owned()),
            builtin: None,
            kind: Some(resource.kind.clone()),
            plugin: Some(resource.plugin),
            filter: resource.filter,
            place: (resource.place, resource.chain_length),
            phase: None,
            priority: None,
            attached: Some(attached),
            ports,
            filter_name: String::new(),
            undetermined: None,
        }
    }
}

/// Why no file decides where a filter runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undetermined {
    /// Why.
    pub why: WhyUndetermined,
    /// The entries of the chain with which it could change places, by their index; the first [`MOST_WITH`] of them.
    pub with: Vec<usize>,
}

/// How many an entry names with which it could change places: thousands of equal plugins do not cost the square of them.
pub const MOST_WITH: usize = 64;

/// What leaves an order open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyUndetermined {
    /// Plugins of one phase with one priority: the older one runs first.
    SamePriority(i64),
    /// Plugins of one phase without a priority.
    NoPriority,
    /// Two `EnvoyFilter`s of one priority insert at one place: the older one comes first.
    SameEnvoyFilterPriority(i64),
    /// The filter that an entry is placed beside is not always there.
    Anchor(String),
    /// The entry asks for more than a chain says: a listener, or a version of the proxy.
    Condition,
    /// Istio does not promise `EnvoyFilter`s at waypoints.
    Waypoint,
}

impl fmt::Display for WhyUndetermined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SamePriority(priority) => {
                write!(f, "they have the same priority, {priority}, so that the older one runs first")
            }
            Self::NoPriority => f.write_str("they set no priority, so that the older one runs first"),
            Self::SameEnvoyFilterPriority(priority) => write!(
                f,
                "their EnvoyFilters have the same priority, {priority}, and insert at one place: the older one does so first"
            ),
            Self::Anchor(name) => write!(f, "{name}, beside which it is placed, is not always there"),
            Self::Condition => {
                f.write_str("it is placed only where its match fits the listener or the proxy")
            }
            Self::Waypoint => f.write_str("Istio does not support EnvoyFilters at waypoints"),
        }
    }
}

/// A resource that could have a part in a chain and has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Absent {
    /// The name of the resource, or of an entry of an `EnvoyFilter`.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
    /// Its kind.
    pub kind: ComponentKind,
    /// The component that it is made from.
    pub plugin: ComponentId,
    /// The filter component whose module it would run.
    pub filter: Option<ComponentId>,
    /// Why.
    pub why: NotRunning,
}

/// Why a resource does not run in a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRunning {
    /// It does not attach to the proxy.
    NotAttached(NotAttached),
    /// `match` means other traffic.
    Mode(Traffic),
    /// `match` names ports, and a waypoint knows none of HTTP traffic.
    WaypointPorts,
    /// It works on connections, and this chain has no place for it.
    NetworkAtWaypoint,
    /// It works on requests, and there are none.
    HttpOnly,
    /// A Lua script works on requests only.
    Lua,
    /// It has no module.
    NoModule,
    /// istiod does not take its URL.
    Url,
    /// Its phase is none that exists.
    Phase,
    /// The kind is not known in this version.
    NeedsTrafficExtension,
    /// No filter of this name, beside which it would be placed, is in the chain.
    NoAnchor(String),
    /// Its context or `applyTo` is for another chain.
    OtherContext(String),
    /// Its operation adds nothing.
    Operation(String),
}

impl fmt::Display for NotRunning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAttached(why) => why.fmt(f),
            Self::Mode(Traffic::Gateway) => {
                f.write_str("match has mode SERVER only, which a gateway never is")
            }
            Self::Mode(Traffic::Waypoint) => {
                f.write_str("match has mode CLIENT only, which a waypoint never is")
            }
            Self::Mode(traffic) => write!(f, "match does not mean {} traffic", traffic.word()),
            Self::WaypointPorts => {
                f.write_str("match names ports, which never fit the HTTP traffic of a waypoint")
            }
            Self::NetworkAtWaypoint => {
                f.write_str("type NETWORK is not inserted into the HTTP traffic of a waypoint")
            }
            Self::HttpOnly => f.write_str("type HTTP: it works on requests, not on connections"),
            Self::Lua => f.write_str("Lua works on requests only"),
            Self::NoModule => f.write_str("it has no module"),
            Self::Url => f.write_str("Istio does not take its url"),
            Self::Phase => f.write_str("its phase does not exist"),
            Self::NeedsTrafficExtension => f.write_str("TrafficExtension needs Istio 1.30 or newer"),
            Self::NoAnchor(name) => write!(f, "it is placed beside {name}, which is not in this chain"),
            Self::OtherContext(context) => write!(f, "it is for {context}"),
            Self::Operation(operation) => write!(f, "{operation} adds no filter here"),
        }
    }
}

/// The filters of a proxy for one kind of traffic, in the order in which they run.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterChain {
    /// The traffic.
    pub traffic: Traffic,
    /// What it carries.
    pub protocol: Protocol,
    /// The filters.
    pub entries: Vec<Entry>,
}

/// A design as its proxies see it: who attaches where.
#[derive(Clone, Debug)]
pub struct Landscape<'a> {
    /// What holds for the mesh.
    pub mesh: Mesh,
    /// The proxies.
    pub proxies: Proxies,
    resources: Vec<(Resource<'a>, Policy<'a>)>,
    by_namespace: IndexMap<&'a str, Vec<usize>, Hasher>,
    /// By the place of a proxy: the resources that attach to it.
    attached: Vec<Vec<usize>>,
    /// By the place of a proxy: the `EnvoyFilter`s without a Wasm filter that attach to it.
    others: Vec<Vec<Resource<'a>>>,
}

impl<'a> Landscape<'a> {
    /// Brings together what there is. Resources other than plugins and `EnvoyFilter`s with a Wasm filter are in no chain.
    pub fn new(proxies: Proxies, resources: Vec<Resource<'a>>, mesh: Mesh) -> Self {
        let (resources, without_wasm): (Vec<_>, Vec<_>) = resources
            .into_iter()
            .partition(|resource| resource.plugin().is_some() || envoy_filter::has_wasm(resource));
        let mut others = vec![Vec::new(); proxies.len()];
        for resource in without_wasm {
            let policy = resource.policy().filter(|_| envoy_filter::has_filter(&resource));
            for proxy in policy.map(|policy| proxies.attached(&policy, &mesh)).unwrap_or_default() {
                if let Some(others) = others.get_mut(proxy) {
                    others.push(resource.clone());
                }
            }
        }
        let resources: Vec<(Resource<'a>, Policy<'a>)> = resources
            .into_iter()
            .filter_map(|resource| Some((resource.policy()?, resource)))
            .map(|(policy, resource)| (resource, policy))
            .collect();
        let mut by_namespace: IndexMap<&str, Vec<usize>, Hasher> = IndexMap::default();
        let mut attached = vec![Vec::new(); proxies.len()];
        for (number, (resource, policy)) in resources.iter().enumerate() {
            by_namespace.entry(resource.namespace).or_default().push(number);
            for proxy in proxies.attached(policy, &mesh) {
                if let Some(attached) = attached.get_mut(proxy) {
                    attached.push(number);
                }
            }
        }
        Self { mesh, proxies, resources, by_namespace, attached, others }
    }

    /// The `EnvoyFilter`s that add filters other than Wasm to `chain`, which does not show them, and how many.
    pub fn not_shown(&self, place: usize, chain: &FilterChain) -> Vec<(&Resource<'a>, usize)> {
        let attached = self.attached.get(place).map_or(&[][..], Vec::as_slice);
        let with_wasm = attached.iter().filter_map(|number| self.resources.get(*number));
        let with_wasm = with_wasm.map(|(resource, _)| resource).filter(|it| it.plugin().is_none());
        let others = self.others.get(place).map_or(&[][..], Vec::as_slice);
        let counted = with_wasm
            .chain(others)
            .map(|resource| (resource, envoy_filter::others_in(resource, chain, &self.mesh)));
        counted.filter(|(_, count)| *count > 0).collect()
    }

    /// The plugins and `EnvoyFilter`s.
    pub fn resources(&self) -> impl Iterator<Item = &Resource<'a>> {
        self.resources.iter().map(|(resource, _)| resource)
    }

    /// The filters of the proxy at `place` for one kind of traffic.
    pub fn chain(&self, place: usize, traffic: Traffic, protocol: Protocol) -> FilterChain {
        self.build(place, traffic, protocol).0
    }

    /// The resources that could have a part in the chain and have none, with the reason: those of the proxy's
    /// namespaces. What lies elsewhere is [`Self::elsewhere`].
    pub fn absent(&self, place: usize, traffic: Traffic, protocol: Protocol) -> Vec<Absent> {
        let Some(proxy) = self.proxies.get(place) else { return Vec::new() };
        let (_, not_running) = self.build(place, traffic, protocol);
        let mut absent: Vec<(usize, Absent)> = not_running;
        for number in self.candidates(proxy) {
            let Some((resource, policy)) = self.resources.get(number) else { continue };
            if let Err(why) = policy.attach(proxy, &self.mesh) {
                absent.push((number, Absent::of(resource, NotRunning::NotAttached(why))));
            }
        }
        absent.sort_by_key(|(number, _)| *number);
        absent.into_iter().map(|(_, absent)| absent).collect()
    }

    /// The resources in namespaces that the proxy takes nothing from.
    pub fn elsewhere(&self, place: usize) -> impl Iterator<Item = &Resource<'a>> {
        let near = self.proxies.get(place).map(|proxy| self.candidates(proxy)).unwrap_or_default();
        let (numbers, resources) = (0.., self.resources());
        resources
            .zip(numbers)
            .filter(move |(_, number)| near.binary_search(number).is_err())
            .map(|(it, _)| it)
    }

    /// The resources of the namespaces that the proxy takes something from, in order.
    fn candidates(&self, proxy: &Proxy) -> Vec<usize> {
        let mut numbers: Vec<usize> = Vec::new();
        for (rank, namespace) in self.namespaces(proxy).into_iter().enumerate() {
            let found = self.by_namespace.get(namespace).map_or(&[][..], Vec::as_slice);
            let follows = |number: &&usize| rank < 2 || self.resources[**number].1.follows_services;
            numbers.extend(found.iter().filter(follows));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The namespaces that count for a proxy, in the order in which istiod looks: its own, the root, its services'.
    fn namespaces<'p>(&'p self, proxy: &'p Proxy) -> Vec<&'p str> {
        let own_and_root = [proxy.namespace.as_str(), self.mesh.root_namespace.as_str()];
        let services = proxy.services.iter().map(|service| service.namespace.as_str());
        own_and_root.into_iter().chain(services).collect()
    }

    fn rank(&self, proxy: &Proxy, namespace: &str) -> usize {
        if proxy.namespace == namespace {
            0
        } else if self.mesh.is_root(namespace) {
            1
        } else {
            2
        }
    }

    fn build(
        &self,
        place: usize,
        traffic: Traffic,
        protocol: Protocol,
    ) -> (FilterChain, Vec<(usize, Absent)>) {
        let mut absent = Vec::new();
        let mut plugins: IndexMap<(Level, Phase), Vec<Ranked>, Hasher> = IndexMap::default();
        let mut envoy_filters = Vec::new();
        let proxy = self.proxies.get(place);
        let attached = self.attached.get(place).map_or(&[][..], Vec::as_slice);
        for (&number, proxy) in attached.iter().zip(std::iter::repeat(proxy)) {
            let (Some(proxy), Some((resource, policy))) = (proxy, self.resources.get(number)) else {
                continue;
            };
            let Ok(by) = policy.attach(proxy, &self.mesh) else { continue };
            let rank = self.rank(proxy, resource.namespace);
            if resource.plugin().is_none() {
                envoy_filters.push((number, rank, resource, by));
                continue;
            }
            match self.plugin(resource, by, traffic, protocol) {
                Ok(entry) => {
                    let slot = (entry.level, entry.phase.unwrap_or_default());
                    let name = resource.sorted_name(&self.mesh);
                    plugins.entry(slot).or_default().push(Ranked { entry, rank, name, number });
                }
                Err(why) => absent.push((number, Absent::of(resource, why))),
            }
        }
        let mut entries = Vec::new();
        for (level, slot) in slots(traffic, protocol) {
            match slot {
                Slot::Builtin(builtin) => entries.push(Entry::builtin(level, builtin)),
                Slot::Phase(phase) => {
                    let slot = plugins.swap_remove(&(level, phase)).unwrap_or_default();
                    put_in_order(slot, &mut entries);
                }
            }
        }
        let mut chain = FilterChain { traffic, protocol, entries };
        envoy_filter::insert(&mut chain, envoy_filters, &self.mesh, &mut absent);
        chain.leave_out_idle_connections();
        (chain, absent)
    }

    fn plugin(
        &self,
        resource: &Resource<'_>,
        by: AttachedBy,
        traffic: Traffic,
        protocol: Protocol,
    ) -> Result<Entry, NotRunning> {
        let plugin = resource.plugin().ok_or(NotRunning::NoModule)?;
        match resource.refusal(&self.mesh) {
            None => {}
            Some(Refusal::NeedsTrafficExtension) => return Err(NotRunning::NeedsTrafficExtension),
            Some(Refusal::NoModule) => return Err(NotRunning::NoModule),
            Some(Refusal::Url) => return Err(NotRunning::Url),
        }
        let level = if plugin.is_network() { Level::Network } else { Level::Http };
        match (level, protocol) {
            (Level::Http, Protocol::Tcp) if plugin.lua().is_some() => return Err(NotRunning::Lua),
            (Level::Http, Protocol::Tcp) => return Err(NotRunning::HttpOnly),
            (Level::Network, Protocol::Http) if traffic == Traffic::Waypoint => {
                return Err(NotRunning::NetworkAtWaypoint);
            }
            _ => {}
        }
        let ports = match ports_matched(&plugin.matches(), traffic, protocol) {
            Ok(ports) => ports,
            Err(NoMatch::Mode) => return Err(NotRunning::Mode(traffic)),
            Err(NoMatch::Ports) => return Err(NotRunning::WaypointPorts),
        };
        let mut entry = Entry::of_resource(resource, level, by, ports);
        entry.phase = Some(plugin.phase().ok_or(NotRunning::Phase)?);
        entry.priority = plugin.spec().get("priority").and_then(Value::as_whole);
        entry.filter_name = resource.filter_name(&self.mesh);
        Ok(entry)
    }
}

impl Absent {
    fn of(resource: &Resource<'_>, why: NotRunning) -> Self {
        Self {
            name: resource.name.to_owned(),
            namespace: resource.namespace.to_owned(),
            kind: resource.kind.clone(),
            plugin: resource.plugin,
            filter: resource.filter,
            why,
        }
    }
}

/// A plugin on its way into the slot of its phase.
struct Ranked {
    entry: Entry,
    rank: usize,
    name: String,
    number: usize,
}

/// Sorts the plugins of one phase as istiod does, and notes which of them could change places.
fn put_in_order(mut plugins: Vec<Ranked>, entries: &mut Vec<Entry>) {
    plugins.sort_by(|a, b| {
        let key = |it: &Ranked| (Reverse(it.entry.sort_key()), it.rank);
        key(a).cmp(&key(b)).then_with(|| {
            (&a.name, &a.entry.namespace, a.number).cmp(&(&b.name, &b.entry.namespace, b.number))
        })
    });
    let first = entries.len();
    let ranks: Vec<usize> = plugins.iter().map(|plugin| plugin.rank).collect();
    entries.extend(plugins.into_iter().map(|plugin| plugin.entry));
    let slot = &mut entries[first..];
    let mut start = 0;
    while start < slot.len() {
        let is_tied =
            |at: &usize| (slot[*at].sort_key(), ranks[*at]) == (slot[start].sort_key(), ranks[start]);
        let end = start + (start..slot.len()).take_while(is_tied).count();
        for at in start..end {
            let others = (start..end).filter(|other| *other != at && slot[at].meets(&slot[*other]));
            let with: Vec<usize> = others.map(|other| first + other).take(MOST_WITH).collect();
            if !with.is_empty() {
                let why =
                    slot[at].priority.map_or(WhyUndetermined::NoPriority, WhyUndetermined::SamePriority);
                slot[at].undetermined = Some(Undetermined { why, with });
            }
        }
        start = end;
    }
}

impl FilterChain {
    /// The phases whose slots lie in the gap before the entry at `gap`, between the two of Istio's own filters there.
    pub fn phases_at(&self, gap: usize, level: Level) -> Vec<Phase> {
        let gap = gap.min(self.entries.len());
        let own = |entry: &Entry| entry.builtin.filter(|_| entry.level == level).map(|it| it.name);
        let before = self.entries[..gap].iter().rev().find_map(own);
        let behind = self.entries[gap..].iter().find_map(own);
        let slots = slots(self.traffic, self.protocol);
        let mut here = before.is_none();
        let mut phases = Vec::new();
        for (_, slot) in slots.into_iter().filter(|(its_level, _)| *its_level == level) {
            match slot {
                Slot::Builtin(builtin) if here && Some(builtin.name) == behind => break,
                Slot::Builtin(builtin) => {
                    if here {
                        phases.clear();
                    }
                    here |= Some(builtin.name) == before;
                }
                Slot::Phase(phase) if here => phases.push(phase),
                Slot::Phase(_) => {}
            }
        }
        phases
    }

    /// Puts an entry in, behind which the others move on.
    fn insert(&mut self, at: usize, entry: Entry) {
        for present in &mut self.entries {
            for other in present.undetermined.iter_mut().flat_map(|it| it.with.iter_mut()) {
                if *other >= at {
                    *other += 1;
                }
            }
        }
        self.entries.insert(at, entry);
    }

    /// The filters of connections are shown where there is something else among them, or nothing behind them.
    fn leave_out_idle_connections(&mut self) {
        let network = self.entries.iter().take_while(|entry| entry.level == Level::Network);
        let count = network.clone().count();
        if self.protocol == Protocol::Tcp || network.clone().any(|entry| !entry.is_builtin()) {
            return;
        }
        self.entries.drain(..count);
        for entry in &mut self.entries {
            for other in entry.undetermined.iter_mut().flat_map(|it| it.with.iter_mut()) {
                *other -= count;
            }
        }
    }
}
