//! WP004: a URL that the API server takes and istiod then throws away with one line in its log.

use super::rule::Rule;
use crate::istio::module_url;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP004"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(url) = plugin.module_text("url") else { return };
    if module_url::read(url) != module_url::Reading::Discarded {
        return;
    }
    let hint = if url.contains("://") {
        "name the registry: oci://<registry>/<image>:<tag>"
    } else {
        "write oci:// in front of the registry"
    };
    let path = plugin.module_path("url");
    let message = format!("istiod discards this url although the API server accepts it: {hint}");
    let mut finding = Diagnostic::new("WP004", resource.at_path(&path), message);
    if !url.contains("://") && url.contains('/') {
        let fix = resource.set(&path, format!("oci://{url}"));
        finding = finding.with_fix("Write oci:// in front", vec![fix]);
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn discarded_urls_are_reported() {
        check(
            "WP004",
            "plugin a url=oci://myimage:v1\nplugin b url=10.0.0.1:5000/a:v1\n",
            &["a /configuration/spec/url", "b /configuration/spec/url"],
        );
        check("WP004", "plugin a url=oci://localhost:5000/a:v1\n", &[]);
    }
}
