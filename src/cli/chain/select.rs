//! Which proxies are shown.

use clap::Args;

use crate::istio::{Proxies, Proxy, ProxyKind};
use crate::model::view::DEFAULT_NAMESPACE;
use crate::model::{Design, Map};

/// Whose chain.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Whose chain")]
pub(super) struct Choice {
    /// Only proxies of this namespace.
    #[arg(long, value_name = "NAMESPACE")]
    namespace: Option<String>,
    /// Pods with these labels: app=cart,version=v1.
    #[arg(long, value_name = "LABELS", value_parser = labels, conflicts_with_all = ["pod_of", "gateway", "waypoint"])]
    workload: Option<Labels>,
    /// The pods of a workload: Deployment/cart.
    #[arg(long, value_name = "KIND/NAME", value_parser = kind_and_name, conflicts_with_all = ["gateway", "waypoint"])]
    pod_of: Option<(String, String)>,
    /// The gateway of this name.
    #[arg(long, value_name = "NAME", conflicts_with = "waypoint")]
    gateway: Option<String>,
    /// The waypoint of this name.
    #[arg(long, value_name = "NAME")]
    waypoint: Option<String>,
}

/// Labels as they are typed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Labels(Vec<(String, String)>);

impl std::fmt::Display for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let pairs: Vec<String> = self.0.iter().map(|(key, value)| format!("{key}={value}")).collect();
        f.write_str(&pairs.join(","))
    }
}

fn labels(text: &str) -> Result<Labels, String> {
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=')?;
        let (key, value) = (key.trim(), value.trim());
        (!key.is_empty()).then(|| (key.to_owned(), value.to_owned()))
    };
    let pairs: Option<Vec<_>> = text.split(',').map(pair).collect();
    pairs.map(Labels).ok_or_else(|| "labels are written as app=cart,version=v1".to_owned())
}

fn kind_and_name(text: &str) -> Result<(String, String), String> {
    match text.split_once('/') {
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok((kind.to_owned(), name.to_owned()))
        }
        _ => Err("a workload is written as Deployment/cart".to_owned()),
    }
}

/// The proxies of a design, and which of them are shown.
pub(super) struct Chosen {
    pub(super) proxies: Proxies,
    pub(super) places: Vec<usize>,
    /// What is shown though the design does not have it.
    pub(super) assumed: Option<String>,
}

impl Choice {
    /// Tells whether one proxy, or those of some labels, were asked for, and not all.
    pub(super) fn is_one(&self) -> bool {
        self.workload.is_some() || self.pod_of.is_some() || self.gateway.is_some() || self.waypoint.is_some()
    }

    /// Tells whether anything was chosen.
    pub(super) fn is_made(&self) -> bool {
        self.is_one() || self.namespace.is_some()
    }

    /// Tells whether `design` has what is chosen.
    pub(super) fn finds(&self, design: &Design) -> bool {
        Proxies::of(design).iter().any(|proxy| self.is_meant(proxy))
    }

    /// What is shown of `design`. A workload, gateway or waypoint that it does not have is assumed, if it may be: plugins
    /// often lie in other files than what they are for.
    pub(super) fn choose(&self, design: &Design, may_assume: bool) -> Chosen {
        let mut proxies = Proxies::of(design);
        let places = |proxies: &Proxies| {
            let all = proxies.iter().enumerate();
            all.filter(|(_, proxy)| self.is_meant(proxy)).map(|(place, _)| place).collect::<Vec<_>>()
        };
        let found = places(&proxies);
        if let Some(proxy) = self.assumed().filter(|_| may_assume && found.is_empty()) {
            let what = match proxy.kind {
                ProxyKind::Gateway => format!("no gateway {}", proxy.name),
                ProxyKind::Waypoint => format!("no waypoint {}", proxy.name),
                _ => format!("no workload with the labels {}", proxy.name),
            };
            let note = format!(
                "{what} is in the input: shown as if it were, in namespace {}; --namespace names another one",
                proxy.namespace
            );
            proxies.add(proxy);
            return Chosen { places: places(&proxies), proxies, assumed: Some(note) };
        }
        Chosen { places: found, proxies, assumed: None }
    }

    fn is_meant(&self, proxy: &Proxy) -> bool {
        let is_in_namespace = self.namespace.as_deref().is_none_or(|it| it == proxy.namespace);
        let is_called = |name: &str| proxy.name == name || proxy.gateway.as_deref() == Some(name);
        let is_gateway = matches!(proxy.kind, ProxyKind::Gateway | ProxyKind::ClassicGateway);
        is_in_namespace
            && self.workload.as_ref().is_none_or(|labels| {
                let has = |(key, value): &(String, String)| proxy.label(key) == Some(value.as_str());
                labels.0.iter().all(has)
            })
            && self.pod_of.as_ref().is_none_or(|(kind, name)| {
                proxy.object_kind.eq_ignore_ascii_case(kind) && proxy.name == *name
            })
            && self.gateway.as_deref().is_none_or(|name| is_gateway && is_called(name))
            && self.waypoint.as_deref().is_none_or(|name| proxy.is_waypoint() && is_called(name))
    }

    fn assumed(&self) -> Option<Proxy> {
        let namespace = self.namespace.as_deref().unwrap_or(DEFAULT_NAMESPACE);
        if let Some(labels) = &self.workload {
            let map: Map =
                labels.0.iter().map(|(key, value)| (key.as_str(), value.as_str().into())).collect();
            return Some(Proxy::assumed(ProxyKind::Sidecar, namespace, &labels.to_string(), map));
        }
        let named = |kind, name: &str| Proxy::assumed(kind, namespace, name, Map::new());
        let gateway = self.gateway.as_deref().map(|name| named(ProxyKind::Gateway, name));
        gateway.or_else(|| self.waypoint.as_deref().map(|name| named(ProxyKind::Waypoint, name)))
    }

    /// What to say when nothing is there to show.
    pub(super) fn nothing_found(&self) -> String {
        let place = self.namespace.as_ref().map_or(String::new(), |it| format!(" in namespace {it}"));
        match &self.pod_of {
            Some((kind, name)) => format!("error: there is no {kind} {name}{place} in the input"),
            None if self.namespace.is_some() => {
                format!("error: there is no workload, gateway or waypoint{place} in the input")
            }
            None => "no workload, gateway or waypoint is in the input: --workload app=… shows what would run beside pods \
                     with that label"
                .to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_kinds_are_read() {
        assert_eq!(labels("app=a, v=1").unwrap().to_string(), "app=a,v=1");
        assert_eq!(labels("app=").unwrap().0, [("app".to_owned(), String::new())]);
        for text in ["", "app", "=a", "app=a,"] {
            assert!(labels(text).is_err(), "{text}");
        }
        assert_eq!(kind_and_name("Pod/p").unwrap(), ("Pod".to_owned(), "p".to_owned()));
        for text in ["", "Pod", "Pod/", "/p", "shop/Pod/p"] {
            assert!(kind_and_name(text).is_err(), "{text}");
        }
    }
}
