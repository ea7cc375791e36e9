//! Files with a fixed shape (definitions, settings) read straight into Rust types.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::source_map::Position;
use super::{MAX_BYTES, ParseError, ParseErrorKind};

/// Reads one YAML (or JSON) document as a `T`.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, ParseError> {
    if text.len() > MAX_BYTES {
        let message = format!("this text is larger than {} MiB", MAX_BYTES / 1024 / 1024);
        return Err(ParseError::new(ParseErrorKind::TooLarge, Position::START, message));
    }
    serde_yaml::from_str(text).map_err(|err| {
        let position = err.location().map_or(Position::START, |location| Position {
            line: u32::try_from(location.line()).unwrap_or(u32::MAX),
            column: u32::try_from(location.column()).unwrap_or(u32::MAX),
        });
        let mut message = err.to_string();
        // The position is said by our own error.
        if let Some(location) = err.location() {
            let suffix = format!(" at line {} column {}", location.line(), location.column());
            message = message.replace(&suffix, "");
        }
        ParseError::new(ParseErrorKind::Type, position, message)
    })
}

/// Writes a value of a Rust type as YAML.
///
/// For our own files only: strings are quoted by the rules of YAML 1.2, not by those of [`super::emit`].
pub fn to_string<T: Serialize>(value: &T) -> Result<String, ParseError> {
    serde_yaml::to_string(value)
        .map_err(|err| ParseError::new(ParseErrorKind::Type, Position::START, err.to_string()))
}
