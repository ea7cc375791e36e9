//! Aliases: components that stand for a part of another, and have there what they give.

use billfold::model::{ComponentId, FieldPath, Segment, Value};

use super::document::{Document, at};

/// Where a component has what a reference of it names: itself, or as an alias in its parent, as long as that is there.
pub(crate) fn home(document: &Document, id: ComponentId, reference: &FieldPath) -> (ComponentId, FieldPath) {
    let below = reference.split_first().filter(|(first, _)| first.as_key() == Some("configuration"));
    match (entry(document, id), below) {
        (Some((parent, path)), Some((_, below))) if document.component(parent).is_some() => {
            let root = document.component(parent).unwrap_or(&Value::Null);
            (parent, with_indices(root, path.iter().chain(below)))
        }
        _ => (id, reference.clone()),
    }
}

/// The parent of an alias, and the path in it; `None`: it is none, or nobody can read what is said of it.
fn entry(document: &Document, id: ComponentId) -> Option<(ComponentId, FieldPath)> {
    let entries = at(&document.head, "metadata.resolvedAliases")?.as_map()?;
    // Of two entries that mean the same component the last is the one, as with keys that are repeated.
    let mut found = None;
    for (_, entry) in entries.iter().filter(|(key, _)| ComponentId::from_text(key) == Some(id)) {
        found = read(entry).or(found);
    }
    found
}

fn read(entry: &Value) -> Option<(ComponentId, FieldPath)> {
    let parent = ComponentId::from_text(at(entry, "resolvedParentId")?.as_text()?)?;
    let mut path = FieldPath::root();
    for segment in at(entry, "resolvedRefFieldPath")?.as_list()? {
        path.push(match segment {
            Value::Text(key) => Segment::from(key.as_str()),
            other => Segment::from(usize::try_from(other.as_i64()?).ok()?),
        });
    }
    Some((parent, path))
}

/// A number that leads into a list is an index there, however it is written.
fn with_indices<'a>(root: &Value, segments: impl Iterator<Item = &'a Segment>) -> FieldPath {
    let mut path = FieldPath::root();
    for segment in segments {
        let number = segment.as_key().and_then(|key| key.parse::<usize>().ok());
        match (root.get(&path), number) {
            (Some(Value::List(_)), Some(index)) => path.push(index),
            _ => path.push(segment.clone()),
        }
    }
    path
}
