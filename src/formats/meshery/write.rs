//! From a design to its text.

use crate::model::Design;
use crate::yaml::{self, Format};

/// Emits the whole design anew. The same design gives the same bytes, and reading them gives an equal design.
///
/// The schema version is the one that the design says; comments and anchors of the text that was opened are gone
/// (see [`crate::yaml::Losses`]).
pub fn write(design: &Design, format: Format) -> String {
    yaml::emit(&design.to_tree(), format)
}
