//! The plugins of an input, of both kinds, as wallets that may meet: their phase, the proxies that they attach to, the
//! range of their priorities.
//!
//! What is compared is wallet with wallet, never two resources of one chain (`product.md`, Priorities).

use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use crate::istio::{
    AttachedBy, Mesh, Plugin, Policy, Protocol, Proxies, Proxy, ProxyKind, Served, Traffic, TrafficMatch,
    ports_matched,
};
use crate::model::view::{LabelSelector, Phase, TargetRef, label_pairs};
use crate::model::{FieldPath, Location, Map, Value};
use crate::wallet::{Effective, priority};

type Hasher = foldhash::fast::FixedState;

/// Above this many wallets on one target only neighbours in the order of priority are compared, so that a file with
/// thousands of equal plugins does not cost the square of them.
const MAX_COMPARED: usize = 256;

/// One wallet that gives resources.
#[derive(Debug)]
pub(super) struct Wallet<'a> {
    /// Its resources, in the order of its chain; at least one.
    pub chain: &'a [Effective],
    /// The first of them; what stands at the plugin is the same in all.
    pub plugin: Plugin<'a>,
    /// The plugin's own priority.
    pub base: Option<i64>,
    /// Its phase, if it is one that exists and the priority is one that Kubernetes takes.
    pub phase: Option<Phase>,
    /// Whom it is for.
    pub policy: Policy<'a>,
    /// The proxies of the design that it attaches to, if it selects or names some; sorted.
    pub attached: Rc<[usize]>,
    /// The same number as others that are for the same proxies in the same words.
    reach: usize,
    matches: Vec<TrafficMatch>,
}

impl<'a> Wallet<'a> {
    /// The resource that stands for all.
    pub(super) fn first(&self) -> &'a Effective {
        &self.chain[0]
    }

    /// How many resources its chain gives; at least 1.
    pub(super) fn length(&self) -> usize {
        self.chain.len()
    }

    /// The proxies of the design that it attaches to, if it selects or names some.
    pub(super) fn proxies<'p>(&self, proxies: &'p Proxies) -> impl Iterator<Item = &'p Proxy> {
        self.attached.iter().filter_map(move |place| proxies.get(*place))
    }

    /// Its target references with their paths, and the proxies of the design that each gives it.
    pub(super) fn targets(&self, proxies: &Proxies, mesh: &Mesh) -> Vec<Target<'a>> {
        let targets = self.plugin.target_refs().into_iter();
        targets
            .map(|(path, reference)| {
                let policy = Policy { target_refs: vec![reference], ..self.policy.clone() };
                Target { path, reference, attached: proxies.attached(&policy, mesh) }
            })
            .collect()
    }

    /// The place of what gives the value at `path` of its resources.
    pub(super) fn at(&self, path: &FieldPath) -> Location {
        super::place_at(self.first(), path)
    }

    /// The priorities of the chain's resources, highest first.
    pub(super) fn priorities(&self) -> impl Iterator<Item = Option<i64>> {
        let length = self.length();
        (0..length).map(move |place| priority::of_filter(self.base, place, length))
    }

    /// Highest and lowest as sort keys.
    pub(super) fn range(&self) -> (i64, i64) {
        let (highest, lowest) = priority::range(self.base, self.length());
        (priority::sort_key(highest), priority::sort_key(lowest))
    }

    /// Tells whether it is for all pods of its namespace, or of the mesh.
    pub(super) fn is_unselective(&self) -> bool {
        self.policy.target_refs.is_empty() && self.policy.selector.is_none_or(LabelSelector::is_empty)
    }

    fn labels(&self) -> &'a Map {
        static NONE: Map = Map::new();
        self.policy.selector.map_or(&NONE, LabelSelector::labels)
    }
}

/// One target reference of a wallet.
#[derive(Debug)]
pub(super) struct Target<'a> {
    /// Its path in the object.
    pub path: FieldPath,
    /// What it names.
    pub reference: TargetRef<'a>,
    /// The proxies of the design that it names.
    pub attached: Vec<usize>,
}

impl Target<'_> {
    /// Tells whether only a waypoint can be meant, whichever.
    pub(super) fn needs_waypoint(&self) -> bool {
        matches!(
            (self.reference.group, self.reference.kind),
            ("" | "core", "Service")
                | ("networking.istio.io", "ServiceEntry")
                | ("gateway.networking.k8s.io", "GatewayClass")
        )
    }

    /// Tells whether a Gateway is named that is not in the design.
    pub(super) fn is_unknown_gateway(&self) -> bool {
        (self.reference.group, self.reference.kind) == ("gateway.networking.k8s.io", "Gateway")
            && self.attached.is_empty()
    }
}

/// Compares wallets with each other.
struct Meeting<'a> {
    wallets: &'a [Wallet<'a>],
    proxies: &'a Proxies,
    mesh: &'a Mesh,
}

