//! IMG005: the digest of a module where Istio compares with the manifest of the image.

use super::rule::Rule;
use crate::istio::module_url;
use crate::model::{Diagnostic, Location};
use crate::validate::modules::{ImageSubject, ModuleSubject};
use crate::validate::place_at;

pub(super) const RULE: Rule = Rule::of_module(&["IMG005"], check_module).and_of_image(check_image);

const MESSAGE: &str = "this is the hash of the module; of an image Istio compares the digest of the linux/amd64 manifest: the fetch fails";

fn check_module(subject: &ModuleSubject<'_>, found: &mut Vec<Diagnostic>) {
    let (Ok(module), Some((resource, plugin))) = (subject.fact, subject.plugin) else { return };
    let is_image =
        plugin.url().is_some_and(|url| matches!(module_url::read(url), module_url::Reading::Oci(_)));
    if is_image && plugin.module_text("sha256") == Some(&module.sha256) {
        found.push(finding(place_at(resource, &plugin.module_path("sha256"))));
    }
}

fn check_image(subject: &ImageSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(Ok(module)) = &subject.facts.module else { return };
    if subject.plugin.module_text("sha256") == Some(&module.sha256) {
        found.push(finding(subject.at("sha256")));
    }
}

fn finding(place: Location) -> Diagnostic {
    Diagnostic::new("IMG005", place, MESSAGE)
}
