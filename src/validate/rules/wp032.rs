//! WP032: a key for signatures that nobody checks.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP032"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    if plugin.module_text("verificationKey").is_some() {
        let path = plugin.module_path("verificationKey");
        let message =
            "no version of Istio verifies signatures with this key: pin the module with a digest instead";
        let finding = Diagnostic::new("WP032", resource.at_path(&path), message);
        found.push(finding.with_fix("Remove verificationKey", vec![resource.unset(&path)]));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::fixes;

    #[test]
    fn the_key_can_be_left_out() {
        assert_eq!(fixes("WP032", "plugin p url=x verificationKey=k\n"), ["Remove verificationKey"]);
    }
}
