//! Edges: the workloads, gateways and services that a wallet acts on, the secret that it pulls with, and what other
//! relationships of the design join.
//!
//! The former follow from selectors and references, are drawn, and never stored. The latter stand in the document; those
//! that put a filter into a wallet or a component into a frame are drawn by where it lies.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{Component, EnvoyFilterView, Form, Hasher, Scene, WasmPluginView, WorkloadView};
use crate::istio::DEFAULT_ROOT_NAMESPACE;
use crate::model::view::LabelSelector;
use crate::model::{ComponentKind, Design, Link, Map, Relationship, Value};

/// One edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Node of the wallet, or of the `from` side of a relationship.
    pub from: usize,
    /// Node of what it selects or uses, or of the `to` side.
    pub to: usize,
    /// Why: "selects app=back-golang" on the first of a wallet's edges, the sub-type of a relationship.
    pub label: Option<Arc<str>>,
}

/// Where an object without a namespace counts to.
const DEFAULT_NAMESPACE: &str = "default";
/// Stands for all namespaces in the index; no namespace is blank.
const EVERYWHERE: &str = "";
/// A wallet without a selector acts on its whole namespace; beyond so many workloads lines tell nothing.
const MOST_WITHOUT_SELECTOR: usize = 12;

type Labels = Vec<(Box<str>, Box<str>)>;

/// What of a component decides over edges; read once, as long as the component stays as it is.
#[derive(Debug)]
pub(super) struct Ends {
    namespace: Box<str>,
    part: Part,
}

#[derive(Debug)]
enum Part {
    Wallet { targets: Targets, label: Arc<str>, secret: Option<Box<str>> },
    Workload(Labels),
    Other,
}

/// What a wallet acts on.
#[derive(Debug)]
enum Targets {
    /// Objects by group, kind and name.
    Named(Vec<[Box<str>; 3]>),
    /// Pods with all of these labels.
    Labelled(Labels),
    /// All pods of its namespace.
    All,
    /// Nothing: the selector asks for what no label can be.
    Nothing,
}

/// Labels as texts; `None` when a value is none.
fn texts(labels: &Map) -> Option<Labels> {
    labels.iter().map(|(key, value)| Some((key.into(), value.as_text()?.into()))).collect()
}

impl Ends {
    pub(super) fn of(component: &Component) -> Self {
        let namespace: Box<str> = component.namespace().unwrap_or(DEFAULT_NAMESPACE).into();
        let part = if component.kind().is_wallet() {
            wallet(component, &namespace)
        } else if let Some(workload) = WorkloadView::cast(component) {
            let labels = workload.pod_labels().into_iter().flat_map(Map::iter);
            let labels = labels.filter_map(|(key, value)| Some((key.into(), value.as_text()?.into())));
            Part::Workload(labels.collect())
        } else {
            Part::Other
        };
        Self { namespace, part }
    }

    /// Where a wallet selects: its own namespace, or everywhere from the root namespace.
    fn reach(&self) -> &str {
        if &*self.namespace == DEFAULT_ROOT_NAMESPACE { EVERYWHERE } else { &self.namespace }
    }
}

fn wallet(component: &Component, namespace: &str) -> Part {
    let plugin = WasmPluginView::cast(component);
    let secret = plugin.and_then(WasmPluginView::image_pull_secret).map(Into::into);
    let refs = target_refs(component);
    let selector = match plugin {
        Some(plugin) => plugin.selector(),
        None => EnvoyFilterView::cast(component).and_then(EnvoyFilterView::selector),
    };
    let (targets, label) = if let Some([_, kind, name]) = refs.first() {
        let label = match refs.len() {
            1 => format!("targets {kind} {name}"),
            count => format!("targets {count} objects"),
        };
        (Targets::Named(refs), label)
    } else if let Some(selector) = selector.filter(|selector| !selector.is_empty()) {
        let labels = texts(selector.labels());
        (labels.map_or(Targets::Nothing, Targets::Labelled), selects(selector))
    } else if namespace == DEFAULT_ROOT_NAMESPACE {
        (Targets::All, "acts on all namespaces".to_owned())
    } else {
        (Targets::All, format!("acts on all of {namespace}"))
    };
    Part::Wallet { targets, label: label.into(), secret }
}

fn selects(selector: LabelSelector<'_>) -> String {
    format!("selects {selector}")
}

/// `spec.targetRefs`, which both kinds of wallet have: group, kind, name.
fn target_refs(wallet: &Component) -> Vec<[Box<str>; 3]> {
    if let Some(plugin) = WasmPluginView::cast(wallet) {
        let refs = plugin.target_refs();
        return refs.iter().map(|it| [it.group.into(), it.kind.into(), it.name.into()]).collect();
    }
    let refs = wallet.configured(&["spec", "targetRefs"]).and_then(Value::as_list).unwrap_or_default();
    refs.iter()
        .map(|it| ["group", "kind", "name"].map(|key| it.text_at(&[key]).unwrap_or_default().into()))
        .collect()
}

/// Beyond so many relationships lines tell nothing.
const MOST_STORED: usize = 20_000;

/// The pairs of live relationships that nothing else shows. `derived` are the edges that are drawn already.
pub(super) fn stored(scene: &Scene, design: &Design, derived: &[Edge]) -> Vec<Edge> {
    let drawn: HashSet<(usize, usize), Hasher> = derived.iter().map(|edge| (edge.from, edge.to)).collect();
    let others = design.relationships().filter(|relationship| relationship.is_live());
    let pairs = others.flat_map(|relationship| {
        relationship.pairs().iter().filter_map(move |pair| Some((relationship, pair.from?, pair.to?)))
    });
    let edges = pairs.filter_map(|(relationship, from, to)| {
        // Most of a large design are filters in wallets: they are told by a look at the parent alone.
        if nests(design, relationship, to) {
            return None;
        }
        let (from, to) = (scene.node_of(from)?, scene.node_of(to)?);
        (from != to && !drawn.contains(&(from, to))).then(|| {
            let word = relationship.tree().text_at(&["subType"]).map(str::trim);
            Edge { from, to, label: word.filter(|word| !word.is_empty()).map(Arc::from) }
        })
    });
    edges.take(MOST_STORED).collect()
}

