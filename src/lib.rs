//! Billfold: a design configurator for Envoy and Istio WebAssembly extensions.
//!
//! The modules below stand in reading order, lowest floor first; a module uses only floors below its own
//! (`ARCHITECTURE.md`; `tests/architecture.rs` holds the table).

// Floor 0: texts, values and the design document.
pub mod yaml;
pub mod model;
// Floor 1: what may exist, what Istio makes of it, and what a wallet is.
pub mod registry;
pub mod istio;
pub mod wasm_module;
pub mod wallet;
// Floor 2: the policy, the rules, the file formats.
pub mod policy;
pub mod validate;
pub mod formats;
// Floor 3: an editing session without a window, and the outside world.
pub mod editor;
pub mod adapters;
// Floor 4: the running program without a window.
pub mod workspace;
// Floor 5: its two faces.
#[cfg(feature = "gui")]
pub mod ui;
pub mod cli;
// Beside the floors: bodies for fuzzers, over everything.
pub mod fuzz;
