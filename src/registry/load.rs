//! From the text of a definition file to a neutral tree, and the errors that say where a definition is wrong.

use std::fmt;

use crate::model::{FieldPath, Map, Segment, Value};
use crate::yaml;

/// Why a definition file could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({}{file})", if pointer.is_empty() { String::new() } else { format!("at {pointer} in ") })]
pub struct DefinitionError {
    /// What is wrong.
    pub message: String,
    /// Where in the file, as a JSON Pointer.
    pub pointer: String,
    /// The same as a path.
    pub path: FieldPath,
    /// The name of the file.
    pub file: String,
}

/// Reads one definition file, YAML or JSON, as a neutral tree.
pub(super) fn tree(file: &str, text: &str) -> Result<Value, DefinitionError> {
    let unreadable = |message: String| DefinitionError {
        message,
        pointer: String::new(),
        path: FieldPath::root(),
        file: file.to_owned(),
    };
    let parsed = yaml::parse(text).map_err(|err| unreadable(err.to_string()))?;
    let document = parsed.into_first().ok_or_else(|| unreadable("nothing in it".to_owned()))?;
    Ok(document.value)
}

/// A node of a definition file with the way to it, so that every error names its place.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    file: &'a str,
    above: Option<&'a Self>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Item(usize),
}

impl<'a> Node<'a> {
    pub(super) fn root(file: &'a str, value: &'a Value) -> Self {
        Self { value, file, above: None, step: Step::Root }
    }

    pub(super) fn child(&'a self, key: &'a str, value: &'a Value) -> Self {
        Self { value, file: self.file, above: Some(self), step: Step::Key(key) }
    }

    pub(super) fn item(&'a self, index: usize, value: &'a Value) -> Self {
        Self { value, file: self.file, above: Some(self), step: Step::Item(index) }
    }

    /// The name of the file.
    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    /// Another value in the same place.
    pub(super) fn with<'b>(&self, value: &'b Value) -> Node<'b>
    where
        'a: 'b,
    {
        Node { value, ..*self }
    }

    /// The child under `key`, unless it is absent or null.
    pub(super) fn get(&'a self, key: &'a str) -> Option<Self> {
        let value = self.value.as_map()?.get(key)?;
        (!value.is_null()).then(|| self.child(key, value))
    }

    pub(super) fn path(&self) -> FieldPath {
        let mut segments = Vec::new();
        let mut node = Some(self);
        while let Some(this) = node {
            match this.step {
                Step::Root => {}
                Step::Key(key) => segments.push(Segment::from(key)),
                Step::Item(index) => segments.push(Segment::from(index)),
            }
            node = this.above;
        }
        segments.reverse();
        segments.into()
    }

    pub(super) fn error(&self, message: impl fmt::Display) -> DefinitionError {
        let path = self.path();
        DefinitionError {
            message: message.to_string(),
            pointer: path.to_pointer(),
            path,
            file: self.file.to_owned(),
        }
    }

    pub(super) fn map(&self) -> Result<&'a Map, DefinitionError> {
        self.value.as_map().ok_or_else(|| self.error("must be a mapping"))
    }

    pub(super) fn list(&self) -> Result<&'a [Value], DefinitionError> {
        self.value.as_list().ok_or_else(|| self.error("must be a list"))
    }

    pub(super) fn text(&self) -> Result<&'a str, DefinitionError> {
        self.value.as_text().ok_or_else(|| self.error("must be text"))
    }

    pub(super) fn truth(&self) -> Result<bool, DefinitionError> {
        self.value.as_bool().ok_or_else(|| self.error("must be true or false"))
    }

    pub(super) fn integer(&self) -> Result<i64, DefinitionError> {
        self.value.as_i64().ok_or_else(|| self.error("must be a whole number"))
    }

    pub(super) fn count(&self) -> Result<usize, DefinitionError> {
        let integer = self.integer()?;
        usize::try_from(integer).map_err(|_negative| self.error("must not be negative"))
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, DefinitionError> {
        let items = self.list()?.iter().enumerate();
        items.map(|(index, item)| self.item(index, item).text().map(ToOwned::to_owned)).collect()
    }

    /// The text under `key`; `default` when it is absent.
    pub(super) fn text_or(&self, key: &str, default: &str) -> Result<String, DefinitionError> {
        self.get(key).map_or_else(|| Ok(default.to_owned()), |node| node.text().map(ToOwned::to_owned))
    }

    /// The truth value under `key`; false when it is absent.
    pub(super) fn flag(&self, key: &str) -> Result<bool, DefinitionError> {
        self.get(key).map_or(Ok(false), |node| node.truth())
    }

    /// The child under `key`, which must be there.
    pub(super) fn required(&'a self, key: &'a str) -> Result<Self, DefinitionError> {
        self.get(key).ok_or_else(|| self.error(format_args!("`{key}` is missing")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_types_are_kept() {
        let tree = tree("a.yaml", "b: 1\na: [x, null, true, 1.5]\n").unwrap();
        assert_eq!(tree.as_map().unwrap().keys().collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(tree.at(&["a"]).unwrap().as_list().unwrap()[3].as_f64(), Some(1.5));
    }

    #[test]
    fn an_error_names_file_and_place() {
        let value = tree("a.yaml", "a:\n- b: 1\n").unwrap();
        let root = Node::root("a.yaml", &value);
        let list = root.get("a").unwrap();
        let item = list.item(0, &list.list().unwrap()[0]);
        let err = item.get("b").unwrap().text().unwrap_err();
        assert_eq!(err.to_string(), "must be text (at /a/0/b in a.yaml)");
        assert!(tree("a.yaml", "a: 1\na: 2\n").is_err());
    }
}
