//! WP060: a class of gateways as target, where istiod looks for it in one place and under one name only.

use super::rule::Rule;
use crate::istio::WAYPOINT_CLASS;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP060"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    for (path, target) in plugin.target_refs() {
        if (target.group, target.kind) != ("gateway.networking.k8s.io", "GatewayClass") {
            continue;
        }
        let namespace = resource.effective.namespace_or_default();
        if !resource.mesh.is_root(namespace) {
            let message = format!(
                "a GatewayClass counts in the root namespace only, which is {}: this never applies",
                resource.mesh.root_namespace
            );
            found.push(Diagnostic::new("WP060", resource.at_path(&path.child("kind")), message));
        } else if !target.name.is_empty() && target.name != WAYPOINT_CLASS {
            let path = path.child("name");
            let message = format!("the one GatewayClass that counts is {WAYPOINT_CLASS}: this never applies");
            let finding = Diagnostic::new("WP060", resource.at_path(&path), message);
            let edit = resource.set(&path, WAYPOINT_CLASS);
            found.push(finding.with_fix(format!("Write {WAYPOINT_CLASS}"), vec![edit]));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::fixes;

    #[test]
    fn the_name_can_be_mended() {
        let plugin = |namespace: &str| format!("plugin p url=x ns={namespace} ref=GatewayClass/istio\n");
        assert_eq!(fixes("WP060", &plugin("istio-system")), ["Write istio-waypoint"]);
        assert_eq!(fixes("WP060", &plugin("shop")), [""; 0]);
    }
}
