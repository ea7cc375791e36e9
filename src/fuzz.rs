//! Entry points for a fuzzer: any bytes in; a panic is a broken promise of this program.
//!
//! The targets under `fuzz/` call these, and the tests feed them every fixture.

use crate::formats::{self, ExportOptions, OpenOptions, meshery};
use crate::model::Design;
use crate::policy;
use crate::registry::Registry;
use crate::yaml::{self, Format};

/// Reads `bytes` as YAML or JSON; what can be read is the same after writing and reading it again.
pub fn yaml(bytes: &[u8]) {
    yaml::fuzz_round_trip(bytes);
}

/// Opens `bytes` as a design or imports them as manifests; what opens is the same after saving and opening it again.
///
/// # Panics
/// When it is not the same, or cannot be opened any more.
pub fn open(bytes: &[u8]) {
    let Some(design) = opened(bytes) else { return };
    for format in [Format::Yaml, Format::Json] {
        let text = meshery::write(&design, format);
        let again = formats::open(text.as_bytes());
        let saved = again.as_ref().map(|again| meshery::write(&again.design, format));
        assert_eq!(saved.as_ref(), Ok(&text), "a second save differs");
    }
}

/// Opens `bytes`, evaluates and exports; evaluating again changes nothing, and neither depends on chance.
///
/// # Panics
/// When a second evaluation changes something, or the same design gives another export.
pub fn evaluate(bytes: &[u8]) {
    let Some(design) = opened(bytes) else { return };
    let registry = Registry::builtin();
    let (once, _) = policy::evaluated(&design, &registry, true);
    let (twice, _) = policy::evaluated(&once, &registry, true);
    let text = meshery::write(&once, Format::Yaml);
    assert_eq!(meshery::write(&twice, Format::Yaml), text, "a second evaluation changes the design");
    let export =
        |design| formats::export(design, &registry, &[], ExportOptions { with_secrets: true }).text();
    assert_eq!(export(&once), export(&twice), "two exports of one design differ");
}

fn opened(bytes: &[u8]) -> Option<Design> {
    let options = OpenOptions { make_filters: true };
    formats::open_with(bytes, &Registry::builtin(), options).ok().map(|opened| opened.design)
}
