//! Bytes that a manifest carries as text.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// As Go's decoder: padded, and deaf to line breaks.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// The bytes of `text`, which is base64 as Kubernetes takes it in `binaryData`; `None` when it is not.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    if text.contains(['\n', '\r']) {
        let text: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
        return ENGINE.decode(text).ok();
    }
    ENGINE.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_do_not_matter_and_padding_does() {
        assert_eq!(from_base64("AGFzbQ==").as_deref(), Some(&b"\0asm"[..]));
        assert_eq!(from_base64("AGFz\nbQ==\n").as_deref(), Some(&b"\0asm"[..]));
        assert_eq!(from_base64("").as_deref(), Some(&b""[..]));
        for wrong in ["AGFzbQ", "AGFz bQ==", "AGFzbQ=", "AGF-bQ=="] {
            assert_eq!(from_base64(wrong), None, "{wrong}");
        }
    }
}
