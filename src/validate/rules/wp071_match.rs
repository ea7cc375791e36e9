//! WP071, WP072 and WP087: plugins that are attached and run on nothing, because of their `match` or type.

use super::rule::Rule;
use crate::istio::{NoMatch, Protocol, Proxy, ProxyKind, Traffic, ports_matched};
use crate::model::{Diagnostic, Edit, FieldPath, Value};
use crate::validate::Context;
use crate::validate::wallets::{Target, Wallet};

pub(super) const RULE: Rule = Rule::of_design(&["WP071", "WP072", "WP087"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for wallet in &context.wallets {
        let is_network = wallet.plugin.is_network();
        let matches = wallet.plugin.matches();
        if matches.is_empty() && !is_network {
            continue;
        }
        let targets = wallet.targets(&context.proxies, context.mesh);
        // Without proxies in the design, what a target names is known by its kind.
        let is_gateway = |it: &Proxy| matches!(it.kind, ProxyKind::Gateway | ProxyKind::ClassicGateway);
        let gateway = wallet.proxies(&context.proxies).find(|it| is_gateway(it)).map(|it| it.name.as_str());
        let unknown = targets.iter().find(|it| it.is_unknown_gateway()).map(|it| it.reference.name);
        let is_for_waypoint = targets.iter().any(Target::needs_waypoint)
            || wallet.proxies(&context.proxies).any(Proxy::is_waypoint);
        let runs_on = |traffic| ports_matched(&matches, traffic, Protocol::Http);
        if let Some(name) = gateway.or(unknown)
            && runs_on(Traffic::Gateway) == Err(NoMatch::Mode)
        {
            let message = if gateway.is_some() {
                format!("never applies on gateway {name}: the mode of what goes through a gateway is CLIENT")
            } else {
                format!("never applies on {name} if that is a gateway: its traffic has the mode CLIENT")
            };
            let finding = Diagnostic::new("WP071", wallet.at(&FieldPath::keys(&["spec", "match"])), message);
            found.push(match gateway {
                Some(_) => finding.with_fix("Set mode CLIENT", set_client(wallet)),
                None => finding,
            });
        }
        if !is_for_waypoint {
            continue;
        }
        if is_network {
            let message = "a waypoint runs plugins of type NETWORK on TCP only, not on the HTTP traffic of its services";
            found.push(Diagnostic::new("WP087", wallet.at(&wallet.plugin.module_path("type")), message));
        } else if let Err(reason) = runs_on(Traffic::Waypoint) {
            let message = match reason {
                NoMatch::Mode => "never applies on a waypoint: all that it sees has the mode SERVER",
                NoMatch::Ports => {
                    "never applies on a waypoint, which knows no ports of HTTP traffic: leave them out"
                }
            };
            found.push(Diagnostic::new("WP072", wallet.at(&FieldPath::keys(&["spec", "match"])), message));
        }
    }
}

/// The edits after which each item that means what a workload receives means what a gateway sees.
fn set_client(wallet: &Wallet<'_>) -> Vec<Edit> {
    let path = FieldPath::keys(&["configuration", "spec", "match"]);
    let items = wallet.plugin.spec().get("match").and_then(Value::as_list).unwrap_or_default();
    let servers = items.iter().enumerate().filter(|(_, item)| item.text_at(&["mode"]) == Some("SERVER"));
    servers
        .map(|(place, _)| Edit::set(wallet.first().plugin, path.child(place).child("mode"), "CLIENT"))
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::fixes;

    #[test]
    fn the_mode_can_be_mended() {
        let workload = "workload w ns=shop labels=gateway.networking.k8s.io/gateway-name:edge\n";
        let plugin = "plugin p url=x ns=shop ref=Gateway/edge mode=SERVER\n";
        assert_eq!(fixes("WP071", &format!("{workload}{plugin}")), ["Set mode CLIENT"]);
        assert_eq!(fixes("WP071", plugin), [""; 0], "it may be a waypoint");
    }
}