impl Meeting<'_> {
    /// Tells whether some request or connection may run through both.
    fn may_meet(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.wallets[a], &self.wallets[b]);
        if a.plugin.is_network() != b.plugin.is_network() || !share_traffic(&a.matches, &b.matches) {
            return false;
        }
        if self.share_proxy(a, b) {
            return true;
        }
        let (of_a, of_b) = (a.policy.namespace, b.policy.namespace);
        if of_a != of_b && !self.mesh.is_root(of_a) && !self.mesh.is_root(of_b) {
            return false;
        }
        match (a.policy.target_refs.is_empty(), b.policy.target_refs.is_empty()) {
            (false, false) => of_a == of_b && share_unknown_target(a, b),
            (true, false) => self.covers(a, b),
            (false, true) => self.covers(b, a),
            (true, true) => contains(a.labels(), b.labels()) || contains(b.labels(), a.labels()),
        }
    }

    fn share_proxy(&self, a: &Wallet<'_>, b: &Wallet<'_>) -> bool {
        let both = a.attached.iter().filter(|place| b.attached.binary_search(place).is_ok());
        both.filter_map(|place| self.proxies.get(*place)).any(|proxy| {
            let (a, b) = (self.services(a, proxy), self.services(b, proxy));
            a.is_empty() || b.is_empty() || a.iter().any(|service| b.contains(service))
        })
    }

    /// The services of a waypoint that a wallet is for; empty for all.
    fn services(&self, wallet: &Wallet<'_>, proxy: &Proxy) -> Vec<Served> {
        match wallet.policy.attach(proxy, self.mesh) {
            Ok(AttachedBy::Services(services)) => services,
            _ => Vec::new(),
        }
    }

    /// Without a selector a plugin is on every proxy of the namespace, a gateway's too, but on no waypoint.
    fn covers(&self, wide: &Wallet<'_>, targeted: &Wallet<'_>) -> bool {
        let is_gateway = |proxy: &Proxy| proxy.kind == ProxyKind::Gateway;
        let may_be_gateway = targeted.attached.is_empty() || targeted.proxies(self.proxies).any(is_gateway);
        wide.is_unselective() && may_be_gateway
    }
}

/// Tells whether both name one target, whose proxies are not in the design.
fn share_unknown_target(a: &Wallet<'_>, b: &Wallet<'_>) -> bool {
    (a.attached.is_empty() || b.attached.is_empty())
        && a.policy.target_refs.iter().any(|target| b.policy.target_refs.contains(target))
}

/// Tells whether there is traffic that both lists of `match` mean.
fn share_traffic(a: &[TrafficMatch], b: &[TrafficMatch]) -> bool {
    // What does not exist may be meant as anything.
    let is_unclear = |it: &TrafficMatch| it.mode.is_none();
    if a.is_empty() || b.is_empty() || a.iter().chain(b).any(is_unclear) {
        return true;
    }
    [Traffic::Inbound, Traffic::Outbound].into_iter().any(|traffic| {
        let ports = |matches| ports_matched(matches, traffic, Protocol::Http);
        matches!((ports(a), ports(b)), (Ok(a), Ok(b)) if a.meet(&b))
    })
}

/// Tells whether every label of `part` is in `whole`: whatever `whole` selects, `part` selects too.
fn contains(whole: &Map, part: &Map) -> bool {
    part.iter().all(|(key, value)| whole.get(key) == Some(value))
}

/// Whom a wallet is for, in its own words.
#[derive(PartialEq, Eq, Hash)]
struct Reach<'a> {
    namespace: &'a str,
    selector: Option<String>,
    targets: Vec<(&'a str, &'a str, &'a str)>,
}

impl<'a> Reach<'a> {
    fn of(policy: &Policy<'a>) -> Self {
        let targets = policy.target_refs.iter();
        Self {
            namespace: policy.namespace,
            selector: policy.selector.map(|selector| selector.to_string()),
            targets: targets.map(|target| (target.group, target.kind, target.name)).collect(),
        }
    }
}

/// All plugins that give at least one resource, in document order.
pub(super) fn wallets<'a>(effective: &'a [Effective], proxies: &Proxies, mesh: &Mesh) -> Vec<Wallet<'a>> {
    let nothing: Rc<[usize]> = Rc::default();
    let mut reaches: IndexMap<Reach<'_>, Rc<[usize]>, Hasher> = IndexMap::default();
    effective
        .chunk_by(|a, b| a.plugin == b.plugin)
        .filter_map(|chain| {
            let (first, last) = (chain.first()?, chain.last()?);
            let plugin = Plugin::of(&first.kind, &first.configuration)?;
            // Who has neither runs nothing.
            if first.filter.is_none() && plugin.url().is_none() && plugin.lua().is_none() {
                return None;
            }
            // The last of a chain keeps the plugin's own priority.
            let own = Plugin::of(&last.kind, &last.configuration)?;
            let base = own.priority().map(i64::from);
            let is_sound = base.is_some() || own.spec().get("priority").is_none_or(Value::is_blank);
            let policy = Policy::of_plugin(plugin, first.namespace_or_default());
            let matches = plugin.matches();
            let mut wallet = Wallet {
                chain,
                plugin,
                base,
                phase: plugin.phase().filter(|_| is_sound),
                policy,
                attached: Rc::clone(&nothing),
                reach: 0,
                matches,
            };
            if !wallet.is_unselective() {
                let reach = reaches.entry(Reach::of(&wallet.policy));
                wallet.reach = reach.index();
                let attached = reach.or_insert_with(|| proxies.attached(&wallet.policy, mesh).into());
                wallet.attached = Rc::clone(attached);
            }
            Some(wallet)
        })
        .collect()
}

