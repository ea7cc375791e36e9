//! WP002: a URL whose scheme Istio does not know, or that Go's parser refuses; the API server rejects both.

use super::rule::Rule;
use crate::istio::module_url;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;
use module_url::Reading;

pub(super) const RULE: Rule = Rule::of_resource(&["WP002"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(url) = plugin.url() else { return };
    let path = plugin.module_path("url");
    let (message, mended) = match module_url::read(url) {
        Reading::Unparsable => {
            let reason = module_url::webhook(url).err().unwrap_or_default();
            let trimmed = url.trim();
            let helps =
                trimmed != url && matches!(module_url::read(trimmed), Reading::Oci(_) | Reading::Http);
            (format!("url cannot be parsed: {reason}"), helps.then(|| trimmed.to_owned()))
        }
        Reading::UnsupportedScheme(scheme) => {
            let message = format!("url scheme '{scheme}' is not supported: use oci, https, http or file");
            // What others call the transport of an image.
            let is_image =
                ["docker", "oras", "docker-image"].iter().any(|it| scheme.eq_ignore_ascii_case(it));
            let image = url.get(scheme.len() + ":".len()..).filter(|rest| is_image && rest.starts_with("//"));
            (message, image.map(|rest| format!("oci:{rest}")))
        }
        _ => return,
    };
    let mut finding = Diagnostic::new("WP002", resource.at_path(&path), message);
    if let Some(mended) = mended {
        let fix = vec![resource.set(&path, mended.clone())];
        finding = finding.with_fix(format!("Write {mended}"), fix);
    }
    found.push(finding);
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes, messages};

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
    fn what_go_cannot_parse_is_reported_in_its_words() {
        assert_eq!(
            messages("WP002", "plugin a url=https://example.com/%zz\n"),
            ["url cannot be parsed: failed to parse url: parse \"https://example.com/%zz\": \
                invalid URL escape \"%zz\""]
        );
    }

    #[test]
    fn a_transport_of_images_is_oci() {
        assert_eq!(
            fixes("WP002", "plugin a url=docker://reg.example.com/a:1\n"),
            ["Write oci://reg.example.com/a:1"]
        );
        assert_eq!(fixes("WP002", "plugin a url=ftp://example.com/a\n"), [""; 0]);
    }
}
