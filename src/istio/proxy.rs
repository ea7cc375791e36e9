//! The proxies of a design: what a plugin or an EnvoyFilter may attach to.
//!
//! A workload stands for the sidecars of its pods, a Gateway of the Gateway API for the gateway or waypoint that Istio
//! runs for it. Whether a pod really has a sidecar no file says; it counts as if it had.

use indexmap::IndexMap;
use smol_str::SmolStr;

use crate::model::view::{WorkloadView, effective_namespace, label_pairs};
use crate::model::{Component, ComponentId, ComponentKind, Design, Map, Value};

type Hasher = foldhash::fast::FixedState;

/// The label by which istiod knows the pods of a Gateway.
pub const GATEWAY_NAME_LABEL: &str = "gateway.networking.k8s.io/gateway-name";
const GATEWAY_CLASS_LABEL: &str = "gateway.networking.k8s.io/gateway-class-name";
const GATEWAY_LABELS: &str = "gateway.networking.k8s.io/";
/// The class of waypoints.
pub const WAYPOINT_CLASS: &str = "istio-waypoint";
const GATEWAY_CLASS: &str = "istio";
const USE_WAYPOINT: &str = "istio.io/use-waypoint";
const USE_WAYPOINT_NAMESPACE: &str = "istio.io/use-waypoint-namespace";
const WAYPOINT_FOR: &str = "istio.io/waypoint-for";

/// What kind of proxy it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProxyKind {
    /// The sidecar in the pods of a workload.
    Sidecar,
    /// The pods of a workload that are a gateway of Istio's older API. Resources attach to it as to a sidecar.
    ClassicGateway,
    /// A gateway of the Gateway API.
    Gateway,
    /// A waypoint: the proxy of services in ambient mode.
    Waypoint,
}

/// A service that a waypoint serves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Served {
    /// A `ServiceEntry`, not a Service.
    pub is_entry: bool,
    /// Its namespace.
    pub namespace: SmolStr,
    /// Its name.
    pub name: SmolStr,
}

/// Something that resources attach to.
#[derive(Clone, Debug, PartialEq)]
pub struct Proxy {
    /// The component that stands for it: a workload or a Gateway.
    pub component: ComponentId,
    /// The kind of that component: `Deployment`.
    pub object_kind: String,
    /// What kind of proxy.
    pub kind: ProxyKind,
    /// The namespace, `default` where none is set.
    pub namespace: SmolStr,
    /// The name of the component.
    pub name: String,
    /// The labels of the pods.
    pub labels: Map,
    /// The name by which `targetRefs` know it: of the gateways of the Gateway API only.
    pub gateway: Option<SmolStr>,
    /// What a waypoint serves, sorted.
    pub services: Vec<Served>,
}

/// `Deployment/shop/cart`.
impl std::fmt::Display for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.object_kind, self.namespace, self.name)
    }
}

impl Proxy {
    /// Tells whether it is a waypoint.
    pub fn is_waypoint(&self) -> bool {
        self.kind == ProxyKind::Waypoint
    }

