//! Istio's EnvoyFilter, as far as the program reads it: its Wasm entries in `spec.configPatches`.

use super::super::component::Component;
use super::super::configuration::Value;
use super::super::kind::ComponentKind;
use super::workload::LabelSelector;

/// The type of a Wasm HTTP filter's `typed_config` (Envoy `extensions/filters/http/wasm/v3`).
pub const WASM_TYPE_URL: &str = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";

/// One entry of `spec.configPatches`.
#[derive(Clone, Copy, Debug)]
pub struct PatchEntry<'a> {
    /// Its index in `spec.configPatches`.
    pub index: usize,
    /// The entry.
    pub value: &'a Value,
}

impl<'a> PatchEntry<'a> {
    /// `patch.value.name`.
    pub fn name(self) -> Option<&'a str> {
        self.value.text_at(&["patch", "value", "name"])
    }

    /// Tells whether the entry's value is a Wasm HTTP filter.
    pub fn is_wasm(self) -> bool {
        self.value.text_at(&["patch", "value", "typed_config", "@type"]) == Some(WASM_TYPE_URL)
    }
}

/// An EnvoyFilter component, read-only.
#[derive(Clone, Copy, Debug)]
pub struct EnvoyFilterView<'a> {
    component: &'a Component,
}

impl<'a> EnvoyFilterView<'a> {
    /// Returns `None` when the component is of another kind.
    pub fn cast(component: &'a Component) -> Option<Self> {
        component.is(&ComponentKind::ENVOY_FILTER).then_some(Self { component })
    }

    /// The entries of `spec.configPatches` in list order.
    pub fn entries(self) -> impl Iterator<Item = PatchEntry<'a>> {
        self.component
            .configured(&["spec", "configPatches"])
            .and_then(Value::as_list)
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(index, value)| PatchEntry { index, value })
    }

    /// The first entry of this `patch.value.name`.
    pub fn entry_named(self, name: &str) -> Option<PatchEntry<'a>> {
        self.entries().find(|entry| entry.name() == Some(name))
    }

    /// `spec.workloadSelector.labels`; `None` when no selector is set.
    pub fn selector(self) -> Option<LabelSelector<'a>> {
        self.component.configured(&["spec", "workloadSelector", "labels"])?.as_map().map(LabelSelector::new)
    }
}
