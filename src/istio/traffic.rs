//! The traffic of a proxy, and which of it a plugin's `match` means (istio-wasm facts, 4.3).

use super::plugin::{MatchMode, TrafficMatch};
use super::proxy::{Proxy, ProxyKind};

/// One kind of traffic through a proxy: it has a chain of filters of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Traffic {
    /// What comes to a workload.
    Inbound,
    /// What a workload sends.
    Outbound,
    /// What goes through a gateway.
    Gateway,
    /// What goes through a waypoint.
    Waypoint,
}

/// What the traffic carries, as far as the proxy knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// HTTP, gRPC.
    #[default]
    Http,
    /// Anything else.
    Tcp,
}

impl Traffic {
    /// The kinds of traffic of a proxy.
    pub fn of(proxy: &Proxy) -> &'static [Self] {
        match proxy.kind {
            ProxyKind::Sidecar => &[Self::Inbound, Self::Outbound],
            ProxyKind::ClassicGateway | ProxyKind::Gateway => &[Self::Gateway],
            ProxyKind::Waypoint => &[Self::Waypoint],
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Gateway => "gateway",
            Self::Waypoint => "waypoint",
        }
    }
}

/// The ports on which a plugin runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ports {
    /// All of them.
    All,
    /// These.
    Only(Vec<i64>),
}

impl Ports {
    /// Tells whether there is a port that both run on.
    pub fn meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Only(own), Self::Only(other)) => own.iter().any(|port| other.contains(port)),
            _ => true,
        }
    }
}

/// Why a plugin that is attached does not run on some traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMatch {
    /// Every item asks for the other direction.
    Mode,
    /// A waypoint knows no ports of HTTP traffic.
    Ports,
}

/// The ports of `traffic` that `matches` means: an item is enough, and within an item all must hold.
pub fn ports_matched(
    matches: &[TrafficMatch],
    traffic: Traffic,
    protocol: Protocol,
) -> Result<Ports, NoMatch> {
    if matches.is_empty() {
        return Ok(Ports::All);
    }
    // To istiod a waypoint's listener is an inbound one.
    let is_inbound = matches!(traffic, Traffic::Inbound | Traffic::Waypoint);
    let is_meant = |mode: MatchMode| match mode {
        MatchMode::Both => true,
        MatchMode::Client => !is_inbound,
        MatchMode::Server => is_inbound,
    };
    let mut ports: Vec<i64> = Vec::new();
    let mut reason = NoMatch::Mode;
    for item in matches.iter().filter(|item| is_meant(item.mode.unwrap_or_default())) {
        if item.ports.is_empty() {
            return Ok(Ports::All);
        }
        if (traffic, protocol) == (Traffic::Waypoint, Protocol::Http) {
            reason = NoMatch::Ports;
            continue;
        }
        ports.extend(&item.ports);
    }
    if ports.is_empty() {
        return Err(reason);
    }
    ports.sort_unstable();
    ports.dedup();
    Ok(Ports::Only(ports))
}

#[cfg(test)]
mod tests {
    use super::*;
    use MatchMode::{Both, Client, Server};

    fn matched(
        items: &[(MatchMode, &[i64])],
        traffic: Traffic,
        protocol: Protocol,
    ) -> Result<Ports, NoMatch> {
        let items: Vec<TrafficMatch> = items
            .iter()
            .map(|(mode, ports)| TrafficMatch { mode: Some(*mode), ports: ports.to_vec() })
            .collect();
        ports_matched(&items, traffic, protocol)
    }

    #[test]
    fn modes_mean_directions() {
        use Traffic::{Gateway, Inbound, Outbound, Waypoint};
        for (mode, runs_on) in [
            (Client, &[Outbound, Gateway][..]),
            (Server, &[Inbound, Waypoint]),
            (Both, &[Inbound, Outbound, Gateway, Waypoint]),
        ] {
            for traffic in [Inbound, Outbound, Gateway, Waypoint] {
                let found = matched(&[(mode, &[])], traffic, Protocol::Http);
                let expected = if runs_on.contains(&traffic) { Ok(Ports::All) } else { Err(NoMatch::Mode) };
                assert_eq!(found, expected, "{mode:?} {traffic:?}");
            }
        }
    }

    #[test]
    fn an_item_is_enough_and_ports_add_up() {
        let inbound = |items: &[(MatchMode, &[i64])]| matched(items, Traffic::Inbound, Protocol::Http);
        assert_eq!(inbound(&[]), Ok(Ports::All));
        assert_eq!(inbound(&[(Client, &[]), (Server, &[90]), (Both, &[80])]), Ok(Ports::Only(vec![80, 90])));
        assert_eq!(inbound(&[(Server, &[80]), (Both, &[])]), Ok(Ports::All));
        assert_eq!(inbound(&[(Client, &[80])]), Err(NoMatch::Mode));
    }

    #[test]
    fn a_waypoint_matches_no_ports_of_http() {
        let items: &[(MatchMode, &[i64])] = &[(Server, &[80])];
        assert_eq!(matched(items, Traffic::Waypoint, Protocol::Http), Err(NoMatch::Ports));
        assert_eq!(matched(items, Traffic::Waypoint, Protocol::Tcp), Ok(Ports::Only(vec![80])));
        let either: &[(MatchMode, &[i64])] = &[(Server, &[80]), (Server, &[])];
        assert_eq!(matched(either, Traffic::Waypoint, Protocol::Http), Ok(Ports::All));
    }
}