    /// The value of a label of its pods.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.text(key)
    }

    /// A proxy that is in no design: what would attach to it is asked all the same. Pods have `labels`, a gateway or
    /// waypoint is known by its name.
    pub fn assumed(kind: ProxyKind, namespace: &str, name: &str, mut labels: Map) -> Self {
        let is_gateway = matches!(kind, ProxyKind::Gateway | ProxyKind::Waypoint);
        if is_gateway {
            labels.insert(GATEWAY_NAME_LABEL, name.into());
        }
        let object_kind = if is_gateway { "Gateway" } else { "Pod" };
        Self {
            component: ComponentId::from_name(&format!("{object_kind}/{namespace}/{name}")),
            object_kind: object_kind.to_owned(),
            kind,
            namespace: SmolStr::new(namespace),
            name: name.to_owned(),
            labels,
            gateway: is_gateway.then(|| SmolStr::new(name)),
            services: Vec::new(),
        }
    }

    fn of_workload(component: &Component, name: &str, classic: &[&Map]) -> Option<Self> {
        let workload = WorkloadView::cast(component)?;
        let labels = workload.pod_labels().cloned().unwrap_or_default();
        let gateway = labels.text(GATEWAY_NAME_LABEL).map(SmolStr::new);
        let kind = if gateway.is_none() {
            let is_selected = || classic.iter().any(|selector| contains(&labels, selector));
            let is_gateway = has_gateway_template(component) || runs_as_router(component) || is_selected();
            if is_gateway { ProxyKind::ClassicGateway } else { ProxyKind::Sidecar }
        } else if labels.text(GATEWAY_CLASS_LABEL) == Some(WAYPOINT_CLASS) {
            ProxyKind::Waypoint
        } else {
            ProxyKind::Gateway
        };
        Some(Self::new(component, name, kind, labels, gateway))
    }

    fn of_gateway(component: &Component, name: &str, classes: &[&str]) -> Option<Self> {
        if !component.is(&ComponentKind::GATEWAY) {
            return None;
        }
        let class = component.configured(&["spec", "gatewayClassName"]).and_then(Value::as_text);
        let kind = match class.filter(|class| !class.is_empty()) {
            Some(WAYPOINT_CLASS) => ProxyKind::Waypoint,
            None | Some(GATEWAY_CLASS) => ProxyKind::Gateway,
            Some(class) if classes.contains(&class) => ProxyKind::Gateway,
            // The proxy of somebody else, or one that carries connections between networks only.
            Some(_) => return None,
        };
        let own = component
            .configured(&["spec", "infrastructure", "labels"])
            .or_else(|| component.configured(&["metadata", "labels"]))
            .and_then(Value::as_map);
        let mut labels: Map = own
            .into_iter()
            .flat_map(Map::iter)
            .filter(|(key, _)| !key.starts_with(GATEWAY_LABELS))
            .map(|(key, value)| (key, value.clone()))
            .collect();
        let default_class = if kind == ProxyKind::Waypoint { WAYPOINT_CLASS } else { GATEWAY_CLASS };
        labels.insert(GATEWAY_NAME_LABEL, name.into());
        labels.insert(GATEWAY_CLASS_LABEL, class.unwrap_or(default_class).into());
        Some(Self::new(component, name, kind, labels, Some(SmolStr::new(name))))
    }

    fn new(
        component: &Component,
        name: &str,
        kind: ProxyKind,
        labels: Map,
        gateway: Option<SmolStr>,
    ) -> Self {
        Self {
            component: component.id(),
            object_kind: component.kind().kind.clone().into_owned(),
            kind,
            namespace: SmolStr::new(effective_namespace(component)),
            name: name.to_owned(),
            labels,
            gateway,
            services: Vec::new(),
        }
    }
}

fn contains(labels: &Map, selector: &Map) -> bool {
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

fn pod_template<'a>(component: &'a Component, keys: &[&str]) -> Option<&'a Value> {
    let body = component.configured(&[])?;
    let body = if component.is(&ComponentKind::POD) { Some(body) } else { body.at(&["spec", "template"]) };
    body?.at(keys)
}

/// Whether the pods are injected with Istio's template for gateways.
fn has_gateway_template(component: &Component) -> bool {
    pod_template(component, &["metadata", "annotations", "inject.istio.io/templates"])
        .and_then(Value::as_text)
        .is_some_and(|templates| templates.split(',').any(|template| template.trim() == "gateway"))
}

/// Whether the proxy's own container says that it is a router, as manifests of older charts have it.
fn runs_as_router(component: &Component) -> bool {
    let containers = pod_template(component, &["spec", "containers"]).and_then(Value::as_list);
    containers.unwrap_or_default().iter().any(|container| {
        let args = container.at(&["args"]).and_then(Value::as_list).unwrap_or_default();
        container.text_at(&["name"]) == Some("istio-proxy")
            && args.iter().any(|arg| arg.as_text() == Some("router"))
    })
}

