//! Which proxies a resource attaches to, and why or why not: istiod's `ShouldAttachPolicy` (istio-wasm facts, 4.1).
//!
//! [`Policy::attach`] decides for one proxy and says why; [`Proxies::attached`] finds all of a design without asking
//! every one of them.

use std::fmt;

use super::Mesh;
use super::plugin::Plugin;
use super::proxy::{Proxies, Proxy, ProxyKind, Served, WAYPOINT_CLASS};
use crate::model::view::{LabelSelector, TargetRef};
use crate::model::{Map, Value};

/// What a resource says about the proxies that it is for.
#[derive(Clone, Debug)]
pub struct Policy<'a> {
    /// The namespace of the resource, `default` where none is set.
    pub namespace: &'a str,
    /// The labels of the pods; `None` when no selector is set.
    pub selector: Option<LabelSelector<'a>>,
    /// What it names instead; if there is any, the selector does not count.
    pub target_refs: Vec<TargetRef<'a>>,
    /// Whether it is looked up in the namespaces of a waypoint's services, too. An `EnvoyFilter` is not.
    pub follows_services: bool,
}

/// Why a resource attaches to a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachedBy {
    /// It is in the root namespace and selects nothing: the whole mesh.
    Mesh,
    /// It selects nothing: its whole namespace.
    Namespace,
    /// Its selector matches the labels of the pods.
    Selector(String),
    /// A target reference names the gateway.
    Gateway(String),
    /// A target reference names the class of all waypoints.
    GatewayClass,
    /// Target references name services that the waypoint serves: it runs for these only.
    Services(Vec<Served>),
}

impl fmt::Display for AttachedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mesh => f.write_str("in the root namespace without a selector: the whole mesh"),
            Self::Namespace => f.write_str("no selector: the whole namespace"),
            Self::Selector(labels) => write!(f, "selector {labels}"),
            Self::Gateway(name) => write!(f, "targetRefs name Gateway {name}"),
            Self::GatewayClass => write!(f, "targetRefs name GatewayClass {WAYPOINT_CLASS}"),
            Self::Services(services) => {
                let names: Vec<String> = services.iter().map(ToString::to_string).collect();
                write!(f, "for {} only, as targetRefs say", names.join(", "))
            }
        }
    }
}

/// `Service cart`.
impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_entry { "ServiceEntry" } else { "Service" };
        write!(f, "{kind} {}", self.name)
    }
}

/// Why a resource does not attach to a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAttached {
    /// It is neither in the proxy's namespace nor in the root namespace.
    OtherNamespace {
        /// That of the resource.
        namespace: String,
        /// That of the proxy.
        proxy: String,
    },
    /// The pods have another value of a label that the selector asks for, or none.
    Label {
        /// The label.
        key: String,
        /// What the selector asks for.
        wanted: String,
        /// What the pods have.
        found: Option<String>,
    },
    /// A sidecar or classic gateway is attached to by selectors only.
    TargetRefsAtPods,
    /// A waypoint is attached to by target references only.
    NoTargetRefsAtWaypoint,
    /// No target reference names the proxy; why the first of them does not.
    Target(OtherTarget),
}

/// Why a target reference does not name a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherTarget {
    /// It names another Gateway.
    Gateway(String),
    /// It names this Gateway, from another namespace.
    GatewayElsewhere(String),
    /// Only waypoints can be named by a service or a class.
    NeedsWaypoint(&'static str),
    /// The waypoint does not serve this service.
    NotServed(Served),
    /// A class counts in the root namespace only.
    ClassOutsideRoot(String),
    /// There is one class that can be named.
    OtherClass(String),
    /// Nothing that can be a target.
    Kind(String),
}

