//! WP006: a path without a scheme, which Istio takes for the name of an image.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP006"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(url) = plugin.url() else { return };
    if !matches!(module_url::read(url), Reading::PathLike(_)) {
        return;
    }
    let is_absolute = url.starts_with('/');
    let meant = if is_absolute || url.starts_with('.') { "file://" } else { "file:// or https://" };
    let message = format!("without a scheme this is fetched as an OCI image: did you mean {meant}?");
    let path = plugin.module_path("url");
    let mut finding = Diagnostic::new("WP006", resource.at_path(&path), message);
    if is_absolute {
        let fix = resource.set(&path, format!("file://{url}"));
        finding = finding.with_fix("Write file:// in front", vec![fix]);
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn a_path_is_fetched_as_an_image() {
        for url in ["/opt/a.wasm", "./a", "../a", "a.wasm", "example.com/a.wasm"] {
            check("WP006", &format!("plugin a url={url}\n"), &["a /configuration/spec/url"]);
        }
    }

    #[test]
    fn an_image_and_a_file_are_fine() {
        check("WP006", "plugin a url=reg.example.com/a\nplugin b url=file:///opt/a.wasm\n", &[]);
    }

    #[test]
    fn an_absolute_path_becomes_a_file() {
        assert_eq!(fixes("WP006", "plugin a url=/opt/a.wasm\n"), ["Write file:// in front"]);
        assert_eq!(fixes("WP006", "plugin a url=./a.wasm\n"), [""; 0]);
    }
}