/// All proxies of one design, in document order, and found by what resources select them with.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    all: Vec<Proxy>,
    by_component: IndexMap<ComponentId, usize, Hasher>,
    by_namespace: IndexMap<SmolStr, Vec<usize>, Hasher>,
    by_label: IndexMap<(SmolStr, SmolStr), Vec<usize>, Hasher>,
    by_gateway: IndexMap<(SmolStr, SmolStr), Vec<usize>, Hasher>,
    by_service: IndexMap<Served, Vec<usize>, Hasher>,
    waypoints: Vec<usize>,
}

impl Proxies {
    /// Reads the workloads, Gateways, services and namespaces of `design`.
    pub fn of(design: &Design) -> Self {
        let names = design.names();
        let classic: Vec<&Map> = design
            .components()
            .filter(|it| it.kind().kind == "Gateway" && it.kind().group == "networking.istio.io")
            .filter_map(|it| it.configured(&["spec", "selector"])?.as_map())
            .collect();
        let classes: Vec<&str> = design
            .components()
            .filter(|it| it.kind().kind == "GatewayClass")
            .filter(|it| {
                it.configured(&["spec", "controllerName"]).and_then(Value::as_text)
                    == Some("istio.io/gateway-controller")
            })
            .filter_map(Component::own_name)
            .collect();
        let mut served = Enrolled::of(design, &names);
        let mut proxies = Self::default();
        for component in design.components() {
            let name = names.get(&component.id()).map_or("", String::as_str);
            let proxy = Proxy::of_workload(component, name, &classic)
                .or_else(|| Proxy::of_gateway(component, name, &classes));
            let Some(mut proxy) = proxy else { continue };
            if proxy.is_waypoint() && serves_services(component) {
                proxy.services = served.of_waypoint(&proxy);
            }
            proxies.add(proxy);
        }
        proxies
    }

    /// Adds one more.
    pub fn add(&mut self, proxy: Proxy) {
        let number = self.all.len();
        self.by_component.insert(proxy.component, number);
        self.by_namespace.entry(proxy.namespace.clone()).or_default().push(number);
        for (key, value) in label_pairs(&proxy.labels) {
            self.by_label.entry((key.into(), value.into())).or_default().push(number);
        }
        if let Some(gateway) = &proxy.gateway {
            self.by_gateway.entry((proxy.namespace.clone(), gateway.clone())).or_default().push(number);
        }
        for service in &proxy.services {
            self.by_service.entry(service.clone()).or_default().push(number);
        }
        if proxy.is_waypoint() {
            self.waypoints.push(number);
        }
        self.all.push(proxy);
    }

    /// All of them, in document order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Proxy> + Clone {
        self.all.iter()
    }

    /// The number of proxies.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The proxy at a place.
    pub fn get(&self, place: usize) -> Option<&Proxy> {
        self.all.get(place)
    }

    /// Tells whether there is one in `namespace`.
    pub fn is_any_in(&self, namespace: &str) -> bool {
        self.by_namespace.contains_key(namespace)
    }

    /// The proxy that a component stands for.
    pub fn of_component(&self, id: ComponentId) -> Option<&Proxy> {
        self.get(*self.by_component.get(&id)?)
    }

    pub(super) fn in_namespace(&self, namespace: &str) -> &[usize] {
        self.by_namespace.get(namespace).map_or(&[], Vec::as_slice)
    }

    pub(super) fn with_label(&self, key: &str, value: &str) -> &[usize] {
        self.by_label.get(&(SmolStr::new(key), SmolStr::new(value))).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of_gateway(&self, namespace: &str, name: &str) -> &[usize] {
        self.by_gateway.get(&(SmolStr::new(namespace), SmolStr::new(name))).map_or(&[], Vec::as_slice)
    }

    pub(super) fn serving(&self, service: &Served) -> &[usize] {
        self.by_service.get(service).map_or(&[], Vec::as_slice)
    }

    pub(super) fn waypoints(&self) -> &[usize] {
        &self.waypoints
    }
}

