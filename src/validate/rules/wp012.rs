//! WP012: an image named by a tag can be another one tomorrow.

use super::rule::Rule;
use crate::istio::module_url;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP012"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(module_url::Reading::Oci(image)) = plugin.url().map(module_url::read) else { return };
    let (tag, is_pinned) = module_url::tag_and_digest(image);
    if is_pinned || plugin.module_text("sha256").is_some() {
        return;
    }
    // Without a tag it is WP013.
    let Some(tag) = tag else { return };
    let message = format!("tag {tag} is mutable: pin the manifest's digest with @sha256:… or in sha256");
    found.push(Diagnostic::new("WP012", resource.at_path(&plugin.module_path("url")), message));
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::check;

    #[test]
    fn a_tag_alone_is_mutable() {
        check(
            "WP012",
            "plugin p\nfilter f in=p wasmFilter=oci://reg.example.com/a:1.4\n",
            &["f /configuration/wasmFilter"],
        );
    }

    #[test]
    fn a_digest_pins_and_files_have_no_tag() {
        check("WP012", "plugin p url=oci://reg.example.com/a@sha256:0a\nplugin q url=file:///a.wasm\n", &[]);
        check("WP012", "plugin p url=oci://reg.example.com/a:1 sha256=0a\n", &[]);
    }
}
