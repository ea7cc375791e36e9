//! What is assumed about the mesh: the options of every subcommand that checks.

use clap::Args;

use crate::istio::Version;
use crate::validate::Options;

/// What to assume about the mesh.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What to assume about the mesh")]
pub(super) struct Assumed {
    /// The version of Istio to check for, such as 1.30; that of the design unless it is given, else the newest that is
    /// known.
    #[arg(long, value_name = "VERSION")]
    target: Option<Version>,
    /// The namespace whose resources count for all namespaces; istio-system unless it is given.
    #[arg(long, value_name = "NAMESPACE", value_parser = namespace)]
    root_namespace: Option<String>,
}

impl Assumed {
    /// The options of a check.
    pub(super) fn options(&self) -> Options {
        let (target, root_namespace) = (self.target, self.root_namespace.clone());
        Options { target, root_namespace, ..Options::default() }
    }
}

/// Reads the name of a namespace: an RFC 1123 label.
fn namespace(text: &str) -> Result<String, String> {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_inner = |c: char| is_letter(c) || c == '-';
    let is_label = text.starts_with(is_letter) && text.ends_with(is_letter) && text.chars().all(is_inner);
    if is_label && text.len() <= 63 {
        return Ok(text.to_owned());
    }
    Err("a namespace has at most 63 lower-case letters, digits and '-', and a letter or digit at both ends"
        .to_owned())
}

#[cfg(test)]
mod tests {
    use super::namespace;

    #[test]
    fn namespaces_are_labels() {
        for (text, is_one) in [
            ("istio-system", true),
            ("a", true),
            ("", false),
            ("-a", false),
            ("a-", false),
            ("a.b", false),
            ("A", false),
        ] {
            assert_eq!(namespace(text).is_ok(), is_one, "{text}");
        }
        assert!(namespace(&"a".repeat(64)).is_err());
    }
}
