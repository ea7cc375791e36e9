//! IMG004: a pin on an image index; Istio compares it with the manifest of linux/amd64, so that it never fits.

use super::rule::Rule;
use crate::istio::module_url;
use crate::model::Diagnostic;
use crate::validate::modules::ImageSubject;

pub(super) const RULE: Rule = Rule::of_image(&["IMG004"], check);

fn check(subject: &ImageSubject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(index) = subject.facts.index_digest.as_deref() else { return };
    let (field, pinned) = match subject.plugin.module_text("sha256") {
        Some(digest) => ("sha256", Some(format!("sha256:{digest}"))),
        None => ("url", subject.plugin.url().and_then(module_url::digest).map(str::to_owned)),
    };
    if pinned.as_deref() != Some(index) {
        return;
    }
    let right = subject.facts.manifest.as_ref().map_or(String::new(), |it| format!(", {}", it.digest));
    let message = format!(
        "this is the digest of an image index, and no image has it: pin the linux/amd64 manifest{right}"
    );
    let mut finding = Diagnostic::new("IMG004", subject.at(field), message);
    if let Some(manifest) = &subject.facts.manifest {
        let path = subject.plugin.module_path(field);
        let (component, path) = subject.resource.source_of(&path);
        let value = match field {
            "sha256" => manifest.digest.trim_start_matches("sha256:").to_owned(),
            _ => subject.plugin.url().unwrap_or_default().replace(index, &manifest.digest),
        };
        let edit = crate::model::Edit::set(component, path, value);
        finding = finding.with_fix("Pin the linux/amd64 manifest", vec![edit]);
    }
    found.push(finding);
}
