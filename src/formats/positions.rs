//! Where components, relationships and their fields stand in the text that was opened.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{ComponentId, Design, FieldPath, Segment, Subject};
use crate::wallet::ModuleField;
use crate::yaml::{Document, Position, SourceMap};

/// Knows line and column of everything in the text that was opened; of what a patch added, its nearest parent.
///
/// It stays valid while the design is edited, and always means the text as it was read. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Positions(Source);

#[derive(Clone, Debug)]
enum Source {
    None,
    Design(Arc<(Design, SourceMap)>),
    Manifests { documents: Arc<Vec<Document>>, places: Arc<Places> },
}

/// Which object each component was made of.
pub(super) type Places = IndexMap<ComponentId, Place, foldhash::fast::FixedState>;

/// The object that a component was made of.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Index of the document.
    pub document: usize,
    /// Path of the object in its document.
    pub path: FieldPath,
    /// The component is the filter made of the object's module.
    pub is_filter: bool,
}

impl Positions {
    /// For a design that was not read from a text.
    pub fn none() -> Self {
        Self(Source::None)
    }

    pub(super) fn of_design(as_read: Design, source: SourceMap) -> Self {
        Self(Source::Design(Arc::new((as_read, source))))
    }

    pub(super) fn of_manifests(documents: Vec<Document>, places: Places) -> Self {
        Self(Source::Manifests { documents: Arc::new(documents), places: Arc::new(places) })
    }

    /// Where the value at `path` of `subject` stands, or its nearest parent that exists; `None` when the subject was
    /// not in the text.
    ///
    /// Of manifests, a path of the design as a whole begins with the index of a document.
    pub fn position(&self, subject: Subject, path: &[Segment]) -> Option<Position> {
        match &self.0 {
            Source::None => None,
            Source::Design(read) => in_design(&read.0, &read.1, subject, path),
            Source::Manifests { documents, places } => match subject {
                Subject::Design => in_documents(documents, path),
                Subject::Component(id) => {
                    places.get(&id).and_then(|place| in_manifest(documents, place, path))
                }
                Subject::Relationship(_) => None,
            },
        }
    }

    /// The document and the path in it of a field of an object that manifests hold; `None` for what has no place there.
    pub fn in_document(&self, subject: Subject, path: &[Segment]) -> Option<(usize, FieldPath)> {
        let (Source::Manifests { places, .. }, Subject::Component(id)) = (&self.0, subject) else {
            return None;
        };
        let place = places.get(&id).filter(|place| !place.is_filter)?;
        let field = object_field(path);
        (!field.is_empty()).then(|| (place.document, place.path.join(&field)))
    }

    /// Index of the document in which `subject` stands, for a design that was made of several.
    pub fn document(&self, subject: Subject, path: &[Segment]) -> Option<usize> {
        let Source::Manifests { places, .. } = &self.0 else { return None };
        match (subject, path.first()) {
            (Subject::Component(id), _) => places.get(&id).map(|place| place.document),
            (Subject::Design, Some(Segment::Index(document))) => Some(*document),
            _ => None,
        }
    }
}

fn in_design(design: &Design, source: &SourceMap, subject: Subject, path: &[Segment]) -> Option<Position> {
    let (list, index, tree) = match subject {
        Subject::Design => return Some(source.position(design.head(), path)),
        Subject::Component(id) => ("components", design.component_index(id)?, design.component(id)?.tree()),
        Subject::Relationship(id) => {
            ("relationships", design.relationship_index(id)?, design.relationship(id)?.tree())
        }
    };
    let list = design.head().as_map()?.place_of(list)?;
    Some(source.position_below(&[list, index], tree, path))
}

fn in_documents(documents: &[Document], path: &[Segment]) -> Option<Position> {
    let (document, below) = match path.split_first() {
        Some((Segment::Index(document), below)) => (documents.get(*document)?, below),
        _ => (documents.first()?, path),
    };
    Some(document.source.position(&document.value, below))
}

fn in_manifest(documents: &[Document], place: &Place, path: &[Segment]) -> Option<Position> {
    let document = documents.get(place.document)?;
    let in_object = if place.is_filter { filter_field(path) } else { object_field(path) };
    Some(document.source.position(&document.value, &place.path.join(&in_object)))
}

/// The field of an object that gives a field of its component.
fn object_field(path: &[Segment]) -> FieldPath {
    let keys: Vec<&str> = path.iter().map_while(Segment::as_key).collect();
    match keys.as_slice() {
        ["configuration", ..] => path[1..].into(),
        ["component", "kind", ..] => FieldPath::keys(&["kind"]),
        ["component", "version", ..] => FieldPath::keys(&["apiVersion"]),
        ["displayName", ..] => FieldPath::keys(&["metadata", "name"]),
        _ => FieldPath::root(),
    }
}

/// The field of a plugin that gives a field of the filter made of its module.
fn filter_field(path: &[Segment]) -> FieldPath {
    let key = path.get(1).and_then(Segment::as_key);
    match ModuleField::ALL.into_iter().find(|field| Some(field.filter_key()) == key) {
        Some(field) => FieldPath::keys(&["spec", field.plugin_key()]).join(&path[2..]),
        None => FieldPath::keys(&["spec", ModuleField::Url.plugin_key()]),
    }
}
