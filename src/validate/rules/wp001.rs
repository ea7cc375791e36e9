//! WP001: a resource without a module URL.
//!
//! An empty wallet is DS001 and a filter without a module DS003; this speaks of what is left: text that is blank.

use super::rule::Rule;
use crate::istio::PluginKind;
use crate::model::{Diagnostic, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP001"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let location = resource.at_path(&plugin.module_path("url"));
    // What is no text is the schema's matter (SC001).
    let is_blank = plugin.module().is_some_and(|module| module.get("url").is_none_or(Value::is_blank));
    // A TrafficExtension is no wallet: its url is its own.
    if plugin.kind == PluginKind::TrafficExtension {
        if is_blank {
            found.push(Diagnostic::new("WP001", location, "url is required: say where the module is"));
        }
        return;
    }
    // An empty wallet and a filter without a module have findings of their own; a manifest has neither.
    let has_filters = resource.effective.filter.is_some();
    let has_field =
        resource.component().is_some_and(|component| component.configured(&["spec", "url"]).is_some());
    if is_blank && !has_filters && has_field {
        let message = "url is empty: set it, or put a filter into the plugin";
        found.push(Diagnostic::new("WP001", location, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn a_blank_url_is_reported() {
        check("WP001", "plugin a url=\n", &["a /configuration/spec/url"]);
        check("WP001", "plugin a url=oci://reg.example.com/a\n", &[]);
    }
}
