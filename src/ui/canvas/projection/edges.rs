//! Derived edges: the workloads, gateways and services that a wallet acts on, and the secret that it pulls with.
//!
//! They follow from selectors and references, are drawn, and never stored.

use std::collections::HashMap;

use super::{Component, EnvoyFilterView, Form, Hasher, Scene, WasmPluginView, WorkloadView};
use crate::model::view::LabelSelector;
use crate::model::{Map, Value};

/// One derived edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Node of the wallet.
    pub from: usize,
    /// Node of what it selects or uses.
    pub to: usize,
    /// Why, on the first of a wallet's edges: "selects app=back-golang".
    pub label: Option<String>,
}

/// The namespace whose plugins select in all others (Istio's default `rootNamespace`).
const ROOT_NAMESPACE: &str = "istio-system";
/// Where an object without a namespace counts to.
const DEFAULT_NAMESPACE: &str = "default";
/// Stands for all namespaces in the index; no namespace is blank.
const EVERYWHERE: &str = "";
/// A wallet without a selector acts on its whole namespace; beyond so many workloads lines tell nothing.
const MOST_WITHOUT_SELECTOR: usize = 12;

/// Where selectors find what they select, by namespace and label, so that no wallet looks at every workload.
#[derive(Default)]
struct Index<'a> {
    pods: HashMap<&'a str, Vec<usize>, Hasher>,
    labels: HashMap<(&'a str, &'a str, &'a str), Vec<usize>, Hasher>,
    named: HashMap<(&'a str, &'a str, &'a str), usize, Hasher>,
    pod_labels: HashMap<usize, Option<&'a Map>, Hasher>,
}

pub(super) fn of(scene: &Scene) -> Vec<Edge> {
    let wallets: Vec<(usize, Wallet<'_>)> = scene
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.form == Form::Wallet)
        .map(|(number, node)| (number, Wallet::of(&node.face.component)))
        .collect();
    let index = Index::of(scene, &wallets);
    let mut edges = Vec::new();
    for (from, wallet) in wallets {
        index.add_edges(scene, &wallet, from, &mut edges);
    }
    edges
}

fn namespace(component: &Component) -> &str {
    component.namespace().unwrap_or(DEFAULT_NAMESPACE)
}

/// What a wallet acts on, as its configuration says.
struct Wallet<'a> {
    namespace: &'a str,
    selector: Option<LabelSelector<'a>>,
    /// Group, kind, name.
    refs: Vec<(&'a str, &'a str, &'a str)>,
    secret: Option<&'a str>,
}

impl<'a> Wallet<'a> {
    fn of(component: &'a Component) -> Self {
        let plugin = WasmPluginView::cast(component);
        let selector = match plugin {
            Some(plugin) => plugin.selector(),
            None => EnvoyFilterView::cast(component).and_then(EnvoyFilterView::selector),
        };
        Self {
            namespace: namespace(component),
            selector: selector.filter(|selector| !selector.is_empty()),
            refs: target_refs(component),
            secret: plugin.and_then(WasmPluginView::image_pull_secret),
        }
    }

    /// Where it selects: its own namespace, or everywhere from the root namespace.
    fn reach(&self) -> &'a str {
        if self.namespace == ROOT_NAMESPACE { EVERYWHERE } else { self.namespace }
    }
}

impl<'a> Index<'a> {
    /// Indexes what these wallets can ask for, and no more.
    fn of(scene: &'a Scene, wallets: &[(usize, Wallet<'_>)]) -> Self {
        let mut index = Self::default();
        let by_name = wallets.iter().any(|(_, wallet)| !wallet.refs.is_empty() || wallet.secret.is_some());
        let everywhere = wallets.iter().any(|(_, wallet)| wallet.reach() == EVERYWHERE);
        for (number, node) in scene.nodes.iter().enumerate().filter(|(_, node)| node.form == Form::Card) {
            let component = &*node.face.component;
            let at = namespace(component);
            if by_name {
                index.named.entry((at, &*node.face.kind.kind, &*node.face.title)).or_insert(number);
            }
            let Some(workload) = WorkloadView::cast(component) else { continue };
            index.pod_labels.insert(number, workload.pod_labels());
            for at in std::iter::once(at).chain(everywhere.then_some(EVERYWHERE)) {
                index.pods.entry(at).or_default().push(number);
                let labels = workload.pod_labels().into_iter().flat_map(Map::iter);
                for (key, value) in labels.filter_map(|(key, value)| Some((key, value.as_text()?))) {
                    index.labels.entry((at, key, value)).or_default().push(number);
                }
            }
        }
        index
    }

    fn add_edges(&self, scene: &Scene, wallet: &Wallet<'_>, from: usize, edges: &mut Vec<Edge>) {
        let at = wallet.namespace;
        let named = |group: &str, kind: &str, name: &str| {
            let node = *self.named.get(&(at, kind, name))?;
            (scene.nodes[node].face.kind.group == group).then_some(node)
        };
        let (targets, label) = if !wallet.refs.is_empty() {
            let found = wallet.refs.iter().filter_map(|(group, kind, name)| named(group, kind, name));
            let label = match wallet.refs.as_slice() {
                [(_, kind, name)] => format!("targets {kind} {name}"),
                refs => format!("targets {} objects", refs.len()),
            };
            (found.collect(), label)
        } else if let Some(selector) = wallet.selector {
            (self.selected(wallet.reach(), selector), format!("selects {selector}"))
        } else {
            let all = self.pods.get(wallet.reach()).map_or(&[][..], Vec::as_slice);
            let label = match wallet.reach() {
                EVERYWHERE => "acts on all namespaces".to_owned(),
                _ => format!("acts on all of {at}"),
            };
            (if all.len() > MOST_WITHOUT_SELECTOR { Vec::new() } else { all.to_vec() }, label)
        };
        let mut label = Some(label);
        edges.extend(targets.into_iter().map(|to| Edge { from, to, label: label.take() }));
        if let Some(to) = wallet.secret.and_then(|secret| named("", "Secret", secret)) {
            edges.push(Edge { from, to, label: Some("pulls with".to_owned()) });
        }
    }

    /// The workloads that a selector with at least one label selects, in document order.
    fn selected(&self, reach: &str, selector: LabelSelector<'_>) -> Vec<usize> {
        let mut fewest: Option<&[usize]> = None;
        for (key, value) in selector.labels().iter() {
            let Some(value) = value.as_text() else { return Vec::new() };
            let found = self.labels.get(&(reach, key, value)).map_or(&[][..], Vec::as_slice);
            if fewest.is_none_or(|fewest| found.len() < fewest.len()) {
                fewest = Some(found);
            }
        }
        let candidates = fewest.unwrap_or_default().iter().copied();
        candidates
            .filter(|workload| selector.matches(self.pod_labels.get(workload).copied().flatten()))
            .collect()
    }
}

/// `spec.targetRefs`, which both kinds of wallet have: group, kind, name.
fn target_refs(wallet: &Component) -> Vec<(&str, &str, &str)> {
    if let Some(plugin) = WasmPluginView::cast(wallet) {
        return plugin.target_refs().iter().map(|it| (it.group, it.kind, it.name)).collect();
    }
    let refs = wallet.configured(&["spec", "targetRefs"]).and_then(Value::as_list).unwrap_or_default();
    refs.iter()
        .map(|it| {
            let text = |key: &str| it.text_at(&[key]).unwrap_or_default();
            (text("group"), text("kind"), text("name"))
        })
        .collect()
}
