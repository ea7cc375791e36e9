//! What kind of object a component is: group, version and kind, as Kubernetes names them.
//!
//! Two kinds are the same when group *and* kind are equal: Higress has a `WasmPlugin` too, and Istio a `Gateway` of
//! its own. The version tells only how an object is written, never what it is.

use std::borrow::Cow;
use std::fmt;

/// Group, version and kind of a component. Cheap to clone for every kind that this program knows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComponentKind {
    /// The API group: `apps`; empty for the core group.
    pub group: Cow<'static, str>,
    /// The version within the group: `v1`.
    pub version: Cow<'static, str>,
    /// The kind: `Deployment`.
    pub kind: Cow<'static, str>,
}

impl ComponentKind {
    /// Istio's extension of the proxies of a workload or gateway; the wallet that holds filters.
    pub const WASM_PLUGIN: Self = Self::known("extensions.istio.io", "v1alpha1", "WasmPlugin");
    /// Istio's extension of proxies by Wasm or Lua, which supersedes WasmPlugin from 1.30 on.
    pub const TRAFFIC_EXTENSION: Self = Self::known("extensions.istio.io", "v1alpha1", "TrafficExtension");
    /// Meshery's design object for one module. Never a Kubernetes object.
    pub const WASM_FILTER: Self = Self::known("core.meshery.io", "v1alpha1", "WASMFilter");
    /// Istio's direct patch of the proxy configuration; a wallet too.
    pub const ENVOY_FILTER: Self = Self::known("networking.istio.io", "v1alpha3", "EnvoyFilter");
    /// A namespace.
    pub const NAMESPACE: Self = Self::known("", "v1", "Namespace");
    /// The workload that the palette makes.
    pub const DEPLOYMENT: Self = Self::known("apps", "v1", "Deployment");
    /// A workload with stable names.
    pub const STATEFUL_SET: Self = Self::known("apps", "v1", "StatefulSet");
    /// A workload with one pod on each node.
    pub const DAEMON_SET: Self = Self::known("apps", "v1", "DaemonSet");
    /// One pod without a controller.
    pub const POD: Self = Self::known("", "v1", "Pod");
    /// A service.
    pub const SERVICE: Self = Self::known("", "v1", "Service");
    /// The Gateway of the Gateway API (Istio's older Gateway is of another group).
    pub const GATEWAY: Self = Self::known("gateway.networking.k8s.io", "v1", "Gateway");
    /// A secret; in a design a reference.
    pub const SECRET: Self = Self::known("", "v1", "Secret");
    /// Configuration data.
    pub const CONFIG_MAP: Self = Self::known("", "v1", "ConfigMap");

    /// Every kind with a built-in definition, in the order of the palette; those that it does not make last.
    pub const KNOWN: [Self; 13] = [
        Self::WASM_PLUGIN,
        Self::WASM_FILTER,
        Self::ENVOY_FILTER,
        Self::DEPLOYMENT,
        Self::GATEWAY,
        Self::NAMESPACE,
        Self::SERVICE,
        Self::SECRET,
        Self::CONFIG_MAP,
        Self::STATEFUL_SET,
        Self::DAEMON_SET,
        Self::POD,
        Self::TRAFFIC_EXTENSION,
    ];

