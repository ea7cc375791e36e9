//! What a Wasm module and the image that carries it say about themselves, without running anything.
//!
//! Bytes in, facts out. Whether the facts are good for a proxy is the business of the checks; what Envoy's host offers to a
//! module stands here as well (`host`). No IO, no clock, no randomness, and no input makes it panic.

mod abi;
mod bytes;
pub mod host;
mod image_facts;
mod module_info;

#[cfg(test)]
pub(crate) mod testing;

pub use abi::AbiVersion;
pub use bytes::from_base64;
pub use image_facts::{ImageFacts, ImageManifest, Layer, Layout, LayoutError};
pub use module_info::{Import, ModuleError, ModuleFact, ModuleInfo, Producer};
