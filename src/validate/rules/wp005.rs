//! WP005: a URL with a scheme and without a host: every place accepts it, and the download fails.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP005"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(url) = plugin.url() else { return };
    let message = match module_url::read(url) {
        Reading::Opaque(_) => "url has no registry or host: two slashes are missing behind the scheme",
        Reading::NoHost => "url has no registry or host: nothing can be fetched from it",
        _ => return,
    };
    let path = plugin.module_path("url");
    let mut finding = Diagnostic::new("WP005", resource.at_path(&path), message);
    if let Some(mended) = with_two_slashes(url) {
        let fix = vec![resource.set(&path, mended.clone())];
        finding = finding.with_fix(format!("Write {mended}"), fix);
    }
    found.push(finding);
}

/// The URL with exactly two slashes behind its scheme, if what then is the host could be one.
fn with_two_slashes(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once(':')?;
    let rest = rest.trim_start_matches('/');
    let host = rest.split('/').next()?;
    let looks_like_host = host.contains(['.', ':']) || host == "localhost" || !url.contains(":/");
    let mended = format!("{scheme}://{rest}");
    let is_sound = matches!(module_url::read(&mended), Reading::Oci(_) | Reading::Http);
    (looks_like_host && is_sound).then_some(mended)
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn a_url_without_a_host_is_reported() {
        for url in ["oci:reg.example.com/a", "oci://", "http://", "oci:///a/b", "https:example.com/a"] {
            check("WP005", &format!("plugin a url={url}\n"), &["a /configuration/spec/url"]);
        }
    }

    #[test]
    fn a_host_or_a_file_is_enough() {
        check(
            "WP005",
            "plugin a url=oci://reg.example.com/a\nplugin b url=test\nplugin c url=file:///a.wasm\n\
             plugin d url=/a.wasm\n",
            &[],
        );
    }

    #[test]
    fn missing_slashes_are_put_in() {
        for (url, mended) in [
            ("oci:reg.example.com/a", "Write oci://reg.example.com/a"),
            ("https:/example.com/a", "Write https://example.com/a"),
            ("oci:///reg.example.com:5000/a", "Write oci://reg.example.com:5000/a"),
        ] {
            assert_eq!(fixes("WP005", &format!("plugin a url={url}\n")), [mended]);
        }
        assert_eq!(fixes("WP005", "plugin a url=oci:///a/b\n"), [""; 0]);
        assert_eq!(fixes("WP005", "plugin a url=http://\n"), [""; 0]);
    }
}