/// A waypoint is for services unless it says that it is for workloads, or for nothing.
fn serves_services(component: &Component) -> bool {
    let purpose = component.configured(&["metadata", "labels", WAYPOINT_FOR]).and_then(Value::as_text);
    !matches!(purpose, Some("workload" | "none"))
}

/// Which services use which waypoint, by namespace and name of the waypoint.
struct Enrolled(IndexMap<(SmolStr, SmolStr), Vec<Served>, Hasher>);

impl Enrolled {
    fn of(design: &Design, names: &IndexMap<ComponentId, String, Hasher>) -> Self {
        let name_of = |component: &Component| names.get(&component.id()).map_or("", String::as_str);
        let labels = |component| Component::configured(component, &["metadata", "labels"]);
        let namespaces: IndexMap<&str, &Value, Hasher> = design
            .components()
            .filter(|component| component.is(&ComponentKind::NAMESPACE))
            .filter_map(|namespace| Some((name_of(namespace), labels(namespace)?)))
            .collect();
        let mut enrolled: IndexMap<_, Vec<Served>, Hasher> = IndexMap::default();
        for component in design.components() {
            let kind = component.kind();
            let is_entry = kind.kind == "ServiceEntry" && kind.group == "networking.istio.io";
            if !is_entry && !component.is(&ComponentKind::SERVICE) {
                continue;
            }
            let namespace = SmolStr::new(effective_namespace(component));
            let own = labels(component).filter(|labels| labels.at(&[USE_WAYPOINT]).is_some());
            let Some(labels) = own.or_else(|| namespaces.get(namespace.as_str()).copied()) else { continue };
            let Some(waypoint) = labels.text_at(&[USE_WAYPOINT]).filter(|name| *name != "none") else {
                continue;
            };
            let of = labels.text_at(&[USE_WAYPOINT_NAMESPACE]).map_or(namespace.clone(), SmolStr::new);
            let served = Served { is_entry, namespace, name: SmolStr::new(name_of(component)) };
            enrolled.entry((of, SmolStr::new(waypoint))).or_default().push(served);
        }
        Self(enrolled)
    }

