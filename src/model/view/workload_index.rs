//! Which workloads a selector finds, without looking at every one of them.

use indexmap::IndexMap;

use super::super::component::Component;
use super::super::configuration::Value;
use super::super::design::Design;
use super::super::ids::ComponentId;
use super::super::map::Map;
use super::workload::{LabelSelector, WorkloadView};

type Hasher = foldhash::fast::FixedState;

/// Istio's root namespace: a selector there finds pods in all namespaces.
pub const ROOT_NAMESPACE: &str = "istio-system";

/// The namespace that an object without one is applied to, as far as rules and chains go.
pub const DEFAULT_NAMESPACE: &str = "default";

/// The namespace that rules assume for a component.
pub fn effective_namespace(component: &Component) -> &str {
    component.namespace().unwrap_or(DEFAULT_NAMESPACE)
}

/// The workloads of one design, found by the labels of their pods.
#[derive(Debug, Default)]
pub struct WorkloadIndex<'a> {
    /// Labels of the pods, by workload, in document order.
    workloads: IndexMap<ComponentId, (&'a str, Option<&'a Map>), Hasher>,
    /// The workloads whose pods have a label.
    by_label: IndexMap<(&'a str, &'a str), Vec<ComponentId>, Hasher>,
}

impl<'a> WorkloadIndex<'a> {
    /// Reads the workloads of `design`.
    pub fn new(design: &'a Design) -> Self {
        let mut index = Self::default();
        for component in design.components() {
            let Some(workload) = WorkloadView::cast(component) else { continue };
            let labels = workload.pod_labels();
            index.workloads.insert(component.id(), (effective_namespace(component), labels));
            for (key, value) in labels.into_iter().flat_map(Map::iter) {
                if let Some(value) = value.as_text() {
                    index.by_label.entry((key, value)).or_default().push(component.id());
                }
            }
        }
        index
    }

    /// Tells whether there is no workload at all.
    pub fn is_empty(&self) -> bool {
        self.workloads.is_empty()
    }

    /// The workloads whose pods `selector` finds from an object in `namespace`, in document order.
    pub fn selected(&self, namespace: &str, selector: LabelSelector<'_>) -> Vec<ComponentId> {
        let is_near = |id: &ComponentId| {
            namespace == ROOT_NAMESPACE
                || self.workloads.get(id).is_some_and(|(its_namespace, _)| *its_namespace == namespace)
        };
        let rarest = selector
            .labels()
            .iter()
            .map(|(key, value)| {
                value
                    .as_text()
                    .and_then(|text| self.by_label.get(&(key, text)))
                    .map_or(&[][..], Vec::as_slice)
            })
            .min_by_key(|candidates| candidates.len());
        match rarest {
            None => self.workloads.keys().copied().filter(is_near).collect(),
            Some(candidates) => candidates
                .iter()
                .copied()
                .filter(is_near)
                .filter(|id| self.workloads.get(id).is_some_and(|(_, labels)| selector.matches(*labels)))
                .collect(),
        }
    }

    /// Every label that some pod in `namespace` has, for suggestions: `(key, value)`.
    pub fn labels(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.by_label.keys().copied()
    }
}

/// The labels that `selector` asks for, as texts; values that are no text are left out.
pub fn label_pairs(labels: &Map) -> impl Iterator<Item = (&str, &str)> {
    labels.iter().filter_map(|(key, value): (&str, &Value)| Some((key, value.as_text()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(id: &str, namespace: &str, labels: Map) -> Value {
        let template = Value::from([("metadata", Value::from([("labels", Value::Map(labels))]))]);
        Value::from([
            ("id", id.into()),
            ("component", Value::from([("kind", "Deployment".into()), ("version", "apps/v1".into())])),
            (
                "configuration",
                Value::from([
                    ("metadata", Value::from([("namespace", namespace.into())])),
                    ("spec", Value::from([("template", template)])),
                ]),
            ),
        ])
    }

    #[test]
    fn a_selector_finds_pods_of_its_namespace_and_the_root_finds_all() {
        let labels = |app: &str| Map::from([("app", app.into()), ("tier", "back".into())]);
        let design = Design::from_tree(Value::from([(
            "components",
            Value::List(vec![
                workload("a", "shop", labels("a")),
                workload("b", "shop", labels("b")),
                workload("c", "other", labels("a")),
            ]),
        )]));
        let index = WorkloadIndex::new(&design);
        let id = |text: &str| ComponentId::from_text(text).unwrap();
        let found = |namespace: &str, selector: Map| index.selected(namespace, LabelSelector::new(&selector));
        assert_eq!(found("shop", labels("a")), [id("a")]);
        assert_eq!(found("shop", Map::from([("tier", "back".into())])), [id("a"), id("b")]);
        assert_eq!(found("shop", Map::new()), [id("a"), id("b")]);
        assert_eq!(found(ROOT_NAMESPACE, Map::from([("app", "a".into())])), [id("a"), id("c")]);
        assert_eq!(found("shop", Map::from([("app", "x".into())])), []);
        assert_eq!(found("shop", Map::from([("app", true.into())])), []);
    }
}
