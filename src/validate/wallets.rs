//! The plugins of a design as wallets that may meet: their phase, their targets, the range of their priorities.
//!
//! What is compared is wallet with wallet, never two resources of one chain (`product.md`, Priorities).

use indexmap::{IndexMap, IndexSet};

use crate::model::view::{
    LabelSelector, Phase, ROOT_NAMESPACE, WasmPluginView, WorkloadIndex, effective_namespace, label_pairs,
};
use crate::model::{Component, ComponentId, Design, Map, Value};
use crate::wallet::priority;

type Hasher = foldhash::fast::FixedState;

/// Above this many wallets on one target only neighbours in the order of priority are compared, so that a file with
/// thousands of equal plugins does not cost the square of them.
const MAX_COMPARED: usize = 256;

/// One wallet that gives resources.
#[derive(Debug)]
pub(super) struct Wallet<'a> {
    /// The WasmPlugin.
    pub component: &'a Component,
    /// How many resources its chain gives; at least 1.
    pub length: usize,
    /// The plugin's own priority.
    pub base: Option<i64>,
    /// Its phase, if it is one that exists and the priority is one that Kubernetes takes.
    pub phase: Option<Phase>,
    /// Its namespace, `default` assumed.
    pub namespace: &'a str,
    selector: Option<LabelSelector<'a>>,
    refs: Vec<(&'a str, &'a str, &'a str)>,
    /// The workloads of the design that it selects.
    pub selected: Vec<ComponentId>,
}

impl Wallet<'_> {
    /// The priorities of the chain's resources, highest first.
    pub(super) fn priorities(&self) -> impl Iterator<Item = Option<i64>> {
        (0..self.length).map(|place| priority::of_filter(self.base, place, self.length))
    }

    /// Highest and lowest as sort keys.
    pub(super) fn range(&self) -> (i64, i64) {
        let (highest, lowest) = priority::range(self.base, self.length);
        (priority::sort_key(highest), priority::sort_key(lowest))
    }

    fn may_meet(&self, other: &Self) -> bool {
        let near = self.namespace == other.namespace
            || self.namespace == ROOT_NAMESPACE
            || other.namespace == ROOT_NAMESPACE;
        if !near {
            return false;
        }
        match (self.refs.is_empty(), other.refs.is_empty()) {
            (false, false) => self.refs.iter().any(|reference| other.refs.contains(reference)),
            // Without a selector a plugin is on every proxy of the namespace, a gateway's too.
            (true, false) => self.is_unselective(),
            (false, true) => other.is_unselective(),
            (true, true) => {
                self.selected.iter().any(|workload| other.selected.contains(workload))
                    || contains(self.labels(), other.labels())
                    || contains(other.labels(), self.labels())
            }
        }
    }

    fn is_unselective(&self) -> bool {
        self.selector.is_none_or(LabelSelector::is_empty)
    }

    fn labels(&self) -> &Map {
        static NONE: Map = Map::new();
        self.selector.map_or(&NONE, LabelSelector::labels)
    }
}

/// Tells whether every label of `part` is in `whole`: whatever `whole` selects, `part` selects too.
fn contains(whole: &Map, part: &Map) -> bool {
    part.iter().all(|(key, value)| whole.get(key) == Some(value))
}

/// All plugins that give at least one resource, in document order.
pub(super) fn wallets<'a>(design: &'a Design, workloads: &WorkloadIndex<'_>) -> Vec<Wallet<'a>> {
    design
        .components()
        .filter_map(|component| {
            let plugin = WasmPluginView::cast(component)?;
            let filters = design.chain(component.id()).len();
            if filters == 0 && plugin.url().is_none() {
                return None;
            }
            let namespace = effective_namespace(component);
            let selector = plugin.selector();
            let refs: Vec<_> =
                plugin.target_refs().iter().map(|target| (target.group, target.kind, target.name)).collect();
            let selected = match selector {
                Some(selector) if refs.is_empty() => workloads.selected(namespace, selector),
                _ => Vec::new(),
            };
            let priority = component.configured(&["spec", "priority"]);
            let is_sound = plugin.priority().is_some() || priority.is_none_or(Value::is_blank);
            Some(Wallet {
                component,
                length: filters.max(1),
                base: plugin.priority().map(|priority| i64::from(priority.0)),
                phase: plugin.phase().filter(|_| is_sound),
                namespace,
                selector,
                refs,
                selected,
            })
        })
        .collect()
}

/// Pairs of wallets of one phase whose targets overlap, as indices `(earlier, later)`, sorted by the later.
pub(super) fn meeting_pairs(wallets: &[Wallet<'_>]) -> IndexSet<(usize, usize), Hasher> {
    #[derive(PartialEq, Eq, Hash)]
    enum Place<'a> {
        Workload(ComponentId),
        Label(&'a str, &'a str),
        Reference(&'a str, &'a str, &'a str),
    }
    let mut buckets: IndexMap<(Phase, Place<'_>), Vec<usize>, Hasher> = IndexMap::default();
    let mut unselective: IndexMap<Phase, Vec<usize>, Hasher> = IndexMap::default();
    let mut by_phase: IndexMap<Phase, Vec<usize>, Hasher> = IndexMap::default();
    for (number, wallet) in wallets.iter().enumerate() {
        let Some(phase) = wallet.phase else { continue };
        by_phase.entry(phase).or_default().push(number);
        for (group, kind, name) in &wallet.refs {
            buckets.entry((phase, Place::Reference(group, kind, name))).or_default().push(number);
        }
        if !wallet.refs.is_empty() {
            continue;
        }
        if wallet.is_unselective() {
            unselective.entry(phase).or_default().push(number);
        }
        for workload in &wallet.selected {
            buckets.entry((phase, Place::Workload(*workload))).or_default().push(number);
        }
        for (key, value) in label_pairs(wallet.labels()) {
            buckets.entry((phase, Place::Label(key, value))).or_default().push(number);
        }
    }
    let mut pairs = IndexSet::default();
    let mut compare = |a: usize, b: usize| {
        let pair = (a.min(b), a.max(b));
        if a != b && wallets[a].may_meet(&wallets[b]) {
            pairs.insert(pair);
        }
    };
    for members in buckets.values() {
        compare_within(wallets, members, &mut compare);
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
    ordered.sort_by_key(|&number| (wallets[number].namespace, wallets[number].range(), number));
    for neighbours in ordered.windows(4) {
        for &other in &neighbours[1..] {
            compare(neighbours[0], other);
        }
    }
}