    /// The same, at one place in memory, to be pointed at.
    pub(super) fn find_known(kind: &str, api_version: &str) -> Option<&'static Self> {
        static KNOWN: [ComponentKind; 13] = ComponentKind::KNOWN;
        let (group, version) = split(api_version);
        KNOWN.iter().find(|known| known.kind == kind && known.group == group && known.version == version)
    }

    const fn known(group: &'static str, version: &'static str, kind: &'static str) -> Self {
        Self { group: Cow::Borrowed(group), version: Cow::Borrowed(version), kind: Cow::Borrowed(kind) }
    }

    /// Reads a kind and an `apiVersion` (`apps/v1`, `v1`) as they stand in a file. Nothing is refused.
    pub fn parse(kind: &str, api_version: &str) -> Self {
        let (group, version) = split(api_version);
        if let Some(known) = Self::KNOWN.iter().find(|known| known.kind == kind && known.group == group) {
            if known.version == version {
                return known.clone();
            }
            return Self { version: Cow::Owned(version.to_owned()), ..known.clone() };
        }
        Self {
            group: Cow::Owned(group.to_owned()),
            version: Cow::Owned(version.to_owned()),
            kind: Cow::Owned(kind.to_owned()),
        }
    }

    /// The `apiVersion`: `apps/v1`, or `v1` in the core group.
    pub fn api_version(&self) -> Cow<'static, str> {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            Cow::Owned(format!("{}/{}", self.group, self.version))
        }
    }

    /// Tells whether both are the same kind of object, whatever the version.
    pub fn same_kind(&self, other: &Self) -> bool {
        let same = |a: &str, b: &str| std::ptr::eq(a, b) || a == b;
        same(&self.kind, &other.kind) && same(&self.group, &other.group)
    }

    /// Tells whether this is a workload: Deployment, `StatefulSet`, `DaemonSet` or Pod.
    pub fn is_workload(&self) -> bool {
        [Self::DEPLOYMENT, Self::STATEFUL_SET, Self::DAEMON_SET, Self::POD]
            .iter()
            .any(|workload| self.same_kind(workload))
    }

    /// The kind in the words of the window: Meshery's `WASMFilter` is our `WasmFilter`.
    pub fn in_words(&self) -> &str {
        if self.same_kind(&Self::WASM_FILTER) {
            "WasmFilter"
        } else if self.kind.is_empty() {
            "Component"
        } else {
            &self.kind
        }
    }

    /// The kind in kebab case, for names: `WASMFilter` gives `wasm-filter`, `ConfigMap` gives `config-map`.
    pub fn kebab_case(&self) -> String {
        let chars: Vec<char> = self.kind.chars().collect();
        let mut kebab = String::with_capacity(chars.len() + 4);
        for (i, &c) in chars.iter().enumerate() {
            let follows_lower = i > 0 && !chars[i - 1].is_uppercase();
            let starts_word =
                i > 0 && chars[i - 1].is_uppercase() && chars.get(i + 1).is_some_and(|c| c.is_lowercase());
            if c.is_uppercase() && (follows_lower || starts_word) {
                kebab.push('-');
            }
            kebab.extend(c.to_lowercase());
        }
        kebab
    }

    /// Tells whether this is a wallet: a kind that holds filters.
    pub fn is_wallet(&self) -> bool {
        self.same_kind(&Self::WASM_PLUGIN) || self.same_kind(&Self::ENVOY_FILTER)
    }
}

/// Group and version of an `apiVersion`.
fn split(api_version: &str) -> (&str, &str) {
    api_version.rsplit_once('/').unwrap_or(("", api_version))
}

/// Shown to people where the kind alone could be mistaken: `WasmPlugin.extensions.istio.io/v1alpha1`.
impl fmt::Display for ComponentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        if !self.group.is_empty() {
            write!(f, ".{}", self.group)?;
        }
        if self.version.is_empty() { Ok(()) } else { write!(f, "/{}", self.version) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_kinds_are_read_without_an_allocation() {
        for known in ComponentKind::KNOWN {
            let read = ComponentKind::parse(&known.kind, &known.api_version());
            assert_eq!(read, known);
            assert!(matches!(read.kind, Cow::Borrowed(_)), "{read}");
            assert!(matches!(read.version, Cow::Borrowed(_)), "{read}");
        }
    }

    #[test]
    fn the_group_counts_and_the_version_does_not() {
        let higress = ComponentKind::parse("WasmPlugin", "extensions.higress.io/v1alpha1");
        assert!(!higress.same_kind(&ComponentKind::WASM_PLUGIN));
        assert!(!higress.is_wallet());
        let istio_gateway = ComponentKind::parse("Gateway", "networking.istio.io/v1");
        assert!(!istio_gateway.same_kind(&ComponentKind::GATEWAY));
        let older = ComponentKind::parse("Gateway", "gateway.networking.k8s.io/v1beta1");
        assert!(older.same_kind(&ComponentKind::GATEWAY));
        assert_ne!(older, ComponentKind::GATEWAY);
        assert_eq!(older.api_version(), "gateway.networking.k8s.io/v1beta1");
    }

    #[test]
    fn kebab_case_splits_words_and_keeps_acronyms_whole() {
        for (kind, kebab) in [
            ("WASMFilter", "wasm-filter"),
            ("WasmPlugin", "wasm-plugin"),
            ("ConfigMap", "config-map"),
            ("Pod", "pod"),
        ] {
            assert_eq!(ComponentKind::parse(kind, "v1").kebab_case(), kebab);
        }
    }

    #[test]
    fn workloads_and_wallets() {
        let workloads: Vec<_> = ComponentKind::KNOWN.into_iter().filter(ComponentKind::is_workload).collect();
        assert_eq!(workloads.len(), 4);
        assert!(ComponentKind::parse("Pod", "v1").is_workload());
        assert!(!ComponentKind::parse("Pod", "example.com/v1").is_workload());
        assert!(ComponentKind::ENVOY_FILTER.is_wallet());
    }

    #[test]
    fn shown_with_group_and_version() {
        assert_eq!(ComponentKind::WASM_PLUGIN.to_string(), "WasmPlugin.extensions.istio.io/v1alpha1");
        assert_eq!(ComponentKind::POD.to_string(), "Pod/v1");
        assert_eq!(ComponentKind::parse("Odd", "").to_string(), "Odd");
    }
}
