//! WP084: what a failed download does to the traffic.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP084"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let is_fetched = matches!(plugin.url().map(module_url::read), Some(Reading::Oci(_) | Reading::Http));
    let strategy = plugin.module_text("failStrategy").unwrap_or("FAIL_CLOSE");
    if is_fetched && matches!(strategy, "FAIL_CLOSE" | "FAIL_RELOAD") {
        let then = if plugin.is_network() {
            "its proxies refuse every connection"
        } else {
            "its proxies answer every request with 403"
        };
        let message =
            format!("{strategy}: while the module cannot be fetched, {then}; FAIL_OPEN lets them pass");
        let path = plugin.module_path("failStrategy");
        found.push(Diagnostic::new("WP084", resource.at_path(&path), message));
    }
}
