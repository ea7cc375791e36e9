//! WP008: a module from a server that proves nothing about itself, and no digest that would.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP008"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let scheme = plugin.url().and_then(|url| url.split_once("://")).map(|(scheme, _)| scheme);
    let is_open = scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"));
    if is_open && plugin.module_text("sha256").is_none() {
        let message =
            "anybody on the way can exchange a module that comes over http: use https, or pin it with sha256";
        found.push(Diagnostic::new("WP008", resource.at_path(&plugin.module_path("url")), message));
    }
}
