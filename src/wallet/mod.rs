//! What a wallet means: the module fields of each filter, the resources that a chain gives, and how values are written.
//!
//! A wallet (a WasmPlugin or an EnvoyFilter) holds an ordered chain of filters. Policy, formats, checks and the window
//! all read the chain through this module, so that they agree. No IO, no clock, no randomness.

mod body;
mod effective;
pub mod entry;
mod landscape;
pub mod module_group;
pub mod names;
pub mod object;
pub mod patch;
pub mod priority;
mod redirect;
pub mod relationship;

pub use body::{NoBody, check_body, has_body};
pub use effective::{Effective, applied_resources, effective_resources};
pub use landscape::{landscape, landscape_among};
pub use module_group::{ConfigError, ModuleField, ModuleGroup};
pub use redirect::{edited_filter, in_notation, redirect};

#[cfg(test)]
mod tests;
