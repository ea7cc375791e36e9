//! Paths into a value tree.
//!
//! A path is a list of segments, never a dotted string: keys may hold any character.

use std::fmt;
use std::ops::Deref;

use super::configuration::Value;

/// One step into a tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// Into a mapping.
    Key(String),
    /// Into a list, from 0.
    Index(usize),
}

impl Segment {
    /// The key, if this is one.
    pub fn as_key(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Index(_) => None,
        }
    }
}

impl From<&str> for Segment {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A place in a value tree. The empty path is the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath(Vec<Segment>);

impl FieldPath {
    /// The root.
    pub const fn root() -> Self {
        Self(Vec::new())
    }

    /// A path of keys.
    pub fn keys(keys: &[&str]) -> Self {
        Self(keys.iter().map(|key| Segment::from(*key)).collect())
    }

    /// This path, one step deeper.
    #[must_use]
    pub fn child(&self, segment: impl Into<Segment>) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment.into());
        Self(segments)
    }

    /// This path with `rest` behind it.
    #[must_use]
    pub fn join(&self, rest: &[Segment]) -> Self {
        let mut segments = self.0.clone();
        segments.extend_from_slice(rest);
        Self(segments)
    }

    /// Adds a step in place.
    pub fn push(&mut self, segment: impl Into<Segment>) {
        self.0.push(segment.into());
    }

    /// Takes the last step away in place.
    pub fn pop(&mut self) -> Option<Segment> {
        self.0.pop()
    }

    /// The path of the node that holds this one; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, parent) = self.0.split_last()?;
        Some(Self(parent.to_vec()))
    }

    /// The segments.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// What is left of this path behind the keys `prefix`.
    pub fn strip_keys(&self, prefix: &[&str]) -> Option<&[Segment]> {
        (self.starts_with_keys(prefix)).then(|| &self.0[prefix.len()..])
    }

    /// Tells whether the path begins with these keys.
    pub fn starts_with_keys(&self, prefix: &[&str]) -> bool {
        self.0.len() >= prefix.len()
            && self.0.iter().zip(prefix).all(|(segment, key)| segment.as_key() == Some(*key))
    }

    /// Tells whether the path is exactly these keys.
    pub fn is_keys(&self, keys: &[&str]) -> bool {
        self.0.len() == keys.len() && self.starts_with_keys(keys)
    }

    /// The JSON Pointer (RFC 6901) of this path: `/spec/match/0/mode`, `""` for the root.
    pub fn to_pointer(&self) -> String {
        pointer(&self.0)
    }

    /// Reads a JSON Pointer against `root`, which tells list indices from keys that look like numbers.
    pub fn from_pointer(pointer: &str, root: &Value) -> Self {
        let mut path = Self::root();
        let mut node = Some(root);
        for part in pointer.split('/').skip(1) {
            let key = part.replace("~1", "/").replace("~0", "~");
            let segment = match (node, key.parse::<usize>()) {
                (Some(Value::List(_)), Ok(index)) => Segment::Index(index),
                _ => Segment::Key(key),
            };
            node = node.and_then(|value| value.get(std::slice::from_ref(&segment)));
            path.push(segment);
        }
        path
    }
}

/// The JSON Pointer of some segments.
pub fn pointer(segments: &[Segment]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for segment in segments {
        text.push('/');
        match segment {
            Segment::Key(key) => text.push_str(&key.replace('~', "~0").replace('/', "~1")),
            Segment::Index(index) => {
                // Writing to a String cannot fail.
                let _infallible = write!(text, "{index}");
            }
        }
    }
    text
}

impl Deref for FieldPath {
    type Target = [Segment];

    fn deref(&self) -> &[Segment] {
        &self.0
    }
}

impl From<Vec<Segment>> for FieldPath {
    fn from(segments: Vec<Segment>) -> Self {
        Self(segments)
    }
}

impl From<&[Segment]> for FieldPath {
    fn from(segments: &[Segment]) -> Self {
        Self(segments.to_vec())
    }
}

impl From<Segment> for FieldPath {
    fn from(segment: Segment) -> Self {
        Self(vec![segment])
    }
}

impl From<String> for Segment {
    fn from(key: String) -> Self {
        Self::Key(key)
    }
}

/// Shown to people: `spec.match[0].mode`; keys that would be ambiguous stand in quotes.
impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) if key.contains(['.', '[', ' ', '"']) || key.is_empty() => {
                    write!(f, "[{key:?}]")?;
                }
                Segment::Key(key) if i == 0 => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_and_read_back() {
        let tree = Value::from([("a/b", Value::List(vec![Value::from([("~", Value::Null)])]))]);
        let path = FieldPath::from(vec!["a/b".into(), 0.into(), "~".into()]);
        assert_eq!(path.to_pointer(), "/a~1b/0/~0");
        assert_eq!(FieldPath::from_pointer("/a~1b/0/~0", &tree), path);
        assert!(tree.get(&path).is_some());
    }

    #[test]
    fn display_quotes_what_would_be_ambiguous() {
        let path = FieldPath::from(vec!["metadata".into(), "a.b".into(), 3.into()]);
        assert_eq!(path.to_string(), "metadata[\"a.b\"][3]");
    }
}
