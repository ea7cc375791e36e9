//! Text to designs and back: Meshery designs, plain Kubernetes manifests, and the export.
//!
//! What a text is is told by its content, never by its name. Nothing is ever silently empty: a text that is none of
//! these is an error that says what it is instead, with line and column. No IO.

pub mod export;
pub mod fragment;
mod import;
mod manifest;
pub mod meshery;
mod positions;
mod previous;
mod sniff;

use std::sync::Arc;

use crate::model::{Design, Diagnostic};
use crate::registry::Registry;
use crate::yaml::{self, Document, Format, Losses, ParseError, ParseErrorKind, Position};

pub use export::{Blocked, Export, ExportOptions, ExportedObject, Withheld, export};
pub use import::{ImportOptions, ImportReport, ImportedObject, Outcome, import};
pub use positions::Positions;
pub use previous::{ObjectRef, no_longer_exported, objects_in};

/// A text that was read.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The design: what the file holds, or what was made of its manifests. Not evaluated.
    pub design: Design,
    /// What the text was.
    pub origin: Origin,
    /// Where things stand in the text.
    pub positions: Positions,
    /// What was noticed while reading: parts that were not understood (FM003), scalars that `kubectl` takes for another
    /// type (DS011).
    pub findings: Vec<Diagnostic>,
}

/// What a text was.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A Meshery design.
    Design(DesignOrigin),
    /// Kubernetes manifests.
    Manifests {
        /// What became of each object.
        report: ImportReport,
    },
}

/// The text that a design was read from.
#[derive(Clone, Debug)]
pub struct DesignOrigin {
    /// The schema version, kept on save.
    pub version: meshery::Version,
    /// YAML or JSON, kept on save.
    pub format: Format,
    /// The bytes that were read: what a save of the unedited design writes.
    pub bytes: Arc<[u8]>,
    /// What emitting the design anew would lose.
    pub losses: Losses,
}

impl Opened {
    /// Tells whether this was a design, not manifests.
    pub fn is_design(&self) -> bool {
        matches!(self.origin, Origin::Design(_))
    }
}

/// How to read what is no design.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// Make a filter of each plugin's module (`policy.md`, step 3). An import does, a check does not.
    pub make_filters: bool,
}

/// What kind of obstacle a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadErrorKind {
    /// The text is no YAML and no JSON, or beyond the limits of what is read.
    Text(ParseErrorKind),
    /// A template (Helm, Go, Jinja) that has to be rendered first.
    Template,
    /// Nothing in it, or only comments.
    Empty,
    /// A known format that this program does not read: an older or newer design, a Compose file, …
    Unsupported,
    /// Neither a design nor an object with `apiVersion` and `kind`.
    Unknown,
}

/// Why a text could not be opened, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {}, column {}: {message}", position.line, position.column)]
pub struct ReadError {
    /// What is wrong and what to do, for people.
    pub message: String,
    /// Where.
    pub position: Position,
    /// What kind of obstacle it is.
    pub kind: ReadErrorKind,
}

impl ReadError {
    fn new(kind: ReadErrorKind, position: Position, message: impl Into<String>) -> Self {
        Self { message: message.into(), position, kind }
    }
}

impl From<ParseError> for ReadError {
    fn from(err: ParseError) -> Self {
        let kind = match err.kind {
            ParseErrorKind::Template => ReadErrorKind::Template,
            kind => ReadErrorKind::Text(kind),
        };
        Self { position: err.position(), message: err.message, kind }
    }
}

/// Reads a design, a design fragment or manifests; manifests become a design without filters of its own making.
///
/// See [`open_with`] for an import.
pub fn open(bytes: &[u8]) -> Result<Opened, ReadError> {
    open_with(bytes, &Registry::builtin(), OpenOptions::default())
}

/// What a text holds, before anything is made of it.
#[derive(Clone, Debug)]
pub enum Content {
    /// A Meshery design.
    Design,
    /// Documents with Kubernetes objects, perhaps among others.
    Manifests(Vec<Document>),
}

/// Tells what a text holds, and hands out its documents if they are manifests, to be joined with those of other texts.
pub fn content(bytes: &[u8]) -> Result<Content, ReadError> {
    let parsed = yaml::parse_bytes(bytes)?;
    Ok(match sniff::content(&parsed)? {
        sniff::Content::Design(_) => Content::Design,
        sniff::Content::Manifests => Content::Manifests(parsed.documents),
    })
}

/// Makes a design of the documents of one or several texts.
pub fn open_manifests(documents: Vec<Document>, registry: &Registry, options: OpenOptions) -> Opened {
    let options = ImportOptions { make_filters: options.make_filters, ..ImportOptions::default() };
    import::opened(documents, registry, &options)
}

/// Reads a design, a design fragment or manifests.
pub fn open_with(bytes: &[u8], registry: &Registry, options: OpenOptions) -> Result<Opened, ReadError> {
    let parsed = yaml::parse_bytes(bytes)?;
    match sniff::content(&parsed)? {
        sniff::Content::Design(version) => Ok(meshery::opened(bytes, parsed, version)),
        sniff::Content::Manifests => Ok(open_manifests(parsed.documents, registry, options)),
    }
}

#[cfg(test)]
mod tests;
