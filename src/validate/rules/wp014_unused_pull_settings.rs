//! WP014 and WP017: a pull policy or pull secret that has no effect on any module of its plugin.
//!
//! They stand at the plugin and hold for its whole chain: as long as one filter has a use for them, they are right.

use super::super::place_at;
use super::rule::Rule;
use crate::istio::Plugin;
use crate::istio::module_url::{self, Reading};
use crate::model::{Diagnostic, Edit};
use crate::validate::Context;
use crate::wallet::Effective;

pub(super) const RULE: Rule = Rule::of_design(&["WP014", "WP017"], check);

/// Where a plugin's module comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// An OCI registry.
    Image,
    /// An http server.
    Download,
    /// It lies in the proxy already.
    File,
}

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for chain in context.effective.chunk_by(|a, b| a.plugin == b.plugin) {
        let Some(plugin) = Plugin::of(&chain[0].kind, &chain[0].configuration) else { continue };
        let policy = plugin.module_text("imagePullPolicy").filter(|policy| *policy != "UNSPECIFIED_POLICY");
        let secret = plugin.module_text("imagePullSecret");
        if policy.is_none() && secret.is_none() {
            continue;
        }
        let modules = chain.iter().map(|it| source(Plugin::of(&it.kind, &it.configuration)?));
        // What a url that cannot be read would use is not known.
        let Some(modules) = modules.collect::<Option<Vec<(Source, bool)>>>() else { continue };
        let are_files = modules.iter().all(|(source, _)| *source == Source::File);
        let mut unused = |code: &'static str, field: &str, message: String| {
            let location = place_at(&chain[0], &plugin.module_path(field));
            let edit = Edit::unset(chain[0].plugin, location.path.clone());
            let finding = Diagnostic::new(code, location, message);
            found.push(finding.with_fix(format!("Remove {field}"), vec![edit]));
        };
        if policy.is_some() && are_files {
            unused(
                "WP017",
                "imagePullPolicy",
                "nothing is pulled for a file in the proxy: leave it out".into(),
            );
        } else if policy == Some("Always") && modules.iter().all(|(_, is_pinned)| *is_pinned) {
            let message =
                "a digest names one content for ever: it is fetched once, whatever the policy; leave it out";
            unused("WP014", "imagePullPolicy", message.into());
        }
        if secret.is_some() && modules.iter().all(|(source, _)| *source != Source::Image) {
            let what = if are_files { "a file in the proxy" } else { "an http download" };
            let message = format!("a pull secret is for images in a registry, not for {what}: leave it out");
            unused("WP017", "imagePullSecret", message);
        }
    }
}

/// Whether a module of the chain may be an image, which a pull secret is for.
pub(super) fn uses_secret(chain: &[Effective]) -> bool {
    let mut modules = chain.iter().map(|it| source(Plugin::of(&it.kind, &it.configuration)?));
    modules.any(|module| module.is_none_or(|(source, _)| source == Source::Image))
}

/// Where the module comes from, and whether a digest names its content.
fn source(plugin: Plugin<'_>) -> Option<(Source, bool)> {
    let has_field = plugin.module_text("sha256").is_some();
    match module_url::read(plugin.url()?) {
        Reading::Oci(image) => Some((Source::Image, has_field || module_url::tag_and_digest(image).1)),
        Reading::Http => Some((Source::Download, has_field)),
        Reading::File => Some((Source::File, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn a_setting_that_one_filter_of_the_chain_uses_is_right() {
        let chain = |second: &str| {
            format!(
                "plugin p imagePullPolicy=Always imagePullSecret=s\nfilter f in=p wasmFilter=file:///opt/a.wasm\n\
                 filter g in=p wasmFilter={second}\n"
            )
        };
        let both = ["p /configuration/spec/imagePullPolicy", "p /configuration/spec/imagePullSecret"];
        check("WP017", &chain("file:///opt/b.wasm"), &both);
        check("WP017", &chain("oci://reg.example.com/a:1"), &[]);
        check("WP017", &chain("https://example.com/a.wasm"), &both[1..]);
    }

    #[test]
    fn they_can_be_left_out() {
        let pinned = "plugin p url=oci://reg.example.com/a@sha256:0a imagePullPolicy=Always\n";
        assert_eq!(fixes("WP014", pinned), ["Remove imagePullPolicy"]);
        let file = "plugin p url=file:///opt/a.wasm imagePullPolicy=Always imagePullSecret=s\n";
        assert_eq!(fixes("WP017", file), ["Remove imagePullPolicy", "Remove imagePullSecret"]);
    }
}
