//! WP004: a URL that the API server takes and istiod then throws away with one line in its log.

use super::super::at;
use crate::istio::module_url;
use crate::model::{Diagnostic, Edit, FieldPath};
use crate::validate::Context;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.plugins() {
        let Some(url) = resource.configuration.get("spec").and_then(|spec| spec.text_at(&["url"])) else {
            continue;
        };
        if module_url::read(url) != module_url::Reading::Discarded {
            continue;
        }
        let hint = if url.contains("://") {
            "name the registry: oci://<registry>/<image>:<tag>"
        } else {
            "write oci:// in front of the registry"
        };
        let message = format!("istiod discards this url although the API server accepts it: {hint}");
        let mut finding = Diagnostic::new("WP004", at(resource, &["spec", "url"]), message);
        if !url.contains("://") && url.contains('/') {
            let (id, path) = resource.source_of(&FieldPath::keys(&["spec", "url"]));
            finding =
                finding.with_fix("Write oci:// in front", vec![Edit::set(id, path, format!("oci://{url}"))]);
        }
        found.push(finding);
    }
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
