//! WP016: `Always` does not mean always.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP016"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let is_fetched = match plugin.url().map(module_url::read) {
        Some(Reading::Oci(image)) => !module_url::tag_and_digest(image).1,
        Some(Reading::Http) => true,
        _ => false,
    };
    let is_always = plugin.module_text("imagePullPolicy") == Some("Always");
    if is_fetched && is_always && plugin.module_text("sha256").is_none() {
        let message =
            "Always fetches the module again only when this object changes, not when the module does";
        let path = plugin.module_path("imagePullPolicy");
        found.push(Diagnostic::new("WP016", resource.at_path(&path), message));
    }
}