/// Pairs of wallets of one phase whose targets overlap, as indices `(earlier, later)`, sorted by the later.
pub(super) fn meeting_pairs(
    wallets: &[Wallet<'_>],
    proxies: &Proxies,
    mesh: &Mesh,
) -> IndexSet<(usize, usize), Hasher> {
    #[derive(PartialEq, Eq, Hash)]
    enum Place<'a> {
        Label(&'a str, &'a str),
        Reference(&'a str, &'a str, &'a str),
    }
    let mut buckets: IndexMap<(Phase, Place<'_>), Vec<usize>, Hasher> = IndexMap::default();
    let mut by_reach: IndexMap<(Phase, usize), Vec<usize>, Hasher> = IndexMap::default();
    let mut unselective: IndexMap<Phase, Vec<usize>, Hasher> = IndexMap::default();
    let mut by_phase: IndexMap<Phase, Vec<usize>, Hasher> = IndexMap::default();
    for (number, wallet) in wallets.iter().enumerate() {
        let Some(phase) = wallet.phase else { continue };
        by_phase.entry(phase).or_default().push(number);
        if !wallet.attached.is_empty() {
            by_reach.entry((phase, wallet.reach)).or_default().push(number);
        }
        let mut file = |place| buckets.entry((phase, place)).or_default().push(number);
        for target in &wallet.policy.target_refs {
            file(Place::Reference(target.group, target.kind, target.name));
        }
        if !wallet.policy.target_refs.is_empty() {
            continue;
        }
        for (key, value) in label_pairs(wallet.labels()) {
            file(Place::Label(key, value));
        }
        if wallet.is_unselective() {
            unselective.entry(phase).or_default().push(number);
        }
    }
    let meeting = Meeting { wallets, proxies, mesh };
    let mut pairs = IndexSet::default();
    let mut compare = |a: usize, b: usize| {
        let pair = (a.min(b), a.max(b));
        if a != b && !pairs.contains(&pair) && meeting.may_meet(a, b) {
            pairs.insert(pair);
        }
    };
    for members in buckets.values() {
        compare_within(wallets, members, &mut compare);
    }
    for reaches in together(wallets, &by_reach) {
        let members: Vec<usize> = reaches.iter().flat_map(|reach| &by_reach[*reach]).copied().collect();
        compare_within(wallets, &members, &mut compare);
    }
    for (phase, everywhere) in &unselective {
        let all = by_phase.get(phase).map(Vec::as_slice).unwrap_or_default();
        if everywhere.len().saturating_mul(all.len()) <= MAX_COMPARED * MAX_COMPARED {
            for &a in everywhere {
                for &b in all {
                    compare(a, b);
                }
            }
        } else {
            compare_within(wallets, all, &mut compare);
        }
    }
    pairs.sort_unstable_by_key(|(earlier, later)| (*later, *earlier));
    pairs
}

/// The reaches that some proxy has in common, each set of them once, by their places in `by_reach`.
fn together(
    wallets: &[Wallet<'_>],
    by_reach: &IndexMap<(Phase, usize), Vec<usize>, Hasher>,
) -> IndexSet<Vec<usize>, Hasher> {
    let mut at_proxy: IndexMap<(Phase, usize), Vec<usize>, Hasher> = IndexMap::default();
    for (place, ((phase, _), members)) in by_reach.iter().enumerate() {
        let attached = members.first().map(|first| &*wallets[*first].attached).unwrap_or_default();
        for proxy in attached {
            at_proxy.entry((*phase, *proxy)).or_default().push(place);
        }
    }
    at_proxy.into_values().collect()
}

fn compare_within(wallets: &[Wallet<'_>], members: &[usize], compare: &mut impl FnMut(usize, usize)) {
    if members.len() <= MAX_COMPARED {
        for (i, &a) in members.iter().enumerate() {
            for &b in &members[i + 1..] {
                compare(a, b);
            }
        }
        return;
    }
    let mut ordered = members.to_vec();
    ordered.sort_by_key(|&number| (wallets[number].policy.namespace, wallets[number].range(), number));
    for neighbours in ordered.windows(4) {
        for &other in &neighbours[1..] {
            compare(neighbours[0], other);
        }
    }
}
