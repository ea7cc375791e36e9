//! WP058: a selector that finds the pods of a Gateway.
//!
//! It works while istiod has `ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY`; istioctl warns of it (IST0166).

use super::rule::Rule;
use crate::istio::{Feature, Proxy, ProxyKind};
use crate::model::{Diagnostic, Edit, FieldPath, Value};
use crate::validate::Context;
use crate::validate::wallets::Wallet;

pub(super) const RULE: Rule = Rule::of_design(&["WP058"], check);

/// The most targets that the API takes.
const MOST_TARGETS: usize = 16;

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    if !context.mesh.version.has(Feature::TargetRefs) {
        return;
    }
    for wallet in context.wallets.iter().filter(|wallet| wallet.policy.target_refs.is_empty()) {
        // A target has to be in the plugin's own namespace.
        let is_near = |it: &&Proxy| it.kind == ProxyKind::Gateway && it.namespace == wallet.policy.namespace;
        let mut gateways: Vec<&str> =
            wallet.proxies(&context.proxies).filter(is_near).filter_map(|it| it.gateway.as_deref()).collect();
        let are_all = gateways.len() == wallet.attached.len();
        gateways.sort_unstable();
        gateways.dedup();
        let Some(first) = gateways.first() else { continue };
        let message =
            format!("the selector finds the pods of Gateway {first}: name it in targetRefs instead");
        let path = FieldPath::keys(&["spec", "selector"]);
        let mut finding = Diagnostic::new("WP058", wallet.at(&path), message);
        if are_all && gateways.len() <= MOST_TARGETS {
            finding = finding
                .with_fix(format!("Target Gateway {}", gateways.join(", ")), target(wallet, &gateways));
        }
        found.push(finding);
    }
}

fn target(wallet: &Wallet<'_>, gateways: &[&str]) -> Vec<Edit> {
    let reference = |name: &&str| {
        Value::from([
            ("group", "gateway.networking.k8s.io".into()),
            ("kind", "Gateway".into()),
            ("name", (*name).into()),
        ])
    };
    let targets: Vec<Value> = gateways.iter().map(reference).collect();
    let field = |key| FieldPath::keys(&["configuration", "spec", key]);
    let plugin = wallet.first().plugin;
    vec![Edit::unset(plugin, field("selector")), Edit::set(plugin, field("targetRefs"), targets)]
}

#[cfg(test)]
mod tests {
    use crate::istio::Version;
    use crate::validate::testing::{check_for, fixes};

    #[test]
    fn the_gateway_can_be_named() {
        let labels = "gateway.networking.k8s.io/gateway-name:edge,app:a";
        let design = format!("workload w ns=shop labels={labels}\nplugin p url=x ns=shop sel=app:a\n");
        assert_eq!(fixes("WP058", &design), ["Target Gateway edge"]);
        let both = format!("{design}workload v ns=shop labels=app:a\n");
        assert_eq!(fixes("WP058", &both), [""; 0], "a workload would be lost");
        check_for(Version::new(1, 21), "WP058", &design, &[]);
    }
}
