//! WP052: a targetRef to a kind that a plugin cannot be attached to.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

/// Group and kind of what Istio's webhook admits; the core group has two spellings.
const TARGETS: [(&str, &str); 5] = [
    ("", "Service"),
    ("core", "Service"),
    ("networking.istio.io", "ServiceEntry"),
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "GatewayClass"),
];

pub(super) const RULE: Rule = Rule::of_resource(&["WP052"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    for (path, target) in plugin.target_refs() {
        // What is missing or no text is the schema's matter.
        if target.kind.is_empty() || TARGETS.contains(&(target.group, target.kind)) {
            continue;
        }
        let of = |group: &str| match group {
            "" => "the core group".to_owned(),
            group => format!("group {group}"),
        };
        let (key, message) = match TARGETS.iter().find(|(_, known)| *known == target.kind) {
            Some((expected, _)) => (
                "group",
                format!("{} is a kind of {}, not of {}", target.kind, of(expected), of(target.group)),
            ),
            None => (
                "kind",
                format!(
                    "a plugin cannot target {}: Gateway and GatewayClass of gateway.networking.k8s.io, Service, and \
                     ServiceEntry of networking.istio.io are possible",
                    target.kind
                ),
            ),
        };
        found.push(Diagnostic::new("WP052", resource.at_path(&path.child(key)), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn only_gateways_and_services_are_targets() {
        check(
            "WP052",
            "plugin p url=x ref=Gateway/g\nplugin q url=x ref=GatewayClass/g\nplugin r url=x ref=HTTPRoute/g\n\
             plugin s url=x ref=Service/s\n",
            &["r /configuration/spec/targetRefs/0/kind", "s /configuration/spec/targetRefs/0/group"],
        );
    }
}
