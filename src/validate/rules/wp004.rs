//! WP004: a URL that the API server takes and istiod then throws away with one line in its log.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP004"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(url) = plugin.url() else { return };
    if module_url::read(url) != Reading::Discarded {
        return;
    }
    let reason = module_url::istiod(url).err().map(|err| err.reason.to_string()).unwrap_or_default();
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let hint = match scheme.as_deref() {
        Some("http" | "https") if reason.contains("port") => {
            "a port is a number, https://<host>:<port>/<path>; leave it out for the usual one"
        }
        Some("http" | "https") => "name host and path, https://<host>/<path>",
        Some(_) => "name registry and image, oci://<registry>/<image>:<tag>",
        None => "write oci:// in front of the registry",
    };
    let path = plugin.module_path("url");
    let message = format!("the API server accepts this url and istiod discards it ({reason}): {hint}");
    let mut finding = Diagnostic::new("WP004", resource.at_path(&path), message);
    let mended = format!("oci://{url}");
    if !url.contains("://") && matches!(module_url::read(&mended), Reading::Oci(_)) {
        finding = finding.with_fix("Write oci:// in front", vec![resource.set(&path, mended)]);
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes, messages};

    #[test]
    fn discarded_urls_are_reported() {
        check(
            "WP004",
            "plugin a url=oci://myimage:v1\nplugin b url=10.0.0.1:5000/a:v1\n",
            &["a /configuration/spec/url", "b /configuration/spec/url"],
        );
        check("WP004", "plugin a url=oci://localhost:5000/a:v1\n", &[]);
    }

    #[test]
    fn the_message_has_istiods_reason() {
        let found = messages("WP004", "plugin a url=10.0.0.1:5000/a:v1\n");
        assert!(found[0].contains("(first path segment in URL cannot contain colon)"), "{found:?}");
        assert_eq!(fixes("WP004", "plugin a url=10.0.0.1:5000/a:v1\n"), ["Write oci:// in front"]);
        assert_eq!(fixes("WP004", "plugin a url=oci://myimage:v1\n"), [""; 0]);
        let found = messages("WP004", "plugin a url=https://example.com:80a/a.wasm\n");
        assert!(found[0].contains("a port is a number") && !found[0].contains("oci"), "{found:?}");
    }
}
