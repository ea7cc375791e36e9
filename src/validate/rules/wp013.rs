//! WP013: an image without a tag is `latest`, but is fetched as seldom as any other tag.
//!
//! Kubernetes reads it otherwise: there a container's image without a tag is pulled anew each time.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP013"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(Reading::Oci(image)) = plugin.url().map(module_url::read) else { return };
    let (None, false) = module_url::tag_and_digest(image) else { return };
    if plugin.module_text("sha256").is_some() {
        return;
    }
    let stays = match plugin.module_text("imagePullPolicy") {
        Some("Always") => "",
        _ => ", and a proxy keeps the first one that it fetched",
    };
    let message = format!(
        "an image without a tag is whatever latest is{stays}: pin the manifest's digest with @sha256:…"
    );
    found.push(Diagnostic::new("WP013", resource.at_path(&plugin.module_path("url")), message));
}
