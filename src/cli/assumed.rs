//! What is assumed about the mesh: the options of every subcommand that checks.

use clap::Args;

use crate::istio::{Version, is_namespace_name};
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

/// Reads the name of a namespace.
fn namespace(text: &str) -> Result<String, String> {
    if is_namespace_name(text) {
        return Ok(text.to_owned());
    }
    Err("a namespace has at most 63 lower-case letters, digits and '-', and a letter or digit at both ends"
        .to_owned())
}
