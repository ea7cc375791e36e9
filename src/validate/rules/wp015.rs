//! WP015: `latest`, and a policy that keeps the first image that a proxy fetched.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP015"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(Reading::Oci(image)) = plugin.url().map(module_url::read) else { return };
    let is_latest = module_url::tag_and_digest(image) == (Some("latest"), false);
    let stays = plugin.module_text("imagePullPolicy") == Some("IfNotPresent");
    if is_latest && stays && plugin.module_text("sha256").is_none() {
        let message = "a proxy keeps the first latest that it fetched: updates of the image do not arrive";
        let path = plugin.module_path("imagePullPolicy");
        found.push(Diagnostic::new("WP015", resource.at_path(&path), message));
    }
}
