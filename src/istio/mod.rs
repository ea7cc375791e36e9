//! What Istio makes of resources: how istiod and the proxy's agent read them, in which version, and for which proxies.
//!
//! The facts are those of Istio up to [`Version::NEWEST`]. Checks, chains and exports ask here, so that they agree. No
//! IO, no clock, no randomness; nothing here reports: it answers.

mod attachment;
pub mod deprecated_filters;
pub mod envoy_filter;
mod filter_chain;
pub mod go_regexp;
pub mod go_url;
pub mod module_url;
mod plugin;
mod proxy;
mod resource;
mod traffic;
mod version;

pub use attachment::{AttachedBy, NotAttached, OtherTarget, Policy};
pub use envoy_filter::EnvoyFilter;
pub use filter_chain::{
    Absent, Builtin, Entry, FilterChain, Landscape, Level, MOST_WITH, NotRunning, Undetermined,
    WhyUndetermined,
};
pub use plugin::{MatchMode, Plugin, PluginKind, TrafficMatch};
pub use proxy::{GATEWAY_NAME_LABEL, Proxies, Proxy, ProxyKind, Served, WAYPOINT_CLASS};
pub use resource::Resource;
pub use traffic::{NoMatch, Ports, Protocol, Traffic, ports_matched};
pub use version::{Feature, Version, VersionError};

/// What holds for the whole mesh that a design is made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mesh {
    /// The version that the resources must work with.
    pub version: Version,
    /// The namespace whose resources count for all namespaces (`meshConfig.rootNamespace`).
    pub root_namespace: String,
}

/// Istio's own default for the root namespace.
pub const DEFAULT_ROOT_NAMESPACE: &str = "istio-system";

impl Default for Mesh {
    fn default() -> Self {
        Self { version: Version::NEWEST, root_namespace: DEFAULT_ROOT_NAMESPACE.to_owned() }
    }
}

impl Mesh {
    /// Tells whether a resource in `namespace` counts for all namespaces.
    pub fn is_root(&self, namespace: &str) -> bool {
        namespace == self.root_namespace
    }
}

/// Tells whether a namespace can be called this: an RFC 1123 label.
pub fn is_namespace_name(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_inner = |c: char| is_letter(c) || c == '-';
    text.len() <= 63 && text.starts_with(is_letter) && text.ends_with(is_letter) && text.chars().all(is_inner)
}

#[cfg(test)]
mod tests {
    use super::is_namespace_name;

    #[test]
    fn namespaces_are_labels() {
        for text in ["istio-system", "a", "1"] {
            assert!(is_namespace_name(text), "{text}");
        }
        for text in ["", "-a", "a-", "a.b", "A", "a b", &"a".repeat(64)] {
            assert!(!is_namespace_name(text), "{text}");
        }
    }
}
