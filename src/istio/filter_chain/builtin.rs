//! Istio's own filters, in the order in which its proxies have them, with the slots of the phases between them
//! (istio-wasm facts, 4.2).

use super::super::traffic::{Protocol, Traffic};
use super::Level;
use crate::model::view::Phase;

/// One of Istio's own filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its name in Envoy's configuration.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
    /// When it is there; `None`: always.
    pub only: Option<&'static str>,
}

/// A place in a chain.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slot {
    Builtin(&'static Builtin),
    Phase(Phase),
}

const fn always(name: &'static str, what: &'static str) -> Builtin {
    Builtin { name, what, only: None }
}

const fn only(name: &'static str, what: &'static str, only: &'static str) -> Builtin {
    Builtin { name, what, only: Some(only) }
}

/// The filter that hands a connection's requests to the HTTP filters.
pub(super) const CONNECTION_MANAGER: &str = "envoy.filters.network.http_connection_manager";

static METADATA: Builtin = always("istio.metadata_exchange", "metadata of the peer");
static CUSTOM: Builtin = only(
    "envoy.filters.http.ext_authz",
    "custom authorization",
    "with an AuthorizationPolicy of action CUSTOM",
);
static JWT: Builtin = only("envoy.filters.http.jwt_authn", "authentication", "with a RequestAuthentication");
static RBAC: Builtin = only("envoy.filters.http.rbac", "authorization", "with an AuthorizationPolicy");
static EXT_PROC: Builtin =
    only("envoy.filters.http.ext_proc", "choice of an inference endpoint", "with an InferencePool");
static GRPC_WEB: Builtin = only("envoy.filters.http.grpc_web", "gRPC-Web", "on ports of protocol grpc-web");
static GRPC_STATS: Builtin = always("envoy.filters.http.grpc_stats", "gRPC statistics");
static ALPN: Builtin = always("istio.alpn", "protocol of the connection to the destination");
static FAULT: Builtin = always("envoy.filters.http.fault", "faults of a VirtualService");
static CORS: Builtin = always("envoy.filters.http.cors", "CORS policy of a VirtualService");
static UPSTREAM_METADATA: Builtin = always("waypoint_upstream_peer_metadata", "metadata of the destination");
static STATS: Builtin = always("istio.stats", "telemetry");
static ROUTER: Builtin = always("envoy.filters.http.router", "router");

static MANAGER: Builtin = always(CONNECTION_MANAGER, "HTTP");
static NETWORK_CUSTOM: Builtin = only(
    "envoy.filters.network.ext_authz",
    "custom authorization",
    "with an AuthorizationPolicy of action CUSTOM",
);
static NETWORK_RBAC: Builtin =
    only("envoy.filters.network.rbac", "authorization", "with an AuthorizationPolicy");
static TCP_PROXY: Builtin = always("envoy.filters.network.tcp_proxy", "connection to the destination");

/// The filters of connections and, for HTTP, of requests.
pub(super) fn slots(traffic: Traffic, protocol: Protocol) -> Vec<(Level, Slot)> {
    let mut slots: Vec<(Level, Slot)> = Vec::new();
    let mut put = |level: Level, part: &[Slot]| slots.extend(part.iter().map(|slot| (level, *slot)));
    let phase = Slot::Phase;
    let last = [phase(Phase::Stats), phase(Phase::Unspecified)];
    let is = Slot::Builtin;
    let is_waypoint = traffic == Traffic::Waypoint;
    let is_not = |filters: &[Slot], left_out: bool| if left_out { Vec::new() } else { filters.to_vec() };
    if protocol == Protocol::Tcp {
        put(Level::Network, &is_not(&[is(&METADATA)], is_waypoint));
        put(
            Level::Network,
            &[is(&NETWORK_CUSTOM), phase(Phase::Authn), phase(Phase::Authz), is(&NETWORK_RBAC)],
        );
        put(Level::Network, &last);
        put(Level::Network, &[is(&STATS), is(&TCP_PROXY)]);
        return slots;
    }
    if !is_waypoint {
        put(Level::Network, &[is(&METADATA), phase(Phase::Authn), phase(Phase::Authz)]);
        put(Level::Network, &last);
    }
    put(Level::Network, &[is(&MANAGER)]);
    put(Level::Http, &is_not(&[is(&METADATA)], is_waypoint));
    put(Level::Http, &[is(&CUSTOM), phase(Phase::Authn), is(&JWT), phase(Phase::Authz), is(&RBAC)]);
    put(Level::Http, &is_not(&last, is_waypoint));
    put(Level::Http, &is_not(&[is(&EXT_PROC)], traffic != Traffic::Gateway));
    put(Level::Http, &[is(&GRPC_WEB), is(&GRPC_STATS)]);
    put(Level::Http, &is_not(&[is(&ALPN)], matches!(traffic, Traffic::Inbound | Traffic::Waypoint)));
    put(Level::Http, &[is(&FAULT), is(&CORS)]);
    if is_waypoint {
        put(Level::Http, &last);
        put(Level::Http, &[is(&UPSTREAM_METADATA)]);
    }
    put(Level::Http, &[is(&STATS), is(&ROUTER)]);
    slots
}
