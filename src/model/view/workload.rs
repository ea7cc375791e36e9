//! Workloads (Deployment, StatefulSet, DaemonSet, Pod) and the selectors that find them.

use super::super::component::Component;
use super::super::configuration::Value;
use super::super::kind::ComponentKind;
use super::super::map::Map;

/// The namespace that an object without one is applied to, as far as rules and chains go.
pub const DEFAULT_NAMESPACE: &str = "default";

/// The namespace that rules assume for a component.
pub fn effective_namespace(component: &Component) -> &str {
    component.namespace().unwrap_or(DEFAULT_NAMESPACE)
}

/// The labels in a mapping, as texts; values that are no text are left out.
pub fn label_pairs(labels: &Map) -> impl Iterator<Item = (&str, &str)> {
    labels.iter().filter_map(|(key, value): (&str, &Value)| Some((key, value.as_text()?)))
}

/// Labels that must all be on a pod.
#[derive(Clone, Copy, Debug)]
pub struct LabelSelector<'a> {
    labels: &'a Map,
}

impl<'a> LabelSelector<'a> {
    /// Wraps a mapping of labels.
    pub fn new(labels: &'a Map) -> Self {
        Self { labels }
    }

    /// The labels.
    pub fn labels(self) -> &'a Map {
        self.labels
    }

    /// Tells whether no label is asked for: every pod of the namespace matches.
    pub fn is_empty(self) -> bool {
        self.labels.is_empty()
    }

    /// Tells whether a pod with `labels` is selected.
    pub fn matches(self, labels: Option<&Map>) -> bool {
        self.labels.iter().all(|(key, value)| {
            !value.is_null() && labels.and_then(|labels| labels.get(key)).is_some_and(|label| label == value)
        })
    }
}

/// `app=back-golang, version=v1`.
impl std::fmt::Display for LabelSelector<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, (key, value)) in self.labels.iter().enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            write!(f, "{separator}{key}={}", value.as_text().unwrap_or("?"))?;
        }
        Ok(())
    }
}

/// A workload component, read-only.
#[derive(Clone, Copy, Debug)]
pub struct WorkloadView<'a> {
    component: &'a Component,
}

impl<'a> WorkloadView<'a> {
    /// Returns `None` when the component is of another kind.
    pub fn cast(component: &'a Component) -> Option<Self> {
        component.kind().is_workload().then_some(Self { component })
    }

    /// The labels of the pods: those of the pod template, or the pod's own.
    pub fn pod_labels(self) -> Option<&'a Map> {
        let keys: &[&str] = if self.component.is(&ComponentKind::POD) {
            &["metadata", "labels"]
        } else {
            &["spec", "template", "metadata", "labels"]
        };
        self.component.configured(keys).and_then(Value::as_map)
    }
}
