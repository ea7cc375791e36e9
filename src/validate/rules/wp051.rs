//! WP051: a target without kind or name, in another namespace, or one too many. An EnvoyFilter has the same targets.

use super::rule::Rule;
use crate::model::{Diagnostic, Segment};
use crate::registry::structural::ViolationKind;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP051"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    for violation in resource.violations_of("WP051") {
        let is_namespace = violation.path.last().and_then(Segment::as_key) == Some("namespace");
        let location = resource.at_path(&violation.path);
        if !(is_namespace && violation.kind == ViolationKind::Format) {
            found.push(Diagnostic::new("WP051", location, violation.message.clone()));
            continue;
        }
        let own = resource.effective.namespace_or_default();
        let message =
            format!("a target is looked for in the object's own namespace, {own}: leave the namespace out");
        let mut finding = Diagnostic::new("WP051", location, message);
        let named = resource.value_at(&violation.path).and_then(|value| value.as_text());
        // With another namespace the target is another object, and which one is meant is not known.
        if named == Some(own) {
            finding = finding.with_fix("Remove the namespace", vec![resource.unset(&violation.path)]);
        }
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn the_plugins_own_namespace_can_be_left_out() {
        let plugin = |namespace: &str| format!("plugin p url=x ns=shop ref=Gateway/g/{namespace}\n");
        let at = ["p /configuration/spec/targetRefs/0/namespace"];
        check("WP051", &plugin("shop"), &at);
        assert_eq!(fixes("WP051", &plugin("shop")), ["Remove the namespace"]);
        check("WP051", &plugin("edge"), &at);
        assert_eq!(fixes("WP051", &plugin("edge")), [""; 0]);
    }
}
