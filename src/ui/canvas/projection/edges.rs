//! Derived edges: the workloads, gateways and services that a wallet acts on, and the secret that it pulls with.
//!
//! They follow from selectors and references, are drawn, and never stored.

use std::collections::HashMap;

use super::{Component, ComponentId, ComponentKind, Design, EnvoyFilterView, Form, Hasher, Scene};
use super::{WasmPluginView, WorkloadView};
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

pub(super) fn of(design: &Design, scene: &Scene) -> Vec<Edge> {
    let index = Index::of(design, scene);
    let mut edges = Vec::new();
    for (from, node) in scene.nodes.iter().enumerate().filter(|(_, node)| node.form == Form::Wallet) {
        if let Some(wallet) = design.component(node.id) {
            index.add_edges(design, scene, wallet, from, &mut edges);
        }
    }
    edges
}

fn namespace(component: &Component) -> &str {
    component.namespace().unwrap_or(DEFAULT_NAMESPACE)
}

impl<'a> Index<'a> {
    fn of(design: &'a Design, scene: &'a Scene) -> Self {
        let mut index = Self::default();
        for (number, node) in scene.nodes.iter().enumerate().filter(|(_, node)| node.form == Form::Card) {
            let Some(component) = design.component(node.id) else { continue };
            let at = namespace(component);
            index.named.entry((at, &*node.kind.kind, &*node.title)).or_insert(number);
            let Some(workload) = WorkloadView::cast(component) else { continue };
            index.pod_labels.insert(number, workload.pod_labels());
            for at in [at, EVERYWHERE] {
                index.pods.entry(at).or_default().push(number);
                let labels = workload.pod_labels().into_iter().flat_map(Map::iter);
                for (key, value) in labels.filter_map(|(key, value)| Some((key, value.as_text()?))) {
                    index.labels.entry((at, key, value)).or_default().push(number);
                }
            }
        }
        index
    }

    fn add_edges(
        &self,
        design: &Design,
        scene: &Scene,
        wallet: &Component,
        from: usize,
        edges: &mut Vec<Edge>,
    ) {
        let at = namespace(wallet);
        let reach = if at == ROOT_NAMESPACE { EVERYWHERE } else { at };
        let plugin = WasmPluginView::cast(wallet);
        let selector = match plugin {
            Some(plugin) => plugin.selector(),
            None => EnvoyFilterView::cast(wallet).and_then(EnvoyFilterView::selector),
        };
        let refs = target_refs(wallet);
        let (targets, label) = if !refs.is_empty() {
            let found = refs.iter().filter_map(|(group, kind, name)| {
                let node = *self.named.get(&(at, *kind, *name))?;
                (scene.nodes[node].kind.group == *group).then_some(node)
            });
            let label = match refs.as_slice() {
                [(_, kind, name)] => format!("targets {kind} {name}"),
                _ => format!("targets {} objects", refs.len()),
            };
            (found.collect(), label)
        } else if let Some(selector) = selector.filter(|selector| !selector.is_empty()) {
            (self.selected(reach, selector), format!("selects {selector}"))
        } else {
            let all = self.pods.get(reach).cloned().unwrap_or_default();
            let label = match reach {
                EVERYWHERE => "acts on all namespaces".to_owned(),
                _ => format!("acts on all of {at}"),
            };
            (if all.len() > MOST_WITHOUT_SELECTOR { Vec::new() } else { all }, label)
        };
        let mut label = Some(label);
        edges.extend(targets.into_iter().map(|to| Edge { from, to, label: label.take() }));
        let secret = plugin
            .and_then(WasmPluginView::image_pull_secret)
            .and_then(|secret| self.named.get(&(at, "Secret", secret)))
            .filter(|&&secret| is_secret(design, scene.nodes[secret].id));
        if let Some(&to) = secret {
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

fn is_secret(design: &Design, id: ComponentId) -> bool {
    design.component(id).is_some_and(|component| component.is(&ComponentKind::SECRET))
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