/// Tells whether a relationship says only what lies in what: that is drawn by the place of the child.
fn nests(design: &Design, relationship: &Relationship, parent: crate::model::ComponentId) -> bool {
    let parent_is =
        |fits: fn(&ComponentKind) -> bool| design.component(parent).is_some_and(|it| fits(it.kind()));
    relationship.is_wallet() && parent_is(ComponentKind::is_wallet)
        || relationship.is_inventory() && parent_is(|kind| kind.same_kind(&ComponentKind::NAMESPACE))
}

/// The links of a component that `stored` draws.
pub fn shown_links(design: &Design, links: Vec<Link>) -> impl Iterator<Item = (Link, &Relationship)> {
    let with = links.into_iter().filter_map(|link| Some((link, design.relationship(link.relationship)?)));
    with.filter(|(link, relationship)| {
        relationship.is_live() && link.from != link.to && !nests(design, relationship, link.to)
    })
}

pub(super) fn of(scene: &Scene) -> Vec<Edge> {
    let index = Index::of(scene);
    let mut edges = Vec::new();
    for (from, node) in scene.nodes.iter().enumerate() {
        let ends = &node.face.ends;
        let Part::Wallet { targets, label, secret } = &ends.part else { continue };
        let mut label = Some(label);
        edges.extend(index.targets(scene, ends, targets).into_iter().map(|to| Edge {
            from,
            to,
            label: label.take().cloned(),
        }));
        if let Some(secret) = secret
            && let Some(to) = index.named(scene, ends, "", "Secret", secret)
        {
            edges.push(Edge { from, to, label: Some(Arc::from("pulls with")) });
        }
    }
    edges
}

/// Where selectors find what they select, by namespace and label, so that no wallet looks at every workload.
#[derive(Default)]
struct Index<'a> {
    pods: HashMap<&'a str, Vec<usize>, Hasher>,
    labels: HashMap<(&'a str, &'a str, &'a str), Vec<usize>, Hasher>,
    named: HashMap<(&'a str, &'a str, &'a str), usize, Hasher>,
}

impl<'a> Index<'a> {
    /// Indexes what the wallets of the scene can ask for, and no more.
    fn of(scene: &'a Scene) -> Self {
        let mut index = Self::default();
        let (mut by_name, mut everywhere) = (false, false);
        for ends in scene.nodes.iter().map(|node| &node.face.ends) {
            if let Part::Wallet { targets, secret, .. } = &ends.part {
                by_name |= secret.is_some() || matches!(targets, Targets::Named(_));
                everywhere |= ends.reach() == EVERYWHERE;
            }
        }
        for (number, node) in scene.nodes.iter().enumerate().filter(|(_, node)| node.form == Form::Card) {
            let ends = &node.face.ends;
            if by_name {
                let key = (&*ends.namespace, &*node.face.kind.kind, &*node.face.title);
                index.named.entry(key).or_insert(number);
            }
            let Part::Workload(labels) = &ends.part else { continue };
            for at in std::iter::once(&*ends.namespace).chain(everywhere.then_some(EVERYWHERE)) {
                index.pods.entry(at).or_default().push(number);
                for (key, value) in labels {
                    index.labels.entry((at, key, value)).or_default().push(number);
                }
            }
        }
        index
    }

    fn named(&self, scene: &Scene, ends: &Ends, group: &str, kind: &str, name: &str) -> Option<usize> {
        let node = *self.named.get(&(&*ends.namespace, kind, name))?;
        (scene.nodes[node].face.kind.group == group).then_some(node)
    }

    /// What a wallet acts on, in the order of the document.
    fn targets(&self, scene: &Scene, ends: &Ends, targets: &Targets) -> Vec<usize> {
        match targets {
            Targets::Named(refs) => refs
                .iter()
                .filter_map(|[group, kind, name]| self.named(scene, ends, group, kind, name))
                .collect(),
            Targets::Labelled(labels) => self.selected(scene, ends.reach(), labels),
            Targets::All => {
                let all = self.pods.get(ends.reach()).map_or(&[][..], Vec::as_slice);
                if all.len() > MOST_WITHOUT_SELECTOR { Vec::new() } else { all.to_vec() }
            }
            Targets::Nothing => Vec::new(),
        }
    }

    fn labelled<'b>(&'b self, reach: &'b str, (key, value): &'b (Box<str>, Box<str>)) -> &'b [usize] {
        self.labels.get(&(reach, &**key, &**value)).map_or(&[][..], Vec::as_slice)
    }

    /// The workloads with all of these labels, of which there is at least one.
    fn selected(&self, scene: &Scene, reach: &str, wanted: &Labels) -> Vec<usize> {
        let fewest = wanted
            .iter()
            .map(|label| self.labelled(reach, label))
            .min_by_key(|found| found.len())
            .unwrap_or_default();
        let has_all = |workload: &&usize| match &scene.nodes[**workload].face.ends.part {
            Part::Workload(labels) => wanted.iter().all(|label| labels.contains(label)),
            Part::Wallet { .. } | Part::Other => false,
        };
        fewest.iter().filter(has_all).copied().collect()
    }
}
