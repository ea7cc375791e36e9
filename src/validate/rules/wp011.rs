//! WP011: a digest of a file that lies in the proxy; nothing compares it.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP011"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let is_file = plugin.url().map(module_url::read) == Some(Reading::File);
    if is_file && plugin.module_text("sha256").is_some() {
        let path = plugin.module_path("sha256");
        let message = "nothing verifies the sha256 of a file in the proxy: leave it out";
        let finding = Diagnostic::new("WP011", resource.at_path(&path), message);
        found.push(finding.with_fix("Remove sha256", vec![resource.unset(&path)]));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::fixes;

    #[test]
    fn the_digest_can_be_left_out() {
        assert_eq!(fixes("WP011", "plugin p url=file:///opt/a.wasm sha256=0a\n"), ["Remove sha256"]);
    }
}
