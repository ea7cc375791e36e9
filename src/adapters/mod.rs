//! The outside world: files, the network, the platform's folders. One file for each, with its own error for people.
//!
//! Nothing here knows the design; the workspace calls it from jobs, off the window's thread.

pub mod definitions;
pub mod files;
#[cfg(feature = "gui")]
pub mod http;
pub mod modules;
pub mod project;
pub mod settings_dir;
pub mod tree;
