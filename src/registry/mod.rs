//! What may exist: definitions of components and relationships (place-holder until the loader lands; the loader's version wins).

use std::sync::Arc;

/// Definitions of components and relationships.
#[derive(Clone, Debug, Default)]
pub struct Registry;

impl Registry {
    /// The definitions that come with the program.
    pub fn builtin() -> Arc<Self> {
        Arc::new(Self)
    }
}
