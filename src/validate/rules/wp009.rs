//! WP009: a sha256 that is not 64 lower-case hexadecimal digits.

use super::rule::Rule;
use crate::model::Diagnostic;
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP009"], check);

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let Some(digest) = plugin.module_text("sha256") else { return };
    if is_digest(digest) {
        return;
    }
    let path = plugin.module_path("sha256");
    let message = "sha256 must be 64 hexadecimal digits in lower case, without a prefix";
    let mut finding = Diagnostic::new("WP009", resource.at_path(&path), message);
    let mended = digest.trim().trim_start_matches("sha256:").to_ascii_lowercase();
    if is_digest(&mended) {
        finding = finding.with_fix("Write the digits alone", vec![resource.set(&path, mended)]);
    }
    found.push(finding);
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