impl fmt::Display for NotAttached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherNamespace { namespace, proxy } => {
                write!(f, "namespace {namespace} is neither the proxy's ({proxy}) nor the root namespace")
            }
            Self::Label { key, wanted, found: Some(found) } => {
                write!(f, "selector {key}={wanted} does not match pod label {key}={found}")
            }
            Self::Label { key, wanted, found: None } => {
                write!(f, "selector {key}={wanted}: the pods have no label {key}")
            }
            Self::TargetRefsAtPods => f.write_str(
                "targetRefs are ignored by sidecars and classic gateways: the plugin is for gateways",
            ),
            Self::NoTargetRefsAtWaypoint => f.write_str("a waypoint takes only what names it in targetRefs"),
            Self::Target(target) => target.fmt(f),
        }
    }
}

impl fmt::Display for OtherTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gateway(name) => write!(f, "targetRefs name another Gateway: {name}"),
            Self::GatewayElsewhere(namespace) => {
                write!(f, "targetRefs name a Gateway in their own namespace only: {namespace}")
            }
            Self::NeedsWaypoint(kind) => write!(f, "targetRefs to a {kind} count at waypoints only"),
            Self::NotServed(service) => {
                write!(f, "{service} of namespace {} does not use this waypoint", service.namespace)
            }
            Self::ClassOutsideRoot(root) => {
                write!(f, "GatewayClass counts only from the root namespace, {root}")
            }
            Self::OtherClass(name) => write!(f, "GatewayClass {name} is not {WAYPOINT_CLASS}"),
            Self::Kind(kind) => write!(f, "targetRefs cannot name a {kind}"),
        }
    }
}

