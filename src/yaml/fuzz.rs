//! The body of a fuzz target, as a plain function: tests feed it, a fuzzer can.

use super::{Format, emit, emit_documents, emit_json_compact, parse, parse_bytes};

/// Reads any bytes; what can be read must be the same after writing and reading it again.
///
/// # Panics
/// When it is not the same: that is a bug in this module.
pub fn fuzz_round_trip(bytes: &[u8]) {
    let Ok(parsed) = parse_bytes(bytes) else { return };
    for document in &parsed.documents {
        let text = emit(&document.value, Format::Yaml);
        let again = parse(&text).ok().and_then(super::Parsed::into_first);
        assert!(
            again.as_ref().is_some_and(|again| again.value.identical(&document.value)),
            "{:?} became {text:?} became {again:?}",
            document.value
        );
        // Positions must be answered for every node, and the answers must lie in the text.
        for hazard in document.yaml_1_1_hazards() {
            assert!(document.value.get(&hazard.path).is_some(), "{hazard:?}");
        }
        for json in [emit(&document.value, Format::Json), emit_json_compact(&document.value)] {
            // JSON has fewer kinds of numbers, so that only what JSON wrote must come back as it is.
            let once = super::json::parse(&json).ok().and_then(super::Parsed::into_first);
            let twice = once.as_ref().map(|once| emit(&once.value, Format::Json));
            assert_eq!(twice, Some(emit(&document.value, Format::Json)), "{json}");
        }
    }
    let values: Vec<_> = parsed.documents.into_iter().map(|document| document.value).collect();
    let together = emit_documents(&values);
    let again: Option<Vec<_>> = parse(&together)
        .ok()
        .map(|parsed| parsed.documents.into_iter().map(|document| document.value).collect());
    assert!(
        again.is_some_and(
            |again| again.len() == values.len() && again.iter().zip(&values).all(|(a, b)| a.identical(b))
        ),
        "{values:?} became {together:?}"
    );
}
