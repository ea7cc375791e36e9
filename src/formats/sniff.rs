//! Which format is this? Told by what stands in the documents.

use crate::model::{Map, Value};
use crate::yaml::{Document, Parsed, Position};

use super::meshery::Version;
use super::{ReadError, ReadErrorKind};

/// What a text holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A Meshery design; only the first document counts.
    Design(Version),
    /// Kubernetes manifests, perhaps among other documents.
    Manifests,
}

/// Tells what the documents are, or what they are instead of something that can be opened.
pub(super) fn content(parsed: &Parsed) -> Result<Content, ReadError> {
    let Some(first) = parsed.documents.first() else {
        return Err(ReadError::new(
            ReadErrorKind::Empty,
            Position::START,
            "there is nothing in this text but blanks and comments",
        ));
    };
    match design_version(&first.value) {
        Some(Ok(version)) => return Ok(Content::Design(version)),
        Some(Err(message)) => {
            let at = first.source.position(&first.value, &["schemaVersion".into()]);
            return Err(ReadError::new(ReadErrorKind::Unsupported, at, message));
        }
        None => {}
    }
    if parsed.documents.iter().any(|document| holds_object(&document.value)) {
        return Ok(Content::Manifests);
    }
    let (kind, message) = describe(first);
    Err(ReadError::new(kind, first.position(), message))
}

/// The schema version of a design; `Err` says in words why this design cannot be opened; `None`: no design.
fn design_version(root: &Value) -> Option<Result<Version, String>> {
    let map = root.as_map()?;
    let schema = map.text("schemaVersion").unwrap_or_default().trim();
    if let Some(version) = schema.strip_prefix(Version::PREFIX) {
        return Some(Version::from_name(version).ok_or_else(|| {
            format!(
                "this is a Meshery design of schema version {version:?}; this program reads v1beta1 and v1beta3. \
                 Open it in Meshery and save it there as v1beta1"
            )
        }));
    }
    let is_list = |key: &str| map.get(key).is_some_and(|value| matches!(value, Value::List(_)));
    let is_object = map.contains_key("apiVersion") && map.contains_key("kind");
    // A number is no schema version, and in JSON one like .nan could only be saved as a text that is none either.
    let is_unsaid = map.get("schemaVersion").is_none_or(Value::is_blank);
    if is_unsaid && !is_object && is_list("components") {
        return Some(Ok(Version::default()));
    }
    None
}

/// Tells whether `value` is an object, or a list with one.
pub(super) fn holds_object(value: &Value) -> bool {
    match value {
        Value::Map(map) => is_object(map),
        Value::List(items) => items.iter().any(|item| item.as_map().is_some_and(is_object)),
        _ => false,
    }
}

/// Tells whether a mapping is a Kubernetes object: it says which `apiVersion` and `kind` it has.
pub(super) fn is_object(map: &Map) -> bool {
    let says = |key: &str| map.text(key).is_some_and(|text| !text.trim().is_empty());
    says("apiVersion") && says("kind")
}

/// What a text is that is neither a design nor a manifest, in words.
fn describe(document: &Document) -> (ReadErrorKind, String) {
    const ASK: &str = "a Meshery design has `components`, a Kubernetes manifest `apiVersion` and `kind`";
    let Some(map) = document.value.as_map() else {
        let what = document.value.kind_name();
        return (
            ReadErrorKind::Unknown,
            format!("this is neither a design nor a manifest, but {what}: {ASK}"),
        );
    };
    let unknown = |what: &str| (ReadErrorKind::Unknown, what.to_owned());
    if let Some(schema) = map.text("schemaVersion").filter(|schema| schema.contains("meshery.io/")) {
        return unknown(&format!("this is a Meshery definition ({schema}), not a design"));
    }
    if let Some(services) = map.get("services").and_then(Value::as_map) {
        let has = |keys: &[&str]| {
            services.iter().any(|(_, service)| keys.iter().any(|key| service.at(&[key]).is_some()))
        };
        if has(&["image", "build"]) && !has(&["settings", "traits"]) {
            return unknown(
                "this is a Docker Compose file; import it in Meshery and export the design there",
            );
        }
        return (
            ReadErrorKind::Unsupported,
            "this is a design of Meshery's old PatternFile format (`services:`), which this program does not read. \
             Open it in Meshery and save it there: it becomes a v1beta1 design"
                .to_owned(),
        );
    }
    if map.contains_key("apiVersion") && map.contains_key("name") && map.contains_key("version") {
        return unknown(
            "this is the description of a Helm chart; render it with `helm template` and open the result",
        );
    }
    (ReadErrorKind::Unknown, format!("this is neither a design nor a manifest: {ASK}"))
}