/// What a target reference names.
enum Target<'a> {
    Gateway(&'a str),
    GatewayClass(&'a str),
    Service(Served),
    Other,
}

impl<'a> Policy<'a> {
    /// What a plugin in `namespace` says.
    pub fn of_plugin(plugin: Plugin<'a>, namespace: &'a str) -> Self {
        let refs = plugin.target_refs();
        // The hidden singular counts only where there are no others.
        let others = refs.len() > 1;
        let is_singular = |path: &crate::model::FieldPath| path.is_keys(&["spec", "targetRef"]);
        let target_refs = refs
            .into_iter()
            .filter(|(path, _)| !(others && is_singular(path)))
            .map(|(_, reference)| reference)
            .collect();
        Self { namespace, selector: plugin.selector(), target_refs, follows_services: true }
    }

    /// What an `EnvoyFilter` in `namespace` says.
    pub fn of_envoy_filter(object: &'a Map, namespace: &'a str) -> Self {
        let spec = object.get("spec");
        let refs = spec.and_then(|spec| spec.at(&["targetRefs"])?.as_list()).unwrap_or_default();
        let labels = spec.and_then(|spec| spec.at(&["workloadSelector", "labels"])?.as_map());
        let text = |reference: &'a Value, key| reference.text_at(&[key]).unwrap_or_default();
        let target_refs = refs
            .iter()
            .filter(|reference| reference.as_map().is_some())
            .map(|reference| TargetRef {
                group: text(reference, "group"),
                kind: text(reference, "kind"),
                name: text(reference, "name"),
            })
            .collect();
        Self { namespace, selector: labels.map(LabelSelector::new), target_refs, follows_services: false }
    }

    /// Tells whether the resource attaches to `proxy`, and why or why not.
    pub fn attach(&self, proxy: &Proxy, mesh: &Mesh) -> Result<AttachedBy, NotAttached> {
        let is_near = self.namespace == proxy.namespace
            || mesh.is_root(self.namespace)
            || (self.follows_services && proxy.services.iter().any(|it| it.namespace == self.namespace));
        if !is_near {
            return Err(NotAttached::OtherNamespace {
                namespace: self.namespace.to_owned(),
                proxy: proxy.namespace.to_string(),
            });
        }
        match (proxy.kind, self.target_refs.first()) {
            (ProxyKind::Sidecar | ProxyKind::ClassicGateway, Some(_)) => Err(NotAttached::TargetRefsAtPods),
            (ProxyKind::Waypoint, None) => Err(NotAttached::NoTargetRefsAtWaypoint),
            (_, None) => self.select(proxy, mesh),
            (ProxyKind::Gateway | ProxyKind::Waypoint, Some(first)) => {
                let mut services = Vec::new();
                for reference in &self.target_refs {
                    match self.target(reference, proxy, mesh) {
                        Ok(AttachedBy::Services(named)) => services.extend(named),
                        Ok(by) => return Ok(by),
                        Err(_) => {}
                    }
                }
                if services.is_empty() {
                    return self.target(first, proxy, mesh).map_err(NotAttached::Target);
                }
                services.sort();
                services.dedup();
                Ok(AttachedBy::Services(services))
            }
        }
    }

    fn select(&self, proxy: &Proxy, mesh: &Mesh) -> Result<AttachedBy, NotAttached> {
        let Some(selector) = self.selector.filter(|selector| !selector.is_empty()) else {
            let is_mesh = mesh.is_root(self.namespace);
            return Ok(if is_mesh { AttachedBy::Mesh } else { AttachedBy::Namespace });
        };
        let differing = selector.labels().iter().find(|(key, value)| {
            value.is_null() || proxy.labels.get(key).is_none_or(|label| label != *value)
        });
        match differing {
            None => Ok(AttachedBy::Selector(selector.to_string())),
            Some((key, value)) => Err(NotAttached::Label {
                key: key.to_owned(),
                wanted: value.as_text().unwrap_or("?").to_owned(),
                found: proxy.label(key).map(str::to_owned),
            }),
        }
    }

    fn kind_of(&self, reference: &TargetRef<'a>) -> Target<'a> {
        let service = |is_entry| {
            Target::Service(Served {
                is_entry,
                namespace: self.namespace.into(),
                name: reference.name.into(),
            })
        };
        match (reference.group, reference.kind) {
            ("gateway.networking.k8s.io", "Gateway") => Target::Gateway(reference.name),
            ("gateway.networking.k8s.io", "GatewayClass") => Target::GatewayClass(reference.name),
            ("" | "core", "Service") => service(false),
            ("networking.istio.io", "ServiceEntry") => service(true),
            _ => Target::Other,
        }
    }

    fn target(
        &self,
        reference: &TargetRef<'a>,
        proxy: &Proxy,
        mesh: &Mesh,
    ) -> Result<AttachedBy, OtherTarget> {
        match self.kind_of(reference) {
            Target::Gateway(name) if proxy.gateway.as_deref() != Some(name) => {
                Err(OtherTarget::Gateway(name.to_owned()))
            }
            Target::Gateway(name) if self.namespace == proxy.namespace => {
                Ok(AttachedBy::Gateway(name.to_owned()))
            }
            Target::Gateway(_) => Err(OtherTarget::GatewayElsewhere(self.namespace.to_owned())),
            Target::GatewayClass(_) if !proxy.is_waypoint() => {
                Err(OtherTarget::NeedsWaypoint("GatewayClass"))
            }
            Target::GatewayClass(_) if !mesh.is_root(self.namespace) => {
                Err(OtherTarget::ClassOutsideRoot(mesh.root_namespace.clone()))
            }
            Target::GatewayClass(WAYPOINT_CLASS) => Ok(AttachedBy::GatewayClass),
            Target::GatewayClass(name) => Err(OtherTarget::OtherClass(name.to_owned())),
            Target::Service(service) if !proxy.is_waypoint() => {
                Err(OtherTarget::NeedsWaypoint(if service.is_entry { "ServiceEntry" } else { "Service" }))
            }
            Target::Service(service) if proxy.services.contains(&service) => {
                Ok(AttachedBy::Services(vec![service]))
            }
            Target::Service(service) => Err(OtherTarget::NotServed(service)),
            Target::Other => Err(OtherTarget::Kind(reference.kind.to_owned())),
        }
    }
}

impl Proxies {
    /// The places of all proxies that `policy` attaches to, in document order.
    pub fn attached(&self, policy: &Policy<'_>, mesh: &Mesh) -> Vec<usize> {
        let mut places: Vec<usize> = Vec::new();
        if policy.target_refs.is_empty() {
            let labels = policy.selector.into_iter().flat_map(|selector| selector.labels().iter());
            let rarest = labels
                .map(|(key, value)| value.as_text().map_or(&[][..], |value| self.with_label(key, value)))
                .min_by_key(|found| found.len());
            match rarest {
                Some(found) => places.extend_from_slice(found),
                None if mesh.is_root(policy.namespace) => places.extend(0..self.len()),
                None => places.extend_from_slice(self.in_namespace(policy.namespace)),
            }
        } else {
            for reference in &policy.target_refs {
                places.extend_from_slice(match policy.kind_of(reference) {
                    Target::Gateway(name) => self.of_gateway(policy.namespace, name),
                    Target::GatewayClass(_) => self.waypoints(),
                    Target::Service(service) => self.serving(&service),
                    Target::Other => &[],
                });
            }
            places.sort_unstable();
            places.dedup();
        }
        let attaches = |place: &usize| self.get(*place).is_some_and(|it| policy.attach(it, mesh).is_ok());
        places.retain(attaches);
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::istio::GATEWAY_NAME_LABEL;
    use crate::model::ComponentId;

    fn map(text: &str) -> Map {
        crate::yaml::parse(&format!("{{{text}}}"))
            .unwrap()
            .into_first()
            .unwrap()
            .value
            .as_map()
            .cloned()
            .unwrap()
    }

    fn proxy(kind: ProxyKind) -> Proxy {
        let gateway = matches!(kind, ProxyKind::Gateway | ProxyKind::Waypoint).then(|| "g".into());
        let labels = if gateway.is_some() {
            map(&format!("{GATEWAY_NAME_LABEL}: g, app: a"))
        } else {
            map("app: a, v: '1'")
        };
        let served = |namespace: &str, name: &str| Served {
            is_entry: false,
            namespace: namespace.into(),
            name: name.into(),
        };
        let services = match kind {
            ProxyKind::Waypoint => vec![served("other", "far"), served("shop", "cart")],
            _ => Vec::new(),
        };
        Proxy {
            component: ComponentId::from_name("p"),
            object_kind: "Deployment".to_owned(),
            kind,
            namespace: "shop".into(),
            name: "p".to_owned(),
            labels,
            gateway,
            services,
        }
    }

    fn said(kind: ProxyKind, namespace: &str, spec: &str) -> String {
        let object = map(&format!("spec: {{{spec}}}"));
        let plugin = Plugin::of(&crate::model::ComponentKind::WASM_PLUGIN, &object).unwrap();
        match Policy::of_plugin(plugin, namespace).attach(&proxy(kind), &Mesh::default()) {
            Ok(by) => format!("yes: {by}"),
            Err(why) => why.to_string(),
        }
    }

    fn reference(kind: &str, name: &str) -> String {
        let group = match kind {
            "Service" => "''",
            "ServiceEntry" => "networking.istio.io",
            _ => "gateway.networking.k8s.io",
        };
        format!("targetRefs: [{{group: {group}, kind: {kind}, name: {name}}}]")
    }

    #[test]
    fn sidecars_and_classic_gateways_are_selected() {
        for kind in [ProxyKind::Sidecar, ProxyKind::ClassicGateway] {
            assert_eq!(said(kind, "shop", ""), "yes: no selector: the whole namespace");
            assert_eq!(
                said(kind, "istio-system", ""),
                "yes: in the root namespace without a selector: the whole mesh"
            );
            assert_eq!(
                said(kind, "other", ""),
                "namespace other is neither the proxy's (shop) nor the root namespace"
            );
            let selector = "selector: {matchLabels: {app: a}}";
            assert_eq!(said(kind, "shop", selector), "yes: selector app=a");
            assert_eq!(said(kind, "istio-system", selector), "yes: selector app=a");
            let selector = "selector: {matchLabels: {app: a, v: '2'}}";
            assert_eq!(said(kind, "shop", selector), "selector v=2 does not match pod label v=1");
            let ignored =
                "targetRefs are ignored by sidecars and classic gateways: the plugin is for gateways";
            assert_eq!(said(kind, "shop", &reference("Gateway", "g")), ignored);
        }
    }

    #[test]
    fn a_gateway_takes_references_of_its_namespace_and_selectors() {
        let at = |namespace, spec: &str| said(ProxyKind::Gateway, namespace, spec);
        assert_eq!(at("shop", &reference("Gateway", "g")), "yes: targetRefs name Gateway g");
        assert_eq!(at("shop", &reference("Gateway", "h")), "targetRefs name another Gateway: h");
        assert_eq!(
            at("istio-system", &reference("Gateway", "g")),
            "targetRefs name a Gateway in their own namespace only: istio-system"
        );
        assert_eq!(
            at("shop", &reference("Service", "cart")),
            "targetRefs to a Service count at waypoints only"
        );
        assert_eq!(at("shop", "selector: {matchLabels: {app: a}}"), "yes: selector app=a");
        assert_eq!(at("shop", ""), "yes: no selector: the whole namespace");
    }

    #[test]
    fn a_waypoint_takes_references_only() {
        let at = |namespace, spec: &str| said(ProxyKind::Waypoint, namespace, spec);
        assert_eq!(at("shop", ""), "a waypoint takes only what names it in targetRefs");
        assert_eq!(at("shop", "selector: {matchLabels: {app: a}}"), at("shop", ""));
        assert_eq!(at("shop", &reference("Gateway", "g")), "yes: targetRefs name Gateway g");
        assert_eq!(
            at("shop", &reference("Service", "cart")),
            "yes: for Service cart only, as targetRefs say"
        );
        assert_eq!(at("other", &reference("Service", "far")), "yes: for Service far only, as targetRefs say");
        assert_eq!(
            at("shop", &reference("Service", "far")),
            "Service far of namespace shop does not use this waypoint"
        );
        assert_eq!(
            at("shop", &reference("ServiceEntry", "cart")),
            "ServiceEntry cart of namespace shop does not use this waypoint"
        );
        let class = reference("GatewayClass", WAYPOINT_CLASS);
        assert_eq!(at("istio-system", &class), "yes: targetRefs name GatewayClass istio-waypoint");
        assert_eq!(at("shop", &class), "GatewayClass counts only from the root namespace, istio-system");
        assert_eq!(
            at("istio-system", &reference("GatewayClass", "istio")),
            "GatewayClass istio is not istio-waypoint"
        );
        assert_eq!(at("shop", &reference("Pod", "p")), "targetRefs cannot name a Pod");
    }

    #[test]
    fn the_singular_reference_counts_only_alone() {
        let target = |name| format!("{{group: gateway.networking.k8s.io, kind: Gateway, name: {name}}}");
        let singular = format!("targetRef: {}", target("g"));
        assert_eq!(said(ProxyKind::Gateway, "shop", &singular), "yes: targetRefs name Gateway g");
        let both = format!("{singular}, targetRefs: [{}]", target("h"));
        assert_eq!(said(ProxyKind::Gateway, "shop", &both), "targetRefs name another Gateway: h");
    }

    #[test]
    fn an_envoy_filter_does_not_follow_services() {
        let object = map(&format!("spec: {{{}}}", reference("Service", "far")));
        let policy = Policy::of_envoy_filter(&object, "other");
        let found = policy.attach(&proxy(ProxyKind::Waypoint), &Mesh::default());
        assert!(matches!(found, Err(NotAttached::OtherNamespace { .. })), "{found:?}");
        let object = map("spec: {workloadSelector: {labels: {app: b}}}");
        let found =
            Policy::of_envoy_filter(&object, "shop").attach(&proxy(ProxyKind::Sidecar), &Mesh::default());
        assert!(matches!(found, Err(NotAttached::Label { .. })), "{found:?}");
    }
}
