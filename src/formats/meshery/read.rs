//! From a parsed text to a design.

use std::sync::Arc;

use crate::model::{Design, Diagnostic, Location};
use crate::yaml::Parsed;

use super::super::positions::Positions;
use super::super::{DesignOrigin, Opened, Origin};
use super::Version;

/// The schema version that a design is saved in: the one it was opened in, v1beta1 for one that says nothing.
pub fn version_of(design: &Design) -> Version {
    let schema = design.head().text_at(&["schemaVersion"]).unwrap_or_default().trim();
    schema.strip_prefix(Version::PREFIX).and_then(Version::from_name).unwrap_or_default()
}

/// Makes a design of the first document.
pub(in super::super) fn opened(bytes: &[u8], parsed: Parsed, version: Version) -> Opened {
    let (format, losses) = (parsed.format, parsed.losses);
    let mut documents = parsed.documents.into_iter();
    let (design, positions) = match documents.next() {
        Some(document) => {
            let design = Design::from_tree(document.value);
            let positions = Positions::of_design(design.clone(), document.source);
            (design, positions)
        }
        None => (Design::default(), Positions::none()),
    };
    let findings = documents
        .next()
        .map(|further| {
            let at = further.position();
            let message = format!(
                "only the first document is read: the one from line {} on is no part of the design",
                at.line
            );
            Diagnostic::new("FM003", Location::design(), message)
        })
        .into_iter()
        .collect();
    let origin = Origin::Design(DesignOrigin { version, format, bytes: Arc::from(bytes), losses });
    Opened { design, origin, positions, findings }
}
