//! WP052: a targetRef to a kind that a plugin cannot be attached to.

use super::super::at_path;
use crate::model::{Diagnostic, FieldPath, Value};
use crate::validate::Context;

/// Group and kind of what Istio's webhook admits; the core group has two spellings.
const TARGETS: [(&str, &str); 5] = [
    ("", "Service"),
    ("core", "Service"),
    ("networking.istio.io", "ServiceEntry"),
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "GatewayClass"),
];

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.plugins() {
        let Some(spec) = resource.configuration.get("spec") else { continue };
        let single = spec.at(&["targetRef"]).map(|target| (FieldPath::keys(&["spec", "targetRef"]), target));
        let list = spec.at(&["targetRefs"]).and_then(Value::as_list).unwrap_or_default();
        let listed = list.iter().enumerate();
        let listed = listed.map(|(i, target)| (FieldPath::keys(&["spec", "targetRefs"]).child(i), target));
        for (path, target) in single.into_iter().chain(listed) {
            // What is missing or no text is the schema's matter.
            let Some(kind) = target.text_at(&["kind"]).filter(|kind| !kind.is_empty()) else { continue };
            let group = target.text_at(&["group"]).unwrap_or_default();
            if TARGETS.contains(&(group, kind)) {
                continue;
            }
            let of = |group: &str| match group {
                "" => "the core group".to_owned(),
                group => format!("group {group}"),
            };
            let (key, message) = match TARGETS.iter().find(|(_, known)| *known == kind) {
                Some((expected, _)) => {
                    ("group", format!("{kind} is a kind of {}, not of {}", of(expected), of(group)))
                }
                None => (
                    "kind",
                    format!(
                        "a plugin cannot target {kind}: Gateway and GatewayClass of gateway.networking.k8s.io, \
                         Service, and ServiceEntry of networking.istio.io are possible"
                    ),
                ),
            };
            found.push(Diagnostic::new("WP052", at_path(resource, &path.child(key)), message));
        }
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
