//! WP012: an image named by a tag can be another one tomorrow.

use super::super::at;
use crate::istio::module_url;
use crate::model::Diagnostic;
use crate::validate::Context;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.plugins() {
        let Some(spec) = resource.configuration.get("spec") else { continue };
        let Some(url) = spec.text_at(&["url"]) else { continue };
        let module_url::Reading::Oci(image) = module_url::read(url) else { continue };
        let (tag, is_pinned) = module_url::tag_and_digest(image);
        let has_digest = spec.text_at(&["sha256"]).is_some_and(|digest| !digest.is_empty());
        if is_pinned || has_digest {
            continue;
        }
        let what = match tag {
            Some(tag) => format!("tag {tag} is mutable"),
            None => "without a tag the image is mutable".to_owned(),
        };
        let message = format!("{what}: pin the manifest's digest with @sha256:… or in sha256");
        found.push(Diagnostic::new("WP012", at(resource, &["spec", "url"]), message));
    }
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
