//! WP009: a sha256 that is not 64 lower-case hexadecimal digits.

use super::super::at;
use crate::model::{Diagnostic, Edit, FieldPath};
use crate::validate::Context;

pub(super) fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for resource in context.plugins() {
        let Some(value) = resource.configuration.get("spec").and_then(|spec| spec.at(&["sha256"])) else {
            continue;
        };
        let Some(digest) = value.as_text() else { continue };
        if digest.is_empty() || is_digest(digest) {
            continue;
        }
        let message = "sha256 must be 64 hexadecimal digits in lower case, without a prefix";
        let mut finding = Diagnostic::new("WP009", at(resource, &["spec", "sha256"]), message);
        let mended = digest.trim().trim_start_matches("sha256:").to_ascii_lowercase();
        if is_digest(&mended) {
            let (id, path) = resource.source_of(&FieldPath::keys(&["spec", "sha256"]));
            finding = finding.with_fix("Write the digits alone", vec![Edit::set(id, path, mended)]);
        }
        found.push(finding);
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    const DIGEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn a_digest_is_64_lower_case_digits() {
        check(
            "WP009",
            &format!("plugin a url=x sha256={DIGEST}\nplugin b url=x sha256=zz\n"),
            &["b /configuration/spec/sha256"],
        );
        let upper = DIGEST.to_uppercase();
        assert_eq!(
            fixes("WP009", &format!("plugin a url=x sha256=sha256:{upper}\n")),
            ["Write the digits alone"]
        );
    }
}
