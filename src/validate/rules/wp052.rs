//! WP052: a targetRef to a kind that a plugin or an EnvoyFilter cannot be attached to.
//!
//! Istio refuses such a plugin; an EnvoyFilter it takes, and never applies it.

use super::rule::Rule;
use crate::istio::EnvoyFilter;
use crate::model::{Diagnostic, Severity};
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
    let (targets, what, severity) = if let Some(plugin) = resource.plugin() {
        (plugin.target_refs(), "a plugin", Severity::Error)
    } else if let Some(filter) = EnvoyFilter::of(&resource.effective.kind, resource.object()) {
        (filter.target_refs(), "an EnvoyFilter", Severity::Warning)
    } else {
        return;
    };
    for (path, target) in targets {
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
                    "{what} cannot target {}: Gateway and GatewayClass of gateway.networking.k8s.io, Service, and \
                     ServiceEntry of networking.istio.io are possible",
                    target.kind
                ),
            ),
        };
        let place = resource.at_path(&path.child(key));
        found.push(Diagnostic::new("WP052", place, message).with_severity(severity));
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
