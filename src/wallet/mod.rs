//! What a wallet means: the module fields of each filter, and how values are written by paths.
//!
//! A wallet (a WasmPlugin or an EnvoyFilter) holds an ordered chain of filters. Policy, formats, checks and the window
//! all read the chain through this module, so that they agree. No IO, no clock, no randomness.

pub mod module_group;
pub mod patch;

pub use module_group::{ConfigError, ModuleField, ModuleGroup};