    fn of_waypoint(&mut self, waypoint: &Proxy) -> Vec<Served> {
        let Some(gateway) = waypoint.gateway.clone() else { return Vec::new() };
        let mut services = self.0.get(&(waypoint.namespace.clone(), gateway)).cloned().unwrap_or_default();
        services.sort();
        services.dedup();
        services
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(components: &[(&str, &str, &str)]) -> Vec<String> {
        let component = |(kind, version, configuration): &(&str, &str, &str)| {
            let read = crate::yaml::parse(configuration).unwrap().into_first().unwrap().value;
            let name = read.text_at(&["metadata", "name"]).unwrap().to_owned();
            Value::from([
                ("id", format!("{kind}/{version}/{name}").into()),
                ("component", Value::from([("kind", (*kind).into()), ("version", (*version).into())])),
                ("configuration", read),
            ])
        };
        let components = Value::List(components.iter().map(component).collect());
        let found = Proxies::of(&Design::from_tree(Value::from([("components", components)])));
        let said = |proxy: &Proxy| {
            let services: Vec<String> =
                proxy.services.iter().map(|it| format!(" {}/{}", it.namespace, it.name)).collect();
            format!("{proxy} {:?}{}", proxy.kind, services.concat())
        };
        found.iter().map(said).collect()
    }

    const GATEWAY_API: &str = "gateway.networking.k8s.io/v1";

    #[test]
    fn workloads_are_told_from_gateways() {
        let template = |name: &str, template: &str| {
            format!("{{metadata: {{name: {name}, namespace: shop}}, spec: {{template: {template}}}}}")
        };
        let plain = template("plain", "{metadata: {labels: {app: a}}}");
        let injected =
            template("injected", "{metadata: {annotations: {inject.istio.io/templates: gateway}}}");
        let router = template("router", "{spec: {containers: [{name: istio-proxy, args: [proxy, router]}]}}");
        let selected = template("selected", "{metadata: {labels: {istio: edge, app: b}}}");
        let labelled =
            template("labelled", &format!("{{metadata: {{labels: {{{GATEWAY_NAME_LABEL}: g}}}}}}"));
        assert_eq!(
            proxies(&[
                ("Deployment", "apps/v1", &plain),
                ("Deployment", "apps/v1", &injected),
                ("StatefulSet", "apps/v1", &router),
                ("Deployment", "apps/v1", &selected),
                ("Deployment", "apps/v1", &labelled),
                ("Pod", "v1", "{metadata: {name: pod, labels: {app: b}}}"),
                (
                    "Gateway",
                    "networking.istio.io/v1",
                    "{metadata: {name: classic}, spec: {selector: {istio: edge}}}"
                ),
            ]),
            [
                "Deployment/shop/plain Sidecar",
                "Deployment/shop/injected ClassicGateway",
                "StatefulSet/shop/router ClassicGateway",
                "Deployment/shop/selected ClassicGateway",
                "Deployment/shop/labelled Gateway",
                "Pod/default/pod Sidecar",
            ]
        );
    }

    #[test]
    fn the_class_says_what_a_gateway_is() {
        let gateway = |name: &str, class: &str| {
            format!("{{metadata: {{name: {name}, namespace: shop}}, spec: {{gatewayClassName: {class}}}}}")
        };
        let own = "{metadata: {name: own}, spec: {controllerName: istio.io/gateway-controller}}";
        assert_eq!(
            proxies(&[
                ("Gateway", GATEWAY_API, "{metadata: {name: unset}}"),
                ("Gateway", GATEWAY_API, &gateway("edge", "istio")),
                ("Gateway", GATEWAY_API, &gateway("mine", "own")),
                ("Gateway", GATEWAY_API, &gateway("foreign", "nginx")),
                ("Gateway", GATEWAY_API, &gateway("way", WAYPOINT_CLASS)),
                ("GatewayClass", GATEWAY_API, own),
            ]),
            [
                "Gateway/default/unset Gateway",
                "Gateway/shop/edge Gateway",
                "Gateway/shop/mine Gateway",
                "Gateway/shop/way Waypoint",
            ]
        );
    }

    #[test]
    fn a_waypoint_serves_what_names_it() {
        let way = format!(
            "{{metadata: {{name: way, namespace: shop}}, spec: {{gatewayClassName: {WAYPOINT_CLASS}}}}}"
        );
        let workloads =
            way.replace("namespace: shop", "namespace: shop, labels: {istio.io/waypoint-for: workload}");
        let service = |name: &str, namespace: &str, labels: &str| {
            format!("{{metadata: {{name: {name}, namespace: {namespace}, labels: {{{labels}}}}}}}")
        };
        let cart = service("cart", "shop", "");
        let free = service("free", "shop", "istio.io/use-waypoint: none");
        let other = service("other", "shop", "istio.io/use-waypoint: elsewhere");
        let far = service("far", "far", "istio.io/use-waypoint: way, istio.io/use-waypoint-namespace: shop");
        let near = service("near", "far", "istio.io/use-waypoint: way");
        let all = |way: &str| {
            proxies(&[
                ("Namespace", "v1", "{metadata: {name: shop, labels: {istio.io/use-waypoint: way}}}"),
                ("Gateway", GATEWAY_API, way),
                ("Service", "v1", &cart),
                ("Service", "v1", &free),
                ("Service", "v1", &other),
                ("Service", "v1", &far),
                ("Service", "v1", &near),
            ])
        };
        assert_eq!(all(&way), ["Gateway/shop/way Waypoint far/far shop/cart"]);
        assert_eq!(all(&workloads), ["Gateway/shop/way Waypoint"]);
    }
}
