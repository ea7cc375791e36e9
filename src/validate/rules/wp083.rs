//! WP083: a plugin that guards something and lets everything pass when it fails.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::model::view::Phase;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP083"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(phase @ (Phase::Authn | Phase::Authz)) = plugin.phase() else { return };
    if plugin.module_text("failStrategy") == Some("FAIL_OPEN") {
        let path = plugin.module_path("failStrategy");
        let message = format!(
            "requests pass unchecked when this plugin of phase {} fails or cannot be fetched: FAIL_CLOSE refuses them",
            phase.text()
        );
        let finding = Diagnostic::new("WP083", resource.at_path(&path), message);
        found.push(finding.with_fix_by_hand("Set FAIL_CLOSE", vec![resource.set(&path, "FAIL_CLOSE")]));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::fixes;

    #[test]
    fn it_can_fail_closed() {
        let plugin = "plugin p url=file:///opt/a.wasm phase=AUTHN failStrategy=FAIL_OPEN\n";
        assert_eq!(fixes("WP083", plugin), ["Set FAIL_CLOSE"]);
    }
}
