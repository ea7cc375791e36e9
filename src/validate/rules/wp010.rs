//! WP010: the digest in the url and sha256 are about the same manifest and differ.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP010"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(Reading::Oci(image)) = plugin.url().map(module_url::read) else { return };
    let (Some((_, in_url)), Some(field)) = (image.split_once("@sha256:"), plugin.module_text("sha256"))
    else {
        return;
    };
    if in_url != field {
        let message =
            "sha256 is not the digest in the url: the module is refused; keep the one that is right";
        found.push(Diagnostic::new("WP010", resource.at_path(&plugin.module_path("sha256")), message));
    }
}
