//! DS001: a plugin with neither a filter nor a url of its own loads nothing.

use super::rule::Rule;
use crate::model::view::WasmPluginView;
use crate::model::{Diagnostic, FieldPath, Location};
use crate::validate::Context;

pub(super) const RULE: Rule = Rule::of_design(&["DS001"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for component in context.design.components() {
        let Some(plugin) = WasmPluginView::cast(component) else { continue };
        // A url that is blank is WP001 and one that is no text SC001, not an empty wallet.
        let has_url = plugin.url().is_some() || component.configured(&["spec", "url"]).is_some();
        let is_empty = !has_url && context.design.chain(component.id()).is_empty();
        if is_empty && !component.reference_only() {
            let location =
                Location::component(component.id(), FieldPath::keys(&["configuration", "spec", "url"]));
            found.push(Diagnostic::new(
                "DS001",
                location,
                "wallet is empty: put a filter into it, or set its url",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn an_empty_wallet_is_reported() {
        check(
            "DS001",
            "plugin a\nplugin b url=oci://reg.example.com/b@sha256:0a\nplugin c url=\n",
            &["a /configuration/spec/url"],
        );
    }

    #[test]
    fn a_filter_fills_it() {
        check("DS001", "plugin a\nfilter f in=a wasmFilter=oci://reg.example.com/b\n", &[]);
    }
}
