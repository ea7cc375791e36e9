//! Typed read views over components.
//!
//! A view parses what it is asked for and changes nothing. A getter says `None` when the file lacks the field or holds
//! something of another type there: absent is not zero.

mod envoy_filter;
mod wasm_filter;
mod wasm_plugin;
mod workload;

pub use envoy_filter::{EnvoyFilterView, PatchEntry, WASM_TYPE_URL};
pub use wasm_filter::WasmFilterView;
pub use wasm_plugin::{Phase, Priority, TargetRef, WasmPluginView};
pub use workload::{DEFAULT_NAMESPACE, LabelSelector, WorkloadView, effective_namespace, label_pairs};
