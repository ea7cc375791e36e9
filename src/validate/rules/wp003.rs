//! WP003: a registry with a port, or an image with a tag, without a scheme: Go takes the name for one.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP003"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(url) = plugin.url() else { return };
    let Reading::NameAsScheme(name) = module_url::read(url) else { return };
    let path = plugin.module_path("url");
    let message =
        format!("write oci:// explicitly: '{name}' is read as a URL scheme, which is not supported");
    let mut finding = Diagnostic::new("WP003", resource.at_path(&path), message);
    // An image without a registry needs more than that.
    let mended = format!("oci://{url}");
    if matches!(module_url::read(&mended), Reading::Oci(_)) {
        finding = finding.with_fix("Write oci:// in front", vec![resource.set(&path, mended)]);
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn a_name_before_a_colon_is_read_as_a_scheme() {
        check(
            "WP003",
            "plugin a url=localhost:5000/a:v1\nplugin b url=myimage:v1\nplugin c\n\
             filter f in=c wasmFilter=reg.example.com:5000/a\n",
            &["a /configuration/spec/url", "b /configuration/spec/url", "f /configuration/wasmFilter"],
        );
    }

    #[test]
    fn with_a_scheme_or_without_a_port_it_is_none() {
        check(
            "WP003",
            "plugin a url=oci://localhost:5000/a:v1\nplugin b url=reg.example.com/a:v1\nplugin c url=10.0.0.1:5000/a\n",
            &[],
        );
    }

    #[test]
    fn the_scheme_is_put_in_front() {
        assert_eq!(fixes("WP003", "plugin a url=reg.example.com:5000/a:v1\n"), ["Write oci:// in front"]);
        assert_eq!(fixes("WP003", "plugin a url=myimage:v1\n"), [""; 0]);
    }
}
