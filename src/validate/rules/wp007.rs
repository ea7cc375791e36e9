//! WP007: a file URL whose name the proxy gets wrong: istiod cuts off a leading `file://` and nothing else.

use super::rule::Rule;
use crate::istio::module_url::{self, DataSource, Reading};
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP007"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(url) = plugin.url() else { return };
    if module_url::read(url) != Reading::CrookedFile {
        return;
    }
    let Ok(DataSource::Local { filename }) = module_url::istiod(url) else { return };
    let message = match filename.trim_matches('/') {
        "" => "url names no file: use file:/// and an absolute path".to_owned(),
        _ => format!("use file:/// and an absolute path: the proxy would open {filename:?}"),
    };
    let path = plugin.module_path("url");
    let mut finding = Diagnostic::new("WP007", resource.at_path(&path), message);
    if let Some(mended) = absolute(url) {
        let fix = vec![resource.set(&path, mended.clone())];
        finding = finding.with_fix(format!("Write {mended}"), fix);
    }
    found.push(finding);
}

/// The URL as it was meant; `file://localhost/…` is RFC 8089's way to say the same.
fn absolute(url: &str) -> Option<String> {
    let rest = url.get("file:".len()..)?.trim_start_matches('/');
    let rest = rest.strip_prefix("localhost/").unwrap_or(rest);
    let is_plain = !rest.is_empty() && !rest.starts_with('.');
    is_plain.then(|| format!("file:///{rest}"))
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes, messages};

    #[test]
    fn a_file_needs_three_slashes_in_lower_case() {
        for url in ["file:/opt/a.wasm", "file://opt/a.wasm", "file:a.wasm", "FILE:///opt/a.wasm", "file://"] {
            check("WP007", &format!("plugin a url={url}\n"), &["a /configuration/spec/url"]);
        }
        check("WP007", "plugin a url=file:///opt/a.wasm\n", &[]);
    }

    #[test]
    fn the_message_says_what_the_proxy_opens() {
        assert_eq!(
            messages("WP007", "plugin a url=file://opt/a.wasm\n"),
            ["use file:/// and an absolute path: the proxy would open \"opt/a.wasm\""]
        );
    }

    #[test]
    fn missing_slashes_are_put_in() {
        for url in ["file:/opt/a.wasm", "file://opt/a.wasm", "file://localhost/opt/a.wasm", "File:opt/a.wasm"]
        {
            assert_eq!(
                fixes("WP007", &format!("plugin a url={url}\n")),
                ["Write file:///opt/a.wasm"],
                "{url}"
            );
        }
        assert_eq!(fixes("WP007", "plugin a url=file://\n"), [""; 0]);
        assert_eq!(fixes("WP007", "plugin a url=file://../a.wasm\n"), [""; 0]);
    }
}
