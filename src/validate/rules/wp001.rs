//! WP001: a resource without a module URL.
//!
//! An empty wallet is DS001 and a filter without a module DS003; this speaks of what is left: text that is blank.

use super::super::at;
use crate::model::{ComponentKind, Diagnostic, Value};
use crate::validate::Context;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.plugins() {
        let url = resource.configuration.get("spec").and_then(|spec| spec.at(&["url"]));
        let is_missing = url.is_none_or(Value::is_blank);
        // An empty wallet and a filter without a module have findings of their own; a manifest has neither.
        let has_filters = resource.filter.is_some();
        let has_field = context.design.component(resource.plugin).is_some_and(|plugin| {
            plugin.is(&ComponentKind::WASM_PLUGIN) && plugin.configured(&["spec", "url"]).is_some()
        });
        if is_missing && !has_filters && has_field {
            found.push(Diagnostic::new(
                "WP001",
                at(resource, &["spec", "url"]),
                "url is empty: set it, or put a filter into the plugin",
            ));
        }
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
