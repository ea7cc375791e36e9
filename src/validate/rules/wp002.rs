//! WP002: a URL whose scheme Istio does not know, or that Go's parser refuses; the API server rejects both.

use super::rule::Rule;
use crate::istio::module_url;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;
use module_url::Reading;

pub(super) const RULE: Rule = Rule::of_resource(&["WP002"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(url) = plugin.module_text("url") else { return };
    let path = plugin.module_path("url");
    let location = resource.at_path(&path);
    match module_url::read(url) {
        Reading::Unparsable => {
            let message = "url cannot be parsed: see its spaces and % signs";
            found.push(Diagnostic::new("WP002", location, message));
        }
        Reading::UnsupportedScheme(scheme) => {
            let looks_like_image = !url.contains("://");
            let hint = if looks_like_image {
                format!("write oci:// explicitly: '{scheme}' is read as a URL scheme")
            } else {
                "use oci, http, https or file".to_owned()
            };
            let message = format!("url scheme '{scheme}' is not supported: {hint}");
            let mut finding = Diagnostic::new("WP002", location, message);
            if looks_like_image && url.contains('/') {
                let fix = resource.set(&path, format!("oci://{url}"));
                finding = finding.with_fix("Write oci:// in front", vec![fix]);
            }
            found.push(finding);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn unknown_schemes_are_reported_at_the_filter() {
        check(
            "WP002",
            "plugin a\nfilter f in=a wasmFilter=ftp://example.com/a.wasm\n",
            &["f /configuration/wasmFilter"],
        );
        check(
            "WP002",
            "plugin a url=docker://a/b\nplugin b url=https://example.com/a.wasm\n",
            &["a /configuration/spec/url"],
        );
    }

    #[test]
    fn a_registry_with_a_port_can_be_mended() {
        assert_eq!(fixes("WP002", "plugin a url=reg.example.com:5000/a:v1\n"), ["Write oci:// in front"]);
        assert_eq!(fixes("WP002", "plugin a url=ftp://example.com/a\n"), [""; 0]);
    }
}
