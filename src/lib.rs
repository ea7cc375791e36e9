//! Billfold: a design configurator for Envoy and Istio WebAssembly extensions.
//!
//! The modules below stand in reading order, lowest floor first; a module uses only floors below its own.

pub mod cli;
pub mod editor;
pub mod formats;
pub mod fuzz;
pub mod model;
pub mod policy;
pub mod registry;
#[cfg(feature = "gui")]
pub mod ui;
pub mod wallet;
pub mod workspace;
pub mod yaml;
