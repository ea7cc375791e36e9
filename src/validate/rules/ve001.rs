//! VE001: the design is for a version of Istio that this program knows nothing of yet.

use super::rule::Rule;
use crate::istio::Version;
use crate::model::{Diagnostic, FieldPath, Location};
use crate::validate::Context;

pub(super) const RULE: Rule = Rule::of_design(&["VE001"], check);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let version = context.mesh.version;
    if version > Version::NEWEST {
        let newest = Version::NEWEST;
        let message =
            format!("Istio {version} is newer than the facts of this program, which end with {newest}");
        // The version may come from the command line or the project's file: the design's own field is not to blame then.
        let is_own = context.design.istio_version().and_then(|text| text.parse().ok()) == Some(version);
        let own: &[&str] = if is_own { &["metadata", "billfold", "istioVersion"] } else { &[] };
        let location = Location { path: FieldPath::keys(own), ..Location::design() };
        found.push(Diagnostic::new("VE001", location, message));
    }
}
